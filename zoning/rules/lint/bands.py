"""Bands of one quantity side by side: the gaps between them, and overlaps where two effects would hold.

A quantity is a number fact, or the distance, area, share or length of one place. Bands belong together when all else
that their rows or rules ask for is the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import inf

from zoning.rules.conditions import AllOf, AtPlace, Compare, Condition
from zoning.rules.lint.dates import share_a_day
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
    numbered = enumerate(zip(rule.rows, rule.provisos, strict=True))
    told = [_row([resolved(row, values)], proviso.effect, index) for index, (row, proviso) in numbered]
    for group in _groups([row for row in told if row is not None]):
        unit = _unit(base, group[0].quantity)
        for one, other in combinations(group, 2):
            limit = _idle_limit(one.band, other.band)
            if limit is not None and one.effect != other.effect:
                first, second = one.index + 1, other.index + 1
                text = Text(
                    f"但书第 {second} 项的界限 {limit:g}{unit} 在第 {first} 项之内，不起作用；请让两段首尾相接",
                    f"the limit {limit:g}{unit} of proviso {second} lies inside proviso {first} and does nothing; let "
                    "one band end where the next begins",
                )
                yield base.fault("overlap", rule, ("provisos", other.index), text)
        for one, other, gap in _gaps(group):
            if gap.low < gap.high and _lies_between(rule.effect, one.effect, other.effect):
                continue
            first, second = sorted((one.index + 1, other.index + 1))
            shown = _shown(gap, unit)
            text = Text(
                f"但书第 {first} 项与第 {second} 项之间有空档（{shown.zh}），那里落到本条自己的效力；"
                "请让两段首尾相接，或为空档写明一项",
                f"there is a gap between provisos {first} and {second} ({shown.en}), where the rule's own effect "
                "holds; let one band end where the next begins, or write a proviso for it",
            )
            yield base.fault("gap", rule, ("provisos", second - 1), text)


def _between_rules(base: RuleBase) -> Iterator[Fault]:
    siblings: dict[object, list[_Row]] = {}
    rules = base.rulebook.rules
    for index, rule in enumerate(rules):
        if rule.provisos or rule.scope == "baseline":
            continue
        row = _row(grounds(rule, days_of(rule)[-1]), rule.effect, index)
        if row is not None:
            siblings.setdefault((rule.document, rule.territories, row.quantity, row.rest), []).append(row)
    for family in siblings.values():
        unit = _unit(base, family[0].quantity)
        for one, other in combinations(sorted(family, key=lambda row: row.band), 2):
            common = one.band.meets(other.band)
            nested = one.band.holds(other.band) or other.band.holds(one.band)
            if common.empty or nested or one.effect == other.effect:
                continue
            yield from _sibling_fault(base, "overlap", (rules[one.index], rules[other.index]), _shown(common, unit))
        for one, other, gap in _gaps(family):
            yield from _sibling_fault(base, "gap", (rules[one.index], rules[other.index]), _shown(gap, unit))


def _sibling_fault(base: RuleBase, kind: str, pair: tuple[Rule, Rule], shown: Text) -> Iterator[Fault]:
    one, other = sorted(pair, key=lambda rule: rule.id)
    if not share_a_day(one, other):
        return
    texts = {
        "overlap": Text(
            f"与 {one.id} 的界限重叠（{shown.zh}），而两条效力不同；请让两段首尾相接",
            f"the band overlaps that of {one.id} ({shown.en}), and the effects differ; let one band end where the next "
            "begins",
        ),
        "gap": Text(
            f"与 {one.id} 之间有空档（{shown.zh}），没有规则管到；请让两段首尾相接",
            f"between {one.id} and this rule there is a gap ({shown.en}) that no rule covers; let one band end where "
            "the next begins",
        ),
    }
    yield base.fault(kind, other, ("when",) if other.when else ("where",), texts[kind])


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
            band = band.meets(Band(-inf, True, limit, relation == "below"))  # noqa: FBT003 - an open end
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


def _gaps(group: Sequence[_Row]) -> Iterator[tuple[_Row, _Row, Band]]:
    """Yield what lies between bands and is in none of them, with the bands on both sides."""
    ordered = sorted(group, key=lambda row: row.band)
    furthest = ordered[0]
    for row in ordered[1:]:
        gap = Band(furthest.band.high, not furthest.band.high_open, row.band.low, not row.band.low_open)
        if not gap.empty:
            yield furthest, row, gap
        furthest = max(furthest, row, key=lambda one: (one.band.high, not one.band.high_open))


def _lies_between(effect: str, one: str, other: str) -> bool:
    low, high = sorted((STRICTNESS[one], STRICTNESS[other]))
    return low < STRICTNESS[effect] < high


def _unit(base: RuleBase, quantity: tuple[str, ...]) -> str:
    """Return the unit of a quantity behind a space; nothing for a share."""
    if len(quantity) == 1:
        unit = base.rulebook.vocabulary.facts[quantity[0]].unit or ""
    else:
        unit = {"distance": "m", "length": "m", "area": "m²", "share": ""}[quantity[3]]
    return f" {unit}" if unit else ""


def _shown(band: Band, unit: str) -> Text:
    if band.low == band.high:
        return Text(f"恰为 {band.low:g}{unit}", f"exactly {band.low:g}{unit}")
    low = f"{'>' if band.low_open else '≥'} {band.low:g}{unit}"
    high = f"{'<' if band.high_open else '≤'} {band.high:g}{unit}"
    shown = [part for part, end in ((low, band.low), (high, band.high)) if abs(end) < inf]
    return Text("，".join(shown), ", ".join(shown))
