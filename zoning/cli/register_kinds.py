"""`zoning register kinds`: what kinds of registers there are, and what one of them consists of."""

from typing import TYPE_CHECKING

from zoning.cli.printing import print_line
from zoning.cli.register_json import print_form
from zoning.cli.register_opening import no_kind, types_of
from zoning.cli.register_options import RegisterRequest
from zoning.cli.register_text import print_table, print_title
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.registers.types import FieldSpec, RegisterType

_CODES_SHOWN = 8


def run_kinds(session: Session, where: RegisterRequest, name: str | None, *, as_json: bool) -> int:
    """Print the kinds of the workspace, or all about one.

    Raises
    ------
    UsageError
        When there is no kind of this name; a near one is named.
    ContentError
        When the types of the workspace have mistakes.
    """
    from pathlib import Path

    from zoning.workspace import find_workspace

    root, _ = find_workspace(where.workspace, session.environ, Path.cwd())
    types = types_of(root)
    if name is not None and name not in types:
        raise no_kind(name, types)
    chosen = types if name is None else {name: types[name]}
    if as_json:
        print_form("kinds", {"kinds": [kind.model_dump(mode="json", by_alias=True) for kind in chosen.values()]})
    elif name is None:
        _print_all(session, types)
    else:
        _print_one(session, types[name])
    return 0


def _print_all(session: Session, types: "dict[str, RegisterType]") -> None:
    heads = (Text("类型", "kind"), Text("名称", "title"), Text("字段", "fields"), Text("状态", "states"))
    rows = [
        (key, kind.title.get(session.language), str(len(kind.fields)), str(len(kind.workflow.states)))
        for key, kind in types.items()
    ]
    print_table(session, heads, rows)


def _print_one(session: Session, kind: "RegisterType") -> None:
    language = session.language
    print_title(session, f"{kind.id}  {kind.title.get(language)}")
    print_line(session, 0, kind.source.get(language))
    heads = (Text("字段", "field"), Text("名称", "title"), Text("类型", "kind"), Text("值", "values"))
    print_table(session, heads, (_field(session, name, spec) for name, spec in kind.fields.items()))
    print_title(session, Text("流程", "workflow").get(language))
    for key, state in kind.workflow.states.items():
        steps = [step for step in kind.workflow.transitions if step.source == key]
        ways = ", ".join(f"{step.target}{_mark(step.back, step.evidence, language)}" for step in steps)
        print_line(session, 1, f"{key} {state.title.get(language)}" + (f" → {ways}" if ways else ""))
    if kind.deadlines:
        print_title(session, Text("期限", "deadlines").get(language))
    for key, deadline in kind.deadlines.items():
        by = str(deadline.by or "; ".join(f"{state} + {days} d" for state, days in deadline.days_after.items()))
        print_line(session, 1, f"{key} {deadline.title.get(language)}: {deadline.reach} ≤ {by}")


def _field(session: Session, name: str, spec: "FieldSpec") -> tuple[str, ...]:
    language = session.language
    title = spec.title.get(language) + (f"（{spec.unit}）" if spec.unit else "") + (" *" if spec.required else "")
    codes = [f"{code} {about.title.get(language)}" for code, about in spec.codes.items()]
    more = f" … {len(codes)}" if len(codes) > _CODES_SHOWN else ""
    return name, title, spec.kind, ", ".join(codes[:_CODES_SHOWN]) + more


def _mark(back: bool, evidence: bool, language: str) -> str:  # noqa: FBT001 - the two marks of a step
    marks = [
        word.get("zh" if language == "zh" else "en")
        for word, is_so in ((Text("退回", "back"), back), (Text("须佐证", "document"), evidence))
        if is_so
    ]
    return f" ({', '.join(marks)})" if marks else ""
