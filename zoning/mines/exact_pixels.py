"""How exactextract asks for parcels and pixels: loaded only when statistics are computed."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from exactextract.feature import Feature, FeatureSource
from exactextract.raster import RasterSource
from numpy.typing import NDArray

from zoning.mines.rasters import OpenScene


class Parcel(Feature):  # type: ignore[misc]  # exactextract ships no types
    """One parcel: its number in the order of asking, its geometry as WKB."""

    def __init__(self, number: int, wkb: bytes) -> None:
        super().__init__()
        self._values: dict[str, Any] = {"id": number}
        self._wkb = wkb

    def get(self, name: str) -> Any:
        """Return a value."""
        return self._values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a value."""
        self._values[name] = value

    def geometry(self) -> bytes:
        """Return the geometry as WKB."""
        return self._wkb

    def fields(self) -> list[str]:
        """Return the names of the values."""
        return ["id"]


class Parcels(FeatureSource):  # type: ignore[misc]  # exactextract ships no types
    """Parcels in the order of asking."""

    def __init__(self, wkbs: Sequence[bytes]) -> None:
        super().__init__()
        self._wkbs = wkbs

    def count(self) -> int:
        """Return how many there are."""
        return len(self._wkbs)

    def __iter__(self) -> Iterator[Parcel]:
        """Yield them."""
        return (Parcel(number, wkb) for number, wkb in enumerate(self._wkbs))

    def srs_wkt(self) -> None:
        """Return nothing: parcels and pixels are in the same plane already."""


class Pixels(RasterSource):  # type: ignore[misc]  # exactextract ships no types
    """Windows of an open scene in pixels, NaN for no value; with `only` 1 where a pixel is that, else 0."""

    def __init__(self, opened: OpenScene, only: int | None) -> None:
        super().__init__()
        self._opened, self._only = opened, only

    def res(self) -> tuple[float, float]:
        """Return the size of a pixel."""
        return (1.0, 1.0)

    def extent(self) -> tuple[float, float, float, float]:
        """Return left, bottom, right, top."""
        grid = self._opened.grid
        return (0.0, 0.0, float(grid.width), float(grid.height))

    def nodata_value(self) -> None:
        """Return nothing: NaN is no value."""

    def srs_wkt(self) -> None:
        """Return nothing: parcels and pixels are in the same plane already."""

    def read_window(self, column: int, row: int, width: int, height: int) -> NDArray[np.float64]:
        """Return the pixels of a window, (height, width), the northernmost row first."""
        if not width or not height:
            return np.empty((height, width))
        values, flags = self._opened.window(column, row, width, height)
        return values if self._only is None else (flags == self._only).astype(np.float64)
