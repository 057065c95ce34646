"""Why a place answers as it does: amounts, names of zones and classes, missing data and coverage, word for word."""

from dataclasses import replace

import pytest
from shapely import Polygon

from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.reasons import (
    amount_of,
    beyond_coverage,
    class_names,
    level_reason,
    limit_reason,
    no_data,
    overlap_reason,
    possible_reason,
    share_of,
    unleveled_reason,
    zone_name,
)
from zoning.rules.truth import Truth
from zoning.texts import Text

AREAS = Layer.model_validate(
    {
        "id": "water",
        "title": {"zh": "水源保护区", "en": "water protection"},
        "group": "control",
        "authority": {"zh": "某", "en": "some"},
        "source": {"zh": "某", "en": "some"},
        "crs": "EPSG:4490",
        "schematic": False,
        "accuracy_m": "10",
        "id_field": "zone_id",
        "name_field": "name",
        "class_field": "class",
        "classes": {
            "one": {"title": {"zh": "一级", "en": "level 1"}, "codes": ["1"]},
            "two": {"title": {"zh": "二级", "en": "level 2"}, "codes": ["2"]},
            "outer": {"title": {"zh": "准保护区", "en": "outer"}, "codes": ["3"]},
        },
        "editions": {"2023": {"file": "a", "valid_from": "2021-01-01"}},
        "coverage": {"territories": ["14"]},
    }
)
LINES = AREAS.model_copy(update={"geometry": "line"})
NOTHING = LayerOverlap(layer="water", edition="2023", status="not_affected", accuracy_m=10.0)


def hit(*names: str, area_m2: float = 12_345.0, share: float = 0.25, assumed: bool = False) -> ClassOverlap:
    zones = tuple(ZoneOverlap(str(place), name, 1.0, 0.0, Polygon(), Polygon(), {}) for place, name in enumerate(names))
    return ClassOverlap("one", assumed, zones, area_m2, share, 1234.5, "certain", None)


@pytest.mark.parametrize(
    ("share", "of_part", "zh", "en"),
    [
        (0.25, False, "25.00 %", "25.00 %"),
        (0.0, False, "0.00 %", "0.00 %"),
        (1.0, True, "占辖区内部分的 100.00 %", "100.00 % of the part inside the territory"),
    ],
)
def test_a_share_says_of_what(share: float, zh: str, en: str, *, of_part: bool) -> None:
    assert share_of(share, of_part=of_part) == Text(zh, en)


@pytest.mark.parametrize(
    ("layer", "of_part", "zh", "en"),
    [
        (AREAS, False, "1.2345 公顷（18.52 亩），25.00 %", "1.2345 ha (18.52 mu), 25.00 %"),
        (
            AREAS,
            True,
            "1.2345 公顷（18.52 亩），占辖区内部分的 25.00 %",
            "1.2345 ha (18.52 mu), 25.00 % of the part inside the territory",
        ),
        # Of lines the length, which is a share of nothing.
        (LINES, False, "1,234.50 m", "1,234.50 m"),
        (LINES, True, "1,234.50 m", "1,234.50 m"),
    ],
)
def test_the_amount_of_an_overlap(layer: Layer, zh: str, en: str, *, of_part: bool) -> None:
    assert amount_of(layer, hit(), of_part=of_part) == Text(zh, en)


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [
        ((), "一级", "level 1"),
        (("",), "一级", "level 1"),
        (("甲",), "一级（甲）", "level 1 (甲)"),
        (("甲", "乙", "丙"), "一级（甲、乙、丙）", "level 1 (甲、乙、丙)"),
        (("甲", "乙", "丙", "丁"), "一级（甲、乙、丙 …）", "level 1 (甲、乙、丙 …)"),
        # Zones of one name are named once, and those without a name not at all.
        (("甲", "甲"), "一级（甲）", "level 1 (甲)"),
        (("", "乙"), "一级（乙）", "level 1 (乙)"),
    ],
)
def test_zones_are_called_by_class_and_name(names: tuple[str, ...], zh: str, en: str) -> None:
    assert zone_name(AREAS, hit(*names)) == Text(zh, en)


def test_an_overlap_says_with_what_and_how_much() -> None:
    assert overlap_reason(AREAS, hit("甲")) == Text(
        "与一级（甲）重叠 1.2345 公顷（18.52 亩），25.00 %", "overlaps level 1 (甲) by 1.2345 ha (18.52 mu), 25.00 %"
    )


def test_an_assumed_class_is_said() -> None:
    told = overlap_reason(AREAS, hit(assumed=True), of_part=True)
    assert told.zh.endswith("占辖区内部分的 25.00 %；该区未注明级别，按最严级别处理")
    assert told.en.endswith("inside the territory; the zone bears no class: the strictest is assumed")


def test_a_possible_overlap_asks_for_a_survey() -> None:
    assert possible_reason(AREAS, hit(), NOTHING.accuracy) == Text(
        "在图层精度（10 m）之内可能涉及一级，需实测界线",
        "may touch level 1 within the layer's accuracy (10 m): survey the boundary",
    )


@pytest.mark.parametrize(
    ("wanted", "zh", "en"),
    [
        (("one",), "一级", "level 1"),
        (("two", "one"), "二级、一级", "level 2, level 1"),
        # All of them are the layer, in any order.
        (("outer", "two", "one"), "水源保护区", "water protection"),
        (("one", "unknown"), "一级", "level 1"),
    ],
)
def test_classes_are_named_in_the_order_of_the_rule(wanted: tuple[str, ...], zh: str, en: str) -> None:
    assert class_names(AREAS, wanted) == (zh, en)
    assert unleveled_reason(AREAS, wanted) == Text(
        f"水源保护区中有未注明级别的区，不能判断是否属于{zh}",
        f"water protection: a zone bears no class, whether it is {en} cannot be told",
    )
    assert level_reason(AREAS, "outer", wanted) == Text(
        f"现行版本图层只标注“准保护区”，不能判断是否属于{zh}",
        f"the edition says only 'outer': whether it is {en} cannot be told",
    )


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        (None, "部分范围不在图层覆盖之内", "a part lies outside the layer's coverage"),
        (Text("文件不存在", "file not found"), "文件不存在", "file not found"),
    ],
)
def test_missing_data_is_unknown_and_never_no(reason: Text | None, zh: str, en: str) -> None:
    place = no_data(AREAS, replace(NOTHING, status="no_data", reason=reason))
    assert (place.truth, place.layer, place.missing_layer) == (Truth.UNKNOWN, "water", "water")
    assert place.reason == Text(f"水源保护区数据缺失，未核查：{zh}", f"water protection: no data, not checked: {en}")


def test_a_layer_that_ends_too_soon_is_unknown() -> None:
    place = beyond_coverage(AREAS, replace(NOTHING, covered_reach_m=450.0), "1 km")
    assert (place.truth, place.layer, place.missing_layer) == (Truth.UNKNOWN, "water", "water")
    assert place.reason == Text(
        "水源保护区只覆盖到地块周围 450.00 m，不足规定的 1 km，不能排除",
        "water protection has data only 450.00 m around the site, less than the 1 km of the rule",
    )


@pytest.mark.parametrize("overlap", [replace(NOTHING, status="no_data"), replace(NOTHING, uncovered_m2=0.5)])
def test_a_site_that_is_not_covered_itself_says_that_instead(overlap: LayerOverlap) -> None:
    assert beyond_coverage(AREAS, overlap, "1 km") == no_data(AREAS, overlap)


@pytest.mark.parametrize(
    ("within", "zh", "en"),
    [
        (
            True,
            "甲；5.00 m 与规定的界限之差在位置精度之内，需实测",
            "first; the limit of the rule lies within the positional accuracy: survey the boundary",
        ),
        (False, "甲；未达到规定的界限", "first; the limit of the rule is not reached"),
    ],
)
def test_what_the_limit_makes_of_an_amount(zh: str, en: str, *, within: bool) -> None:
    assert limit_reason(Text("甲", "first"), "5.00 m", within=within) == Text(zh, en)
