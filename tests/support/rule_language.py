"""The words of the rule language, one file each in tests/spec/rule_language: explained, with rules and worked cases.

The manual page is written from the same files, so what it says is what the tests run.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from zoning.layers.catalogue import Catalogue
from zoning.rules.cases import Case, situation_of
from zoning.rules.decision import conclude
from zoning.rules.judge import Judge
from zoning.rules.rulebook import Rulebook
from zoning.rules.rulebook import rule_from as parse_rule
from zoning.rules.verdict import Decision, Effect, Finding, Outcome
from zoning.texts import Text
from zoning.workspace import Workspace
from zoning.yaml_files import Mistake, YamlFile, load, read_model

FOLDER = Path(__file__).parents[1] / "spec" / "rule_language"
TERRITORY = "140522"
_SOME = {"zh": "例", "en": "example"}
_COMMON: dict[str, Any] = {
    "title": _SOME,
    "says": _SOME,
    "citation": {"section": "一", "lines": "L1", "anchor": "例"},
    "territories": [TERRITORY],
    "in_force": {"from": "2023-08-10"},
}


class SpecCase(BaseModel):
    """One worked case: what is found and known, and what each rule says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    on: date = date(2026, 6, 1)
    territory: str = TERRITORY
    site_area: str = "1 ha"
    layers: dict[str, Any] = {}
    editions: dict[str, str] = {}
    facts: dict[str, str | list[str]] = {}
    expect: dict[str, Outcome | str] = {}
    effect: dict[str, Effect] = {}
    missing: dict[str, tuple[str, ...]] = {}
    decision: Decision | None = None


class SpecWord(BaseModel):
    """One word of the language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    word: str
    title: Text
    text: Text
    rules: dict[str, dict[str, Any]]
    cases: tuple[SpecCase, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What came out of a case."""

    findings: dict[str, Finding]
    decision: Decision


def read_words() -> dict[str, SpecWord]:
    """Read all files, in their order."""
    return {path.stem: read_model(path, SpecWord) for path in sorted(FOLDER.glob("*.yaml"))}


def rulebook_of(word: SpecWord, builtin: Workspace, document: str = "yangcheng-2023-63") -> Rulebook:
    """Return a rulebook with the rules of one word only, beside the documents and facts of the built-in one."""
    rules = []
    for name, fragment in word.rules.items():
        raw = {**_COMMON, **fragment}
        file = YamlFile(FOLDER / document / f"{name}.yaml", raw, {})
        rule = parse_rule(file, builtin.rulebook.vocabulary)
        for condition in rule.conditions():
            for mistake in condition.mistakes(builtin.rulebook.vocabulary, rule.values):
                raise Mistake(mistake.text)
        rules.append(rule)
    return Rulebook(tuple(rules), builtin.rulebook.documents, builtin.rulebook.vocabulary, "")


def run(case: SpecCase, rulebook: Rulebook, catalogue: Catalogue) -> Said:
    """Judge a case by all rules of its word."""
    told = case.model_dump(include={"on", "territory", "site_area", "layers", "editions", "facts"})
    situation = situation_of(
        Case.model_validate({**told, "name": case.name.en, "expect": "applies"}), catalogue, rulebook
    )
    judge = Judge(rulebook)
    findings = judge.findings(situation)
    conclusion = conclude(findings, rulebook.vocabulary, unread_layers=judge.unread_layers(situation))
    return Said({finding.rule: finding for finding in findings}, conclusion.decision)


__all__ = ["FOLDER", "Said", "SpecCase", "SpecWord", "load", "read_words", "rulebook_of", "run"]
