"""What differs between the content that is used and that in the folder: shown before an administrator loads it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoning.rules.cases import read_cases
from zoning.rules.proofreading.diff import Change, Difference, RuleBase, compare
from zoning.rules.proofreading.diff_cases import CaseChange
from zoning.rules.proofreading.diff_words import impact_text
from zoning.rules.wording.territories import read_territories, territories_text
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.editions.changed import recheck
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule that was added, removed or changed; `impact` says where and when decisions may change, and how."""

    change: Change
    impact: Text
    cases: tuple[CaseChange, ...]


@dataclass(frozen=True, slots=True)
class ContentChange:
    """What would change if the content of the folder were loaded.

    Attributes
    ----------
    before, after
        SHA-256 of the rules in use and of those in the folder.
    layers
        Layer -> added, removed, changed.
    """

    before: str
    after: str
    rules: tuple[ChangedRule, ...]
    documents: tuple[Change, ...]
    facts: tuple[Change, ...]
    cases: tuple[CaseChange, ...]
    layers: "Mapping[str, str]"

    @property
    def is_empty(self) -> bool:
        """Whether nothing that people can read differs."""
        return not (self.rules or self.documents or self.facts or self.cases or self.layers)


def changes_of(server: Server) -> ContentChange:
    """Compare the content in use with that of the folder.

    Raises
    ------
    ContentError
        When the folder cannot be read: with file and line of every mistake.
    """
    used, lying = server.workspace, Workspace.open(server.settings.workspace)
    sides = [_side(server, workspace) for workspace in (used, lying)]
    return _told(used, lying, compare(sides[0], sides[1]), {**sides[0].names, **sides[1].names})


def _side(server: Server, workspace: Workspace) -> RuleBase:
    folder = server.settings.workspace / "rules"
    # Cases are no part of what is used: those of the folder are run on both sides.
    cases = {file.rule: file for file in read_cases(folder / "cases")}
    return RuleBase(workspace.rulebook, workspace.catalogue, cases, read_territories(folder))


def _told(used: Workspace, lying: Workspace, found: Difference, names: "Mapping[str, Text]") -> ContentChange:
    rules = tuple(
        ChangedRule(
            item.change,
            impact_text(
                item.impact.since,
                item.impact.until,
                item.impact.may_turn,
                territories_text(item.impact.territories, names),
            ),
            item.impact.cases,
        )
        for item in found.rules
    )
    old, new = used.catalogue.layers, lying.catalogue.layers
    layers = {
        name: "added" if name not in old else "removed" if name not in new else "changed"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    }
    return ContentChange(
        used.rulebook.sha256, lying.rulebook.sha256, rules, found.documents, found.facts, found.cases, layers
    )


def load(server: Server, who: Who, seen: str) -> None:
    """Use the content of the folder from now on; what was shown before has to be what lies there.

    Parameters
    ----------
    seen
        SHA-256 of the rules as they were shown.

    Raises
    ------
    Refused
        409 when the files were changed since they were shown.
    ContentError
        When the folder cannot be read, or the register not be written: everything stays as it is.
    """
    from zoning.registers.log import Entry, append

    def note(coming: Workspace) -> None:
        """Write down what is about to be used: no content is used of which the log says nothing."""
        after = coming.rulebook.sha256
        if after != seen:
            raise Refused(
                409,
                Text(
                    "显示差别之后规则文件又有改动；请看过新的差别再载入",
                    "the files of the rules were changed after the differences were shown: look at them again first",
                ),
            )
        payload = {"what": "reload", "before": server.workspace.rulebook.sha256, "after": after}
        with server.store.database.writing() as connection:
            append(connection, [Entry("server", "content:rules", 1, "admin", payload)], server.stamp(who))

    server.reload(note)
    recheck(server, who, rules=True)
