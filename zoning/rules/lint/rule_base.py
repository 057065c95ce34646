"""What is examined: rules, documents, facts, layers and cases of a workspace, on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from zoning.layers.catalogue import Layer
from zoning.rules.cases import CaseFile
from zoning.rules.conditions import AnyOf, AtPlace, Condition
from zoning.rules.derivation.industry import CODES, IndustryTable
from zoning.rules.lint.kinds import KINDS, Level
from zoning.rules.lint.precedence import Precedence
from zoning.rules.lint.worlds import Worlds, resolved
from zoning.rules.rule import Rule
from zoning.rules.rule_lines import line_of
from zoning.rules.rulebook import Rulebook
from zoning.texts import Text
from zoning.yaml_files import Key, YamlFile, load


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the rule base that cannot be meant, with the sentence that says what to do.

    `rule` is None where it is no matter of a single rule.
    """

    kind: str
    path: Path
    line: int
    text: Text
    rule: str | None = None

    @property
    def level(self) -> Level:
        """How much it weighs."""
        return KINDS[self.kind].level


@dataclass(frozen=True)
class RuleBase:
    """All rules of a workspace with what belongs to them; `folder` is `rules/`, `on` the day of the examination."""

    folder: Path
    rulebook: Rulebook
    layers: Mapping[str, Layer]
    cases: Mapping[str, CaseFile]
    precedence: Precedence
    on: date
    _files: dict[Path, YamlFile] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def worlds(self) -> Worlds:
        """Everything that a project can be."""
        return Worlds(self.rulebook.vocabulary, self.layers)

    @cached_property
    def industries(self) -> IndustryTable | None:
        """Return the titles of industry codes; None where the workspace has none.

        Raises
        ------
        ContentError
            With every mistake in them.
        """
        path = self.folder / CODES
        return IndustryTable.read(path) if path.is_file() else None

    def file(self, path: Path) -> YamlFile:
        """Return a file of the folder with the line of every entry.

        Raises
        ------
        ContentError
            When the file cannot be read.
        """
        if path not in self._files:
            self._files[path] = load(self.folder / path)
        return self._files[path]

    def line(self, rule: Rule, key: Key) -> int:
        """Return the line of a part of a rule.

        Raises
        ------
        ContentError
            When the file cannot be read.
        """
        return line_of(self.file(path_of(rule)), key)

    def fault(self, kind: str, rule: Rule, key: Key, text: Text) -> Fault:
        """Return a fault in the file of a rule.

        Raises
        ------
        ContentError
            When the file cannot be read.
        """
        return Fault(kind, self.folder / path_of(rule), self.line(rule, key), text, rule.id)

    def fault_in(self, kind: str, name: str, key: Key, text: Text, rule: str | None = None) -> Fault:
        """Return a fault in another file of the folder.

        Raises
        ------
        ContentError
            When the file cannot be read.
        """
        path = Path(name)
        line = self.file(path).line(key) if (self.folder / path).exists() else 1
        return Fault(kind, self.folder / path, line, text, rule)


def path_of(rule: Rule) -> Path:
    """Return the path of a rule's file below `rules/`."""
    return Path(rule.document) / f"{rule.id}.yaml"


def days_of(rule: Rule) -> list[date]:
    """Return a day for each period in which a rule and all its figures stay the same."""
    changes = {day for parameter in rule.values.values() for day in parameter.in_force}
    return sorted({rule.in_force.from_, *(day for day in changes if rule.in_force.covers(day))})


def grounds(rule: Rule, day: date) -> list[Condition]:
    """Return what has to hold for a rule to say anything: one of its places, and its condition."""
    values = rule.values_on(day)
    parts: list[Condition] = [AnyOf(tuple(AtPlace(where) for where in rule.where))] if rule.where else []
    if rule.when is not None:
        parts.append(rule.when)
    return [resolved(part, values) for part in parts]


def rows(rule: Rule, day: date) -> list[Condition]:
    """Return the conditions of the provisos as they are decided on a day."""
    values = rule.values_on(day)
    return [resolved(row, values) for row in rule.rows]
