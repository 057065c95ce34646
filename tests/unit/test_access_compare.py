"""A site against the lists of its units, clause by clause: what is not known is never taken for met."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from access_world import (
    CONDITIONS,
    check,
    clause,
    edition_text,
    fact,
    lists,
)
from zoning.rules.access.entries import UnitComparison
from zoning.rules.facts import FactValue
from zoning.rules.wording.values import value_text


def one(folder: Path, facts: Mapping[str, FactValue], **condition: str) -> UnitComparison:
    (entry,) = check(lists(folder, one=edition_text(clause(**condition))), facts=facts)
    return entry


def result(folder: Path, facts: Mapping[str, FactValue], **condition: str) -> str:
    (entry,) = one(folder, facts, **condition).clauses
    return entry.result


# --- one clause


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("steel", {"construction": ("none",)}, "not_concerned"),
        ("steel", {"construction": ("new",), "activity": ("hotel",)}, "complies"),
        ("steel", {"construction": ("new",), "activity": ("steel",)}, "violates"),
        ("steel", {"construction": ("new",), "activity": ("hotel", "steel")}, "violates"),
        ("steel", {"construction": ("new",)}, "to_verify"),
        ("steel", {"activity": ("steel",)}, "to_verify"),
        ("steel", {"activity": ("hotel",)}, "complies"),
        ("steel", {}, "to_verify"),
        ("well", {"well": False}, "complies"),
        ("well", {"well": True}, "violates"),
        ("well", {}, "to_verify"),
        ("water", {"water": 100.0}, "complies"),
        ("water", {"water": 100.1}, "violates"),
        ("plain", {"well": False, "construction": ("none",)}, "to_verify"),
        ("concerned", {"well": False}, "not_concerned"),
        ("concerned", {"well": True}, "to_verify"),
        ("concerned", {}, "to_verify"),
    ],
)
def test_results(tmp_path: Path, condition: str, facts: Mapping[str, FactValue], expected: str) -> None:
    assert result(tmp_path, facts, **CONDITIONS[condition]) == expected


def test_a_clause_shows_the_facts_that_it_asks_for(tmp_path: Path) -> None:
    (entry,) = one(tmp_path, {"activity": ("hotel", "steel")}, **CONDITIONS["steel"]).clauses
    assert [(f.title.zh, f.value.zh, f.value.en, f.known) for f in entry.facts] == [
        ("建设性质", "不详", "not known", False),
        ("活动类别", "宾馆、钢铁", "hotel, steel", True),
    ]
    assert entry.missing_facts == ("construction",)
    assert [(r.zh, r.en) for r in entry.reasons] == [("尚不知道：建设性质", "not known: construction")]


def test_reasons_word_for_word(tmp_path: Path) -> None:
    cases = {
        "not_concerned": ({"construction": ("none",)}, "项目不属于本条针对的情形"),
        "complies": ({"construction": ("new",), "activity": ("hotel",)}, "项目事实满足本条要求"),
        "violates": ({"construction": ("new",), "activity": ("steel",)}, "项目事实不满足本条要求"),
    }
    for expected, (facts, sentence) in cases.items():
        (entry,) = one(tmp_path, facts, **CONDITIONS["steel"]).clauses
        assert (entry.result, [reason.zh for reason in entry.reasons]) == (expected, [sentence])
        assert (entry.missing_facts, entry.missing_layers) == ((), ())
    (plain,) = one(tmp_path, {}).clauses
    assert [reason.zh for reason in plain.reasons] == ["本条没有机器条件，须人工对照"]
    (open_,) = one(tmp_path, {}, **CONDITIONS["concerned"]).clauses
    assert [reason.zh for reason in open_.reasons] == ["尚不知道：打井", "本条没有机器条件，须人工对照"]


def test_a_place_without_data_is_to_be_verified(tmp_path: Path) -> None:
    condition = {"complies_when": "{overlaps: {layer: management-units, classes: [general]}}"}
    found = lists(tmp_path, one=edition_text(clause(**condition)))
    (entry,) = check(found)
    assert entry.clauses[0].result == "complies"
    assert entry.clauses[0].reasons[0].zh == "项目事实满足本条要求"
    elsewhere = lists(tmp_path, one=edition_text(clause(complies_when="{overlaps: {layer: rivers}}")))
    (entry,) = check(elsewhere)
    assert (entry.clauses[0].result, entry.clauses[0].missing_layers) == ("to_verify", ("rivers",))


def test_values_in_words() -> None:
    assert value_text(fact("well"), value=True).zh == "是"
    assert value_text(fact("well"), value=False).en == "no"
    assert value_text(fact("water"), 1234.5).zh == "1,234.5 t/d"
    assert value_text(fact("activity"), ("hotel", "steel")).en == "hotel, steel"
