"""Records and what belongs to them as tables on the terminal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from zoning.cli.printing import plain_table
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.registers.record import Record
    from zoning.registers.types import RegisterType


def print_table(session: Session, heads: Sequence[Text], rows: Iterable[Sequence[str]], *, level: int = 0) -> None:
    """Print rows below their headings."""
    from rich.padding import Padding
    from rich.text import Text as Styled

    table = plain_table(*heads, language=session.language)
    for row in rows:
        table.add_row(*(Styled(cell) for cell in row))
    session.console().print(Padding(table, (0, 0, 0, 2 * level), expand=False))


def print_title(session: Session, text: str) -> None:
    """Print a heading."""
    session.console().print(text, style="bold", markup=False)


def print_records(session: Session, kind: "RegisterType", records: Sequence["Record"]) -> None:
    """Print one line for each record, and how many there are."""
    heads = (
        Text("编号", "id"),
        Text("名称", "name"),
        Text("辖区", "territory"),
        Text("状态", "state"),
        Text("自", "since"),
        Text("版", "version"),
    )
    if records:
        print_table(session, heads, (_row(session, kind, record) for record in records))
    count = len(records)
    session.say(Text(f"{kind.title.zh}：{count} 条", f"{kind.title.en}: {count} record{'' if count == 1 else 's'}"))


def _row(session: Session, kind: "RegisterType", record: "Record") -> tuple[str, ...]:
    since = str(record.since or "")
    return (
        record.id,
        record.name,
        record.territory,
        state_title(session, kind, record.state),
        since,
        str(record.version),
    )


def state_title(session: Session, kind: "RegisterType", state: str) -> str:
    """Return a state in words; its key where the type no longer has it."""
    known = kind.workflow.states.get(state)
    return state if known is None else known.title.get(session.language)
