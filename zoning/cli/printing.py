"""Lines of text at an indent, broken where the terminal ends; tables without lines."""

from typing import TYPE_CHECKING

from zoning.cli.session import WIDTH, Session

if TYPE_CHECKING:
    from rich.table import Table

    from zoning.texts import Language, Text

INDENT = "  "


def print_line(session: Session, level: int, text: str) -> None:
    """Print a text at an indent of `level` steps; what follows its first line stands one step further in."""
    from zoning.cli.tables import folded

    before = INDENT * level
    lines = folded(text, WIDTH - len(INDENT) - len(before)).split("\n")
    for number, line in enumerate(lines):
        more = INDENT if number else ""
        session.console().print(f"{before}{more}{line}", markup=False, soft_wrap=True)


def plain_table(*titles: "Text", language: "Language") -> "Table":
    """Return an empty table without lines; long cells go on in the next line."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title.get(language), overflow="fold")
    return table
