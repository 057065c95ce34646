"""Whatever is wrong in a content file is said in our words: no sentence of the library behind the models is shown."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from zoning.errors import ContentError
from zoning.layers.catalogue import Layer
from zoning.maps.map_product import MapProduct
from zoning.planning.units.scheme import Scheme
from zoning.rules.cases import CaseFile
from zoning.rules.facts import Vocabulary
from zoning.rules.lint.precedence import Precedence
from zoning.rules.rule import Rule
from zoning.styles.looks import LayerForm
from zoning.styles.palette import Palette
from zoning.styles.stylebook import LayerStyle, Outcomes
from zoning.workspace import WorkspaceFile
from zoning.yaml_files import YamlFile, validate

MODELS: list[type[BaseModel]] = [
    Rule, CaseFile, Vocabulary, Layer, LayerStyle, LayerForm, Palette, Outcomes, WorkspaceFile, Precedence,
    MapProduct, Scheme,
]  # fmt: skip
TEXT = {"zh": "某", "en": "some"}
WRONG: list[Any] = [
    None, "x", "禁止", "-5", "1e400", "nan", "2023/7/4", "2023-01-01T05:00", [], {}, [[]], [None], ["x"], [{}],
    {"zh": "某"}, {"zh": [], "en": "x"}, {"zh": "某", "en": "x", "fr": "x"}, {"a": None}, {"a": "x"}, {"a": {}},
    {"a": []}, {"from": "2023-01-01", "to": "x"}, {"from": None}, [{"layer": "water", "distance": []}],
    [{"layer": "water", "relation": "近"}], {"a": {"title": TEXT, "unit": "m", "in_force": {"x": {"value": []}}}},
    {"a": {"fill": "red", "fill_opacity": "9", "outline": "#123456", "width": "0"}},
    {"a": {"title": TEXT, "codes": "1"}}, {"a": {"file": [], "valid_from": "x", "coverage": []}},
    [{"name": "a", "on": "x", "expect": "ja", "layers": {"water": "nothing"}}],
    [{"name": "a", "on": "x", "expect": "ja", "layers": {"water": {"level-1": {"area": "3 里", "certainty": []}}}}],
    {"a": {"title": TEXT, "question": TEXT, "kind": "ja", "derive": [{}]}}, [{"when": {}, "effect": []}],
    [{"rules": [], "because": "x"}], [{"rule": "R001"}], [{"section": [], "verified": "否"}],
]  # fmt: skip
FOREIGN = re.compile(r"Input|Field required|Extra inputs|Unexpected|validation|valid |unable to|Value error|pydantic")


def refused(model: type[BaseModel], field: str, value: Any) -> tuple[str, str] | None:
    file = YamlFile(Path("content.yaml"), {field: value}, {(): 1})
    try:
        validate(file, model, file.value)
    except ContentError as error:
        return error.get("zh"), error.get("en")
    return None


@pytest.mark.parametrize("model", MODELS)
def test_every_refusal_is_said_in_both_languages(model: type[BaseModel]) -> None:
    seen = 0
    for name, info in model.model_fields.items():
        for value in WRONG:
            said = refused(model, info.alias or name, value)
            if said is None:
                continue
            for zh, en in zip(said[0].splitlines(), said[1].splitlines(), strict=True):
                seen += 1
                assert re.search("[\u4e00-\u9fff]", zh), (name, value, zh)
                assert not FOREIGN.search(zh), (name, value, zh)
                assert not FOREIGN.search(en), (name, value, en)
                assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", zh.replace("not in force", "")), (
                    name,
                    value,
                    zh,
                )
    assert seen > 30


def test_no_place_is_named_twice() -> None:
    """Where a value may have several forms, each place has one sentence."""
    said = refused(CaseFile, "cases", [{"name": "a", "on": "2024-01-01", "expect": "applies", "layers": {"water": []}}])
    assert said is not None
    assert said[0].splitlines() == [
        "content.yaml:1：cases.0.layers.water：应为键值表",
        "content.yaml:1：缺少“rule”，请补上",
    ]
