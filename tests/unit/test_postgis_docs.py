"""The page on layers in a database: its SQL runs, its YAML is read, its figures are those of the program."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import yaml

from postgis_world import BOX, ROOT, Cluster, connect, read, run_cluster, run_sql, water
from zoning.layers.catalogue import Edition
from zoning.layers.postgis import snapshot

PAGE = (ROOT / "docs" / "postgis.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    yield from run_cluster(unavailable)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_sql_makes_a_table_that_the_role_can_read(cluster: Cluster, tmp_path: Path) -> None:
    for block in blocks("sql"):
        run_sql(cluster, block)
    with connect(cluster) as connection:
        connection.execute(
            "INSERT INTO gis.water VALUES (1, 'Z0', '', 'LEVEL-1', '', ST_Multi(ST_GeomFromText(%s, 4490)))", (BOX.wkt,)
        )
    url = cluster.url.replace("postgres@", "zoning_reader@")
    assert read(water(tmp_path, cluster, url=url)).ids == ("Z0",)


def test_the_yaml_is_an_edition() -> None:
    (block,) = blocks("yaml")
    for stated in yaml.safe_load(block)["editions"].values():
        edition = Edition.model_validate(stated)
        assert edition.origin == "gis.county/land:gis.water"


def test_the_time_limits_are_those_of_the_program() -> None:
    for limit in (snapshot.CONNECT_S, snapshot.STATEMENT_S, snapshot.DIGEST_S, snapshot.LOCK_S):
        assert f"{limit} 秒" in PAGE
        assert f"{limit} s" in PAGE


def test_every_key_of_an_edition_in_a_database_is_explained() -> None:
    chinese, _, english = PAGE.partition('<a id="english">')
    for key in ("source", "table", "geometry_field", "sha256"):
        assert key in Edition.model_fields
        assert f"| `{key}` |" in chinese
        assert f"| `{key}` |" in english
