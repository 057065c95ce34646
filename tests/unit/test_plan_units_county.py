"""The units of the built-in county: a partition to the last square millimetre, and every place of its class."""

from datetime import date
from math import fsum
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from trapezoid import area_m2
from zoning.maps.qgis.geopackage import geopackage
from zoning.planning.units.plan import Plan, make_plan
from zoning.planning.units.scheme import read_scheme
from zoning.planning.units.skeleton import skeletons_of
from zoning.planning.units.tables import lonlat_of, tables_of
from zoning.styles.stylebook import read_stylebook
from zoning.workspace import Workspace

ON = date(2024, 6, 1)
# Read here once more, with nothing of the program: file and the classes that count.
MEMBERS = {
    "ecological-red-line-2022": (0, None),
    "nature-reserves-1994": (0, None),
    "nature-parks": (0, None),
    "drinking-water": (0, None),
    "spring-catchments": (0, ("key-protection", "outcrop-belt", "spring-source")),
    "urban-areas": (1, ("built-up",)),
    "industrial-parks": (1, None),
}


@pytest.fixture(scope="module")
def plan(workspace: Workspace) -> Plan:
    scheme = read_scheme(workspace.root / "plans" / "management-units.yaml")
    # Without merging, so that every place is of the class that its members say.
    scheme = scheme.model_copy(update={"minimum": 0.0})
    return make_plan(workspace.source(), scheme, "140522", on=ON, previous=None)


@pytest.fixture(scope="module")
def file(workspace: Workspace, plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    plane = workspace.source().plane
    stylebook = read_stylebook(workspace.root / "styles")
    tables = tables_of(plan, lonlat_of(plan, plane), plane, skeletons_of(plan, workspace.rulebook), stylebook, "zh")
    path = tmp_path_factory.mktemp("plan") / "units.gpkg"
    path.write_bytes(geopackage(tables, ON.isoformat()))
    return path


def test_the_units_sum_to_the_ellipsoid_area_of_the_county(workspace: Workspace, plan: Plan, file: Path) -> None:
    frame = pyogrio.read_dataframe(workspace.root / "layers/data/territory.gpkg")
    county = area_m2(frame.geometry[list(frame.zone_id).index("140522")], "EPSG:4490", step_m=85.0)
    written = pyogrio.read_dataframe(file, layer="management-units")
    # By another formula than that of the program: the trapezoids of TD/T 1055.
    assert fsum(area_m2(shape, "EPSG:4490", step_m=1e6) for shape in written.geometry) == pytest.approx(
        county, rel=1e-9
    )
    assert fsum(written.area_m2) == pytest.approx(county, rel=1e-9)
    assert abs(plan.identity_error) < 1e-9


def test_the_written_units_do_not_overlap_and_leave_no_gap(file: Path) -> None:
    shapes = pyogrio.read_dataframe(file, layer="management-units").geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    union = shapely.coverage_union_all(shapes)
    assert len(shapely.get_parts(union)) == 1
    assert shapely.get_num_interior_rings(shapely.get_parts(union)).sum() == 0


def test_random_places_are_of_the_strictest_class_that_covers_them(workspace: Workspace, file: Path) -> None:
    written = pyogrio.read_dataframe(file, layer="management-units")
    shapes = written.geometry.to_numpy()
    west, south, east, north = shapely.total_bounds(shapes)
    chance = np.random.default_rng(20240601)
    points = np.asarray(shapely.points(chance.uniform((west, south), (east, north), (3000, 2))))
    asked, met = shapely.STRtree(shapes).query(points, predicate="within")
    assert len(asked) == len(set(asked.tolist())) > 1500
    expected = np.full(len(points), 2)
    for name, (rank, classes) in MEMBERS.items():
        zones = pyogrio.read_dataframe(workspace.root / f"layers/data/{name}.gpkg")
        wanted = zones.geometry.to_numpy() if classes is None else zones.geometry[zones["class"].isin(classes)]
        hit, _ = shapely.STRtree(np.asarray(wanted)).query(points, predicate="within")
        expected[hit] = np.minimum(expected[hit], rank)
    found = np.asarray([["priority", "key", "general"].index(written["class"][unit]) for unit in met])
    assert found.tolist() == expected[asked].tolist()
    assert set(found.tolist()) == {0, 1, 2}


def test_the_file_holds_styles_lineage_and_remarks(file: Path) -> None:
    tables = [name for name, _ in pyogrio.list_layers(file)]
    assert tables == ["management-units", "lineage", "remarks", "layer_styles"]
    styles = pyogrio.read_dataframe(file, layer="layer_styles")
    assert list(styles.f_table_name) == ["management-units"]
    assert styles.useAsDefault.all()
    assert all(word in styles.styleQML[0] for word in ("优先保护单元", "重点管控单元", "一般管控单元"))
    lineage = pyogrio.read_dataframe(file, layer="lineage")
    units = pyogrio.read_dataframe(file, layer="management-units")
    assert set(lineage.unit) == set(units.zone_id[units["class"] != "general"])
