"""Tables whose cells stand between commas, read as the reader of tables reads them."""

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.tables.grid import Flaw, Grid, Row, Track
from zoning.sites.tables.table import read_table
from zoning.sites.where import Where

OPTIONS = Options(expected=(112.0, 35.1, 112.95, 35.75))
HEAD = "点号,X,Y"
N = ["3919746.783", "3919846.783", "3919946.783", "3920046.783", "3920146.783", "3920246.783"]
E = ["37618082.987", "37618182.987", "37618282.987", "37618382.987", "37618482.987", "37618582.987"]
FIVE = [f"J{i + 1},{N[i]},{E[i]}" for i in range(5)]


def grid(*lines: str, flaws: dict[tuple[int, int], Flaw] | None = None, lettered: bool = False) -> Grid:
    """Return a table whose cells stand between commas; flaws by row and column from 1 and 0."""
    rows = []
    for number, line in enumerate(lines, 1):
        own = {column: flaw for (at, column), flaw in (flaws or {}).items() if at == number}
        rows.append(Row(number, line.split(",") if line else [], own))
    return Grid(Where("a.csv"), rows, lettered=lettered)


def read_points(*lines: str) -> Track:
    """Return the points of a table; there are some."""
    track = read_table(grid(*lines), OPTIONS)
    assert track is not None
    return track


def table_refused(
    *lines: str, flaws: dict[tuple[int, int], Flaw] | None = None, lettered: bool = False
) -> tuple[str, str]:
    """Return the sentences with which a table is refused."""
    return both(lambda: read_table(grid(*lines, flaws=flaws, lettered=lettered), OPTIONS), SiteError)


def points_of(track: Track, system: int = 0) -> list[tuple[float, float]]:
    """Return the two columns of a system, point by point."""
    return list(zip(track.numbers[system].first, track.numbers[system].second, strict=True))
