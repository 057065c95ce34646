"""What commands print: lines of text at an indent, tables without lines, JSON."""

import sys
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from zoning.atomic_write import as_item, json_text
from zoning.cli.session import WIDTH, Session
from zoning.texts import Text

if TYPE_CHECKING:
    from rich.table import Table

    from zoning.texts import Language

INDENT = "  "


def print_line(session: Session, level: int, text: str) -> None:
    """Print a text at an indent of `level` steps; what follows its first line stands one step further in."""
    from zoning.cli.tables import folded

    before = INDENT * level
    lines = folded(text, WIDTH - len(INDENT) - len(before)).split("\n")
    for number, line in enumerate(lines):
        more = INDENT if number else ""
        session.console().print(f"{before}{more}{line}", markup=False, soft_wrap=True)


def print_rest(session: Session, count: int) -> None:
    """Say how many rows of a table were not printed; nothing where all were."""
    if count > 0:
        print_line(session, 0, Text(f"另有 {count} 个，见 --out", f"{count} more: see --out").get(session.language))


def plain_table(*titles: Text, language: "Language", figures: Collection[int] = ()) -> "Table":
    """Return an empty table without lines; long cells go on in the next line.

    Parameters
    ----------
    figures
        Places of the columns that hold figures: they stand on the right and never break.
    """
    from rich.table import Table

    table = Table(box=None, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    for place, title in enumerate(titles):
        right = place in figures
        table.add_column(title.get(language), justify="right" if right else "left", no_wrap=right, overflow="fold")
    return table


def print_json(value: Any, default: Callable[[Any], Any] | None = None) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json_text(value, default))


class JsonDocuments:
    """Prints JSON documents as they come: one alone as it is, or an array of them.

    Parameters
    ----------
    several
        Whether it is an array, however many come.
    """

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self._shown = 0

    def show(self, document: str) -> None:
        """Print one."""
        self._shown += 1
        if self._several:
            sys.stdout.write("[\n" if self._shown == 1 else ",\n")
            document = as_item(document)
        sys.stdout.write(document)

    def close(self) -> None:
        """Print what ends the array."""
        if self._several:
            sys.stdout.write("\n]\n" if self._shown else "[]\n")
