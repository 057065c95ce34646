"""From runs of rows to rings: a ring ends where the ring number changes, or where its first point is met again."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoning.sites.drawing import Coordinates
from zoning.sites.txt.sheet import Run
from zoning.sites.where import Where
from zoning.texts import Text

CLOSING_M = 0.001
CLOSING_DEGREES = 1e-8
_CORNERS = 3
# A difference of one in the last decimal, with what floating point adds to it.
_SLACK = 1.001
# A closing row further from the first point than this is no rounding.
_ROUNDED_M = 1.0
# Whatever its name, a point this near closes the ring when more follows; a neck as narrow as this may be cut.
_NEAR_M = 0.05
_AWAY = 10
_FIRST_STEP = 64
_METRES_PER_DEGREE = 111_000
Lines = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring.

    Attributes
    ----------
    xy
        Shape (n, 2 or 3); when `closed`, its last point is exactly its first.
    lines
        First and last line.
    """

    number: int
    xy: Coordinates
    lines: tuple[int, int]
    closed: bool


def _next(rows: "array[int]", row: int) -> int | None:
    after = bisect_right(rows, row)
    return rows[after] if after < len(rows) else None


def _same_name(run: Run, start: int) -> int | None:
    """Return the next row that bears the name of the point at `start`, as far as names were kept."""
    after = bisect_right(run.again, start)
    if start != run.start and (after == 0 or run.again[after - 1] != start):
        return None
    return _next(run.again, start)


class RingReader:
    """Splits the runs of a file; `warnings` fills up with what was decided by the names of points.

    Parameters
    ----------
    xy
        All rows, shape (n, 2 or 3).
    lines
        The line of every row.
    tolerance
        Points as near as this are the same, in the unit of `xy`.
    """

    def __init__(self, xy: Coordinates, lines: Lines, where: Where, *, degrees: bool) -> None:
        self._xy, self._lines, self._where = xy, lines, where
        self._tolerance = (CLOSING_DEGREES if degrees else CLOSING_M) * _SLACK
        unit = _METRES_PER_DEGREE if degrees else 1
        self._rounded, self._near = _ROUNDED_M / unit, _NEAR_M / unit
        self.warnings: list[Text] = []

    def rings(self, run: Run) -> list[Ring]:
        """Return the rings of a run, in order.

        Raises
        ------
        SiteError
            When too few points follow after a closed ring, or a point that bears the name of the first is elsewhere.
        """
        found: list[Ring] = []
        start = run.start
        while start < run.end:
            if found and any(self._is_rest(ring, start, run.end) for ring in (found[0], found[-1])):
                break
            end, closed = self._end(run, start)
            if found and end - start < _CORNERS:
                raise self._too_few(run, found[-1], end - start)
            found.append(self._ring(run, start, end, closed=closed))
            start = end
        return found

    def path(self, run: Run) -> Ring:
        """Return the rows of a run as they stand: a line may pass its first point again."""
        return self._ring(run, run.start, run.end, closed=False)

    def _is_rest(self, ring: Ring, start: int, end: int) -> bool:
        """Tell whether nothing follows but the closing point of a ring again, as behind a bridge to a hole and back."""
        first, step = ring.xy[0, :2], 1
        while start < end:
            if np.abs(self._xy[start : min(start + step, end), :2] - first).max() > self._tolerance:
                return False
            start, step = start + step, step * 2
        return True

    def _end(self, run: Run, start: int) -> tuple[int, bool]:
        """Return the row behind the ring that begins at `start`, and whether the ring is closed."""
        again, restart = _same_name(run, start), _next(run.restarts, start)
        # Where the names begin anew another ring begins, even one that has its first point in common with this.
        end = run.end if restart is None else restart
        # What closes exactly in the end is one ring, however near it passes its first point.
        near = 0.0 if self._same(end - 1, start) else self._near
        row = self._closing_row(start, end, near)
        if row is not None and self._same(row, start):
            return row + 1, True
        if again is not None and again != restart and np.hypot(*self._away(again, start)) <= self._rounded:
            row = again
        if row is not None and (row + 1 == run.end or run.end - row - 1 >= _CORNERS):
            if row == again or row + 1 < run.end:
                self.warnings.append(self._kept(run, start, row, named=row == again))
            return row + 1, False
        if again is None or row is not None:
            return run.end, False
        if run.end - again >= _CORNERS and again - start >= _CORNERS and again == restart:
            self.warnings.append(self._split_by_name(run, start, again))
            return again, False
        if again == run.end - 1 or again - start >= _CORNERS:
            raise self._two_places(run, start, again)
        return run.end, False

    def _same(self, row: int, start: int) -> bool:
        return bool(self._away(row, start).max() <= self._tolerance)

    def _away(self, row: int, start: int) -> Coordinates:
        return np.abs(self._xy[row, :2] - self._xy[start, :2])

    def _closing_row(self, start: int, end: int, near: float) -> int | None:
        """Find the first point again, or where the border comes back to it from farther away and is nearest.

        In steps that grow: rings by the thousand must not each look at all rows.
        """
        first, row, step = self._xy[start, :2], start + _CORNERS, _FIRST_STEP
        left = bool((np.abs(self._xy[start:row, :2] - first) > _AWAY * self._near).any())
        while row < end:
            away = np.abs(self._xy[row : min(row + step, end), :2] - first).max(axis=1)
            been = left | np.logical_or.accumulate(away > _AWAY * self._near)
            back = (away <= self._tolerance) | (been & (away <= near))
            if back.any():
                return self._nearest(start, row + int(np.argmax(back)), end)
            left, row, step = bool(been[-1]), row + step, step * 2
        return None

    def _nearest(self, start: int, row: int, end: int) -> int:
        """Return the nearest to the first point of the rows near it that follow one another, the first of them."""
        nearest, least = row, float(self._away(row, start).max())
        while least > self._tolerance and row + 1 < end:
            row += 1
            away = float(self._away(row, start).max())
            if away > self._near:
                break
            if away < least:
                nearest, least = row, away
        return nearest

    def _ring(self, run: Run, start: int, end: int, *, closed: bool) -> Ring:
        xy = self._xy[start:end]
        if closed:
            xy = np.vstack([xy[:-1], xy[:1]])
        return Ring(run.number, xy, (int(self._lines[start]), int(self._lines[end - 1])), closed)

    def _too_few(self, run: Run, last: Ring, count: int) -> Exception:
        number = Text(f"圈号 {run.number} ", f"ring {run.number}") if run.number else Text("这一圈", "the ring")
        return self._where.at_line(last.lines[1]).error(
            f"{number.zh}在此处已闭合，其后还有 {count} 个点，围不成一圈；请补全或删去",
            f"{number.en} closes here but {count} more points follow, which enclose nothing; complete or remove them",
        )

    def _split_by_name(self, run: Run, start: int, row: int) -> Text:
        place = self._where.at_line(int(self._lines[row]))
        if self._metres(start, row) <= _ROUNDED_M:
            return place.sentence(
                f"点号 {run.first_name} 再次出现，其后点号从头编起；由此起按另一圈读取，请核对",
                f"the point name {run.first_name} comes again and the names begin anew behind it; another ring is read "
                "from here on, check it",
            )
        return place.sentence(
            f"点号 {run.first_name} 再次出现而位置不同，前面的点未闭合；由此起按另一圈读取，请核对",
            f"the point name {run.first_name} comes again at another place and the points before do not close; "
            "another ring is read from here on, check it",
        )

    def _two_places(self, run: Run, start: int, row: int) -> Exception:
        metres = self._metres(start, row)
        return self._where.at_line(int(self._lines[row])).error(
            f"点号 {run.first_name} 与第 {self._lines[start]} 行相同，位置却相差 {metres:.3f} 米；请改正其中之一",
            f"the point {run.first_name} bears the name of line {self._lines[start]} but lies {metres:.3f} m away; "
            "correct one of them",
        )

    def _kept(self, run: Run, start: int, row: int, *, named: bool) -> Text:
        metres, place = self._metres(start, row), self._where.at_line(int(self._lines[row]))
        if named:
            return place.sentence(
                f"闭合点 {run.first_name} 与首点相差 {metres:.3f} 米，作为单独的点保留",
                f"the closing point {run.first_name} is {metres:.3f} m away from the first and is kept as a point",
            )
        return place.sentence(
            f"此点与第 {self._lines[start]} 行的首点只差 {metres:.3f} 米，按闭合点读取，其后按另一圈读取，请核对",
            f"this point is only {metres:.3f} m away from the first of line {self._lines[start]} and is taken to close "
            "the ring; another ring is read from here on, check it",
        )

    def _metres(self, start: int, row: int) -> float:
        return float(np.hypot(*self._away(row, start))) / self._rounded
