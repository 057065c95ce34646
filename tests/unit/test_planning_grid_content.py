"""What lies in the cells of a grid: zones, things of registers, people, and land of which nobody knows."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import audit_layer
from overlay_world import PLANE, box_m
from zoning.citations import Citation
from zoning.layers.catalogue import Layer
from zoning.layers.responsible import Responsible
from zoning.planning.grids.cells import Cells, GridCell
from zoning.planning.grids.content import grid_entry
from zoning.planning.grids.entries import CellEntry, Grid, Standard
from zoning.planning.grids.lattice import Lattice
from zoning.planning.grids.people import CellPerson
from zoning.planning.grids.scheme import GridScheme
from zoning.planning.statistics.ground import Ground, HeldLayer, MissingLayer
from zoning.texts import Text

X, Y = 671_000.0, 4_519_000.0
ON = date(2026, 6, 1)
NOTICE = Text("说明", "notice")
LATTICE = Lattice("EPSG:4525", 100.0, "37", 37_000_000.0)
NO_STANDARD = Standard(officers=None, stated=None, citation=None, binds=False)
Zone = tuple[str, str, BaseGeometry]


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a box of the measuring plane."""
    return shapely.box(X + west, Y + south, X + east, Y + north)


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in places])


def cell(code: str, shape: BaseGeometry, row: int = 0, **values: Any) -> GridCell:
    plain: dict[str, Any] = {"column": 0, "area_m2": shape.area, "sliver": False, "joined": ()}
    return GridCell(code=code, row=row, geometry=shape, **{**plain, **values})


NORTH, SOUTH = cell("N", box(0, 100, 100, 200), 1), cell("S", box(0, 0, 100, 100))


def held(
    name: str,
    *zones: Zone,
    uncovered: BaseGeometry | None = None,
    tolerance: float = 1.0,
    near: Sequence[int] | None = None,
    rows: Sequence[Mapping[str, str]] = (),
    **definition: Any,
) -> HeldLayer:
    """Return a layer whose zones are given in the measuring plane; `near`: their numbers among all of the layer."""
    numbers = list(range(len(zones))) if near is None else list(near)
    order = [numbers.index(n) if n in numbers else 0 for n in range(max(numbers, default=-1) + 1)]
    # Where they lie is told by the shapes: those of the layer itself are asked for nothing here.
    stand_in = {"LineString": shapely.LineString(shapely.get_coordinates(box_m(0, 0, 1, 1))[:2])}
    every = [(*zones[place][:2], stand_in.get(zones[place][2].geom_type, box_m(0, 0, 1, 1))) for place in order]
    shapes = np.empty(len(zones), dtype=object)
    shapes[:] = [shape for *_, shape in zones]
    made = audit_layer(
        name, every, names=tuple(f"区{zone}" for zone, *_ in every), attributes=[rows[n] for n in order] if rows else ()
    ).plane
    if definition:
        made = _defined(made, definition)
    return HeldLayer(made, np.asarray(numbers, dtype=np.int64), shapes, uncovered, tolerance)


def _defined(made: Any, definition: Mapping[str, Any]) -> Any:
    from dataclasses import replace

    return replace(made, layer=cast("Layer", made.layer).model_copy(update=dict(definition)))


def scheme(zones: Sequence[Any] = (), registers: Sequence[Any] = (), **values: Any) -> GridScheme:
    def listed(asked: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"layer": one} if isinstance(one, str) else one for one in asked]

    plain = {"id": "grid", "title": {"zh": "网格", "en": "grid"}, "cell": 100.0}
    return GridScheme.model_validate({**plain, "zones": listed(zones), "registers": listed(registers), **values})


def grid(
    layers: Sequence[HeldLayer] = (),
    asked: GridScheme | None = None,
    *,
    cells: Sequence[GridCell] = (NORTH, SOUTH),
    people: Sequence[CellPerson] = (),
    missing: Sequence[MissingLayer] = (),
    standard: Standard = NO_STANDARD,
) -> Grid:
    land = box(0, 0, 100, 200)
    ground = Ground("140522", "阳城县", land, ON, PLANE, tuple(layers), tuple(missing))
    wanted = scheme([one.layer.id for one in layers]) if asked is None else asked
    made = Cells(LATTICE, 500.0, tuple(cells))
    return grid_entry(ground, made, wanted, standard=standard, people=people, notice=NOTICE)


def told(found: Grid) -> dict[str, list[tuple[str, str, float | None]]]:
    def row(one: CellEntry) -> list[tuple[str, str, float | None]]:
        return [(zone.layer, zone.id, round(zone.area_m2 or 0, 4)) for zone in one.zones]

    return {one.code: row(one) for one in found.cells}


@pytest.mark.parametrize(
    ("zones", "found"),
    [
        ([], {"N": [], "S": []}),
        ([("Z1", "one", box(10, 10, 20, 20))], {"N": [], "S": [("red", "Z1", 100.0)]}),
        # Across the border of two cells, and beyond the territory.
        ([("Z1", "one", box(10, 90, 20, 130))], {"N": [("red", "Z1", 300.0)], "S": [("red", "Z1", 100.0)]}),
        ([("Z1", "one", box(-50, 10, 10, 20))], {"N": [], "S": [("red", "Z1", 100.0)]}),
        # The whole cell.
        ([("Z1", "one", box(-50, -50, 150, 100))], {"N": [], "S": [("red", "Z1", 10_000.0)]}),
        # It touches a cell, or lies far away.
        ([("Z1", "one", box(100, 0, 200, 100))], {"N": [], "S": []}),
        ([("Z1", "one", box(500, 0, 600, 100))], {"N": [], "S": []}),
        # Two zones that overlap each count with all of their land, in the order of the layer.
        ([("Z2", "one", box(0, 0, 10, 10)), ("Z1", "one", box(5, 0, 15, 10))],
         {"N": [], "S": [("red", "Z2", 100.0), ("red", "Z1", 100.0)]}),
        # What the precision grid of the cells leaves is no zone.
        ([("Z1", "one", box(0, 100, 100, 100.000_09))], {"N": [], "S": []}),
        ([("Z1", "one", box(0, 100, 100, 100.000_11))], {"N": [("red", "Z1", 0.011)], "S": []}),
    ],
)  # fmt: skip
def test_zones_are_listed_in_the_cells_that_they_lie_in(zones: list[Zone], found: dict[str, Any]) -> None:
    assert told(grid([held("red", *zones)])) == found


def test_a_zone_stands_with_name_and_class() -> None:
    (zone,) = grid([held("red", ("Z1", "core", box(10, 10, 20, 20)))]).cells[1].zones
    assert zone.model_dump(by_alias=True) == {
        "kind": "zone", "layer": "red", "id": "Z1", "name": "区Z1", "class": "core",
        "area_m2": pytest.approx(100.0), "length_m": None, "responsible": None,
    }  # fmt: skip


def test_numbers_of_zones_are_those_of_the_whole_layer() -> None:
    # Of five zones of the layer two lie near the territory: the second and the fifth.
    layer = held("red", ("B", "two", box(0, 0, 10, 10)), ("E", "five", box(0, 100, 10, 110)), near=(1, 4))
    found = grid([layer])
    assert [(one.zones[0].id, one.zones[0].class_) for one in found.cells] == [("E", "five"), ("B", "two")]


@pytest.mark.parametrize(
    ("classes", "zones"),
    [
        ((), ["A", "B", "C"]),
        (("one",), ["A", "C"]),
        (("two",), ["B"]),
        (("one", "two"), ["A", "B", "C"]),
        (("three",), []),
    ],
)
def test_only_the_classes_that_are_asked_for_are_listed(classes: tuple[str, ...], zones: list[str]) -> None:
    layer = held("red", *((name, kind, box(0, 0, 10, 10)) for name, kind in (("A", "one"), ("B", "two"), ("C", "one"))))
    found = grid([layer], scheme([{"layer": "red", "classes": list(classes)}]))
    assert [zone.id for zone in found.cells[1].zones] == zones


def test_registers_are_listed_behind_the_zones() -> None:
    layers = [held("mines", ("M1", "one", box(0, 0, 10, 10))), held("red", ("Z1", "one", box(0, 0, 10, 10)))]
    found = grid(layers, scheme(["red"], ["mines"]))
    assert [(zone.kind, zone.id) for zone in found.cells[1].zones] == [("zone", "Z1"), ("register", "M1")]
    assert [(one.layer, one.kind) for one in found.layers] == [("red", "zone"), ("mines", "register")]


def test_of_lines_the_length_is_told() -> None:
    rail = held("rail", ("L1", "one", line((50, 50), (50, 150), (150, 150))))
    north, south = grid([rail]).cells
    expected = PLANE.length_m(line((50, 50), (50, 100)))
    assert south.zones[0].length_m == pytest.approx(expected)
    assert south.zones[0].area_m2 is None
    assert north.zones[0].length_m == pytest.approx(PLANE.length_m(line((50, 100), (50, 150), (100, 150))))


@pytest.mark.parametrize(("long", "count"), [(0.005, 0), (0.05, 1)])
def test_less_than_a_centimetre_of_line_is_rounding(long: float, count: int) -> None:
    rail = held("rail", ("L1", "one", line((50, 50), (50, 100 + long))))
    assert len(grid([rail]).cells[0].zones) == count


RESPONSIBLE = Responsible.model_validate(
    {"title": {"zh": "河长", "en": "river chief"}, "field": "chief", "office_field": "office", "contact_field": "phone"}
)


def test_who_answers_for_a_zone_is_told_where_the_layer_says_it() -> None:
    rows = [{"chief": "张三", "office": "水利局", "phone": "123"}, {"chief": "", "office": "", "phone": ""}]
    layer = held(
        "rivers",
        ("R1", "one", box(0, 0, 10, 10)),
        ("R2", "one", box(20, 0, 30, 10)),
        rows=rows,
        responsible=RESPONSIBLE,
    )
    one, other = (zone.responsible for zone in grid([layer]).cells[1].zones)
    assert one is not None
    assert (one.title.zh, one.name, one.office, one.contact) == ("河长", "张三", "水利局", "123")
    # Nothing is recorded: that is told, not left out.
    assert other is not None
    assert (other.title.zh, other.name, other.office, other.contact) == ("河长", None, None, None)


@pytest.mark.parametrize(
    ("uncovered", "tolerance", "gaps"),
    [
        (None, 1.0, {"N": None, "S": None}),
        (box(0, 0, 100, 50), 1.0, {"N": None, "S": 5_000.0}),
        (box(0, 50, 100, 150), 1.0, {"N": 5_000.0, "S": 5_000.0}),
        # Exactly the tolerance is none yet.
        (box(0, 0, 10, 10), 100.0, {"N": None, "S": None}),
        (box(0, 0, 10, 10), 99.0, {"N": None, "S": 100.0}),
    ],
)
def test_land_without_data_is_told_for_every_cell(
    uncovered: BaseGeometry | None, tolerance: float, gaps: dict[str, float | None]
) -> None:
    found = grid([held("red", uncovered=uncovered, tolerance=tolerance)])
    areas = {one.code: next((gap.area_m2 for gap in one.gaps), None) for one in found.cells}
    assert areas == {code: None if area is None else pytest.approx(area) for code, area in gaps.items()}


def test_a_zone_counts_only_where_its_layer_speaks() -> None:
    layer = held("red", ("Z1", "one", box(0, 0, 20, 10)), uncovered=box(0, 0, 5, 10))
    assert told(grid([layer]))["S"] == [("red", "Z1", 150.0)]
    nowhere = held("red", ("Z1", "one", box(0, 0, 5, 10)), uncovered=box(0, 0, 50, 50))
    assert told(grid([nowhere]))["S"] == []


def test_layers_without_data_are_named_with_the_reason() -> None:
    gone = MissingLayer(held("water").layer, "2020", Text("没有文件", "no file"))
    found = grid([held("red")], scheme(["red", "water"], ["mines", "water"]), missing=[gone])
    assert [(one.layer, one.title and one.title.zh, one.reason.zh, one.reason.en) for one in found.missing] == [
        ("water", "water", "没有文件", "no file"),
        ("mines", None, "工作空间没有这个图层", "the workspace has no such layer"),
    ]
    assert [one.layer for one in found.layers] == ["red"]


def test_a_layer_stands_with_its_edition_and_classes() -> None:
    (one,) = grid([held("red", ("Z1", "core", box(0, 0, 1, 1)), ("Z2", "rim", box(0, 0, 1, 1)), schematic=True)]).layers
    assert (one.edition, one.sha256, one.schematic, list(one.classes)) == ("2020", "0" * 64, True, ["core", "rim"])


def test_people_stand_in_their_cells() -> None:
    people = [CellPerson("S", "张三", "队长", "大队", "123"), CellPerson("N", "李四"), CellPerson("S", "王五")]
    north, south = grid(people=people).cells
    assert [one.name for one in south.people] == ["张三", "王五"]
    assert south.people[0].model_dump() == {"name": "张三", "role": "队长", "office": "大队", "contact": "123"}
    assert [one.name for one in north.people] == ["李四"]


@pytest.mark.parametrize("officers", [None, 2])
def test_every_cell_has_the_officers_of_the_standard(officers: int | None) -> None:
    cited = Citation(document="plan", section="第五章")
    found = grid(standard=Standard(officers=officers, stated=2, citation=cited, binds=officers is not None))
    assert [one.officers for one in found.cells] == [officers, officers]
    assert (found.standard.stated, found.standard.citation) == (2, cited)


def test_a_cell_stands_with_its_place() -> None:
    bent = cell("L", shapely.Polygon(shapely.get_coordinates(box(0, 0, 100, 100))), sliver=True,
                joined=("A", "B"))  # fmt: skip
    (one,) = grid(cells=[bent]).cells
    assert (one.code, one.row, one.column, one.area_m2, one.sliver, one.joined) == (
        "L",
        0,
        0,
        10_000.0,
        True,
        ("A", "B"),
    )
    lon, lat = one.centre
    inside = PLANE.to_plane([shapely.Point(lon, lat)], "EPSG:4490", step_m=85.0)[0]
    assert bent.geometry.contains(inside)
    assert (round(lon, 6), round(lat, 6)) == one.centre


def test_the_head_of_a_grid() -> None:
    found = grid(asked=scheme(notes=[{"zh": "注", "en": "note"}], slivers="name"))
    assert (found.territory, found.name, found.on, found.area_m2) == ("140522", "阳城县", ON, 20_000.0)
    assert (found.crs, found.cell_m, found.minimum_m2, found.slivers) == ("EPSG:4525", 100.0, 500.0, "name")
    assert (found.title.zh, [note.en for note in found.notes], found.notice) == ("网格", ["note"], NOTICE)


def test_a_grid_survives_being_written_and_read() -> None:
    layer = held("red", ("Z1", "core", box(10, 10, 20, 20)), uncovered=box(0, 100, 100, 150))
    found = grid([layer], scheme(["red", "water"]), people=[CellPerson("S", "张三")])
    assert Grid.model_validate_json(found.to_json()) == found
    assert found.layer("red").edition == "2020"


def test_many_zones_fill_a_cell_once() -> None:
    chance = np.random.default_rng(3)
    cuts = [0.0, *np.sort(chance.uniform(0, 100, 12)).tolist(), 100.0]
    strips = [(f"Z{n}", "one", box(w, -20, e, 230)) for n, (w, e) in enumerate(pairwise(cuts))]
    for one in grid([held("red", *strips)]).cells:
        assert sum(zone.area_m2 or 0 for zone in one.zones) == pytest.approx(one.area_m2, abs=0.2)
