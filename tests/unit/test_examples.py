"""The examples: each shows another answer, in another format, and measures what the official formula gives."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import shapely

import trapezoid
from zoning.check import Examination, check_sites
from zoning.errors import SiteError
from zoning.rules.facts import parse_facts, read_facts_file
from zoning.sites import read_sites
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
DECISIONS = {
    "processing-plant.txt": ["prohibited"],
    "viewing-platform.txt": ["restricted"],
    "lodge.zip": ["undetermined"],
    "school.geojson": ["permitted"],
    "coal-panels.gpkg": ["prohibited", "restricted"],
}


def examine(workspace: Workspace, name: str) -> list[Examination]:
    path = workspace.root / "examples" / name
    facts, _ = read_facts_file(workspace.rulebook.vocabulary, path.with_name(f"{path.stem}.facts.yaml"))
    sheet = parse_facts(workspace.rulebook.vocabulary, facts, path.name)
    sites = read_sites(path, expected=workspace.extent(ON))
    work = [(site, sheet) for site in sites]
    results = check_sites(
        work, on=ON, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings
    )
    return [result for result in results if isinstance(result, Examination)]


@pytest.mark.parametrize("name", list(DECISIONS))
def test_decision(workspace: Workspace, name: str) -> None:
    assert [found.verdict.decision for found in examine(workspace, name)] == DECISIONS[name]


@pytest.mark.parametrize("name", list(DECISIONS))
def test_area_equals_the_official_formula(workspace: Workspace, name: str) -> None:
    # TD/T 1055, written independently, edges densified to 10 m in the file's own coordinate system.
    for found in examine(workspace, name):
        site = found.footprint.site
        official = trapezoid.area_m2(site.geometry, site.crs, step_m=10.0)
        assert found.verdict.site.area_m2 == pytest.approx(official, rel=1e-9)


def test_the_undetermined_one_asks_one_question(workspace: Workspace) -> None:
    verdict = examine(workspace, "lodge.zip")[0].verdict
    assert [item.fact for item in verdict.missing_facts] == ["new_groundwater_use"]


def test_the_line_is_refused_with_what_to_do(workspace: Workspace) -> None:
    with pytest.raises(SiteError) as caught:
        read_sites(workspace.root / "examples" / "haul-road.kml", expected=workspace.extent(ON))
    assert (
        caught.value.get("zh")
        == "haul-road.kml 第 1 个图形：是线，没有面积；请用 --width 说明宽度（米），或提供面状范围；"
        "不属于项目的线请从文件中删去"
    )


def test_one_straddles_the_meridian_between_the_zones(workspace: Workspace) -> None:
    meridian = shapely.LineString([(112.5, 35.0), (112.5, 36.0)])
    assert examine(workspace, "viewing-platform.txt")[0].footprint.lonlat.crosses(meridian)


def test_formats_are_what_they_say(workspace: Workspace) -> None:
    folder = workspace.root / "examples"
    assert "连翘茶加工厂".encode("gb18030") in (folder / "processing-plant.txt").read_bytes()
    assert "带号=38" in (folder / "viewing-platform.txt").read_text(encoding="utf-8-sig")
    school = read_sites(folder / "school.geojson", expected=workspace.extent(ON))[0].geometry
    assert shapely.get_num_interior_rings(school) == 2
    lodge = read_sites(folder / "lodge.zip", expected=workspace.extent(ON))[0]
    assert (lodge.id, lodge.name, lodge.crs) == ("XM-2026-07", "云岭民宿（二期）", "EPSG:4525")


def test_the_script_writes_the_same_bytes(repository_root: Path, tmp_path: Path) -> None:
    script = repository_root / "scripts" / "make_examples.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (repository_root / "examples" / path.name).read_bytes(), path.name
