"""All ways in which a site can lie towards the zones of one layer that differ for the conditions at hand.

More ways are allowed than geometry knows (areas of several zones are only bounded by the largest and by the sum), so
that what is found impossible here is impossible.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from zoning.layers.catalogue import Layer
from zoning.rules.lint.fact_answers import MOST_VECTORS, TooManyError, Vector, around
from zoning.rules.places import COMPARISONS, Where

_MOST_STATES = 60_000
_OTHER = "…"
"""A class or a zone that no condition names."""
_DEEP = -1.0
"""The distance of a site that overlaps: nearer than any limit."""
_NO_VALUES: Mapping[str, str] = {}
Quantity = Literal["area", "share", "length"]
_QUANTITIES: tuple[Quantity, ...] = ("area", "share", "length")


@dataclass(frozen=True, slots=True)
class _State:
    """How a site lies towards the zones of one kind; `overlap` is only possible within the accuracy of the layer."""

    distance_m: float
    overlap: Literal["none", "possible", "certain"] = "none"
    area: float = 0.0
    share: float = 0.0
    length: float = 0.0
    inside: bool = False


def place_vectors(layer: Layer | None, asked: Sequence[Where]) -> list[Vector]:
    """Return every combination of truths that the zones of one layer can give to the conditions on it.

    Parameters
    ----------
    layer
        None where the workspace does not hold it: then any class may exist.
    asked
        Conditions whose limits are quantities, not names of values.

    Raises
    ------
    TooManyError
        When there are too many to go through.
    """
    kinds = _kinds(layer, asked)
    states = _states(asked)
    if len(states) ** len(kinds) > _MOST_STATES:
        raise TooManyError
    found: set[Vector] = set()
    for chosen in product(states, repeat=len(kinds)):
        told = [
            _truths(where, [s for s, kind in zip(chosen, kinds, strict=True) if kind[i]])
            for i, where in enumerate(asked)
        ]
        found.update(product(*told))
        if len(found) > MOST_VECTORS:
            raise TooManyError
    return sorted(found)


def _kinds(layer: Layer | None, asked: Sequence[Where]) -> list[Vector]:
    """Return the kinds of zones: those of one kind are meant by the same conditions."""
    named = {name for where in asked for name in where.classes}
    classes = sorted(named | {_OTHER}) if layer is None else list(layer.classes)
    zones = sorted({name for where in asked for name in where.zones} | {_OTHER})
    return sorted(
        {
            tuple(
                (not where.classes or class_id in where.classes) and (not where.zones or zone in where.zones)
                for where in asked
            )
            for class_id in classes
            for zone in zones
        }
    )


def _states(asked: Sequence[Where]) -> list[_State]:
    distances = {limit for where in asked for _, limit in where.limits("distance", _NO_VALUES)}
    far = [point for point in around(distances) if point > 0] or [1.0]
    touching = [0.0] if distances or any(where.relation == "touches" for where in asked) else []
    states = [_State(distance) for distance in (*touching, *far)]
    if any(where.certainty == "possible" for where in asked):
        states.append(_State(0.0, "possible"))
    amounts = product(*(_amounts(asked, quantity) for quantity in _QUANTITIES))
    whole = any(where.relation in ("inside", "outside") for where in asked)
    top = max((limit for where in asked for _, limit in where.limits("share", _NO_VALUES) if limit < 1.0), default=0.0)
    for area, share, length in amounts:
        states.append(_State(_DEEP, "certain", area, share, length))
        if whole and share > top:
            states.append(_State(_DEEP, "certain", area, share, length, inside=True))
    return states


def _amounts(asked: Sequence[Where], quantity: Quantity) -> list[float]:
    limits = {limit for where in asked for _, limit in where.limits(quantity, _NO_VALUES)}
    points = [point for point in around(limits) if point > 0]
    if limits and min(limits) > 0:
        points = [min(limits) / 2, *points]
    most = 1.0 if quantity == "share" else float("inf")
    return [point for point in points if point <= most] + ([1.0] if quantity == "share" else []) or [1.0]


def _truths(where: Where, states: Sequence[_State]) -> tuple[bool, ...]:
    """Return the truths that a condition can have, given how the site lies towards the zones that it means."""
    if where.relation == "within":
        nearest = min((state.distance_m for state in states), default=float("inf"))
        return (_holds(where.limits("distance", _NO_VALUES), nearest),)
    overlapping = [state for state in states if state.overlap == "certain"]
    if where.relation == "touches":
        if not overlapping and any(state.overlap == "possible" for state in states):
            return (True, False)
        return (bool(overlapping) or any(state.distance_m == 0 for state in states),)
    if where.relation in ("inside", "outside"):
        told = _inside(overlapping)
        return told if where.relation == "inside" else tuple(not truth for truth in told)
    if where.certainty == "possible":
        overlapping = [state for state in states if state.overlap != "none"]
        if any(state.overlap == "possible" for state in overlapping) and (where.area or where.share or where.length):
            return (True, False)
    return _amount_truths(where, overlapping)


def _inside(overlapping: Sequence[_State]) -> tuple[bool, ...]:
    if any(state.inside for state in overlapping):
        return (True,)
    # Several zones together can hold the whole site.
    return (True, False) if len(overlapping) > 1 else (False,)


def _amount_truths(where: Where, overlapping: Sequence[_State]) -> tuple[bool, ...]:
    if not overlapping:
        return (False,)
    told: tuple[bool, ...] = (True,)
    for quantity in _QUANTITIES:
        limits = where.limits(quantity, _NO_VALUES)
        if not limits:
            continue
        amounts = [_AMOUNT[quantity](state) for state in overlapping]
        least, most = max(amounts), sum(amounts)
        ends = {_holds(limits, least), _holds(limits, most)}
        between = any(least < limit < most for _, limit in limits)
        own = (True, False) if len(ends) > 1 or between else tuple(ends)
        told = tuple({one and other for one in told for other in own})
    return told


_AMOUNT: dict[Quantity, Callable[[_State], float]] = {
    "area": lambda state: state.area,
    "share": lambda state: state.share,
    "length": lambda state: state.length,
}


def _holds(limits: Iterable[tuple[str, float]], value: float) -> bool:
    return all(COMPARISONS[relation](value, limit) for relation, limit in limits)
