"""Layer files as they are stored: ids as written, records without geometry, rings that do not end where they began."""

import struct
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.layers.catalogue import Edition, Layer
from zoning.layers.formats import FORMATS, UnreadableError, read_table, shapefile_encoding

_POLYGON, _MULTIPOLYGON = 3, 6
_Z_FLAG, _M_FLAG, _SRID_FLAG = 0x80000000, 0x40000000, 0x20000000


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says beyond the zones that the reader gives.

    Attributes
    ----------
    ids
        (n,) as they are written, empty where there is none.
    without_geometry
        How many records have no geometry.
    """

    ids: tuple[str, ...]
    without_geometry: int


@dataclass(frozen=True, slots=True)
class OpenRing:
    """A ring that ends elsewhere than it began; both points in the coordinate system of the file."""

    zone: str
    start: tuple[float, float]
    end: tuple[float, float]


def written_of(path: Path, layer: Layer, edition: Edition) -> Written | None:
    """Return what a file says, None where it cannot be read."""
    try:
        table = read_table(
            path, edition.table, fields=(layer.id_field,), encoding=edition.encoding, window=lambda _: None
        )
    except UnreadableError:
        return None
    return Written(table.columns[layer.id_field], max(_records(path, edition.table) - len(table.fids), 0))


def _records(path: Path, table: str | None) -> int:
    if FORMATS.get(path.suffix.lower()) == "GeoParquet":
        from pyarrow import parquet

        return int(parquet.read_metadata(path).num_rows)
    import pyogrio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return int(pyogrio.read_info(path, layer=table)["features"])


@contextmanager
def closed_copy(path: Path, layer: Layer, edition: Edition) -> Iterator[tuple[Path | None, tuple[OpenRing, ...]]]:
    """Give a copy of a file whose rings are closed, and the rings that were not; no copy where there are none."""
    raw = _raw(path, layer, edition)
    if raw is None:
        yield None, ()
        return
    meta, wkb, columns = raw
    names = [str(name) for name in meta["fields"]]
    rings = tuple(_open_rings(wkb, columns[names.index(layer.id_field)] if layer.id_field in names else None))
    if not rings:
        yield None, ()
        return
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        copy = Path(folder) / f"{path.stem}.gpkg"
        _write_closed(copy, edition.table or path.stem, meta, wkb, columns, names)
        yield copy, rings


def _raw(path: Path, layer: Layer, edition: Edition) -> tuple[dict[str, Any], Any, list[Any]] | None:
    import pyogrio.errors
    import pyogrio.raw

    kind = FORMATS.get(path.suffix.lower())
    if kind in {None, "GeoParquet"} or not path.exists() or layer.geometry != "polygon":
        return None
    encoding = (edition.encoding or shapefile_encoding(path)) if kind == "Shapefile" else edition.encoding
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            meta, _, wkb, columns = pyogrio.raw.read(
                path, layer=edition.table, encoding=encoding, datetime_as_string=True
            )
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
        UnicodeDecodeError,
    ):
        # Why it cannot be read, the reader of layers has said.
        return None
    return meta, wkb, list(columns)


def _write_closed(
    copy: Path, table: str, meta: dict[str, Any], wkb: NDArray[np.object_], columns: list[Any], names: list[str]
) -> None:
    import pyogrio.raw

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fixed = shapely.from_wkb(wkb, on_invalid="fix")
        pyogrio.raw.write(
            copy,
            shapely.to_wkb(fixed),
            columns,
            names,
            layer=table,
            driver="GPKG",
            geometry_type="Unknown",
            crs=meta["crs"],
        )


def _open_rings(wkb: NDArray[np.object_], ids: Any) -> Iterator[OpenRing]:
    for row, blob in enumerate(wkb):
        if blob is None:
            continue
        for ring in rings_of(bytes(blob)):
            if len(ring) and (ring[0] != ring[-1]).any():
                zone = "" if ids is None or ids[row] is None else str(ids[row])
                start, end = ring[0].tolist(), ring[-1].tolist()
                yield OpenRing(zone or str(row + 1), (start[0], start[1]), (end[0], end[1]))


def rings_of(wkb: bytes) -> Iterator[NDArray[np.float64]]:
    """Yield the rings of a Polygon or MultiPolygon in WKB, (n, 2), as they are stored: closed or not."""
    yield from _Reader(wkb).polygons()


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0
        self._order = "<"

    def polygons(self) -> Iterator[NDArray[np.float64]]:
        self._order = "<" if self._content[self._at] == 1 else ">"
        self._at += 1
        word = self._whole()
        if word & _SRID_FLAG:
            self._at += 4
        plain = word & 0x0FFFFFFF
        width = 2 + bool(word & _Z_FLAG) + bool(word & _M_FLAG) + (0, 1, 1, 2)[min(plain // 1000, 3)]
        kind = plain % 1000
        if kind == _MULTIPOLYGON:
            for _ in range(self._whole()):
                yield from self.polygons()
        elif kind == _POLYGON:
            for _ in range(self._whole()):
                yield self._ring(width)

    def _whole(self) -> int:
        (value,) = struct.unpack_from(f"{self._order}I", self._content, self._at)
        self._at += 4
        return int(value)

    def _ring(self, width: int) -> NDArray[np.float64]:
        count = self._whole()
        numbers = np.frombuffer(self._content, dtype=f"{self._order}f8", count=count * width, offset=self._at)
        self._at += count * width * 8
        return np.asarray(numbers.reshape(count, width)[:, :2], dtype=np.float64)
