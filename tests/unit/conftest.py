"""What many files of unit tests look at: the content that comes with the program, read once for all of them."""

from pathlib import Path

import pytest

import rule_shelf
from zoning.maps.product import SiteMap, read_site_map
from zoning.rules.cases import CaseFile, read_cases
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.workspace import Workspace


@pytest.fixture(scope="session")
def workspace(workspace_root: Path) -> Workspace:
    """Return the built-in workspace; files that make one of their own have a fixture of this name."""
    return Workspace.open(workspace_root)


@pytest.fixture(scope="session")
def case_files(workspace_root: Path) -> dict[str, CaseFile]:
    """Return the worked cases of the built-in rules, by rule."""
    return {file.rule: file for file in read_cases(workspace_root / "rules" / "cases")}


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the workspace of `rule_shelf`."""
    return Workspace.open(rule_shelf.build(tmp_path_factory.mktemp("shelf")))


@pytest.fixture(scope="session")
def stylebook(workspace_root: Path) -> Stylebook:
    """Return the styles of the built-in workspace."""
    return read_stylebook(workspace_root / "styles")


@pytest.fixture(scope="session")
def site_map(workspace_root: Path) -> SiteMap:
    """Return the map of one site as the built-in workspace describes it."""
    return read_site_map(workspace_root / "maps" / "site-map.yaml")
