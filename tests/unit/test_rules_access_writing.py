"""An edition of an access list as the text of its file: what is read back is the same list."""

from pathlib import Path

import pytest
import yaml

from access_world import COUNTY, GENERAL, KEY, VOCABULARY
from zoning.rules.access.clauses import AccessList
from zoning.rules.access.lists import read_access_lists
from zoning.rules.access.writing import edition_text, one_line

HEAD: dict[str, object] = {
    "id": "county-2021",
    "title": {"zh": "某县清单", "en": "list of some county"},
    "issuer": {"zh": "某县", "en": "some county"},
    "territories": [COUNTY],
    "valid_from": "2021-01-01",
}
CLAUSE = {"number": "1-1", "level": "unit", "unit": GENERAL, "dimension": "spatial-layout", "text": "禁止采石。"}
SOURCE = {"file": "清单.xlsx", "sheets": ["单元", ""], "sha256": "a" * 64, "imported": "2026-06-01"}


def edition(**changes: object) -> AccessList:
    return AccessList.model_validate({**HEAD, **changes})


def read_back(text: str, folder: Path) -> AccessList:
    (folder / "county-2021.yaml").write_text(text, encoding="utf-8")
    (found,) = read_access_lists(folder, VOCABULARY).editions.values()
    return found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"number": "某政发〔2021〕1号"},
        {"valid_to": "2025-12-31"},
        {"schematic": "true"},
        {"former_codes": {"140581": COUNTY}},
        {"note": {"zh": "备注：见附件", "en": "a note: see the annex"}},
        {"units": [{"code": GENERAL, "name": "甲单元", "class": "general", "county": "某县"}]},
        {"units": [{"code": GENERAL, "province": "山西省", "city": "晋城市", "no_clause": {"risk-control": "/"}}]},
        {"units": [{"code": GENERAL}, {"code": KEY}], "clauses": [CLAUSE, {**CLAUSE, "number": "1-2", "unit": KEY}]},
        {"units": [{"code": GENERAL}], "clauses": [{**CLAUSE, "printed": "（1）"}]},
        {"clauses": [{**CLAUSE, "level": "county", "unit": None, "classes": ["priority", "key"]}]},
    ],
)
def test_what_is_written_reads_back_as_the_same(tmp_path: Path, changes: dict[str, object]) -> None:
    told = edition(**changes)
    assert read_back(edition_text(told), tmp_path) == told


@pytest.mark.parametrize(
    "words",
    [
        "禁止采石。",
        "no",
        "yes",
        "null",
        "~",
        "123",
        "1.0",
        "2021-01-01",
        "true",
        "- 一",
        "# 一",
        "甲: 乙",
        "甲 # 乙",
        "{甲}",
        "[甲]",
        "*甲",
        "&甲",
        "!甲",
        "%甲",
        "@甲",
        "'甲'",
        '"甲"',
        "甲\n乙",
        "甲\n\n乙",
        "甲\n 乙",
        "甲\n乙 ",
        "甲\t乙",
        "甲\u3000乙",
        "甲\u00a0乙",
        "甲\\n乙",
        "𠮷",
        "甲" * 5000,
    ],
)
def test_the_words_of_a_clause_are_kept_to_the_sign(tmp_path: Path, words: str) -> None:
    told = edition(units=[{"code": GENERAL}], clauses=[{**CLAUSE, "text": words}])
    (clause,) = read_back(edition_text(told), tmp_path).clauses
    assert clause.text == words


@pytest.mark.parametrize("name", ["否", "null", "~", "", "0012", "甲：乙", "甲\n乙"])
def test_the_name_of_a_unit_is_kept_to_the_sign(tmp_path: Path, name: str) -> None:
    told = edition(units=[{"code": GENERAL, "name": name}])
    assert read_back(edition_text(told), tmp_path).records[GENERAL].name == name


def test_the_source_is_kept_without_sheets_that_have_no_name(tmp_path: Path) -> None:
    found = read_back(edition_text(edition(source=SOURCE)), tmp_path).source
    assert found is not None
    assert (found.file, found.sheets, found.sha256) == ("清单.xlsx", ("单元",), "a" * 64)
    assert found.imported.isoformat() == "2026-06-01"


def test_what_is_empty_is_not_written() -> None:
    raw = yaml.safe_load(edition_text(edition(units=[{"code": GENERAL}], clauses=[CLAUSE])))
    assert set(raw) == {"title", "issuer", "territories", "valid_from", "units", "clauses"}
    assert raw["units"] == [{"code": GENERAL}]
    assert set(raw["clauses"][0]) == set(CLAUSE)


def test_a_list_without_units_and_clauses_has_only_a_head() -> None:
    assert set(yaml.safe_load(edition_text(edition()))) == {"title", "issuer", "territories", "valid_from"}


def test_keys_written_by_hand_go_with_their_clause() -> None:
    told = edition(clauses=[CLAUSE, {**CLAUSE, "number": "1-2"}])
    by_hand = {1: {"complies_when": {"well": "no"}, "effect": "restrict"}}
    first, second = yaml.load(edition_text(told, by_hand), Loader=yaml.BaseLoader)["clauses"]  # noqa: S506 - plain text
    assert set(first) == set(CLAUSE)
    assert second["complies_when"] == {"well": "no"}
    assert second["effect"] == "restrict"


def test_a_key_written_by_hand_wins_over_that_of_the_list() -> None:
    told = edition(clauses=[{**CLAUSE, "level": "county", "unit": None, "classes": ["priority"]}])
    (clause,) = yaml.safe_load(edition_text(told, {0: {"classes": ["key"]}}))["clauses"]
    assert clause["classes"] == ["key"]


@pytest.mark.parametrize(
    ("lead", "lines"),
    [("", []), ("一行", ["# 一行"]), ("一行\nsecond", ["# 一行", "# second"])],
)
def test_the_remark_stands_before_the_list(lead: str, lines: list[str]) -> None:
    text = edition_text(edition(), lead=lead)
    assert text.splitlines()[: len(lines) + 1] == [*lines, "title:"]


def test_the_same_list_is_the_same_text() -> None:
    changes = {"units": [{"code": GENERAL}, {"code": KEY}], "clauses": [CLAUSE], "source": SOURCE}
    assert edition_text(edition(**changes)) == edition_text(edition(**changes))


def test_a_list_is_written_in_a_fixed_order() -> None:
    text = edition_text(edition(source=SOURCE, note={"zh": "注", "en": "note"}, units=[{"code": GENERAL}]))
    keys = [line.partition(":")[0] for line in text.splitlines() if line[0] not in " -"]
    assert keys == ["title", "issuer", "territories", "valid_from", "source", "note", "units"]


def test_lines_of_a_clause_stay_lines() -> None:
    text = edition_text(edition(clauses=[{**CLAUSE, "text": "甲\n乙"}]))
    assert "text: |-\n    甲\n    乙\n" in text


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ({}, "{}"),
        ({"effect": "restrict"}, "{effect: restrict}"),
        ({"well": "no"}, "{well: no}"),
        ({"at_most": "1.5"}, "{at_most: 1.5}"),
        (
            {"any": [{"well": "yes"}, {"activity": ["steel", "coking"]}]},
            "{any: [{well: yes}, {activity: [steel, coking]}]}",
        ),
        ({"note": {"zh": "注", "en": "a note"}}, "{note: {zh: 注, en: a note}}"),
        ({"note": "甲, 乙"}, "{note: '甲, 乙'}"),
    ],
)
def test_a_table_is_shown_on_one_line(table: dict[str, object], line: str) -> None:
    assert one_line(table) == line


def test_a_long_table_is_still_one_line() -> None:
    assert "\n" not in one_line({"activity": [f"word-{number}" for number in range(500)]})
