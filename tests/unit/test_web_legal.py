"""What a click tells of the law: rules that name a class, clauses that bind a unit; from the built-in rule base."""

from datetime import date

import pytest

from zoning.maps.web.legal import Legal, legal_of
from zoning.rules.access.compare import binding_clauses
from zoning.workspace import Workspace

ON = date(2026, 11, 22)
WITH_LIST, WITHOUT_LIST = "ZH14052210003", "ZH14052210001"


@pytest.fixture(scope="module")
def legal(workspace: Workspace) -> Legal:
    classes = {layer.id: list(layer.classes) for layer in workspace.catalogue.layers.values()}
    units = [WITH_LIST, WITHOUT_LIST]
    return legal_of(workspace.rulebook, on=ON, territories=["140522"], classes=classes, units=units)


def test_a_class_has_exactly_the_rules_in_force_that_name_it(workspace: Workspace, legal: Legal) -> None:
    expected = {
        rule.id
        for rule in workspace.rulebook.rules
        if rule.in_force.covers(ON)
        and any(code in ("CN", "14", "1405", "140522") for code in rule.territories)
        and any(w.layer == "drinking-water" and (not w.classes or "level-1" in w.classes) for w in rule.where)
    }
    found = legal.rules["drinking-water", "level-1"]
    assert {rule.id for rule in found} == expected
    assert len(found) > 3
    assert [rule.effect for rule in found] == sorted(
        (rule.effect for rule in found), key=["prohibit", "restrict", "require", "encourage"].index
    )


def test_rules_of_other_counties_are_not_named(legal: Legal) -> None:
    named = {rule.id for found in legal.rules.values() for rule in found}
    assert any(name.endswith("-yc") for name in named)
    assert not any(name.endswith(("-jc", "-xj", "-yq")) for name in named)


def test_every_rule_names_document_and_section(legal: Legal) -> None:
    for found in legal.rules.values():
        for rule in found:
            assert rule.document.zh
            assert rule.document.en
            assert rule.section


def test_a_rule_whose_text_was_not_read_is_marked(workspace: Workspace, legal: Legal) -> None:
    for rule in {rule for found in legal.rules.values() for rule in found}:
        encoded = workspace.rulebook.get(rule.id)
        assert encoded is not None
        assert rule.verified == workspace.rulebook.is_verified(encoded)


def test_a_unit_has_the_clauses_that_bind_it_the_nearest_level_first(workspace: Workspace, legal: Legal) -> None:
    binding = binding_clauses(workspace.rulebook.access_lists, WITH_LIST, ON)
    found = legal.units[WITH_LIST]
    assert sorted(clause.text for clause in found.clauses) == sorted(clause.text for _, clause in binding)
    assert found.own
    assert found.clauses[0].level == "unit"
    assert [clause.level for clause in found.clauses] == sorted(
        (clause.level for clause in found.clauses), key=["unit", "county", "city", "province"].index
    )


def test_a_unit_without_a_list_of_its_own_says_so(legal: Legal) -> None:
    assert not legal.units[WITHOUT_LIST].own
    assert all(clause.level != "unit" for clause in legal.units[WITHOUT_LIST].clauses)


def test_every_clause_names_an_edition_that_is_told_of(legal: Legal) -> None:
    used = {clause.edition for unit in legal.units.values() for clause in unit.clauses}
    assert used == set(legal.editions)
    assert all(schematic for _, _, _, schematic in legal.editions.values())
