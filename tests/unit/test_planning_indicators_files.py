"""What plans promise: the models of their files, and the mistakes that are named with their lines."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from overlay_world import layer
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.planning.indicators.plan_file import FOLDER, UNITS_M2, Indicator, Target, read_plans

CITATION = {"document": "plan", "section": "表1", "lines": "L1", "anchor": "某"}
PLAIN = {"title": {"zh": "占比", "en": "share"}, "unit": "%", "citation": CITATION}
CATALOGUE = Catalogue(Path(), {"water": layer("water")}, "territory")
DOCUMENTS: Any = {"plan": SimpleNamespace()}
FILE = """\
title: {zh: 规划, en: plan}
document: plan
territory: "140522"
indicators:
  a:
    title: {zh: 占比, en: share}
    unit: "%"
    citation: {document: plan, section: 表1}
    measure: {of: share, part: [{layer: water, classes: [level-1]}]}
"""


def write(root: Path, name: str, text: str) -> Path:
    path = root / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(root: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        read_plans(root, CATALOGUE, DOCUMENTS)
    return caught.value


@pytest.mark.parametrize(("unit", "m2"), [("公顷", 10_000.0), ("km²", 1e6), ("m²", 1.0)])
def test_units_of_areas(unit: str, m2: float) -> None:
    assert UNITS_M2[unit] == m2


def test_fifteen_mu_are_a_hectare_and_ten_thousand_are_one_wan_mu() -> None:
    assert UNITS_M2["亩"] * 15 == pytest.approx(10_000.0, rel=1e-15)
    assert UNITS_M2["万亩"] == pytest.approx(10_000 * UNITS_M2["亩"], rel=1e-15)


@pytest.mark.parametrize("sense", ["at-least", "at-most"])
def test_a_limit_needs_a_value(sense: str) -> None:
    assert Target.model_validate({"year": 2025, "sense": sense, "value": 0}).value == 0.0
    with pytest.raises(ValidationError) as caught:
        Target.model_validate({"year": 2025, "sense": sense})
    assert "at-least and at-most need a 'value', the others none" in str(caught.value)


@pytest.mark.parametrize("sense", ["not-lower", "handed-down", "stated"])
def test_other_targets_have_none(sense: str) -> None:
    assert Target.model_validate({"year": 2025, "sense": sense}).value is None
    with pytest.raises(ValidationError, match="the others none"):
        Target.model_validate({"year": 2025, "sense": sense, "value": 1.0})


@pytest.mark.parametrize(
    ("of", "unit", "allowed"),
    [
        ("share", "%", True), ("share", "公顷", False), ("share", "", False),
        ("area", "公顷", True), ("area", "km²", True), ("area", "万亩", True), ("area", "亩", True),
        ("area", "m²", True), ("area", "%", False), ("area", "ha", False),
    ],
)  # fmt: skip
def test_layers_give_shares_in_percent_and_areas_in_units_of_area(of: str, unit: str, allowed: bool) -> None:
    told = {**PLAIN, "unit": unit, "measure": {"of": of, "part": [{"layer": "water"}]}}
    if allowed:
        assert Indicator.model_validate(told).unit == unit
        return
    with pytest.raises(ValidationError) as caught:
        Indicator.model_validate(told)
    assert f"'{of}' gives no '{unit}'; allowed: " in str(caught.value)


@pytest.mark.parametrize("both", [True, False])
def test_either_layers_answer_or_it_is_said_what_it_takes(both: bool) -> None:
    more: dict[str, Any] = {}
    if both:
        more = {"measure": {"of": "share", "part": [{"layer": "water"}]}, "needs": {"zh": "统计", "en": "statistics"}}
    with pytest.raises(ValidationError, match="write either 'measure'"):
        Indicator.model_validate({**PLAIN, **more})


def test_what_no_layer_answers_may_have_any_unit() -> None:
    assert Indicator.model_validate({**PLAIN, "unit": "人", "needs": {"zh": "统计", "en": "statistics"}}).unit == "人"


def test_a_measure_without_a_layer_is_refused() -> None:
    with pytest.raises(ValidationError):
        Indicator.model_validate({**PLAIN, "measure": {"of": "share", "part": []}})


def figures(*claims: tuple[str, float], own: float | None = None) -> Indicator:
    told = [
        {"of": of, "year": 2020, "value": value, "citation": CITATION, "note": {"zh": "注", "en": "note"}}
        for of, value in claims
    ]
    baseline = None if own is None else {"year": 2020, "value": own}
    needs = {"zh": "统计", "en": "statistics"}
    return Indicator.model_validate({**PLAIN, "needs": needs, "baseline": baseline, "claims": told})


@pytest.mark.parametrize(
    ("indicator", "baseline", "target"),
    [
        (figures(), (), ()),
        (figures(own=4.2), (4.2,), ()),
        (figures(("baseline", 5.0), own=4.2), (4.2, 5.0), ()),
        (figures(("baseline", 5.0), ("baseline", 4.2), ("baseline", 5.0), own=4.2), (4.2, 5.0), ()),
        (figures(("target", 9.0), ("baseline", 5.0)), (5.0,), (9.0,)),
        (figures(own=0.0), (0.0,), ()),
    ],
)
def test_every_different_figure_is_said_once_the_own_one_first(
    indicator: Indicator, baseline: tuple[float, ...], target: tuple[float, ...]
) -> None:
    assert (indicator.said("baseline"), indicator.said("target")) == (baseline, target)


def test_plans_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    assert read_plans(tmp_path, CATALOGUE, DOCUMENTS) == []
    for name in ("b.yaml", "a.yaml", "c.txt"):
        write(tmp_path, name, FILE)
    assert [plan.id for plan in read_plans(tmp_path, CATALOGUE, DOCUMENTS)] == ["a", "b"]


def test_a_class_that_the_layer_does_not_have_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", FILE.replace("level-1", "level-9"))
    error = refusal(tmp_path)
    assert f"{FOLDER}/a.yaml:9" in error.get("zh").replace("\\", "/")
    assert "图层 water 没有类别“level-9”；可用：level-1, level-2" in error.get("zh")
    assert "layer water has no class 'level-9'; allowed: level-1, level-2" in error.get("en")


def test_a_layer_that_the_workspace_does_not_have_is_no_mistake(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", FILE.replace("layer: water", "layer: gone"))
    assert len(read_plans(tmp_path, CATALOGUE, DOCUMENTS)) == 1


@pytest.mark.parametrize(
    ("old", "line"), [("document: plan\n", 2), ("{document: plan, section", 8)], ids=["of the plan", "of a citation"]
)
def test_a_document_that_is_none_is_named_with_its_line(tmp_path: Path, old: str, line: int) -> None:
    write(tmp_path, "a.yaml", FILE.replace(old, old.replace("plan", "law")))
    error = refusal(tmp_path)
    assert f"a.yaml:{line}" in error.get("zh")
    assert "没有文件“law”" in error.get("zh")
    assert "there is no document 'law'" in error.get("en")


def test_a_document_of_a_claim_is_looked_up_as_well(tmp_path: Path) -> None:
    claims = """\
    claims:
      - {of: target, year: 2025, value: 5, note: {zh: 注, en: note}, citation: {document: law, section: 表1}}
"""
    write(tmp_path, "a.yaml", FILE + claims)
    assert "a.yaml:11" in refusal(tmp_path).get("en")


def test_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", FILE.replace("level-1", "level-9"))
    write(tmp_path, "b.yaml", FILE.replace("unit:", "units:"))
    write(tmp_path, "c.yaml", "- x\n")
    write(tmp_path, "d.yaml", FILE)
    told = refusal(tmp_path).get("en")
    assert all(f"{name}.yaml" in told for name in "abc")
    assert "d.yaml" not in told
