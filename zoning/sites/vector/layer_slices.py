"""A layer that GDAL reads, record by record."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from zoning.sites.crs.extent import Boxes
from zoning.sites.limits import Options
from zoning.sites.naming import says_ids
from zoning.sites.raw import Fault, Label, RawFile, RawSite
from zoning.sites.records import site_or_fault
from zoning.sites.streams.sliced import Labels, Records
from zoning.sites.vector.hurried_boxes import drawn_box, possible
from zoning.sites.vector.vector_files import Record, RecordStream, record_site, with_curves
from zoning.sites.where import Where

_AT_ONCE = 1_000
Decode = Callable[[Record], Record]
Change = Callable[[RawSite], RawSite]


def _as_it_is(record: Record) -> Record:
    return record


class NoCurves:
    """Of a format without arcs."""

    def among(self, keys: Sequence[str]) -> Collection[str]:
        """Return none of the keys."""
        del keys
        return ()

    def close(self) -> None:
        """Do nothing."""


class Curves(Protocol):
    """Tells which records hold arcs, in the order of the file."""

    def among(self, keys: Sequence[str]) -> Collection[str]:
        """Return those of the next `keys` whose records do."""

    def close(self) -> None:
        """Give back what was opened."""


def _same(site: RawSite) -> RawSite:
    return site


@dataclass(frozen=True, slots=True)
class LayerSlices:
    """See `zoning.sites.streams.sliced.Sliced`.

    Attributes
    ----------
    fields
        Names of the attributes.
    hurried
        Yields the boxes of all records; None: they come from the records as they are read.
    curves
        Opens what tells which records hold arcs.
    decode, change
        What is done to a record before it is put together, and after.
    """

    path: Path
    where: Where
    options: Options
    driver: str
    head: RawFile
    count: int
    fields: tuple[str, ...]
    layer: str | None = None
    encoding: str | None = None
    counted: bool = False
    hurried: Callable[[], Iterator[Boxes]] | None = None
    curves: Callable[[], Curves] = NoCurves
    decode: Decode = _as_it_is
    change: Change = _same

    @property
    def says_ids(self) -> bool:
        """Whether a record may have an id of its own."""
        return says_ids(self.fields)

    def boxes(self) -> Iterator[Boxes]:
        """Yield the boxes of all records.

        Raises
        ------
        SiteError
            When the file is damaged, or ends before it should.
        """
        if self.hurried is not None:
            yield from self.hurried()
            return
        with closing(self._stream(0)) as stream:
            while taken := stream.take(_AT_ONCE):
                drawn = [item.drawings if isinstance(item, Record) else [] for item in taken]
                yield possible(np.array([drawn_box(drawings) for drawings in drawn]))

    def slices(self, start: int, rows: int) -> Iterator[Records]:
        """Yield the records from number `start` on.

        Raises
        ------
        SiteError
            When the file is damaged, or ends before it should.
        """
        with closing(self._stream(start)) as stream, closing(self.curves()) as curves:
            while taken := stream.take(rows):
                curved = curves.among([item.key for item in taken if isinstance(item, Record)])
                decoded = [self._decoded(item) for item in taken]
                yield [item if isinstance(item, Fault) else self._site(item, curved) for item in decoded]

    def labels(self, stop: int) -> Iterator[Labels]:
        """Yield what the records before number `stop` say of themselves.

        Raises
        ------
        SiteError
            When the file is damaged, or ends before it should.
        """
        left = stop
        with closing(self._stream(0, shapes=False)) as stream:
            while left and (taken := stream.take(min(left, _AT_ONCE))):
                left -= len(taken)
                yield [self._label(self._decoded(item)) for item in taken]

    def _stream(self, start: int, *, shapes: bool = True) -> RecordStream:
        return RecordStream(
            self.path,
            self.where,
            driver=self.driver,
            layer=self.layer,
            encoding=self.encoding,
            start=start,
            stated=self.count,
            counted=self.counted,
            shapes=shapes,
        )

    def _decoded(self, item: Record | Fault) -> Record | Fault:
        if isinstance(item, Record):
            return self.decode(item)
        texts = self.decode(Record(item.where.record or 0, [], item.attributes)).attributes
        return Fault(item.where, item.error, texts)

    def _site(self, record: Record, curves: Collection[str]) -> RawSite | Fault:
        # What the limits bound is what is in memory at a time: one record here, not the file.
        options, where = self.options.afresh(), self.where.at_record(record.number)
        return site_or_fault(
            lambda: self.change(with_curves(record_site(record, self.where, options), record, curves)),
            where,
            attributes=record.attributes,
        )

    def _label(self, item: Record | Fault) -> Label | Fault:
        if isinstance(item, Fault):
            return item
        return Label(self.where.at_record(item.number), item.attributes)
