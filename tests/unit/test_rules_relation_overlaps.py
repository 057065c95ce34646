"""Overlaps, and that without data no relation is ever answered."""

from dataclasses import replace
from typing import Any

import pytest

from relation_world import HECTARE, ROADS, clear, decide, hit, overlap, square, zone
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.truth import Place, Truth
from zoning.texts import Text

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

NOT_COVERED = overlap(status="no_data", covered_m2=0.0, uncovered_m2=HECTARE, covered_reach_m=0.0)
RELATIONS: list[tuple[str, dict[str, object]]] = [
    ("overlaps", {}),
    ("overlaps", {"share": {"at_least": "10 %"}}),
    ("overlaps", {"share": {"below": "10 %"}}),
    ("overlaps", {"area": {"above": "1 m2"}}),
    ("overlaps", {"length": {"at_most": "1 m"}}),
    ("overlaps", {"zones": ["下芹"]}),
    ("overlaps", {"certainty": "possible"}),
    ("within", {"distance": "1 m"}),
    ("within", {"distance": {"at_least": "1 m"}}),
    ("within", {"distance": {"above": "1 m", "at_most": "2 m"}}),
    ("inside", {}),
    ("outside", {}),
    ("touches", {}),
]


# --- no data is never an answer


@pytest.mark.parametrize(("relation", "words"), RELATIONS)
def test_without_data_every_relation_is_unknown(relation: str, words: dict[str, Any]) -> None:
    place = decide(NOT_COVERED, relation, "level-1", **words)
    assert (place.truth, place.missing_layer) == (U, "water")


@pytest.mark.parametrize(("relation", "words"), RELATIONS)
def test_a_layer_that_the_workspace_has_not_leaves_every_relation_unknown(relation: str, words: dict[str, Any]) -> None:
    place = decide(None, relation, **words)
    assert place == Place(
        U,
        Text("工作空间没有图层“water”，未核查", "the workspace has no layer 'water': not checked"),
        layer="water",
        missing_layer="water",
    )


@pytest.mark.parametrize(
    ("relation", "words"),
    [one for one in RELATIONS if one[0] not in ("outside", "inside") and "certainty" not in one[1]],
)
def test_where_a_part_has_no_data_nothing_found_denies_nothing(relation: str, words: dict[str, Any]) -> None:
    partly = overlap(status="no_data", covered_m2=9000.0, uncovered_m2=1000.0, covered_reach_m=0.0)
    assert decide(partly, relation, "level-1", **words).truth is U


def test_no_data_says_why_or_else_that_a_part_is_not_covered() -> None:
    told = decide(replace(NOT_COVERED, reason=Text("文件损坏", "damaged file")), "overlaps")
    assert told.reason == Text("水源数据缺失，未核查：文件损坏", "water: no data, not checked: damaged file")
    bare = decide(NOT_COVERED, "overlaps")
    assert bare.reason == Text(
        "水源数据缺失，未核查：部分范围不在图层覆盖之内",
        "water: no data, not checked: a part lies outside the layer's coverage",
    )


# --- overlaps


@pytest.mark.parametrize(
    ("found", "classes", "truth", "named"),
    [
        (clear(), (), F, None),
        (overlap(square(10)), (), T, "level-1"),
        (overlap(square(10)), ("level-2",), F, None),
        (overlap(square(10), square(20, "level-2")), (), T, "level-2"),
        (overlap(square(10), square(20, "level-2")), ("level-1",), T, "level-1"),
        # A small overlap that is certain is named before a large one that is only possible.
        (overlap(square(10), square(90, "level-2", certainty="possible")), (), T, "level-1"),
        (overlap(square(10, certainty="possible"), square(20, "level-2", certainty="possible")), (), U, "level-2"),
        # Levels that are not told: by the class, by the edition, by the zone.
        (overlap(square(10, "unlevelled")), ("level-1",), U, "unlevelled"),
        (overlap(square(10, "unlevelled")), ("level-2",), F, None),
        (overlap(square(10, "unlevelled")), (), T, "unlevelled"),
        (overlap(square(10, "old"), edition="past"), ("level-1",), U, "old"),
        (overlap(square(10, "old"), edition="past"), ("old",), T, "old"),
        (overlap(square(10, assumed=True)), ("level-2",), U, "level-1"),
        (overlap(square(10, assumed=True)), ("level-1",), T, "level-1"),
        # An edition that nobody knows any more classes nothing otherwise.
        (overlap(square(10, "level-2"), edition="lost"), ("level-1",), F, None),
        (overlap(square(10, "level-2"), edition=None), ("level-1",), F, None),
        # What is found in the covered part counts, whatever lies in the other one.
        (overlap(square(10), uncovered_m2=5.0), ("level-1",), T, "level-1"),
        (overlap(square(10), uncovered_m2=5.0), ("level-2",), U, None),
    ],
)
def test_overlaps(found: LayerOverlap, classes: tuple[str, ...], truth: Truth, named: str | None) -> None:
    place = decide(found, "overlaps", *classes)
    assert (place.truth, place.class_id) == (truth, named)
    assert (place.missing_layer == "water") is (truth is U)


@pytest.mark.parametrize(("certainty", "enough", "truth"), [
    ("certain", "certain", T),
    ("certain", "possible", T),
    ("possible", "certain", U),
    ("possible", "possible", T),
])  # fmt: skip
def test_a_rule_can_be_content_with_a_possible_overlap(certainty: str, enough: str, truth: Truth) -> None:
    assert decide(overlap(square(10, certainty=certainty)), "overlaps", certainty=enough).truth is truth


def test_of_lines_the_longer_one_is_named() -> None:
    roads = overlap(hit("level-1", zone(), length_m=80.0), hit("level-2", zone(), length_m=120.0))
    place = decide(roads, "overlaps", layer=ROADS)
    assert place.class_id == "level-2"
    assert place.reason.en.endswith("by 120.00 m")


def test_what_is_clear_names_the_classes_that_are_not_touched() -> None:
    assert decide(clear(), "overlaps").reason == Text("不涉及水源", "does not touch water")
    place = decide(clear(), "overlaps", "level-1", "level-2")
    assert place.reason == Text("不涉及一级、二级", "does not touch level 1, level 2")
    assert (place.overlap_m2, place.share, place.layer) == (0.0, 0.0, "water")


def test_a_possible_overlap_says_whose_accuracy_leaves_it_open() -> None:
    place = decide(overlap(square(10, certainty="possible"), accuracy_m=10.0), "overlaps")
    assert place.reason == Text(
        "在图层精度（10 m）之内可能涉及一级（下芹），需实测界线",
        "may touch level 1 (下芹) within the layer's accuracy (10 m): survey the boundary",
    )


def test_a_class_that_tells_no_level_says_so() -> None:
    place = decide(overlap(square(10, "unlevelled")), "overlaps", "level-1")
    assert place.reason == Text(
        "现行版本图层只标注“未分级”，不能判断是否属于一级",
        "the edition says only 'no level': whether it is level 1 cannot be told",
    )
