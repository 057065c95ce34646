"""PostGIS: zones cut by ST_Subdivide, a GiST index over the pieces, the covers shortcut in SQL."""

import os
from typing import Any

import numpy as np
import shapely

from bench.peers.interface import MissingError, Pairs, ordered
from bench.province.files import Province
from bench.province.layers import NAMES
from bench.province.zones import Geometries

URL_VARIABLE = "ZONING_TEST_POSTGIS"
VERTICES = 128
_SETTINGS = {"work_mem": "256MB", "maintenance_work_mem": "512MB", "jit": "off", "synchronous_commit": "off"}
_JOIN = """
    SELECT s.id, z.id, {area}
    FROM sites s JOIN {layer} z ON ST_Intersects(z.geometry, s.geometry)
"""
_AREA = """
    CASE WHEN ST_CoveredBy(s.geometry, z.geometry) THEN ST_Area(s.geometry)
         WHEN ST_Covers(s.geometry, z.geometry) THEN ST_Area(z.geometry)
         ELSE ST_Area(ST_Intersection(z.geometry, s.geometry)) END
"""


class PostGIS:
    """Layers and sites as tables of a server on this machine, that of `ZONING_TEST_POSTGIS`."""

    def __init__(self, *, threads: int) -> None:
        url = os.environ.get(URL_VARIABLE)
        if not url:
            raise MissingError(f"no server: {URL_VARIABLE} is not set (scripts/with-postgis sets it)")
        try:
            import psycopg
        except ImportError as error:
            raise MissingError("psycopg is not installed: scripts/setup dev") from error
        self._base: Any = psycopg.connect(url, autocommit=True)
        self._base.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        for name, value in {**_SETTINGS, "max_parallel_workers_per_gather": str(threads)}.items():
            self._base.execute(f"SET {name} = '{value}'")
        self._lines: set[str] = set()

    def load(self, province: Province) -> None:
        """Copy the layers, cut and index them."""
        for name in NAMES:
            if province.layer(name).lines:
                self._lines.add(name)
                self._copy(name, province.geometries(name))
            else:
                self._copy(f"{name}_whole", province.geometries(name))
                self._base.execute(f"DROP TABLE IF EXISTS {name}")
                self._base.execute(
                    f"CREATE UNLOGGED TABLE {name} AS "  # noqa: S608 - our own names
                    f"SELECT id, ST_Subdivide(geometry, {VERTICES}) AS geometry FROM {name}_whole"
                )
                self._base.execute(f"DROP TABLE {name}_whole")
            self._index(name)

    def take(self, province: Province, count: int) -> None:
        """Copy the sites."""
        self._copy("sites", province.sites(count).geometries)
        self._index("sites")

    def overlay(self) -> dict[str, Pairs]:
        """Overlay all sites with all layers."""
        found = {}
        for name in NAMES:
            area = "0.0::float8" if name in self._lines else _AREA
            rows = self._base.execute(_JOIN.format(area=area, layer=name)).fetchall()
            sites, zones, areas = zip(*rows, strict=True) if rows else ((), (), ())
            found[name] = ordered(
                np.array(sites, dtype=np.int64), np.array(zones, dtype=np.int64), np.array(areas, dtype=np.float64)
            )
        return found

    def _copy(self, table: str, geometries: Geometries) -> None:
        self._base.execute(f"DROP TABLE IF EXISTS {table}")
        self._base.execute(f"CREATE UNLOGGED TABLE {table} (id bigint, geometry geometry)")
        lines = shapely.to_wkb(geometries, hex=True)
        with self._base.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for begin in range(0, len(lines), 10_000):
                some = lines[begin : begin + 10_000]
                copy.write("".join(f"{begin + at}\t{line}\n" for at, line in enumerate(some)))

    def _index(self, table: str) -> None:
        self._base.execute(f"CREATE INDEX ON {table} USING gist (geometry)")
        self._base.execute(f"VACUUM ANALYZE {table}")
