"""What the definition of a layer may say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from layer_definitions import CLASS, T, made
from zoning.layers.catalogue import Catalogue, Coverage, Edition, ZoneClass
from zoning.mistakes import Key, Mistake

URL = "postgresql://reader@host/land"


def mistake(error: ValidationError) -> Mistake:
    (one,) = error.errors()
    found = one["ctx"]["error"]
    assert isinstance(found, Mistake)
    return found


def refused(**other: Any) -> Mistake:
    with pytest.raises(ValidationError) as caught:
        made(**other)
    return mistake(caught.value)


# --- what cannot be meant

REFUSED: list[tuple[str, dict[str, Any], Key, str, str]] = [
    (
        "two classes and no field that tells them apart",
        {"class_field": None},
        ("classes",),
        "没有 class_field 时须恰好有一个类别",
        "without 'class_field' there must be exactly one class",
    ),
    (
        "no class at all and no field",
        {"class_field": None, "classes": {}},
        ("classes",),
        "没有 class_field 时须恰好有一个类别",
        "without 'class_field' there must be exactly one class",
    ),
    (
        "a class of an edition that the layer does not have",
        {"editions": {"2020": {"file": "a", "valid_from": "2020-01-01", "classes": ["level-1", "level-9"]}}},
        ("editions", "2020", "classes"),
        "图层没有类别“level-9”；可用：level-1, level-2",
        "edition 2020 names the unknown class 'level-9'; allowed: level-1, level-2",
    ),
    (
        "a successor that does not exist",
        {"editions": {"2020": {"file": "a", "valid_from": "2020-01-01", "superseded_by": "2024"}}},
        ("editions", "2020", "superseded_by"),
        "没有版本“2024”；可用：2020",
        "edition 2020 is superseded by '2024', which does not exist; allowed: 2020",
    ),
    (
        "an edition that ends the day before it begins",
        {"editions": {"2020": {"file": "a", "valid_from": "2020-01-02", "valid_to": "2020-01-01"}}},
        ("editions", "2020", "valid_to"),
        "失效日 2020-01-01 早于生效日 2020-01-02",
        "edition 2020 ends (2020-01-01) before it begins (2020-01-02)",
    ),
    (
        "two editions of one day",
        {"editions": {name: {"file": name, "valid_from": "2020-01-01"} for name in ("b", "a")}},
        ("editions", "b", "valid_from"),
        "版本 a 和 b 都从 2020-01-01 起有效",
        "editions a and b both begin on 2020-01-01",
    ),
    (
        "a code of two classes",
        {"classes": {"level-1": CLASS, "level-2": {"title": T, "codes": ("2", "1")}}},
        ("classes", "level-2", "codes"),
        "版本 2020 中代码“1”同时属于 level-1 和 level-2",
        "the code '1' means both 'level-1' and 'level-2' in edition 2020",
    ),
    (
        "a public field that is none",
        {"public": True, "public_attributes": ["name", "owner"]},
        ("public_attributes", 1),
        "图层没有字段“owner”；可用：zone_id, name",
        "the layer has no field 'owner'; allowed: zone_id, name",
    ),
    (
        "public fields of a layer that is not public",
        {"public_attributes": ["name"]},
        ("public_attributes",),
        "写了 public_attributes，但图层没有 public: true",
        "'public_attributes' without 'public: true'",
    ),
    (
        "coverage in a database beside a file",
        {"coverage": {"table": "public.area"}},
        ("coverage",),
        "版本 2020 是数据文件，覆盖范围须写 territories 或 file",
        "edition 2020 is a file: its coverage is 'territories' or 'file'",
    ),
    (
        "the same, said by the edition",
        {"editions": {"2020": {"file": "a", "valid_from": "2020-01-01", "coverage": {"table": "public.area"}}}},
        ("editions", "2020", "coverage"),
        "版本 2020 是数据文件",
        "edition 2020 is a file",
    ),
    (
        "a table of the coverage without its schema",
        {
            "editions": {"2020": {"source": URL, "table": "public.water", "valid_from": "2020-01-01"}},
            "coverage": {"table": "area"},
        },
        ("coverage", "table"),
        "数据库中的图层须写明 table，写成 模式.数据表",
        "names its 'table' as schema.table",
    ),
    (
        "a person's field that is public",
        {
            "attributes": {"chief": T},
            "public": True,
            "public_attributes": ["name", "chief"],
            "responsible": {"field": "chief", "title": T},
        },
        ("public_attributes", 1),
        "字段“chief”是责任人信息，不得列入 public_attributes",
        "the field 'chief' is about a person and is never public",
    ),
    (
        "a person's field that is no attribute",
        {"attributes": {"chief": T}, "responsible": {"field": "cheif", "title": T}},
        ("responsible", "field"),
        "图层的 attributes 中没有字段“cheif”；可用：chief；是否想写“chief”？",
        "the layer's 'attributes' have no field 'cheif'; allowed: chief - did you mean 'chief'?",
    ),
]


@pytest.mark.parametrize(("what", "other", "at", "zh", "en"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_definition_that_cannot_be_meant_is_refused_where_it_stands(
    what: str, other: dict[str, Any], at: Key, zh: str, en: str
) -> None:
    found = refused(**other)
    assert found.at == at, what
    assert zh in found.text.zh
    assert en in found.text.en


@pytest.mark.parametrize("key", ["office_field", "contact_field"])
def test_each_field_of_a_person_must_be_an_attribute(key: str) -> None:
    found = refused(attributes={"chief": T}, responsible={"field": "chief", "title": T, key: "phone"})
    assert found.at == ("responsible", key)


@pytest.mark.parametrize(
    "other",
    [
        {"class_field": None, "classes": {"level-1": CLASS}},
        {"public": True},
        {"public": True, "public_attributes": ["zone_id", "name"]},
        {"public": True, "public_attributes": ["basin"], "attributes": {"basin": T}},
        {"accuracy_m": 0},
        {"editions": {"2020": {"file": "a", "valid_from": "2020-01-01", "valid_to": "2020-01-01"}}},
        {"editions": {"2020": {"file": "a", "valid_from": "2020-01-01", "superseded_by": "2020"}}},
        {"editions": {}},
    ],
)
def test_a_definition_that_can_be_meant_is_taken(other: dict[str, Any]) -> None:
    assert made(**other).id == "water"


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"accuracy_m": -0.001}, ("accuracy_m",)),
        ({"group": "waters"}, ("group",)),
        ({"geometry": "point"}, ("geometry",)),
        ({"colour": "red"}, ("colour",)),
        ({"schematic": "perhaps"}, ("schematic",)),
        ({"tolerance": -1.0}, ("tolerance",)),
    ],
)
def test_values_of_another_kind_are_refused(other: dict[str, Any], where: Key) -> None:
    with pytest.raises(ValidationError) as caught:
        made(**other)
    assert [error["loc"] for error in caught.value.errors()] == [where]


@pytest.mark.parametrize(("written", "square_metres"), [("1 m2", 1.0), ("1 亩", 10_000 / 15), ("0.5 公顷", 5000.0)])
def test_the_tolerance_is_an_area_with_its_unit(written: str, square_metres: float) -> None:
    assert made(tolerance=written).tolerance == pytest.approx(square_metres)


def test_one_code_may_mean_different_classes_in_different_editions() -> None:
    layer = made(
        classes={"old": CLASS, "new": CLASS},
        editions={
            "2010": {"file": "a", "valid_from": "2010-01-01", "classes": ["old"]},
            "2020": {"file": "b", "valid_from": "2020-01-01", "classes": ["new"]},
        },
    )
    assert [layer.classes_in(edition) for edition in layer.editions.values()] == [("old",), ("new",)]


def test_a_class_may_list_a_code_twice() -> None:
    assert made(classes={"level-1": {"title": T, "codes": ("1", "1")}}).classes["level-1"].codes == ("1", "1")


# --- coverage and editions by themselves


@pytest.mark.parametrize("given", [{}, {"territories": ["1"], "file": "a.gpkg"}, {"territories": ["1"], "table": "t"}])
def test_coverage_is_said_in_exactly_one_way(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Coverage.model_validate(given)
    assert mistake(caught.value).text.zh == "territories 和 file 须写一个，且只写一个"
    assert mistake(caught.value).text.en == "write either 'territories' or 'file'"


@pytest.mark.parametrize(
    ("given", "in_database"),
    [
        ({"territories": ("140522",)}, False),
        ({"file": "a.gpkg"}, False),
        ({"file": "a.gpkg", "table": "area"}, False),
        ({"table": "public.area"}, True),
    ],
)
def test_a_table_without_a_file_is_in_the_database(given: dict[str, Any], in_database: bool) -> None:
    assert Coverage.model_validate(given).in_database is in_database


EDITIONS: list[tuple[dict[str, Any], Key, str, str]] = [
    ({}, (), "file（数据文件）和 source（数据库地址）须写一个", "write either 'file' (a data file) or 'source'"),
    (
        {"file": "a.gpkg", "source": URL, "table": "public.t"},
        ("source",),
        "须写一个，且只写一个",
        "write either 'file'",
    ),
    ({"file": URL}, ("file",), "数据库地址请写在 source，不是 file", "goes to 'source', not to 'file'"),
    ({"file": "postgres://h/d"}, ("file",), "数据库地址请写在 source", "goes to 'source', not to 'file'"),
    ({"file": "a.gpkg", "geometry_field": "geom"}, ("geometry_field",), "只用于数据库", "goes with 'source' only"),
    ({"source": URL}, ("table",), "如 public.water", "such as public.water"),
    ({"source": URL, "table": "water"}, ("table",), "如 public.water", "such as public.water"),
    ({"source": URL, "table": ".water"}, ("table",), "如 public.water", "such as public.water"),
    ({"source": URL, "table": "public."}, ("table",), "如 public.water", "such as public.water"),
    (
        {"source": URL, "table": "public.water", "encoding": "GBK"},
        ("encoding",),
        "encoding 只用于数据文件",
        "'encoding' goes with 'file' only",
    ),
]


@pytest.mark.parametrize(("given", "at", "zh", "en"), EDITIONS)
def test_an_edition_is_a_file_or_a_table(given: dict[str, Any], at: Key, zh: str, en: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Edition.model_validate({"valid_from": "2020-01-01", **given})
    found = mistake(caught.value)
    assert found.at == at
    assert zh in found.text.zh
    assert en in found.text.en


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ({"file": "data/local/water.gpkg"}, "water.gpkg"),
        ({"file": "水源.shp"}, "水源.shp"),
        ({"source": URL, "table": "public.water"}, "host/land:public.water"),
    ],
)
def test_sentences_call_an_edition_by_its_file_or_table(given: dict[str, Any], origin: str) -> None:
    assert Edition.model_validate({"valid_from": "2020-01-01", **given}).origin == origin


def test_an_edition_without_classes_has_all_of_the_layer_strictest_first() -> None:
    layer = made()
    assert layer.classes_in(layer.editions["2020"]) == ("level-1", "level-2")
    stated = Edition(file="a", valid_from=date(2020, 1, 1), classes=("level-2",))
    assert layer.classes_in(stated) == ("level-2",)


# --- what a definition says of itself


def test_a_definition_that_names_nobody_keeps_its_digest() -> None:
    assert "responsible" not in made().model_dump()
    person = {"field": "chief", "title": T}
    assert made(attributes={"chief": T}, responsible=person).model_dump()["responsible"]["field"] == "chief"


def test_definitions_cannot_be_changed() -> None:
    layer = made()
    with pytest.raises(ValidationError):
        layer.accuracy_m = 0.0  # type: ignore[misc]  # the refusal is what is tested


def test_a_catalogue_gives_its_layers_by_their_ids() -> None:
    layer = made()
    catalogue = Catalogue(Path(), {"water": layer}, "water")
    assert catalogue["water"] is layer
    with pytest.raises(KeyError):
        catalogue["wood"]


def test_a_class_may_be_one_of_others() -> None:
    found = ZoneClass.model_validate({"title": T, "codes": ["3"], "may_be": ["level-1", "level-2"]})
    assert found.may_be == ("level-1", "level-2")
