"""Bands of one quantity side by side: the gaps between them, and overlaps where two effects would hold.

A quantity is a number fact, or the distance, area, share or length of one place. Bands belong together when all else
that their rows or rules ask for is the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from math import inf

from zoning.rules.conditions import AllOf, AtPlace, Compare, Condition
from zoning.rules.lint.rule_base import Fault, RuleBase, days_of, grounds
from zoning.rules.lint.worlds import conjuncts, resolved
from zoning.rules.rule import STRICTNESS, Rule
from zoning.texts import Text


@dataclass(frozen=True, slots=True, order=True)
class Band:
    """An interval of numbers with its ends; an end that is infinite is never part of it."""

    low: float
    low_open: bool
    high: float
    high_open: bool

    def covers(self, value: float) -> bool:
        """Tell whether a number lies in the band."""
        above = value > self.low or (value == self.low and not self.low_open)
        return above and (value < self.high or (value == self.high and not self.high_open))

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def meets(self, other: "Band") -> "Band":
        """Return what both have in common."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Band(low, low_open, high, not high_closed)

    def holds(self, other: "Band") -> bool:
        """Tell whether all of `other` lies in the band."""
        return self.meets(other) == other


@dataclass(frozen=True, slots=True)
class _Row:
    """One band: of what, with what beside it, and what follows from it; `index` is its place among the rows."""

    quantity: tuple[str, ...]
    rest: frozenset[Condition]
    band: Band
    effect: str
    index: int


def examine_bands(base: RuleBase) -> Iterator[Fault]:
    """Yield gaps and overlaps between the bands of a rule's rows, and of sibling rules of a document."""
    for rule in base.rulebook.rules:
        found: dict[str, Fault] = {}
        for day in days_of(rule):
            for fault in _between_rows(base, rule, day):
                found.setdefault(fault.text.en, fault)
        yield from found.values()
    yield from _between_rules(base)


def _between_rows(base: RuleBase, rule: Rule, day: date) -> Iterator[Fault]:
    values = rule.values_on(day)
    told = [
        _row([resolved(row, values)], p.effect, i)
        for i, (row, p) in enumerate(zip(rule.rows, rule.provisos, strict=True))
    ]
    for group in _groups([row for row in told if row is not None]):
        for one, other in combinations(group, 2):
            limit = _idle_limit(one.band, other.band)
            if limit is not None and one.effect != other.effect:
                text = Text(
                    f"但书第 {other.index + 1} 项的界限 {limit:g} 落在第 {one.index + 1} 项之内，不起作用；请让两段首尾相接",
                    f"the limit {limit:g} of proviso {other.index + 1} lies inside proviso {one.index + 1} and does "
                    "nothing; let one band end where the next begins",
                )
                yield base.fault("overlap", rule, ("provisos", other.index), text)
        for one, other in pairwise(sorted(group, key=lambda row: row.band)):
            gap = _gap(one.band, other.band)
            if gap is None or (gap.low < gap.high and _lies_between(rule.effect, one.effect, other.effect)):
                continue
            first, second = sorted((one.index + 1, other.index + 1))
            text = Text(
                f"但书第 {first} 项与第 {second} 项之间有空档（{_shown(gap).zh}），那里落到本条自己的效力；"
                "请让两段首尾相接，或为空档写明一项",
                f"there is a gap between provisos {first} and {second} ({_shown(gap).en}), where the rule's own effect "
                "holds; let one band end where the next begins, or write a proviso for it",
            )
            yield base.fault("gap", rule, ("provisos", second - 1), text)


def _between_rules(base: RuleBase) -> Iterator[Fault]:
    siblings: dict[object, list[tuple[Rule, _Row]]] = {}
    for rule in base.rulebook.rules:
        if rule.provisos or rule.scope == "baseline":
            continue
        row = _row(grounds(rule, days_of(rule)[-1]), rule.effect, 0)
        if row is not None:
            key = (rule.document, rule.territories, row.quantity, row.rest)
            siblings.setdefault(key, []).append((rule, row))
    for family in siblings.values():
        ordered = sorted(family, key=lambda member: member[1].band)
        for (rule, row), (other, its) in combinations(ordered, 2):
            common = row.band.meets(its.band)
            nested = row.band.holds(its.band) or its.band.holds(row.band)
            if common.empty or nested or row.effect == its.effect or not _share_a_day(rule, other):
                continue
            text = Text(
                f"与 {rule.id} 的界限重叠（{_shown(common).zh}），两条效力不同；请让两段首尾相接",
                f"its band overlaps that of {rule.id} ({_shown(common).en}), and the effects differ; let one band end "
                "where the next begins",
            )
            yield base.fault("overlap", other, ("when",) if other.when else ("where",), text)
        for (rule, row), (other, its) in pairwise(ordered):
            gap = _gap(row.band, its.band)
            if gap is None or not _share_a_day(rule, other):
                continue
            text = Text(
                f"与 {rule.id} 之间有空档（{_shown(gap).zh}），没有规则管到；请让两段首尾相接",
                f"between {rule.id} and this rule there is a gap ({_shown(gap).en}) that no rule covers; let one band "
                "end where the next begins",
            )
            yield base.fault("gap", other, ("when",) if other.when else ("where",), text)


def _row(conditions: Sequence[Condition], effect: str, index: int) -> _Row | None:
    """Return the one band that the conditions ask for beside others; None where there is none, or more than one."""
    bands: dict[tuple[str, ...], Band] = {}
    rest: list[Condition] = []
    for part in conjuncts(AllOf(tuple(conditions))):
        single = part.parts[0] if hasattr(part, "parts") and len(part.parts) == 1 else part
        told = _banded(single)
        if told is None:
            rest.append(single)
        else:
            quantity, band = told
            bands[quantity] = bands[quantity].meets(band) if quantity in bands else band
    if len(bands) != 1:
        return None
    ((quantity, band),) = bands.items()
    return None if band.empty else _Row(quantity, frozenset(rest), band, effect, index)


def _banded(condition: Condition) -> tuple[tuple[str, ...], Band] | None:
    if isinstance(condition, Compare):
        return (condition.fact,), _band([(condition.relation, float(condition.limit))], -inf, inf)
    if not isinstance(condition, AtPlace):
        return None
    where = condition.where
    bands = [(name, where.limits(name, {})) for name, _, _ in where.bands()]
    if len(bands) != 1:
        return None
    name, limits = bands[0]
    quantity = (where.relation, where.layer, where.certainty, name, *sorted(where.classes), "", *sorted(where.zones))
    return quantity, _band(limits, 0.0, 1.0 if name == "share" else inf)


def _band(limits: Sequence[tuple[str, float]], least: float, most: float) -> Band:
    band = Band(least, least == -inf, most, most == inf)
    for relation, limit in limits:
        if relation in ("at_least", "above"):
            band = band.meets(Band(limit, relation == "above", inf, True))  # noqa: FBT003 - an open end
        else:
            band = band.meets(Band(-inf, True, limit, relation == "below"))  # noqa: FBT003
    return band


def _groups(told: Sequence[_Row]) -> list[list[_Row]]:
    groups: dict[object, list[_Row]] = {}
    for row in told:
        groups.setdefault((row.quantity, row.rest), []).append(row)
    return list(groups.values())


def _idle_limit(earlier: Band, later: Band) -> float | None:
    """Return an end of the later band inside the earlier one, where the earlier one decides on both sides of it."""
    if earlier.holds(later):
        return None
    inner = [end for end in (later.low, later.high) if earlier.low < end < earlier.high]
    return inner[0] if inner else None


def _gap(one: Band, other: Band) -> Band | None:
    """Return what lies between two bands, of which the first begins first; None where they join or overlap."""
    gap = Band(one.high, not one.high_open, other.low, not other.low_open)
    return None if gap.empty or one.high == inf else gap


def _lies_between(effect: str, one: str, other: str) -> bool:
    low, high = sorted((STRICTNESS[one], STRICTNESS[other]))
    return low < STRICTNESS[effect] < high


def _shown(band: Band) -> Text:
    if band.low == band.high:
        return Text(f"恰为 {band.low:g}", f"exactly {band.low:g}")
    low = f"{'>' if band.low_open else '≥'} {band.low:g}"
    high = f"{'<' if band.high_open else '≤'} {band.high:g}"
    shown = [part for part, end in ((low, band.low), (high, band.high)) if abs(end) < inf]
    return Text("，".join(shown), ", ".join(shown))


def _share_a_day(one: Rule, other: Rule) -> bool:
    first = max(one.in_force.from_, other.in_force.from_)
    return one.in_force.covers(first) and other.in_force.covers(first)
