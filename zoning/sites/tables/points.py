"""From the points of a table or text to raw footprints: one way for workbooks, CSV and pasted text."""

from collections.abc import Iterable

from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.tables.grid import Grid, Track
from zoning.sites.tables.prose import read_prose
from zoning.sites.tables.shapes import raw_sites
from zoning.sites.tables.systems import settle_track
from zoning.sites.tables.table import read_table
from zoning.texts import Text


def track_of_grid(grid: Grid, options: Options) -> Track | None:
    """Return the points of a grid: in columns, or else anywhere in its cells.

    Raises
    ------
    SiteError
    """
    track = read_table(grid, options)
    if track is not None:
        return track
    # The line numbers of the text are the row numbers of the sheet.
    lines: list[str] = []
    for row in grid.rows:
        lines.extend("" for _ in range(row.number - 1 - len(lines)))
        for column in row.flaws:
            if row.flaws[column] == "formula" or any(sign.isdigit() for sign in row.cell(column)):
                raise grid.flaw_error(row, column)
        lines.append("\t".join(row.cells))
    found = read_prose("\n".join(lines), grid.where, options, title=grid.title)
    if found is not None:
        found.warnings = [*grid.warnings, *found.warnings]
    return found


def raw_file(track: Track, options: Options, *, warnings: Iterable[Text] = (), encoding: str = "") -> RawFile:
    """Return the footprints of a track.

    Raises
    ------
    SiteError, CRSError
    """
    system = settle_track(track, options)
    sites, notes = raw_sites(track, system, options)
    return RawFile(
        sites,
        system.declared,
        silence=system.silence,
        may_be_degrees=system.degrees,
        warnings=(*warnings, *track.warnings, *system.warnings, *notes),
        encoding=encoding,
    )
