"""GeoParquet of any size, read batch by batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zoning.sites.crs.extent import Boxes
from zoning.sites.limits import Load, Options, Tally
from zoning.sites.naming import says_ids
from zoning.sites.raw import Fault, Label, RawFile, RawSite
from zoning.sites.records import site_or_fault
from zoning.sites.refusals import cut_off
from zoning.sites.streams.sliced import Labels, Records, UnclearError
from zoning.sites.vector.arrow_geometry import ENCODINGS, native_drawings
from zoning.sites.vector.geoparquet import (
    BATCH,
    Row,
    Table,
    attributes_of,
    check_rows,
    check_unpacked,
    described,
    head_of,
    parquet,
    parquet_words,
    read_chunks,
    rows_of,
)  # fmt: skip
from zoning.sites.vector.hurried_boxes import drawn_box, possible, wkb_boxes
from zoning.sites.vector.parquet_footer import Footer
from zoning.sites.where import Where

_BATCH_BYTES = 16_000_000


@contextmanager
def sliced_geoparquet(path: Path, options: Options) -> Iterator["_Slices"]:
    """Open a file, to read its rows in slices.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    with parquet_words(where):
        table = described(path, where)
        _check_groups(table, options)
    yield _Slices(table, options)


@dataclass(frozen=True, slots=True)
class _Slices:
    """See `zoning.sites.streams.sliced.Sliced`."""

    table: Table
    options: Options

    @property
    def head(self) -> RawFile:
        """What the file says of itself."""
        return head_of(self.table)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.table.footer.rows

    @property
    def says_ids(self) -> bool:
        """Whether a row may have an id of its own."""
        return says_ids(self.table.texts)

    def boxes(self) -> Iterator[Boxes]:
        """Yield the boxes of all rows."""
        with parquet_words(self.table.where):
            yield from self._boxes()

    def slices(self, start: int, rows: int) -> Iterator[Records]:
        """Yield the rows from number `start` on."""
        with parquet_words(self.table.where):
            yield from self._slices(start, rows)

    def labels(self, stop: int) -> Iterator[Labels]:
        """Yield what the rows before number `stop` say of themselves."""
        with parquet_words(self.table.where):
            yield from self._labels(stop)

    def _boxes(self) -> Iterator[Boxes]:
        column = self.table.column
        for batch in self._batches(0, [column.name]):
            array = batch.column(column.name)
            if column.encoding == "WKB":
                yield wkb_boxes(array.to_pylist())
            elif column.encoding in ENCODINGS:
                shapes = native_drawings(array, column.encoding, Tally(self.options.limits), self.table.where)
                yield possible(np.array([drawn_box(drawings) for drawings in shapes]).reshape(-1, 4))
            else:
                raise UnclearError

    def _slices(self, start: int, rows: int) -> Iterator[Records]:
        table, some, load = self.table, list[RawSite | Fault](), Load()
        number = start
        for batch in self._batches(start, [table.column.name, *table.texts]):
            for row in rows_of(batch, table, Tally(self.options.limits)):
                number += 1
                some.append(self._record(row, number, load))
                if len(some) == rows or load.full:
                    yield some
                    some, load = [], Load()
        if number < self.count:
            raise self.table.where.error_of(cut_off(self.count, number))
        if some:
            yield some

    def _labels(self, stop: int) -> Iterator[Labels]:
        number = 0
        for batch in self._batches(0, self.table.texts):
            rows = attributes_of(batch, self.table.texts)[: stop - number]
            yield [Label(self.table.where.at_record(number + place), own) for place, own in enumerate(rows, 1)]
            number += len(rows)
            if number == stop:
                return

    def _record(self, row: Row, number: int, load: Load) -> RawSite | Fault:
        record, options = self.table.where.at_record(number), self.options.afresh()
        tally = Tally(options.limits)
        found = site_or_fault(lambda: row.site(record, options, tally), record, attributes=row.attributes)
        load.vertices += options.tally.vertices
        load.text += options.tally.text
        return found

    def _batches(self, start: int, columns: list[str]) -> Iterator[Any]:
        """Yield batches of rows, from row `start` on, without groups that lie before it."""
        with parquet(self.table, dictionaries=False) as file:
            passed, group = 0, 0
            while group < file.num_row_groups and passed + file.metadata.row_group(group).num_rows <= start:
                passed += file.metadata.row_group(group).num_rows
                group += 1
            groups = list(range(group, file.num_row_groups))
            size = _batch_rows(self.table.footer)
            for batch in file.iter_batches(batch_size=size, row_groups=groups, columns=columns, use_threads=False):
                left = max(start - passed, 0)
                passed += len(batch)
                if left < len(batch):
                    yield batch.slice(left)


def _batch_rows(footer: Footer) -> int:
    """Return how many rows are decoded at a time: fewer where they are large."""
    size = sum(chunk.unpacked_bytes for chunk in footer.chunks)
    return max(1, min(BATCH, _BATCH_BYTES * footer.rows // max(size, 1)))


def _check_groups(table: Table, options: Options) -> None:
    """Do the same for a file of which one group of rows at a time is decoded."""
    check_rows(table, options)
    groups: dict[int, int] = {}
    for chunk in read_chunks(table):
        groups[chunk.group] = groups.get(chunk.group, 0) + chunk.unpacked_bytes
    check_unpacked(max(groups.values(), default=0), table, options)
