"""The result of an audit: schema `zoning.audit/1`, frozen, with a JSON round trip."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from zoning.planning.audit.issue import Issue
from zoning.planning.audit.running import Audited
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.audit/1"] = "zoning.audit/1"


class CheckEntry(Entry):
    """One check; `missing`: the layers for want of which it was not made."""

    id: str
    title: Text
    layers: tuple[str, ...]
    issues: int
    missing: tuple[str, ...]


class AuditResult(Document):
    """Everything that an audit says.

    `complete` is false where a check could not be made; `counts` are the issues by status.
    """

    schema_: Literal["zoning.audit/1"] = Field(default=SCHEMA, alias="schema")
    program: str
    workspace: Text
    on: str
    made: str
    territories: tuple[str, ...]
    layers: tuple[str, ...]
    complete: bool
    counts: dict[str, int]
    editions: dict[str, str]
    documents: dict[str, Text]
    checks: tuple[CheckEntry, ...]
    issues: tuple[Issue, ...]

    @property
    def open_issues(self) -> tuple[Issue, ...]:
        """Those that ask for something to be done."""
        return tuple(issue for issue in self.issues if issue.counts)

    @property
    def exit_code(self) -> int:
        """0: nothing found; 1: issues; 3: something could not be audited, whatever else was found."""
        if not self.complete:
            return 3
        return 1 if self.open_issues else 0


def checks_told(audited: Audited) -> tuple[CheckEntry, ...]:
    """Return the checks as they are written."""
    return tuple(
        CheckEntry(
            id=done.check.id,
            title=done.check.title,
            layers=done.check.layers,
            issues=len(done.issues),
            missing=done.missing,
        )
        for done in audited.checks
    )


def counts_of(issues: Sequence[Issue]) -> dict[str, int]:
    """Return how many issues have each status."""
    found = Counter(issue.status for issue in issues)
    return {status: found[status] for status in ("new", "open", "accepted", "fixed")}
