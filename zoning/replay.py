"""Run a verdict again from its own trace, and say what differs and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from zoning.check import Settings, check_site
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.rules.facts import parse_facts
from zoning.rules.rulebook import Rulebook
from zoning.rules.verdict import Finding, Verdict
from zoning.sites.site import Repair, Site
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Replay:
    """The verdict of today for the site, facts and day of an older one.

    Attributes
    ----------
    same
        The JSON is equal byte by byte.
    causes
        What changed in the inputs: layers, rules, program.
    effects
        What changed in the answer: decision, statuses, findings.
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
        raise ContentError(
            f"{source}：不是 zoning.verdict/1 格式的研判结论；请用 zoning check --format json 生成",
            f"{source}: no verdict of schema zoning.verdict/1; make one with: zoning check --format json",
        ) from error


def replay_verdict(old: Verdict, *, catalogue: Catalogue, rulebook: Rulebook, settings: Settings) -> Replay:
    """Run the check again with the site, the facts and the day of `old`."""
    facts = parse_facts(rulebook.vocabulary, old.trace.facts, "trace.facts")
    found = check_site(_site(old), facts, on=old.on, catalogue=catalogue, rulebook=rulebook, settings=settings)
    new = found.verdict
    return Replay(new, new.to_json() == old.to_json(), _causes(old, new), _effects(old, new))


def _site(old: Verdict) -> Site:
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
    )


def _causes(old: Verdict, new: Verdict) -> tuple[Text, ...]:
    causes: list[Text] = []
    if old.digests.site != new.digests.site:
        causes.append(Text("场地几何与记录的摘要不符", "the footprint does not match its digest"))
    titles = {entry.layer: entry.title for entry in (*old.layers, *new.layers)}
    for name in sorted({*old.digests.layers, *new.digests.layers}):
        before, after = old.digests.layers.get(name), new.digests.layers.get(name)
        if before != after:
            causes.append(_layer_change(titles.get(name, Text(name, name)), before, after))
    if old.digests.rules != new.digests.rules:
        causes.append(Text("规则内容已改变", "the rules have changed"))
    if old.digests.program != new.digests.program:
        change = f"{old.digests.program} -> {new.digests.program}"
        causes.append(Text(f"程序版本：{change}", f"program version: {change}"))
    return tuple(causes)


def _layer_change(title: Text, before: str | None, after: str | None) -> Text:
    if after is None:
        return Text(f"图层“{title.zh}”现已缺失", f"layer '{title.en}' is missing now")
    if before is None:
        return Text(f"图层“{title.zh}”当时缺失，现已有", f"layer '{title.en}' was missing then and is there now")
    return Text(
        f"图层“{title.zh}”的数据文件已改变（{before[:12]} -> {after[:12]}）",
        f"the data file of layer '{title.en}' has changed ({before[:12]} -> {after[:12]})",
    )


def _effects(old: Verdict, new: Verdict) -> tuple[Text, ...]:
    effects: list[Text] = []
    if old.decision != new.decision:
        change = f"{old.decision} -> {new.decision}"
        effects.append(Text(f"结论：{change}", f"decision: {change}"))
    before = {entry.layer: entry.status for entry in old.layers}
    for entry in new.layers:
        then = before.get(entry.layer)
        if then != entry.status:
            effects.append(
                Text(f"{entry.title.zh}：{then} -> {entry.status}", f"{entry.title.en}: {then} -> {entry.status}")
            )
    effects.extend(_finding_changes(old.findings, new.findings))
    return tuple(effects)


def _finding_changes(old: tuple[Finding, ...], new: tuple[Finding, ...]) -> list[Text]:
    before = {(finding.rule, finding.territory): finding for finding in old}
    after = {(finding.rule, finding.territory): finding for finding in new}
    changes: list[Text] = []
    for key in sorted({*before, *after}):
        then, now = before.get(key), after.get(key)
        if then is None or now is None or then.outcome != now.outcome or then.overlap_m2 != now.overlap_m2:
            change = f"{_told(then)} -> {_told(now)}"
            changes.append(Text(f"规则 {key[0]}：{change}", f"rule {key[0]}: {change}"))
    return changes


def _told(finding: Finding | None) -> str:
    if finding is None:
        return "-"
    area = "" if not finding.overlap_m2 else f" ({finding.overlap_m2:,.2f} m²)"
    return f"{finding.outcome}{area}"
