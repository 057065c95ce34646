"""Every word of the rule language does what its page in the manual says: the pages are written from these files."""

from pathlib import Path

import pytest

from rule_language import SpecCase, SpecWord, read_words, rulebook_of, run
from zoning.workspace import Workspace

WORDS = read_words()
CASES = [
    pytest.param(word, case, id=f"{name}-{number}")
    for name, word in WORDS.items()
    for number, case in enumerate(word.cases, start=1)
]


@pytest.fixture(scope="module")
def builtin(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.mark.parametrize(("word", "case"), CASES)
def test_the_word_does_what_the_page_says(builtin: Workspace, word: SpecWord, case: SpecCase) -> None:
    rulebook = rulebook_of(word, builtin)
    said = run(case, rulebook, builtin.catalogue)
    outcomes = {name: said.findings[name].outcome if name in said.findings else "not in force" for name in case.expect}
    assert outcomes == case.expect
    assert {name: said.findings[name].effect for name in case.effect} == case.effect
    asked = {name: {*said.findings[name].missing_facts, *said.findings[name].missing_layers} for name in case.missing}
    assert asked == {name: set(wanted) for name, wanted in case.missing.items()}
    if case.decision is not None:
        assert said.decision == case.decision


@pytest.mark.parametrize("word", WORDS.values(), ids=list(WORDS))
def test_a_case_can_come_out_otherwise(word: SpecWord) -> None:
    said = {tuple(sorted(case.expect.items())) + ((case.decision,) if case.decision else ()) for case in word.cases}
    assert len(word.cases) >= 2
    assert len(said) >= 2, "the cases of a word must differ in what comes out"
