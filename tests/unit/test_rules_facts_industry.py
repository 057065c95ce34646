"""Industry codes: text with levels; a letter that contradicts the division is refused."""

from pathlib import Path

import pytest

from zoning.errors import ContentError
from zoning.rules.derivation.fact_lists import read_lists
from zoning.rules.derivation.industry import (
    SECTIONS,
    IndustryCode,
    IndustryTable,
    codes_under,
    level_mistake,
    read_code,
)
from zoning.rules.facts import Vocabulary
from zoning.texts import Text
from zoning.yaml_files import Mistake

RULES = Path(__file__).resolve().parents[2] / "rules"
TOO_SHORT = "has fewer than four digits: write the class, such as 2521; an undivided group ends in 0, as in 3110"


@pytest.mark.parametrize("text", ["C2521", "2521", " c2521 ", "C 2521", "C-2521", "c.2521", "Ｃ２５２１"])
def test_reads_every_spelling_of_a_class(text: str) -> None:
    assert read_code(text) == "C2521"


def test_a_leading_zero_belongs_to_the_code() -> None:
    assert read_code("0610") == read_code("B0610") == "B0610"


def test_a_class_lies_under_all_its_levels() -> None:
    assert IndustryCode("B0610").levels == ("B", "06", "B06", "061", "B061", "0610", "B0610")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "C0610",
            "“C0610”：大类 06 属于门类 B，不属于 C；请写 B0610 或核对代码",
            "'C0610': division 06 belongs to section B, not C; write B0610, or check the code",
        ),
        (
            "9810",
            "“9810”：GB/T 4754-2017 没有大类 98（01–97）",
            "'9810': GB/T 4754-2017 has no division 98 (01-97)",
        ),
        (
            "610",
            "“610”不足四位：请写到小类，如 2521；未细分的中类末位补 0，如 3110；若表格软件丢掉了开头的 0，请写 0610",
            f"'610' {TOO_SHORT}; if a spreadsheet dropped the leading 0, write 0610",
        ),
        (
            "C25",
            "“C25”不足四位：请写到小类，如 2521；未细分的中类末位补 0，如 3110",
            f"'C25' {TOO_SHORT}",
        ),
        (
            "25211",
            "“25211”不是行业代码；请写 GB/T 4754-2017 的四位小类代码，如 2521 或 C2521",
            "'25211' is no industry code; write the four-digit class of GB/T 4754-2017, such as 2521 or C2521",
        ),
        (
            "炼焦",
            "“炼焦”不是行业代码；请写 GB/T 4754-2017 的四位小类代码，如 2521 或 C2521",
            "'炼焦' is no industry code; write the four-digit class of GB/T 4754-2017, such as 2521 or C2521",
        ),
    ],
)
def test_refuses_what_is_no_class(text: str, zh: str, en: str) -> None:
    with pytest.raises(Mistake) as caught:
        read_code(text)
    assert caught.value.text == Text(zh, en)


@pytest.mark.parametrize("level", ["C", "25", "C25", "252", "C252", "2521", "C2521", "06", "T97"])
def test_levels_that_a_condition_may_name(level: str) -> None:
    assert level_mistake(level) is None


@pytest.mark.parametrize("level", ["U", "5", "98", "B25", "25211", "c25", ""])
def test_what_is_no_level(level: str) -> None:
    assert level_mistake(level) is not None


def test_the_classes_below_a_level_lie_under_it() -> None:
    assert len(codes_under("K")) == 100
    assert codes_under("2521") == ("C2521",)
    for level in ("C", "06", "252", "C252"):
        assert all(level in code.levels and read_code(code) == code for code in codes_under(level))


def test_the_table_holds_all_sections_and_divisions_and_every_code_that_facts_and_lists_name() -> None:
    table = IndustryTable.read(RULES / "industry-codes.yaml")
    assert sum(len(section.divisions) for section in table.sections.values()) == 97
    vocabulary = Vocabulary.read(RULES / "facts.yaml")
    lists = read_lists(RULES / "lists", vocabulary).values()
    named = {code for fact in vocabulary.facts.values() for entry in fact.derive for code in entry.codes}
    named |= {code for found in lists for entry in found.entries for code in entry.codes}
    assert [code for code in sorted(named) if table.title_of(code) is None] == []


def test_titles_are_found_by_every_spelling() -> None:
    table = IndustryTable.read(RULES / "industry-codes.yaml")
    assert table.title_of("C") == Text("制造业", "manufacturing")
    assert table.title_of("C2521") == table.title_of("2521") == Text("炼焦", "coking")
    assert table.title_of("3110") == Text("炼铁", "iron making")
    assert table.title_of("C25") == Text("石油、煤炭及其他燃料加工业", "petroleum, coal and other fuels")
    assert table.title_of("2911") is None


def test_a_table_that_lacks_a_division_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "industry-codes.yaml"
    text = (RULES / "industry-codes.yaml").read_text(encoding="utf-8")
    path.write_text(
        text.replace('      "06": {zh: 煤炭开采和洗选业, en: coal mining and washing}\n', ""), encoding="utf-8"
    )
    with pytest.raises(ContentError) as caught:
        IndustryTable.read(path)
    assert caught.value.get("zh").endswith("：sections.B：门类 B 应有大类 06–12")
    assert caught.value.get("en").endswith(": sections.B: section B has the divisions 06–12")


def test_the_sections_cover_the_divisions_without_gap() -> None:
    assert [n for first, last in SECTIONS.values() for n in range(first, last + 1)] == list(range(1, 98))
