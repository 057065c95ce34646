"""Runs the cases of a rule against changed forms of it."""

from dataclasses import dataclass, replace
from pathlib import Path

from mutants.rule_changes import RuleChange, changes_of_rule
from mutants.rule_words import Words
from zoning.errors import ContentError
from zoning.rules.cases import CaseFile, read_cases, run_case
from zoning.rules.rule import Rule
from zoning.rules.rulebook import contradictions, rule_from
from zoning.workspace import Workspace
from zoning.yaml_files import YamlFile, load


@dataclass(frozen=True)
class RuleTrial:
    """The rules of a workspace with their cases."""

    workspace: Workspace
    cases: dict[str, CaseFile]

    @classmethod
    def of(cls, root: Path) -> "RuleTrial":
        """Read a workspace and its cases."""
        workspace = Workspace.open(root)
        return cls(workspace, {file.rule: file for file in read_cases(root / "rules" / "cases")})

    def changes(self, rule: Rule) -> list[RuleChange]:
        """Return all changes of a rule that its file allows."""
        book = self.workspace.rulebook
        found = changes_of_rule(self._file(rule).value, Words(book.vocabulary, self.workspace.catalogue))
        # Where the whole document is not verified, neither is a citation of it.
        settled = () if book.documents[rule.document].verified else ("citation.verified", "citation.0.verified")
        return [change for change in found if change.about.partition(":")[0] not in settled]

    def unnoticed(self, rule: Rule) -> list[RuleChange]:
        """Return the changes of a rule after which all its cases come out as before."""
        file = self._file(rule)
        changed = ((change, replace(file, value=change.table)) for change in self.changes(rule))
        return [change for change, other in changed if not self._is_noticed(rule, other)]

    def _file(self, rule: Rule) -> YamlFile:
        return load(self.workspace.root / "rules" / rule.document / f"{rule.id}.yaml")

    def _is_noticed(self, rule: Rule, file: YamlFile) -> bool:
        book = self.workspace.rulebook
        try:
            changed = rule_from(file, book.vocabulary)
            if contradictions(changed, file, book.documents, book.vocabulary):
                return True
        except ContentError:
            return True
        alone = replace(book, rules=(changed,), _chosen={})
        cases = self.cases[rule.id].cases if rule.id in self.cases else ()
        return any(run_case(case, changed, alone, self.workspace.catalogue).mistake is not None for case in cases)
