"""Relations where a milder answer than the zones allow would slip through: levels not told, borders not exact."""

from datetime import date

import pytest
import shapely

from overlay_world import DAY, PLANE, box_m, footprint, metres
from overlay_world import features as zones_of
from zoning.layers.catalogue import Edition, Layer, ZoneClass
from zoning.layers.reader import Features
from zoning.overlay.measure import PlaneLayer, measure
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.facts import FactSheet
from zoning.rules.finding import decide_place
from zoning.rules.rule import Rule
from zoning.rules.situation import Situation
from zoning.rules.truth import Place, Truth
from zoning.texts import Text

SOME = Text("某", "some")
SITE = box_m(0, 0, 100, 100)
COVERED = shapely.box(111.0, 34.0, 114.0, 39.0)
CLASSES = {
    "core": ZoneClass(title=SOME, codes=("C",)),
    "outer": ZoneClass(title=SOME, codes=("O",)),
    "unzoned": ZoneClass(title=SOME, codes=("U",), may_be=("core", "outer")),
    "line": ZoneClass(title=SOME, codes=("L",)),
}
EDITIONS = {
    "old": Edition(file="o", valid_from=date(2000, 1, 1), classes=("core", "outer", "unzoned")),
    "new": Edition(file="n", valid_from=date(2020, 1, 1), classes=("line",)),
}


def found(
    *zones: tuple[shapely.Polygon, str],
    edition: str = "old",
    accuracy_m: float = 0.0,
    assumed: bool = False,
    coverage: shapely.Polygon = COVERED,
) -> tuple[Layer, LayerOverlap]:
    raw = zones_of(list(zones), crs="EPSG:4525", accuracy_m=accuracy_m, coverage=coverage)
    layer = raw.layer.model_copy(update={"classes": CLASSES, "editions": EDITIONS})
    changes = {"layer": layer, "edition_id": edition, "edition": EDITIONS[edition], "assumed": (assumed,) * len(zones)}
    features = Features(**{name: getattr(raw, name) for name in Features.__dataclass_fields__} | changes)
    near = PlaneLayer.of(features, PLANE)
    return layer, measure(footprint(SITE, "EPSG:4525"), near, search_m=5000.0, tolerance_m2=1.0)


def decide(measured: tuple[Layer, LayerOverlap], relation: str, *classes: str, distance: str | None = None) -> Place:
    layer, overlap = measured
    where = {"layer": layer.id, "classes": list(classes), "relation": relation, "distance": distance}
    rule = Rule.model_validate(
        {
            "id": "R001",
            "document": "d",
            "title": SOME,
            "says": SOME,
            "citation": {"document": "d", "section": "一", "lines": "L1", "anchor": "某"},
            "territories": ["t"],
            "in_force": {"from": "2020-01-01"},
            "scope": "zone",
            "where": where,
            "effect": "prohibit",
        }
    )
    area = overlap.covered_m2 + overlap.uncovered_m2
    return decide_place(rule, Situation("t", area, {layer.id: overlap}, {layer.id: layer}, FactSheet({}), DAY), {})


NEAR = box_m(300, 0, 400, 100)  # 200 m from the site
AWAY = box_m(3000, 0, 3100, 100)


@pytest.mark.parametrize(
    ("zone", "class_id", "edition", "truth"),
    [
        (NEAR, "core", "old", Truth.TRUE),
        # A zone whose level is not told may be the one that is meant.
        (NEAR, "unzoned", "old", Truth.UNKNOWN),
        (AWAY, "unzoned", "old", Truth.FALSE),
        # So may a zone of an edition that knows no such levels.
        (NEAR, "line", "new", Truth.UNKNOWN),
        (AWAY, "line", "new", Truth.FALSE),
        (NEAR, "outer", "old", Truth.FALSE),
    ],
)
def test_within_minds_levels_that_are_not_told(
    zone: shapely.Polygon, class_id: str, edition: str, truth: Truth
) -> None:
    place = decide(found((zone, class_id), edition=edition), "within", "core", distance="500 m")
    assert place.truth is truth
    assert (place.missing_layer is None) == (truth is not Truth.UNKNOWN)


@pytest.mark.parametrize(("zone", "truth"), [(NEAR, Truth.UNKNOWN), (AWAY, Truth.FALSE)])
def test_a_zone_without_a_class_may_be_of_any(zone: shapely.Polygon, truth: Truth) -> None:
    # It is taken for the strictest class, core; a rule on the outer one cannot be sure that it is not meant.
    nearby = found((zone, "core"), assumed=True)
    assert decide(nearby, "within", "outer", distance="500 m").truth is truth
    assert decide(nearby, "within", "core", distance="500 m").truth is (Truth.TRUE if zone is NEAR else Truth.FALSE)


def test_a_site_in_a_zone_without_a_class_may_be_in_any() -> None:
    inside = found((box_m(-50, -50, 150, 150), "core"), assumed=True)
    assert decide(inside, "overlaps", "core").truth is Truth.TRUE
    place = decide(inside, "overlaps", "outer")
    assert (place.truth, place.missing_layer) == (Truth.UNKNOWN, "water")
    assert place.reason.en == "layer: a zone bears no class, whether it is some cannot be told"


@pytest.mark.parametrize(
    ("margin", "accuracy_m", "truth"),
    [
        (50.0, 10.0, Truth.FALSE),
        # 5 m inside a border that is good to 10 m: it cannot be told that nothing lies outside.
        (5.0, 10.0, Truth.UNKNOWN),
        (5.0, 0.0, Truth.FALSE),
        (-5.0, 10.0, Truth.UNKNOWN),
        (-5.0, 0.0, Truth.TRUE),
        (-30.0, 10.0, Truth.TRUE),
    ],
)
def test_outside_minds_the_accuracy(margin: float, accuracy_m: float, truth: Truth) -> None:
    zone = box_m(-500, -500, 100 + margin, 600)
    place = decide(found((zone, "core"), accuracy_m=accuracy_m), "outside", "core")
    assert place.truth is truth
    if truth is Truth.TRUE:
        assert place.overlap_m2 == pytest.approx(-margin * 100, rel=0.01)


def test_neighbours_of_one_class_have_no_border_between_them() -> None:
    zones = [(box_m(-500, -500, 50, 600), "core"), (box_m(50, -500, 600, 600), "core")]
    assert decide(found(*zones, accuracy_m=10.0), "outside", "core").truth is Truth.FALSE


@pytest.mark.parametrize(
    ("class_id", "assumed", "classes", "truth"),
    [
        ("core", False, ("core",), Truth.FALSE),
        # Inside a zone without a class, taken for the strictest: that it is the wanted one is not certain.
        ("core", True, ("core",), Truth.UNKNOWN),
        ("core", True, (), Truth.FALSE),
        ("unzoned", False, ("core",), Truth.UNKNOWN),
        ("outer", False, ("core",), Truth.TRUE),
    ],
)
def test_outside_minds_levels_that_are_not_told(
    class_id: str,
    assumed: bool,
    classes: tuple[str, ...],
    truth: Truth,
) -> None:
    inside = found((box_m(-500, -500, 600, 600), class_id), assumed=assumed)
    assert decide(inside, "outside", *classes).truth is truth


def test_outside_of_half_the_zones_where_the_other_half_has_no_data() -> None:
    # The coverage ends in the middle of the site, the zone a little farther: outside of both there is no data.
    box = PLANE.to_lonlat([footprint(SITE, "EPSG:4525").geometry])[0].bounds
    middle = (box[0] + box[2]) / 2
    half = found((box_m(-500, -500, 60, 600), "core"), coverage=shapely.box(111.0, 34.0, middle, 39.0))
    place = decide(half, "outside", "core")
    assert (place.truth, place.missing_layer) == (Truth.UNKNOWN, "water")


def test_a_site_in_the_zone_is_within_a_distance_shorter_than_the_accuracy() -> None:
    inside = found((box_m(-500, -500, 600, 600), "core"), accuracy_m=50.0)
    assert decide(inside, "within", "core", distance="20 m").truth is Truth.TRUE
    beside = found((box_m(110, 0, 600, 600), "core"), accuracy_m=50.0)
    assert decide(beside, "within", "core", distance="20 m").truth is Truth.UNKNOWN


def test_neighbours_that_share_a_border_do_not_touch_with_a_tolerance_of_nothing() -> None:
    zones = PlaneLayer.of(zones_of([(box_m(100, 0, 200, 100), "level-1")], crs="EPSG:4525"), PLANE)
    found_ = measure(footprint(SITE, "EPSG:4525"), zones, search_m=10.0, tolerance_m2=0.0)
    assert (found_.status, found_.classes) == ("not_affected", ())


def test_a_line_without_length_neither_stops_the_check_nor_hides_the_others() -> None:
    (x, y), (x2, y2) = metres(-50, 50), metres(150, 50)
    road = shapely.MultiLineString([[(x, y), (x2, y2)], [(x, y), (x, y)]])
    roads = PlaneLayer.of(zones_of([(road, "level-1")], crs="EPSG:4525", lines=True), PLANE)
    crossed = measure(footprint(SITE, "EPSG:4525"), roads, search_m=10.0, tolerance_m2=1.0)
    assert crossed.status == "affected"
    assert crossed.classes[0].length_m == pytest.approx(100, abs=0.1)
    assert [repair.kind for repair in crossed.repairs] == ["collapsed-parts"]
