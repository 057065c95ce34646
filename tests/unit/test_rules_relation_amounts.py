"""Amounts of an overlap at their limits, and zones by their names: just below, exactly at, and just above.

A square of side `a` has the area a² and a border of 4a, so that every spread can be worked out by hand:
accuracy x border x 1.05 + pi x accuracy².
"""

from typing import Any

import pytest

from relation_world import ROADS, decide, hit, overlap, square, zone
from zoning.overlay.overlap import LayerOverlap, ZoneOverlap
from zoning.rules.truth import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

# --- amounts: area, share, length


@pytest.mark.parametrize(
    ("limits", "side_m", "truth"),
    [
        # The square of 10 m has exactly 100 m2, 1 % of the hectare.
        ({"area": {"at_least": "100 m2"}}, 10.0, T),
        ({"area": {"at_least": "100 m2"}}, 9.9, F),
        ({"area": {"above": "100 m2"}}, 10.0, F),
        ({"area": {"above": "100 m2"}}, 10.1, T),
        ({"area": {"at_most": "100 m2"}}, 10.0, T),
        ({"area": {"at_most": "100 m2"}}, 10.1, F),
        ({"area": {"below": "100 m2"}}, 10.0, F),
        ({"area": {"below": "100 m2"}}, 9.9, T),
        ({"share": {"at_least": "1 %"}}, 10.0, T),
        ({"share": {"above": "1 %"}}, 10.0, F),
        ({"share": {"above": "0.01"}}, 10.1, T),
        ({"share": {"at_most": "1 %"}}, 10.0, T),
        ({"share": {"below": "1 %"}}, 10.0, F),
        # Two quantities: both limits have to hold.
        ({"area": {"at_least": "50 m2"}, "share": {"below": "1 %"}}, 10.0, F),
        ({"area": {"at_least": "50 m2"}, "share": {"at_most": "1 %"}}, 10.0, T),
        ({"area": {"at_least": "500 m2"}, "share": {"at_most": "1 %"}}, 10.0, F),
    ],
)
def test_an_amount_at_its_limit_in_an_exact_layer(limits: dict[str, Any], side_m: float, truth: Truth) -> None:
    assert decide(overlap(square(side_m)), "overlaps", "level-1", **limits).truth is truth


@pytest.mark.parametrize(
    ("limit", "truth"),
    [
        # 10 000 m2, border 400 m, accuracy 1 m: 400 x 1.05 + 3.14 = 423.14 m2 can be given or taken.
        ({"at_least": "9576 m2"}, T),
        ({"at_least": "9577 m2"}, U),
        ({"at_least": "10423 m2"}, U),
        ({"at_least": "10424 m2"}, F),
        ({"above": "9576 m2"}, T),
        ({"above": "10424 m2"}, F),
        ({"at_most": "10424 m2"}, T),
        ({"at_most": "10423 m2"}, U),
        ({"at_most": "9577 m2"}, U),
        ({"at_most": "9576 m2"}, F),
        ({"below": "10424 m2"}, T),
        ({"below": "9576 m2"}, F),
        ({"at_least": "9000 m2", "below": "11000 m2"}, T),
        ({"at_least": "9000 m2", "below": "10100 m2"}, U),
        # One limit that fails settles it, however near the other one is.
        ({"at_least": "10100 m2", "below": "9000 m2"}, F),
    ],
)
def test_an_area_within_the_accuracy_of_its_limit_is_unknown(limit: dict[str, str], truth: Truth) -> None:
    place = decide(overlap(square(100), accuracy_m=1.0), "overlaps", "level-1", area=limit)
    assert place.truth is truth
    assert (place.missing_layer == "water") is (truth is U)


@pytest.mark.parametrize(
    ("limit", "truth"),
    [("95.76 %", T), ("95.77 %", U), ("100 %", U)],
)
def test_a_share_has_the_spread_of_its_area(limit: str, truth: Truth) -> None:
    found = overlap(square(100), accuracy_m=1.0)
    assert decide(found, "overlaps", "level-1", share={"at_least": limit}).truth is truth


@pytest.mark.parametrize(
    ("limit", "truth"),
    [
        # The ends of a line of 100 m can each be off by 5 m.
        ({"at_least": "90 m"}, T),
        ({"at_least": "90.1 m"}, U),
        ({"at_least": "110 m"}, U),
        ({"at_least": "110.1 m"}, F),
        ({"below": "110.1 m"}, T),
        ({"below": "110 m"}, U),
        ({"below": "90 m"}, F),
    ],
)
def test_a_length_has_twice_the_accuracy_to_give(limit: dict[str, str], truth: Truth) -> None:
    found = overlap(hit("level-1", zone(), length_m=100.0), accuracy_m=5.0)
    assert decide(found, "overlaps", "level-1", length=limit, layer=ROADS).truth is truth


def test_lengths_of_several_classes_are_added() -> None:
    roads = overlap(hit("level-1", zone(), length_m=60.0), hit("level-2", zone(), length_m=50.0))
    assert decide(roads, "overlaps", length={"at_least": "110 m"}, layer=ROADS).truth is T
    assert decide(roads, "overlaps", "level-1", length={"at_least": "61 m"}, layer=ROADS).truth is F


def test_classes_that_overlap_each_other_count_once_towards_an_area() -> None:
    # Two squares of 100 m2 that share 50 m2.
    found = overlap(hit("level-1", zone(10)), hit("level-2", zone(10, at=5.0)))
    assert decide(found, "overlaps", area={"at_most": "150 m2"}).truth is T
    assert decide(found, "overlaps", area={"above": "150 m2"}).truth is F


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(overlap(square(10), uncovered_m2=10.0), id="a part has no data"),
        pytest.param(overlap(square(10), square(3, "unlevelled")), id="another zone may be meant"),
        pytest.param(overlap(square(10, assumed=True)), id="the class is assumed"),
        pytest.param(overlap(hit("level-1", zone(10), zone(10, at=50.0)), square(5, "unlevelled")), id="two zones"),
    ],
)
@pytest.mark.parametrize(
    ("limit", "truth"),
    [
        # What was found is the least: it can reach a limit, and it can break one, but never keep below one.
        ({"at_least": "100 m2"}, T),
        ({"at_least": "900 m2"}, U),
        ({"above": "900 m2"}, U),
        ({"below": "900 m2"}, U),
        ({"at_most": "900 m2"}, U),
        ({"below": "100 m2"}, F),
        ({"at_most": "99 m2"}, F),
    ],
)
def test_what_may_be_more_is_never_below_a_limit(found: LayerOverlap, limit: dict[str, str], truth: Truth) -> None:
    assert decide(found, "overlaps", "level-1", area=limit).truth is truth


def test_a_possible_overlap_reaches_no_limit_for_certain() -> None:
    found = overlap(square(50, certainty="possible"))
    assert decide(found, "overlaps", area={"at_least": "1 m2"}).truth is U
    assert decide(found, "overlaps", area={"at_least": "9000 m2"}).truth is U


def test_the_sentence_of_an_amount_names_the_limit_that_decides() -> None:
    failed = decide(overlap(square(10)), "overlaps", "level-1", area={"at_least": "200 m2"})
    assert failed.reason.en.endswith("; the limit of the rule is not reached")
    assert failed.reason.zh.endswith("；未达到规定的界限")
    doubtful = decide(overlap(square(100), accuracy_m=1.0), "overlaps", "level-1", area={"at_least": "1 ha"})
    assert doubtful.reason.zh.endswith("；1.0000 公顷（15.00 亩） 与规定的界限之差在位置精度之内，需实测")
    share = decide(overlap(square(100), accuracy_m=1.0), "overlaps", "level-1", share={"at_least": "100 %"})
    assert "；100.00 % 与规定的界限之差" in share.reason.zh
    length = overlap(hit("level-1", zone(), length_m=100.0), accuracy_m=5.0)
    told = decide(length, "overlaps", "level-1", length={"at_least": "100 m"}, layer=ROADS)
    assert "；100.00 m 与规定的界限之差" in told.reason.zh


def test_a_limit_can_be_a_figure_of_the_rule() -> None:
    found = overlap(square(10))
    assert decide(found, "overlaps", area={"at_least": "least"}, values={"least": "100 m2"}).truth is T
    assert decide(found, "overlaps", area={"at_least": "least"}, values={"least": "101 m2"}).truth is F


# --- zones by their names


@pytest.mark.parametrize(
    ("zones", "wanted", "truth"),
    [
        ([zone(10, name="下芹")], "下芹", T),
        ([zone(10, name="上芹")], "下芹", F),
        ([zone(10, id_="W7", name="上芹")], "W7", T),
        # Named alike, or not at all: it may be the one that is meant.
        ([zone(10, name="下芹水源地")], "下芹", U),
        ([zone(10, name="芹")], "下芹", U),
        ([zone(10, name="")], "下芹", U),
        # One that is meant settles it, whatever the others are called.
        ([zone(10, name=""), zone(10, at=50.0, name="下芹")], "下芹", T),
        ([zone(10, name="甲"), zone(10, at=50.0, name="乙")], "下芹", F),
    ],
)
def test_zones_by_name(zones: list[ZoneOverlap], wanted: str, truth: Truth) -> None:
    assert decide(overlap(hit("level-1", *zones)), "overlaps", zones=[wanted]).truth is truth


def test_only_the_named_zones_are_measured() -> None:
    found = overlap(hit("level-1", zone(30, name="甲"), zone(10, at=50.0, name="下芹")))
    place = decide(found, "overlaps", zones=["下芹"])
    assert place.overlap_m2 == 100.0
    # 1 000 m2 of the class are 10 % of the site; of the named zone it is a tenth of that.
    assert place.share == pytest.approx(0.01)
    assert decide(found, "overlaps", zones=["下芹"], area={"at_least": "101 m2"}).truth is F
    assert decide(found, "overlaps", zones=["下芹"], area={"at_least": "100 m2"}).truth is T


def test_a_named_zone_that_only_grazes_the_site_is_uncertain_though_its_class_is_certain() -> None:
    # A square of 10 m is gone when its border moves by 5 m.
    grazing = overlap(hit("level-1", zone(80, name="甲"), zone(10, at=90.0, name="下芹")), accuracy_m=5.0)
    assert decide(grazing, "overlaps", zones=["下芹"]).truth is U
    deep = overlap(hit("level-1", zone(80, name="甲"), zone(10.1, at=89.0, name="下芹")), accuracy_m=5.0)
    assert decide(deep, "overlaps", zones=["下芹"]).truth is T


def test_zones_of_classes_that_are_not_wanted_are_not_looked_at_by_name() -> None:
    found = overlap(square(10, "level-2"))
    assert decide(found, "overlaps", "level-1", zones=["下芹"]).truth is F
