"""One line of what is measured."""

from collections.abc import Iterable, Sized
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure beside its limit.

    Attributes
    ----------
    title
        What is measured.
    figure, limit
        As they are printed.
    kept
        Whether the limit is kept.
    places
        Where it is broken: `path:line what`.
    """

    title: str
    figure: str
    limit: str
    kept: bool
    places: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        mark = "ok    " if self.kept else "BROKEN"
        return f"{mark}  {self.title:<64} {self.figure:>14}   {self.limit}"


def none_of(title: str, places: Iterable[str]) -> Measure:
    """Return the measure of what must not stand anywhere."""
    found = tuple(places)
    return Measure(title, str(len(found)), "none", not found, found)


def whole(title: str, places: Iterable[str], among: Sized) -> Measure:
    """Return the measure of what must hold everywhere: the share of those that keep it, in percent."""
    broken = tuple(places)
    # Rounded down: 100 % is said only of all.
    tenths = 1000 * (len(among) - len(broken)) // max(len(among), 1)
    return Measure(title, f"{tenths / 10:g} % of {len(among):,}", "100 %", not broken, broken)
