"""The bans on a project: the same answers as the rules themselves give, for every combination of places."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import tiny_workspace
from advice_world import NEW, facts, opened
from zoning.advice.bans import Ban, BanBook
from zoning.check import Checker

RULE = """\
title: {{zh: 规则, en: a rule}}
says: {{zh: 规则, en: a rule}}
citation: {{section: 第一章, lines: L1, anchor: 某}}
territories: ["140522"]
in_force: {{from: 2023-01-01}}
scope: {scope}
effect: prohibit
{more}
"""
WATER, FIELD = "{layer: water, classes: [level-1]}", "{layer: farmland}"


def bans(
    root: Path, more: str, told: dict[str, Any] | None = None, *, restrictions: bool = False, scope: str = "zone"
) -> tuple[Ban, ...]:
    """Return the bans of one rule that is written beside those of the workspace."""
    tiny_workspace.build(root)
    (root / "rules" / "plan" / "R099.yaml").write_text(RULE.format(more=more, scope=scope), encoding="utf-8")
    desk = opened(root)
    checker = Checker(on=desk.on, catalogue=desk.catalogue, rulebook=desk.rulebook, settings=desk.settings)
    book = BanBook(checker, facts(desk, NEW if told is None else told))
    return tuple(ban for ban in book.of("140522", restrictions=restrictions) if ban.rule == "R099")


def forbids(found: Sequence[Ban], grade: str, here: dict[str, bool]) -> bool:
    """Tell whether a ban of a grade holds where the layers are (`True`) or are not at hand."""
    return any(all(here[test.where.layer] is test.here for test in ban.tests) for ban in found if ban.grade == grade)


def test_a_place_in_where_forbids_alone(tmp_path: Path) -> None:
    (ban,) = bans(tmp_path, f"where: {WATER}\nwhen: {{construction: new}}")
    assert (ban.grade, ban.territory) == ("forbids", "140522")
    assert [(test.where.layer, test.where.classes, test.here) for test in ban.tests] == [("water", ("level-1",), True)]


@pytest.mark.parametrize(
    ("told", "grades"),
    [({"construction": "new"}, {"forbids"}), ({"construction": "none"}, set()), ({}, {"questions"})],
)
def test_the_facts_decide_the_grade(tmp_path: Path, told: dict[str, Any], grades: set[str]) -> None:
    assert {ban.grade for ban in bans(tmp_path, f"where: {WATER}\nwhen: {{construction: new}}", told)} == grades


CONDITIONS = [
    (f"where: [{WATER}, {FIELD}]", lambda water, field: water or field),
    (f"where: {WATER}\nwhen: {{overlaps: {FIELD}}}", lambda water, field: water and field),
    (f"where: {WATER}\nwhen: {{not: {{overlaps: {FIELD}}}}}", lambda water, field: water and not field),
    (f"when: {{any: [{{overlaps: {WATER}}}, {{overlaps: {FIELD}}}]}}", lambda water, field: water or field),
    (f"when: {{all: [{{overlaps: {WATER}}}, {{overlaps: {FIELD}}}]}}", lambda water, field: water and field),
    (f"when: {{not: {{any: [{{overlaps: {WATER}}}, {{overlaps: {FIELD}}}]}}}}", lambda w, f: not w and not f),
    (
        f"where: {WATER}\nprovisos:\n  - {{when: {{overlaps: {FIELD}}}, effect: none}}",
        lambda water, field: water and not field,
    ),
    (
        f"where: {WATER}\nprovisos:\n  - {{when: {{supply: no}}, effect: restrict}}",
        lambda water, field: False,  # noqa: ARG005 - as the others are called
    ),
]


@pytest.mark.parametrize(("more", "expected"), CONDITIONS)
def test_every_combination_of_places_is_answered_as_it_is_written(tmp_path: Path, more: str, expected: Any) -> None:
    found = bans(tmp_path, more)
    for water, field in product((False, True), repeat=2):
        assert forbids(found, "forbids", {"water": water, "farmland": field}) is expected(water, field)
        assert not forbids(found, "questions", {"water": water, "farmland": field})


def test_only_the_smallest_combinations_are_kept(tmp_path: Path) -> None:
    found = bans(
        tmp_path, f"when: {{any: [{{overlaps: {WATER}}}, {{all: [{{overlaps: {WATER}}}, {{overlaps: {FIELD}}}]}}]}}"
    )
    assert [len(ban.tests) for ban in found] == [1]


def test_a_rule_without_a_place_forbids_everywhere(tmp_path: Path) -> None:
    (ban,) = bans(tmp_path, "when: {construction: new}", scope="attribute")
    assert (ban.grade, ban.tests) == ("forbids", ())


def test_a_baseline_does_not_move_the_decision(tmp_path: Path) -> None:
    assert bans(tmp_path, "when: {construction: new}", scope="baseline") == ()


def test_what_may_become_a_prohibition_is_a_question(tmp_path: Path) -> None:
    more = f"where: {WATER}\nprovisos:\n  - {{when: {{supply: yes}}, effect: none}}"
    (ban,) = bans(tmp_path, more, {"construction": "new"})
    assert ban.grade == "questions"


def test_a_distance_is_that_of_the_day(tmp_path: Path) -> None:
    (ban,) = bans(tmp_path, "where: {layer: water, relation: within, distance: 300 m}")
    assert ban.tests[0].limits == (("below", 300.0),)


def test_restrictions_are_asked_for_separately(tmp_path: Path) -> None:
    more = f"where: {WATER}\nprovisos:\n  - {{when: {{supply: no}}, effect: restrict}}"
    assert bans(tmp_path, more) == ()
    (ban,) = bans(tmp_path / "again", more, restrictions=True)
    assert ban.grade == "restricts"
