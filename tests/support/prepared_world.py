"""Prepared layers in tests: a workspace to prepare, and the comparison with what a window of the source gives."""

from datetime import date
from pathlib import Path

import numpy as np
import shapely

import overlay_world as world
import tiny_workspace
from zoning.layers.catalogue import Catalogue
from zoning.layers.reader import Features, LayerStore
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.prepared.folder import Folder
from zoning.overlay.prepared.store import PreparedStore
from zoning.workspace import Workspace

DAY = date(2024, 1, 1)
WORLD = (-180.0, -90.0, 180.0, 90.0)


def tiny(root: Path) -> Workspace:
    """Return the tiny workspace: territory, water, farmland."""
    return Workspace.open(tiny_workspace.build(root))


def store_of(workspace: Workspace, latitude: float | None = None) -> PreparedStore:
    """Return the prepared layers in the workspace's own folder."""
    plane = MeasuringPlane(workspace.file.latitude if latitude is None else latitude)
    return PreparedStore(workspace.root / ".prepared", workspace.catalogue, plane)


def store_in(catalogue: Catalogue) -> PreparedStore:
    """Return the prepared layers of layers made in code."""
    return PreparedStore(catalogue.root / ".prepared", catalogue, world.PLANE)


def window(catalogue: Catalogue, layer_id: str, plane: MeasuringPlane, on: date = DAY) -> PlaneLayer:
    """Return a whole layer as the plain way gives it: the oracle."""
    found = LayerStore(catalogue).read_window(layer_id, on=on, bounds=WORLD)
    assert isinstance(found, Features), found
    return PlaneLayer.of(found, plane)


def catalogue_in(root: Path) -> Catalogue:
    """Return a catalogue with three layers of 1,500 ragged zones together."""
    names = ("fields", "ponds", "woods")
    for number, name in enumerate(names):
        path = root / f"layers/data/{name}.gpkg"
        if not path.exists():
            world.write_zones(path, ragged_zones(number))
    return world.catalogue(root, *(world.layer(name) for name in names))


def ragged_zones(seed: int) -> list[tuple[shapely.Polygon | None, str, str | None]]:
    """Return 500 ragged zones."""
    chance = np.random.default_rng(seed)
    turns = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    zones: list[tuple[shapely.Polygon | None, str, str | None]] = []
    for x, y in chance.uniform((112.1, 35.1), (112.9, 35.9), (500, 2)):
        radius = 0.002 + chance.uniform(0, 0.001, 60)
        ring = np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)])
        zones.append((shapely.Polygon(ring), f"区{len(zones)}", "LEVEL-1"))
    return zones


def content(folder: Path) -> dict[str, bytes]:
    """Return the prepared files in a folder, by name."""
    return {path.name: path.read_bytes() for path in Folder(folder).files()}


def assert_same(prepared: PlaneLayer | None, plain: PlaneLayer) -> None:
    """Compare every field, geometries to the last bit."""
    assert prepared is not None
    for name in ("layer", "edition_id", "class_order", "sha256"):
        assert getattr(prepared, name) == getattr(plain, name), name
    assert prepared.plane.crs == plain.plane.crs
    for name in ("ids", "names", "class_ids", "attributes"):
        assert list(getattr(prepared, name)) == list(getattr(plain, name)), name
        assert len(getattr(prepared, name)) == len(getattr(plain, name)), name
    for name in ("assumed", "class_numbers"):
        one, other = getattr(prepared, name), getattr(plain, name)
        assert (one.dtype, one.tolist()) == (other.dtype, other.tolist()), name
    assert dict(prepared.zone_repairs) == dict(plain.zone_repairs)
    assert prepared.has_assumed == plain.has_assumed
    assert len(prepared.geometries) == len(plain.geometries)
    _assert_same_shapes(prepared, plain)
    assert shapely.to_wkb(prepared.coverage.area) == shapely.to_wkb(plain.coverage.area)
    assert shapely.is_prepared(prepared.coverage.area)


def _assert_same_shapes(prepared: PlaneLayer, plain: PlaneLayer) -> None:
    mine, theirs = prepared.whole(), plain.whole()
    assert shapely.to_wkb(mine).tolist() == shapely.to_wkb(theirs).tolist()
    assert shapely.is_prepared(mine).all()
    for box in shapely.bounds(theirs[:20]).tolist():
        if np.isfinite(box).all():
            west, south, east, north = box
            assert prepared.index.meeting((west, south, east, north)).tolist() == (
                plain.index.meeting((west, south, east, north)).tolist()
            )
