"""Layers in a database: what their content comes to, and what is wrong with it, in words."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import shapely

from overlay_world import DAY, catalogue, layer
from postgis_world import (
    BOX,
    HERE,
    Cluster,
    connect,
    read,
    reason,
    run_cluster,
    run_sql,
    water,
    write_table,
    zones,
)
from zoning.errors import LayerError
from zoning.layers.catalogue import Coverage, Edition
from zoning.layers.reader import LayerStore, read_window


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    yield from run_cluster(unavailable)


def mistake(root: Path, cluster: Cluster, **changes: Any) -> str:
    with pytest.raises(LayerError) as caught:
        read_window(water(root, cluster, **changes), "water", on=DAY, bounds=HERE)
    return str(caught.value)


CHANGES = {
    "another name": "UPDATE gis.water SET name = name || 'x' WHERE fid = 2",
    "a space at the end": "UPDATE gis.water SET name = name || ' ' WHERE fid = 2",
    "nothing for NULL": "UPDATE gis.water SET name = '' WHERE fid = 3",
    "text that moves to the next column": "UPDATE gis.water SET name = name || zone_id, zone_id = '' WHERE fid = 2",
    "another key": "UPDATE gis.water SET fid = 77 WHERE fid = 2",
    "a vertex moved by the smallest amount": "UPDATE gis.water SET geom = ST_SetPoint(ST_ExteriorRing(geom), 1, "
    "ST_SetSRID(ST_MakePoint(112.41, 35.400000000000006), 4490)) WHERE fid = 2",
    "another start": "UPDATE gis.water SET geom = ST_Reverse(geom) WHERE fid = 2",
    "one more": "INSERT INTO gis.water SELECT 99, zone_id, name, class, geom FROM gis.water WHERE fid = 2",
    "one more without geometry": "INSERT INTO gis.water VALUES (99, 'Z', 'z', 'LEVEL-1', NULL)",
    "one less": "DELETE FROM gis.water WHERE fid = 2",
    "two exchanged": "UPDATE gis.water SET geom = (SELECT o.geom FROM gis.water o WHERE o.fid = 3 - water.fid) "
    "WHERE fid IN (1, 2)",
    "nothing left": "DELETE FROM gis.water",
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_of_content_changes_the_digest(cluster: Cluster, tmp_path: Path, what: str) -> None:
    zones(cluster, [BOX, shapely.box(112.40, 35.40, 112.42, 35.41), BOX])
    run_sql(cluster, "UPDATE gis.water SET name = NULL WHERE fid = 3")
    store = LayerStore(water(tmp_path, cluster))
    before = store.edition_sha256("water", "2020")
    run_sql(cluster, CHANGES[what])
    after = LayerStore(store.catalogue).edition_sha256("water", "2020")
    assert None not in (before, after)
    assert len(before or "") == 64
    assert before != after
    # What a store has begun to read does not change under its hands.
    assert store.edition_sha256("water", "2020") == before


def test_another_type_of_a_column_changes_the_digest(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    known = water(tmp_path, cluster)
    before = read(known).sha256
    run_sql(cluster, "ALTER TABLE gis.water ALTER class TYPE varchar(20)")
    assert read(known).sha256 != before


def test_how_the_content_is_stored_does_not_matter(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [shapely.Point(112.4, 35.4).buffer(0.001 * number) for number in range(1, 400)])
    known = water(tmp_path, cluster)
    before = read(known).sha256
    run_sql(
        cluster,
        "ALTER TABLE gis.water ADD remark text DEFAULT 'not used'",
        "CLUSTER gis.water USING water_geom_idx",
        "UPDATE gis.water SET remark = 'other'",
        "VACUUM FULL gis.water",
        "ALTER ROLE postgres SET datestyle = 'SQL, DMY'",
        "ALTER ROLE postgres SET bytea_output = 'escape'",
        "ALTER ROLE postgres SET extra_float_digits = 0",
        "ALTER ROLE postgres SET search_path = pg_catalog",
        "ALTER ROLE postgres SET max_parallel_workers_per_gather = 0",
    )
    assert read(known).sha256 == before
    run_sql(cluster, "ALTER ROLE postgres RESET ALL")
    # The same records in another table of another name, entered in another order.
    run_sql(
        cluster,
        "DROP TABLE IF EXISTS gis.other",
        "CREATE TABLE gis.other (geom geometry, class text, name text, zone_id text, fid bigint PRIMARY KEY)",
        "INSERT INTO gis.other SELECT geom, class, name, zone_id, fid FROM gis.water ORDER BY fid DESC",
    )
    other = read(water(tmp_path, cluster, "gis.other"))
    assert other.sha256 == before
    assert other.ids == read(known).ids


def test_a_stated_digest_is_verified(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    digest = read(water(tmp_path, cluster)).sha256
    assert read(water(tmp_path, cluster, sha256=digest.upper())).ids == ("Z0",)
    run_sql(cluster, "UPDATE gis.water SET name = 'x'")
    now = read(water(tmp_path, cluster)).sha256
    assert reason(water(tmp_path, cluster, sha256=digest)) == (
        f"zoning:gis.water does not hold what edition 2020 states: its sha256 is {now[:12]}…"
    )


def test_coverage_is_a_table_beside_the_zones(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    area = [shapely.box(112.3, 35.3, 112.45, 35.6), shapely.box(112.45, 35.3, 112.5, 35.4)]
    write_table(cluster, "area", [*area, shapely.box(100, 30, 101, 31)], {})
    known = water(tmp_path, cluster, coverage=Coverage(table="gis.area"))
    assert [part.bounds for part in shapely.get_parts(read(known).coverage)] == [part.bounds for part in area]
    before = LayerStore(known).definition_sha256("water")
    run_sql(cluster, "UPDATE gis.area SET geom = ST_Reverse(geom) WHERE fid = 1")
    assert LayerStore(known).definition_sha256("water") != before
    run_sql(cluster, "DROP TABLE gis.area")
    assert reason(known) == "zoning:gis.area: the database has no such table; check 'table' (capitals count)"


def test_the_coordinate_system_must_be_that_of_the_layer(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX], srid=4525)
    assert mistake(tmp_path, cluster) == (
        "zoning:gis.water: the file's coordinate system is EPSG:4525, layer water states EPSG:4490; correct one of them"
    )
    zones(cluster, [BOX], srid=4326)
    assert read(water(tmp_path, cluster)).ids == ("Z0",)
    zones(cluster, [BOX], srid=0)
    assert read(water(tmp_path, cluster)).ids == ("Z0",)
    zones(cluster, [BOX, BOX])
    run_sql(cluster, "UPDATE gis.water SET geom = ST_SetSRID(geom, 4526) WHERE fid = 2")
    assert mistake(tmp_path, cluster) == (
        "zoning:gis.water: its geometries have several SRIDs (4490, 4526); bring them into the coordinate system that "
        "the layer states"
    )


def test_an_empty_table_states_its_system_as_well(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [])
    assert read(water(tmp_path, cluster)).ids == ()
    run_sql(cluster, "ALTER TABLE gis.water ALTER geom TYPE geometry(Polygon, 4526)")
    assert "EPSG:4526, layer water states EPSG:4490" in mistake(tmp_path, cluster)


def test_a_system_of_their_own(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX], srid=990001)
    run_sql(cluster, "DELETE FROM spatial_ref_sys WHERE srid = 990001")
    with pytest.raises(Exception, match="unknown coordinate system 'SRID 990001'"):
        read(water(tmp_path, cluster))
    with connect(cluster) as connection:
        connection.execute(
            "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext) "
            "SELECT 990001, 'COUNTY', 1, srtext FROM spatial_ref_sys WHERE srid = 4490"
        )
    assert read(water(tmp_path, cluster)).ids == ("Z0",)


def test_coordinates_that_cannot_be_of_the_system(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [shapely.box(3.93e6, 3.7627e7, 3.94e6, 3.7628e7)], srid=4525)
    assert mistake(tmp_path, cluster, crs="EPSG:4525").startswith("zoning:gis.water: its coordinates (3.93e+06, ")
    # In degrees to the very edge of the earth.
    zones(cluster, [shapely.box(-180, -90, 180, 90)])
    assert read(water(tmp_path, cluster)).ids == ("Z0",)


def test_a_projected_table_is_read_by_a_window_in_its_own_metres(cluster: Cluster, tmp_path: Path) -> None:
    near = shapely.box(37_627_000, 3_930_000, 37_627_100, 3_930_100)
    zones(cluster, [near, shapely.box(37_727_000, 3_930_000, 37_727_100, 3_930_100)], srid=4525)
    assert read(water(tmp_path, cluster, crs="EPSG:4525")).ids == ("Z0",)


def test_an_unknown_class_and_a_wrong_shape(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX, BOX])
    run_sql(cluster, "UPDATE gis.water SET class = 'LEVEL-9' WHERE fid = 2")
    assert mistake(tmp_path, cluster) == (
        "zoning:gis.water: feature Z1: class is 'LEVEL-9', no class of layer water; allowed: LEVEL-1, LEVEL-2; "
        "correct the data or add the code to layers/water.yaml"
    )
    run_sql(cluster, "UPDATE gis.water SET class = 'LEVEL-1', geom = ST_ExteriorRing(geom) WHERE fid = 2")
    assert mistake(tmp_path, cluster) == (
        "zoning:gis.water: feature Z1 is a LineString, layer water holds polygons; correct the data or 'geometry' in "
        "layers/water.yaml"
    )


def test_tables_and_columns_that_are_not_there(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    assert reason(water(tmp_path, cluster, "gis.Water")) == (
        "zoning:gis.Water: the database has no such table; check 'table' (capitals count)"
    )
    assert reason(water(tmp_path, cluster, name_field="title")) == (
        "zoning:gis.water: the field title is missing; the table has: fid, zone_id, name, class, geom"
    )
    assert reason(water(tmp_path, cluster, geometry_field="shape")).startswith(
        "zoning:gis.water: the field shape is missing"
    )
    assert reason(water(tmp_path, cluster, geometry_field="name")) == (
        "zoning:gis.water: the field name is of type text; it must be geometry"
    )
    run_sql(cluster, "ALTER TABLE gis.water ADD centre geometry(Point, 4490)")
    assert reason(water(tmp_path, cluster)) == (
        "zoning:gis.water: say which geometry with 'geometry_field'; the table has: geom, centre"
    )
    assert read(water(tmp_path, cluster, geometry_field="geom")).ids == ("Z0",)
    run_sql(cluster, "ALTER TABLE gis.water DROP centre, ALTER geom TYPE geography(Polygon, 4326) USING NULL")
    assert reason(water(tmp_path, cluster)) == (
        "zoning:gis.water: no column is of type geometry (geography is to be converted first); the table has: "
        "fid, zone_id, name, class, geom"
    )


def test_names_are_names_and_no_commands(cluster: Cluster, tmp_path: Path) -> None:
    evil = "x\"'; DROP TABLE gis.kept; --%s{}"
    run_sql(
        cluster, "DROP TABLE IF EXISTS gis.kept", "CREATE SCHEMA IF NOT EXISTS gis", "CREATE TABLE gis.kept (a int)"
    )
    columns = {name: ("text", ["LEVEL-1"]) for name in (evil, f"{evil} 2", f"{evil} 3")}
    write_table(cluster, evil, [BOX], columns)
    fields = dict(zip(("id_field", "name_field", "class_field"), columns, strict=True))
    known = water(tmp_path, cluster, f"gis.{evil}", **fields)
    assert read(known).ids == ("LEVEL-1",)
    run_sql(cluster, "INSERT INTO gis.kept VALUES (1)")
    assert reason(water(tmp_path, cluster, "gis.water'; DROP TABLE gis.kept; --")).endswith("(capitals count)")


def test_a_database_without_postgis(cluster: Cluster, tmp_path: Path) -> None:
    run_sql(cluster, "DROP DATABASE IF EXISTS plain", "CREATE DATABASE plain")
    url = cluster.url.replace("/zoning?", "/plain?")
    assert reason(water(tmp_path, cluster, url=url)) == (
        "database plain has no PostGIS: ask its administrator for CREATE EXTENSION postgis"
    )


def test_postgis_may_live_in_a_schema_of_its_own(cluster: Cluster, tmp_path: Path) -> None:
    run_sql(cluster, "DROP DATABASE IF EXISTS apart", "CREATE DATABASE apart")
    for command in (
        "CREATE SCHEMA tools",
        "CREATE EXTENSION postgis SCHEMA tools",
        "CREATE SCHEMA gis",
        "CREATE TABLE gis.water (fid int PRIMARY KEY, zone_id text, name text, class text, geom tools.geometry)",
        "INSERT INTO gis.water SELECT 1, 'Z0', '', '', tools.ST_MakeEnvelope(112.4, 35.4, 112.41, 35.41, 4490)",
    ):
        cluster.sql("apart", command)
    assert read(water(tmp_path, cluster, url=cluster.url.replace("/zoning?", "/apart?"))).ids == ("Z0",)


def test_one_state_for_all_layers_of_a_database(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    run_sql(cluster, "DROP TABLE IF EXISTS gis.farmland", "CREATE TABLE gis.farmland AS TABLE gis.water")
    sources = {
        name: Edition.model_validate({"source": cluster.url, "table": f"gis.{name}", "valid_from": DAY})
        for name in ("water", "farmland")
    }
    known = catalogue(tmp_path, *(layer(name, editions={"2020": edition}) for name, edition in sources.items()))
    store = LayerStore(known)
    store.read_window("water", on=DAY, bounds=HERE)
    run_sql(cluster, "DELETE FROM gis.farmland")
    found = store.read_window("farmland", on=DAY, bounds=HERE)
    assert getattr(found, "ids", None) == ("Z0",)
