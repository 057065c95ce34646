"""`zoning rules lint`: what the rule base says without meaning it, each with file, line and what to do."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import print_json
from zoning.cli.session import Session
from zoning.errors import ContentError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.lint.rule_base import Fault, RuleBase


def lint_rules(session: Session, folder: Path | None, on: str | None, rule: str | None, *, as_json: bool) -> int:
    """Print every fault; exit 0 when there is none, 10 when there is one. Notes do not change the exit code.

    Raises
    ------
    UsageError
        When a day is no date, or there is no such rule.
    ContentError
        When the workspace cannot be opened at all.
    """
    from zoning.cli.rules import find_rule
    from zoning.rules.lint.examination import examine

    base = _rule_base(session, folder, on)
    if rule is not None:
        find_rule(base.rulebook, rule)
    told = [fault for fault in examine(base) if rule in (None, fault.rule)]
    faults = [fault for fault in told if fault.level == "fault"]
    if as_json:
        plain = {"on": base.on.isoformat(), "faults": [_plain(fault, base) for fault in told]}
        print_json(plain)
    for fault in () if as_json else told:
        mark = "×" if fault.level == "fault" else "·"
        where = f"{_file(fault, base)}:{fault.line}"
        text = session.labelled(Text(where, where), fault.text.get(session.language))
        sys.stdout.write(f"{mark} {text} [{fault.kind}]\n")
    rules, notes = len(base.rulebook.rules), len(told) - len(faults)
    session.say(
        Text(
            f"{rules} 条规则，{len(faults)} 个问题，{notes} 个提示",
            f"{rules} rules: faults {len(faults)}, notes {notes}",
        )
    )
    return ContentError.exit_code if faults else 0


def _rule_base(session: Session, folder: Path | None, on: str | None) -> "RuleBase":
    from zoning.rules.cases import read_cases
    from zoning.rules.lint.precedence import read_precedence
    from zoning.rules.lint.rule_base import RuleBase

    workspace = session.open_workspace(folder)
    rules = workspace.root / "rules"
    return RuleBase(
        folder=rules,
        rulebook=workspace.rulebook,
        layers=workspace.catalogue.layers,
        cases={file.rule: file for file in read_cases(rules / "cases")},
        precedence=read_precedence(rules / "precedence.yaml"),
        on=session.day(on),
    )


def _file(fault: "Fault", base: "RuleBase") -> str:
    return fault.path.relative_to(base.folder.parent).as_posix()


def _plain(fault: "Fault", base: "RuleBase") -> dict[str, object]:
    return {
        "kind": fault.kind,
        "level": fault.level,
        "rule": fault.rule,
        "file": _file(fault, base),
        "line": fault.line,
        "text": fault.text.plain(),
    }
