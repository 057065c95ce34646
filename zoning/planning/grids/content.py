"""Cells with the zones, registers and people in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from zoning.layers.responsible import Person
from zoning.overlay import beside
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.repair import polygonal
from zoning.planning.grids.cells import Cells, GridCell
from zoning.planning.grids.entries import (
    CellEntry,
    Gap,
    Grid,
    LayerOfGrid,
    MissingOfGrid,
    PersonEntry,
    Standard,
    ZoneInCell,
    ZonePerson,
)
from zoning.planning.grids.people import CellPerson
from zoning.planning.grids.scheme import GridScheme, Listed
from zoning.planning.statistics.ground import Ground, HeldLayer
from zoning.planning.statistics.lines import lines_of
from zoning.texts import Text

Kind = Literal["zone", "register"]

_ROUNDING_M2 = 1e-2
_ROUNDING_M = 1e-2
"""What is smaller comes from the precision grid of the cells."""

_NOT_HELD = Text("工作空间没有这个图层", "the workspace has no such layer")


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """A layer with the zones that are listed of it."""

    kind: Kind
    held: HeldLayer
    wanted: np.ndarray[tuple[int], np.dtype[np.int64]]
    tree: shapely.STRtree


def grid_entry(
    ground: Ground,
    cells: Cells,
    scheme: GridScheme,
    *,
    standard: Standard,
    people: Sequence[CellPerson],
    notice: Text,
) -> Grid:
    """Return the grid with what lies in each cell.

    Zones are measured one by one: where two of a layer overlap each other, the land counts for both.
    """
    sources = [found for kind, one in _asked(scheme) if (found := _source(ground, kind, one)) is not None]
    centres = ground.plane.to_lonlat([cell.geometry.representative_point() for cell in cells.cells])
    return Grid(
        territory=ground.code,
        name=ground.name,
        on=ground.on,
        area_m2=ground.area_m2,
        title=scheme.title,
        crs=cells.lattice.crs,
        cell_m=cells.lattice.side_m,
        minimum_m2=cells.minimum_m2,
        slivers=scheme.slivers,
        standard=standard,
        notes=scheme.notes,
        notice=notice,
        layers=tuple(_layer(one) for one in sources),
        missing=tuple(_missing(ground, scheme)),
        cells=tuple(
            _cell(cell, sources, standard.officers, people, ground.plane, centre)
            for cell, centre in zip(cells.cells, centres, strict=True)
        ),
    )


def _asked(scheme: GridScheme) -> Iterator[tuple[Kind, Listed]]:
    for one in scheme.zones:
        yield "zone", one
    for one in scheme.registers:
        yield "register", one


def _source(ground: Ground, kind: Kind, one: Listed) -> _Source | None:
    held = ground.held(one.layer)
    if held is None:
        return None
    names = [held.zones.class_ids[int(number)] for number in held.near]
    wanted = np.flatnonzero([not one.classes or name in one.classes for name in names]).astype(np.int64)
    return _Source(kind, held, wanted, shapely.STRtree(held.shapes[wanted]))


def _layer(source: _Source) -> LayerOfGrid:
    layer = source.held.layer
    return LayerOfGrid(
        layer=layer.id,
        title=layer.title,
        kind=source.kind,
        edition=source.held.zones.edition_id,
        sha256=source.held.zones.sha256,
        schematic=layer.schematic,
        classes={name: layer.classes[name].title for name in source.held.zones.class_order},
    )


def _missing(ground: Ground, scheme: GridScheme) -> Iterator[MissingOfGrid]:
    gone = {one.layer.id: one for one in ground.missing}
    for name in dict.fromkeys(one.layer for _, one in _asked(scheme)):
        if ground.held(name) is not None:
            continue
        one = gone.get(name)
        title, reason = (None, _NOT_HELD) if one is None else (one.layer.title, one.reason)
        yield MissingOfGrid(layer=name, title=title, reason=reason)


def _cell(
    cell: GridCell,
    sources: Sequence[_Source],
    officers: int | None,
    people: Sequence[CellPerson],
    plane: MeasuringPlane,
    centre: shapely.Point,
) -> CellEntry:
    shapely.prepare(cell.geometry)
    return CellEntry(
        code=cell.code,
        row=cell.row,
        column=cell.column,
        area_m2=cell.area_m2,
        sliver=cell.sliver,
        joined=cell.joined,
        officers=officers,
        zones=tuple(zone for one in sources for zone in _zones(cell, one, plane)),
        gaps=tuple(gap for one in sources if (gap := _gap(cell, one.held)) is not None),
        people=tuple(
            PersonEntry(name=one.name, role=one.role, office=one.office, contact=one.contact)
            for one in people
            if one.cell == cell.code
        ),
        centre=(round(centre.x, 6), round(centre.y, 6)),
    )


def _zones(cell: GridCell, source: _Source, plane: MeasuringPlane) -> Iterator[ZoneInCell]:
    held, layer = source.held, source.held.layer
    met = np.sort(source.tree.query(cell.geometry, predicate="intersects"))
    numbers = source.wanted[met]
    land = cell.geometry if held.uncovered is None else beside.difference(cell.geometry, held.uncovered)
    for number, common in zip(numbers.tolist(), beside.common(held.shapes[numbers], land), strict=True):
        lines = layer.geometry == "line"
        size = plane.length_m(lines_of(common)) if lines else float(polygonal(common).area)
        if size < (_ROUNDING_M if lines else _ROUNDING_M2):
            continue
        zone = int(held.near[number])
        told = layer.responsible
        yield ZoneInCell(
            kind=source.kind,
            layer=layer.id,
            id=held.zones.ids[zone],
            name=held.zones.names[zone],
            class_=held.zones.class_ids[zone],
            area_m2=None if lines else size,
            length_m=size if lines else None,
            responsible=None if told is None else _person(told.of(held.zones.attributes[zone])),
        )


def _person(person: Person) -> ZonePerson:
    return ZonePerson(title=person.title, name=person.name, office=person.office, contact=person.contact)


def _gap(cell: GridCell, held: HeldLayer) -> Gap | None:
    if held.uncovered is None:
        return None
    area = float(polygonal(beside.intersection(cell.geometry, held.uncovered)).area)
    return Gap(layer=held.layer.id, area_m2=area) if area > held.tolerance_m2 else None
