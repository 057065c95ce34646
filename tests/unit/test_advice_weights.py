"""What counts how much when places are ranked, and what of it makes no sense."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from overlay_world import layer
from zoning.advice.selection.weights import CRITERIA, TITLES, CriterionName, Weights
from zoning.layers.catalogue import Catalogue

CATALOGUE = Catalogue(Path(), {"transport": layer("transport", classes=("road", "rail"))}, "territory")


def weights(**parts: dict[str, Any]) -> Weights:
    return Weights.model_validate(parts)


def told(**parts: dict[str, Any]) -> list[str]:
    return [text.en for text in weights(**parts).mistakes(CATALOGUE)]


@pytest.mark.parametrize(
    ("name", "weight", "worst"),
    [
        ("slope", 2.0, 25.0),
        ("road_distance", 2.0, 3000.0),
        ("farmland", 2.0, 1.0),
        ("restrictions", 1.0, 5.0),
        ("questions", 1.0, 5.0),
    ],
)
def test_the_defaults_are_those_of_the_manual(name: CriterionName, weight: float, worst: float) -> None:
    assert weights().of(name) == weight
    assert weights().worst(name) == worst


def test_every_criterion_has_a_title() -> None:
    assert tuple(TITLES) == CRITERIA


@pytest.mark.parametrize("written", ["3", 3, 3.0, "3.0", " 3 ", "3e0"])
def test_figures_may_be_written_as_text(written: object) -> None:
    assert weights(slope={"weight": written, "worst": 25}).of("slope") == 3.0


@pytest.mark.parametrize("written", ["", "viel", "3 m", "三", "0x3"])
def test_what_is_no_number_is_said(written: str) -> None:
    with pytest.raises(ValidationError) as caught:
        weights(slope={"weight": written, "worst": 25})
    (error,) = caught.value.errors()
    assert error["ctx"]["error"].text.zh == f"“{written}”不是数"
    assert error["ctx"]["error"].text.en == f"'{written}' is no number"


@pytest.mark.parametrize("weight", [0, 0.5, 1e6, "1000000"])
def test_weights_from_nought_to_a_million_are_taken(weight: object) -> None:
    assert weights(farmland={"weight": weight}).of("farmland") == float(str(weight))


@pytest.mark.parametrize("weight", [-0.001, 1_000_000.1, "nan", "inf", "-inf", None, [1]])
def test_other_weights_are_refused(weight: object) -> None:
    with pytest.raises(ValidationError):
        weights(farmland={"weight": weight})


@pytest.mark.parametrize("part", ["slope", "road_distance", "restrictions", "questions"])
@pytest.mark.parametrize("worst", [0, -1, 1_000_000.1, "nan", "inf"])
def test_the_worst_value_is_more_than_nought(part: str, worst: object) -> None:
    with pytest.raises(ValidationError):
        weights(**{part: {"worst": worst}})


def test_a_place_may_lie_on_the_road_itself() -> None:
    assert weights(road_distance={"keep_off": 0}).road_distance.keep_off == 0.0


@pytest.mark.parametrize("parts", [{"slop": {}}, {"slope": {"worst": 3, "best": 1}}, {"farmland": {"worst": 1}}])
def test_words_that_there_are_not_are_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Weights.model_validate(parts)


# --- what does not fit the workspace


@pytest.mark.parametrize("part", ["road_distance", "farmland"])
def test_a_class_that_the_layer_does_not_have_is_told(part: str) -> None:
    parts = {part: {"layer": "transport", "classes": ["road", "path", "canal"]}}
    assert told(**parts) == [
        "layer transport has no class 'path'; allowed: road, rail",
        "layer transport has no class 'canal'; allowed: road, rail",
    ]
    (first, _) = weights(**parts).mistakes(CATALOGUE)
    assert first.zh == "图层 transport 没有类别“path”；可用：road, rail"


def test_a_layer_that_is_not_there_is_no_mistake() -> None:
    assert told(road_distance={"layer": "paths", "classes": ["path"]}) == []


def test_at_least_one_weight_is_more_than_nought() -> None:
    nothing: dict[str, dict[str, Any]] = {name: {"weight": 0} for name in ("road_distance", "farmland")}
    nothing |= {name: {"weight": 0, "worst": 1} for name in ("slope", "restrictions", "questions")}
    assert told(**nothing) == ["at least one weight must be more than 0"]
    for name in CRITERIA:
        assert told(**nothing | {name: nothing[name] | {"weight": 0.001}}) == []
