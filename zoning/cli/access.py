"""`zoning rules import-list` and `zoning rules access-list`."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.comparison import SCHEMATIC, colon, print_list
from zoning.cli.printing import plain_table, print_json
from zoning.cli.session import Session
from zoning.cli.tables import folded
from zoning.errors import ContentError, UsageError
from zoning.rules.access.clauses import EDITION_ID, AccessList, Clause
from zoning.rules.access.ledger import KINDS, Ledger
from zoning.rules.access.words import DIMENSION_TITLES, LEVEL_TITLES, LEVELS, Level
from zoning.rules.conditions import AtPlace, leaves
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.access.editing import EditionFacts
    from zoning.rules.access.lists import AccessLists
    from zoning.workspace import Workspace

_REMARKS_SHOWN = 8
_REMARK_WIDTH = 60


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """The options of `zoning rules import-list`, as they were typed."""

    file: Path
    id: str
    title: str
    issuer: str
    valid_from: str
    valid_to: str | None = None
    number: str = ""
    level: str = "unit"
    sheet: str | None = None
    territories: tuple[str, ...] = ()
    out: Path | None = None
    workspace: Path | None = None
    encoding: str | None = None
    replace: bool = False


def import_access_list(session: Session, request: ImportRequest) -> int:
    """Import the list of an authority as one edition; written whole or not at all.

    Raises
    ------
    UsageError
        When id, title, issuer, level or a day cannot be meant, no territory is named and none follows from the codes of
        the units, there is no workspace to write into, or the edition exists and is not to be replaced.
    ContentError
        When the file is no list, the edition would contradict another one of the workspace, the workspace has mistakes,
        or the edition cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.rules.access.editing import new_edition
    from zoning.rules.access.importing import import_table
    from zoning.rules.access.lists import FOLDER
    from zoning.rules.access.tables import read_table_file
    from zoning.yaml_files import load

    level = _level(request.level)
    facts = _facts(session, request)
    workspace = None if request.out else _own_workspace(session, request.workspace)
    folder = workspace.root / "rules" / FOLDER if workspace is not None else Path(str(request.out))
    target = folder / f"{request.id}.yaml"
    if target.exists() and not request.replace:
        raise UsageError(
            f"{target} 已存在；要用新文件重新导入这一版本，请加 --replace（手写的条件会保留）",
            f"{target} exists; to import this edition anew add --replace (conditions written by hand are kept)",
        )
    table = read_table_file(request.file, encoding=request.encoding)
    imported = import_table(table, level, sheet=request.sheet)
    made = new_edition(facts, table, imported, load(target) if target.exists() else None)
    if workspace is not None:
        _refuse_clash(workspace, made.edition)
    write_whole(target, made.text)
    _report_import(session, made.edition, made.ledger, made.kept, target)
    return 0


def _facts(session: Session, request: ImportRequest) -> "EditionFacts":
    """Return what is told of the edition beside its file."""
    from zoning.rules.access.editing import EditionFacts

    if not EDITION_ID.fullmatch(request.id):
        raise UsageError(
            f"--id：“{request.id}”不能作清单版本的名称；只用小写字母、数字和连字符，如 jincheng-2024",
            f"--id: '{request.id}' is no name of an edition; use small letters, digits and hyphens: jincheng-2024",
        )
    for option, said in (("--title", request.title), ("--issuer", request.issuer)):
        if not said.strip():
            raise UsageError(f"{option} 不能空着；照清单写", f"{option} must not be empty; write what the list says")
    return EditionFacts(
        id=request.id,
        title=request.title,
        issuer=request.issuer,
        valid_from=_date("--from", request.valid_from),
        valid_to=None if request.valid_to is None else _date("--to", request.valid_to),
        imported=session.today(),
        number=request.number,
        territories=request.territories,
    )


def _refuse_clash(workspace: "Workspace", edition: AccessList) -> None:
    """Refuse what would make the workspace unreadable; where it is so already, the import may be the repair."""
    from zoning.rules.access.lists import refuse_second_list

    try:
        lists = workspace.rulebook.access_lists
    except ContentError:
        return
    refuse_second_list(lists, edition)


def _level(text: str) -> Level:
    for level in LEVELS:
        if text == level:
            return level
    raise UsageError(
        f"--level：“{text}”不可用；可用：{', '.join(LEVELS)}", f"--level: '{text}' is none of: {', '.join(LEVELS)}"
    )


def _date(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option}：“{text}”不是日期；写成 2026-11-22 的形式",
            f"{option}: '{text}' is no date; write it like 2026-11-22",
        ) from error


def _own_workspace(session: Session, folder: Path | None) -> "Workspace":
    """Open the workspace to write into: never the built-in one taken for want of another."""
    from zoning.workspace import Workspace, find_workspace

    root, fallback = find_workspace(folder, session.environ, Path.cwd())
    if fallback:
        raise UsageError(
            "没有工作空间可写入；先用 zoning init 新建一个，再用 --workspace 指明，或用 --out 写到别的文件夹",
            "there is no workspace to write into; make one with zoning init and name it with --workspace, or write "
            "elsewhere with --out",
        )
    return Workspace.open(root)


def _report_import(session: Session, edition: AccessList, ledger: Ledger, kept: int, target: Path) -> None:
    language = session.language
    console = session.console()
    units, clauses = len(edition.units), len(edition.clauses)
    done = Text(
        f"已写入 {target}：{units} 个单元，{clauses} 条条款"
        + (f"，保留手写条件 {kept} 条" if kept else "")
        + f"；辖区 {'、'.join(edition.territories)}",
        f"written to {target}: {units} units, {clauses} clauses"
        + (f", {kept} with hand-written keys kept" if kept else "")
        + f"; territories {', '.join(edition.territories)}",
    )
    console.print(done.get(language), markup=False, soft_wrap=True)
    for kind, remarks in ledger.by_kind():
        console.print(f"{KINDS[kind].get(language)}{colon(language)}{len(remarks)}", style="bold", markup=False)
        # What would be lost for good is never cut short.
        whole = kind == "condition_lost"
        for remark in remarks if whole else remarks[:_REMARKS_SHOWN]:
            text = remark.text.get(language)
            short = text if whole or len(text) <= _REMARK_WIDTH else f"{text[:_REMARK_WIDTH]}…"
            console.print(f"  · {short}", markup=False, soft_wrap=True)
        more = 0 if whole else len(remarks) - _REMARKS_SHOWN
        if more > 0:
            console.print(Text(f"  … 另有 {more} 处", f"  ... and {more} more").get(language), markup=False)


def show_access_list(session: Session, folder: Path | None, unit: str | None, on: str | None, *, as_json: bool) -> int:
    """Print the editions, or all clauses that bind one unit on a day.

    Raises
    ------
    UsageError
        When `on` is no date, or no list is in force for the unit on that day; a near code is named.
    ContentError
        When the workspace or its lists have mistakes.
    """
    from zoning.rules.access.lists import FOLDER, read_access_lists
    from zoning.rules.access.unit_codes import normalised

    workspace = session.open_workspace(folder)
    lists = read_access_lists(workspace.root / "rules" / FOLDER, workspace.rulebook.vocabulary)
    if unit is None:
        return _show_editions(session, lists, session.day(on), as_json=as_json)
    return _show_unit(session, lists, normalised(unit), session.day(on), as_json=as_json)


def _show_editions(session: Session, lists: "AccessLists", day: date, *, as_json: bool) -> int:
    current = {edition.id for edition in lists.in_force(day)}
    if as_json:
        plain = [_plain_edition(edition, lists, in_force=edition.id in current) for edition in lists.editions.values()]
        print_json(plain)
        return 0
    language = session.language
    table = plain_table(
        Text("版本", "edition"),
        Text("名称", "title"),
        Text("有效期", "in force"),
        Text("单元", "units"),
        Text("条款", "clauses"),
        Text("有条件", "decidable"),
        language=language,
    )
    for edition in lists.editions.values():
        last = lists.last_day(edition)
        period = f"{edition.valid_from} – {'…' if last == date.max else last}"
        decidable = sum(1 for clause in edition.clauses if clause.complies_when is not None)
        name = folded(f"{edition.title.get(language)}\n{edition.issuer.get(language)} {edition.number}".strip(), 40)
        style = "" if edition.id in current else "dim"
        figures = (str(len(edition.units)), str(len(edition.clauses)), str(decidable))
        table.add_row(edition.id, name, period, *figures, style=style)
    session.console().print(table)
    session.say(Text(f"{day} 有效 {len(current)} 个版本", f"{len(current)} editions in force on {day}"))
    return 0


def _plain_edition(edition: AccessList, lists: "AccessLists", *, in_force: bool) -> dict[str, object]:
    last = lists.last_day(edition)
    return {
        "edition": edition.id,
        "title": edition.title.plain(),
        "issuer": edition.issuer.plain(),
        "number": edition.number,
        "territories": list(edition.territories),
        "valid_from": edition.valid_from.isoformat(),
        "valid_to": None if last == date.max else last.isoformat(),
        "in_force": in_force,
        "schematic": edition.schematic,
        "units": len(edition.units),
        "clauses": len(edition.clauses),
    }


def _show_unit(session: Session, lists: "AccessLists", code: str, day: date, *, as_json: bool) -> int:
    from zoning.rules.access.compare import binding_clauses

    known = list(dict.fromkeys(record.code for edition in lists.editions.values() for record in edition.units))
    found = binding_clauses(lists, code, day)
    if code not in known and not found:
        near = get_close_matches(code, known, n=1)
        hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?") if near else ("", "")
        raise UsageError(
            f"{day} 没有适用于单元“{code}”的准入清单{hint_zh}",
            f"no access list is in force for unit '{code}' on {day}{hint_en}",
        )
    if as_json:
        plain = [_plain_clause(edition, clause) for edition, clause in found]
        print_json(plain)
        return 0
    language = session.language
    console = session.console()
    names = [edition.records[code].name for edition in lists.in_force(day) if code in edition.records]
    console.print(f"{code} {names[0] if names else ''}".rstrip(), style="bold", markup=False)
    table = plain_table(
        Text("级别 · 维度", "level · dimension"), Text("条号", "clause"), Text("要求", "requirement"), language=language
    )
    for _, clause in found:
        place = f"{LEVEL_TITLES[clause.level].get(language)} · {DIMENSION_TITLES[clause.dimension].get(language)}"
        hint = (
            Text("（有条件，可由程序判断）", " (decidable)").get(language) if clause.complies_when is not None else ""
        )
        table.add_row(place, clause.number, folded(f"{clause.printed} {clause.text}{hint}".strip(), 56))
    console.print(table)
    editions = dict.fromkeys(edition.id for edition, _ in found)
    for edition in (lists.editions[name] for name in editions):
        print_list(console, (edition.title, edition.issuer, edition.number), language)
    if any(lists.editions[name].schematic for name in editions):
        console.print(SCHEMATIC.get(language), style="bold yellow", markup=False)
    if not any(clause.level == "unit" for _, clause in found):
        session.say(Text(f"单元 {code} 当日没有自己的清单", f"unit {code} has no list of its own on that day"))
    return 0


def _plain_clause(edition: AccessList, clause: Clause) -> dict[str, object]:
    conditions = [condition for condition in (clause.applies_when, clause.complies_when) if condition is not None]
    asked = [leaf.fact for c in conditions for leaf in leaves(c) if not isinstance(leaf, AtPlace)]
    return {
        "edition": edition.id,
        "level": clause.level,
        "unit": clause.unit,
        "classes": list(clause.classes),
        "dimension": clause.dimension,
        "number": clause.number,
        "printed": clause.printed,
        "text": clause.text,
        "effect": clause.effect,
        "decidable": clause.complies_when is not None,
        "facts": list(dict.fromkeys(asked)),
        "schematic": edition.schematic,
    }
