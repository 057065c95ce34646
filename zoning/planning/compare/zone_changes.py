"""Which zones were added, removed, renamed or changed: matched by their ids, then by the ground they share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely

from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.flows import Flows
from zoning.planning.compare.ground import ROUNDING_M2

MATCH_SHARE = 0.5
"""Two zones with different ids are the same zone when they share more than this part of what they cover together.

Above one half no zone can have two partners. No document sets this figure.
"""

Kind = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """One zone: all records with the same id.

    Attributes
    ----------
    kind
        `renamed`: only id or name differ; `changed`: borders, class or an attribute.
    matched_by
        `id` or `area`; None where it has no partner.
    what
        `id`, `name`, `class`, `geometry`, `attribute:<field>`.
    area_a, area_b, shared
        As the records are drawn; square metres, or metres of lines.
    """

    kind: Kind
    matched_by: Literal["id", "area"] | None
    id_a: str | None
    id_b: str | None
    name_a: str
    name_b: str
    classes_a: tuple[str, ...]
    classes_b: tuple[str, ...]
    area_a: float
    area_b: float
    shared: float
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """All that changed, and how many did not."""

    changes: tuple[ZoneChange, ...]
    unchanged: int
    redrawn: int


@dataclass(slots=True)
class _Zone:
    """The records of one id."""

    records: list[int] = field(default_factory=list)
    names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    attributes: tuple[tuple[tuple[str, str], ...], ...] = ()
    shapes: tuple[bytes, ...] = ()
    area: float = 0.0


@dataclass(slots=True)
class Shared:
    """Ground that zones of two editions share, by their ids."""

    by_ids: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))

    @classmethod
    def of(cls, a: PlaneLayer, b: PlaneLayer, flows: Flows, amounts: Sequence[float]) -> "Shared":
        """Sum up the flows; `amounts` (n,) of the zones of `a`: m², of lines m."""
        found = cls()
        for one, other in flows.same.tolist():
            found.by_ids[a.ids[one], b.ids[other]] += float(amounts[one])
        for flow in flows.changed:
            if flow.zone_a is not None and flow.zone_b is not None:
                found.by_ids[a.ids[flow.zone_a], b.ids[flow.zone_b]] += flow.amount
        return found


def zone_changes(
    a: PlaneLayer,
    b: PlaneLayer,
    shared: Shared,
    amounts: tuple[Sequence[float], Sequence[float]],
    share: float = MATCH_SHARE,
) -> ZoneTable:
    """Compare the zones of two editions.

    Parameters
    ----------
    amounts
        Area, or length, of every record of either side.
    share
        See `MATCH_SHARE`; not below one half.
    """
    one, other = _zones(a, amounts[0]), _zones(b, amounts[1])
    both = [name for name in one if name in other]
    pairs: list[tuple[str, str, Literal["id", "area"]]] = [(name, name, "id") for name in both]
    gone, new = [name for name in one if name not in other], [name for name in other if name not in one]
    by_area = _partners(one, other, (set(gone), set(new)), shared, share)
    pairs += [(first, second, "area") for first, second in by_area]
    changes: list[ZoneChange] = []
    unchanged = redrawn = 0
    for first, second, by in pairs:
        common = shared.by_ids.get((first, second), 0.0)
        found, moved = _differences(one[first], other[second], common, renamed=first != second)
        redrawn += moved
        if found:
            kind: Kind = "renamed" if set(found) <= {"id", "name"} else "changed"
            changes.append(_change(kind, by, (first, one[first]), (second, other[second]), common, found))
        else:
            unchanged += 1
    matched = {pair[0] for pair in by_area}, {pair[1] for pair in by_area}
    changes += [_change("removed", None, (n, one[n]), None, 0.0, ()) for n in gone if n not in matched[0]]
    changes += [_change("added", None, None, (n, other[n]), 0.0, ()) for n in new if n not in matched[1]]
    return ZoneTable(tuple(sorted(changes, key=_order)), unchanged, redrawn)


def _order(change: ZoneChange) -> tuple[str, str, str]:
    return change.kind, change.id_a or change.id_b or "", change.id_b or ""


def _zones(layer: PlaneLayer, amounts: Sequence[float]) -> dict[str, _Zone]:
    found: dict[str, _Zone] = defaultdict(_Zone)
    for number, name in enumerate(layer.ids):
        found[name].records.append(number)
    shapes = shapely.to_wkb(layer.whole()).tolist()
    for zone in found.values():
        mine = zone.records
        zone.names = tuple(sorted({layer.names[n] for n in mine}))
        zone.classes = tuple(sorted({layer.class_ids[n] for n in mine}))
        zone.attributes = tuple(sorted({tuple(sorted(layer.attributes[n].items())) for n in mine}))
        zone.shapes = tuple(sorted(shapes[n] for n in mine))
        zone.area = float(sum(float(amounts[n]) for n in mine))
    return dict(found)


def _partners(
    one: dict[str, _Zone], other: dict[str, _Zone], left: tuple[set[str], set[str]], shared: Shared, share: float
) -> list[tuple[str, str]]:
    found: list[tuple[float, str, str]] = []
    for (first, second), common in shared.by_ids.items():
        if first in left[0] and second in left[1]:
            together = one[first].area + other[second].area - common
            if together > 0 and common / together > share:
                found.append((-common / together, first, second))
    pairs: list[tuple[str, str]] = []
    taken: set[tuple[int, str]] = set()
    for _, first, second in sorted(found):
        if not taken & {(0, first), (1, second)}:
            taken |= {(0, first), (1, second)}
            pairs.append((first, second))
    return sorted(pairs)


def _differences(one: _Zone, other: _Zone, common: float, *, renamed: bool) -> tuple[tuple[str, ...], int]:
    """Return what differs, and 1 where only the vertices of the border do and not the ground."""
    found = ["id"] if renamed else []
    found += ["name"] if one.names != other.names else []
    found += ["class"] if one.classes != other.classes else []
    redrawn = 0
    if one.shapes != other.shapes:
        apart = one.area + other.area - 2 * common
        if abs(apart) > max(ROUNDING_M2, 1e-9 * max(one.area, other.area)):
            found.append("geometry")
        else:
            redrawn = 1
    if one.attributes != other.attributes:
        found += [f"attribute:{name}" for name in _fields(one, other)]
    return tuple(found), redrawn


def _fields(one: _Zone, other: _Zone) -> Iterable[str]:
    before, after = ({key: set[str]() for key in _keys(zone)} for zone in (one, other))
    for zone, values in ((one, before), (other, after)):
        for record in zone.attributes:
            for key, value in record:
                values[key].add(value)
    # Two zones can hold the same values in another combination: then all fields that vary are named.
    differing = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return differing or sorted({*before, *after})


def _keys(zone: _Zone) -> set[str]:
    return {key for record in zone.attributes for key, _ in record}


def _change(
    kind: Kind,
    by: Literal["id", "area"] | None,
    one: tuple[str, _Zone] | None,
    other: tuple[str, _Zone] | None,
    common: float,
    what: tuple[str, ...],
) -> ZoneChange:
    before, after = one[1] if one else _Zone(), other[1] if other else _Zone()
    return ZoneChange(
        kind,
        by,
        one[0] if one else None,
        other[0] if other else None,
        " / ".join(before.names),
        " / ".join(after.names),
        before.classes,
        after.classes,
        before.area,
        after.area,
        common,
        what,
    )


def areas_of(layer: PlaneLayer) -> Sequence[float]:
    """Return area (m²), or geodesic length (m), of every record of a layer."""
    if layer.layer.geometry == "line":
        return [layer.plane.length_m(line) for line in layer.whole()]
    found: list[float] = np.asarray(shapely.area(layer.whole())).tolist()
    return found
