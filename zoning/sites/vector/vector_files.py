"""Records of the files that GDAL reads, one by one through fiona: pinned drivers, local files, no network.

Whatever GDAL has to say becomes one sentence.
"""

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zoning.errors import ZoningError
from zoning.sites.drawing import Drawing, MalformedError, drawings_of
from zoning.sites.limits import Limits, Options, Tally
from zoning.sites.raw import RawSite
from zoning.sites.records import raw_site
from zoning.sites.site import Repair
from zoning.sites.vector.gdal_options import CLOSED, OPEN_OPTIONS, raise_lost, undecodable_messages
from zoning.sites.where import Where
from zoning.texts import Text

# An arc of 100 m radius stays within 0.1 mm of its chords.
_ARC_STEP_DEGREES = "0.1"
_DEEPEST = 32
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
    """Open a file with exactly this driver; every failure of GDAL inside becomes a SiteError."""
    import fiona

    extra = {key: value for key, value in (("layer", layer), ("encoding", encoding)) if value is not None}
    extra |= OPEN_OPTIONS.get(driver, {})
    try:
        with (
            undecodable_messages() as lost,
            warnings.catch_warnings(action="ignore", category=UserWarning),  # fiona's, about names of fields
            fiona.Env(OGR_ARC_STEPSIZE=_ARC_STEP_DEGREES, **CLOSED),
            fiona.open(path, driver=driver, **extra) as source,
        ):
            yield source
        # With a stated encoding the texts are bytes on purpose, and so are messages that quote them.
        raise_lost(lost if encoding is None else [])
    except (ZoningError, MemoryError):
        raise
    except Exception as error:
        # fiona raises anything from FionaError to UnicodeDecodeError, depending on what GDAL stumbles over.
        raise where.error(
            f"文件损坏或不是有效的 {driver}；请重新导出", f"it is damaged or no valid {driver}; export it again"
        ) from error


def read_records(
    path: Path,
    where: Where,
    *,
    driver: str,
    layer: str | None = None,
    encoding: str | None = None,
    limits: Limits | None = None,
    whole: bool = False,
    rows: int | None = None,
) -> list[Record]:
    """Read all records of one layer.

    Parameters
    ----------
    limits
        Stop as soon as they are reached, and not when all is in memory.
    whole
        The file states how many records it has: refuse it when the driver leaves damaged ones out.
    rows
        How many records there are, counted by the reader: the driver would believe a number in the file and stop there.

    Raises
    ------
    SiteError
        Naming the record that cannot be read.
    """
    records = []
    tally = Tally(limits or Limits())
    with opened(path, where, driver=driver, layer=layer, encoding=encoding) as source:
        stated = len(source) if whole else rows or 0
        # A condition that all records meet makes the driver count them, instead of believing what the file states.
        features = source.filter(where="1 = 1") if stated else source
        for number, feature in enumerate(features, 1):
            try:
                drawings = list(_drawings(feature.geometry))
            except MalformedError as error:
                raise where.at_record(number).error(error.text.zh, error.text.en) from error
            tally.take(drawings, where)
            records.append(Record(number, drawings, _texts(feature.properties), str(feature.id)))
    if len(records) < stated:
        raise where.error(
            f"应有 {stated} 个图形，只读到 {len(records)} 个，文件不完整或损坏；请重新导出",
            f"it states {stated} features but only {len(records)} can be read, it is cut off or damaged; "
            "export it again",
        )
    if not records:
        raise where.error("没有任何图形；请重新导出", "it holds no features; export it again")
    return records


def record_site(record: Record, where: Where, options: Options) -> RawSite:
    """Return the record as a footprint."""
    return raw_site(record.drawings, where.at_record(record.number), options, attributes=record.attributes)


def with_curves(site: RawSite, record: Record, curves: Collection[str]) -> RawSite:
    """Add the repair to the records whose keys stand in `curves`."""
    if record.key not in curves:
        return site
    return replace(site, repairs=(*site.repairs, Repair("curve-to-line", 1, 0.0, CURVE_TO_LINE)))


def curved_keys(path: Path, where: Where, *, driver: str, layer: str | None = None) -> set[str]:
    """Return the keys of the records that hold arcs: the driver turns them into lines without a word."""
    with opened(path, where, driver=driver, layer=layer) as source:
        curved: Any = source.filter(where=_CURVED)
        return {str(feature.id) for feature in curved}


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
