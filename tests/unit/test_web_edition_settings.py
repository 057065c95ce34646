"""What is said of an uploaded file: prefilled from the present edition, refused where it cannot hold, kept as it is."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from layer_definitions import CLASS, T, made
from zoning.errors import UsageError
from zoning.layers.catalogue import Coverage, Layer
from zoning.texts import Text
from zoning.web.editions.settings import (
    Settings,
    addition_of,
    check_id,
    check_settings,
    codes_of,
    data_name,
    from_plain,
    prefilled,
)

DAY = date(2026, 5, 1)
SHA = "0123456789ab" + "f" * 52


def table(name: str | None = "water", crs: str | None = "EPSG:4490", **fields: dict[str, int] | None) -> dict[str, Any]:
    shown = fields or {"zone_id": None, "name": None, "class": {"1": 3, "2a": 1, "9": 2}}
    return {"name": name, "zones": 6, "crs": crs, "fields": [{"name": n, "values": v} for n, v in shown.items()]}


TABLES = [table()]
LAYER = made()
GOOD = Settings(
    layer="water",
    edition="2026",
    valid_from=DAY,
    id_field="zone_id",
    name_field="name",
    class_field="class",
    codes={"1": "level-1"},
    accuracy_m=5.0,
    territories=("140522",),
    source=Text("晋政函〔2026〕1号", ""),
)


def refused(layer: Layer, settings: Settings, tables: list[dict[str, Any]] = TABLES) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        check_settings(layer, settings, tables)
    return caught.value.text.zh, caught.value.text.en


def test_settings_come_back_from_json_as_they_were() -> None:
    told = replace(GOOD, attributes={"level": "等级"}, table="t", crs="EPSG:4547", territories=("140522", "140500"))
    assert from_plain(json.loads(json.dumps(told.plain()))) == told
    assert from_plain(json.loads(json.dumps(GOOD.plain()))) == GOOD
    assert GOOD.plain()["valid_from"] == "2026-05-01"


@pytest.mark.parametrize(
    "edition", ["2027", "2027-03", "a", "0", "A.b_c-9", "x" * 40, "con2027", "console", "lpt", "com", "2027.1"]
)
def test_a_plain_word_is_the_id_of_an_edition(edition: str) -> None:
    assert check_id(edition) == edition


@pytest.mark.parametrize(
    "edition",
    [
        "",
        "x" * 41,
        "-2027",
        ".2027",
        "_2027",
        "2027 1",
        "2027/1",
        "..",
        "a..b",
        "二〇二七",
        "2027\n",
        "con",
        "CON.2027",
        "nul",
        "Aux",
        "prn.x",
        "com1",
        "LPT9",
        "lpt1.gpkg",
        "a\\b",
        "a:b",
    ],
)
def test_what_could_be_no_file_name_is_no_id(edition: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_id(edition)
    assert caught.value.text.zh.startswith("版本号只能用字母、数字和 . _ -")
    assert caught.value.text.en.startswith("the id of an edition has letters, digits and . _ - only")


def test_a_file_that_is_as_the_present_edition_is_filled_in_whole() -> None:
    assert prefilled(LAYER, TABLES, "2026", DAY) == replace(
        GOOD, codes={"1": "level-1", "2a": "level-2"}, source=Text("", "")
    )


def test_a_file_with_other_fields_is_left_open() -> None:
    found = prefilled(LAYER, [table(编号=None, 名称=None)], "2026", DAY)
    assert (found.id_field, found.name_field, found.class_field, found.codes) == ("", "", "", {})


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["water"], None),
        (["other"], None),
        (["a", "water"], "water"),
        (["a", "b"], "a"),
        ([None], None),
    ],
)
def test_the_table_of_the_layer_is_taken_else_the_first(names: list[str | None], chosen: str | None) -> None:
    assert prefilled(LAYER, [table(name) for name in names], "2026", DAY).table == chosen


def test_the_table_that_the_present_edition_names_is_taken() -> None:
    layer = made(editions={"2020": {"file": "data/a.gpkg", "table": "zones", "valid_from": "2020-01-01"}})
    assert prefilled(layer, [table("a"), table("zones")], "2026", DAY).table == "zones"


@pytest.mark.parametrize(
    ("stated", "crs"), [("EPSG:4547", ""), ("EPSG:4490", ""), (None, "EPSG:4490"), ("", "EPSG:4490")]
)
def test_the_system_of_the_layer_is_proposed_where_the_file_states_none(stated: str | None, crs: str) -> None:
    assert prefilled(LAYER, [table(crs=stated)], "2026", DAY).crs == crs


def test_attributes_are_proposed_where_the_file_has_them() -> None:
    layer = made(attributes={"level": T, "责任人": T})
    found = prefilled(layer, [table(zone_id=None, 责任人=None)], "2026", DAY)
    assert found.attributes == {"level": "", "责任人": "责任人"}


def test_the_coverage_of_the_newest_edition_is_proposed() -> None:
    older = {"file": "data/a.gpkg", "valid_from": "2020-01-01"}
    newer = {"file": "data/b.gpkg", "valid_from": "2024-01-01", "coverage": {"territories": ["140500", "140581"]}}
    for editions in ({"a": older, "b": newer}, {"b": newer, "a": older}):
        assert prefilled(made(editions=editions), TABLES, "2026", DAY).territories == ("140500", "140581")


def test_only_values_that_are_codes_of_the_present_edition_have_a_class() -> None:
    assert codes_of(LAYER, TABLES[0], "class") == {"1": "level-1", "2a": "level-2"}
    narrow = made(editions={"2020": {"file": "data/a.gpkg", "valid_from": "2020-01-01", "classes": ["level-1"]}})
    assert codes_of(narrow, TABLES[0], "class") == {"1": "level-1"}


@pytest.mark.parametrize("field", ["zone_id", "", "none"])
def test_a_field_without_counted_values_has_no_codes(field: str) -> None:
    assert codes_of(LAYER, TABLES[0], field) == {}


def test_good_settings_pass() -> None:
    check_settings(LAYER, GOOD, TABLES)
    check_settings(LAYER, replace(GOOD, table="b"), [table("a"), table("b")])
    # Where the file has one table only its name does not count.
    check_settings(LAYER, replace(GOOD, table=None), TABLES)
    check_settings(LAYER, replace(GOOD, id_field="", codes={}), TABLES)
    check_settings(made(attributes={"level": T}), replace(GOOD, attributes={"level": ""}), TABLES)


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        ({"id_field": "ID"}, "文件中没有字段“ID”", "the file has no field 'ID'"),
        ({"name_field": "名"}, "文件中没有字段“名”", "the file has no field '名'"),
        ({"class_field": "级"}, "文件中没有字段“级”", "the file has no field '级'"),
        ({"attributes": {"level": "等"}}, "文件中没有字段“等”", "the file has no field '等'"),
        ({"name_field": ""}, "请选择名称字段", "choose the field of the name"),
        ({"class_field": ""}, "请选择类别字段", "choose the field of the class"),
        ({"accuracy_m": -0.1}, "位置精度应为 0 到 100000 米", "the accuracy is between 0 and 100000 metres"),
        ({"accuracy_m": 100_000.1}, "位置精度应为 0 到 100000 米", "the accuracy is between 0 and 100000 metres"),
        ({"accuracy_m": float("nan")}, "位置精度应为 0 到 100000 米", "the accuracy is between 0 and 100000 metres"),
        ({"accuracy_m": float("inf")}, "位置精度应为 0 到 100000 米", "the accuracy is between 0 and 100000 metres"),
        (
            {"territories": ()},
            "请至少选择一个覆盖的辖区；没有画全的辖区不要选",
            "choose at least one territory that is covered; leave out those that are not complete",
        ),
        (
            {"source": Text(" \u3000", "x")},
            "请填写来源（文件名称、文号或提供单位）",
            "say where the data come from (document, number, office)",
        ),
        ({"source": Text("a\nb", "")}, "来源过长或含有控制字符", "the source is too long or has control characters"),
        ({"source": Text("a", "\t")}, "来源过长或含有控制字符", "the source is too long or has control characters"),
        (
            {"source": Text("a" * 2001, "")},
            "来源过长或含有控制字符",
            "the source is too long or has control characters",
        ),
        ({"crs": "EPSG:4490\0"}, "来源过长或含有控制字符", "the source is too long or has control characters"),
    ],
)
def test_settings_that_cannot_hold_are_refused(changed: dict[str, Any], zh: str, en: str) -> None:
    assert refused(LAYER, replace(GOOD, **changed)) == (zh, en)


@pytest.mark.parametrize("accuracy_m", [0.0, 100_000.0])
def test_accuracy_may_be_nothing_up_to_a_hundred_kilometres(accuracy_m: float) -> None:
    check_settings(LAYER, replace(GOOD, accuracy_m=accuracy_m, source=Text("a" * 2000, "b" * 2000)), TABLES)


@pytest.mark.parametrize("chosen", [None, "c", ""])
def test_of_several_tables_one_is_chosen(chosen: str | None) -> None:
    told = refused(LAYER, replace(GOOD, table=chosen), [table("a"), table("b")])
    assert told == ("请选择数据表", "choose the table")


def test_the_fields_are_those_of_the_chosen_table() -> None:
    tables = [table("a", other=None), table("b")]
    check_settings(LAYER, replace(GOOD, table="b"), tables)
    assert refused(LAYER, replace(GOOD, table="a"), tables)[0] == "文件中没有字段“zone_id”"


@pytest.mark.parametrize(
    ("changed", "en"),
    [
        ({"edition": "2020"}, "layer water has an edition '2020' already: choose another id"),
        ({"valid_from": date(2020, 1, 1)}, "edition 2020 of layer water begins on 2020-01-01: a new one begins later"),
        ({"valid_from": date(2019, 1, 1)}, "edition 2020 of layer water begins on 2020-01-01: a new one begins later"),
        ({"edition": "a b"}, "the id of an edition has letters"),
    ],
)
def test_an_edition_follows_those_that_there_are(changed: dict[str, Any], en: str) -> None:
    assert refused(LAYER, replace(GOOD, **changed))[1].startswith(en)


def test_a_layer_of_one_class_needs_no_field_of_it() -> None:
    layer = made(class_field=None, classes={"area": CLASS})
    check_settings(layer, replace(GOOD, class_field=""), TABLES)


def test_a_layer_that_holds_inside_polygons_asks_for_no_territory() -> None:
    layer = made(coverage={"file": "data/cover.gpkg"})
    check_settings(layer, replace(GOOD, territories=()), TABLES)
    assert addition_of(layer, replace(GOOD, territories=()), SHA, {"classes": {}}).edition.coverage is None


def test_an_edition_that_is_added_says_file_digest_day_and_source() -> None:
    found = addition_of(LAYER, GOOD, SHA, {"classes": {"level-1": 3}})
    assert found.id == "2026"
    assert found.edition.file == "data/water-2026-0123456789ab.gpkg"
    assert (found.edition.table, found.edition.valid_from, found.edition.sha256) == ("water", DAY, SHA)
    assert (found.edition.note, found.edition.classes, found.edition.coverage) == (GOOD.source, (), None)


@pytest.mark.parametrize(("told", "written"), [(5.0, None), (4.9, None), (0.0, None), (5.1, 5.1), (20.0, 20.0)])
def test_only_a_worse_accuracy_is_written(told: float, written: float | None) -> None:
    assert addition_of(LAYER, replace(GOOD, accuracy_m=told), SHA, {"classes": {}}).accuracy_m == written


@pytest.mark.parametrize(
    ("territories", "coverage"),
    [
        (("140522", "140500"), None),
        (("140500", "140522"), None),
        (("140522",), Coverage(territories=("140522",))),
        (("140522", "140500", "140581"), Coverage(territories=("140522", "140500", "140581"))),
    ],
)
def test_coverage_is_written_where_it_is_another_than_that_of_the_layer(
    territories: tuple[str, ...], coverage: Coverage | None
) -> None:
    layer = made(coverage={"territories": ["140522", "140500"]})
    found = addition_of(layer, replace(GOOD, territories=territories), SHA, {"classes": {}})
    assert found.edition.coverage == coverage


@pytest.mark.parametrize(
    ("stated", "occurring", "classes"),
    [
        ([], {"level-1": 1}, ()),
        (["level-2"], {"level-2": 1}, ("level-2",)),
        (["level-2"], {"level-1": 1}, ("level-1", "level-2")),
        (["level-1", "level-2"], {}, ("level-1", "level-2")),
    ],
)
def test_classes_are_those_of_before_and_those_that_occur_strictest_first(
    stated: list[str], occurring: dict[str, int], classes: tuple[str, ...]
) -> None:
    layer = made(editions={"2020": {"file": "data/a.gpkg", "valid_from": "2020-01-01", "classes": stated}})
    assert addition_of(layer, GOOD, SHA, {"classes": occurring}).edition.classes == classes


def test_no_two_contents_share_a_file_name() -> None:
    assert data_name("water", "2026", SHA) == "water-2026-0123456789ab.gpkg"
    assert data_name("water", "2026", "f" * 64) == "water-2026-ffffffffffff.gpkg"
