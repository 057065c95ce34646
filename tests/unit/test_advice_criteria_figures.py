"""Figures by which places are ranked: measured in metres and shares; what nobody knows counts nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from given_ground import CORE, RIM, WORLD, GivenGround, array, local
from zoning.advice.obstacles import Obstacle
from zoning.advice.recheck import Recheck
from zoning.advice.scene import Scene, at
from zoning.advice.selection.criteria import Criteria
from zoning.advice.selection.slope import SlopeRaster
from zoning.advice.selection.weights import CRITERIA, Weights
from zoning.advice.terms import Level

ROAD = shapely.LineString([(0, 0), (1000, 0)])
TRACK = shapely.LineString([(0, 500), (1000, 500)])
PLAIN = {"road_distance": {"layer": "roads", "keep_off": "10"}, "farmland": {"layer": "fields"}}
HERE = shapely.box(112.0, 35.0, 112.001, 35.001)


@dataclass(eq=False)
class GivenScene:
    """Obstacles and ground that are given."""

    ground: GivenGround
    restricting: Sequence[Obstacle] = ()
    questions: Sequence[Obstacle] = ()

    @property
    def obstacles(self) -> Any:
        return SimpleNamespace(of=lambda grade: list(self.restricting) if grade == "restricts" else [])


def criteria(
    layers: Mapping[str, Any] | None = None,
    *,
    coverage: Mapping[str, BaseGeometry] | None = None,
    weights: Mapping[str, Any] | None = None,
    slopes: Sequence[SlopeRaster] = (),
    **obstacles: Sequence[Obstacle],
) -> Criteria:
    ground = GivenGround(dict(layers or {}), coverage=dict(coverage or {}))
    scene: Any = GivenScene(ground, **obstacles)
    return Criteria(scene, Weights.model_validate({**PLAIN, **(weights or {})}), slopes)


def figures(made: Criteria, name: str, *shapes: BaseGeometry) -> list[float | None]:
    values: list[Any] = made.rough(array(shapes), array([HERE] * len(shapes)))
    assert [set(one) for one in values] == [set(CRITERIA)] * len(shapes)
    return [one[name] for one in values]


ROADS = local("roads", [("highway", ROAD), ("track", TRACK)])
FIELDS = local("fields", [("priority", CORE), ("other", RIM)])


@pytest.mark.parametrize(
    ("shape", "classes", "far"),
    [
        (shapely.box(0, 100, 10, 110), [], 100.0),
        (shapely.box(0, 480, 10, 490), [], 10.0),
        (shapely.box(0, 480, 10, 490), ["highway"], 480.0),
        (shapely.box(0, -5, 10, 5), [], 0.0),
        (shapely.box(1003, 4, 1010, 10), [], 5.0),
        (shapely.box(0, 100, 10, 110), ["none"], None),
        # Beyond what the layer covers nobody knows which road is the nearest.
        (shapely.box(2490, 100, 2510, 110), [], None),
    ],
)
def test_the_distance_to_the_nearest_road(shape: BaseGeometry, classes: list[str], far: float | None) -> None:
    made = criteria({"roads": ROADS}, weights={"road_distance": {"layer": "roads", "classes": classes}})
    assert figures(made, "road_distance", shape) == [pytest.approx(far) if far is not None else None]


@pytest.mark.parametrize("layers", [{}, {"roads": None}, {"roads": local("roads", [])}])
def test_without_roads_there_is_no_distance(layers: dict[str, Any]) -> None:
    assert figures(criteria(layers), "road_distance", CORE, RIM) == [None, None]


def test_distances_come_in_the_order_of_the_places() -> None:
    shapes = [shapely.box(0, y, 10, y + 10) for y in (300, 20, 150)]
    assert figures(criteria({"roads": ROADS}), "road_distance", *shapes) == pytest.approx([190.0, 20.0, 150.0])


@pytest.mark.parametrize(
    ("shape", "classes", "share"),
    [
        (shapely.box(120, 120, 180, 180), [], 1.0),
        (CORE, [], 1.0),
        (shapely.box(50, 100, 150, 200), [], 0.5),
        (shapely.box(175, 100, 275, 200), [], 0.25),
        (shapely.box(600, 600, 700, 700), [], 0.0),
        # It only touches a field.
        (shapely.box(200, 100, 300, 200), [], 0.0),
        # Two fields: 20 m of each of 240 m.
        (shapely.box(180, 100, 420, 200), [], 40 / 240),
        (shapely.box(180, 100, 420, 200), ["priority"], 20 / 240),
        (shapely.box(120, 120, 180, 180), ["other"], 0.0),
        (shapely.box(2490, 100, 2510, 110), [], None),
    ],
)
def test_the_share_on_farmland(shape: BaseGeometry, classes: list[str], share: float | None) -> None:
    made = criteria({"fields": FIELDS}, weights={"farmland": {"layer": "fields", "classes": classes}})
    assert figures(made, "farmland", shape) == [pytest.approx(share) if share is not None else None]


def test_land_in_two_fields_counts_once() -> None:
    twice = local("fields", [("priority", CORE), ("other", shapely.box(150, 100, 250, 200))])
    assert figures(criteria({"fields": twice}), "farmland", shapely.box(100, 100, 300, 200)) == pytest.approx([0.75])


@pytest.mark.parametrize(
    ("layers", "share"), [({}, None), ({"fields": None}, None), ({"fields": local("fields", [])}, 0.0)]
)
def test_no_field_is_known_only_where_the_layer_has_data(layers: dict[str, Any], share: float | None) -> None:
    assert figures(criteria(layers), "farmland", CORE) == [share]


@pytest.mark.parametrize(("beyond", "known"), [(0.5, True), (1.5, False)])
def test_two_drawings_of_one_coverage_differ_by_less_than_a_metre(beyond: float, known: bool) -> None:
    made = criteria({"fields": FIELDS}, coverage={"fields": shapely.box(0, 0, 200 - beyond, 1000)})
    assert (figures(made, "farmland", CORE) == [1.0]) is known


RULES = [
    Obstacle((CORE,), ("R001", "R002")),
    Obstacle((RIM,), ("R001",)),
    Obstacle((shapely.box(0, 0, 300, 300), shapely.box(150, 0, 300, 300)), ("R003",)),
]


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        (shapely.box(600, 600, 700, 700), 0.0),
        (shapely.box(410, 110, 420, 120), 1.0),
        # A rule counts once, however many of its zones are touched.
        (shapely.box(100, 100, 500, 200), 3.0),
        (shapely.box(110, 110, 120, 120), 2.0),
        # A combination counts where all of its areas are touched.
        (shapely.box(10, 10, 20, 20), 0.0),
        (shapely.box(140, 10, 160, 20), 1.0),
    ],
)
@pytest.mark.parametrize("name", ["restrictions", "questions"])
def test_rules_are_counted_once_each(shape: BaseGeometry, count: float, name: str) -> None:
    given: dict[str, Any] = {"restricting" if name == "restrictions" else "questions": RULES}
    made = criteria(**given)
    assert figures(made, name, shape) == [count]
    other = "questions" if name == "restrictions" else "restrictions"
    assert figures(made, other, shape) == [0.0]


def test_the_slope_is_that_of_the_place_in_degrees() -> None:
    # The place covers the two columns in the middle of the second row.
    slopes = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 5.0, 15.0, 1.0], [1.0, 1.0, 1.0, 1.0]])
    raster = SlopeRaster(slopes, west=111.9995, north=35.002, wide=0.0005, high=0.001)
    assert figures(criteria(slopes=[raster]), "slope", CORE) == [pytest.approx(10.0, rel=1e-3)]
    assert figures(criteria(), "slope", CORE) == [None]


@pytest.mark.parametrize(
    ("keep_off", "layers", "wide"),
    [("10", {"roads": ROADS}, 20.0), ("25", {"roads": ROADS}, 50.0), ("0", {"roads": ROADS}, None), ("10", {}, None),
     ("10", {"roads": local("roads", [])}, None)],
)  # fmt: skip
def test_places_keep_off_the_roads(keep_off: str, layers: dict[str, Any], wide: float | None) -> None:
    made = criteria(layers, weights={"road_distance": {"layer": "roads", "keep_off": keep_off, "classes": ["highway"]}})
    found = made.kept_off()
    if wide is None:
        assert found == []
        return
    ((one,),) = (obstacle.areas for obstacle in found)
    assert one.bounds[3] - one.bounds[1] == pytest.approx(wide)
    assert found[0].rules == ()


GOOD: dict[Any, float | None] = dict.fromkeys(CRITERIA, 0.0)


@pytest.mark.parametrize(
    ("values", "score"),
    [
        ({}, 1.0),
        # Weights 2, 2, 2, 1, 1: half of the worst costs half of the weight.
        ({"slope": 12.5}, 7 / 8),
        ({"slope": 25.0}, 6 / 8),
        ({"slope": 80.0}, 6 / 8),
        ({"road_distance": 1_500.0}, 7 / 8),
        ({"farmland": 0.5}, 7 / 8),
        ({"farmland": 1.0}, 6 / 8),
        ({"restrictions": 1.0}, 7.8 / 8),
        ({"questions": 5.0}, 7 / 8),
        # What has no data counts as the worst there is.
        ({"slope": None}, 6 / 8),
        (dict.fromkeys(CRITERIA, None), 0.0),
        ({"slope": 12.5, "road_distance": 1_500.0, "farmland": 0.5, "restrictions": 1.0, "questions": 5.0}, 3.8 / 8),
    ],
)
def test_the_score_is_the_weighted_mean(values: dict[Any, float | None], score: float) -> None:
    assert criteria().score({**GOOD, **values}) == pytest.approx(score)


def test_a_weight_of_nothing_takes_a_criterion_out() -> None:
    weights = {"slope": {"weight": "0", "worst": "25"}, "farmland": {"layer": "fields", "weight": "6"}}
    made = criteria(weights=weights)
    assert made.score({**GOOD, "slope": None}) == 1.0
    assert made.score({**GOOD, "farmland": 0.5}) == pytest.approx(7 / 10)


def recheck(**values: Any) -> Recheck:
    plain: dict[str, Any] = {
        "decision": "permitted", "summary": None, "area_m2": 1.0, "prohibiting": (), "questions": (), "doubtful": (),
        "restricting": (), "missing_facts": (), "missing_layers": (), "without_data": (), "geometry": CORE,
        "examination": SimpleNamespace(
            verdict=SimpleNamespace(
                site=SimpleNamespace(outside_territories_m2=values.pop("outside_m2", 0.0),
                                     territories_without_rules=values.pop("lawless", ()))
            )
        ),
    }  # fmt: skip
    return Recheck(**{**plain, **values})


def test_a_recheck_says_how_many_rules_there_are() -> None:
    found = criteria().exact({**GOOD, "slope": 3.0}, recheck(restricting=("R001", "R002"), questions=("R003",)))
    assert found == {**GOOD, "slope": 3.0, "restrictions": 2.0, "questions": 1.0}
    assert GOOD["restrictions"] == 0.0


@pytest.mark.parametrize(
    ("values", "unread", "strict", "kept"),
    [
        ({}, (), True, True),
        ({"prohibiting": ("R001",)}, (), True, False),
        ({"prohibiting": ("R001",)}, (), False, False),
        # Where only known prohibitions were to be cleared, doubts are let stand.
        ({"doubtful": ("water",)}, (), True, False),
        ({"doubtful": ("water",)}, (), False, True),
        ({"without_data": ("water",)}, (), True, False),
        ({"outside_m2": 1.0}, (), True, False),
        ({"outside_m2": 1.0}, (), False, True),
        ({"lawless": ("140825",)}, (), True, False),
        # A layer without data anywhere near leaves every place open, and that is said.
        ({"doubtful": ("water",), "without_data": ("water",)}, ("water",), True, True),
        ({"doubtful": ("water", "red")}, ("water",), True, False),
        ({"without_data": ("red",)}, ("water",), True, False),
        ({"missing_layers": ("red",), "questions": ("R001",)}, (), True, True),
    ],
)
def test_an_advice_is_kept_where_its_recheck_holds(
    values: dict[str, Any], unread: tuple[str, ...], strict: bool, kept: bool
) -> None:
    assert recheck(**values).is_kept(unread=unread, strict=strict) is kept


@pytest.mark.parametrize(
    ("decision", "clear"),
    [("permitted", True), ("restricted", True), ("undetermined", False), ("prohibited", False)],
)
def test_a_place_is_clear_where_nothing_is_open(decision: str, clear: bool) -> None:
    assert recheck(decision=decision).clear is clear


@dataclass(eq=False)
class Parts:
    """What a scene is made of."""

    unread: tuple[str, ...] = ()
    inescapable: tuple[str, ...] = ()
    questions: list[Obstacle] = field(default_factory=list)


def scene(parts: Parts | None = None) -> Scene:
    given = parts or Parts()
    nothing: Any = None
    return Scene(
        ground=nothing, footprint=nothing, examination=None, rechecker=nothing, obstacles=nothing,
        forbids=[Obstacle((CORE,), ("R001",))], unknown=[Obstacle((RIM,), ())], questions=given.questions,
        unread=given.unread, inescapable=given.inescapable, everywhere={},
    )  # fmt: skip


ASKING = Obstacle((shapely.box(600, 600, 700, 700),), ("R003",))


@pytest.mark.parametrize(
    ("level", "area", "rules"),
    [("known", 10_000.0, ("R001",)), ("prohibitions", 20_000.0, ("R001",)), ("settled", 30_000.0, ("R001", "R003"))],
)
def test_the_more_caution_the_more_is_stayed_off(level: Any, area: float, rules: tuple[str, ...]) -> None:
    found = scene(Parts(questions=[ASKING])).forbidden(level)
    assert found.area.area == pytest.approx(area)
    assert found.rules == rules


def test_what_was_learned_is_stayed_off_from_then_on() -> None:
    made = scene()
    assert made.forbidden("known").area.area == pytest.approx(10_000.0)
    made.learned.append(Obstacle((WORLD,), ("R009",)))
    assert made.forbidden("known").rules == ("R001", "R009")


@pytest.mark.parametrize(
    ("level", "values", "kept"),
    [
        ("known", {}, True),
        ("known", {"doubtful": ("water",)}, True),
        ("prohibitions", {"doubtful": ("water",)}, False),
        ("prohibitions", {"questions": ("R003",)}, True),
        ("settled", {"questions": ("R003",)}, False),
        ("settled", {}, True),
        # Of the rules that no move settles nothing better is to be had.
        ("settled", {"questions": ("R008",)}, True),
        ("settled", {"questions": ("R008", "R003")}, False),
        ("known", {"prohibiting": ("R001",)}, False),
    ],
)
def test_each_level_asks_more_of_a_recheck(level: Level, values: dict[str, Any], kept: bool) -> None:
    assert scene(Parts(inescapable=("R008",))).is_kept(recheck(**values), level) is kept


def test_without_a_recheck_nothing_is_kept() -> None:
    assert not scene().is_kept(None, "known")


def test_layers_without_data_anywhere_leave_every_place_open() -> None:
    doubt = recheck(doubtful=("water",))
    assert not scene().is_kept(doubt, "prohibitions")
    assert scene(Parts(unread=("water",))).is_kept(doubt, "prohibitions")


def test_an_area_that_is_searched_was_not_examined() -> None:
    with pytest.raises(AssertionError):
        _ = scene().examined


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (5.0, 0.0), (-3.5, 12.0)])
def test_a_shape_is_moved_as_it_is(east: float, north: float) -> None:
    found = at(CORE, east, north)
    assert found.bounds == (100 + east, 100 + north, 200 + east, 200 + north)
    assert CORE.bounds == (100, 100, 200, 200)
