"""The province on disk: drawn once, kept in a cache folder, read by every peer in the form it likes best."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from bench.province.chance import Whole
from bench.province.layers import NAMES, Size, draw_layers
from bench.province.sites import Sites, draw_sites
from bench.province.writing import write_geopackage, write_parquet
from bench.province.zones import Geometries, Layer, Ragged

SEED = 20261122


def default_cache() -> Path:
    """Return the folder for provinces when none is named: among the temporary files, one for each user."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return Path(tempfile.gettempdir()) / f"zoning-bench-{user}"


@dataclass(frozen=True)
class Province:
    """A province in a folder; what is missing of it is made when asked for."""

    cache: Path
    size: Size
    seed: int = SEED
    _layers: dict[str, Layer] = field(default_factory=dict)

    @cached_property
    def root(self) -> Path:
        """The folder of this province: named by everything that it depends on."""
        stated = json.dumps({"seed": self.seed, **asdict(self.size)}, sort_keys=True)
        digest = hashlib.sha256(stated.encode())
        for module in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(module.read_bytes())
        return self.cache / f"{self.size.fields}-fields-{digest.hexdigest()[:12]}"

    def layer(self, name: str) -> Layer:
        """Return a layer; its arrays are mapped, not read."""
        if name not in self._layers:
            folder = self.root / "arrays"
            once(folder, self._write_arrays)
            classes = np.load(folder / f"{name}.classes.npy", mmap_mode="r")
            self._layers[name] = Layer(name, _load(folder, name), classes)
        return self._layers[name]

    @property
    def layers(self) -> dict[str, Layer]:
        """All layers by name, always in the same order."""
        return {name: self.layer(name) for name in NAMES}

    @property
    def outline(self) -> Ragged:
        """The border of the province."""
        once(self.root / "arrays", self._write_arrays)
        return _load(self.root / "arrays", "province")

    def geometries(self, name: str) -> Geometries:
        """Return the zones of a layer, (n,)."""
        return self.layer(name).shapes.geometries()

    def sites(self, count: int) -> Sites:
        """Return so many sites."""
        folder = self.root / f"sites-{count}"

        def write(partial: Path) -> None:
            partial.mkdir()
            drawn = draw_sites(self.seed, self.layers, count)
            _save(partial, "sites", Ragged.of(drawn.geometries))
            np.save(partial / "kinds.npy", drawn.kinds)
            np.save(partial / "layers.npy", drawn.layers)
            np.save(partial / "zones.npy", drawn.zones)

        once(folder, write)
        zones: Whole = np.load(folder / "zones.npy")
        shapes = _single(_load(folder, "sites").geometries())
        return Sites(shapes, np.load(folder / "kinds.npy"), np.load(folder / "layers.npy"), zones)

    def parquet(self, name: str) -> Path:
        """Return a layer as GeoParquet: the number of the zone in `id`."""
        path = self.root / "parquet" / f"{name}.parquet"
        once(path, lambda partial: write_parquet(partial, self.geometries(name)))
        return path

    def sites_parquet(self, count: int) -> Path:
        """Return the sites as GeoParquet."""
        path = self.root / "parquet" / f"sites-{count}.parquet"
        once(path, lambda partial: write_parquet(partial, self.sites(count).geometries))
        return path

    def geopackage(self, name: str) -> Path:
        """Return a layer as GeoPackage with a spatial index, in the measuring plane."""
        path = self.root / "geopackage" / f"{name}.gpkg"
        once(path, lambda partial: write_geopackage(partial, self.geometries(name), self.layer(name).classes, name))
        return path

    def _write_arrays(self, partial: Path) -> None:
        partial.mkdir()
        layers, outline = draw_layers(self.seed, self.size)
        for name, layer in layers.items():
            _save(partial, name, layer.shapes)
            np.save(partial / f"{name}.classes.npy", layer.classes)
        _save(partial, "province", outline)


def once(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file or folder when it is not there yet; one that was not finished is never seen."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".partial-") as folder:
        partial = Path(folder) / path.name
        write(partial)
        try:
            partial.rename(path)
        except OSError:
            # Somebody else was quicker.
            if not path.exists():
                raise


def forget(cache: Path) -> None:
    """Delete all provinces."""
    shutil.rmtree(cache, ignore_errors=True)


def _save(folder: Path, name: str, shapes: Ragged) -> None:
    np.save(folder / f"{name}.kind.npy", np.array(shapes.kind))
    np.save(folder / f"{name}.xy.npy", shapes.xy)
    for level, offsets in enumerate(shapes.offsets):
        np.save(folder / f"{name}.offsets-{level}.npy", offsets)


def _load(folder: Path, name: str) -> Ragged:
    levels = sorted(folder.glob(f"{name}.offsets-*.npy"))
    offsets: tuple[Whole, ...] = tuple(np.load(path, mmap_mode="r") for path in levels)
    return Ragged(int(np.load(folder / f"{name}.kind.npy")), np.load(folder / f"{name}.xy.npy", mmap_mode="r"), offsets)


def _single(sites: Geometries) -> Geometries:
    """Return multipolygons of one part as the polygons that they were."""
    import shapely

    found = sites.copy()
    one = shapely.get_num_geometries(sites) == 1
    found[one] = shapely.get_geometry(sites[one], 0)
    return found
