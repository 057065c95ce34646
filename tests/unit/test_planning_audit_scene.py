"""What an audit looks at: zones that are chosen, territories, land that a layer speaks of."""

from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import EAST_LAND, FIRST, SECOND, WEST_LAND, audit_layer, scene
from overlay_world import PLANE, box_m
from zoning.errors import LayerError
from zoning.planning.audit.plan import Selector
from zoning.planning.audit.scene import Missing, matches, mean_width_m, parts_of, together


def in_plane(shape: BaseGeometry) -> BaseGeometry:
    moved: BaseGeometry = PLANE.to_plane([shape], "EPSG:4525", step_m=85.0)[0]
    return moved


ZONES = [
    ("R1", "core", box_m(100, 100, 200, 200)),
    ("R2", "rim", box_m(900, 100, 1100, 200)),
    ("R3", "rim", box_m(1500, 100, 1600, 200)),
    ("R4", "core", box_m(3000, 100, 3100, 200)),
]
NAMES = ("析城山核心", "析城山外围", "", "蟒河")
ROWS: tuple[dict[str, str], ...] = ({"grade": "1"}, {"grade": "2", "note": "x"}, {}, {"grade": "1", "note": ""})
RED = audit_layer("red", ZONES, names=NAMES, attributes=ROWS)


@pytest.mark.parametrize(
    ("selector", "zones"),
    [
        ({}, ["R1", "R2", "R3", "R4"]),
        ({"classes": ["core"]}, ["R1", "R4"]),
        ({"classes": ["core", "rim"]}, ["R1", "R2", "R3", "R4"]),
        ({"classes": ["none"]}, []),
        ({"names": "析城山"}, ["R1", "R2"]),
        ({"names": "外围$"}, ["R2"]),
        ({"names": "^$"}, ["R3"]),
        ({"where": {"grade": "1"}}, ["R1", "R4"]),
        ({"where": {"grade": "1", "note": ""}}, ["R1", "R4"]),
        ({"where": {"grade": ""}}, ["R3"]),
        ({"where": {"grade": "2", "note": "x"}}, ["R2"]),
        ({"where": {"grade": "2", "note": "y"}}, []),
        ({"classes": ["core"], "names": "析城山", "where": {"grade": "1"}}, ["R1"]),
        ({"classes": ["rim"], "names": "蟒河"}, []),
    ],
)
def test_zones_are_chosen_by_class_name_and_attribute(selector: dict[str, Any], zones: list[str]) -> None:
    chosen = Selector.model_validate({"layer": "red", **selector})
    assert [zone for number, (zone, _, _) in enumerate(ZONES) if matches(RED, number, chosen)] == zones


@pytest.mark.parametrize(
    ("territories", "wanted", "zones"),
    [
        ((), (), ["R1", "R2", "R3", "R4"]),
        ((FIRST,), (), ["R1", "R2"]),
        ((SECOND,), (), ["R2", "R3"]),
        ((FIRST, SECOND), (), ["R1", "R2", "R3"]),
        ((), (FIRST,), ["R1", "R2"]),
        ((SECOND,), (FIRST,), []),
        (("149999",), (), []),
    ],
)
def test_zones_are_chosen_where_they_meet_a_territory(
    territories: tuple[str, ...], wanted: tuple[str, ...], zones: list[str]
) -> None:
    made = scene(RED, wanted=wanted)
    layer, numbers = made.chosen(Selector(layer="red"), territories)
    assert layer is RED
    assert [layer.features.ids[number] for number in numbers] == zones


def test_a_layer_that_is_not_there_is_refused_where_it_is_needed() -> None:
    made = scene()
    assert isinstance(made.layer("red"), Missing)
    with pytest.raises(LayerError) as caught:
        made.chosen(Selector(layer="red"))
    assert (caught.value.get("zh"), caught.value.get("en")) == ("没有", "none")


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (box_m(10, 10, 20, 20), FIRST),
        (box_m(1010, 10, 1020, 20), SECOND),
        (box_m(5000, 10, 5010, 20), None),
        # The point that stands for it lies in the middle.
        (box_m(-900, 10, 940, 20), FIRST),
        (box_m(980, 10, 1100, 20), SECOND),
    ],
)
def test_a_place_belongs_to_the_territory_that_its_middle_lies_in(place: BaseGeometry, code: str | None) -> None:
    assert scene().territory_of(in_plane(place)) == code


def test_a_territory_that_is_not_wanted_is_none() -> None:
    made = scene(wanted=(FIRST,))
    assert made.territory_of(in_plane(EAST_LAND)) is None
    assert list(made.territory_shapes) == [FIRST]
    assert list(made.all_territories) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("wanted", "place", "audited"),
    [
        ((), box_m(9000, 0, 9010, 10), True),
        ((FIRST,), box_m(10, 10, 20, 20), True),
        ((FIRST,), box_m(1010, 10, 1020, 20), False),
        ((FIRST,), shapely.Polygon(), True),
    ],
)
def test_what_is_audited(wanted: tuple[str, ...], place: BaseGeometry, audited: bool) -> None:
    assert scene(wanted=wanted).audited(in_plane(place) if not place.is_empty else place) is audited


@pytest.mark.parametrize(("away_m", "near"), [(0.0, True), (998.0, True), (1003.0, False)])
def test_near_is_within_a_kilometre(away_m: float, near: bool) -> None:
    place = in_plane(box_m(1000 + away_m, 100, 1010 + away_m, 110))
    assert scene(wanted=(FIRST,)).is_near(place) is near


def test_shapes_beside_what_is_audited() -> None:
    shapes = PLANE.to_plane([box_m(1000 + x, 0, 1010 + x, 10) for x in (-20, 0.0, 0.9, 1.2)], "EPSG:4525", step_m=85.0)
    made = scene(wanted=(FIRST,)).beside_audited(np.asarray(shapes))
    assert made is not None
    assert made.tolist() == [True, True, True, False]
    assert scene().beside_audited(np.asarray(shapes)) is None


def test_a_layer_speaks_of_the_territories_that_it_names() -> None:
    layer = audit_layer("red", ZONES, covers=(SECOND, FIRST, "149999"))
    assert [ground.code for ground in scene(layer).grounds(layer)] == [SECOND, FIRST]
    assert [ground.code for ground in scene(layer, wanted=(FIRST,)).grounds(layer)] == [FIRST]


def test_a_layer_with_a_shape_of_its_own_speaks_of_that() -> None:
    layer = audit_layer("red", ZONES, coverage=box_m(500, 0, 1500, 1000))
    (ground,) = scene(layer).grounds(layer)
    assert ground.code is None
    assert ground.area.area == pytest.approx(1e6, rel=2e-3)
    (cut,) = scene(layer, wanted=(FIRST,)).grounds(layer)
    assert cut.area.area == pytest.approx(5e5, rel=2e-3)


def test_accuracies_of_two_borders_add_up_as_squares() -> None:
    made = scene(*(audit_layer(name, ZONES[:1]) for name in ("red", "town")))
    for name, accuracy in (("red", 3.0), ("town", 4.0)):
        made.catalogue.layers[name] = made.catalogue[name].model_copy(update={"accuracy_m": accuracy})
    assert (made.accuracy_m("red"), made.accuracy_m("red", "town"), made.accuracy_m()) == (3.0, 5.0, 0.0)


def test_parts_with_an_area_are_found_however_deep_they_lie() -> None:
    one, two, three = shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1), shapely.box(4, 0, 5, 1)
    flat = shapely.Polygon([(0, 0), (1, 0), (0, 0)])
    inner = shapely.GeometryCollection(
        [shapely.MultiPolygon([two]), shapely.Point(0, 0), shapely.MultiPolygon([three])]
    )
    mixed = shapely.GeometryCollection([one, inner, shapely.LineString([(0, 0), (1, 1)]), flat])
    assert list(parts_of(mixed)) == [one, two, three]
    assert list(parts_of(shapely.Polygon())) == list(parts_of(shapely.Point(0, 0))) == []
    assert shapely.equals(together([one, two]), shapely.MultiPolygon([one, two]))


def test_polygons_are_put_together_and_nothing_else() -> None:
    one = shapely.box(0, 0, 1, 1)
    assert together([one, shapely.Point(5, 5)]).area == 1.0
    assert together([]).is_empty


@pytest.mark.parametrize(("width", "length"), [(0.2, 100.0), (1.0, 1000.0)])
def test_the_mean_width_of_a_strip_is_about_its_width(width: float, length: float) -> None:
    assert mean_width_m(shapely.box(0, 0, length, width)) == pytest.approx(width, rel=0.01)


def test_the_mean_width_of_a_square_is_half_its_side() -> None:
    assert mean_width_m(shapely.box(0, 0, 10, 10)) == 5.0
    assert mean_width_m(shapely.Polygon()) == 0.0


def test_the_digest_of_a_layer_is_that_of_what_it_holds() -> None:
    other = audit_layer("red", ZONES, sha256="1" * 64)
    assert scene(RED).digest("none") == "none"
    assert scene(other).digest("red").startswith("1" * 64)


def test_a_frame_has_true_metres() -> None:
    land = in_plane(WEST_LAND)
    framed = scene().frame(land).to_frame(np.asarray([land], dtype=object))[0]
    width = framed.bounds[2] - framed.bounds[0]
    assert width == pytest.approx(1000.0, rel=0.03)
    assert framed.centroid.distance(shapely.Point(0, 0)) < 2.0
