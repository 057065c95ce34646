"""A verdict run again: what of the inputs has changed, what of the answer, and what a record of it holds."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import report_sections_world as world
import tiny_workspace
from both_languages import both
from zoning.errors import ContentError, CRSError
from zoning.replay import UNEXPLAINED, Replay, read_verdict, replay_verdict, site_of_verdict, verdict_of
from zoning.rules.verdict import Finding, Verdict
from zoning.sites import read_sites
from zoning.sites.site import Repair, Site
from zoning.texts import Text
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
LEVEL_2 = (112.412, 35.512, 112.414, 35.514)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tiny_workspace.build(tmp_path_factory.mktemp("w")))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    path = tiny_workspace.site_file(tmp_path_factory.mktemp("s") / "a.geojson", LEVEL_2)
    (site,) = read_sites(path, expected=None)
    return site


@pytest.fixture(scope="module")
def verdict(workspace: Workspace, site: Site) -> Verdict:
    return workspace.check(site, {"construction": "new"}, on=ON).verdict


@pytest.fixture(scope="module")
def again(workspace: Workspace) -> Callable[[Verdict], Replay]:
    parts = {"catalogue": workspace.catalogue, "rulebook": workspace.rulebook, "settings": workspace.settings}
    return lambda old: replay_verdict(old, **parts)  # type: ignore[arg-type]  # the three by their names


Again = Callable[[Verdict], Replay]


def digests(verdict: Verdict, **changes: Any) -> Verdict:
    """Return a verdict that rested on something else."""
    return verdict.model_copy(update={"digests": verdict.digests.model_copy(update=changes)})


def layers(verdict: Verdict, **changes: Any) -> Verdict:
    """Return a verdict in which the water was told of otherwise."""
    told = tuple(one.model_copy(update=changes) if one.layer == "water" else one for one in verdict.layers)
    return verdict.model_copy(update={"layers": told})


def finding(verdict: Verdict, **changes: Any) -> Verdict:
    """Return a verdict whose restriction in level 2 came out otherwise."""
    told = tuple(one.model_copy(update=changes) if one.rule == "R048" else one for one in verdict.findings)
    return verdict.model_copy(update={"findings": told})


# --- nothing has changed --------------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_bytes_and_nothing_to_say(verdict: Verdict, again: Again) -> None:
    assert verdict.decision == "restricted"
    assert again(verdict) == Replay(verdict, same=True, causes=(), effects=())


def test_a_record_that_was_edited_is_told_as_such(verdict: Verdict, again: Again) -> None:
    found = again(verdict.model_copy(update={"decision": "permitted"}))
    assert (found.same, found.causes) == (False, (UNEXPLAINED,))
    assert found.effects == (Text("结论：permitted -> restricted", "decision: permitted -> restricted"),)
    assert found.verdict == verdict


def test_a_sentence_that_was_edited_is_no_effect_and_yet_not_the_same(verdict: Verdict, again: Again) -> None:
    found = again(verdict.model_copy(update={"notice": Text("可以开工。", "go ahead.")}))
    assert (found.same, found.causes, found.effects) == (False, (UNEXPLAINED,), ())


def test_a_footprint_that_no_territory_holds_any_longer_is_refused(verdict: Verdict, again: Again) -> None:
    far = "POLYGON ((10 50, 10.1 50, 10.1 50.1, 10 50.1, 10 50))"
    old = verdict.model_copy(update={"trace": verdict.trace.model_copy(update={"geometry": far})})
    with pytest.raises(CRSError, match="lies outside every territory"):
        again(old)


# --- what the verdict rested on -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"site": "0" * 64}, "地块图形与记录的摘要不符", "the footprint does not match its digest"),
        (
            {"workspace": "0" * 64},
            "工作空间设置（zoning.yaml）已改变：容差、搜索距离、纬度等",
            "the settings of the workspace (zoning.yaml) have changed: tolerance, search distance, latitude ...",
        ),
        ({"rules": "0" * 64}, "规则内容已改变", "the rules have changed"),
    ],
)
def test_each_changed_input_is_named(verdict: Verdict, again: Again, changes: dict[str, str], zh: str, en: str) -> None:
    found = again(digests(verdict, **changes))
    assert (found.same, found.causes, found.effects) == (False, (Text(zh, en),), ())


def test_another_version_of_the_program_is_named_from_then_to_now(verdict: Verdict, again: Again) -> None:
    (cause,) = again(digests(verdict, program="zoning 0.0.1")).causes
    now = verdict.digests.program
    assert cause == Text(f"程序版本：zoning 0.0.1 -> {now}", f"program version: zoning 0.0.1 -> {now}")


def test_all_causes_stand_in_their_order(verdict: Verdict, again: Again) -> None:
    old = digests(
        verdict, site="0", layers={**verdict.digests.layers, "water": "1"}, workspace="2", rules="3", program="4"
    )
    begins = [cause.en.split(" ")[:2] for cause in again(old).causes]
    assert begins == [
        ["the", "footprint"],
        ["the", "data"],
        ["the", "settings"],
        ["the", "rules"],
        ["program", "version:"],
    ]


def test_a_changed_data_file_is_shown_by_the_beginnings_of_its_digests(verdict: Verdict, again: Again) -> None:
    now = verdict.digests.layers["water"]
    assert now is not None
    (cause,) = again(digests(verdict, layers={**verdict.digests.layers, "water": "0123456789abcdef"})).causes
    assert cause == Text(
        f"图层“水源”的数据文件已改变（0123456789ab -> {now[:12]}）",
        f"the data file of layer 'water' has changed (0123456789ab -> {now[:12]})",
    )


def test_a_layer_that_had_no_data_then_is_named(verdict: Verdict, again: Again) -> None:
    (cause,) = again(digests(verdict, layers={**verdict.digests.layers, "water": None})).causes
    assert cause == Text("图层“水源”当时不可用，现已可用", "layer 'water' could not be used then and can be used now")


def test_a_layer_that_the_workspace_did_not_have_then_is_new(verdict: Verdict, again: Again) -> None:
    rest = {name: digest for name, digest in verdict.digests.layers.items() if name != "water"}
    then = tuple(entry for entry in verdict.layers if entry.layer != "water")
    found = again(digests(verdict, layers=rest).model_copy(update={"layers": then}))
    assert found.causes == (
        Text(
            "图层“水源”是新增的，当时工作空间没有这个图层", "layer 'water' is new: the workspace did not have it then"
        ),
    )
    assert found.effects == (Text("水源：- -> affected", "water: - -> affected"),)


@pytest.mark.parametrize("digest", ["0" * 64, None])
def test_a_layer_that_is_gone_is_named_whether_it_had_data_or_not(
    verdict: Verdict, again: Again, digest: str | None
) -> None:
    (water,) = [entry for entry in verdict.layers if entry.layer == "water"]
    forest = water.model_copy(update={"layer": "forest", "title": Text("林地", "forest"), "status": "possible"})
    old = digests(verdict, layers={**verdict.digests.layers, "forest": digest})
    found = again(old.model_copy(update={"layers": (*verdict.layers, forest)}))
    assert found.causes == (
        Text(
            "图层“林地”现不可用：工作空间没有这个图层",
            "layer 'forest' cannot be used now: the workspace has no such layer",
        ),
    )
    assert found.effects == (Text("林地：possible -> -", "forest: possible -> -"),)


def test_a_layer_of_which_only_the_digest_is_known_bears_its_id(verdict: Verdict, again: Again) -> None:
    (cause,) = again(digests(verdict, layers={**verdict.digests.layers, "forest": "0"})).causes
    assert cause.zh == "图层“forest”现不可用：工作空间没有这个图层"


def test_several_layers_come_in_the_order_of_their_ids(verdict: Verdict, again: Again) -> None:
    causes = again(digests(verdict, layers=dict.fromkeys(verdict.digests.layers, "0"))).causes
    assert [cause.zh.split("”")[0] for cause in causes] == ["图层“基本农田", "图层“辖区", "图层“水源"]


def test_a_changed_definition_is_named_beside_its_data(verdict: Verdict, again: Again) -> None:
    old = digests(
        verdict,
        layers={**verdict.digests.layers, "water": "0"},
        definitions={**verdict.digests.definitions, "water": "0"},
    )
    data, definition = again(old).causes
    assert data.zh.startswith("图层“水源”的数据文件已改变")
    assert definition == Text(
        "图层“水源”的定义已改变：精度、类别、版本或覆盖范围",
        "the definition of layer 'water' has changed: accuracy, classes, editions or coverage",
    )


def test_a_record_that_did_not_know_definitions_says_nothing_of_them(verdict: Verdict, again: Again) -> None:
    assert again(digests(verdict, definitions={})).causes == (UNEXPLAINED,)


def test_a_layer_without_its_file_is_named_with_the_reason(tmp_path: Path, verdict: Verdict) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    (root / "layers" / "data" / "water.geojson").unlink()
    w = Workspace.open(root)
    found = replay_verdict(verdict, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    assert found.verdict.decision == "undetermined"
    (cause,) = [cause for cause in found.causes if "水源" in cause.zh]
    assert cause.zh.startswith("图层“水源”现不可用：")
    assert "water.geojson" in cause.zh
    assert Text("水源：affected -> no_data", "water: affected -> no_data") in found.effects


# --- what came of it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["not_affected", "possible", "no_data"])
def test_another_status_of_a_layer_is_an_effect(verdict: Verdict, again: Again, status: str) -> None:
    found = again(layers(verdict, status=status))
    assert found.effects == (Text(f"水源：{status} -> affected", f"water: {status} -> affected"),)


def overlap_m2(verdict: Verdict) -> float:
    (one,) = [one for one in verdict.findings if one.rule == "R048"]
    assert one.overlap_m2 is not None
    return one.overlap_m2


@pytest.mark.parametrize(
    ("changes", "then"),
    [
        (
            {"outcome": "does_not_apply", "decision": None, "overlap_m2": None},
            "does_not_apply",
        ),
        ({"outcome": "undetermined", "overlap_m2": 0.0}, "undetermined (restrict)"),
        ({"effect": "require", "overlap_m2": 1234.567}, "applies (require, 1,234.57 m²)"),
        ({"overlap_m2": None, "distance_m": 1234.56}, "applies (restrict, 1,234.6 m)"),
        ({"overlap_m2": 2.0, "distance_m": 0.0}, "applies (restrict, 2.00 m², 0.0 m)"),
        ({"outcome": "does_not_apply", "overlap_m2": None, "distance_m": 12.0}, "does_not_apply (12.0 m)"),
    ],
)
def test_another_finding_is_shown_with_its_figures(
    verdict: Verdict, again: Again, changes: dict[str, object], then: str
) -> None:
    (effect,) = again(finding(verdict, **changes)).effects
    change = f"{then} -> applies (restrict, {overlap_m2(verdict):,.2f} m²)"
    assert effect == Text(f"规则 R048：{change}", f"rule R048: {change}")


def test_a_finding_that_asks_for_another_decision_is_an_effect_even_with_the_same_words(
    verdict: Verdict, again: Again
) -> None:
    (effect,) = again(finding(verdict, decision="prohibited")).effects
    then, now = effect.en.removeprefix("rule R048: ").split(" -> ")
    assert then == now


def test_words_of_a_finding_are_no_effect(verdict: Verdict, again: Again) -> None:
    assert again(finding(verdict, title=Text("别的", "other"), blocked=True, share=0.5)).effects == ()


def test_findings_that_were_not_there_or_are_gone_are_shown_by_a_dash(verdict: Verdict, again: Again) -> None:
    (kept,) = [one for one in verdict.findings if one.rule == "R048"]
    gone: Finding = kept.model_copy(update={"rule": "R900", "outcome": "undetermined", "overlap_m2": None})
    rest = tuple(one for one in verdict.findings if one.rule != "R048")
    found = again(verdict.model_copy(update={"findings": (gone, *rest)}))
    assert [effect.en for effect in found.effects] == [
        f"rule R048: - -> applies (restrict, {overlap_m2(verdict):,.2f} m²)",
        "rule R900: undetermined (restrict) -> -",
    ]


def test_a_rule_in_two_territories_is_two_findings(verdict: Verdict, again: Again) -> None:
    (one,) = [one for one in verdict.findings if one.rule == "R048"]
    other = one.model_copy(update={"territory": "140825"})
    found = again(verdict.model_copy(update={"findings": (*verdict.findings, other)}))
    (effect,) = found.effects
    assert effect.zh.startswith("规则 R048：applies (restrict")
    assert effect.zh.endswith(" -> -")


def test_clauses_that_are_gone_are_effects_in_their_order(verdict: Verdict, again: Again) -> None:
    clauses = (
        world.clause(id="2023/ZH1/1-2", result="violates"),
        world.clause(id="2023/ZH1/1-1", result="to_verify"),
    )
    old = verdict.model_copy(update={"access_lists": (world.unit(clauses=clauses),)})
    assert again(old).effects == (
        Text("准入清单条款 2023/ZH1/1-1：to_verify -> -", "clause 2023/ZH1/1-1 of an access list: to_verify -> -"),
        Text("准入清单条款 2023/ZH1/1-2：violates -> -", "clause 2023/ZH1/1-2 of an access list: violates -> -"),
    )


def test_effects_stand_in_their_order(verdict: Verdict, again: Again) -> None:
    old = finding(layers(verdict, status="possible"), overlap_m2=1.0).model_copy(update={"decision": "prohibited"})
    assert [effect.zh.split("：")[0] for effect in again(old).effects] == ["结论", "水源", "规则 R048"]


# --- the record -----------------------------------------------------------------------------------------------------

NO_VERDICT = (
    "a.json：不是 zoning.verdict/1 格式的研判结论；请用 zoning check --format json 生成",
    "a.json: no verdict of schema zoning.verdict/1; make one with: zoning check --format json",
)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{", '{"schema": "zoning.verdict/2"}', '"x"'])
def test_what_is_no_verdict_is_refused_with_its_name(text: str) -> None:
    assert both(lambda: read_verdict(text, "a.json"), ContentError) == NO_VERDICT


@pytest.mark.parametrize("content", [None, {}, [], 5, "x", {"schema": "zoning.verdict/1"}])
def test_a_part_of_a_file_that_is_no_verdict_is_refused(content: object) -> None:
    assert both(lambda: verdict_of(content, "a.json"), ContentError) == NO_VERDICT


@pytest.mark.parametrize("name", ["decision", "findings", "digests", "trace"])
def test_a_verdict_that_lacks_something_is_none(verdict: Verdict, name: str) -> None:
    content = json.loads(verdict.to_json())
    del content[name]
    assert both(lambda: read_verdict(json.dumps(content), "a.json"), ContentError) == NO_VERDICT


def test_a_verdict_comes_back_from_its_text_and_from_its_values(verdict: Verdict) -> None:
    assert read_verdict(verdict.to_json(), "a.json") == verdict
    assert verdict_of(json.loads(verdict.to_json()), "a.json") == verdict


def test_the_footprint_of_a_verdict_is_the_one_that_was_checked(verdict: Verdict, site: Site) -> None:
    found = site_of_verdict(verdict)
    assert found.geometry.equals_exact(site.geometry, 0)
    for name in ("id", "name", "crs", "source", "width_m", "stated_area_m2", "repairs", "warnings", "attributes"):
        assert getattr(found, name) == getattr(site, name), name
    for name in ("stated_points", "conversion", "accuracy_m"):
        assert getattr(found, name) == getattr(site, name), name


def test_everything_that_is_told_of_a_footprint_comes_back(verdict: Verdict) -> None:
    told = {
        **verdict.trace.site,
        "repairs": [{"kind": "crossing", "count": 2, "area_change_m2": -1.5, "zh": "自相交", "en": "crossing"}],
        "warnings": [{"zh": "注意", "en": "mind"}],
        "stated_area_m2": 12.0,
        "stated_points": 5,
        "conversion": {"zh": "由 GCJ-02 换算", "en": "from GCJ-02"},
        "accuracy_m": 3.0,
        "attributes": {"用途": "工业"},
    }
    found = site_of_verdict(
        verdict.model_copy(update={"trace": verdict.trace.model_copy(update={"site": told, "width_m": 8.0})})
    )
    assert found.repairs == (Repair("crossing", 2, -1.5, Text("自相交", "crossing")),)
    assert found.warnings == (Text("注意", "mind"),)
    assert (found.stated_area_m2, found.stated_points, found.accuracy_m, found.width_m) == (12.0, 5, 3.0, 8.0)
    assert found.conversion == Text("由 GCJ-02 换算", "from GCJ-02")
    assert found.attributes == {"用途": "工业"}


def test_a_record_of_an_earlier_version_says_less(verdict: Verdict) -> None:
    told = {
        name: value
        for name, value in verdict.trace.site.items()
        if name not in ("stated_points", "conversion", "accuracy_m")
    }
    found = site_of_verdict(verdict.model_copy(update={"trace": verdict.trace.model_copy(update={"site": told})}))
    assert (found.stated_points, found.conversion, found.accuracy_m) == (None, None, 0.0)


def test_attributes_of_the_footprint_are_its_own(verdict: Verdict) -> None:
    found = site_of_verdict(verdict)
    assert found.attributes is not verdict.trace.site["attributes"]
