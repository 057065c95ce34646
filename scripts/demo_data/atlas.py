"""Brings the four territories together: one GeoPackage per table, rasters per territory."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from demo_data.drawing import TERRITORIES, Drawing, draw
from demo_data.writing import write_raster, write_table
from demo_data.zones import Table, Zone, numbered

# Short names in the ids of zones that have no code of their own.
_PREFIXES = {
    "rivers": "RV", "transport": "TR", "urban-areas": "UA", "nature-reserves.1994": "NR94",
    "nature-reserves.2026": "NR26",
    "nature-parks": "NP", "drinking-water": "DW", "spring-catchments": "SC", "town-boundary": "TB",
    "industrial-parks": "IP",
    "farmland-quality": "FQ", "ecological-red-line.2022": "RL22", "ecological-red-line.2017": "RL17",
    "ecological-safety-control": "SF", "ecological-control-line": "CL", "contaminated-plots": "CP",
    "groundwater-overdraft": "OD", "no-coal-zones": "NC", "livestock-zones": "LS", "heritage": "HE",
    "mine-parcels": "MP",
    "special-ecological-areas": "SE", "forest-land": "FL", "barren-hills": "BH", "soil-risk-zones": "SR",
    "land-zones": "LZ",
}  # fmt: skip
TABLES = ("territory", "townships", "permanent-basic-farmland", "management-units", *_PREFIXES)


def tables_of(drawings: Iterable[Drawing]) -> list[Table]:
    """Return all tables of some territories, zones in order of territory."""
    found: dict[str, list[Zone]] = {name: [] for name in TABLES}
    for drawing in drawings:
        for name in TABLES:
            prefix = f"{drawing.land.facts.code}-{_PREFIXES.get(name, 'X')}"
            found[name] += numbered(drawing.tables.get(name, []), prefix)
    return [
        Table(name.partition(".")[0], name.replace(".", "-"), tuple(zones), lines=name == "transport")
        for name, zones in found.items()
        if zones
    ]


def write_rasters(drawing: Drawing, folder: Path) -> list[Path]:
    """Write relief and land cover of one territory."""
    code, grid = drawing.land.facts.code, drawing.ground.grid
    heights = np.round(drawing.ground.height).astype(np.int16)
    paths = [write_raster(heights, grid, folder / f"dem-{code}.tif", "示意高程（米） / schematic elevation (m)")]
    if drawing.cover is not None:
        text = "示意地类 / schematic land cover: 1 耕地 2 林地 3 草地灌丛 4 水域 5 建设用地 6 裸地"
        paths.append(write_raster(drawing.cover, grid, folder / f"land-cover-{code}.tif", text))
    return paths


def write_all(out: Path) -> list[Path]:
    """Draw everything and write it below `out`: layers/data and maps/data."""
    layers, maps = out / "layers" / "data", out / "maps" / "data"
    for folder in (layers, maps):
        folder.mkdir(parents=True, exist_ok=True)
    drawings = [draw(code) for code in TERRITORIES]
    paths = [write_table(table, layers) for table in tables_of(drawings)]
    for drawing in drawings:
        paths += write_rasters(drawing, maps)
    return paths
