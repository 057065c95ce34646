"""The register of boundary adjustments: at most so many a year, total constant, and nothing moved that is not in it.

`plans/boundary-adjustments.yaml` holds the demands, each with its citation, and the adjustments that were made.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from zoning.citations import Citation, binds_in
from zoning.layers.catalogue import Catalogue
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.layer_change import LayerChange
from zoning.quantities import Area, format_area
from zoning.texts import Text
from zoning.yaml_files import read_model

Check = Literal["frequency", "total", "registered", "gained", "lost"]
Outcome = Literal["met", "not_met", "undetermined"]

CHECKS: dict[Check, Text] = {
    "frequency": Text("调整次数", "number of adjustments"),
    "total": Text("总量恒定", "constant total"),
    "registered": Text("纳入监测系统", "entered in the monitoring system"),
    "gained": Text("图层新增与登记一致", "gained as registered"),
    "lost": Text("图层减少与登记一致", "lost as registered"),
}
OUTCOMES: dict[Outcome, Text] = {
    "met": Text("符合", "met"),
    "not_met": Text("不符合", "not met"),
    "undetermined": Text("待判定", "undetermined"),
}
_LEAST_M2 = 100.0


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class AdjustmentRule(_Content):
    """What a document demands of adjustments of a boundary.

    Attributes
    ----------
    most_per_year
        Per calendar year; None: the document sets no number.
    total_constant
        Whether what is taken in must equal what is given up.
    in_principle
        The document says 原则上: what goes beyond needs a reason, it is not forbidden outright.
    tolerance
        Up to which two areas are taken for equal: figures of documents are rounded.
    """

    title: Text
    citation: Citation
    layer: str
    classes: tuple[str, ...] = ()
    territories: tuple[str, ...]
    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    most_per_year: Annotated[int, Field(ge=0)] | None = None
    total_constant: bool = False
    must_be_registered: bool = False
    in_principle: bool = False
    tolerance: Area = _LEAST_M2
    note: Text | None = None


class Adjustment(_Content):
    """One adjustment: areas taken in and given up, with the document that approved it.

    `registered`: whether it was entered in the monitoring system; None: not known.
    """

    layer: str
    territory: str
    on: date
    document: str
    reason: Text | None = None
    taken_in: Area
    given_up: Area
    registered: bool | None = None
    note: Text | None = None


class Adjustments(_Content):
    """The register."""

    title: Text
    rules: dict[str, AdjustmentRule]
    adjustments: dict[str, Adjustment] = {}
    notes: tuple[Text, ...] = ()

    def mistakes(self, catalogue: Catalogue, documents: Mapping[str, object]) -> list[Text]:
        """Return names of layers, classes and documents that the workspace does not have."""
        found: list[Text] = []
        for name, rule in self.rules.items():
            cited = rule.citation.document
            if cited not in documents:
                found.append(Text(f"{name}：没有文件“{cited}”", f"{name}: there is no document '{cited}'"))
            layer = catalogue.layers.get(rule.layer)
            found += [
                Text(f"{name}：图层 {rule.layer} 没有类别“{c}”", f"{name}: layer {rule.layer} has no class '{c}'")
                for c in rule.classes
                if layer is not None and c not in layer.classes
            ]
        for name, entry in self.adjustments.items():
            if entry.layer not in catalogue.layers:
                found.append(Text(f"{name}：没有图层“{entry.layer}”", f"{name}: there is no layer '{entry.layer}'"))
        return found


def read_adjustments(path: Path) -> Adjustments:
    """Read `plans/boundary-adjustments.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, Adjustments)


@dataclass(frozen=True, slots=True)
class AdjustmentResult:
    """One demand, one territory, one check; `entries`: the adjustments that it is about."""

    rule: str
    citation: Citation
    territory: str
    check: Check
    outcome: Outcome
    reason: Text
    entries: tuple[str, ...] = ()


def check_register(register: Adjustments) -> tuple[AdjustmentResult, ...]:
    """Check the register itself: how often, total constant, entered in the monitoring system."""
    found: list[AdjustmentResult] = []
    for name, rule in register.rules.items():
        for territory, entries in sorted(_by_territory(register, rule).items()):
            found += _frequency(name, rule, territory, entries)
            found += _totals(name, rule, territory, entries)
            found += _entered(name, rule, territory, entries)
    return tuple(found)


def check_moved(
    register: Adjustments, change: LayerChange, *, after: date | None, until: date | None
) -> tuple[AdjustmentResult, ...]:
    """Compare what moved between two editions with the adjustments registered between their days.

    Parameters
    ----------
    after, until
        First days of the two editions: adjustments after the one, up to the other, count. None: not known.
    """
    found: list[AdjustmentResult] = []
    for name, rule in register.rules.items():
        if rule.layer != change.layer.id or change.unit != "m2":
            continue
        for territory, known in change.covered.items():
            if not binds_in(rule.territories, territory):
                continue
            gained, lost = _moved(change, rule, territory)
            if (
                all(known)
                and max(gained, lost) <= rule.tolerance
                and not _between(register, rule, territory, after, until)
            ):
                continue
            found += _compared(name, rule, territory, (gained, lost), all(known), register, after, until)
    return tuple(found)


_Entries = Mapping[str, Adjustment]


def _by_territory(register: Adjustments, rule: AdjustmentRule) -> dict[str, dict[str, Adjustment]]:
    found: dict[str, dict[str, Adjustment]] = defaultdict(dict)
    for name, entry in sorted(register.adjustments.items(), key=lambda item: (item[1].on, item[0])):
        in_force = rule.from_ <= entry.on and (rule.to is None or entry.on <= rule.to)
        if entry.layer == rule.layer and binds_in(rule.territories, entry.territory) and in_force:
            found[entry.territory][name] = entry
    return found


def _frequency(name: str, rule: AdjustmentRule, territory: str, entries: _Entries) -> Iterator[AdjustmentResult]:
    most = rule.most_per_year
    if most is None:
        return
    years: dict[int, list[str]] = defaultdict(list)
    for key, entry in entries.items():
        years[entry.on.year].append(key)
    over = {year: keys for year, keys in years.items() if len(keys) > most}
    in_principle = Text("（“原则上”）", " (“in principle”)") if rule.in_principle else Text("", "")
    for year, keys in over.items():
        reason = Text(
            f"{year} 年调整 {len(keys)} 次，规定一年不超过 {most} 次{in_principle.zh}",
            f"{len(keys)} adjustments in {year}, no more than {most} a year are allowed{in_principle.en}",
        )
        yield AdjustmentResult(name, rule.citation, territory, "frequency", "not_met", reason, tuple(keys))
    close = [] if over else _within_a_year(entries, most)
    if close:
        reason = Text(
            f"不在同一年度，但 12 个月内调整 {len(close)} 次；文件没有说明“一年”是年度还是 12 个月",
            f"not in one calendar year, but {len(close)} adjustments within 12 months; "
            "the document does not say which of them a year means",
        )
        yield AdjustmentResult(name, rule.citation, territory, "frequency", "undetermined", reason, tuple(close))
    elif not over:
        reason = Text(f"每年不超过 {most} 次", f"no more than {most} in any year")
        yield AdjustmentResult(name, rule.citation, territory, "frequency", "met", reason, tuple(entries))


def _within_a_year(entries: _Entries, most: int) -> list[str]:
    """Return adjustments of which more than `most` lie within a year of each other."""
    keys = list(entries)
    for start in range(len(keys) - most):
        run = keys[start : start + most + 1]
        if entries[run[-1]].on < _year_after(entries[run[0]].on):
            return run
    return []


def _year_after(day: date) -> date:
    """Return the first day that no longer lies within twelve months: a year may have a leap day."""
    leap = day.month == 2 and day.day == 29  # noqa: PLR2004 - the 29th of February
    return date(day.year + 1, 3, 1) if leap else day.replace(year=day.year + 1)


def _totals(name: str, rule: AdjustmentRule, territory: str, entries: _Entries) -> Iterator[AdjustmentResult]:
    if not rule.total_constant:
        return
    for key, entry in entries.items():
        gap = entry.taken_in - entry.given_up
        one, other = format_area(entry.taken_in), format_area(entry.given_up)
        met = abs(gap) <= rule.tolerance
        reason = Text(f"调入 {one.zh}，调出 {other.zh}", f"taken in {one.en}, given up {other.en}")
        outcome: Outcome = "met" if met else "not_met"
        yield AdjustmentResult(name, rule.citation, territory, "total", outcome, reason, (key,))


def _entered(name: str, rule: AdjustmentRule, territory: str, entries: _Entries) -> Iterator[AdjustmentResult]:
    if not rule.must_be_registered:
        return
    words: dict[bool | None, tuple[Outcome, Text]] = {
        True: ("met", Text("已纳入", "it was entered")),
        False: ("not_met", Text("未纳入", "it was not entered")),
        None: ("undetermined", Text("未写明是否纳入", "whether it was entered is not stated")),
    }
    for key, entry in entries.items():
        outcome, reason = words[entry.registered]
        yield AdjustmentResult(name, rule.citation, territory, "registered", outcome, reason, (key,))


def _moved(change: LayerChange, rule: AdjustmentRule, territory: str) -> tuple[float, float]:
    def holds(class_id: str) -> bool:
        return class_id not in {NONE, NO_DATA} and (not rule.classes or class_id in rule.classes)

    cells = [cell for cell in change.territories.cells if cell.place == territory]
    gained = sum(cell.amount for cell in cells if holds(cell.after) and not holds(cell.before))
    lost = sum(cell.amount for cell in cells if holds(cell.before) and not holds(cell.after))
    return float(gained), float(lost)


def _between(
    register: Adjustments, rule: AdjustmentRule, territory: str, after: date | None, until: date | None
) -> dict[str, Adjustment]:
    return {
        name: entry
        for name, entry in _by_territory(register, rule).get(territory, {}).items()
        if (after is None or entry.on > after) and (until is None or entry.on <= until)
    }


def _of_wider(
    register: Adjustments, rule: AdjustmentRule, territory: str, after: date | None, until: date | None
) -> dict[str, Adjustment]:
    """Return adjustments of territories that hold this one: what of their areas lies in it nobody has stated."""
    return {
        name: entry
        for name, entry in sorted(register.adjustments.items())
        if entry.layer == rule.layer
        and entry.territory != territory
        and binds_in((entry.territory,), territory)
        and rule.from_ <= entry.on
        and (rule.to is None or entry.on <= rule.to)
        and (after is None or entry.on > after)
        and (until is None or entry.on <= until)
    }


def _compared(
    name: str,
    rule: AdjustmentRule,
    territory: str,
    moved: tuple[float, float],
    known: bool,  # noqa: FBT001 - of a private function
    register: Adjustments,
    after: date | None,
    until: date | None,
) -> Iterator[AdjustmentResult]:
    entries = _between(register, rule, territory, after, until)
    wider = _of_wider(register, rule, territory, after, until)
    stated = (sum(e.taken_in for e in entries.values()), sum(e.given_up for e in entries.values()))
    if rule.total_constant and known:
        one, other = format_area(moved[0]), format_area(moved[1])
        reason = Text(f"图层调入 {one.zh}，调出 {other.zh}", f"{one.en} gained and {other.en} lost in the layer")
        balanced: Outcome = "met" if abs(moved[0] - moved[1]) <= rule.tolerance else "not_met"
        yield AdjustmentResult(name, rule.citation, territory, "total", balanced, reason, tuple(entries))
    checks: tuple[tuple[Check, float, float], ...] = (("gained", moved[0], stated[0]), ("lost", moved[1], stated[1]))
    for check, measured, said in checks:
        one, other = format_area(measured), format_area(said)
        reason = Text(f"图层 {one.zh}，登记 {other.zh}", f"{one.en} in the layer, {other.en} in the register")
        outcome: Outcome = "met" if abs(measured - said) <= rule.tolerance else "not_met"
        about = tuple(entries)
        if not known:
            outcome = "undetermined"
            reason = Text(
                f"{reason.zh}；有一版没有覆盖整个辖区", f"{reason.en}; one edition does not cover the territory"
            )
        elif after is None or until is None:
            outcome = "undetermined"
            reason = Text(f"{reason.zh}；版本日期不详", f"{reason.en}; the days of the editions are not known")
        elif outcome == "not_met" and wider:
            outcome, about = "undetermined", (*entries, *wider)
            listed = ", ".join(wider)
            reason = Text(
                f"{reason.zh}；另有登记给上级辖区的调整，没有写明各辖区的面积：{listed}",
                f"{reason.en}; adjustments of a territory that holds this one do not say how much lies in it: {listed}",
            )
        elif outcome == "not_met" and not entries:
            reason = Text(f"{reason.zh}：边界有变动而没有登记", f"{reason.en}: it moved and nothing is registered")
        yield AdjustmentResult(name, rule.citation, territory, check, outcome, reason, about)
