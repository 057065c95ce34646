"""The values of the criteria at parcels: rasters under them, distances around them, codes in the register."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor
from pathlib import Path

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.layers.datum import LonLat
from zoning.mines.rasters import Grid, OpenScene, Scene, open_scene
from zoning.mines.suitability.content import Suitability
from zoning.mines.suitability.distance import Nearness, bounds_of, nearness_of_file, nearness_of_layer
from zoning.mines.suitability.values import Cells, Codes, NotKnown, Value
from zoning.mines.terrain import Quantity, window
from zoning.mistakes import meant
from zoning.overlay.footprint import Footprint
from zoning.overlay.source import LayerSource
from zoning.registers.record import Record
from zoning.texts import Text

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NO_DEM = Text("没有给出高程模型（--dem）", "no elevation model was given (--dem)")
NO_COVER = Text("没有给出土地覆盖栅格（--cover）", "no land-cover raster was given (--cover)")
NO_RASTER = Text("没有给出栅格（--raster）", "no raster was given (--raster)")
NO_VALUE = Text("台账没有填写", "the register does not say it")
# exactextract 0.3.0 can lose a whole cell where an edge runs through the very corner of cells: what it counted is
# compared with the area, and a parcel that differs is moved by less than a millionth of a cell.
_NUDGES = ((0.0, 0.0), (3.1e-7, 1.7e-7), (-2.3e-7, 4.1e-7), (7.9e-7, -5.3e-7))
_WRONG = 1e-5
_OUTSIDE = Text("图斑在栅格范围之外", "the parcel lies outside the raster")


@dataclass(frozen=True, slots=True)
class Given:
    """The files of a run: elevation model, land cover, rasters and vector files by the criterion they are for."""

    dem: Path | None = None
    cover: Path | None = None
    rasters: Mapping[str, Path] = field(default_factory=dict)
    vectors: Mapping[str, Path] = field(default_factory=dict)

    def check(self, content: Suitability) -> None:
        """Do nothing when every name is a criterion of that kind.

        Raises
        ------
        UsageError
            When a name is none.
        """
        rasters = [name for name, one in content.criteria.items() if one.origin.raster is not None]
        vectors = [name for name, one in content.criteria.items() if one.origin.place is not None]
        for option, names, allowed in (("--raster", self.rasters, rasters), ("--vector", self.vectors, vectors)):
            for name in names:
                if name not in allowed:
                    hint = meant(name, allowed)
                    raise UsageError(
                        f"{option}：没有准则“{name}”{hint.zh}；可用：{'、'.join(allowed)}",
                        f"{option}: there is no criterion '{name}'{hint.en}; allowed: {', '.join(allowed)}",
                    )

    @property
    def files(self) -> dict[str, Path]:
        """Every file by what it is for."""
        own = {"dem": self.dem, "cover": self.cover}
        named = {name: path for name, path in own.items() if path is not None}
        return {**named, **self.rasters, **self.vectors}


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that is open for a run; see `opened`."""

    content: Suitability
    scenes: Mapping[str, OpenScene]
    nearness: Mapping[str, Nearness | NotKnown]
    ways: LonLat = field(default_factory=LonLat)

    def values(self, record: Record, footprint: Footprint) -> dict[str, Value]:
        """Return the value of every criterion at a parcel.

        Raises
        ------
        LayerError, CRSError
            When a raster cannot be read at the parcel, or its coordinate system cannot show it.
        """
        found: dict[str, Value] = dict(self._terrain(footprint.lonlat))
        for name, criterion in self.content.criteria.items():
            origin = criterion.origin
            if origin.terrain is not None:
                continue
            if origin.place is not None:
                found[name] = _placed(self.nearness[name], footprint, as_share=origin.inside is not None)
            elif origin.value is not None:
                found[name] = _told(record, origin.value)
            else:
                found[name] = self._raster("cover" if origin.cover else name, footprint.lonlat)
        return found

    def _terrain(self, lonlat: BaseGeometry) -> Iterator[tuple[str, Value]]:
        wanted = {name: one.origin.terrain for name, one in self.content.criteria.items() if one.origin.terrain}
        scene = self.scenes.get("dem")
        under = None if scene is None else under_parcel(scene.grid, lonlat, self.ways)
        if scene is None or under is None:
            yield from ((name, NotKnown(NO_DEM if scene is None else _OUTSIDE)) for name in wanted)
            return
        quantities: list[Quantity] = list(dict.fromkeys(wanted.values()))
        made = window(scene, under.place, quantities, radius_m=self.content.relief_radius.value)
        for name, quantity in wanted.items():
            yield name, under.cells(made[quantity])

    def _raster(self, name: str, lonlat: BaseGeometry) -> Value:
        scene = self.scenes.get(name)
        if scene is None:
            return NotKnown(NO_COVER if name == "cover" else NO_RASTER)
        under = under_parcel(scene.grid, lonlat, self.ways)
        if under is None:
            return NotKnown(_OUTSIDE)
        return under.cells(scene.window(*under.place)[0])


def _placed(near: Nearness | NotKnown, footprint: Footprint, *, as_share: bool) -> Value:
    if isinstance(near, NotKnown):
        return near
    return near.share(footprint) if as_share else near.distance(footprint)


def _told(record: Record, name: str) -> Value:
    value = record.values.get(name)
    codes = value if isinstance(value, tuple) else () if value is None else (str(value),)
    # Boundary files hold several codes in one text.
    codes = tuple(code.strip() for one in codes for code in one.replace("，", ",").split(",") if code.strip())
    return Codes(codes) if codes else NotKnown(NO_VALUE)


@dataclass(frozen=True, slots=True, eq=False)
class Under:
    """The window of a grid under a parcel, with the exact share of each cell that it covers."""

    place: tuple[int, int, int, int]
    cell: Integers
    share: Floats
    total: float

    def cells(self, values: Floats) -> Cells:
        """Return the values of a window (height, width) at the cells of the parcel."""
        return Cells(values.ravel()[self.cell], self.share, self.total)


def under_parcel(grid: Grid, lonlat: BaseGeometry, ways: LonLat) -> Under | None:
    """Return the cells of a grid under a parcel in degrees; None where it lies beyond the grid."""
    shape = _in_cells(grid, grid.brought(np.asarray([lonlat], dtype=object), ways)[0])
    west, north, east, south = shape.bounds
    left, right = max(floor(west), 0), min(ceil(east), grid.width)
    top, bottom = max(floor(north), 0), min(ceil(south), grid.height)
    if left >= right or top >= bottom:
        return None
    place = (left, top, right - left, bottom - top)
    cell, share = _shares(shapely.transform(shape, lambda xy: xy - (left, top)), place)
    return Under(place, cell, share, float(shape.area)) if cell.size else None


def _in_cells(grid: Grid, shape: BaseGeometry) -> BaseGeometry:
    """Return a geometry in cells of a grid, from its upper left corner, y to the south."""
    scale = np.array([grid.dx, -grid.dy])
    moved: BaseGeometry = shapely.transform(shape, lambda xy: (xy - (grid.left, grid.top)) / scale)
    return moved


def _shares(shape: BaseGeometry, place: tuple[int, int, int, int]) -> tuple[Integers, Floats]:
    """Return the cells of a window that a shape in cells of it covers, with their exact shares."""
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource

    _, _, width, height = place
    # y to the north, as exactextract has it.
    flipped = shapely.transform(shape, lambda xy: np.column_stack((xy[:, 0], height - xy[:, 1])))
    inside = shapely.intersection(flipped, shapely.box(0, 0, width, height)).area
    source = NumPyRasterSource(np.zeros((height, width), dtype=np.uint8), 0.0, 0.0, float(width), float(height))
    cell, share = np.empty(0, dtype=np.int64), np.empty(0)
    for nudge in _NUDGES:
        moved = shapely.affinity.translate(flipped, *nudge)
        feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(moved)}
        found = exact_extract(source, feature, ["cell_id", "coverage"])[0]["properties"]
        share = np.asarray(found["coverage"], dtype=np.float64)
        cell = np.asarray(found["cell_id"], dtype=np.int64)
        if abs(float(share.sum()) - inside) <= _WRONG * max(inside, 1.0):
            break
    kept = share > 0
    return cell[kept], share[kept]


@contextmanager
def opened(
    content: Suitability, given: Given, *, source: LayerSource, footprints: Sequence[Footprint], on: date
) -> Iterator[Inputs]:
    """Open the files of a run and the layers around its parcels.

    Raises
    ------
    UsageError
        When a name of a raster or vector file is no criterion.
    LayerError, CRSError
        When a file cannot be read or does not say where it lies.
    """
    given.check(content)
    bounds = bounds_of(footprints)
    nearness: dict[str, Nearness | NotKnown] = {}
    for name, criterion in content.criteria.items():
        near = criterion.origin.place
        if near is None:
            continue
        path = given.vectors.get(name)
        nearness[name] = (
            nearness_of_layer(source, near, on, bounds) if path is None else nearness_of_file(path, near, source.plane)
        )
    with ExitStack() as stack:
        rasters = {"dem": given.dem, "cover": given.cover, **given.rasters}
        scenes = {
            name: stack.enter_context(open_scene(Scene(path))) for name, path in rasters.items() if path is not None
        }
        yield Inputs(content, scenes, nearness)
