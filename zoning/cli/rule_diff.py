"""`zoning rules diff`: what differs between the rules of two workspaces, and what that means."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import print_json, print_line
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.proofreading.diff import Change, Difference, FieldChange, RuleBase, RuleChange
    from zoning.rules.proofreading.diff_cases import CaseChange

DIFFERENT = 1
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of `rules/` beside rules, documents and facts that differs."""

    path: str
    kind: str


def diff_rules(session: Session, before: Path, after: Path, *, as_json: bool) -> int:
    """Print what differs between the rules of two workspaces; 0 nothing, 1 something.

    Raises
    ------
    UsageError
        When a folder is no workspace.
    ContentError
        When a workspace or its cases have mistakes.
    """
    from zoning.rules.proofreading.diff import compare

    old, new = _read(session, before), _read(session, after)
    difference = compare(old, new)
    files = tuple(_other_files(before / "rules", after / "rules"))
    if as_json:
        print_json(_as_json(difference, files), default=_default)
    else:
        _print(session, difference, files, old, new)
    equal = difference.empty and not files
    if equal:
        session.say(Text("两个工作空间的规则没有差别", "the rules of the two workspaces do not differ"))
    return 0 if equal else DIFFERENT


def _read(session: Session, folder: Path) -> "RuleBase":
    from zoning.rules.cases import read_cases
    from zoning.rules.proofreading.diff import RuleBase
    from zoning.rules.wording.territories import read_territories

    if not (folder / "zoning.yaml").is_file():
        raise UsageError(
            f"{folder}：不是工作空间（没有 zoning.yaml）", f"{folder} is no workspace (it has no zoning.yaml)"
        )
    workspace = session.open_workspace(folder)
    cases = {file.rule: file for file in read_cases(folder / "rules" / "cases")}
    return RuleBase(workspace.rulebook, workspace.catalogue, cases, read_territories(folder / "rules"))


def _other_files(before: Path, after: Path) -> Iterator[FileChange]:
    """Yield files that no change of a rule, document or fact tells of: lists, access lists, cases."""
    old, new = _digests(before), _digests(after)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield FileChange(name, "added" if name not in old else "removed" if name not in new else "changed")


def _digests(folder: Path) -> dict[str, str]:
    from zoning.rules.rulebook import NOT_RULES

    told = ("documents.yaml", "facts.yaml")
    paths = [path for name in NOT_RULES for path in (folder / name).rglob("*.yaml")]
    paths += [path for path in folder.glob("*.yaml") if path.name not in told]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}


def _print(
    session: Session, difference: "Difference", files: tuple[FileChange, ...], old: "RuleBase", new: "RuleBase"
) -> None:
    from zoning.rules.wording.territories import territories_text

    names = {**old.names, **new.names}
    kinds = [item.change.kind for item in difference.rules]
    if kinds:
        counts = [kinds.count(kind) for kind in ("added", "removed", "changed")]
        heading = Text(
            "规则：新增 {} 条，删除 {} 条，修改 {} 条".format(*counts),
            "rules: {} added, {} removed, {} changed".format(*counts),
        )
        _head(session, heading)
    for item in difference.rules:
        _print_change(session, item.change)
        _print_impact(session, item, territories_text(item.impact.territories, names))
    for title, changes in (
        (Text("依据文件", "documents"), difference.documents),
        (Text("项目事实", "facts"), difference.facts),
    ):
        if changes:
            _head(session, title)
        for change in changes:
            _print_change(session, change)
    if difference.cases:
        _head(session, Text("规则未改而结果不同的案例", "cases of unchanged rules that come out differently"))
        for case in difference.cases:
            print_line(session, 1, f"{case.rule} {_case(session, case)}")
    if files:
        _head(session, Text("其他文件", "other files"))
        for file in files:
            print_line(session, 1, f"{_SIGNS[file.kind]} rules/{file.path}")


def _head(session: Session, title: Text) -> None:
    session.console().print(title.get(session.language), style="bold", markup=False)


def _case(session: Session, case: "CaseChange") -> str:
    came = f"{case.before.get(session.language)} → {case.after.get(session.language)}"
    return session.labelled(Text(case.case, case.case), came)


def _print_change(session: Session, change: "Change") -> None:
    language = session.language
    print_line(session, 1, f"{_SIGNS[change.kind]} {change.id}  {change.title.get(language)}")
    for field in change.fields:
        _print_field(session, field)
    if change.rules:
        print_line(session, 3, session.labelled(Text("涉及规则", "rules that ask for it"), ", ".join(change.rules)))


def _print_field(session: Session, field: "FieldChange") -> None:
    language = session.language
    texts = (field.before, field.after)
    if None not in texts and len({text.get(language) for text in texts if text is not None}) == 1:
        # Only the other language was changed.
        language = "en" if language == "zh" else "zh"
    print_line(session, 3, session.labelled(field.label, "").rstrip())
    for sign, text in (("-", field.before), ("+", field.after)):
        if text is not None:
            print_line(session, 4, f"{sign} {text.get(language)}")


def _print_impact(session: Session, item: "RuleChange", territories: Text) -> None:
    from zoning.rules.proofreading.diff_words import impact_text

    impact = item.impact
    told = impact_text(impact.since, impact.until, impact.may_turn, territories)
    print_line(session, 3, session.labelled(Text("影响", "impact"), told.get(session.language)))
    if impact.cases:
        count = Text(f"结果不同的案例 {len(impact.cases)} 个", f"cases that come out differently: {len(impact.cases)}")
        print_line(session, 3, count.get(session.language))
    for case in impact.cases:
        print_line(session, 4, _case(session, case))


def _as_json(difference: "Difference", files: tuple[FileChange, ...]) -> dict[str, object]:
    return {
        "equal": difference.empty and not files,
        "rules": [
            {
                **asdict(item.change),
                "impact": {**asdict(item.impact), "may_turn": sorted(item.impact.may_turn)},
            }
            for item in difference.rules
        ],
        "documents": [asdict(change) for change in difference.documents],
        "facts": [asdict(change) for change in difference.facts],
        "cases": [asdict(case) for case in difference.cases],
        "files": [asdict(file) for file in files],
    }


def _default(value: object) -> object:
    return str(value)
