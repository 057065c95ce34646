"""Planted defects: two of every kind are found where and as large as they are, and a clean county has none."""

from datetime import date
from pathlib import Path

import pytest
import shapely

from audit_defects import DEFECTS, TO_PLANT
from audit_world import SECOND, Expected, World, build, clean_world, ellipsoid_m2, lonlat_of
from zoning.overlay.plane import MeasuringPlane
from zoning.planning.audit.issue import Issue, shape_of
from zoning.planning.audit.plan import read_plan
from zoning.planning.audit.running import Audited, audit
from zoning.planning.audit.scene import Scene
from zoning.workspace import Workspace

ON = date(2024, 1, 1)
NEAR_DEGREES = 2e-5  # two metres


def audited(root: Path, world: World, *, territories: tuple[str, ...] = (), layers: tuple[str, ...] = ()) -> Audited:
    workspace = Workspace.open(build(root, world))
    plan = read_plan(root / "plans" / "audit.yaml")
    assert plan.mistakes(workspace.catalogue, workspace.rulebook.documents) == []
    scene = Scene(workspace.catalogue, MeasuringPlane(35.5), plan, on=ON, territories=territories)
    return audit(scene, layers=layers)


def answers(issue: Issue, expected: Expected) -> bool:
    """Tell whether an issue is the one that was planted: kind, layers, zones, place."""
    if issue.kind != expected.kind or set(issue.layers) != set(expected.layers):
        return False
    if not set(expected.zones) <= set(issue.zones):
        return False
    if expected.at is None:
        return True
    return bool(shapely.dwithin(lonlat_of(expected.at), shape_of(issue), NEAR_DEGREES))


def check(issue: Issue, expected: Expected) -> None:
    if expected.area_m2 is not None and expected.at is not None:
        # By another library, on the ellipsoid; the plane of EPSG:4525 is 0.4 thousandths larger.
        grid = ellipsoid_m2(expected.at) / expected.at.area
        # What lies between two borders is told by points every ten metres.
        near = 2e-3 if expected.kind == "border-mismatch" else 1e-4
        assert issue.area_m2 == pytest.approx(expected.area_m2 * grid, rel=near, abs=0.05)
    if expected.shift is not None:
        assert issue.dx_m is not None
        assert issue.dy_m is not None
        # Grid north of EPSG:4525 is 0.8 degrees off here: a third of a metre in twenty.
        assert issue.dx_m == pytest.approx(expected.shift[0], abs=1.0)
        assert issue.dy_m == pytest.approx(expected.shift[1], abs=1.0)
        assert (issue.dx_m**2 + issue.dy_m**2) ** 0.5 == pytest.approx(20.0, abs=0.05)


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_found_in_a_clean_county(tmp_path: Path, seed: int) -> None:
    found = audited(tmp_path, clean_world(seed))
    assert found.issues == ()
    assert found.missed == ()


@pytest.mark.parametrize("seed", range(2))
def test_all_planted_defects_are_found_and_no_other(tmp_path: Path, seed: int) -> None:
    world = clean_world(seed)
    planted = [defect(world) for defect in TO_PLANT]
    assert len(planted) == 33
    left = list(audited(tmp_path, world).issues)
    for expected in planted:
        answer = next((issue for issue in left if answers(issue, expected)), None)
        assert answer is not None, expected
        check(answer, expected)
        left.remove(answer)
    assert left == []


@pytest.mark.parametrize("defect", DEFECTS[1::2], ids=lambda defect: defect.__name__)
def test_each_defect_alone_is_the_only_issue(tmp_path: Path, defect: object) -> None:
    world = clean_world(7)
    expected = defect(world)  # type: ignore[operator]  # one maker for each parameter
    (only,) = audited(tmp_path, world).issues
    assert answers(only, expected)
    check(only, expected)


def test_ids_are_the_same_again_and_when_other_issues_are_added(tmp_path: Path) -> None:
    few, many = clean_world(1), clean_world(1)
    for defect in TO_PLANT[::3]:
        defect(few)
    for defect in TO_PLANT:
        defect(many)
    first = {issue.id for issue in audited(tmp_path / "few", few).issues}
    assert len(first) == len(TO_PLANT[::3])
    assert {issue.id for issue in audited(tmp_path / "few", few).issues} == first
    assert first < {issue.id for issue in audited(tmp_path / "many", many).issues}


def test_a_layer_that_cannot_be_read_is_an_issue_and_its_checks_are_told(tmp_path: Path) -> None:
    world = clean_world()
    build(tmp_path, world)
    (tmp_path / "layers" / "data" / "red.gpkg").write_bytes(b"no database")
    workspace = Workspace.open(tmp_path)
    scene = Scene(workspace.catalogue, MeasuringPlane(35.5), read_plan(tmp_path / "plans" / "audit.yaml"), on=ON)
    found = audit(scene)
    (issue,) = found.issues
    assert (issue.kind, issue.layers) == ("not-audited", ("red",))
    assert issue.text.en.startswith(
        "red was not audited: file cannot be read: red.gpkg is no intact GeoPackage; not made"
    )
    assert {done.check.id for done in found.missed} == {
        "shapes:red", "attributes:red", "coverage:red", "own-overlaps:red", "apart-1:red+town", "apart-3:red+farm",
        "inside-1:reserves", "shift-1:red+eco",
    }  # fmt: skip


def test_a_layer_that_the_plan_names_and_nobody_has_is_not_passed_over(tmp_path: Path) -> None:
    build(tmp_path, clean_world())
    (tmp_path / "layers" / "eco.yaml").unlink()
    workspace = Workspace.open(tmp_path)
    scene = Scene(workspace.catalogue, MeasuringPlane(35.5), read_plan(tmp_path / "plans" / "audit.yaml"), on=ON)
    (issue,) = audit(scene).issues
    assert issue.text.zh.startswith("eco未能审核：工作空间没有这个图层；因此没有做的检查：red 与 eco 有无系统偏移")


def test_a_territory_alone_holds_only_its_own_issues(tmp_path: Path) -> None:
    world = clean_world()
    for defect in TO_PLANT:
        defect(world)
    found = audited(tmp_path, world, territories=(SECOND,))
    kinds = {(issue.kind, issue.layers) for issue in found.issues}
    assert ("gap", ("townships",)) in kinds
    assert ("gap", ("units",)) not in kinds
    assert [issue.territory for issue in found.issues if issue.kind == "shift"] == [SECOND]


def test_one_layer_alone_is_audited_with_what_stands_in_relation_to_it(tmp_path: Path) -> None:
    world = clean_world()
    for defect in TO_PLANT:
        defect(world)
    found = audited(tmp_path, world, layers=("eco",))
    assert {issue.kind for issue in found.issues} == {"shift"}
    assert [done.check.id for done in found.checks] == [
        "shapes:eco", "attributes:eco", "coverage:eco", "own-overlaps:eco", "shift-1:red+eco"
    ]  # fmt: skip


def test_zones_whose_name_is_demanded_and_gone_are_told(tmp_path: Path) -> None:
    build(tmp_path, clean_world())
    path = tmp_path / "plans" / "audit.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "{layer: reserves}\n    within", "{layer: reserves, names: 历山}\n    within"
    )
    path.write_text(text, encoding="utf-8")
    workspace = Workspace.open(tmp_path)
    (issue,) = audit(Scene(workspace.catalogue, MeasuringPlane(35.5), read_plan(path), on=ON)).issues
    assert issue.text.en == (
        "reserves: no zone is named like '历山', nothing to compare; the red line contains the reserves"
    )
