"""Facts: answers are checked against the vocabulary, and unknown stays unknown."""

from pathlib import Path
from typing import Any

import pytest

from zoning.errors import ContentError
from zoning.rules.facts import Fact, Vocabulary, parse_facts, read_facts_file
from zoning.texts import Text

SOME = Text("某", "some")
VOCABULARY = Vocabulary(
    facts={
        "construction": Fact(title=SOME, question=SOME, kind="choice", values={"new": Text("新建", "new building")}),
        "activity": Fact(title=SOME, question=SOME, kind="choices", values={"coking": SOME, "steel": SOME}),
        "dirty": Fact(title=SOME, question=SOME, kind="yes_no"),
        "freight": Fact(title=SOME, question=SOME, kind="number", unit="Mt/a"),
    }
)


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
        ({"dirty": "", "freight": None, "activity": "unknown", "construction": "未知"}, {}),
    ],
)
def test_reads_answers(raw: Any, values: Any) -> None:
    assert parse_facts(VOCABULARY, raw, "facts.yaml").values == values


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"constuction": "new"}, "facts.yaml: unknown fact 'constuction' - did you mean 'construction'?"),
        ({"construction": "nwe"}, "facts.yaml: 'nwe' is no value of construction; allowed: new - did you mean 'new'?"),
        ({"construction": ["new", "old"]}, "facts.yaml: 'new, old' is no value of construction; allowed: new"),
        ({"dirty": "perhaps"}, "facts.yaml: 'perhaps' is no value of dirty; allowed: yes, no"),
        ({"freight": "much"}, "facts.yaml: 'much' is no value of freight; allowed: number (Mt/a)"),
        ({"freight": "nan"}, "facts.yaml: 'nan' is no value of freight; allowed: number (Mt/a)"),
    ],
)
def test_refuses_what_is_not_in_the_vocabulary(raw: Any, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_facts(VOCABULARY, raw, "facts.yaml")
    assert caught.value.get("en") == message


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


def test_a_choice_needs_values_and_a_number_has_none() -> None:
    with pytest.raises(ValueError, match="'values' belong to the kinds choice and choices"):
        Fact(title=SOME, question=SOME, kind="choice")
