"""What an audit of one territory leaves out at once would not have been among its issues: none is lost."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from audit_defects import TO_PLANT
from audit_world import FIRST, SECOND, WIDE, World, Zone, build, clean_world, lonlat_of
from overlay_world import box_m, metres
from zoning.overlay.plane import MeasuringPlane
from zoning.planning.audit import borders, shapes
from zoning.planning.audit.issue import Issue, shape_of
from zoning.planning.audit.plan import read_plan
from zoning.planning.audit.running import audit
from zoning.planning.audit.scene import Scene
from zoning.workspace import Workspace

ON = date(2024, 1, 1)


def audited(root: Path, *territories: str) -> tuple[Issue, ...]:
    workspace = Workspace.open(root)
    plan = read_plan(root / "plans" / "audit.yaml")
    return audit(Scene(workspace.catalogue, MeasuringPlane(35.5), plan, on=ON, territories=territories)).issues


def overlap_at_the_border(world: World) -> None:
    """Let two fields overlap in the last 5 m of the first county, two others in the first 5 m of the second."""
    for name, x, south in (("FA", WIDE - 5, 3000), ("FB", WIDE, 3100)):
        world.layers["farm"] += [
            Zone(f"{name}1", "田", "FIELD", box_m(x - 100, south, x + 5, south + 40)),
            Zone(f"{name}2", "田", "FIELD", box_m(x, south, x + 100, south + 40)),
        ]


def tip_in_the_neighbour(world: World) -> None:
    """Draw a tip 900 m beyond the border, and one 1100 m beyond."""
    for name, x in (("FC", 900), ("FD", 1100)):
        corners = ((-50, 3600), (50, 3600), (50, 3700), (0.1, 3700), (0, 3740), (-0.1, 3700), (-50, 3700))
        shape = shapely.Polygon([metres(WIDE + x + east, north) for east, north in corners])
        world.layers["farm"].append(Zone(name, "田", "FIELD", shape))


def vertex_near_the_border(world: World) -> None:
    """Draw a zone 3 km beyond the border, one vertex of which was typed wrong: it lies 700 m beyond."""
    corners = ((3000, 3850), (3080, 3850), (3080, 3910), (3000, 3910), (700, 3880))
    shape = shapely.Polygon([metres(WIDE + east, north) for east, north in corners])
    world.layers["town"].append(Zone("UV", "城", "BUILT", shape))


MORE = (overlap_at_the_border, tip_in_the_neighbour, vertex_near_the_border)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = clean_world(3)
    plant: tuple[Callable[[World], object], ...] = (*TO_PLANT, *MORE)
    for defect in plant:
        defect(world)
    return build(tmp_path_factory.mktemp("planted"), world)


@pytest.fixture(scope="module")
def short(planted: Path) -> dict[str, tuple[Issue, ...]]:
    """Return the issues of each county, audited alone."""
    return {code: audited(planted, code) for code in (FIRST, SECOND)}


@pytest.mark.parametrize("code", [FIRST, SECOND])
def test_without_the_shortcuts_the_issues_are_the_same(
    planted: Path, short: dict[str, tuple[Issue, ...]], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "surely_sound", lambda zones, _: np.zeros(len(zones), dtype=bool))
    monkeypatch.setattr(borders, "_may_meet", lambda *_: True)
    monkeypatch.setattr(Scene, "beside_audited", lambda *_: None)
    assert short[code] == audited(planted, code)
    assert len(short[code]) > len(MORE)


def test_a_defect_at_the_border_is_one_of_the_county_that_it_lies_in(short: dict[str, tuple[Issue, ...]]) -> None:
    pairs = {
        code: [issue.zones for issue in issues if issue.kind == "overlap" and issue.layers == ("farm",)]
        for code, issues in short.items()
    }
    assert pairs == {FIRST: [("FA1", "FA2")], SECOND: [("FB1", "FB2")]}


def test_the_neighbour_is_looked_at_as_far_as_a_kilometre(short: dict[str, tuple[Issue, ...]]) -> None:
    found = {issue.zones: issue for issue in short[FIRST] if issue.kind in {"spike", "remote-vertex"}}
    assert ("FC",) in found
    assert ("FD",) not in found
    place = shape_of(found["UV",])
    assert shapely.dwithin(place, lonlat_of(shapely.Point(metres(WIDE + 700, 3880))), 1e-5)


def test_a_border_with_the_neighbour_is_told_to_both(short: dict[str, tuple[Issue, ...]]) -> None:
    for issues in short.values():
        assert {issue.layers for issue in issues if issue.kind == "border-mismatch"} >= {("units",)}
