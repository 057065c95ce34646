"""Records of the files that GDAL reads, one by one through fiona: pinned drivers, local files, no network.

Whatever GDAL has to say becomes one sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoning.errors import ZoningError
from zoning.sites.drawing import Drawing, MalformedError, drawings_of
from zoning.sites.footprint_geometry import assemble
from zoning.sites.limits import Options
from zoning.sites.raw import RawSite
from zoning.sites.where import Where

# An arc of 100 m radius stays within 0.1 mm of its chords.
_ARC_STEP_DEGREES = "0.1"
_DEEPEST = 32


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
    try:
        with (
            fiona.Env(OGR_ARC_STEPSIZE=_ARC_STEP_DEGREES, CPL_VSIL_CURL_ALLOWED_EXTENSIONS="{none}"),
            fiona.open(path, driver=driver, **extra) as source,
        ):
            yield source
    except ZoningError:
        raise
    except Exception as error:
        # fiona raises anything from FionaError to UnicodeDecodeError, depending on what GDAL stumbles over.
        raise where.error(
            f"文件损坏或不是有效的 {driver}；请重新导出", f"it is damaged or no valid {driver}; export it again"
        ) from error


def read_records(
    path: Path, where: Where, *, driver: str, layer: str | None = None, encoding: str | None = None
) -> list[Record]:
    """Read all records of one layer.

    Raises
    ------
    SiteError
        Naming the record that cannot be read.
    """
    records = []
    with opened(path, where, driver=driver, layer=layer, encoding=encoding) as source:
        for number, feature in enumerate(source, 1):
            try:
                drawings = list(_drawings(feature.geometry))
            except MalformedError as error:
                raise where.at_record(number).error(error.text.zh, error.text.en) from error
            records.append(Record(number, drawings, _texts(feature.properties), str(feature.id)))
    if not records:
        raise where.error("没有任何图形；请重新导出", "it holds no features; export it again")
    return records


def record_site(record: Record, where: Where, options: Options) -> RawSite:
    """Return the record as a footprint."""
    place = where.at_record(record.number)
    made = assemble(record.drawings, where=place, width_m=options.width_m)
    return RawSite(place, made.geometry, attributes=record.attributes, repairs=made.repairs, warnings=made.warnings)


def _drawings(geometry: Any, depth: int = 0) -> Iterator[Drawing]:
    if geometry is None:
        return
    if geometry.type == "GeometryCollection" and depth < _DEEPEST:
        for part in geometry.geometries:
            yield from _drawings(part, depth + 1)
        return
    yield from drawings_of(geometry.type, geometry.coordinates)


def _texts(properties: Any) -> dict[str, str]:
    return {name: _text(value) for name, value in properties.items() if value is not None and value != ""}


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    return value if isinstance(value, str) else str(value)
