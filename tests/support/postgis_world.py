"""Layers in a PostgreSQL of their own: the cluster, and what turns a workspace of files into one of tables."""

import gc
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from subprocess import PIPE
from typing import Any, NoReturn
from urllib.parse import quote

import numpy as np
import psycopg
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from psycopg import sql

from overlay_world import DAY, catalogue, layer
from zoning.layers.catalogue import Catalogue, Coverage, Edition
from zoning.layers.reader import Features, Unavailable, read_window

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import postgis_cluster  # noqa: E402 - scripts/ is no package
from postgis_cluster import APT, MISSING, URL_VARIABLE, Cluster  # noqa: E402 - after the path is set

__all__ = [
    "BOX",
    "HERE",
    "ROOT",
    "Cluster",
    "connect",
    "into_database",
    "load_file",
    "postgis_cluster",
    "read",
    "reason",
    "run_cluster",
    "run_sql",
    "tables_of",
    "tcp_url",
    "water",
    "write_table",
    "zones",
]

SCHEMA = "gis"
HERE = (112.3, 35.3, 112.5, 35.6)
BOX = shapely.box(112.40, 35.40, 112.41, 35.41)
_TYPES = {"int32": "integer", "int64": "bigint", "float64": "double precision", "bool": "boolean"}


def run_cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    """Yield a running cluster; skip the tests, or fail them, where it cannot be had.

    It ends when its standard input does: also when these tests are killed.
    """
    command = [str(ROOT / "scripts" / "with-postgis"), "sh", "-c", f'echo "${URL_VARIABLE}"; cat']
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True) as process:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise AssertionError(process)
        url = process.stdout.readline().strip()
        if not url:
            said = process.stderr.read().strip()
            assert process.wait() == MISSING, said
            unavailable("PostgreSQL with PostGIS", APT)
        # Every connection of a test collects garbage first: not among all the modules that pytest has imported.
        gc.collect()
        gc.freeze()
        yield Cluster.running(url)
        process.stdin.close()
        assert process.wait() == 0


def connect(cluster: Cluster) -> psycopg.Connection[tuple[Any, ...]]:
    """Return a connection as the owner of the cluster; every statement stands for itself, and none waits long."""
    gc.collect()  # what still reads, in the frames of an error that was caught, holds its tables fast
    return psycopg.connect(cluster.url, autocommit=True, options="-c lock_timeout=5s")


def run_sql(cluster: Cluster, *commands: str) -> None:
    """Run commands as the owner of the cluster."""
    with connect(cluster) as connection:
        for command in commands:
            connection.execute(command.encode())


def tcp_url(cluster: Cluster, user: str, password: str | None, database: str = "zoning") -> str:
    """Return the address over the network, where a password is asked for."""
    secret = "" if password is None else f":{quote(password, safe='')}"
    return f"postgresql://{user}{secret}@127.0.0.1:{cluster.port}/{database}"


def write_table(
    cluster: Cluster,
    table: str,
    geometries: Sequence[shapely.Geometry | None] | NDArray[np.object_],
    columns: Mapping[str, tuple[str, Sequence[Any]]],
    *,
    srid: int = 4490,
    first_key: int = 1,
) -> str:
    """Write a table anew, with a primary key `fid` and an index of its geometry; return its full name.

    Parameters
    ----------
    columns
        Name -> SQL type and values.
    """
    name = sql.Identifier(SCHEMA, table)
    definitions = [sql.SQL("{} {}").format(sql.Identifier(key), sql.SQL(kind)) for key, (kind, _) in columns.items()]
    fields = sql.SQL(", ").join([*definitions, sql.SQL("geom geometry")])
    shapes = shapely.set_srid(np.asarray([*geometries, None], dtype=object)[:-1], srid)
    wkb = shapely.to_wkb(shapes, hex=True, include_srid=True)
    with connect(cluster) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(name))
        connection.execute(sql.SQL("CREATE TABLE {} (fid bigint PRIMARY KEY, {})").format(name, fields))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            values = [values for _, values in columns.values()]
            for number, row in enumerate(zip(*values, wkb, strict=True), start=first_key):
                copy.write_row((number, *row))
        connection.execute(sql.SQL("CREATE INDEX ON {} USING gist (geom)").format(name))
        connection.execute(sql.SQL("ANALYZE {}").format(name))
    return f"{SCHEMA}.{table}"


def load_file(cluster: Cluster, path: Path, file_table: str | None, table: str) -> str:
    """Write a table of a layer file into the database, record by record; return its full name."""
    meta, fids, wkb, columns = pyogrio.raw.read(path, layer=file_table, return_fids=True, force_2d=False)
    kinds = {
        str(name): (_TYPES.get(column.dtype.name, "text"), [_plain(value) for value in column])
        for name, column in zip(meta["fields"], columns, strict=True)
    }
    srid = int(str(meta["crs"]).removeprefix("EPSG:"))
    return write_table(cluster, table, shapely.from_wkb(wkb), kinds, srid=srid, first_key=int(min(fids, default=1)))


def _plain(value: Any) -> Any:
    return None if value is None or value != value else getattr(value, "item", lambda: value)()  # noqa: PLR0124 - NaN


def into_database(cluster: Cluster, files: Catalogue, url: str | None = None) -> Catalogue:
    """Return the same layers, their editions and coverages read from tables that hold what the files hold."""
    moved = {}
    for name, known in files.layers.items():
        editions = {}
        for edition_id, edition in known.editions.items():
            path = files.root / "layers" / str(edition.file)
            table = load_file(cluster, path, edition.table, f"{name}-{edition_id}")
            stated = edition.model_dump(exclude={"file", "encoding"}) | {"source": url or cluster.url, "table": table}
            editions[edition_id] = Edition.model_validate(stated)
        coverage = known.coverage
        if coverage.file is not None:
            path = files.root / "layers" / coverage.file
            coverage = Coverage(table=load_file(cluster, path, coverage.table, f"{name}-ground"))
        moved[name] = known.model_copy(update={"editions": editions, "coverage": coverage})
    return Catalogue(files.root, moved, files.territory_layer)


def water(root: Path, cluster: Cluster, table: str = "gis.water", url: str = "", **changes: Any) -> Catalogue:
    """Return a catalogue whose layer of water is a table; `changes` are fields of the layer or of its edition."""
    stated = {key: changes.pop(key) for key in ("sha256", "geometry_field", "coverage") if key in changes}
    edition = Edition.model_validate({"source": url or cluster.url, "table": table, "valid_from": DAY, **stated})
    known = layer(editions={"2020": edition}, crs=changes.pop("crs", "EPSG:4490"))
    return catalogue(root, known.model_copy(update=changes))


def read(known: Catalogue, bounds: tuple[float, float, float, float] = HERE) -> Features:
    """Return the window of the layer of water."""
    found = read_window(known, "water", on=DAY, bounds=bounds)
    assert isinstance(found, Features), found
    return found


def reason(known: Catalogue, *, passing: bool = False) -> str:
    """Return why the layer of water cannot be read, and whether it is worth asking again."""
    found = read_window(known, "water", on=DAY, bounds=HERE)
    assert isinstance(found, Unavailable), found
    assert found.passing is passing
    return found.reason.en


def zones(cluster: Cluster, geometries: list[shapely.Geometry | None], *, srid: int = 4490) -> str:
    """Write zones Z0, Z1 ... of class LEVEL-1 into gis.water."""
    count = range(len(geometries))
    columns = {
        "zone_id": ("text", [f"Z{number}" for number in count]),
        "name": ("text", [f"区{number}" for number in count]),
        "class": ("text", ["LEVEL-1" for _ in count]),
    }
    return write_table(cluster, "water", geometries, columns, srid=srid)


def tables_of(cluster: Cluster, root: Path, url: str | None = None) -> Path:
    """Move the layers of a tiny workspace into the database, its YAML files included; return its root."""
    for file in sorted((root / "layers").glob("*.yaml")):
        table = load_file(cluster, root / "layers" / "data" / f"{file.stem}.geojson", None, file.stem)
        text = file.read_text(encoding="utf-8")
        there = f"{{file: data/{file.stem}.geojson, "
        assert there in text
        file.write_text(text.replace(there, f'{{source: "{url or cluster.url}", table: {table}, '), encoding="utf-8")
    return root
