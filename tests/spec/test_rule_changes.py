"""A rule that is changed in one place, as by a slip of the pen, does not come out as its cases promise.

`scripts/mutate_rules.py` tries every change of every rule; here one rule in twenty, in the order of their ids.
"""

import pytest

from mutants.rule_trial import RuleTrial
from zoning.rules.rule import Rule
from zoning.workspace import builtin_root

TRIAL = RuleTrial.of(builtin_root())
CHOSEN = TRIAL.workspace.rulebook.rules[12::20]
KNOWN: dict[str, tuple[str, ...]] = {
    # A duty moves no decision, whether its article is verified or not.
    "ECO-861": ("citation.verified: left out",),
    # Each is covered by another branch of the same `any` already.
    "R043": ("when.any.1.construction: also existing",),
    "R083": ("when.any.2.activity: also quarrying",),
    # The rule itself asks for works: its proviso never meets a project without any.
    "YRPL-26b": ("provisos.0.when.construction: also existing", "provisos.0.when.construction: also none"),
}
"""Changes that no case notices, each with the reason."""


@pytest.mark.parametrize("rule", CHOSEN, ids=lambda rule: rule.id)
def test_every_change_of_a_rule_is_noticed_by_one_of_its_cases(rule: Rule) -> None:
    assert tuple(change.about for change in TRIAL.unnoticed(rule)) == KNOWN.get(rule.id, ())


def test_without_cases_only_what_cannot_be_read_is_noticed() -> None:
    rule = TRIAL.workspace.rulebook.get("R050")
    assert rule is not None
    passed = {change.about for change in RuleTrial(TRIAL.workspace, {}).unnoticed(rule)}
    assert {"effect: prohibit", "in_force.from: 2023-05-16", "where.0.classes: also level-1"} <= passed
    # The document is not in force on that day.
    assert "in_force.from: 2023-05-14" not in passed
