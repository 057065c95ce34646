"""Sentences for words and limits of a condition that cannot be meant, each with what to write instead."""

import pytest

from zoning.rules.facts import Vocabulary
from zoning.rules.word_mistakes import (
    is_number,
    joined_key,
    no_comparison,
    no_limit,
    unknown_fact,
    unknown_value,
    unknown_word,
)
from zoning.texts import Text

KEY = Text("键", "key")
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "activity": {
                "title": {"zh": "活动类别", "en": "what is done"},
                "question": {"zh": "做什么？", "en": "what?"},
                "kind": "choices",
                "values": {
                    "coal-mining": {"zh": "采煤", "en": "mining of coal"},
                    "hotel": {"zh": "宾馆", "en": "inn"},
                },
                "groups": {"industry": {"title": {"zh": "工业", "en": "works"}, "words": ["coal-mining"]}},
            },
            "well": {
                "title": {"zh": "打井", "en": "drilling"},
                "question": {"zh": "打井吗？", "en": "a well?"},
                "kind": "yes_no",
            },
        }
    }
)


@pytest.mark.parametrize(
    ("word", "allowed", "zh", "en"),
    [
        ("xyz", ["layer", "area"], "不认识的键“xyz”；可用：layer, area", "unknown key 'xyz'; allowed: layer, area"),
        ("xyz", list("abcdefghijkl"), "可用：a, b, c, d, e, f, g, h, i, j, k, l", "f, g, h, i, j, k, l"),
        ("xyz", list("abcdefghijklm"), "g, h, i, j, k, l, …", "g, h, i, j, k, l, …"),
    ],
)
def test_an_unknown_word_is_told_with_those_that_are_known(word: str, allowed: list[str], zh: str, en: str) -> None:
    told = unknown_word(word, allowed, KEY)
    assert told.zh.endswith(zh)
    assert told.en.endswith(en)


def test_a_word_that_is_nearly_right_is_told_which_one() -> None:
    told = unknown_word("layr", ["layer", "area"], KEY)
    assert told.zh.startswith("不认识的键“layr”")
    assert "layer" in told.zh
    assert "area" not in told.zh
    assert "area" not in told.en


@pytest.mark.parametrize("word", ["采煤", "mining of coal"])
def test_the_title_of_a_value_is_told_its_word(word: str) -> None:
    fact = VOCABULARY.facts["activity"]
    told = unknown_value(word, "activity", fact, ["coal-mining", "hotel"])
    assert told == Text(f"“{word}”请写 coal-mining", f"write coal-mining for '{word}'")


@pytest.mark.parametrize("word", ["工业", "works"])
def test_the_title_of_a_group_is_told_its_word(word: str) -> None:
    told = unknown_value(word, "activity", VOCABULARY.facts["activity"], ["coal-mining", "hotel", "industry"])
    assert told == Text(f"“{word}”请写 industry", f"write industry for '{word}'")


def test_an_unknown_value_names_the_fact() -> None:
    told = unknown_value("xyz", "activity", VOCABULARY.facts["activity"], ["coal-mining", "hotel"])
    assert told.zh == "不认识的“activity”的值“xyz”；可用：coal-mining, hotel"
    assert told.en == "unknown value of activity 'xyz'; allowed: coal-mining, hotel"


@pytest.mark.parametrize(("word", "meant"), [("是", "yes"), ("否", "no")])
def test_yes_and_no_are_told_in_english(word: str, meant: str) -> None:
    told = unknown_value(word, "well", VOCABULARY.facts["well"], ["yes", "no"])
    assert told == Text(f"“{word}”请写 {meant}", f"write {meant} for '{word}'")


@pytest.mark.parametrize(("name", "key"), [("活动类别", "activity"), ("what is done", "activity"), ("打井", "well")])
def test_the_title_of_a_fact_is_told_its_key(name: str, key: str) -> None:
    assert unknown_fact(name, VOCABULARY, ["within"]) == Text(f"“{name}”请写 {key}", f"write {key} for '{name}'")


def test_an_unknown_fact_is_told_facts_and_relations() -> None:
    told = unknown_fact("xyz", VOCABULARY, ["within"])
    assert told.zh == "不认识的事实“xyz”；可用：activity, well, within"
    assert told.en == "unknown fact 'xyz'; allowed: activity, well, within"


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ((">= 5",), "{at_least: 5}"),
        (("≥5",), "{at_least: 5}"),
        (("不小于5",), "{at_least: 5}"),
        (("不少于 5 吨",), "{at_least: 5}"),
        (("至少5",), "{at_least: 5}"),
        (("> 1.5 Mt/a",), "{above: 1.5}"),
        (("＞５",), "{above: 5}"),
        (("大于5",), "{above: 5}"),
        (("超过5",), "{above: 5}"),
        (("高于5",), "{above: 5}"),
        (("<= 5",), "{at_most: 5}"),
        (("≤5",), "{at_most: 5}"),
        # Not 超过: the longer word wins.
        (("不超过5",), "{at_most: 5}"),
        (("不大于5",), "{at_most: 5}"),
        (("至多5",), "{at_most: 5}"),
        (("< 5",), "{below: 5}"),
        (("小于5",), "{below: 5}"),
        (("低于5",), "{below: 5}"),
        (("不足5",), "{below: 5}"),
        # The first that says a comparison.
        (("large", "> 7"), "{above: 7}"),
        (("large",), "{at_least: 1.5}"),
        ((), "{at_least: 1.5}"),
    ],
)
def test_words_for_a_number_are_told_as_a_comparison(words: tuple[str, ...], written: str) -> None:
    assert no_comparison("size", words) == Text(
        f"size 是数值，须写比较词，如 {written}", f"size is a number: write a comparison such as {written}"
    )


@pytest.mark.parametrize(
    ("limit", "unit", "zh", "en"),
    [
        (
            "> 5",
            "t",
            "“> 5”：这里只写数字，比较写在键上：{above: 5}",
            "'> 5': write only the number, the key says how to compare: {above: 5}",
        ),
        ("１．５", "t", "“１．５”是全角数字；请写半角 1.5", "'１．５' is in full width: write 1.5"),
        (
            "xyz",
            None,
            "“xyz”既不是数，也不是本规则 values 中的名称",
            "'xyz' is neither a number nor the name of a value of this rule",
        ),
        (
            "5 t",
            "t",
            "“5 t”既不是数（单位 t，只写数字），也不是本规则 values 中的名称",
            "'5 t' is neither a number (in t, without the unit) nor the name of a value of this rule",
        ),
    ],
)
def test_a_limit_that_cannot_be_read_is_told_how(limit: str, unit: str | None, zh: str, en: str) -> None:
    assert no_limit(limit, unit, []) == Text(zh, en)


def test_a_name_of_a_value_that_is_nearly_right_is_told() -> None:
    told = no_limit("large_minr", None, ["large_mine", "width"])
    assert "large_mine" in told.zh
    assert "large_mine" in told.en


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("size：5", "size: 5"),
        ("size:5", "size: 5"),
        ("size ： 5", "size: 5"),
        ("size：", "size: …"),
        (" size:a:b", "size: a:b"),
    ],
)
def test_a_key_whose_colon_is_wrong_is_told_how_to_write_it(key: str, written: str) -> None:
    assert joined_key(key) == Text(
        f"键后应为半角冒号加空格：写成“{written}”", f"a key is followed by a plain colon and a space: write '{written}'"
    )


@pytest.mark.parametrize("key", ["size", "", "：5", ":", "大小"])
def test_a_key_without_a_colon_behind_it_is_another_matter(key: str) -> None:
    assert joined_key(key) is None


@pytest.mark.parametrize("text", ["0", "5", "-5", "1.5", " 1.5 ", "007", "-0.25"])
def test_a_plain_number_is_a_limit(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize(
    "text", ["", " ", "nan", "inf", "1e3", "1.", ".5", "+5", "1,5", "1_000", "１", "--5", "5 t", "٥"]
)
def test_other_spellings_are_no_number(text: str) -> None:
    assert not is_number(text)
