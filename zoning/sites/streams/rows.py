"""From an open file to its rows: placed, named, finished."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from zoning.errors import ZoningError
from zoning.sites.crs.extent import boxes_of
from zoning.sites.crs.placing import misfits
from zoning.sites.formats.kinds import Kind, is_bulk, opener_of
from zoning.sites.formats.neighbours import check_neighbours
from zoning.sites.formats.recognise import recognise
from zoning.sites.limits import Bounds, Options
from zoning.sites.naming import Namer
from zoning.sites.raw import Fault, RawSite
from zoning.sites.reading import Settled, check_layered, check_sizes, finished, read_raw
from zoning.sites.records import in_words
from zoning.sites.site import Site
from zoning.sites.streams.decisions import decided
from zoning.sites.streams.ids import IdsOnDisk, NumbersOnly
from zoning.sites.streams.sliced import Records, Sliced, WholeFile
from zoning.sites.streams.watch import Watch
from zoning.sites.where import Where

_ROOM = 100


class RowValues(NamedTuple):
    """The values of a `zoning.sites.streaming.Row`."""

    number: int
    name: str
    site: Site | None
    error: ZoningError | None


def read_rows(path: Path, options: Options, rows: int, start: int) -> Iterator[list[RowValues]]:
    """See `zoning.sites.streaming.stream_sites`.

    Raises
    ------
    SiteError, CRSError, ContentError, UsageError
        See there.
    """
    where = Where(path.name or str(path))
    check_sizes(options)
    with ExitStack() as stack:
        with in_words(where):
            kind, roomy = _recognised(path, options)
            watch = Watch(path, where)
            opened = stack.enter_context(_opened(path, kind, roomy))
        where = Where(opened.head.file or where.file)
        with _unchanged(watch), in_words(where):
            settled = decided(opened, kind, roomy, where)
        yield from _rows(opened, settled, roomy, where, watch, rows, start)


def count_rows(path: Path, options: Options) -> int | None:
    """See `zoning.sites.streaming.count_sites`.

    Raises
    ------
    SiteError, CRSError, UsageError
        See there.
    """
    where = Where(path.name or str(path))
    with in_words(where):
        kind, roomy = _recognised(path, options)
        opener = opener_of(kind)
        if opener is None or not is_bulk(kind):
            return None
        check_layered(path, kind, options)
        with opener(path, roomy) as opened:
            return opened.count


def _recognised(path: Path, options: Options) -> tuple[Kind, Options]:
    """Return the kind of the file, and the limits that hold for it: those of size are less narrow for slices."""
    limits = options.limits
    wide = replace(limits, file_bytes=_ROOM * limits.file_bytes, records=_ROOM * limits.records)
    roomy = replace(options, limits=wide)
    kind = recognise(path, roomy.limits)
    if not is_bulk(kind):
        roomy = options
        recognise(path, options.limits)
    check_neighbours(path, kind, roomy.limits)
    return kind, roomy


def _opened(path: Path, kind: Kind, options: Options) -> AbstractContextManager[Sliced]:
    opener = opener_of(kind)
    if opener is None:
        return nullcontext(WholeFile(read_raw(path, kind, options)))
    check_layered(path, kind, options)
    return opener(path, options)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is the same for all slices."""

    settled: Settled | None
    expected: Bounds | None
    namer: Namer
    watch: Watch


def _rows(
    opened: Sliced, settled: Settled | None, options: Options, where: Where, watch: Watch, rows: int, start: int
) -> Iterator[list[RowValues]]:  # fmt: skip
    with IdsOnDisk() as ids:
        taken = ids if opened.says_ids else NumbersOnly()
        namer = Namer(PurePosixPath(where.file).stem, taken, alone=opened.count == 1)
        reading = _Reading(settled, options.expected, namer, watch)
        slices = opened.slices(start, rows)
        with _unchanged(watch), in_words(where):
            _name_before(opened, namer, start)
        number = start
        while True:
            with _unchanged(watch), in_words(where):
                records = next(slices, None)
                found = [] if records is None else _placed(records, number, reading)
            if records is None:
                return
            number += len(found)
            yield found


@contextmanager
def _unchanged(watch: Watch) -> Iterator[None]:
    """Look at the file after a step: what was read is of one edition only if the file is still the same."""
    try:
        yield
    except ZoningError:
        watch.check()
        raise
    watch.check()


def _name_before(opened: Sliced, namer: Namer, start: int) -> None:
    """Take the ids of the records that are passed over."""
    if start == 0 or not opened.says_ids:
        return
    number = 0
    for labels in opened.labels(start):
        for label in labels:
            number += 1
            namer.pass_over(number, label)


def _placed(records: Records, number: int, reading: _Reading) -> list[RowValues]:
    errors = {place: item.error for place, item in enumerate(records) if isinstance(item, Fault)}
    good = [(place, item) for place, item in enumerate(records) if isinstance(item, RawSite)]
    settled = reading.settled
    if good and settled is None:
        raise reading.watch.changed()
    if good and settled is not None:
        sites = [site for _, site in good]
        wheres = [site.where for site in sites]
        out = misfits(boxes_of(sites), wheres, settled.placement, settled.crs, reading.expected)
        errors |= {good[row][0]: error for row, error in out.items()}
    return [_row(item, number + place, errors.get(place), reading.namer, settled) for place, item in enumerate(records)]


def _row(
    item: RawSite | Fault, number: int, error: ZoningError | None, namer: Namer, settled: Settled | None
) -> RowValues:
    named = namer.name(number + 1, item)
    if error is not None or settled is None or isinstance(item, Fault):
        return RowValues(number, named.name, None, error)
    try:
        return RowValues(number, named.name, finished(item, named, settled), None)
    except ZoningError as refused:
        return RowValues(number, named.name, None, refused)
