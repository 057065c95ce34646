"""What a workflow may be: states that can be reached and left, steps that stand once; and which states lie ahead."""

from typing import Any

import pytest
from pydantic import ValidationError

from register_world import text
from zoning.mistakes import Key, Mistake
from zoning.registers.type_workflow import Transition, Workflow
from zoning.registers.workflow import states_after


def stated(*steps: str, final: str = "c", initial: str = "a", states: str = "abc") -> dict[str, Any]:
    """Return a workflow as its file says it; steps like "a>b", a step back like "b<a" (from b back to a)."""
    return {
        "initial": initial,
        "states": {name: {"title": text(name), "final": name in final} for name in states},
        "transitions": [{"from": step[0], "to": step[2], "back": step[1] == "<"} for step in steps],
    }


def mistake(content: dict[str, Any]) -> tuple[Key, str, str]:
    """Return where the mistake of a workflow stands, and its sentence in Chinese and English."""
    with pytest.raises(ValidationError) as caught:
        Workflow.model_validate(content)
    (found,) = caught.value.errors()
    error = found["ctx"]["error"]
    assert isinstance(error, Mistake)
    return error.at, error.text.zh, error.text.en


def test_a_chain_with_a_step_back_is_a_workflow() -> None:
    found = Workflow.model_validate(stated("a>b", "b>c", "b<a"))
    assert list(found.states) == ["a", "b", "c"]
    assert found.transitions[2] == Transition.model_validate({"from": "b", "to": "a", "back": True})


def test_a_single_final_state_is_a_workflow() -> None:
    assert Workflow.model_validate(stated(states="a", final="a")).transitions == ()


@pytest.mark.parametrize(
    ("content", "at", "zh", "en"),
    [
        (
            stated("a>b", "b>c", initial="x"),
            ("initial",),
            "没有状态“x”；可用：a, b, c",
            "there is no state 'x'; allowed: a, b, c",
        ),
        (
            stated("a>b", "x>c", "b>c"),
            ("transitions", 1, "from"),
            "没有状态“x”；可用：a, b, c",
            "there is no state 'x'; allowed: a, b, c",
        ),
        (
            stated("a>b", "b>c", "b>x"),
            ("transitions", 2, "to"),
            "没有状态“x”；可用：a, b, c",
            "there is no state 'x'; allowed: a, b, c",
        ),
        (
            stated("a>b", "b>b", "b>c"),
            ("transitions", 1, "to"),
            "从“b”到它自己不是流转",
            "a step from 'b' to itself is none",
        ),
        (
            stated("a>b", "b>c", "a>b"),
            ("transitions", 2),
            "从“a”到“b”写了两次",
            "the step from 'a' to 'b' stands twice",
        ),
        (
            stated("a>b", "b<a", "c>a", final=""),
            ("states", "c"),
            "从“a”到不了状态“c”；请补 transitions 或删去它",
            "the state 'c' cannot be reached from 'a': add a transition or remove it",
        ),
        (
            stated("a>b", "b>c", final=""),
            ("states", "c"),
            "状态“c”没有出路；请补 transitions，或写 final: true",
            "there is no way out of the state 'c': add a transition, or write 'final: true'",
        ),
    ],
)
def test_a_workflow_that_cannot_be_meant_is_refused(content: dict[str, Any], at: Key, zh: str, en: str) -> None:
    assert mistake(content) == (at, zh, en)


def test_both_directions_of_a_step_may_stand() -> None:
    assert len(Workflow.model_validate(stated("a>b", "b<a", "b>c")).transitions) == 3


def test_a_word_that_nobody_knows_is_refused() -> None:
    content = stated("a>b", "b>c")
    content["transitions"][0]["evidnce"] = True
    with pytest.raises(ValidationError, match="evidnce"):
        Workflow.model_validate(content)


@pytest.mark.parametrize(
    ("steps", "ahead"),
    [
        (("a>b", "b>c"), {"a": "bc", "b": "c", "c": ""}),
        (("a>b", "b>c", "a>c"), {"a": "bc", "b": "c", "c": ""}),
        (("a>b", "b<a", "b>c"), {"a": "bc", "b": "c", "c": ""}),  # the way back does not lead ahead
        (("a>b", "b>a", "b>c"), {"a": "c", "b": "c", "c": ""}),  # round and round: neither lies ahead
        (("a>b", "b>c", "c>b"), {"a": "bc", "b": "", "c": ""}),
    ],
)
def test_states_ahead_are_reached_by_steps_that_do_not_go_back(steps: tuple[str, ...], ahead: dict[str, str]) -> None:
    found = states_after(Workflow.model_validate(stated(*steps)))
    assert found == {state: frozenset(others) for state, others in ahead.items()}


def test_states_far_ahead_are_found_along_branches_that_meet_again() -> None:
    workflow = Workflow.model_validate(stated("a>b", "a>d", "b>e", "d>e", "e>c", "e<a", states="abcde"))
    assert {state: "".join(sorted(after)) for state, after in states_after(workflow).items()} == {
        "a": "bcde",
        "b": "ce",
        "c": "",
        "d": "ce",
        "e": "c",
    }
