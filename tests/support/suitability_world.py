"""A small world for the scores of parcels: rasters of a few cells, a suitability file of two targets and two ways."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine
from shapely.geometry.base import BaseGeometry

from zoning.mines.suitability.content import Suitability, read_suitability
from zoning.mines.suitability.inputs import Given, opened
from zoning.mines.suitability.values import Value
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.source import LayerSource
from zoning.registers.record import Record
from zoning.sites.site import Site
from zoning.workspace import Workspace

ON = date(2026, 11, 22)
WEST, NORTH, CELL = 112.40, 35.50, 0.001
"""The upper left corner and the cell of all rasters, degrees: inside 阳城县."""

CONTENT = """
title: {zh: 试, en: trial}
note: {zh: 试, en: trial}
ranking: lowest
ranking_source: {zh: 团队取值, en: team's choice}
knocked_out_share: {value: 0.5, source: {zh: 团队取值, en: team's choice}}
relief_radius: {value: 100 m, source: {zh: 团队取值, en: team's choice}}
legend:
  names: {grass: [4], bare: [7], water: [5]}
  titles: {grass: {zh: 草, en: grass}, bare: {zh: 裸, en: bare}, water: {zh: 水, en: water}}
  source: {zh: 试, en: trial}
criteria:
  height: {title: {zh: 高, en: height}, unit: m, from: {terrain: elevation}}
  cover: {title: {zh: 覆盖, en: cover}, from: {cover: classes}}
  soil: {title: {zh: 土, en: soil}, unit: cm, from: {raster: numbers}}
  road: {title: {zh: 路, en: road}, unit: m, from: {near: {search: 5 km}}}
  damage: {title: {zh: 损毁, en: damage}, from: {value: STWT}}
  barred: {title: {zh: 禁区, en: barred}, unit: "%", from: {inside: {}}}
modes:
  forest:
    title: {zh: 宜林, en: forest}
    group: target
    says: {zh: 试, en: trial}
    uses:
      height: {weight: 0.5, membership: {linear: {zero: 0, one: 100}}, source: {zh: 团队取值, en: team's choice}}
      cover:
        weight: 0.3
        membership: {table: {grass: 1, bare: 0.4}, other: 0.2}
        limit: {among: [water]}
        source: {zh: 团队取值, en: team's choice}
      road: {weight: 0.2, membership: {linear: {zero: 1000, one: 0}}, source: {zh: 团队取值, en: team's choice}}
      barred: {weight: 0, limit: {above: 1}, source: {zh: 团队取值, en: team's choice}}
  grass:
    title: {zh: 宜草, en: grass}
    group: target
    says: {zh: 试, en: trial}
    uses:
      height:
        weight: 0.6
        membership: {trapezoid: [0, 20, 60, 100]}
        limit: {above: 90}
        source: {zh: 团队取值, en: team's choice}
      soil: {weight: 0.4, membership: {linear: {zero: 0, one: 50}}, source: {zh: 团队取值, en: team's choice}}
  natural:
    title: {zh: 自然恢复, en: natural recovery}
    group: way
    code: "1"
    says: {zh: 试, en: trial}
    uses:
      damage:
        weight: 1
        membership: {table: {"1": 0.5, "2": 0, "3": 0.6}, other: 0.5}
        limit: {among: ["2"]}
        source: {zh: 团队取值, en: team's choice}
sensitivity: {step: 0.2, samples: 100, concentration: 50, seed: 1, source: {zh: 团队取值, en: team's choice}}
"""


def content_in(folder: Path, changes: Mapping[str, str] | None = None) -> Suitability:
    """Write the suitability file, with some of its text changed, and read it."""
    text = CONTENT
    for old, new in (changes or {}).items():
        if old not in text:
            raise AssertionError(old)
        text = text.replace(old, new)
    path = folder / "suitability.yaml"
    path.write_text(text, encoding="utf-8")
    return read_suitability(path)


def raster(path: Path, values: list[list[float]], nodata: float = -1.0) -> Path:
    """Write a raster of a few cells; NaN is nodata."""
    cells: NDArray[np.float64] = np.array(values, dtype=np.float64)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="float32",
        count=1,
        nodata=nodata,
        width=cells.shape[1],
        height=cells.shape[0],
        crs="EPSG:4490",
        transform=Affine(CELL, 0.0, WEST, 0.0, -CELL, NORTH),
    ) as file:
        file.write(np.where(np.isnan(cells), nodata, cells).astype(np.float32), 1)
    return path


def cells_box(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    """Return a box given in cells of the rasters, from their upper left corner to the east and south."""
    return shapely.box(WEST + left * CELL, NORTH - bottom * CELL, WEST + right * CELL, NORTH - top * CELL)


def record(shape: BaseGeometry, **values: str | tuple[str, ...]) -> Record:
    """Return a parcel."""
    return Record("p1", "一号坑", "140522", shape, values)


def values_at(content: Suitability, given: Given, parcel: Record, workspace: Workspace) -> dict[str, Value]:
    """Return the values of the criteria at a parcel."""
    plane = MeasuringPlane(workspace.file.latitude)
    assert parcel.geometry is not None
    footprint = Footprint.of(Site(parcel.id, parcel.name, parcel.geometry, "EPSG:4490", "test"), plane)
    source = LayerSource(workspace.catalogue, plane)
    with opened(content, given, source=source, footprints=[footprint], on=ON) as inputs:
        return inputs.values(parcel, footprint)
