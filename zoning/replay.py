"""Run a verdict again from its own trace, and say what differs and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from zoning.check import Checker, Refusal
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.overlay.source import LayerSource
from zoning.rules.facts import parse_facts
from zoning.rules.rulebook import Rulebook
from zoning.rules.verdict import Finding, Verdict
from zoning.settings import Settings
from zoning.sites.site import Repair, Site
from zoning.texts import Text

UNEXPLAINED = Text(
    "输入均未改变，但结果不同：程序所用的库（GEOS、PROJ）不同，或记录被改动",
    "no input has changed, the result has: the libraries of the program (GEOS, PROJ) are others, or the record was "
    "edited",
)


@dataclass(frozen=True, slots=True)
class Replay:
    """The verdict of today for the site, facts and day of an older one.

    Attributes
    ----------
    same
        The JSON is equal byte by byte.
    causes
        What changed in the inputs: layers and their definitions, rules, settings of the workspace, program.
    effects
        What changed in the answer: decision, statuses, findings.

    Examples
    --------
    >>> from dataclasses import fields
    >>> [field.name for field in fields(Replay)]
    ['verdict', 'same', 'causes', 'effects']
    """

    verdict: Verdict
    same: bool
    causes: tuple[Text, ...]
    effects: tuple[Text, ...]


def read_verdict(text: str, source: str) -> Verdict:
    """Read a verdict file.

    Raises
    ------
    ContentError
        When it is no verdict of schema `zoning.verdict/1`.
    """
    try:
        return Verdict.from_json(text)
    except ValueError as error:
        raise _no_verdict(source) from error


def verdict_of(content: Any, source: str) -> Verdict:
    """Return the verdict that a JSON file holds among others; `content` is what a JSON reader made of it.

    Raises
    ------
    ContentError
        When it is no verdict of schema `zoning.verdict/1`.
    """
    try:
        return Verdict.from_plain(content)
    except ValueError as error:
        raise _no_verdict(source) from error


def _no_verdict(source: str) -> ContentError:
    return ContentError(
        f"{source}：不是 zoning.verdict/1 格式的研判结论；请用 zoning check --format json 生成",
        f"{source}: no verdict of schema zoning.verdict/1; make one with: zoning check --format json",
    )


def replay_verdict(
    old: Verdict,
    *,
    catalogue: Catalogue,
    rulebook: Rulebook,
    settings: Settings,
    source: LayerSource | None = None,
) -> Replay:
    """Run the check again with the site, the facts and the day of `old`.

    Raises
    ------
    ZoningError
        What refuses the site or its facts now: a layer that cannot be read, a fact that the vocabulary has lost.

    Examples
    --------
    >>> from datetime import date
    >>> from zoning import Workspace, builtin_root, read_sites
    >>> workspace = Workspace.open(builtin_root())
    >>> school, = read_sites(builtin_root() / "examples" / "school.geojson", expected=None)
    >>> verdict = workspace.check(school, on=date(2026, 6, 1)).verdict
    >>> edited = verdict.model_copy(update={"decision": "permitted"})
    >>> parts = {"catalogue": workspace.catalogue, "rulebook": workspace.rulebook, "settings": workspace.settings}
    >>> again = replay_verdict(edited, **parts)
    >>> again.same, again.effects[0].en
    (False, 'decision: permitted -> undetermined')
    """
    facts = parse_facts(rulebook.vocabulary, old.trace.facts, "trace.facts")
    checker = Checker(on=old.on, catalogue=catalogue, rulebook=rulebook, settings=settings, source=source)
    found = next(checker.check([(site_of_verdict(old), facts)]))
    if isinstance(found, Refusal):
        raise found.error
    new = found.verdict
    same = new.to_json() == old.to_json()
    return Replay(new, same, _causes(old, new) or (() if same else (UNEXPLAINED,)), _effects(old, new))


def site_of_verdict(old: Verdict) -> Site:
    """Return the footprint that a verdict was of, as its trace holds it."""
    told: Mapping[str, Any] = old.trace.site
    repairs = tuple(Repair(r["kind"], r["count"], r["area_change_m2"], Text(r["zh"], r["en"])) for r in told["repairs"])
    return Site(
        id=told["id"],
        name=told["name"],
        geometry=shapely.from_wkt(old.trace.geometry),
        crs=old.trace.crs,
        source=told["source"],
        width_m=old.trace.width_m,
        stated_area_m2=told["stated_area_m2"],
        repairs=repairs,
        warnings=tuple(Text(**text) for text in told["warnings"]),
        attributes=dict(told["attributes"]),
        # Verdicts of earlier versions have none of these.
        stated_points=told.get("stated_points"),
        conversion=Text(**told["conversion"]) if told.get("conversion") else None,
        accuracy_m=told.get("accuracy_m", 0.0),
    )


def _causes(old: Verdict, new: Verdict) -> tuple[Text, ...]:
    causes: list[Text] = []
    if old.digests.site != new.digests.site:
        causes.append(Text("地块图形与记录的摘要不符", "the footprint does not match its digest"))
    causes.extend(_layer_causes(old, new))
    if old.digests.workspace != new.digests.workspace:
        causes.append(
            Text(
                "工作空间设置（zoning.yaml）已改变：容差、搜索距离、纬度等",
                "the settings of the workspace (zoning.yaml) have changed: tolerance, search distance, latitude ...",
            )
        )
    if old.digests.rules != new.digests.rules:
        causes.append(Text("规则内容已改变", "the rules have changed"))
    if old.digests.program != new.digests.program:
        change = f"{old.digests.program} -> {new.digests.program}"
        causes.append(Text(f"程序版本：{change}", f"program version: {change}"))
    return tuple(causes)


def _layer_causes(old: Verdict, new: Verdict) -> list[Text]:
    causes: list[Text] = []
    titles = {entry.layer: entry.title for entry in (*old.layers, *new.layers)}
    for name in sorted({*old.digests.layers, *new.digests.layers}):
        title = titles.get(name, Text(name, name))
        before, after = old.digests.layers.get(name), new.digests.layers.get(name)
        if name not in old.digests.layers:
            causes.append(
                Text(
                    f"图层“{title.zh}”是新增的，当时工作空间没有这个图层",
                    f"layer '{title.en}' is new: the workspace did not have it then",
                )
            )
        elif before != after or name not in new.digests.layers:
            causes.append(_layer_change(title, before, after, _reason(new, name)))
        defined, defines = old.digests.definitions.get(name), new.digests.definitions.get(name)
        if defined is not None and defines is not None and defined != defines:
            causes.append(
                Text(
                    f"图层“{title.zh}”的定义已改变：精度、类别、版本或覆盖范围",
                    f"the definition of layer '{title.en}' has changed: accuracy, classes, editions or coverage",
                )
            )
    return causes


def _reason(verdict: Verdict, layer: str) -> Text:
    """Return why a layer has no data in a verdict."""
    reasons = [entry.reason for entry in verdict.layers if entry.layer == layer and entry.reason is not None]
    return reasons[0] if reasons else Text("工作空间没有这个图层", "the workspace has no such layer")


def _layer_change(title: Text, before: str | None, after: str | None, reason: Text) -> Text:
    if after is None:
        return Text(f"图层“{title.zh}”现不可用：{reason.zh}", f"layer '{title.en}' cannot be used now: {reason.en}")
    if before is None:
        return Text(
            f"图层“{title.zh}”当时不可用，现已可用", f"layer '{title.en}' could not be used then and can be used now"
        )
    return Text(
        f"图层“{title.zh}”的数据文件已改变（{before[:12]} -> {after[:12]}）",
        f"the data file of layer '{title.en}' has changed ({before[:12]} -> {after[:12]})",
    )


def _effects(old: Verdict, new: Verdict) -> tuple[Text, ...]:
    effects: list[Text] = []
    if old.decision != new.decision:
        change = f"{old.decision} -> {new.decision}"
        effects.append(Text(f"结论：{change}", f"decision: {change}"))
    effects.extend(_status_changes(old, new))
    effects.extend(_finding_changes(old.findings, new.findings))
    effects.extend(_clause_changes(old, new))
    return tuple(effects)


def _status_changes(old: Verdict, new: Verdict) -> Iterator[Text]:
    """Yield the layers whose status is another one, those that are no longer there last; "-" where there is none."""
    then, now = ({entry.layer: entry.status for entry in verdict.layers} for verdict in (old, new))
    gone = [entry for entry in old.layers if entry.layer not in now]
    for entry in (*new.layers, *gone):
        before, after = then.get(entry.layer, "-"), now.get(entry.layer, "-")
        if before != after:
            yield Text(f"{entry.title.zh}：{before} -> {after}", f"{entry.title.en}: {before} -> {after}")


def _clause_changes(old: Verdict, new: Verdict) -> list[Text]:
    """Return the clauses of access lists that come out differently; a clause that is new or gone counts as well."""
    before, after = (
        {(e.territory, e.unit, c.id): c.result for e in v.access_lists for c in e.clauses} for v in (old, new)
    )
    changes: list[Text] = []
    for key in sorted({*before, *after}, key=str):
        then, now = before.get(key), after.get(key)
        if then != now:
            change = f"{then or '-'} -> {now or '-'}"
            changes.append(Text(f"准入清单条款 {key[2]}：{change}", f"clause {key[2]} of an access list: {change}"))
    return changes


def _finding_changes(old: tuple[Finding, ...], new: tuple[Finding, ...]) -> list[Text]:
    before = {(finding.rule, finding.territory): finding for finding in old}
    after = {(finding.rule, finding.territory): finding for finding in new}
    changes: list[Text] = []
    for key in sorted({*before, *after}):
        then, now = before.get(key), after.get(key)
        if then is None or now is None or _differ(then, now):
            change = f"{_told(then)} -> {_told(now)}"
            changes.append(Text(f"规则 {key[0]}：{change}", f"rule {key[0]}: {change}"))
    return changes


def _differ(then: Finding, now: Finding) -> bool:
    return (then.outcome, then.effect, then.decision, then.overlap_m2, then.distance_m) != (
        now.outcome,
        now.effect,
        now.decision,
        now.overlap_m2,
        now.distance_m,
    )


def _told(finding: Finding | None) -> str:
    if finding is None:
        return "-"
    parts: list[str] = [finding.effect] if finding.outcome != "does_not_apply" else []
    if finding.overlap_m2:
        parts.append(f"{finding.overlap_m2:,.2f} m²")
    if finding.distance_m is not None:
        parts.append(f"{finding.distance_m:,.1f} m")
    return f"{finding.outcome} ({', '.join(parts)})" if parts else finding.outcome
