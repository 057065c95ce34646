"""Conditions: what a table after `when:` means, for known and unknown facts."""

from typing import Any

import pytest

from situations import knowing
from zoning.rules.conditions import parse_condition
from zoning.rules.facts import Fact, Vocabulary
from zoning.rules.truth import Truth
from zoning.texts import Text

SOME = Text("某", "some")
NOTHING = (
    "unknown fact 'qqq'; "
    "allowed: construction, activity, dirty, freight, code, overlaps, within, inside, outside, touches"
)
VOCABULARY = Vocabulary(
    facts={
        "construction": Fact(title=SOME, question=SOME, kind="choice", values={"new": SOME, "expand": SOME}),
        "activity": Fact(title=SOME, question=SOME, kind="choices", values={"coking": SOME, "steel": SOME}),
        "dirty": Fact(title=SOME, question=SOME, kind="yes_no"),
        "freight": Fact(title=SOME, question=SOME, kind="number", unit="Mt/a"),
        "code": Fact(title=SOME, question=SOME, kind="code", pattern="[A-T][0-9]{4}", examples=("C2521",)),
    }
)


@pytest.mark.parametrize(
    ("table", "facts", "truth", "missing"),
    [
        ({"construction": ["new", "expand"]}, {"construction": ("new",)}, Truth.TRUE, ()),
        ({"construction": "expand"}, {"construction": ("new",)}, Truth.FALSE, ()),
        ({"construction": "new"}, {}, Truth.UNKNOWN, ("construction",)),
        ({"activity": ["steel"]}, {"activity": ("coking", "steel")}, Truth.TRUE, ()),
        ({"dirty": "yes"}, {"dirty": True}, Truth.TRUE, ()),
        ({"dirty": "no"}, {"dirty": True}, Truth.FALSE, ()),
        ({"freight": {"at_least": "1.5"}}, {"freight": 1.5}, Truth.TRUE, ()),
        ({"freight": {"above": "1.5"}}, {"freight": 1.5}, Truth.FALSE, ()),
        ({"freight": {"at_most": "1.5"}}, {"freight": 1.5}, Truth.TRUE, ()),
        ({"freight": {"below": "1.5"}}, {"freight": 1.5}, Truth.FALSE, ()),
        ({"freight": {"at_least": "1", "below": "2"}}, {"freight": 1.5}, Truth.TRUE, ()),
        ({"freight": {"at_least": "limit"}}, {"freight": 3.0}, Truth.TRUE, ()),
        ({"freight": {"at_least": "limit"}}, {}, Truth.UNKNOWN, ("freight",)),
        ({"not": {"dirty": "yes"}}, {"dirty": True}, Truth.FALSE, ()),
        ({"not": {"dirty": "yes"}}, {}, Truth.UNKNOWN, ("dirty",)),
        # Several keys mean all of them: one that is false settles it, whatever is unknown.
        ({"dirty": "yes", "construction": "new"}, {"dirty": False}, Truth.FALSE, ()),
        ({"dirty": "yes", "construction": "new"}, {"dirty": True}, Truth.UNKNOWN, ("construction",)),
        ({"any": [{"dirty": "yes"}, {"construction": "new"}]}, {"dirty": True}, Truth.TRUE, ()),
        ({"any": [{"dirty": "yes"}, {"construction": "new"}]}, {"dirty": False}, Truth.UNKNOWN, ("construction",)),
        ({"all": [{"dirty": "yes"}, {"construction": "new"}]}, {}, Truth.UNKNOWN, ("dirty", "construction")),
    ],
)
def test_decides(table: Any, facts: Any, truth: Truth, missing: tuple[str, ...]) -> None:
    answer = parse_condition(table).decide(knowing(facts), {"limit": "2"})
    assert (answer.truth, answer.missing) == (truth, missing)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "a condition is a table"),
        ("construction", "a condition is a table"),
        ({"any": []}, "'any' needs a list of conditions"),
        ({"construction": []}, "'construction' needs one word or a list of words"),
        ({"freight": {"more_than": "1"}}, "unknown comparison 'more_than'; allowed: at_least, above, at_most, below"),
        ({"freight": {}}, "'freight' needs a comparison"),
    ],
)
def test_refuses_what_is_no_condition(table: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_condition(table)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"constructon": "new"}, "unknown fact 'constructon' - did you mean 'construction'?"),
        ({"construction": "nwe"}, "unknown value of construction 'nwe' - did you mean 'new'?"),
        ({"dirty": "maybe"}, "unknown value of dirty 'maybe'; allowed: yes, no"),
        ({"freight": "3"}, "freight is a number: write a comparison such as {at_least: 1.5}"),
        ({"dirty": {"above": "3"}}, "dirty is no number: it cannot be compared"),
        (
            {"freight": {"above": "limt"}},
            (
                "'limt' is neither a number (in Mt/a, without the unit) nor the name of a value of this rule"
                " - did you mean 'limit'?"
            ),
        ),
        ({"code": ["C98"]}, "'C98': GB/T 4754-2017 has no division 98 (01-97)"),
        (
            {"qqq": {"above": "1"}},
            NOTHING,
        ),
        ({"not": {"all": [{"constructon": "new"}]}}, "unknown fact 'constructon' - did you mean 'construction'?"),
        (
            {"any": [{"dirty": "yes"}, {"construction": "nwe"}]},
            "unknown value of construction 'nwe' - did you mean 'new'?",
        ),
    ],
)
def test_names_what_the_vocabulary_does_not_know(table: Any, message: str) -> None:
    assert [mistake.text.en for mistake in parse_condition(table).mistakes(VOCABULARY, {"limit": "2"})] == [message]


def test_has_no_mistakes_where_all_is_known() -> None:
    table = {"construction": ["new"], "dirty": "no", "freight": {"above": "limit"}, "not": {"activity": ["steel"]}}
    assert parse_condition(table).mistakes(VOCABULARY, {"limit": "2"}) == []
