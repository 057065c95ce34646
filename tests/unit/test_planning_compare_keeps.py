"""Area not reduced, nature not changed, function not lowered: judged from changes that are written down by hand."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from change_world import COUNTY, Moved, change, recorded, zone
from overlay_world import layer
from zoning.layers.catalogue import Catalogue
from zoning.planning.compare.keeps import KeepResult, Keeps, check_keeps
from zoning.planning.compare.layer_change import LayerChange, LayerGap
from zoning.texts import Text

CITED = {"document": "plan", "section": "第三章"}
TODAY = date(2024, 6, 1)
BEGAN = date(2023, 6, 1)
SAME: Moved = ("level-1", "level-1", 1e6)


def keeps(kept: Mapping[str, Any] | None = None, **values: Any) -> Keeps:
    plain = {
        "title": {"zh": "三不", "en": "keeps"},
        "citation": CITED,
        "territories": ["140522"],
        "layers": [{"layer": "water", **(kept or {})}],
        "from": "2022-01-01",
    }
    return Keeps.model_validate({"title": {"zh": "三不", "en": "keeps"}, "rules": {"K": {**plain, **values}}})


def results(
    found: LayerChange | LayerGap, demand: Keeps | None = None, *, began: date | None = BEGAN
) -> tuple[KeepResult, ...]:
    told = keeps() if demand is None else demand
    return check_keeps(told, {"water": found}, on=TODAY, begins={"water": began}, tolerance_m2=1.0)


def judged(
    cells: list[Moved], demand: Keeps | None = None, *, began: date | None = BEGAN, **values: Any
) -> dict[str, str]:
    return {one.aspect: one.outcome for one in results(change(cells, **values), demand, began=began)}


def aspect(name: str, cells: list[Moved], demand: Keeps | None = None, **values: Any) -> KeepResult:
    (found,) = [one for one in results(change(cells, **values), demand) if one.aspect == name]
    return found


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ([SAME], "kept"),
        ([SAME, ("level-1", "none", 1.0)], "kept"),
        ([SAME, ("level-1", "none", 1.01)], "not_kept"),
        ([SAME, ("none", "level-1", 500.0)], "kept"),
        ([SAME, ("level-1", "none", 500.0), ("none", "level-1", 500.0)], "kept"),
        ([SAME, ("level-1", "none", 500.0), ("none", "level-1", 498.9)], "not_kept"),
        # Ground that the later edition does not speak of is no longer said to be kept.
        ([SAME, ("level-1", "no_data", 500.0)], "not_kept"),
        ([SAME, ("level-1", "level-2", 500.0)], "kept"),
    ],
)
def test_the_area_of_a_layer(cells: list[Moved], outcome: str) -> None:
    assert aspect("area", cells).outcome == outcome


def test_the_area_of_some_classes_alone() -> None:
    cells = [SAME, ("level-1", "level-2", 500.0)]
    assert aspect("area", cells, keeps({"classes": ["level-1"]})).outcome == "not_kept"
    assert aspect("area", cells, keeps({"classes": ["level-2"]})).outcome == "kept"
    both = keeps({"classes": ["level-1", "level-2"]})
    assert aspect("area", cells, both).outcome == "kept"


def test_how_much_is_gone_is_said() -> None:
    found = aspect("area", [SAME, ("level-1", "none", 10_000.0)])
    assert (found.before_m2, found.after_m2) == (1_010_000.0, 1e6)
    assert found.reason == Text(
        "101.0000 公顷（1,515.00 亩） → 100.0000 公顷（1,500.00 亩），减少 1.0000 公顷（15.00 亩）",
        "101.0000 ha (1,515.00 mu) -> 100.0000 ha (1,500.00 mu), less by 1.0000 ha (15.00 mu)",
    )
    assert (found.rule, found.territory, found.layer, found.question) == ("K", COUNTY, "water", None)


@pytest.mark.parametrize(
    ("smaller", "listed"),
    [
        (zone("Z1", 100.0, 98.9), True),
        (zone("Z1", 100.0, 99.0), False),
        (zone("Z1", 100.0, 200.0), False),
        (zone("Z1", 100.0, 0.0, id_b=None, kind="removed"), True),
        (zone(None, 100.0, 0.0), False),
        (zone("Z1", 100.0, 0.0, classes_a=("level-2",)), False),
        (zone("Z1", 100.0, 0.0, classes_a=("level-1", "level-2")), True),
    ],
)
def test_zones_that_shrank_are_listed_where_the_total_did_not(smaller: Any, listed: bool) -> None:
    demand = keeps({"classes": ["level-1"]})
    found = aspect("area", [SAME], demand, zones=[smaller])
    assert found.outcome == "kept"
    assert [one.id for one in found.zones] == (["Z1"] if listed else [])
    assert ("总面积未减少，但 1 个区变小" in found.reason.zh) is listed
    assert ("the total did not shrink, but 1 zones did" in found.reason.en) is listed


def test_zones_of_another_territory_are_not_listed_here() -> None:
    found = aspect("area", [SAME], zones=[zone("Z1", 100.0, 0.0)], zone_territories={"Z1": ("140825",)})
    assert found.zones == ()


@pytest.mark.parametrize(
    ("covered", "zh", "en"),
    [
        ((True, False), "后一版本没有覆盖整个辖区", "the later edition does not cover the whole territory"),
        ((False, True), "前一版本没有覆盖整个辖区", "the earlier edition does not cover the whole territory"),
        ((False, False), "两个版本都没有覆盖整个辖区", "neither edition covers the whole territory"),
    ],
)
def test_without_whole_coverage_nothing_is_said_to_be_kept(covered: tuple[bool, bool], zh: str, en: str) -> None:
    found = results(change([SAME], covered=covered))
    assert [(one.aspect, one.outcome) for one in found] == [("area", "undetermined"), ("nature", "undetermined")]
    assert found[0].reason == Text(zh, en)
    assert found[0].question is not None
    assert found[1].question is not None
    assert found[1].question.en == (
        "layer (140522): whether its nature changed? the layer cannot tell; consult the monitoring results"
    )


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ([SAME], "kept"),
        ([SAME, ("none", "level-2", 900.0)], "kept"),
        ([SAME, ("level-1", "level-2", 1.0)], "kept"),
        ([SAME, ("level-1", "level-2", 1.01)], "not_kept"),
        ([SAME, ("level-1", "none", 1.0)], "kept"),
        ([SAME, ("level-1", "none", 1.01)], "undetermined"),
        ([SAME, ("level-1", "none", 900.0), ("level-1", "level-2", 900.0)], "not_kept"),
        # The later edition knows a class that the earlier did not.
        ([SAME, ("level-1", "quasi", 900.0)], "undetermined"),
    ],
)
def test_the_nature_of_the_land(cells: list[Moved], outcome: str) -> None:
    known: dict[str, Any] = {
        "layer": layer("water", classes=("level-1", "level-2", "quasi")),
        "classes_after": ("level-1", "level-2", "quasi"),
    }
    assert aspect("nature", cells, **known).outcome == outcome


def test_another_class_is_named_with_its_area() -> None:
    found = aspect("nature", [SAME, ("level-1", "level-2", 10_000.0)])
    assert found.reason == Text(
        "类别改变：图层 → 图层 1.0000 公顷（15.00 亩）", "reclassified: layer -> layer 1.0000 ha (15.00 mu)"
    )
    assert found.question is None


def test_land_that_left_is_a_question() -> None:
    found = aspect("nature", [SAME, ("level-1", "none", 10_000.0)])
    assert found.reason.en == "1.0000 ha (15.00 mu) no longer lie in the layer"
    assert found.question is not None
    assert found.question.zh == "移出的 1.0000 公顷（15.00 亩） 现作何用途、性质是否改变？图层不能说明"


def test_a_class_that_is_not_kept_may_change() -> None:
    cells: list[Moved] = [SAME, ("level-2", "level-1", 900.0), ("level-2", "none", 900.0)]
    assert aspect("nature", cells, keeps({"classes": ["level-1"]})).outcome == "kept"


def test_a_change_of_class_is_seen_even_where_coverage_is_not_whole() -> None:
    found = aspect("nature", [SAME, ("level-1", "level-2", 900.0)], covered=(True, False))
    assert found.outcome == "not_kept"


def test_function_is_asked_only_where_something_differs() -> None:
    assert judged([SAME]) == {"area": "kept", "nature": "kept"}
    assert judged([SAME], zones=[zone("Z1", 5.0, 5.0)]) == {
        "area": "kept",
        "nature": "kept",
        "function": "undetermined",
    }


def test_another_leading_function_is_named() -> None:
    changed = zone("Z1", 5.0, 5.0, what=("attribute:role",))
    told = {
        "zones": [
            changed,
            zone("Z2", 5.0, 5.0, what=("attribute:note",)),
            zone(None, 5.0, 5.0, what=("attribute:role",)),
        ],
        "attributes_before": recorded("Z1", role="水源涵养"),
        "attributes": recorded("Z1", role="水土保持"),
    }
    found = aspect("function", [SAME], keeps({"function": "role"}), **told)
    assert found.reason == Text(
        "图层所记主导功能改变：Z1 (水源涵养 -> 水土保持)",
        "the recorded leading function is another: Z1 (水源涵养 -> 水土保持)",
    )
    assert found.outcome == "undetermined"
    plain = aspect("function", [SAME], keeps(), **told)
    assert plain.reason.en == "the layer does not record how good its function is"
    elsewhere = aspect("function", [SAME], keeps({"function": "role"}), **told, zone_territories={"Z1": ("140825",)})
    assert elsewhere.reason == plain.reason


@pytest.mark.parametrize("asked", ["area", "nature", "function"])
def test_only_what_is_demanded_is_judged(asked: str) -> None:
    assert list(judged([SAME], keeps(keeps=[asked]), zones=[zone("Z1", 5.0, 5.0)])) == [asked]


@pytest.mark.parametrize(
    ("cells", "covered", "told"),
    [
        ([], (True, True), False),
        ([("level-1", "level-1", 1.0)], (True, True), False),
        ([("level-1", "level-1", 1.1)], (True, True), True),
        ([("none", "level-1", 5.0)], (True, True), True),
        ([], (True, False), True),
    ],
)
def test_a_territory_without_any_such_zone_has_no_result(
    cells: list[Moved], covered: tuple[bool, bool], told: bool
) -> None:
    assert bool(results(change(cells, covered=covered))) is told


LESS: list[Moved] = [SAME, ("level-1", "none", 500.0)]


@pytest.mark.parametrize(
    ("starts", "began", "outcome"),
    [
        ("2023-06-01", BEGAN, "not_kept"),
        ("2023-06-02", BEGAN, "undetermined"),
        ("2023-06-02", None, "not_kept"),
        ("2024-06-01", None, "not_kept"),
        ("2024-06-02", None, None),
    ],
)
def test_a_change_before_the_demand_does_not_break_it(starts: str, began: date | None, outcome: str | None) -> None:
    told: dict[str, Any] = {"from": starts}
    demand = keeps(**told)
    assert judged(LESS, demand, began=began).get("area") == outcome


def test_why_a_change_before_the_demand_is_open() -> None:
    told: dict[str, Any] = {"from": "2023-06-02", "keeps": ["area"]}
    (found,) = results(change(LESS), keeps(**told))
    assert found.question == Text(
        "该版本自 2023-06-01 起有效，规定自 2023-06-02 起施行：变化在先，是否适用须由主管部门认定",
        "that edition began on 2023-06-01, the demand holds from 2023-06-02: the change came first, and whether the "
        "demand applies to it the authority has to say",
    )
    assert "减少" in found.reason.zh


@pytest.mark.parametrize(("ends", "counts"), [("2023-06-01", True), ("2023-05-31", False), ("2024-06-01", True)])
def test_a_demand_counts_on_the_day_of_the_edition_or_today(ends: str, counts: bool) -> None:
    assert bool(judged(LESS, keeps(to=ends))) is counts


def test_a_layer_that_cannot_be_compared_is_undetermined_in_every_territory() -> None:
    gap = LayerGap("water", Text("水源", "water"), "after", Text("文件缺失", "the file is missing"))
    found = results(gap, keeps(territories=["140522", "140825"]))
    assert [(one.territory, one.outcome) for one in found] == [("140522", "undetermined"), ("140825", "undetermined")]
    assert found[0].reason == Text("图层不能比较：文件缺失", "the layer cannot be compared: the file is missing")


def test_what_the_demand_is_not_about_is_left_out() -> None:
    assert results(change(LESS), keeps(territories=["1403"])) == ()
    assert results(change(LESS, unit="m")) == ()
    assert check_keeps(keeps(), {}, on=TODAY, tolerance_m2=1.0) == ()
    assert judged(LESS, keeps(territories=["14"])) != {}


def test_names_that_the_workspace_does_not_have_are_told() -> None:
    made = Catalogue(Path(), {"water": layer("water")}, "territory")
    demand = keeps({"classes": ["level-1", "level-9"], "function": "role"})
    assert demand.mistakes(made, {}) == [
        Text("K：没有文件“plan”", "K: there is no document 'plan'"),
        Text("K：图层 water 没有类别“level-9”", "K: layer water has no class 'level-9'"),
        Text("K：图层 water 没有字段“role”", "K: layer water has no field 'role'"),
    ]
    assert keeps().mistakes(made, {"plan": None}) == []
    assert keeps({"layer": "gone", "classes": ["x"], "function": "y"}).mistakes(made, {"plan": None}) == []
