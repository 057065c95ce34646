"""Facts: answers are checked against the vocabulary, and unknown stays unknown."""

import json
from pathlib import Path
from typing import Any

import pytest

from zoning.errors import ContentError
from zoning.rules.facts import AtLeast, Fact, FactSheet, Vocabulary, parse_facts, read_facts_file
from zoning.texts import Text

SOME = Text("某", "some")
VOCABULARY = Vocabulary.model_validate(
    {
        "themes": [{"title": {"zh": "污染", "en": "pollution"}, "first": "dirty"}],
        "facts": {
            "construction": Fact(
                title=SOME, question=SOME, kind="choice", values={"new": Text("新建", "new building")}
            ),
            "activity": {
                "title": SOME,
                "question": SOME,
                "kind": "choices",
                "values": {"coking": SOME, "steel": SOME, "hotel": SOME},
                "groups": {"heavy": {"title": SOME, "words": ["coking", "steel"]}},
            },
            "dirty": Fact(title=SOME, question=SOME, kind="yes_no"),
            "freight": Fact(title=SOME, question=SOME, kind="number", unit="Mt/a"),
            "code": Fact(title=SOME, question=SOME, kind="code", pattern="[A-T][0-9]{4}", examples=("C2521",)),
        },
    }
)
FACT = {"title": {"zh": "某", "en": "some"}, "question": {"zh": "某", "en": "some"}}


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ({"construction": "new"}, {"construction": ("new",)}),
        ({"construction": "新建"}, {"construction": ("new",)}),
        ({"construction": "new building"}, {"construction": ("new",)}),
        ({"activity": ["coking", "steel"]}, {"activity": ("coking", "steel")}),
        ({"dirty": "是"}, {"dirty": True}),
        ({"dirty": False}, {"dirty": False}),
        ({"freight": "1.6"}, {"freight": 1.6}),
        ({"freight": 2}, {"freight": 2.0}),
        ({"code": "0610"}, {"code": ("B0610",)}),
        ({"code": ["c2521", "2521", "H6110"]}, {"code": ("C2521", "H6110")}),
        ({"dirty": "", "freight": None, "activity": "unknown", "construction": "未知", "code": ""}, {}),
    ],
)
def test_reads_answers(raw: Any, values: Any) -> None:
    assert parse_facts(VOCABULARY, raw, "facts.yaml").values == values


def test_answers_are_told_as_plain_values() -> None:
    sheet = parse_facts(VOCABULARY, {"code": "2521", "dirty": "no", "freight": "2"}, "facts.yaml")
    assert sheet.as_plain() == {"code": ["C2521"], "dirty": False, "freight": 2.0}
    assert parse_facts(VOCABULARY, sheet.as_plain(), "trace") == sheet


@pytest.mark.parametrize(
    ("raw", "zh", "en"),
    [
        (
            {"constuction": "new"},
            "facts.yaml：不认识的项目事实“constuction”；是否想写“construction”？",
            "facts.yaml: unknown fact 'constuction' - did you mean 'construction'?",
        ),
        (
            {"construction": "nwe"},
            "facts.yaml：construction 的值“nwe”不可用；可用：new；是否想写“new”？",
            "facts.yaml: 'nwe' is no value of construction; allowed: new - did you mean 'new'?",
        ),
        (
            {"construction": ["new", "old"]},
            "facts.yaml：construction 的值“new, old”不可用；可用：new",
            "facts.yaml: 'new, old' is no value of construction; allowed: new",
        ),
        (
            {"activity": "heavy"},
            "facts.yaml：activity 的“heavy”是一组值，不能作答案；请写其中确切的：coking, steel",
            "facts.yaml: 'heavy' is a group of words of activity and no answer; name which of them: coking, steel",
        ),
        (
            {"dirty": "perhaps"},
            "facts.yaml：dirty 的值“perhaps”不可用；可用：yes, no",
            "facts.yaml: 'perhaps' is no value of dirty; allowed: yes, no",
        ),
        (
            {"dirty": ["yes", "unknown"]},
            "facts.yaml：dirty 不能既写已知的值又写“不详”；部分不详时整项写 unknown",
            "facts.yaml: dirty cannot be known and unknown at once; write only 'unknown' when a part is not known",
        ),
        (
            {"freight": "much"},
            "facts.yaml：freight 的值“much”不可用；可用：数值（Mt/a）",
            "facts.yaml: 'much' is no value of freight; allowed: number (Mt/a)",
        ),
        (
            {"freight": "nan"},
            "facts.yaml：freight 的值“nan”不可用；可用：数值（Mt/a）",
            "facts.yaml: 'nan' is no value of freight; allowed: number (Mt/a)",
        ),
        (
            {"code": "B2521"},
            "facts.yaml: code：“B2521”：大类 25 属于门类 C，不属于 B；请写 C2521 或核对代码",
            "facts.yaml: code: 'B2521': division 25 belongs to section C, not B; write C2521, or check the code",
        ),
    ],
)
def test_refuses_what_is_not_in_the_vocabulary(raw: Any, zh: str, en: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_facts(VOCABULARY, raw, "facts.yaml")
    assert (caught.value.get("zh"), caught.value.get("en")) == (zh, en)


def test_reads_a_file_with_facts_of_single_footprints(tmp_path: Path) -> None:
    path = tmp_path / "p.facts.yaml"
    path.write_text("_remark: any\ndirty: no\nsites:\n  '2': {dirty: yes}\n", encoding="utf-8")
    common, single = read_facts_file(VOCABULARY, path)
    assert common == {"dirty": "no"}
    assert single == {"2": {"dirty": "yes"}}


@pytest.mark.parametrize("text", ["- dirty\n", "sites: [1]\n", "sites: {a: 3}\n"])
def test_refuses_a_file_that_is_no_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.facts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"p.facts.yaml: a table 'fact: value' is expected"):
        read_facts_file(VOCABULARY, path)


def test_groups_stand_for_their_words() -> None:
    assert VOCABULARY.words("activity") == ("coking", "steel", "hotel")
    assert VOCABULARY.words("dirty") == ("yes", "no")
    assert VOCABULARY.words("code") == ()
    assert VOCABULARY.groups("activity") == {"heavy": ("coking", "steel")}
    assert VOCABULARY.expand("activity", ["hotel", "heavy", "steel"]) == ("hotel", "coking", "steel")


def test_facts_stand_under_the_headings_of_their_themes() -> None:
    assert VOCABULARY.themed(["freight", "dirty", "activity"]) == [
        (None, ["activity"]),
        (Text("污染", "pollution"), ["dirty", "freight"]),
    ]


def test_at_least_some_words_is_not_the_same_as_these_words() -> None:
    told, derived = ("coking",), AtLeast(("coking",))
    assert derived == AtLeast(("coking",))
    assert derived != told
    assert told != derived
    assert len({told, derived}) == 2
    assert FactSheet({"activity": derived}).as_plain() == {"activity": ["coking"]}


@pytest.mark.parametrize(
    ("facts", "line", "zh", "en"),
    [
        (
            {"a": {**FACT, "kind": "choice"}},
            2,
            "facts.a.kind：values 只用于 choice 和 choices，而且必须写",
            "facts.a.kind: 'values' belong to the kinds choice and choices, and only to them",
        ),
        (
            {"a": {**FACT, "kind": "code", "examples": ["2521"]}},
            2,
            "facts.a.kind：pattern 和 examples 只用于 code，而且必须写",
            "facts.a.kind: 'pattern' and 'examples' belong to the kind code, and only to it",
        ),
        (
            {
                "a": {
                    **FACT,
                    "kind": "choices",
                    "values": {"b": FACT["title"]},
                    "groups": {"b": {"title": FACT["title"], "words": ["b"]}},
                }
            },
            2,
            "facts.a.groups.b：组“b”与某个值同名，或含有没有的值：b",
            "facts.a.groups.b: the group 'b' is named like a word, or holds a word that the fact does not have: b",
        ),
        (
            {"a": {**FACT, "kind": "yes_no", "derive": [{"list": "x", "value": "yes"}]}},
            2,
            "facts.a.derive.0.list：写了 list 就不再写别的键",
            "facts.a.derive.0.list: beside 'list' there is no other key",
        ),
        (
            {"a": {**FACT, "kind": "number", "unit": "t", "derive": [{"list": "x"}]}},
            2,
            "facts.a.derive.0：list 只能用于是否题",
            "facts.a.derive.0: 'list' belongs to a yes-no fact",
        ),
        (
            {
                "aa": {**FACT, "kind": "yes_no"},
                "b": {
                    **FACT,
                    "kind": "yes_no",
                    "derive": [{"from": "aab", "words": "yes", "value": "yes", "basis": FACT["title"]}],
                },
            },
            3,
            "facts.b.derive.0：不认识的事实“aab”；是否想写“aa”？",
            "facts.b.derive.0: unknown fact 'aab' - did you mean 'aa'?",
        ),
    ],
)
def test_mistakes_in_the_vocabulary_name_their_place(
    tmp_path: Path, facts: dict[str, object], line: int, zh: str, en: str
) -> None:
    path = tmp_path / "facts.yaml"
    lines = [f"  {name}: {json.dumps(fact, ensure_ascii=False)}\n" for name, fact in facts.items()]
    path.write_text("facts:\n" + "".join(lines), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        Vocabulary.read(path)
    assert caught.value.get("zh") == f"{path}:{line}：{zh}"
    assert caught.value.get("en") == f"{path}:{line}: {en}"
