"""The score of one parcel by one criterion: an interval, which is a point where everything is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import pairwise

from zoning.mines.priority.content import Criterion
from zoning.mines.priority.relations import Relation
from zoning.mines.viewshed import ParcelSight
from zoning.quantities import format_area, format_length, format_share
from zoning.registers.record import Value
from zoning.registers.types import FieldSpec
from zoning.texts import Text, joined

Interval = tuple[float, float]
_HECTARE = 10_000.0


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known of a parcel.

    Attributes
    ----------
    sight
        None: nobody looked (no elevation model).
    corridor_m, start_m
        Distances; None: not known.
    covered_m
        How far around the parcel the lines of the corridor are known to be complete; None: all of them are there.
    fields
        Of the register: codes are told in their words.
    relations
        By layer; a layer that is missing was not measured.
    """

    area_m2: float | None
    values: Mapping[str, Value]
    sight: ParcelSight | None
    corridor_m: float | None
    start_m: float | None
    relations: Mapping[str, Relation]
    covered_m: float | None = None
    fields: Mapping[str, FieldSpec] = dataclass_field(default_factory=dict)

    @property
    def corridor(self) -> Interval | None:
        """The distance from at least to at most: where the lines are not complete one that is nearer may be missing."""
        if self.corridor_m is None or self.covered_m == 0:
            return None
        nearest = self.corridor_m if self.covered_m is None else min(self.covered_m, self.corridor_m)
        return nearest, self.corridor_m


@dataclass(frozen=True, slots=True)
class Score:
    """What a parcel gets from a criterion.

    Attributes
    ----------
    low, high
        0 to 1; different where something is not known.
    value
        What was found; the interval of it where it is a number that is only partly known.
    reason
        The same in words.
    """

    criterion: str
    low: float
    high: float
    value: Interval | None
    reason: Text

    @property
    def known(self) -> bool:
        """Whether the score is a point."""
        return self.low == self.high


def score(name: str, criterion: Criterion, inputs: Inputs) -> Score:
    """Return the score of a parcel by a criterion."""
    if criterion.zones:
        return _by_zones(name, criterion, inputs.relations)
    if criterion.field is not None:
        return _by_code(name, criterion, inputs)
    value, reason = _NUMBERS[criterion.measure or ""](criterion, inputs)
    if value is None:
        return Score(name, *_range(criterion), None, reason)
    low, high = _between(criterion, value)
    return Score(name, low, high, value, reason)


def _not_known(zh: str, en: str) -> Text:
    return Text(f"未知：{zh}", f"not known: {en}")


def _visible_share(_: Criterion, inputs: Inputs) -> tuple[Interval | None, Text]:
    sight = inputs.sight
    if sight is None:
        return None, _not_known("没有高程模型", "no elevation model")
    share = sight.share
    if share is None:
        return None, _not_known("图斑没有图形", "the parcel has no geometry")
    low, high = share
    if sight.unknown_m2 <= 0:
        shown = format_share(low)
        return share, Text(f"可视面积占 {shown}", f"{shown} of it in sight")
    shown, most = format_share(low), format_share(high)
    return share, Text(
        f"可视面积占 {shown}，至多 {most}（高程有缺失）",
        f"{shown} of it in sight, {most} at most (heights are missing)",
    )


def _visible_length(_: Criterion, inputs: Inputs) -> tuple[Interval | None, Text]:
    sight = inputs.sight
    if sight is None or sight.area_m2 <= 0:
        return None, _visible_share(_, inputs)[1]
    seen = sum(kind.visible_m for kind in sight.kinds)
    doubt = sum(kind.unknown_m for kind in sight.kinds)
    shown = format_length(seen)
    if doubt <= 0:
        return (seen, seen), Text(f"从 {shown} 的线路上可见", f"seen from {shown} of corridor")
    most = format_length(seen + doubt)
    return (seen, seen + doubt), Text(
        f"从 {shown} 的线路上可见，至多 {most}（高程有缺失）",
        f"seen from {shown} of corridor, {most} at most (heights are missing)",
    )


def _corridor_distance(_: Criterion, inputs: Inputs) -> tuple[Interval | None, Text]:
    off = inputs.corridor
    if off is None:
        return None, _not_known("到线路的距离", "the distance to the corridor")
    shown = format_length(off[1])
    if off[0] == off[1]:
        return off, Text(f"距线路 {shown}", f"{shown} from the corridor")
    known = format_length(off[0])
    return off, Text(
        f"距线路 {shown}（{known} 以外线路图层不全）",
        f"{shown} from the corridor (the layer of lines is complete only within {known})",
    )


def _start_distance(_: Criterion, inputs: Inputs) -> tuple[Interval | None, Text]:
    if inputs.start_m is None:
        return None, _not_known("到起点的距离", "the distance to the start")
    shown = format_length(inputs.start_m)
    return (inputs.start_m,) * 2, Text(f"距起点 {shown}", f"{shown} from the start")


def _area(_: Criterion, inputs: Inputs) -> tuple[Interval | None, Text]:
    if inputs.area_m2 is None:
        return None, _not_known("面积", "the area")
    shown = format_area(inputs.area_m2)
    return (inputs.area_m2 / _HECTARE,) * 2, Text(f"面积 {shown.zh}", f"area {shown.en}")


def _funded(criterion: Criterion, inputs: Inputs) -> tuple[Interval | None, Text]:
    need = number_of(inputs.values.get(criterion.need or ""))
    available = number_of(inputs.values.get(criterion.available or ""))
    if need is None or available is None or need <= 0:
        return None, _not_known("所需或已落实的资金", "the money needed, or the money there is")
    shown = f"{available:,.2f} / {need:,.2f}"
    return (available / need,) * 2, Text(f"资金已落实 {shown} 万元", f"money: {shown} (10,000 yuan)")


_NUMBERS: Mapping[str, Callable[[Criterion, Inputs], tuple[Interval | None, Text]]] = {
    "visible_share": _visible_share,
    "visible_length": _visible_length,
    "corridor_distance": _corridor_distance,
    "start_distance": _start_distance,
    "area": _area,
    "funded": _funded,
}


def number_of(value: Value) -> float | None:
    """Return a number that a register holds as number, or a boundary file as text; None where there is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value).replace(",", "").strip())
    except ValueError:
        return None


def codes_of(value: Value) -> tuple[str, ...]:
    """Return the codes of a field, of a register or of a boundary file where several stand in one text."""
    if isinstance(value, tuple):
        return value
    if value is None:
        return ()
    text = str(value).strip()
    for sign in "、，;；|/":
        text = text.replace(sign, ",")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _by_code(name: str, criterion: Criterion, inputs: Inputs) -> Score:
    field = criterion.field or ""
    codes = codes_of(inputs.values.get(field))
    found = [(criterion.codes[code], code) for code in codes if code in criterion.codes]
    if not found:
        reason = (
            _not_known(f"{criterion.title.zh}（{field} 未填）", f"{criterion.title.en} ({field} is not filled in)")
            if not codes
            else _not_known(
                f"{field} = {'、'.join(codes)} 没有对应的分值", f"{field} = {', '.join(codes)} has no score"
            )
        )
        return Score(name, *_range(criterion), None, reason)
    best, code = max(found)
    title, spec = criterion.title, inputs.fields.get(field)
    known = None if spec is None else spec.codes.get(code)
    word = Text(f"{field} = {code}", f"{field} = {code}") if known is None else known.title
    return Score(name, best, best, None, Text(f"{title.zh}：{word.zh}", f"{title.en}: {word.en}"))


def _by_zones(name: str, criterion: Criterion, relations: Mapping[str, Relation]) -> Score:
    """Score by the zones; those overlapped for certain give at least their score, possible ones perhaps."""
    low = high = 0.0
    certain: list[Text] = []
    doubtful: list[Text] = []
    for zone in criterion.zones:
        relation = relations.get(zone.layer)
        answer = "not known" if relation is None else relation.answer(zone.classes)
        if answer == "no":
            continue
        high = max(high, zone.score)
        title = Text(zone.layer, zone.layer) if relation is None else relation.wording(zone.classes)
        if answer == "yes":
            low = max(low, zone.score)
            certain.append(title)
        else:
            doubtful.append(title)
    parts = []
    if certain:
        named = joined(certain)
        parts.append(Text(f"涉及 {named.zh}", f"overlaps {named.en}"))
    if doubtful:
        named = joined(doubtful)
        parts.append(_not_known(f"是否涉及 {named.zh}", f"whether it overlaps {named.en}"))
    if not parts:
        parts.append(Text("不涉及所列保护区", "overlaps none of the protected zones"))
    reason = joined(parts, "；", "; ")
    return Score(name, low, high, None, reason)


def _range(criterion: Criterion) -> Interval:
    """Return the lowest and the highest score that there can be."""
    scores = [corner.score for corner in criterion.line] + [step.score for step in criterion.steps]
    scores += list(criterion.codes.values())
    return min(scores), max(scores)


def _between(criterion: Criterion, value: Interval) -> Interval:
    """Return lowest and highest score for values of an interval."""
    low, high = value
    scores = [_at(criterion, low), _at(criterion, high)]
    # Inside the interval a broken line can only turn at its corners, and steps only change at their ends.
    scores += [corner.score for corner in criterion.line if low < corner.at < high]
    reached = low
    for step in criterion.steps:
        if reached < high and (step.to is None or step.to > low):
            scores.append(step.score)
        reached = max(reached, high if step.to is None else step.to)
    return min(scores), max(scores)


def _at(criterion: Criterion, value: float) -> float:
    if criterion.steps:
        return next(step.score for step in criterion.steps if step.to is None or value <= step.to)
    corners = criterion.line
    if value <= corners[0].at:
        return corners[0].score
    for one, other in pairwise(corners):
        if value <= other.at:
            return one.score + (other.score - one.score) * (value - one.at) / (other.at - one.at)
    return corners[-1].score
