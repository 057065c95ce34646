"""What differs between two states of a layer: no site that may come out otherwise is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import audit_layer
from overlay_world import TITLE, box_m
from zoning.layers.catalogue import Coverage, Edition, ZoneClass
from zoning.layers.reader import Unavailable
from zoning.overlay import beside
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.differing import definition_change, differing_shapes
from zoning.texts import Text

CORE, RIM, FAR = box_m(0, 0, 100, 100), box_m(200, 0, 300, 100), box_m(400, 0, 500, 100)
ZONES = [("Z1", "core", CORE), ("Z2", "rim", RIM), ("Z3", "rim", FAR)]
NAMES = ("甲", "乙", "丙")
ROWS: tuple[Mapping[str, str], ...] = ({"grade": "1"}, {"grade": "2"}, {})


def state(
    zones: Sequence[tuple[str, str, BaseGeometry]] = ZONES,
    names: Sequence[str] = NAMES,
    rows: Sequence[Mapping[str, str]] = ROWS,
    **more: Any,
) -> PlaneLayer:
    """Return a layer with three zones; its definition is always the same."""
    whole = audit_layer("water", ZONES, names=NAMES, attributes=ROWS)
    made = audit_layer("water", zones, names=tuple(names), attributes=rows, **more).features
    return PlaneLayer.of(replace(made, layer=whole.layer, edition=whole.features.edition), whole.plane.plane)


def defined(layer: PlaneLayer, **changes: Any) -> PlaneLayer:
    """Return a layer whose definition says something else."""
    return replace(layer, layer=layer.layer.model_copy(update=changes))


def differing(a: PlaneLayer, b: PlaneLayer) -> list[str]:
    """Return which of the three places lie in what differs."""
    shapes, reason = differing_shapes(a, b)
    assert reason is None
    places = dict(zip(("Z1", "Z2", "Z3"), state().whole(), strict=True))
    return [name for name, place in places.items() if shapely.intersects(shapes, place.centroid).any()]


BASE = state()


def test_the_same_state_read_twice_differs_nowhere() -> None:
    shapes, reason = differing_shapes(BASE, state())
    assert (len(shapes), reason) == (0, None)


@pytest.mark.parametrize(
    ("after", "places"),
    [
        (state(names=("甲", "新乙", "丙")), ["Z2"]),
        (state(rows=({"grade": "1"}, {"grade": "3"}, {})), ["Z2"]),
        (state(rows=({"grade": "1"}, {"grade": "2"}, {"grade": ""})), ["Z3"]),
        (state([("Z1", "core", CORE), ("Z2", "core", RIM), ("Z3", "rim", FAR)]), ["Z2"]),
        (state([("Z9", "core", CORE), *ZONES[1:]]), ["Z1"]),
        (state([ZONES[0], ("Z2", "rim", box_m(200, 0, 300, 100.001)), ZONES[2]]), ["Z2"]),
        # Added and removed.
        (state(ZONES[:2], NAMES[:2], ROWS[:2]), ["Z3"]),
        (state(ZONES[1:], NAMES[1:], ROWS[1:]), ["Z1"]),
        (state([*ZONES, ("Z4", "rim", FAR)], (*NAMES, "丁"), (*ROWS, {})), ["Z3"]),
        # Two at once.
        (state(names=("新甲", "乙", "新丙")), ["Z1", "Z3"]),
        # The same record twice is one more record.
        (state([*ZONES, ZONES[2]], (*NAMES, "丙"), (*ROWS, {})), ["Z3"]),
        # In another order nothing is taken for the same: of two zones the first of the file counts.
        (state(ZONES[::-1], NAMES[::-1], ROWS[::-1]), ["Z1", "Z2", "Z3"]),
        ([], ["Z1", "Z2", "Z3"]),
    ],
)
def test_records_that_only_one_side_has(after: PlaneLayer | list[Any], places: list[str]) -> None:
    other = after if isinstance(after, PlaneLayer) else state([], (), ())
    assert differing(BASE, other) == places
    assert differing(other, BASE) == places


def test_of_a_zone_that_moved_both_places_differ() -> None:
    after = state([("Z1", "core", box_m(0, 50, 100, 150)), *ZONES[1:]])
    shapes, _ = differing_shapes(BASE, after)
    united = beside.union(shapes)
    assert united.area == pytest.approx(15_000.0, rel=1e-2)


def test_attributes_in_another_order_are_the_same() -> None:
    one = state(rows=({"grade": "1", "note": "x"}, *ROWS[1:]))
    other = state(rows=({"note": "x", "grade": "1"}, *ROWS[1:]))
    assert differing(one, other) == []


def test_a_zone_without_a_class_on_one_side_concerns_all() -> None:
    shapes, reason = differing_shapes(BASE, state(assumed=(True, False, False)))
    assert len(shapes) == 0
    assert reason == Text(
        "图层“water”只有一方有未标类别的区", "layer 'water' has zones without a class on one side only"
    )


def test_zones_without_a_class_on_both_sides_are_compared() -> None:
    one, other = state(assumed=(True, False, False)), state(assumed=(True, True, False))
    assert differing(one, other) == ["Z2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"accuracy_m": 5.0},
        {"tolerance": 9.0},
        {"classes": {"core": ZoneClass(title=TITLE, codes=("OTHER",)), "rim": ZoneClass(title=TITLE, codes=("RIM",))}},
        {"attributes": {"grade": TITLE}},
        {"geometry": "line"},
    ],
)
def test_what_bears_on_every_site(changes: dict[str, Any]) -> None:
    base = BASE.layer
    assert definition_change(base, base.model_copy(update=changes), (("a",), ("a",)))
    shapes, reason = differing_shapes(BASE, defined(BASE, **changes))
    assert len(shapes) == 0
    if "attributes" in changes:
        # The made layer has the attribute already, under another title.
        assert reason is not None
    assert reason == Text(
        "图层“water”的定义不同（精度、容差、类别或字段）",
        "layer 'water' is defined in another way (accuracy, tolerance, classes or fields)",
    )


def test_the_order_of_classes_bears_on_every_site() -> None:
    turned = {name: BASE.layer.classes[name] for name in reversed(BASE.layer.classes)}
    assert definition_change(BASE.layer, BASE.layer.model_copy(update={"classes": turned}), ((), ()))
    assert definition_change(BASE.layer, BASE.layer, (("core", "rim"), ("rim", "core")))
    assert differing_shapes(BASE, replace(BASE, class_order=("rim", "core")))[1] is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"title": Text("新名", "new name")},
        {"authority": Text("新局", "new office")},
        {"source": Text("新", "new")},
        {"notes": (Text("注", "note"),)},
        {"crs": "EPSG:4490"},
        {"schematic": True},
        {"id_field": "code"},
        {"name_field": "title"},
        {"class_field": "kind"},
        {"group": "risk"},
        {"public": True},
        {"coverage": Coverage(territories=("140825",))},
        {"editions": {"2024": Edition(file="data/new.gpkg", valid_from="2024-01-01")}},
    ],
)
def test_how_a_layer_is_read_and_called_is_no_change_by_itself(changes: dict[str, Any]) -> None:
    assert not definition_change(BASE.layer, BASE.layer.model_copy(update=changes), ((), ()))


def test_titles_and_notes_of_classes_are_no_change() -> None:
    renamed = {
        name: one.model_copy(update={"title": Text("新", "new"), "note": Text("注", "note")})
        for name, one in BASE.layer.classes.items()
    }
    assert not definition_change(BASE.layer, BASE.layer.model_copy(update={"classes": renamed}), ((), ()))


GONE = Unavailable(BASE.layer, None, Text("没有文件", "no file"))
PASSING = replace(GONE, passing=True)
ONE_SIDE = Text("图层“water”有一方不可用", "layer 'water' cannot be used on one side")


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        (GONE, BASE, ONE_SIDE),
        (BASE, GONE, ONE_SIDE),
        # On both sides it is "no data" for all sites, as before.
        (GONE, GONE, None),
        (GONE, replace(GONE, reason=Text("别的原因", "another reason")), None),
        # A database that did not answer may answer for the next site.
        (PASSING, GONE, ONE_SIDE),
        (GONE, PASSING, ONE_SIDE),
        (PASSING, PASSING, ONE_SIDE),
        # The definition is another: accuracy bears on what is said of the layer.
        (GONE, replace(GONE, layer=BASE.layer.model_copy(update={"accuracy_m": 5.0})), ONE_SIDE),
    ],
)
def test_a_layer_that_cannot_be_used(a: Any, b: Any, reason: Text | None) -> None:
    shapes, told = differing_shapes(a, b)
    assert (len(shapes), told) == (0, reason)


LAND = box_m(-1000, -1000, 1000, 1000)


def covering(area: BaseGeometry) -> PlaneLayer:
    return state(coverage=area)


def test_the_same_coverage_differs_nowhere() -> None:
    assert differing(covering(LAND), covering(LAND)) == []


@pytest.mark.parametrize(
    ("before", "after", "area", "places"),
    [
        (LAND, box_m(-1000, -1000, 350, 1000), 1_300_000.0, ["Z3"]),
        (box_m(-1000, -1000, 350, 1000), LAND, 1_300_000.0, ["Z3"]),
        # A hole in the coverage, right over a zone.
        (LAND, LAND.difference(box_m(190, -10, 310, 110)), 14_400.0, ["Z2"]),
        # Moved: land lost on one side, gained on the other.
        (box_m(-1000, -1000, 350, 1000), box_m(-900, -1000, 480, 1000), 460_000.0, ["Z3"]),
    ],
)
def test_land_that_only_one_side_speaks_of(
    before: BaseGeometry, after: BaseGeometry, area: float, places: list[str]
) -> None:
    shapes, reason = differing_shapes(covering(before), covering(after))
    assert reason is None
    assert shapely.area(shapes).sum() == pytest.approx(area, rel=1e-2)
    wanted = [name for name in ("Z1", "Z2", "Z3") if name in places]
    inside = [
        name
        for name, place in zip(("Z1", "Z2", "Z3"), BASE.whole(), strict=True)
        if any(one.contains(place.centroid) for one in shapes if one.area > 0)
    ]
    assert inside == wanted


def test_a_border_drawn_with_another_vertex_differs_by_its_edges() -> None:
    # The same land, but the last digits of what is measured beside that edge can come out otherwise.
    corners = [*shapely.get_coordinates(LAND)[:-1].tolist()]
    bent = shapely.Polygon([corners[0], *corners[1:2], [corners[1][0] - 510, corners[1][1]], *corners[2:]])
    assert shapely.equals(bent, LAND)
    shapes, reason = differing_shapes(covering(LAND), covering(bent))
    assert reason is None
    lines = [one for one in shapes if one.geom_type == "LineString"]
    assert lines
    assert all(len(line.coords) == 2 for line in lines)


def test_edges_are_the_same_in_either_direction() -> None:
    corners = shapely.get_coordinates(LAND).tolist()
    shapes, _ = differing_shapes(covering(LAND), covering(shapely.Polygon(corners[::-1])))
    assert not [one for one in shapes if not one.is_empty]


def test_states_are_not_changed() -> None:
    one, other = state(), state(names=("甲", "新乙", "丙"))
    before = [(shapely.to_wkb(side.whole()).tolist(), list(side.ids)) for side in (one, other)]
    differing_shapes(one, other)
    assert [(shapely.to_wkb(side.whole()).tolist(), list(side.ids)) for side in (one, other)] == before
