"""What differs between two editions of a layer, written down by hand: no file is read and nothing is overlaid."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from overlay_world import layer
from zoning.planning.compare.layer_change import LayerChange
from zoning.planning.compare.matrix import Cell, Matrix, Total
from zoning.planning.compare.zone_changes import ZoneChange, ZoneTable

COUNTY = "140522"
Moved = tuple[str, str, float]
"""Class before, class after, square metres."""


def change(
    cells: Sequence[Moved],
    *,
    zones: Sequence[ZoneChange] = (),
    place: str = COUNTY,
    covered: tuple[bool, bool] = (True, True),
    unit: Literal["m2", "m"] = "m2",
    **values: Any,
) -> LayerChange:
    """Return the change of the layer "water" with the classes level-1, level-2; totals are the sums of the cells."""
    made = tuple(Cell(place, *cell) for cell in cells)
    sides: dict[str, dict[str, float]] = {"before": {}, "after": {}}
    for cell in made:
        for side, totals in sides.items():
            name = getattr(cell, side)
            totals[name] = totals.get(name, 0.0) + cell.amount
    before, after = (tuple(Total(place, *one) for one in totals.items()) for totals in sides.values())
    nothing = cast("Any", None)
    plain: dict[str, Any] = {
        "layer": layer("water"),
        "unit": unit,
        "before": nothing,
        "after": nothing,
        "classes_before": ("level-1", "level-2"),
        "classes_after": ("level-1", "level-2"),
        "townships": Matrix((), (), ()),
        "territories": Matrix(made, before, after),
        "places": {place: "阳城县"},
        "covered": {place: covered},
        "zone_territories": {zone.id_a: (place,) for zone in zones if zone.id_a is not None},
        "zones": ZoneTable(tuple(zones), 0, 0),
        "attributes": {},
        "attributes_before": {},
        "pieces": (),
        "slivers": nothing,
    }
    return LayerChange(**{**plain, **values})


def zone(id_a: str | None, area_a: float, area_b: float, **values: Any) -> ZoneChange:
    """Return a zone that changed its borders."""
    plain: dict[str, Any] = {
        "kind": "changed",
        "matched_by": "id",
        "id_a": id_a,
        "id_b": id_a,
        "name_a": f"区{id_a}",
        "name_b": f"区{id_a}",
        "classes_a": ("level-1",),
        "classes_b": ("level-1",),
        "area_a": area_a,
        "area_b": area_b,
        "shared": min(area_a, area_b),
        "what": ("geometry",),
    }
    return ZoneChange(**{**plain, **values})


def recorded(zone_id: str, **fields: str) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """Return the attributes of one zone."""
    return {zone_id: (fields,)}
