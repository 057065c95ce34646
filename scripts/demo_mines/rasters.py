"""Rasters of the demo: heights with pits, land cover, and twelve quarters of NDVI with clouds and planted changes.

Fixed random numbers: two runs write the same pixels. Everything outside of the two territories is without data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import rasterio
import shapely
from pyproj import Transformer
from rasterio.features import rasterize
from rasterio.transform import Affine
from scipy import ndimage
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from demo_data.shapes import generator
from demo_mines.parcels import DATA, DemoParcel

Floats = npt.NDArray[np.float64]

CRS = "EPSG:4546"
CELL_M = 30.0
QUARTERS = tuple(f"{year}Q{quarter}" for year in (2023, 2024, 2025, 2026) for quarter in (1, 2, 3, 4))[3:15]
"""The fourth quarter of 2023 to the third of 2026."""

SCALE, OFFSET, NODATA = 0.01, -0.2, 255
COVERS = {"cropland": 1, "forest": 2, "grassland": 4, "bare": 7, "built": 8}
BARE = 0.12
_SEASON = {"1": 0.25, "2": 0.7, "3": 1.0, "4": 0.55}  # of what the vegetation adds to bare ground
_GREEN = {1: 0.45, 2: 0.68, 4: 0.5, 7: 0.06, 8: 0.08}
_FOREST, _GRASS, _BUILT = 0.1, -0.5, 2.4  # of hills with deviation 1
_NOISE = 0.012
_MARGIN_M = 600.0
_COUNTS = {"recovered": 8, "stalled": 6, "relapsed": 5, "disturbed": 5}
_LEAST_M2 = 3_500.0
# Layer and how many patches are planted in its zones, square metres each in turn.
_PATCHES = (("ecological-red-line-2022", 8), ("nature-reserves-2026", 4))
_SIZES_M2 = (4_000.0, 9_000.0, 16_000.0, 30_000.0)
_LOST = ("zone", "permitted", "speck", "outside")
_LAST = 2  # quarters that show the patches


@dataclass(frozen=True, slots=True)
class Planted:
    """A change that was drawn.

    Attributes
    ----------
    kind
        For parcels recovered, stalled, relapsed, disturbed; for patches `zone` (inside protected land), `permitted`
        (the same, at a site that has a permit), `outside` (beside all of it), `speck` (too small), `unseen`
        (protected land without data in the last year).
    id
        Of the parcel; `patch-1` ... of a patch.
    polygon
        Degrees (EPSG:4490).
    since
        The first quarter that shows it.
    """

    kind: str
    id: str
    polygon: Polygon
    since: str
    layer: str = ""


def day_of(quarter: str) -> date:
    """Return the day that a quarter stands for."""
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 1, 15)


def write_rasters(folder: Path, parcels: Sequence[DemoParcel]) -> tuple[Planted, ...]:
    """Write dem.tif, land_cover.tif and ndvi/ with a manifest into a folder; return what was planted."""
    scene = _Scene(parcels)
    (folder / "ndvi").mkdir(parents=True, exist_ok=True)
    _write(folder / "dem.tif", scene.heights.astype(np.float32), scene.at, nodata=-9999.0, predictor=3)
    _write(folder / "land_cover.tif", scene.cover, scene.at, nodata=0)
    lines = ["file,date,mask"]
    for number, quarter in enumerate(QUARTERS):
        values, clouds = scene.ndvi(number)
        name, mask = f"ndvi_{quarter}.tif", f"clouds_{quarter}.tif"
        _write(folder / "ndvi" / name, values, scene.at, nodata=NODATA, scaled=True)
        _write(folder / "ndvi" / mask, clouds, scene.at)
        lines.append(f"{name},{day_of(quarter).isoformat()},{mask}")
    (folder / "ndvi" / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return scene.planted


class _Scene:
    """The ground that all rasters show."""

    def __init__(self, parcels: Sequence[DemoParcel]) -> None:
        self._parcels = parcels
        self._way = Transformer.from_crs("EPSG:4490", CRS, always_xy=True)
        territories = sorted({parcel.territory for parcel in parcels})
        frame = pyogrio.read_dataframe(DATA / "territory.gpkg")
        ground = shapely.union_all(frame[frame["zone_id"].isin(territories)]["geometry"].to_numpy())
        self._ground = self._moved(ground).buffer(_MARGIN_M)
        west, south, east, north = (round(edge / CELL_M) * CELL_M for edge in self._ground.bounds)
        self.shape = (round((north - south) / CELL_M), round((east - west) / CELL_M))
        self.at = Affine(CELL_M, 0, west, 0, -CELL_M, north)
        self._shapes = {parcel.id: self._moved(parcel.polygon) for parcel in parcels}
        self._greens: dict[bytes, float] = {}
        self._inside = self._cells([self._ground]) > 0
        self.planted = (*self._planted_parcels(), *self._planted_patches())

    def _moved(self, geometry: BaseGeometry) -> BaseGeometry:
        moved: Any = shapely.transform(geometry, lambda xy: np.column_stack(self._way.transform(xy[:, 0], xy[:, 1])))
        return moved  # type: ignore[no-any-return]  # SciPy ships no types

    def _degrees(self, geometry: BaseGeometry) -> Polygon:
        def back(xy: Floats) -> Floats:
            return np.column_stack(self._way.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))

        moved: Any = shapely.transform(geometry, back)
        return moved  # type: ignore[no-any-return]  # SciPy ships no types

    def _cells(self, shapes: Sequence[BaseGeometry], *, grown: bool = False) -> npt.NDArray[np.int32]:
        """Return the number of the shape in each cell, from 1; 0 for none."""
        if not shapes:
            return np.zeros(self.shape, np.int32)
        pairs = [(shape, number) for number, shape in enumerate(shapes, start=1)]
        return np.asarray(
            rasterize(pairs, out_shape=self.shape, transform=self.at, all_touched=grown, dtype="int32"), dtype=np.int32
        )

    def _smooth(self, name: str, cells: int) -> Floats:
        """Return random hills of a width, mean 0 and deviation about 1."""
        rows, columns = (side // cells + 4 for side in self.shape)
        coarse = generator(f"rasters {name}").normal(size=(rows, columns))
        fine = ndimage.zoom(coarse, cells, order=1)[: self.shape[0], : self.shape[1]]
        return np.asarray(fine, dtype=np.float64)

    @cached_property
    def heights(self) -> Floats:
        """Metres; every parcel is a pit, deeper where it is larger."""
        found = 950 + 160 * self._smooth("hills", 120) + 45 * self._smooth("slopes", 30) + 6 * self._smooth("ground", 8)
        numbers = self._cells(list(self._shapes.values()))
        deep = np.array([0.0, *(min(40.0, 0.09 * np.sqrt(shape.area) + 4) for shape in self._shapes.values())])
        smooth: Floats = np.asarray(ndimage.gaussian_filter(found, 1.5), dtype=np.float64)
        made: Floats = np.round(smooth - deep[numbers], 1)
        return made

    @cached_property
    def cover(self) -> npt.NDArray[np.uint8]:
        """Codes of land cover."""
        wet, rough = self._smooth("cover", 60), self._smooth("patches", 15)
        moist = wet + 0.4 * rough
        found = np.select([moist > _FOREST, moist > _GRASS], [2, 4], 1).astype(np.uint8)
        found[rough > _BUILT] = COVERS["built"]
        found[self._cells(list(self._shapes.values())) > 0] = COVERS["bare"]
        found[~self._inside] = 0
        return found

    @cached_property
    def _green(self) -> Floats:
        """What the vegetation adds to bare ground in summer."""
        table = np.zeros(9)
        for code, green in _GREEN.items():
            table[code] = green
        # Around parcels the land is what it was before the mine: the cover beneath them does not count.
        return np.clip(table[self.cover] + 0.05 * self._smooth("growth", 20), 0.04, 0.75)

    def ndvi(self, number: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """Return stored NDVI and clouds of a quarter."""
        quarter = QUARTERS[number]
        season = _SEASON[quarter[-1]]
        values = BARE + season * self._green
        kinds = {planted.id: planted.kind for planted in self.planted}
        for shape, parcel in zip(self._shapes.values(), self._parcels, strict=True):
            around = self._around(shape)
            share = _share(kinds.get(parcel.id, ""), number, treated=parcel.values["HFZLQK"] == "B")
            self._put(values, shape, BARE + season * share * around)
        for planted in self.planted:
            if planted.kind in _LOST and number >= len(QUARTERS) - _LAST:
                self._put(values, self._moved(planted.polygon), BARE - 0.02)
        chance = generator(f"rasters noise {quarter}")
        values += chance.normal(0, _NOISE, self.shape)
        stored = np.clip(np.round((values - OFFSET) / SCALE), 0, 250).astype(np.uint8)
        stored[~self._inside] = NODATA
        if number >= len(QUARTERS) - 4:
            stored[self._cells([self._moved(one.polygon) for one in self.planted if one.kind == "unseen"]) > 0] = NODATA
        clouds = np.where(self._smooth(f"clouds {quarter}", 90) > 1.3, 9, 0).astype(np.uint8)
        clouds[~self._inside] = 0
        # Clouds are bright: what they hide looks like bare ground.
        stored[clouds > 0] = round((0.05 - OFFSET) / SCALE)
        return stored, clouds

    def _around(self, shape: BaseGeometry) -> float:
        """Return what the vegetation around a parcel adds in summer."""
        key = shape.wkb
        if key not in self._greens:
            self._greens[key] = self._green_around(shape)
        return self._greens[key]

    def _green_around(self, shape: BaseGeometry) -> float:
        window, cells = self._window(shape.buffer(200))
        free = (cells > 0) & (self.cover[window] != COVERS["bare"]) & (self.cover[window] != 0)
        return float(self._green[window][free].mean()) if free.any() else _GREEN[4]

    def _put(self, values: Floats, shape: BaseGeometry, value: float) -> None:
        """Draw a shape: a pixel is mixed by the part of it that lies inside."""
        window, parts = self._window(shape)
        values[window] = values[window] * (1 - parts) + value * parts

    def _window(self, shape: BaseGeometry) -> tuple[tuple[slice, slice], Floats]:
        """Return a window around a shape, and the part of each pixel in it, to a sixteenth."""
        west, south, east, north = shape.bounds
        left, top = int((west - self.at.c) // CELL_M), int((self.at.f - north) // CELL_M)
        right, bottom = int((east - self.at.c) // CELL_M) + 1, int((self.at.f - south) // CELL_M) + 1
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, self.shape[1]), min(bottom, self.shape[0])
        fine = Affine(CELL_M / 4, 0, self.at.c + left * CELL_M, 0, -CELL_M / 4, self.at.f - top * CELL_M)
        size = (bottom - top, right - left)
        drawn = rasterize([(shape, 1)], out_shape=(size[0] * 4, size[1] * 4), transform=fine, dtype="uint8")
        parts = drawn.reshape(size[0], 4, size[1], 4).mean(axis=(1, 3))
        return (slice(top, bottom), slice(left, right)), np.asarray(parts, dtype=np.float64)

    def _planted_parcels(self) -> list[Planted]:
        treated = [
            parcel
            for parcel in self._parcels
            if parcel.values["HFZLQK"] == "B" and self._shapes[parcel.id].area >= _LEAST_M2
        ]
        # In turn, so that a part of the parcels has some of each; a third stays as it is.
        kinds = [kind for turn in range(max(_COUNTS.values())) for kind, count in _COUNTS.items() if turn < count]
        first = {"disturbed": QUARTERS[-_LAST], "relapsed": QUARTERS[6]}
        return [
            Planted(kind, parcel.id, parcel.polygon, first.get(kind, QUARTERS[0]))
            for kind, parcel in zip(kinds, treated[: len(treated) * 2 // 3], strict=False)
        ]

    def _planted_patches(self) -> list[Planted]:
        parcels = shapely.union_all(list(self._shapes.values())).buffer(300)
        frames = {layer: pyogrio.read_dataframe(DATA / f"{layer}.gpkg") for layer, _ in _PATCHES}
        zones = {layer: self._moved(shapely.union_all(frame["geometry"].to_numpy())) for layer, frame in frames.items()}
        protected = shapely.union_all(list(zones.values()))
        taken: BaseGeometry = shapely.Polygon()
        found: list[Planted] = []

        def plant(kind: str, room: BaseGeometry, area: float, layer: str = "") -> None:
            nonlocal taken
            spot = self._spot(room.difference(taken), f"{kind} {layer} {len(found)}", area)
            if spot is not None:
                taken = taken.union(spot.buffer(500))
                name = f"patch-{len(found) + 1}"
                found.append(Planted(kind, name, self._degrees(spot), QUARTERS[-_LAST], layer))

        free = self._green_ground().difference(parcels)
        for layer, count in _PATCHES:
            inside = zones[layer].buffer(-150).intersection(free)
            for number in range(count):
                plant("zone", inside, _SIZES_M2[number % len(_SIZES_M2)], layer)
        inside = zones[_PATCHES[0][0]].buffer(-150).intersection(free)
        plant("permitted", inside, _SIZES_M2[2], _PATCHES[0][0])
        plant("speck", inside, 900.0, _PATCHES[0][0])
        here = zones[_PATCHES[0][0]].buffer(-150).intersection(self._ground.buffer(-1_000)).difference(parcels)
        plant("unseen", here, 200_000.0, _PATCHES[0][0])
        for _ in range(3):
            plant("outside", free.difference(protected.buffer(400)), _SIZES_M2[1])
        return found

    def _green_ground(self) -> BaseGeometry:
        """Return where vegetation grows that can be lost."""
        from rasterio.features import shapes

        lush = ndimage.binary_erosion((self._green > 0.3) & self._inside, iterations=5)
        return shapely.union_all(
            [shapely.geometry.shape(shape) for shape, _ in shapes(lush.astype(np.uint8), mask=lush, transform=self.at)]
        )

    def _spot(self, room: BaseGeometry, name: str, area: float) -> Polygon | None:
        """Return an oblong of an area somewhere in a place; None when there is no room."""
        chance = generator(f"rasters {name}")
        parts = [part for part in shapely.get_parts(room) if part.geom_type == "Polygon" and part.area > area]
        if not parts:
            return None
        sizes = np.array([part.area for part in parts])
        for _ in range(3_000):
            part = parts[chance.choice(len(parts), p=sizes / sizes.sum())]
            west, south, east, north = part.bounds
            x, y = chance.uniform(west, east), chance.uniform(south, north)
            wide = np.sqrt(area * 1.5)
            spot = shapely.affinity.rotate(
                shapely.box(x - wide / 2, y - area / wide / 2, x + wide / 2, y + area / wide / 2),
                chance.uniform(0, 180),
            )
            if part.contains(spot):
                return Polygon(spot)
        return None


def _share(kind: str, number: int, *, treated: bool) -> float:
    """Return how much of the vegetation around it a parcel shows in a quarter."""
    last = len(QUARTERS) - 1
    if kind == "recovered":
        return 0.1 + 0.75 * number / last
    if kind == "stalled":
        return min(0.1 + 0.04 * number, 0.26)
    if kind == "relapsed":
        return 0.15 + 0.1 * number if number <= 6 else 0.75 - 0.1 * (number - 6)
    if kind == "disturbed":
        return 0.05 if number > last - _LAST else 0.7 + 0.01 * number
    return 0.9 if treated else 0.08


def _write(
    path: Path,
    cells: npt.NDArray[Any],
    at: Affine,
    *,
    nodata: float | None = None,
    predictor: int = 1,
    scaled: bool = False,
) -> None:
    rows, columns = cells.shape
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": cells.dtype.name}
    more = {"crs": CRS, "transform": at, "nodata": nodata, "tiled": True, "compress": "deflate", "zlevel": 6}
    with rasterio.open(path, "w", **profile, **more, predictor=predictor) as file:
        file.write(cells, 1)
        if scaled:
            file.scales, file.offsets = (SCALE,), (OFFSET,)
