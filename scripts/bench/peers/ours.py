"""Our engine: packed zones mapped from files, the area kernel without overlay."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import shapely

from bench.peers.interface import Near, Pairs, Whole
from bench.province.files import Province, once
from bench.province.layers import NAMES
from bench.province.zones import Geometries
from zoning.overlay.kernel import engine
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.prepared.container import open_arrays, write_arrays

KERNEL = Path(engine.__file__).parent


def prepared(province: Province, name: str) -> Path:
    """Return the prepared form of a layer; made anew whenever the kernel changes."""
    digest = hashlib.sha256()
    for module in sorted(KERNEL.glob("*.py")):
        digest.update(module.read_bytes())
    path = province.root / f"prepared-{digest.hexdigest()[:12]}" / f"{name}.zones"

    def write(partial: Path) -> None:
        write_arrays(partial, PackedZones.of(province.geometries(name)).arrays(), {"layer": name})

    once(path, write)
    return path


def forget_older(province: Province) -> None:
    """Delete what older kernels prepared: half a gigabyte each."""
    current = prepared(province, NAMES[0]).parent
    for folder in province.root.glob("prepared-*"):
        if folder != current:
            shutil.rmtree(folder, ignore_errors=True)


class Engine:
    """The engine, with its answers in full: `relations` are compared as well."""

    threads = 1
    """The answer does not depend on it."""

    def __init__(self) -> None:
        self._layers: dict[str, PackedZones] = {}
        self._sites: Geometries = np.empty(0, dtype=object)
        self.relations: dict[str, Whole] = {}

    def load(self, province: Province) -> None:
        """Map the prepared layers, which are made first where they are missing."""
        for name in NAMES:
            self._layers[name] = PackedZones.from_arrays(open_arrays(prepared(province, name))[0])

    def take(self, province: Province, count: int) -> None:
        """Read so many sites."""
        self._sites = province.sites(count).geometries

    def overlay(self) -> dict[str, Pairs]:
        """Overlay all sites with all layers; laying out the sites counts."""
        sites = Shapes.of(self._sites)
        found = {}
        for name, zones in self._layers.items():
            pairs = engine.overlay(sites, zones, threads=self.threads)
            found[name] = Pairs(pairs.sites, pairs.zones, pairs.areas_m2)
            self.relations[name] = pairs.relations.astype(np.int64)
        return found

    def nearest(self, limit_m: float) -> dict[str, Near]:
        """Find the nearest zone of each layer for every site."""
        sites = Shapes.of(self._sites)
        found = {}
        for name, zones in self._layers.items():
            near = engine.nearest(sites, zones, limit_m, threads=self.threads)
            found[name] = Near(near.sites, near.distances_m)
        return found

    def one(self, site: int) -> None:
        """Overlay one site with all layers."""
        alone = Shapes.of(self._sites[site : site + 1])
        for zones in self._layers.values():
            engine.overlay(alone, zones)


def relation_by_geos(sites: Geometries, zones: Geometries) -> Whole:
    """Return how sites and zones that meet lie to each other, (n,), in the numbers of `engine.RELATIONS`."""
    relations = np.full(len(sites), engine.RELATIONS.index("crosses"), dtype=np.int64)
    relations[shapely.touches(sites, zones)] = engine.RELATIONS.index("touches")
    relations[shapely.contains_properly(zones, sites)] = engine.RELATIONS.index("site-inside")
    relations[shapely.contains_properly(sites, zones)] = engine.RELATIONS.index("zone-inside")
    return relations
