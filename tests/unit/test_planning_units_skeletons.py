"""Skeletons of access lists: what is said of a unit by which rule, and never that nothing is required."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from override_world import VOCABULARY, book, rule
from unit_plans import DOUBTFUL, EAST, ENTRY, ON, UNIT, plan, skeleton, unit
from zoning.planning.units.plan import PlannedUnit
from zoning.planning.units.skeleton import EMPTY, Entry, UnitSkeleton, edition_of, section_text, skeletons_of
from zoning.rules.access.clauses import AccessList
from zoning.rules.access.lists import read_access_lists
from zoning.rules.rule import Rule
from zoning.texts import Text


def ruled(*rules: Rule, of: PlannedUnit = UNIT, verified: bool = True, **more: Any) -> dict[str, list[str]]:
    """Return which rules stand in which section of the only unit."""
    (found,) = skeletons_of(plan(of, **more), book(*rules, verified=verified))
    return {name: [entry.rule for entry in entries] for name, entries in found.sections.items() if entries}


def made(name: str = "R001", effect: str = "prohibit", where: object = None, **changes: Any) -> Rule:
    at = {"layer": "water", "classes": ["level-1"]} if where is None else where
    return rule(name, effect, at, **{"territories": ["140522"], **changes})


@pytest.mark.parametrize(
    ("where", "cited"),
    [
        ({"layer": "water"}, True),
        ({"layer": "water", "classes": ["level-1"]}, True),
        ({"layer": "water", "classes": ["level-2", "level-1"]}, True),
        ({"layer": "water", "classes": ["level-2"]}, False),
        ({"layer": "town"}, False),
        ({"layer": "water", "zones": ["下芹"]}, True),
        ({"layer": "water", "zones": ["别处"]}, False),
        # The unit's own class; every class is none of its own.
        ({"layer": "units", "classes": ["priority"]}, True),
        ({"layer": "units", "classes": ["key"]}, False),
        ({"layer": "units"}, False),
        # A rule for land beside a zone, or outside of it, speaks of no member.
        ({"layer": "water", "relation": "within", "distance": "200 m"}, False),
        ({"layer": "water", "relation": "inside"}, True),
        ({"layer": "water", "relation": "touches"}, True),
        ({"layer": "water", "relation": "outside"}, False),
        ([{"layer": "town"}, {"layer": "water"}], True),
    ],
)
def test_a_rule_is_cited_where_it_speaks_of_what_the_unit_is_made_of(where: object, cited: bool) -> None:
    assert ruled(made(where=where)) == ({"spatial-layout": ["R001"]} if cited else {})


@pytest.mark.parametrize(
    ("changes", "cited"),
    [
        ({}, True),
        ({"territories": ["14"]}, True),
        ({"territories": ["140825"]}, False),
        ({"in_force": {"from": "2026-06-01"}}, True),
        ({"in_force": {"from": "2026-06-02"}}, False),
        ({"in_force": {"from": "2020-01-01", "to": "2026-05-31"}}, False),
        ({"effect": "restrict"}, True),
        ({"effect": "require"}, True),
        # What is encouraged binds nobody.
        ({"effect": "encourage"}, False),
    ],
)
def test_a_rule_is_cited_where_it_binds(changes: dict[str, Any], cited: bool) -> None:
    assert bool(ruled(made(**changes))) is cited


@pytest.mark.parametrize(
    ("one", "sections"),
    [
        # Named by its id, by a fact that it asks for, else where nothing is named.
        (made("R048"), {"pollutant-discharge": ["R048"]}),
        (made("R001", when={"supply": "yes"}), {"risk-control": ["R001"]}),
        (made("R001", when={"building": "yes"}), {"spatial-layout": ["R001"]}),
        (made("R048", when={"supply": "yes"}), {"pollutant-discharge": ["R048"]}),
        (made("R001"), {"spatial-layout": ["R001"]}),
    ],
)
def test_a_rule_goes_to_its_section(one: Rule, sections: dict[str, list[str]]) -> None:
    assert ruled(one) == sections


def test_a_rule_that_two_sections_name_stands_in_both() -> None:
    both = [{"dimension": "risk-control", "rules": ["R048"]}, {"dimension": "resource-efficiency", "rules": ["R048"]}]
    assert ruled(made("R048"), sections=both) == {"risk-control": ["R048"], "resource-efficiency": ["R048"]}


def test_a_rule_that_no_section_takes_is_left_out() -> None:
    named = [{"dimension": "risk-control", "rules": ["R048"]}]
    assert ruled(made("R001"), sections=named) == {}


def test_rules_stand_in_the_order_of_the_rulebook() -> None:
    assert ruled(made("R001"), made("R003"), made("R002")) == {"spatial-layout": ["R001", "R003", "R002"]}


def test_a_scheme_without_sections_makes_no_lists() -> None:
    assert skeletons_of(plan(UNIT, sections=[]), book(made())) == ()


def test_every_unit_has_all_four_sections() -> None:
    found = skeletons_of(plan(UNIT, unit("ZH2", "general", shape=EAST)), book(made()))
    assert [one.code for one in found] == ["ZH14052210001", "ZH2"]
    assert [list(one.sections) for one in found] == [
        ["spatial-layout", "pollutant-discharge", "risk-control", "resource-efficiency"]
    ] * 2
    assert [len(one.sections["spatial-layout"]) for one in found] == [1, 0]


@pytest.mark.parametrize("verified", [True, False])
def test_an_entry_says_what_the_rule_says_and_where_it_stands(verified: bool) -> None:
    (found,) = skeletons_of(plan(UNIT), book(made(), verified=verified))
    (entry,) = found.sections["spatial-layout"]
    assert entry == Entry(
        "R001", "prohibit", Text("某", "some"), Text("《某》某〔2023〕1号 一 L1", "some 某〔2023〕1号, 一 L1"),
        verified, ("water",),
    )  # fmt: skip


def test_a_section_in_words() -> None:
    assert section_text([ENTRY, DOUBTFUL]) == (
        "1. （骨架，待补充）不得建设（规则 R001；依据《某》一）\n"
        "2. （骨架，待补充）不得建设（规则 R002；依据《某》一，条文待核实）"
    )


def test_an_empty_section_never_says_that_nothing_is_required() -> None:
    assert section_text([]) == EMPTY.zh
    assert "不表示没有要求" in EMPTY.zh
    assert "does not mean that there is no requirement" in EMPTY.en


def edition(folder: Path, *skeletons: UnitSkeleton, units: Sequence[PlannedUnit] = (UNIT,)) -> tuple[str, AccessList]:
    """Return the file of an edition, and what the workspace reads of it."""
    text = edition_of(plan(*units), skeletons, "skeleton")
    (folder / "skeleton.yaml").write_text(text, encoding="utf-8")
    (found,) = read_access_lists(folder, VOCABULARY).editions.values()
    return text, found


def test_an_edition_is_a_list_of_no_authority(tmp_path: Path) -> None:
    text, found = edition(tmp_path, skeleton("ZH14052210001"))
    assert text.startswith("# 骨架，待补充：不是任何机关发布的清单。由 zoning plan units 生成。\n# Skeleton, ")
    assert (found.schematic, found.issuer) == (True, Text("骨架（无发布机关）", "skeleton (no authority)"))
    assert found.title.zh == "阳城县管控单元准入清单（骨架，待补充）"
    assert (found.valid_from, found.territories) == (ON, ("140522",))


def test_an_edition_has_a_clause_for_each_entry_and_each_empty_section(tmp_path: Path) -> None:
    _, found = edition(tmp_path, skeleton("ZH14052210001", spatial_layout=(ENTRY, DOUBTFUL)))
    assert [(one.number, one.dimension, one.level, one.unit, one.effect) for one in found.clauses] == [
        ("1-1", "spatial-layout", "unit", "ZH14052210001", "prohibit"),
        ("1-2", "spatial-layout", "unit", "ZH14052210001", "restrict"),
        ("2-1", "pollutant-discharge", "unit", "ZH14052210001", "require"),
        ("3-1", "risk-control", "unit", "ZH14052210001", "require"),
        ("4-1", "resource-efficiency", "unit", "ZH14052210001", "require"),
    ]
    assert found.clauses[0].text == "（骨架，待补充）不得建设（规则 R001；依据《某》一）"
    assert found.clauses[1].text == "（骨架，待补充）不得建设（规则 R002；依据《某》一，条文待核实）"
    assert {one.text for one in found.clauses[2:]} == {EMPTY.zh}


def test_units_stand_with_class_and_county(tmp_path: Path) -> None:
    units = [UNIT, unit("ZH14052530001", "general", shape=EAST, county_code="140525", county="泽州县")]
    _, found = edition(tmp_path, skeleton("ZH14052210001"), skeleton("ZH14052530001"), units=units)
    assert [(one.code, one.class_, one.county) for one in found.units] == [
        ("ZH14052210001", "priority", "阳城县"),
        ("ZH14052530001", "general", "泽州县"),
    ]
    assert found.territories == ("140522", "140525")
