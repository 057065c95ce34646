"""The site map made in code (`tests/support/map_world.py`) with the shipped styles and the shipped map product."""

from pathlib import Path

import pytest

import map_world
from zoning.maps.content import MapContent
from zoning.maps.product import SiteMap, read_site_map
from zoning.styles.stylebook import Stylebook, read_stylebook


@pytest.fixture(scope="session")
def stylebook(workspace_root: Path) -> Stylebook:
    return read_stylebook(workspace_root / "styles")


@pytest.fixture(scope="session")
def product(workspace_root: Path) -> SiteMap:
    return read_site_map(workspace_root / "maps" / "site-map.yaml")


@pytest.fixture(scope="session")
def map_content(product: SiteMap) -> MapContent:
    return map_world.make_content(map_world.footprint(), product)
