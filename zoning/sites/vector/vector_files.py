"""Records of the files that GDAL reads, one by one through fiona: pinned drivers, local files, no network.

Whatever GDAL has to say becomes one sentence.
"""

import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zoning.errors import SiteError, ZoningError
from zoning.sites.drawing import Drawing, MalformedError, drawings_of
from zoning.sites.limits import Limits, Load, Options, Tally
from zoning.sites.raw import Fault, RawSite
from zoning.sites.records import raw_site
from zoning.sites.refusals import NO_FEATURES, cut_off
from zoning.sites.site import Repair
from zoning.sites.vector.gdal_options import CLOSED, OPEN_OPTIONS, raise_lost, undecodable_messages
from zoning.sites.where import Where
from zoning.texts import Text

# An arc of 100 m radius stays within 0.1 mm of its chords.
_ARC_STEP_DEGREES = "0.1"
_DEEPEST = 32
_LAST = 1 << 63  # beyond every key
_CURVED = "OGR_GEOMETRY IN ('CURVEPOLYGON', 'MULTISURFACE', 'COMPOUNDCURVE', 'MULTICURVE', 'CIRCULARSTRING')"
CURVE_TO_LINE = Text("曲线已按 0.1° 的弦转为折线", "turned curves into lines with chords of 0.1°")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: geometry taken apart, attributes as texts without the empty ones."""

    number: int
    drawings: list[Drawing]
    attributes: dict[str, str]
    key: str = ""


@contextmanager
def opened(
    path: Path, where: Where, *, driver: str, layer: str | None = None, encoding: str | None = None
) -> Iterator[Any]:
    """Open a file with exactly this driver; every failure of GDAL inside becomes a SiteError.

    Raises
    ------
    SiteError
        When the driver cannot open or read the file, or an attribute is not in its encoding.
    """
    with _held(where, driver) as lost, _source(path, driver, layer, encoding) as source:
        yield source
        # With a stated encoding the texts are bytes on purpose, and so are messages that quote them.
        raise_lost(lost if encoding is None else [])


@contextmanager
def _held(where: Where, driver: str) -> Iterator[list[str]]:
    """Hold GDAL for as long as the block runs; yields what it says in bytes that are no text."""
    import fiona

    try:
        with (
            undecodable_messages() as lost,
            warnings.catch_warnings(action="ignore", category=UserWarning),  # fiona's, about names of fields
            warnings.catch_warnings(action="ignore", category=RuntimeWarning),  # fiona's, about slow starts
            fiona.Env(OGR_ARC_STEPSIZE=_ARC_STEP_DEGREES, **CLOSED),
        ):
            yield lost
    except (ZoningError, MemoryError):
        raise
    except Exception as error:
        # fiona raises anything from FionaError to UnicodeDecodeError, depending on what GDAL stumbles over.
        raise _damaged(where, driver) from error


def _source(path: Path, driver: str, layer: str | None, encoding: str | None, **more: Any) -> Any:
    import fiona

    given = {key: value for key, value in (("layer", layer), ("encoding", encoding)) if value is not None}
    return fiona.open(path, driver=driver, **given, **OPEN_OPTIONS.get(driver, {}), **more)


def _damaged(where: Where, driver: str) -> SiteError:
    return where.error(
        f"文件损坏或不是有效的 {driver}；请重新导出", f"it is damaged or no valid {driver}; export it again"
    )


class RecordStream:
    """The records of one layer, some at a time; between two takes nothing is held but the open file.

    Parameters
    ----------
    start
        How many records to pass over.
    stated
        How many records there must be; 0: not known.
    counted
        Let the driver go through the records and count them, instead of believing what the file states.
    shapes
        False: records come without drawings, for those who want their attributes.

    Raises
    ------
    SiteError
        When the driver cannot open the file, or fails at what is asked of it.
    """

    def __init__(  # noqa: PLR0913 - what fiona can be told
        self,
        path: Path,
        where: Where,
        *,
        driver: str,
        layer: str | None = None,
        encoding: str | None = None,
        start: int = 0,
        stated: int = 0,
        counted: bool = False,
        shapes: bool = True,
    ) -> None:
        self._where, self._driver, self._stated = where, driver, stated
        self._has_bytes, self._shapes = encoding is not None, shapes
        self.number = start
        with _held(where, driver):
            self._open = _source(path, driver, layer, encoding, **({} if shapes else {"ignore_geometry": True}))
            # A condition that all records meet makes the driver count them.
            self._features = self._open.filter(start, None, where="1 = 1" if counted else None)

    def close(self) -> None:
        """Close the file.

        Raises
        ------
        SiteError
            When the driver fails at it.
        """
        with _held(self._where, self._driver):
            self._open.close()

    def whole(self, limits: Limits) -> list[Record]:
        """Return all records that are left.

        Raises
        ------
        SiteError
            When the limits are reached, the file is damaged, ends before it should or has no records; of a geometry
            that cannot be taken apart it names the record.
        """
        records, tally = [], Tally(limits)
        with _held(self._where, self._driver) as lost:
            for feature in self._features:
                self.number += 1
                try:
                    record = self._record(feature)
                except MalformedError as error:
                    raise self._malformed(error) from error
                tally.take(record.drawings, self._where)
                records.append(record)
            raise_lost([] if self._has_bytes else lost)
        self._check_end()
        return records

    def take(self, rows: int) -> list[Record | Fault]:
        """Return the next records, `rows` of them or fewer; none at the end.

        Raises
        ------
        SiteError
            When the file ends before it should, has no records, or is damaged behind the records that it states.
        """
        found: list[Record | Fault] = []
        load = Load()
        with _held(self._where, self._driver) as lost:
            while len(found) < rows and not load.full:
                item = self._next(lost)
                if item is None:
                    self._check_end()
                    break
                found.append(item)
                if isinstance(item, Record):
                    load.add(item.drawings, item.attributes)
        return found

    def _next(self, lost: list[str]) -> "Record | Fault | None":
        said = len(lost)
        self.number += 1
        where = self._where.at_record(self.number)
        try:
            feature = next(self._features)
            raise_lost([] if self._has_bytes else lost[said:])
        except StopIteration:
            self.number -= 1
            return None
        except Exception as error:
            if self.number > self._stated:
                raise
            known = _damaged(self._where, self._driver)
            known.__cause__ = error
            return Fault(where, known)
        try:
            return self._record(feature)
        except MalformedError as error:
            return Fault(where, self._malformed(error), _texts(feature.properties))

    def _record(self, feature: Any) -> Record:
        drawings = list(_drawings(feature.geometry)) if self._shapes else []
        return Record(self.number, drawings, _texts(feature.properties), str(feature.id))

    def _malformed(self, error: MalformedError) -> SiteError:
        return self._where.at_record(self.number).error_of(error.text)

    def _check_end(self) -> None:
        if self.number < self._stated:
            raise self._where.error_of(cut_off(self._stated, self.number))
        if self.number == 0:
            raise self._where.error_of(NO_FEATURES)


def read_records(
    path: Path,
    where: Where,
    *,
    driver: str,
    layer: str | None = None,
    encoding: str | None = None,
    limits: Limits | None = None,
    whole: bool = False,
) -> list[Record]:
    """Read all records of one layer.

    Parameters
    ----------
    limits
        Stop as soon as they are reached, and not when all is in memory.
    whole
        The file states how many records it has: refuse it when the driver leaves damaged ones out.

    Raises
    ------
    SiteError
        See `RecordStream` and its `whole`.
    """
    stated = stated_records(path, where, driver=driver, layer=layer) if whole else 0
    stream = RecordStream(path, where, driver=driver, layer=layer, encoding=encoding, stated=stated, counted=whole)
    with closing(stream):
        return stream.whole(limits or Limits())


def stated_records(path: Path, where: Where, *, driver: str, layer: str | None = None) -> int:
    """Return how many records the file states.

    Raises
    ------
    SiteError
        When the driver cannot open or read the file.
    """
    with opened(path, where, driver=driver, layer=layer) as source:
        return len(source)


def counted_records(
    path: Path, where: Where, *, driver: str, layer: str | None = None, encoding: str | None = None
) -> int:
    """Return how many records there are, whatever the file states.

    Raises
    ------
    SiteError
        When the driver cannot open or read the file, a damaged record among them.
    """
    bare = {"ignore_geometry": True, "include_fields": []}
    with _held(where, driver), _source(path, driver, layer, encoding, **bare) as source:
        return sum(1 for _ in source.filter(where="1 = 1"))


def field_names(
    path: Path, where: Where, *, driver: str, layer: str | None = None, encoding: str | None = None
) -> tuple[str, ...]:
    """Return the names of the attributes of a layer.

    Raises
    ------
    SiteError
        When the driver cannot open or read the file.
    """
    with opened(path, where, driver=driver, layer=layer, encoding=encoding) as source:
        return tuple(source.schema["properties"])


def record_site(record: Record, where: Where, options: Options) -> RawSite:
    """Return the record as a footprint.

    Raises
    ------
    SiteError
        When the limits are reached, or the record is no footprint.
    """
    return raw_site(record.drawings, where.at_record(record.number), options, attributes=record.attributes)


def with_curves(site: RawSite, record: Record, curves: Collection[str]) -> RawSite:
    """Add the repair to the records whose keys stand in `curves`."""
    if record.key not in curves:
        return site
    return replace(site, repairs=(*site.repairs, Repair("curve-to-line", 1, 0.0, CURVE_TO_LINE)))


def curved_keys(path: Path, where: Where, *, driver: str, layer: str | None = None) -> set[str]:
    """Return the keys of the records that hold arcs: the driver turns them into lines without a word.

    Raises
    ------
    SiteError
        When the driver cannot open or read the file.
    """
    with opened(path, where, driver=driver, layer=layer) as source:
        curved: Any = source.filter(where=_CURVED)
        return {str(feature.id) for feature in curved}


class CurveWalk:
    """Tells record by record, in their order, which of them hold arcs; see `curved_keys`.

    Raises
    ------
    SiteError
        When the driver cannot open the file.
    """

    def __init__(self, path: Path, where: Where, *, driver: str, layer: str | None = None) -> None:
        self._where, self._driver = where, driver
        with _held(where, driver):
            self._open = _source(path, driver, layer, None)
            self._curved = iter(self._open.filter(where=_CURVED))
        self._next = -1

    def among(self, keys: Sequence[str]) -> set[str]:
        """Return those of the next `keys` whose records hold arcs; keys ascend from call to call.

        Raises
        ------
        SiteError
            When a record with arcs cannot be read.
        """
        numbers = [int(key) for key in keys]
        found: set[int] = set()
        with _held(self._where, self._driver):
            while numbers and self._next <= numbers[-1]:
                found.add(self._next)
                feature = next(self._curved, None)
                if feature is None:
                    # Behind the last of them nothing is curved.
                    self._next = _LAST
                else:
                    self._next = int(feature.id)
        return {str(number) for number in numbers if number in found}

    def close(self) -> None:
        """Close the file.

        Raises
        ------
        SiteError
            When the driver fails at it.
        """
        with _held(self._where, self._driver):
            self._open.close()


def _drawings(geometry: Any, depth: int = 0) -> Iterator[Drawing]:
    if geometry is None:
        return
    if geometry.type == "GeometryCollection" and depth < _DEEPEST:
        for part in geometry.geometries:
            yield from _drawings(part, depth + 1)
        return
    yield from drawings_of(geometry.type, geometry.coordinates)


def _texts(properties: Any) -> dict[str, str]:
    return {name: as_text(value) for name, value in properties.items() if value is not None and value != ""}


def as_text(value: Any) -> str:
    """Return the value of an attribute as text; numbers without the noise behind their 15 digits."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return value if isinstance(value, str) else str(value)
