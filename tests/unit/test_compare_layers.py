"""Two editions of a layer: boxes in metres, so that every figure can be checked by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

import overlay_world as world
from zoning.citations import Citation
from zoning.layers.reader import Unavailable
from zoning.overlay.coverage import Coverage
from zoning.overlay.nearest import Borders
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.zone_index import GeosIndex
from zoning.planning.compare.adjustments import Adjustment, AdjustmentRule, Adjustments, check_moved, check_register
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.ground import disjoint
from zoning.planning.compare.keeps import KeepRule, Keeps, KeptLayer, check_keeps
from zoning.planning.compare.layer_change import Divisions, LayerChange, LayerGap, compare_layer
from zoning.planning.compare.matrix import Cell
from zoning.planning.compare.zone_changes import ZoneChange
from zoning.texts import Text

Zone = tuple[str, str, BaseGeometry]
EVERYWHERE = shapely.box(-10_000, -10_000, 10_000, 10_000)
CITATION = Citation(document="plan", section="第一章")
ON = date(2024, 1, 1)


def covering(area: BaseGeometry) -> Coverage:
    """Return the coverage of an area of the measuring plane."""
    shapes = np.empty(1, dtype=object)
    shapes[0] = area
    return Coverage(area, Borders(shapes))


def plane_layer(
    zones: Sequence[Zone],
    *,
    name: str = "water",
    coverage: BaseGeometry = EVERYWHERE,
    lines: bool = False,
    attributes: Sequence[dict[str, str]] | None = None,
) -> PlaneLayer:
    """Return zones (id, class, geometry) of the measuring plane as a layer."""
    definition = world.layer(name, lines=lines)
    order = tuple(definition.classes)
    shapes = np.empty(len(zones), dtype=object)
    shapes[:] = [zone for _, _, zone in zones]
    numbers = np.asarray([order.index(class_id) for _, class_id, _ in zones], dtype=np.int64)
    assumed = np.zeros(len(zones), dtype=bool)
    return PlaneLayer(
        layer=definition,
        edition_id="2020",
        plane=world.PLANE,
        geometries=shapes,
        index=GeosIndex(shapes, numbers, assumed),
        ids=[zone_id for zone_id, _, _ in zones],
        names=[f"区{zone_id}" for zone_id, _, _ in zones],
        class_ids=[class_id for _, class_id, _ in zones],
        assumed=assumed,
        attributes=attributes or [{} for _ in zones],
        class_order=order,
        class_numbers=numbers,
        zone_repairs={},
        coverage=covering(coverage),
        sha256="0" * 64,
    )


TOWNSHIPS = plane_layer(
    [("east", "level-1", shapely.box(100, -500, 1_000, 500)), ("west", "level-1", shapely.box(-500, -500, 100, 500))],
    name="townships",
)
TERRITORY = plane_layer([("140522", "level-1", shapely.box(-1_000, -1_000, 2_000, 1_000))], name="territory")
DIVISIONS = Divisions.of(TOWNSHIPS, TERRITORY)


def compared(a: PlaneLayer, b: PlaneLayer) -> LayerChange:
    """Compare two layers."""
    found = compare_layer(a, b, DIVISIONS, tolerance=1.0)
    assert isinstance(found, LayerChange)
    return found


BEFORE = plane_layer(
    [
        ("A", "level-1", shapely.box(0, 0, 100, 100)),
        ("B", "level-2", shapely.box(100, 0, 300, 100)),
        ("C", "level-2", shapely.box(400, 0, 500, 100)),
        ("D", "level-2", shapely.box(600, 0, 700, 100)),
    ]
)
AFTER = plane_layer(
    [
        ("A", "level-1", shapely.box(0, 0, 150, 100)),  # 50 x 100 m taken from B
        ("B", "level-2", shapely.box(150, 0, 280, 100)),  # and 20 x 100 m lost
        ("C2", "level-2", shapely.box(400, 0, 500, 100)),  # only another id
        ("E", "level-1", shapely.box(0, 200, 50, 300)),  # new; D is gone
    ]
)


def test_the_matrix_says_what_became_of_every_square_metre() -> None:
    found = compared(BEFORE, AFTER)
    assert found.townships.cells == (
        Cell("east", "level-2", "level-1", 50.0 * 100),
        Cell("east", "level-2", "level-2", 130.0 * 100 + 100 * 100),
        Cell("east", "level-2", NONE, 20.0 * 100 + 100 * 100),
        Cell("west", "level-1", "level-1", 100.0 * 100),
        Cell("west", NONE, "level-1", 50.0 * 100),
    )
    assert found.townships.off_by() == 0.0
    assert [(t.place, t.class_id, t.amount) for t in found.townships.after] == [
        ("east", "level-1", 50.0 * 100),
        ("east", "level-2", 130.0 * 100 + 100 * 100),
        ("west", "level-1", 100.0 * 100 + 50.0 * 100),
    ]


def test_zones_are_matched_by_id_then_by_the_ground_they_share() -> None:
    found = compared(BEFORE, AFTER)
    told = [(z.kind, z.matched_by, z.id_a, z.id_b, z.what, z.shared) for z in found.zones.changes]
    assert told == [
        ("added", None, None, "E", (), 0.0),
        ("changed", "id", "A", "A", ("geometry",), 100.0 * 100),
        ("changed", "id", "B", "B", ("geometry",), 130.0 * 100),
        ("removed", None, "D", None, (), 0.0),
        ("renamed", "area", "C", "C2", ("id", "name"), 100.0 * 100),
    ]
    assert found.zones.unchanged == 0


def test_pieces_are_cut_exactly_and_bear_their_zones() -> None:
    found = compared(BEFORE, AFTER)
    told = [(p.kind, p.before, p.after, p.zone_a, p.zone_b, p.amount) for p in found.pieces]
    assert told == [
        ("gained", NONE, "level-1", None, "E", 5_000.0),
        ("lost", "level-2", NONE, "D", None, 10_000.0),
        ("lost", "level-2", NONE, "B", None, 2_000.0),
        ("reclassified", "level-2", "level-1", "B", "A", 5_000.0),
    ]


def test_land_outside_a_coverage_is_no_data_and_not_gained_or_lost() -> None:
    small = plane_layer(list(zip("AB", ("level-1", "level-2"), BEFORE.whole()[:2], strict=True)))
    small = replace(small, coverage=covering(shapely.box(-50, -50, 350, 150)))
    found = compared(small, AFTER)
    cells = {(c.before, c.after): c.amount for c in found.territories.cells}
    assert cells[NO_DATA, "level-2"] == 100.0 * 100
    assert cells[NO_DATA, "level-1"] == 50.0 * 100
    assert (NONE, "level-1") not in cells
    assert found.covered == {"140522": (False, True)}


def test_what_two_zones_cover_is_counted_once_with_the_stricter() -> None:
    layer = plane_layer([("L", "level-2", shapely.box(0, 0, 100, 100)), ("S", "level-1", shapely.box(50, 0, 150, 100))])
    found = compared(layer, layer)
    assert [(c.before, c.after, c.place, c.amount) for c in found.territories.cells] == [
        ("level-1", "level-1", "140522", 10_000.0),
        ("level-2", "level-2", "140522", 5_000.0),
    ]
    assert found.before.overlap_m2 == 5_000.0
    assert not found.differs


def test_the_same_shape_twice_is_counted_once() -> None:
    box = shapely.box(0, 0, 10, 10)
    shapes = np.asarray([box, shapely.Polygon(box.exterior.coords[::-1])], dtype=object)
    found, taken = disjoint(shapes, np.zeros(2, dtype=np.int64))
    assert (shapely.area(found).tolist(), taken) == ([100.0, 0.0], 100.0)


def test_an_attribute_alone_is_a_change_that_is_named() -> None:
    box = shapely.box(0, 0, 100, 100)
    one = plane_layer([("A", "level-1", box)], attributes=[{"function": "水源涵养", "township": "甲"}])
    other = plane_layer([("A", "level-1", box)], attributes=[{"function": "示意", "township": "甲"}])
    found = compared(one, other)
    assert [z.what for z in found.zones.changes] == [("attribute:function",)]
    assert not found.pieces


def test_other_vertices_on_the_same_border_are_redrawn_and_not_changed() -> None:
    box = shapely.box(0, 0, 100, 100)
    one = plane_layer([("A", "level-1", box)])
    other = plane_layer([("A", "level-1", shapely.segmentize(box, 10))])
    found = compared(one, other)
    assert (found.zones.changes, found.zones.redrawn, found.pieces) == ((), 1, ())


def test_lines_are_compared_in_metres() -> None:
    line = shapely.LineString([(0, 0), (1_000, 0)])
    part = shapely.LineString([(0, 0), (600, 0)])
    other = shapely.LineString([(0, 500), (300, 500)])
    one = plane_layer([("R", "level-1", line), ("S", "level-2", other)], lines=True)
    two = plane_layer([("R", "level-1", part), ("S", "level-2", other)], lines=True)
    found = compared(one, two)
    metre = world.PLANE.length_m(line) / 1_000  # the plane is not true to length here
    cells = {(c.before, c.after): c.amount / metre for c in found.townships.cells}
    assert cells == pytest.approx(
        {
            ("level-1", "level-1"): 600.0,
            ("level-1", NONE): 400.0,
            ("level-2", "level-2"): 300.0,
        },
        rel=1e-6,
    )
    assert found.unit == "m"


def test_a_layer_that_one_side_lacks_is_a_gap_with_its_reason() -> None:
    missing = Unavailable(world.layer(), "2020", Text("文件不存在", "file not found"))
    found = compare_layer(missing, AFTER, DIVISIONS, tolerance=1.0)
    assert isinstance(found, LayerGap)
    assert (found.side, found.reason.en) == ("before", "file not found")


def keeps_of(change: LayerChange, *, began: date = ON, **rule: object) -> list[tuple[str, str, str]]:
    """Check one demand from 2023 on; return aspect, outcome and reason."""
    demand = KeepRule.model_validate(
        {
            "title": Text("某", "some"),
            "citation": CITATION,
            "territories": ("140522",),
            "from": date(2023, 1, 1),
            "layers": (KeptLayer(layer="water"),),
            **rule,
        }
    )
    keeps = Keeps(title=Text("三不", "keeps"), rules={"K": demand})
    found = check_keeps(keeps, {"water": change}, on=ON, begins={"water": began}, tolerance_m2=1.0)
    return [(one.aspect, one.outcome, one.reason.en) for one in found]


def test_less_area_and_another_class_are_not_kept_and_function_is_a_question() -> None:
    assert keeps_of(compared(BEFORE, AFTER)) == [
        ("area", "not_kept", "5.0000 ha (75.00 mu) -> 4.3000 ha (64.50 mu), less by 0.7000 ha (10.50 mu)"),
        ("nature", "not_kept", "reclassified: layer -> layer 0.5000 ha (7.50 mu)"),
        ("function", "undetermined", "the layer does not record how good its function is"),
    ]


def test_land_that_left_leaves_its_nature_open() -> None:
    one = plane_layer([("A", "level-1", shapely.box(0, 0, 100, 100))])
    other = plane_layer([("A", "level-1", shapely.box(10, 0, 110, 100))])
    assert keeps_of(compared(one, other))[:2] == [
        ("area", "kept", "1.0000 ha (15.00 mu) -> 1.0000 ha (15.00 mu)"),
        ("nature", "undetermined", "0.1000 ha (1.50 mu) no longer lie in the layer"),
    ]


def test_a_change_before_the_demand_is_not_said_to_break_it() -> None:
    told = keeps_of(compared(BEFORE, AFTER), began=date(2022, 12, 31))
    assert [outcome for _, outcome, _ in told] == ["undetermined"] * 3


def test_a_demand_that_had_ended_is_not_checked() -> None:
    assert keeps_of(compared(BEFORE, AFTER), to=date(2023, 12, 31)) == []
    assert keeps_of(compared(BEFORE, AFTER), began=date(2023, 6, 1), to=date(2023, 12, 31)) != []


def test_without_coverage_of_the_whole_territory_nothing_is_kept() -> None:
    part = replace(BEFORE, coverage=covering(shapely.box(-50, -50, 750, 150)))
    told = keeps_of(compared(part, BEFORE))
    assert told[0] == ("area", "undetermined", "the earlier edition does not cover the whole territory")
    assert told[1][1] == "undetermined"


RULE = AdjustmentRule.model_validate(
    {
        "title": Text("某", "some"),
        "citation": CITATION,
        "layer": "water",
        "territories": ("1405",),
        "from": date(2021, 1, 1),
        "most_per_year": 1,
        "total_constant": True,
        "must_be_registered": True,
        "in_principle": True,
    }
)


def register(*entries: tuple[str, float, float, bool | None]) -> Adjustments:
    """Return a register with entries: day, m² taken in, m² given up, entered in the system."""
    made = {
        f"n{number}": Adjustment(
            layer="water",
            territory="140522",
            on=date.fromisoformat(day),
            document="某函",
            taken_in=taken,
            given_up=given,
            registered=known,
        )
        for number, (day, taken, given, known) in enumerate(entries, start=1)
    }
    return Adjustments(title=Text("登记", "register"), rules={"R": RULE}, adjustments=made)


def checks(found: Sequence[object]) -> list[tuple[str, str, str]]:
    """Return check, outcome and reason."""
    return [(one.check, one.outcome, one.reason.en) for one in found]  # type: ignore[attr-defined]  # only what is asked for here


def test_two_adjustments_in_a_year_are_one_too_many() -> None:
    found = check_register(register(("2024-02-01", 500, 500, True), ("2024-11-01", 900, 400, None)))
    assert checks(found) == [
        ("frequency", "not_met", "2 adjustments in 2024, no more than 1 a year are allowed (“in principle”)"),
        ("total", "met", "taken in 0.0500 ha (0.75 mu), given up 0.0500 ha (0.75 mu)"),
        ("total", "not_met", "taken in 0.0900 ha (1.35 mu), given up 0.0400 ha (0.60 mu)"),
        ("registered", "met", "it was entered"),
        ("registered", "undetermined", "whether it was entered is not stated"),
    ]


def test_two_adjustments_around_new_year_are_a_question() -> None:
    found = check_register(register(("2023-12-20", 0, 0, True), ("2024-01-05", 0, 0, True)))
    reason = (
        "not in one calendar year, but 2 adjustments within 12 months; "
        "the document does not say which of them a year means"
    )
    assert checks(found)[0] == ("frequency", "undetermined", reason)


def test_what_moved_is_compared_with_what_is_registered_between_the_editions() -> None:
    change = compared(BEFORE, AFTER)  # taken in 50 x 100 m, given up 20 x 100 + 100 x 100 m
    entries = register(("2023-05-01", 5_000, 12_000, True), ("2020-12-31", 9, 9, True), ("2025-01-01", 7, 7, True))
    found = check_moved(entries, change, after=date(2023, 1, 1), until=date(2024, 1, 1))
    assert checks(found) == [
        ("total", "not_met", "0.5000 ha (7.50 mu) gained and 1.2000 ha (18.00 mu) lost in the layer"),
        ("gained", "met", "0.5000 ha (7.50 mu) in the layer, 0.5000 ha (7.50 mu) in the register"),
        ("lost", "met", "1.2000 ha (18.00 mu) in the layer, 1.2000 ha (18.00 mu) in the register"),
    ]


def test_a_boundary_that_moved_without_an_entry_is_found() -> None:
    found = check_moved(register(), compared(BEFORE, AFTER), after=date(2023, 1, 1), until=date(2024, 1, 1))
    assert checks(found)[1] == (
        "gained",
        "not_met",
        "0.5000 ha (7.50 mu) in the layer, 0.0000 ha (0.00 mu) in the register: it moved and nothing is registered",
    )
    unknown = check_moved(register(), compared(BEFORE, AFTER), after=None, until=None)
    assert [one.outcome for one in unknown[1:]] == ["undetermined"] * 2


def test_a_zone_change_keeps_the_classes_of_both_sides() -> None:
    one = plane_layer([("A", "level-1", shapely.box(0, 0, 100, 100))])
    other = plane_layer([("A", "level-2", shapely.box(0, 0, 100, 100))])
    assert compared(one, other).zones.changes == (
        ZoneChange("changed", "id", "A", "A", "区A", "区A", ("level-1",), ("level-2",), 1e4, 1e4, 1e4, ("class",)),
    )
