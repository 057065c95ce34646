"""Layers and sites made in code, for tests of reader and overlay."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geopackage_edits import Statement, changed_geopackage
from zoning.layers.catalogue import Catalogue, Coverage, Edition, Layer, ZoneClass
from zoning.layers.reader import Features, Unavailable
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import PlaneLayer, measure
from zoning.overlay.overlap import LayerOverlap
from zoning.overlay.plane import MeasuringPlane
from zoning.sites.site import Site
from zoning.texts import Text

TITLE = Text("图层", "layer")
PLANE = MeasuringPlane(35.5)
WORLD = shapely.box(111.0, 34.0, 114.0, 39.0)
DAY = date(2024, 1, 1)
Zone = tuple[BaseGeometry, str]
RENAMED: Statement = ("UPDATE zones SET zone_id = ?", ("140522",))
"""What makes the zones of a file the territory."""


def layer(
    name: str = "water",
    *,
    accuracy_m: float = 0.0,
    lines: bool = False,
    crs: str = "EPSG:4490",
    classes: Sequence[str] = ("level-1", "level-2"),
    editions: Mapping[str, Edition] | None = None,
    coverage: Coverage | None = None,
) -> Layer:
    """Return the definition of a layer whose class codes are the class ids in capitals."""
    return Layer(
        id=name,
        title=TITLE,
        group="base",
        geometry="line" if lines else "polygon",
        authority=TITLE,
        source=TITLE,
        crs=crs,
        schematic=False,
        accuracy_m=accuracy_m,
        id_field="zone_id",
        name_field="name",
        class_field="class",
        classes={class_id: ZoneClass(title=TITLE, codes=(class_id.upper(),)) for class_id in classes},
        editions=editions or {"2020": Edition(file=f"data/{name}.gpkg", valid_from=date(2020, 1, 1))},
        coverage=coverage or Coverage(territories=("140522",)),
    )


def features(
    zones: Sequence[Zone],
    *,
    crs: str = "EPSG:4490",
    accuracy_m: float = 0.0,
    lines: bool = False,
    coverage: BaseGeometry = WORLD,
) -> Features:
    """Return zones (geometry, class id) as if they had been read."""
    definition = layer(accuracy_m=accuracy_m, lines=lines, crs=crs)
    count = len(zones)
    return Features(
        layer=definition,
        edition_id="2020",
        edition=definition.editions["2020"],
        crs=crs,
        geometries=np.array([zone for zone, _ in zones] + [None], dtype=object)[:-1],
        ids=tuple(f"Z{number}" for number in range(count)),
        names=tuple(f"区{number}" for number in range(count)),
        class_ids=tuple(class_id for _, class_id in zones),
        assumed=(False,) * count,
        attributes=({},) * count,
        coverage=coverage,
        coverage_crs="EPSG:4490",
        sha256="0" * 64,
    )


def site(geometry: BaseGeometry, crs: str = "EPSG:4490", *, width_m: float | None = None) -> Site:
    """Return a footprint as if it had been read."""
    return Site(id="1", name="地块一", geometry=geometry, crs=crs, source="site.geojson", width_m=width_m)


def footprint(geometry: BaseGeometry, crs: str = "EPSG:4490", *, width_m: float | None = None) -> Footprint:
    """Return a footprint in the measuring plane."""
    return Footprint.of(site(geometry, crs, width_m=width_m), PLANE)


def overlay(
    geometry: BaseGeometry,
    found: Features,
    *,
    site_crs: str = "EPSG:4490",
    within: BaseGeometry | None = None,
    search_m: float = 5000.0,
    tolerance_m2: float = 1.0,
) -> LayerOverlap:
    """Measure a site against zones."""
    near = PlaneLayer.of(found, PLANE)
    return measure(footprint(geometry, site_crs), near, within=within, search_m=search_m, tolerance_m2=tolerance_m2)


def metres(x: float, y: float, *, zone: int = 37) -> tuple[float, float]:
    """Return a point some metres from one place in the county, in EPSG:4525 (zone 37) or EPSG:4526 (zone 38)."""
    east = {37: 37_627_000.0, 38: 38_355_000.0}[zone]
    return east + x, 3_930_000.0 + y


def box_m(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a box in EPSG:4525, metres from a place in the middle of the county."""
    return shapely.box(*metres(west, south), *metres(east, north))


def write_zones(
    path: Path,
    zones: Sequence[tuple[BaseGeometry | None, str, str | None]],
    *,
    crs: str = "EPSG:4490",
    table: str = "zones",
) -> Path:
    """Write zones (geometry, name, class code) with pyogrio; the suffix says which format."""
    import pyogrio.raw

    path.parent.mkdir(parents=True, exist_ok=True)
    drivers = {
        ".gpkg": "GPKG",
        ".shp": "ESRI Shapefile",
        ".gdb": "OpenFileGDB",
        ".fgb": "FlatGeobuf",
        ".geojson": "GeoJSON",
    }
    geometries = np.array([zone for zone, _, _ in zones] + [None], dtype=object)[:-1]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(geometries),
        [
            np.array([f"Z{number}" for number in range(len(zones))], dtype=object),
            np.array([name for _, name, _ in zones], dtype=object),
            np.array([code for _, _, code in zones], dtype=object),
        ],
        ["zone_id", "name", "class"],
        layer=path.stem if path.suffix == ".shp" else table,
        driver=drivers[path.suffix],
        geometry_type="Unknown" if path.suffix == ".gpkg" else "Polygon",
        crs=crs,
        **({"encoding": "GBK"} if path.suffix == ".shp" else {}),
    )
    return path


def catalogue(root: Path, *layers: Layer) -> Catalogue:
    """Return a catalogue with the territory 140522 (112-113°E, 35-36°N) and `layers`."""
    territory = layer("territory", classes=("county",))
    if not (root / "layers/data/territory.gpkg").exists():
        write_zones(root / "layers/data/territory.gpkg", [(shapely.box(112, 35, 113, 36), "阳城县", "COUNTY")])
        changed_geopackage(root / "layers/data/territory.gpkg", RENAMED)
    return Catalogue(root, {each.id: each for each in (territory, *layers)}, "territory")


def reason_of(found: Features | Unavailable) -> str:
    """Return why a layer cannot answer, in English."""
    assert isinstance(found, Unavailable)
    return found.reason.en
