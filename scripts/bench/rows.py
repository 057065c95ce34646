"""Lines of the table of figures."""

from collections.abc import Iterable
from dataclasses import dataclass


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


def show(rows: Iterable[Row]) -> None:
    """Print rows."""
    for row in rows:
        mark = {True: "met", False: "MISSED", None: ""}[row.met]
        print(f"  {row.what:<58} {row.figure:>16}   {row.target:<15} {mark}".rstrip(), flush=True)
