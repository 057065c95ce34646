"""Lines of the table of figures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `met` is None where nothing is promised."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


def at_least(what: str, value: float, target: float, *, unit: str = "x") -> Row:
    """Return a row whose figure should be large."""
    return Row(what, f"{value:.1f} {unit}", f">= {target:g} {unit}", value >= target)


def at_most(what: str, value: float, target: float, *, unit: str, digits: int = 2) -> Row:
    """Return a row whose figure should be small."""
    return Row(what, f"{value:,.{digits}f} {unit}", f"<= {target:,g} {unit}", value <= target)


def without_targets(rows: Iterable[Row]) -> list[Row]:
    """Return rows of a run that is smaller than what the targets are promised for."""
    return [row if row.met is None else replace(row, target="", met=None) for row in rows]


def show(rows: Iterable[Row]) -> None:
    """Print rows."""
    for row in rows:
        mark = {True: "met", False: "MISSED", None: ""}[row.met]
        print(f"  {row.what:<58} {row.figure:>16}   {row.target:<15} {mark}".rstrip(), flush=True)
