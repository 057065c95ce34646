"""Boundary files with any number of footprints, read slice by slice: what is wrong with one record is a row of its own.

What belongs to the whole file (format, encoding, coordinate system, order of the axes) is decided once, before the
first row and from all records, as `zoning.sites.read_sites` decides it; see `zoning.sites.streams.decisions`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zoning.errors import ZoningError
from zoning.sites.limits import Options
from zoning.sites.site import Site


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a boundary file: a footprint, or why it is none.

    Attributes
    ----------
    number
        From 0, in the order of the file.
    name
        That of the footprint; a record without one has a name all the same.
    site, error
        Exactly one of them is None.
    """

    number: int
    name: str
    site: Site | None
    error: ZoningError | None


def stream_sites(path: Path, options: Options, *, rows: int = 1000, start: int = 0) -> Iterator[tuple[Row, ...]]:
    """Yield the records of a boundary file in its order, always the same way; nothing is read before the first slice.

    Where every record is a footprint, the sites are those of `zoning.sites.read_sites`, field by field.

    Parameters
    ----------
    options
        Of formats that are read in slices (`zoning.sites.formats.kinds`), the limits of `vertices`, `fields` and the
        like bound one record, and a file may be 100 times as large and hold 100 times as many records.
    rows
        Records in a slice; fewer where they are very large, and in the last one.
    start
        Number of the first row; those before it are passed over.

    Raises
    ------
    SiteError, CRSError, ContentError, UsageError
        Those of `read_sites` that concern the file as a whole, before the first row; and in the midst of it, when the
        file is changed meanwhile or turns out to be damaged.
    """
    from zoning.sites.streams.rows import read_rows

    for slice_ in read_rows(Path(path), options.afresh(), rows, start):
        yield tuple(Row(*row) for row in slice_)


def count_sites(path: Path, options: Options) -> int | None:
    """Return how many rows `stream_sites` yields; None where only reading tells.

    Raises
    ------
    SiteError, CRSError, UsageError
        When the file cannot be opened for reading in slices.
    """
    from zoning.sites.streams.rows import count_rows

    return count_rows(Path(path), options.afresh())
