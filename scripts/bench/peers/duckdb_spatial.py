"""DuckDB with its spatial extension from the package index: the SPATIAL_JOIN operator, everything in memory."""

from importlib import resources
from typing import Any

import numpy as np

from bench.peers.interface import MissingError, Pairs, ordered
from bench.province.files import Province
from bench.province.layers import NAMES

_JOIN = "SELECT s.id, z.id, {area} FROM sites s JOIN {layer} z ON ST_Intersects(z.geometry, s.geometry)"


class DuckDB:
    """Layers and sites as tables of a database in memory."""

    def __init__(self, *, threads: int) -> None:
        self._base = _connected(threads)
        self._lines: set[str] = set()

    def load(self, province: Province) -> None:
        """Read the layers; DuckDB's join builds its own tree while it runs."""
        for name in NAMES:
            self._read(name, str(province.parquet(name)))
            if province.layer(name).lines:
                self._lines.add(name)

    def take(self, province: Province, count: int) -> None:
        """Read the sites."""
        self._read("sites", str(province.sites_parquet(count)))

    def overlay(self) -> dict[str, Pairs]:
        """Overlay all sites with all layers."""
        found = {}
        for name in NAMES:
            area = "0.0" if name in self._lines else "ST_Area(ST_Intersection(z.geometry, s.geometry))"
            rows = self._base.execute(_JOIN.format(area=area, layer=name)).fetchnumpy()
            sites, zones, areas = (np.asarray(column) for column in rows.values())
            found[name] = ordered(sites, zones, areas.astype(np.float64))
        return found

    def plan(self, name: str) -> str:
        """Return the plan of the join with one layer."""
        rows = self._base.execute("EXPLAIN " + _JOIN.format(area="0.0", layer=name)).fetchall()
        return "\n".join(str(row[1]) for row in rows)

    def _read(self, table: str, path: str) -> None:
        self._base.read_parquet(path).select("id, geometry").create_view("source")
        self._base.execute(f"CREATE OR REPLACE TABLE {table} AS FROM source")
        self._base.execute("DROP VIEW source")


def _connected(threads: int) -> Any:
    try:
        import duckdb

        folder = resources.files("duckdb_extension_spatial") / "extensions"
        (extension,) = (inner / "spatial.duckdb_extension" for inner in folder.iterdir())
        base = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": threads})
        base.load_extension(str(extension))
    except ImportError as error:
        raise MissingError(f"{error.name} is not installed: scripts/setup bench") from error
    return base
