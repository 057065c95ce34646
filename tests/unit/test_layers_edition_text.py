"""A new edition in the text of a layer's file: lines are added, all others stay as they were written."""

from datetime import date
from pathlib import Path

import pytest

from overlay_world import layer
from zoning.errors import ContentError, UsageError
from zoning.layers.catalogue import Coverage, Edition
from zoning.layers.edition_text import Addition, changed_lines, edition_before, with_edition
from zoning.texts import Text

HEAD = """\
# 水源保护区
title: {zh: 水源, en: water}
group: protection
authority: {zh: 某局, en: office}
source: {zh: 测试, en: test}
crs: EPSG:4490
schematic: false
accuracy_m: 5   # 米
id_field: zone_id
name_field: name
class_field: class
classes:
  level-1: {title: {zh: 一级, en: one}, codes: ["1"]}
  level-2: {title: {zh: 二级, en: two}, codes: ["2"]}
coverage: {territories: ["140522"]}
"""
PLAIN = HEAD + "editions:\n  2020-a:\n    file: data/a.gpkg\n    valid_from: 2020-01-01\n"
NEW = Edition(file="data/b.gpkg", valid_from=date(2024, 1, 1))


def made(folder: Path, text: str, edition: Edition = NEW, *, name: str = "b2024") -> str:
    path = folder / "layers" / "water.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    found = with_edition(path, Addition(name, edition))
    assert path.read_bytes() == text.encode()
    return found


def added(folder: Path, text: str, edition: Edition = NEW, *, name: str = "b2024") -> list[str]:
    """Return the lines that are added and taken away, with their signs."""
    told = changed_lines(text, made(folder, text, edition, name=name))
    return [sign + line for sign, line in told if sign in "+-"]


def test_the_edition_before_ends_the_day_before_and_the_new_one_follows(tmp_path: Path) -> None:
    assert made(tmp_path, PLAIN) == PLAIN + (
        "    valid_to: 2023-12-31\n    superseded_by: b2024\n"
        "  b2024:\n    file: data/b.gpkg\n    valid_from: 2024-01-01\n"
    )


@pytest.mark.parametrize("end", ["2022-06-30", "2023-12-31"])
def test_an_end_that_is_stated_earlier_stays(tmp_path: Path, end: str) -> None:
    text = PLAIN + f"    valid_to: {end}\n"
    assert "-" not in {line[0] for line in added(tmp_path, text)}
    assert f"    valid_to: {end}\n    superseded_by: b2024\n" in made(tmp_path, text)


def test_remarks_and_what_follows_stay_where_they_are(tmp_path: Path) -> None:
    text = HEAD.replace("coverage:", "#coverage:").rstrip() + (
        "\neditions:   # 各版本\n  '2020':   # 第一版\n    valid_from: 2020-01-01   # 起\n    file: a.gpkg\n"
        "\n# 覆盖\ncoverage: {territories: ['140522']}\n"
    )
    found = made(tmp_path, text, name="2024")
    assert [line for line in found.splitlines() if line in text.splitlines()] == text.splitlines()
    assert found.index('  "2024":\n') < found.index("# 覆盖")
    assert "    valid_from: 2020-01-01   # 起\n    valid_to: 2023-12-31\n" in found


def test_an_edition_in_braces_is_ended_in_its_braces(tmp_path: Path) -> None:
    text = HEAD + "editions:\n  a: {file: a.gpkg, valid_from: 2020-01-01}\n"
    assert "  a: {file: a.gpkg, valid_from: 2020-01-01, valid_to: 2023-12-31, superseded_by: b2024}\n" in made(
        tmp_path, text
    )


def test_line_ends_of_windows_and_the_mark_of_its_editors_stay(tmp_path: Path) -> None:
    text = "\ufeff" + PLAIN.replace("\n", "\r\n")
    found = made(tmp_path, text)
    assert found.startswith("\ufeff# 水源保护区\r\n")
    assert found.count("\n") == found.count("\r\n")


def test_a_file_without_a_last_line_end_gets_one(tmp_path: Path) -> None:
    assert made(tmp_path, PLAIN.rstrip("\n")) == made(tmp_path, PLAIN)


def test_everything_that_an_edition_says_is_written(tmp_path: Path) -> None:
    edition = Edition(
        file="data/水 源.gpkg",
        table="zones",
        valid_from=date(2024, 1, 1),
        sha256="0" * 64,
        classes=("level-2",),
        coverage=Coverage(territories=("140522", "140825")),
        note=Text("新：版本", "new: edition"),
    )
    assert added(tmp_path, PLAIN, edition)[2:] == [
        "+  b2024:",
        '+    file: "data/水 源.gpkg"',
        "+    table: zones",
        "+    valid_from: 2024-01-01",
        f'+    sha256: "{"0" * 64}"',
        "+    classes: [level-2]",
        '+    coverage: {territories: ["140522", "140825"]}',
        '+    note: {zh: "新：版本", en: "new: edition"}',
    ]


@pytest.mark.parametrize(
    ("coverage", "written"),
    [
        (Coverage(file="data/area.gpkg"), "{file: data/area.gpkg}"),
        (Coverage(file="data/area.gpkg", table="area"), "{file: data/area.gpkg, table: area}"),
    ],
)
def test_coverage_in_a_file_is_written_with_its_table(tmp_path: Path, coverage: Coverage, written: str) -> None:
    edition = Edition(file="b.gpkg", valid_from=date(2024, 1, 1), coverage=coverage)
    assert f"    coverage: {written}\n" in made(tmp_path, PLAIN, edition)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("b2024", "b2024"),
        ("2024", '"2024"'),
        ("yes", '"yes"'),
        ("No", '"No"'),
        ("新版", '"新版"'),
        ("2024-05", '"2024-05"'),
    ],
)
def test_a_name_that_yaml_would_take_for_something_else_is_quoted(tmp_path: Path, name: str, written: str) -> None:
    found = made(tmp_path, PLAIN, name=name)
    assert f"\n  {written}:\n" in found
    assert f"\n    superseded_by: {written}\n" in found


def test_an_edition_with_a_class_that_there_is_not_is_refused(tmp_path: Path) -> None:
    edition = Edition(file="b.gpkg", valid_from=date(2024, 1, 1), classes=("level-9",))
    with pytest.raises(ContentError) as caught:
        made(tmp_path, PLAIN, edition)
    assert "layers/water.yaml" in caught.value.get("en")
    assert "level-9" in caught.value.get("en")


# --- which edition a new one takes the place of

A, B = Edition(file="a", valid_from=date(2020, 1, 1)), Edition(file="b", valid_from=date(2022, 1, 1))


def before(name: str, begins: date, **editions: Edition) -> str:
    return edition_before(layer(editions=editions), name, begins)


@pytest.mark.parametrize("editions", [{"a": A, "b": B}, {"b": B, "a": A}])
def test_it_follows_the_edition_that_began_last(editions: dict[str, Edition]) -> None:
    assert before("c", date(2022, 1, 2), **editions) == "b"


def test_a_name_that_there_is_already_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        before("a", date(2030, 1, 1), a=A, b=B)
    assert caught.value.get("zh") == "图层 water 已有版本“a”；请换一个版本号"
    assert caught.value.get("en") == "layer water has an edition 'a' already: choose another id"


@pytest.mark.parametrize("begins", [date(2022, 1, 1), date(2021, 12, 31), date(2010, 1, 1)])
def test_an_edition_of_the_past_is_refused(begins: date) -> None:
    with pytest.raises(UsageError) as caught:
        before("c", begins, a=A, b=B)
    assert "图层 water 的版本 b 自 2022-01-01 起有效，新版本的生效日须晚于它" in caught.value.get("zh")
    assert "edition b of layer water begins on 2022-01-01: a new one begins later" in caught.value.get("en")


# --- what differs


def test_changed_lines_come_with_two_lines_around_them() -> None:
    old = "1\n2\n3\n4\n5\n6\n"
    told = changed_lines(old, old.replace("4", "four"))
    assert told[1:] == ((" ", "2"), (" ", "3"), ("-", "4"), ("+", "four"), (" ", "5"), (" ", "6"))
    assert told[0][0] == "@"


def test_the_same_text_has_no_changed_lines() -> None:
    assert changed_lines(PLAIN, PLAIN) == ()
