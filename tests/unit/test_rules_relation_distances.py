"""Distances, sides and shared borders at their limits, with and without an accuracy."""

from dataclasses import replace
from typing import Any

import pytest

from relation_world import HECTARE, clear, decide, hit, overlap, square, zone
from zoning.overlay.overlap import Beyond, LayerOverlap
from zoning.rules.truth import Truth
from zoning.texts import Text

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

# --- within a distance


@pytest.mark.parametrize(
    ("distance", "nearest", "truth"),
    [
        # Half-open: exactly at the distance is outside; `at_most` closes it.
        ("300 m", 299.999, T),
        ("300 m", 300.0, F),
        ({"below": "300 m"}, 300.0, F),
        ({"at_most": "300 m"}, 300.0, T),
        ({"at_most": "300 m"}, 300.001, F),
        ({"at_least": "300 m"}, 300.0, T),
        ({"at_least": "300 m"}, 299.999, F),
        ({"above": "300 m"}, 300.0, F),
        ({"above": "300 m"}, 300.001, T),
        ({"at_least": "100 m", "below": "300 m"}, 100.0, T),
        ({"at_least": "100 m", "below": "300 m"}, 99.999, F),
        ({"at_least": "100 m", "below": "300 m"}, 300.0, F),
        ({"above": "100 m", "at_most": "300 m"}, 100.0, F),
        ({"above": "100 m", "at_most": "300 m"}, 300.0, T),
        # Two bands that follow each other share no distance and leave none out.
        ({"at_least": "300 m", "below": "1 km"}, 300.0, T),
        ({"at_least": "0 m"}, 0.0, T),
    ],
)
def test_a_distance_at_its_limit_in_an_exact_layer(distance: Any, nearest: float, truth: Truth) -> None:
    found = overlap(distances_m={"level-1": nearest})
    assert decide(found, "within", "level-1", distance=distance).truth is truth


@pytest.mark.parametrize(
    ("distance", "nearest", "truth"),
    [
        ("300 m", 289.99, T),
        ("300 m", 290.0, U),
        ("300 m", 310.0, U),
        ("300 m", 310.01, F),
        ({"at_most": "300 m"}, 290.0, U),
        ({"at_most": "300 m"}, 310.0, U),
        ({"at_least": "300 m"}, 289.99, F),
        ({"at_least": "300 m"}, 290.0, U),
        ({"at_least": "300 m"}, 310.0, U),
        ({"at_least": "300 m"}, 310.01, T),
        ({"at_least": "100 m", "below": "300 m"}, 200.0, T),
        ({"at_least": "100 m", "below": "300 m"}, 105.0, U),
        ({"at_least": "100 m", "below": "300 m"}, 295.0, U),
        ({"at_least": "100 m", "below": "300 m"}, 80.0, F),
        ({"at_least": "100 m", "below": "300 m"}, 320.0, F),
    ],
)
def test_a_distance_within_the_accuracy_of_its_limit_is_unknown(distance: Any, nearest: float, truth: Truth) -> None:
    found = overlap(distances_m={"level-1": nearest}, accuracy_m=10.0)
    place = decide(found, "within", "level-1", distance=distance)
    assert place.truth is truth
    assert (place.missing_layer == "water") is (truth is U)


@pytest.mark.parametrize(
    ("reach_m", "truth"),
    [(309.99, U), (310.0, F), (310.01, F)],
)
def test_a_distance_is_denied_only_as_far_as_there_is_data(reach_m: float, truth: Truth) -> None:
    found = clear(accuracy_m=10.0, covered_reach_m=reach_m)
    assert decide(found, "within", "level-1", distance="300 m").truth is truth
    # What is not known to be near is not known to be far either.
    opposite = {U: U, F: T}[truth]
    assert decide(found, "within", "level-1", distance={"at_least": "300 m"}).truth is opposite


def test_data_that_end_before_the_distance_are_named() -> None:
    place = decide(clear(covered_reach_m=120.0), "within", "level-1", distance="300 m")
    assert place.reason == Text(
        "水源只覆盖到地块周围 120.00 m，不足规定的 300.00 m，不能排除",
        "water has data only 120.00 m around the site, less than the 300.00 m of the rule",
    )


def test_the_nearest_of_the_wanted_classes_counts() -> None:
    found = overlap(distances_m={"level-2": 20.0, "level-1": 250.0, "unlevelled": 4000.0})
    near = decide(found, "within", "level-1", distance="300 m")
    assert (near.truth, near.class_id, near.distance_m) == (T, "level-1", 250.0)
    every = decide(found, "within", distance="300 m")
    assert (every.class_id, every.distance_m) == ("level-2", 20.0)
    far = decide(found, "within", "level-1", distance="200 m")
    assert (far.truth, far.distance_m, far.missing_layer) == (F, 250.0, None)


def test_within_says_how_far_the_zone_is() -> None:
    near = decide(overlap(distances_m={"level-1": 250.0}), "within", "level-1", distance="300 m")
    assert near.reason == Text(
        "距一级 250.00 m，在规定的 300.00 m 之内", "250.00 m from level 1, nearer than the 300.00 m of the rule"
    )
    doubtful = decide(overlap(distances_m={"level-1": 295.0}, accuracy_m=10.0), "within", distance="300 m")
    assert doubtful.reason == Text(
        "距一级 295.00 m，与规定的 300.00 m 之差在图层精度（10 m）之内，需实测",
        "295.00 m from level 1: the limit of 300.00 m lies within the layer's accuracy (10 m)",
    )
    far = decide(clear(), "within", "level-1", distance="300 m")
    assert far.reason == Text("300.00 m 范围内没有一级", "no level 1 within 300.00 m")


@pytest.mark.parametrize(("certainty", "truth"), [("certain", T), ("possible", U)])
def test_a_site_certainly_in_the_zone_is_near_it_however_short_the_distance(certainty: str, truth: Truth) -> None:
    found = overlap(square(50, certainty=certainty), distances_m={"level-1": 0.0}, accuracy_m=50.0)
    assert decide(found, "within", "level-1", distance="20 m").truth is truth


@pytest.mark.parametrize(
    ("unleveled_m", "accuracy_m", "truth"),
    [(299.9, 0.0, U), (300.0, 0.0, F), (300.1, 0.0, F), (310.0, 10.0, U), (310.1, 10.0, F)],
)
def test_a_zone_without_a_class_counts_up_to_the_distance(unleveled_m: float, accuracy_m: float, truth: Truth) -> None:
    found = clear(unleveled_m=unleveled_m, accuracy_m=accuracy_m)
    place = decide(found, "within", "level-1", distance="300 m")
    assert (place.truth, place.missing_layer) == (truth, "water" if truth is U else None)


def test_of_doubtful_zones_the_nearest_is_named() -> None:
    found = clear(unleveled_m=200.0, distances_m={"unlevelled": 150.0})
    place = decide(found, "within", "level-1", distance="300 m")
    assert (place.class_id, place.distance_m) == ("unlevelled", 150.0)
    other = decide(replace(found, unleveled_m=100.0), "within", "level-1", distance="300 m")
    assert (other.class_id, other.distance_m) == (None, 100.0)
    assert other.reason == Text(
        "水源中有未注明级别的区，不能判断是否属于一级",
        "water: a zone bears no class, whether it is level 1 cannot be told",
    )


# --- outside, inside


@pytest.mark.parametrize(
    ("inside_m2", "tolerance_m2", "outside", "inside"),
    [
        # A part below the tolerance does not count; exactly the tolerance is still below.
        (9999.5, 1.0, F, T),
        (9999.0, 1.0, F, T),
        (9998.9, 1.0, T, F),
        (10_000.0, 0.0, F, T),
        (9999.9, 0.0, T, F),
        (0.0, 1.0, T, F),
    ],
)
def test_outside_and_inside_at_the_tolerance(
    inside_m2: float, tolerance_m2: float, outside: Truth, inside: Truth
) -> None:
    found = overlap(hit("level-1", zone(), overlap_m2=inside_m2)) if inside_m2 else clear()
    assert decide(found, "outside", "level-1", tolerance_m2=tolerance_m2).truth is outside
    assert decide(found, "inside", "level-1", tolerance_m2=tolerance_m2).truth is inside


@pytest.mark.parametrize(
    ("found", "classes", "outside"),
    [
        (overlap(hit("level-1", zone(), overlap_m2=HECTARE)), ("level-2",), T),
        (overlap(hit("level-1", zone(), overlap_m2=HECTARE, certainty="possible")), ("level-1",), U),
        # Inside a zone that may be of the wanted class it is known neither way.
        (overlap(hit("unlevelled", zone(), overlap_m2=HECTARE)), ("level-1",), U),
        (overlap(hit("unlevelled", zone(), overlap_m2=HECTARE)), ("level-2",), T),
        (overlap(hit("old", zone(), overlap_m2=HECTARE), edition="past"), ("level-1",), U),
        (overlap(hit("level-1", zone(), overlap_m2=HECTARE, assumed=True)), ("level-2",), U),
        (overlap(hit("level-1", zone(), overlap_m2=HECTARE, assumed=True)), (), F),
        # Data for a part only: what is known to be outside is, what is not stays open.
        (overlap(hit("level-1", zone(), overlap_m2=4000.0), covered_m2=4000.0, uncovered_m2=6000.0), ("level-1",), U),
        (overlap(hit("level-1", zone(), overlap_m2=3000.0), covered_m2=4000.0, uncovered_m2=6000.0), ("level-1",), T),
    ],
)
def test_inside_is_outside_turned_round(found: LayerOverlap, classes: tuple[str, ...], outside: Truth) -> None:
    assert decide(found, "outside", *classes).truth is outside
    assert decide(found, "inside", *classes).truth is {T: F, F: T, U: U}[outside]


def test_inside_measures_what_is_inside() -> None:
    found = overlap(hit("level-1", zone(), overlap_m2=7500.0))
    inside, outside = decide(found, "inside", "level-1"), decide(found, "outside", "level-1")
    assert (outside.overlap_m2, outside.share) == (2500.0, 0.25)
    assert (inside.overlap_m2, inside.share) == (7500.0, 0.75)
    assert outside.reason == Text(
        "位于一级之外 0.2500 公顷（3.75 亩），25.00 %", "0.2500 ha (3.75 mu), 25.00 %, lies outside level 1"
    )
    whole = decide(overlap(hit("level-1", zone(), overlap_m2=HECTARE)), "inside", "level-1")
    assert (whole.overlap_m2, whole.share) == (HECTARE, 1.0)
    assert whole.reason == Text("全部位于一级之内", "lies wholly inside level 1")


@pytest.mark.parametrize(
    ("certain", "possible", "truth"), [(True, True, T), (False, True, U), (False, False, F)]
)  # fmt: skip
def test_a_measure_with_geometry_wins_over_areas(*, certain: bool, possible: bool, truth: Truth) -> None:
    asked: list[tuple[frozenset[str], bool]] = []

    def beyond(classes: frozenset[str], *, unleveled: bool) -> Beyond:
        asked.append((classes, unleveled))
        return Beyond(50.0, certain=certain, possible=possible)

    place = decide(clear(beyond=beyond), "outside", "level-1")
    assert place.truth is truth
    # What is surely outside is outside of all that may be meant; what may be is outside of what is meant for sure.
    assert asked == [(frozenset({"level-1", "unlevelled"}), True), (frozenset({"level-1"}), False)]
    if truth is U:
        assert (place.overlap_m2, place.missing_layer) == (50.0, "water")


# --- touches


@pytest.mark.parametrize(
    ("found", "truth"),
    [
        (overlap(square(10), distances_m={"level-1": 0.0}), T),
        # A border that is shared for certain: distance nothing in an exact layer.
        (clear(distances_m={"level-1": 0.0}), T),
        (clear(distances_m={"level-1": 0.0}, accuracy_m=5.0), U),
        (clear(distances_m={"level-1": 5.0}, accuracy_m=5.0), U),
        (clear(distances_m={"level-1": 5.1}, accuracy_m=5.0), F),
        (clear(distances_m={"level-1": 0.1}), F),
        (clear(distances_m={"level-2": 0.0}), F),
        (clear(), F),
        (clear(unleveled_m=0.0), U),
        (clear(unleveled_m=0.1), F),
        (clear(distances_m={"unlevelled": 5.0}, accuracy_m=5.0), U),
        (clear(distances_m={"unlevelled": 5.1}, accuracy_m=5.0), F),
        (clear(accuracy_m=5.0, covered_reach_m=5.0), U),
        (clear(accuracy_m=5.0, covered_reach_m=5.1), F),
        (clear(covered_reach_m=0.0), U),
        (overlap(square(10, certainty="possible"), accuracy_m=5.0), U),
    ],
)
def test_touches(found: LayerOverlap, truth: Truth) -> None:
    place = decide(found, "touches", "level-1")
    assert place.truth is truth
    assert (place.missing_layer == "water") is (truth is U)


def test_touches_says_what_is_shared_or_may_be() -> None:
    shared = decide(clear(distances_m={"level-1": 0.0}), "touches", "level-1")
    assert (shared.reason, shared.distance_m) == (Text("与一级相接", "borders on level 1"), 0.0)
    doubtful = decide(clear(distances_m={"level-1": 3.0}, accuracy_m=5.0), "touches", "level-1")
    assert doubtful.reason == Text(
        "距一级 3.00 m，是否相接在图层精度（5 m）之内，需实测",
        "3.00 m from level 1: whether they touch lies within the layer's accuracy (5 m)",
    )
