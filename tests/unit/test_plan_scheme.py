"""Schemes: what fits, what does not, and which zones count."""

from pathlib import Path
from typing import Any

import pytest

from overlay_world import TITLE, layer
from plan_world import SCHEME
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue, ZoneClass
from zoning.planning.units.members import title_of
from zoning.planning.units.scheme import Member, Scheme, read_scheme

HEAD = """\
title: {zh: 方案, en: scheme}
units: units
"""
MEMBERS = "members: [{layer: red}]"


def read(tmp_path: Path, text: str) -> Scheme:
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_scheme(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"classes: {{one: {{digit: 1, {MEMBERS}}}}}", "the last class takes what is left and has no 'members'"),
        (f"classes: {{one: {{digit: 1}}, two: {{digit: 2, {MEMBERS}}}}}", "the last class takes what is left"),
        (f"classes: {{one: {{digit: 1, {MEMBERS}}}, two: {{digit: 1}}}}", "codes of management units need a 'digit'"),
        (f"classes: {{one: {{{MEMBERS}}}, two: {{digit: 1}}}}", "codes of management units need a 'digit'"),
        ("classes: {}", "the last class takes what is left"),
    ],
)
def test_what_makes_no_partition_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    assert sentence in caught.value.get("en")
    assert "mine.yaml" in caught.value.get("zh")


def test_serial_codes_need_no_digits_and_a_class_may_have_no_layer_yet(tmp_path: Path) -> None:
    village = "two: {lacking: [{zh: 村, en: villages}]}"
    scheme = read(tmp_path, f"codes: {{word: LZ}}\nclasses: {{one: {{{MEMBERS}}}, {village}, rest: {{}}}}")
    assert list(scheme.classes) == ["one", "two", "rest"]


def scheme(**changes: Any) -> Scheme:
    return Scheme.model_validate({**SCHEME.model_dump(), **changes})


def catalogue(tmp_path: Path, **changes: Any) -> Catalogue:
    layers = {name: layer(name, classes=("any",)) for name in ("red", "water", "town", "park", "townships")}
    layers["units"] = layer("units", classes=tuple(SCHEME.classes))
    return Catalogue(tmp_path, {**layers, **changes}, "territory")


def test_a_scheme_is_compared_with_the_layers(tmp_path: Path) -> None:
    assert SCHEME.mistakes(catalogue(tmp_path)) == []
    found = scheme(split_by="villages").mistakes(catalogue(tmp_path, units=layer("units", classes=("priority", "key"))))
    assert [one.en for one in found] == [
        "plans/units.yaml: there is no layer 'villages'",
        "plans/units.yaml: layer units has no class 'general'",
    ]
    lines = SCHEME.mistakes(catalogue(tmp_path, red=layer("red", classes=("any",), lines=True)))
    assert [one.zh for one in lines] == ["plans/units.yaml：图层 red 是线，不能作成员"]


def test_a_class_that_a_member_lacks_is_a_mistake(tmp_path: Path) -> None:
    classes = SCHEME.model_dump()["classes"]
    classes["key"]["members"] = [{"layer": "town", "classes": ["built-up"]}]
    found = scheme(classes=classes).mistakes(catalogue(tmp_path))
    assert [one.en for one in found] == ["plans/units.yaml: layer town has no class 'built-up'"]


def test_a_member_is_called_as_it_says_else_by_layer_and_classes() -> None:
    water = layer("water", classes=("level-1", "level-2"))
    assert title_of(Member(layer="water", title=TITLE), water) == TITLE
    assert title_of(Member(layer="water"), None).zh == "water"
    assert title_of(Member(layer="water", classes=("level-1", "level-2")), water).zh == "图层（图层、图层）"


def test_zones_whose_level_is_not_told_count_for_each_level_that_they_may_be() -> None:
    from zoning.planning.units.members import _wanted

    told = {
        "level-1": ZoneClass(title=TITLE, codes=("1",)),
        "whole": ZoneClass(title=TITLE, codes=("W",), may_be=("level-1", "level-2")),
        "level-2": ZoneClass(title=TITLE, codes=("2",)),
        "outer": ZoneClass(title=TITLE, codes=("O",)),
    }
    red = layer("red").model_copy(update={"classes": told})
    only = Member(layer="red", classes=("level-2",))
    assert [name for name in told if _wanted(red, name, only)] == ["whole", "level-2"]
    assert all(_wanted(red, name, Member(layer="red")) for name in told)
