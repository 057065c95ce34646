"""What is decided about a whole file before its first row.

First from boxes that are read in a hurry: when all of them fit, every footprint does. Otherwise the records are put
together once, those that are no footprints are left out, and the decision is that of the rest.
"""

from collections.abc import Iterator
from contextlib import closing

import numpy as np

from zoning.errors import ZoningError
from zoning.sites.crs.extent import Extent, Piece, boxes_of
from zoning.sites.crs.placing import place, place_most
from zoning.sites.formats.kinds import Kind
from zoning.sites.limits import Options
from zoning.sites.raw import RawSite
from zoning.sites.reading import Place, Settled, settled_file
from zoning.sites.streams.sliced import Sliced, UnclearError, WholeFile, numbered
from zoning.sites.streams.spool import Spool
from zoning.sites.where import Where

_ROWS = 1_000


def decided(opened: Sliced, kind: Kind, options: Options, where: Where) -> Settled | None:
    """Return the decisions; None when no record is a footprint.

    Raises
    ------
    CRSError, SiteError
        When the file as a whole cannot be read.
    ContentError
        When the file of a datum shift has mistakes.
    """
    if isinstance(opened, WholeFile):
        extent = Extent.of(opened.head.sites)
        return settled_file(opened.head, kind, extent, options, where, placing=place_most)

    def settled(pieces: Iterator[Piece], placing: Place) -> Settled | None:
        with closing(Spool(pieces)) as spool:
            extent = Extent(spool.read, lambda number: where.at_record(number + 1))
            return _settled(extent, opened, kind, options, where, placing)

    try:
        return settled(_hurried(opened), place)
    except (UnclearError, _NotAllFitError):
        return settled(_careful(opened), place_most)


class _NotAllFitError(Exception):
    """The boxes that were read in a hurry do not all fit."""


def _settled(
    extent: Extent, opened: Sliced, kind: Kind, options: Options, where: Where, placing: Place
) -> Settled | None:
    hurried = placing is place
    stated = opened.head.declared is not None or options.crs is not None
    try:
        empty = not stated and extent.first() is None
        found = None if empty else settled_file(opened.head, kind, extent, options, where, placing=placing)
    except ZoningError as error:
        # What was said without looking at any record will not change.
        if hurried and extent.asked:
            raise _NotAllFitError from error
        raise
    if extent.first() is not None:
        return found
    if hurried:
        raise _NotAllFitError
    return None


def _hurried(opened: Sliced) -> Iterator[Piece]:
    for piece in numbered(opened.boxes()):
        known = ~np.isnan(piece.boxes).any(axis=1)
        yield Piece(piece.numbers[known], piece.boxes[known])


def _careful(opened: Sliced) -> Iterator[Piece]:
    number = 0
    for records in opened.slices(0, _ROWS):
        sites = [(place, record) for place, record in enumerate(records, number) if isinstance(record, RawSite)]
        number += len(records)
        if sites:
            yield Piece(np.array([place for place, _ in sites]), boxes_of([site for _, site in sites]))
