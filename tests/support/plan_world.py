"""A territory with townships and members of units, by chance, as files and layers."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, catalogue, layer, metres, write_zones
from zoning.layers.catalogue import Coverage
from zoning.overlay.source import LayerSource
from zoning.planning.units.scheme import Scheme

CRS = "EPSG:4525"
TERRITORY = "Z0"
WIDE, HIGH = 12_000.0, 9_000.0
MEMBERS = {"red": "priority", "water": "priority", "town": "key", "park": "key"}
SCHEME = Scheme.model_validate(
    {
        "id": "units",
        "title": {"zh": "方案", "en": "scheme"},
        "units": "units",
        "split_by": "townships",
        "minimum": 5_000.0,
        "classes": {
            "priority": {"digit": 1, "members": [{"layer": "red"}, {"layer": "water"}]},
            "key": {"digit": 2, "members": [{"layer": "town"}, {"layer": "park"}]},
            "general": {"digit": 3, "members": []},
        },
    }
)


@dataclass(frozen=True, slots=True)
class PlanWorld:
    """Zones by layer in EPSG:4525, and where they are read from."""

    source: LayerSource
    zones: dict[str, list[BaseGeometry]]
    territory: BaseGeometry
    townships: list[BaseGeometry]


def plan_world(seed: int, root: Path, *, shift: tuple[str, float] | None = None) -> PlanWorld:
    """Write a territory, two to six townships and four member layers.

    Parameters
    ----------
    shift
        Layer and metres: one vertex of its first zone is moved outwards.
    """
    chance = np.random.default_rng(seed)
    territory = _ragged(chance, (WIDE / 2, HIGH / 2), min(WIDE, HIGH) / 2, 60)
    townships = _strips(chance, territory)
    zones = {name: [_ragged(chance, _place(chance), _radius(chance), 14) for _ in range(6)] for name in MEMBERS}
    if shift is not None:
        name, by = shift
        zones[name][0] = _moved(zones[name][0], by)
    covered = Coverage(territories=(TERRITORY,))
    layers = [layer(name, classes=("any",), crs=CRS, coverage=covered) for name in (*MEMBERS, "townships", "units")]
    lonlat = PLANE.to_lonlat(PLANE.to_plane([territory], CRS, step_m=85.0))[0]
    _write(root, "territory", [lonlat], "COUNTY", "EPSG:4490")
    for name, shapes in {"townships": townships, "units": [], **zones}.items():
        _write(root, name, shapes, "ANY", CRS)
    return PlanWorld(LayerSource(catalogue(root, *layers), PLANE), zones, territory, townships)


def _write(root: Path, name: str, shapes: list[BaseGeometry], code: str, crs: str) -> None:
    path = root / "layers" / "data" / f"{name}.gpkg"
    write_zones(path, [(shape, f"区{number}", code) for number, shape in enumerate(shapes)], crs=crs)


def _ragged(chance: np.random.Generator, place: tuple[float, float], radius: float, corners: int) -> BaseGeometry:
    angles = np.sort(chance.uniform(0, 2 * np.pi, corners))
    far = radius * chance.uniform(0.5, 1.0, corners)
    x, y = place[0] + far * np.cos(angles), place[1] + far * np.sin(angles)
    shape = shapely.Polygon([metres(a, b) for a, b in zip(x, y, strict=True)]).buffer(0)
    largest: BaseGeometry = max(shapely.get_parts(shape), key=lambda part: part.area)
    return largest


def _strips(chance: np.random.Generator, territory: BaseGeometry) -> list[BaseGeometry]:
    west, south, east, north = territory.bounds
    cuts = [west, *np.sort(chance.uniform(west, east, int(chance.integers(1, 5)))), east]
    return [territory.intersection(shapely.box(one, south, other, north)) for one, other in pairwise(cuts)]


def _place(chance: np.random.Generator) -> tuple[float, float]:
    return float(chance.uniform(0, WIDE)), float(chance.uniform(0, HIGH))


def _radius(chance: np.random.Generator) -> float:
    return float(10 ** chance.uniform(1.5, 3.4))


def _moved(shape: BaseGeometry, by: float) -> BaseGeometry:
    xy = shapely.get_coordinates(shapely.get_exterior_ring(shape))[:-1]
    middle = xy.mean(axis=0)
    xy[0] += by * (xy[0] - middle) / np.linalg.norm(xy[0] - middle)
    return shapely.Polygon(xy).buffer(0)
