"""What workers do for cases: state what the content is, tell which sites a change reaches, check cases again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from zoning.check import Examination, Refusal, check_sites
from zoning.errors import ZoningError
from zoning.replay import read_verdict, site_of_verdict
from zoning.rules.facts import parse_facts
from zoning.rules.verdict import Verdict
from zoning.settings import settings_digest

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.planning.compare.verdict_diff import RegisteredSite
    from zoning.web.workers.tasks import Kept
    from zoning.workspace import Workspace

_NOWHERE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Read:
    """A stored verdict where an examination is wanted: only the verdict is looked at."""

    verdict: Verdict


def content(kept: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """State what verdicts of today rest on.

    Parameters
    ----------
    told
        `on`: day.

    Returns
    -------
    dict
        `digests`: as in a verdict, without that of the site; `turns`: the days on which an edition, a rule or a
        document begins or ends, ascending.
    """
    on = date.fromisoformat(told["on"])
    workspace = kept.workspace
    return {"digests": _digests(workspace, kept.source, on), "turns": [day.isoformat() for day in _turns(workspace)]}


def _digests(workspace: "Workspace", source: "LayerSource", on: date) -> dict[str, Any]:
    from zoning.rules.assemble import PROGRAM

    layers = workspace.catalogue.layers
    held = {name: source.layer(name, on=on, bounds=_NOWHERE) for name in layers}
    return {
        "layers": {name: getattr(layer, "sha256", None) for name, layer in held.items()},
        "definitions": {name: source.definition_sha256(name) for name in layers},
        "rules": workspace.rulebook.sha256,
        "workspace": settings_digest(workspace.settings, workspace.catalogue),
        "program": PROGRAM,
    }


def _turns(workspace: "Workspace") -> list[date]:
    """Return all days that content names, and those after them: what is dated may come out otherwise from then on."""
    book = workspace.rulebook
    parts = (
        workspace.catalogue.layers,
        book.rules,
        book.documents,
        book.complete_from,
        book.access_lists.editions,
        book.lists,
        book.vocabulary,
    )
    named = {day for part in parts for day in _days(part)}
    return sorted(named | {day + timedelta(1) for day in named if day != date.max})


def _days(value: object) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _days(getattr(value, name))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _days(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _days(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _days(one)


def reached(kept: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """Tell which sites can come out otherwise than in an earlier state of the workspace.

    Parameters
    ----------
    told
        `on`; `before`: the earlier workspace; `digests`: what is known of it; `sites`: `key`, `document` (path of the
        verdict), `facts`.

    Returns
    -------
    dict
        `keys` of the sites; `everywhere`: why all of them are meant (zh, en), empty where it can be told.
    """
    from zoning.advice.ground import Content
    from zoning.planning.compare.affected import differences
    from zoning.planning.compare.verdict_diff import affected_sites

    on = date.fromisoformat(told["on"])
    before: Workspace = told["before"]
    source = before.source()
    keys = [one["key"] for one in told["sites"]]
    if _digests(before, source, on) != told["digests"]:
        # Its files are not as they were: what has changed cannot be told from them.
        return {"keys": keys, "everywhere": [{"zh": "原有数据文件已改变", "en": "the former data files have changed"}]}
    sides: list[Content] = [
        Content(on=on, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings, source=s)
        for w, s in ((before, source), (kept.workspace, kept.source))
    ]
    found = differences(*sides)
    sites = [_registered(number, one) for number, one in enumerate(told["sites"], 1)]
    return {
        "keys": [keys[place] for place in affected_sites(sites, found, sides[1])],
        "everywhere": [text.plain() for text in found.everywhere],
    }


def _registered(number: int, told: Mapping[str, Any]) -> "RegisteredSite":
    from zoning.planning.compare.verdict_diff import RegisteredSite

    return RegisteredSite(number, site_of_verdict(_verdict(told)), told["facts"])


def _verdict(told: Mapping[str, Any]) -> Verdict:
    path = Path(told["document"])
    return read_verdict(path.read_text(encoding="utf-8"), path.name)


def recheck(kept: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """Check the sites of earlier verdicts with the facts and the law of a day.

    The site is that of the verdict's trace, to the last bit. The new verdict is written to `<place>.json`.

    Parameters
    ----------
    told
        `on`; `sites`: `key`, `document` (path of the earlier verdict), `facts`; `root`: another workspace than the
        kept one, to see what would come of it.

    Returns
    -------
    dict
        `results`: `key`, and either `file`, `decision`, `site`, `digests`, `changes` or `error` (zh, en), `changes`.
    """
    on = date.fromisoformat(told["on"])
    workspace, source = _opened(kept, told.get("root"))
    olds, asked, results = [], [], []
    for one in told["sites"]:
        old = _verdict(one)
        try:
            facts = parse_facts(workspace.rulebook.vocabulary, one["facts"], "facts")
        except ZoningError as error:
            results.append({"key": one["key"], **_refused(error), "changes": _no_verdict(old)})
            continue
        olds.append((one["key"], old))
        asked.append((site_of_verdict(old), facts))
    found = check_sites(
        asked,
        on=on,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=source,
    )
    for number, ((key, old), result) in enumerate(zip(olds, found, strict=True)):
        if isinstance(result, Refusal):
            results.append({"key": key, **_refused(result.error), "changes": _no_verdict(old)})
        else:
            results.append(
                {"key": key, **_told(f"{number}.json", result.verdict), "changes": changes(old, result.verdict)}
            )
    return {"results": results}


def _opened(kept: "Kept", root: str | None) -> "tuple[Workspace, LayerSource]":
    if root is None:
        return kept.workspace, kept.source
    from zoning.workspace import Workspace

    found = Workspace.open(Path(root))
    return found, found.source()


def _refused(error: ZoningError) -> dict[str, Any]:
    return {"error": error.text.plain()}


def _told(name: str, verdict: Verdict) -> dict[str, Any]:
    text = verdict.to_json()
    Path(name).write_text(text, encoding="utf-8")
    digests = verdict.digests.model_dump(mode="json")
    return {"file": name, "decision": verdict.decision, "site": verdict.site.id, "digests": digests}


def _no_verdict(old: Verdict) -> list[dict[str, Any]]:
    return [{"what": "decision", "before": _decision(old), "after": "refused"}]


def _decision(verdict: Verdict) -> str:
    return f"{verdict.decision}{', blocked' if verdict.blocked else ''}"


def compare_verdicts(_: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs between two stored verdicts; `told`: `a` and `b`, their paths."""
    return {"changes": changes(_verdict({"document": told["a"]}), _verdict({"document": told["b"]}))}


def changes(old: Verdict, new: Verdict) -> list[dict[str, Any]]:
    """Return what differs between two verdicts as JSON values, with the titles of layers, classes and rules."""
    from zoning.planning.compare.verdict_changes import site_change

    sides = [cast("Examination", _Read(one)) for one in (old, new)]
    found = site_change(1, site_of_verdict(new), *sides)
    if found is None:
        return []
    layers, classes, rules = _titles(old, new)
    made: list[dict[str, Any]] = []
    for plain in found.plain()["changes"]:
        one = {key: value for key, value in plain.items() if value is not None}
        layer, rule = one.get("layer"), one.get("rule")
        titles = {
            "layer_title": layers.get(str(layer)),
            "class_title": classes.get((str(layer), str(one.get("class_id")))),
            "rule_title": rules.get(str(rule)),
        }
        made.append({**one, **{key: value for key, value in titles.items() if value is not None}})
    return made


def _titles(*verdicts: Verdict) -> tuple[dict[str, Any], dict[tuple[str, str], Any], dict[str, Any]]:
    layers: dict[str, Any] = {}
    classes: dict[tuple[str, str], Any] = {}
    rules: dict[str, Any] = {}
    for verdict in verdicts:
        for entry in verdict.layers:
            layers[entry.layer] = entry.title.plain()
            classes |= {(entry.layer, one.class_): one.title.plain() for one in entry.classes}
        rules |= {finding.rule: finding.title.plain() for finding in verdict.findings}
    return layers, classes, rules
