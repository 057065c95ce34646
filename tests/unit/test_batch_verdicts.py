"""Verdicts of several processes: those of one, in their order; nothing is lost and nothing mixed when one ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

import batch_world
import tiny_workspace
from batch_world import ON, World
from command_here import run_here
from zoning import worker_processes
from zoning.batch import verdicts
from zoning.batch.verdicts import Base, Work, WrittenVerdict, box_around, verdicts_of
from zoning.check import Checker, Refusal
from zoning.cli import check as check_command
from zoning.errors import LayerError
from zoning.rules.facts import FactSheet
from zoning.sites.site import Site
from zoning.workspace import Workspace

COUNT = 20
FAR = shapely.box(10.0, 50.0, 10.001, 50.001)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return batch_world.make_world(tmp_path_factory.mktemp("world"), COUNT)


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "CHUNK", 3)


class Deadly(dict[str, str]):
    """Ends the process that reads it, as the killer of processes without memory does."""

    def __reduce__(self) -> Any:
        return os._exit, (9,)


def work_of(world: World, *, far: Sequence[int] = (), deadly: int | None = None) -> list[tuple[Site, FactSheet]]:
    """Return the footprints of a world; some lie outside every territory, one ends the process it is sent to."""
    facts = FactSheet(dict(world.common))  # type: ignore[arg-type]  # a choice is told as its text
    sites = [row.site for chunk in world.rows() for row in chunk if row.site is not None]
    sites = [replace(site, geometry=FAR) if number in far else site for number, site in enumerate(sites)]
    if deadly is not None:
        sites[deadly] = replace(sites[deadly], attributes=Deadly())
    return [(site, facts) for site in sites]


def checker_of(root: Path) -> Checker:
    workspace = Workspace.open(root)
    return Checker(
        on=ON, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings, source=None
    )


def documents(found: Sequence[WrittenVerdict | Refusal]) -> list[str]:
    """Return each verdict as it is printed, each refusal as its sentence."""
    return [one.error.text.zh if isinstance(one, Refusal) else one.document for one in found]


def here(root: Path, work: Work) -> list[str]:
    """Return what one process gives."""
    results = checker_of(root).check(work)
    return [one.error.text.zh if isinstance(one, Refusal) else one.verdict.to_json() for one in results]


@pytest.mark.usefixtures("_small_chunks")
def test_two_processes_give_the_verdicts_of_one_in_their_order(world: World) -> None:
    work = work_of(world, far=(0, 4, COUNT - 1))
    base = Base(world.root, None, ON, box_around(site for site, _ in work))
    found = list(verdicts_of(work, base, 2, checker_of(world.root)))
    assert documents(found) == here(world.root, work)
    assert [number for number, one in enumerate(found) if isinstance(one, Refusal)] == [0, 4, COUNT - 1]
    refusal = found[4]
    assert isinstance(refusal, Refusal)
    assert refusal.site is work[4][0]
    assert refusal.error.text.en.startswith("sites.geojson: footprint '地块4' (10.0005°E, 50.0005°N) lies outside")
    assert {one.decision for one in found if isinstance(one, WrittenVerdict)} == {
        Workspace.open(world.root).check(site, facts, on=ON).verdict.decision
        for number, (site, facts) in enumerate(work)
        if number not in {0, 4, COUNT - 1}
    }


@pytest.mark.usefixtures("_small_chunks")
@pytest.mark.parametrize("deadly", [0, 10])
def test_what_a_process_leaves_when_it_ends_is_checked_here(world: World, deadly: int) -> None:
    work = work_of(world, deadly=deadly)
    found = list(verdicts_of(work, Base(world.root, None, ON), 1, checker_of(world.root)))
    assert documents(found) == here(world.root, work)


@pytest.mark.usefixtures("_small_chunks")
def test_verdicts_of_two_bases_are_never_given_as_those_of_one(world: World, tmp_path: Path) -> None:
    other = batch_world.make_world(tmp_path, COUNT).root
    rule = next((other / "rules").rglob("*.yaml"))
    rule.write_text(rule.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    work = work_of(world, deadly=COUNT - 1)
    shown: list[WrittenVerdict | Refusal] = []
    with pytest.raises(LayerError) as caught:
        shown.extend(verdicts_of(work, Base(world.root, None, ON), 1, checker_of(other)))
    assert caught.value.text.zh == ("运行期间有变化：规则；其余地块没有核查。请再次运行，使全部地块依据同样的内容")
    assert caught.value.text.en.startswith("this has changed during the run: the rules; the other footprints were not")


def test_a_layer_that_nobody_can_read_is_said_once_in_both_languages(tmp_path: Path) -> None:
    broken = batch_world.make_world(tmp_path, 4)
    path = broken.root / "layers" / "data" / "water.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace('"class": "1"', '"class": "9"'), encoding="utf-8")
    work = work_of(broken)
    with pytest.raises(LayerError) as caught:
        list(verdicts_of(work, Base(broken.root, None, ON), 1, checker_of(broken.root)))
    with pytest.raises(LayerError) as alone:
        list(checker_of(broken.root).check(work))
    assert caught.value.text == alone.value.text


def test_no_footprint_gives_nothing(world: World) -> None:
    assert list(verdicts_of([], Base(world.root, None, ON), 1, checker_of(world.root))) == []


def site(geometry: BaseGeometry, crs: str) -> Site:
    return Site("1", "field", geometry, crs, "field.geojson")


class TestBoxAround:
    def test_of_degrees_it_is_their_box(self) -> None:
        sites = [site(shapely.box(112.4, 35.4, 112.5, 35.5), "EPSG:4490"), site(shapely.Point(113, 35), "EPSG:4490")]
        assert box_around(sites) == (112.4, 35.0, 113.0, 35.5)

    def test_of_a_plane_it_is_in_degrees(self) -> None:
        # On the central meridian, 111 degrees, the northing is the length of the meridian from the equator.
        _, north, _ = Geod(ellps="GRS80").fwd(111, 0, 0, 4_001_000)
        box = box_around([site(shapely.box(500_000, 3_000_000, 500_001, 4_001_000), "EPSG:4546")])
        assert box is not None
        assert box[0::3] == pytest.approx((111.0, north), abs=1e-8)

    def test_files_in_two_systems_are_put_together(self) -> None:
        sites = [
            site(shapely.box(500_000, 3_000_000, 500_001, 4_001_000), "EPSG:4546"),
            site(shapely.box(112.4, 35.4, 112.5, 35.5), "EPSG:4490"),
        ]
        plane = box_around(sites[:1])
        assert plane is not None
        assert box_around(sites) == (plane[0], plane[1], 112.5, plane[3])

    def test_what_has_no_place_on_the_earth_is_left_out(self) -> None:
        sites = [site(shapely.Point(1e300, 1e300), "EPSG:4546"), site(shapely.Point(112.4, 35.4), "EPSG:4490")]
        assert box_around(sites) == (112.4, 35.4, 112.4, 35.4)

    @pytest.mark.parametrize("sites", [[], [site(shapely.Polygon(), "EPSG:4490")]])
    def test_of_nothing_there_is_none(self, sites: list[Site]) -> None:
        assert box_around(sites) is None


class TestCommand:
    @pytest.fixture(autouse=True)
    def _two_processes_for_a_few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(check_command, "_WORTH_A_PROCESS", COUNT // 2)
        monkeypatch.setattr(worker_processes, "cores", lambda: 2)

    @pytest.mark.parametrize("form", ["json", "text"])
    def test_it_prints_what_one_process_prints(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
    ) -> None:
        features = batch_world.boxes(COUNT)
        features[7]["geometry"] = tiny_workspace.polygon((112.9, 35.45, 112.91, 35.46))
        file = batch_world.write_features(tmp_path / "sites.geojson", features)
        words = ("check", file, "--workspace", world.root, "--on", "2026-06-01", "--set", "construction=new")
        several = run_here(*words, "--format", form, cwd=tmp_path)
        monkeypatch.setattr(worker_processes, "cores", lambda: 1)
        alone = run_here(*words, "--format", form, cwd=tmp_path)
        assert (several.returncode, several.stdout, several.stderr) == (alone.returncode, alone.stdout, alone.stderr)
        assert several.returncode == 12
        assert "地块7" in several.stderr

    @pytest.mark.parametrize(
        ("count", "cores", "processes"),
        [(19, 8, 1), (20, 8, 2), (29, 8, 2), (30, 8, 3), (1000, 8, 8), (1000, 1, 1)],
    )
    def test_a_process_is_started_where_it_is_worth_it(
        self, monkeypatch: pytest.MonkeyPatch, count: int, cores: int, processes: int
    ) -> None:
        monkeypatch.setattr(worker_processes, "cores", lambda: cores)
        assert check_command._processes(count) == processes


def test_an_interruption_ends_all_processes_and_says_one_thing(world: World, tmp_path: Path) -> None:
    file = batch_world.write_features(tmp_path / "sites.geojson", batch_world.boxes(6000))
    words = ["check", str(file), "--workspace", str(world.root), "--set", "construction=new", "--format", "json"]
    said = tmp_path / "said.txt"
    with said.open("wb") as stderr:
        command = [sys.executable, "-c", "import os; from zoning import worker_processes as w; w.cores = lambda: 2; "]
        command[-1] += "import zoning.__main__"
        started = subprocess.Popen(
            [*command, *words], stdout=subprocess.PIPE, stderr=stderr, env={**os.environ, "ZONING_LANG": "zh"}
        )
        with started as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"[\n"
            process.send_signal(signal.SIGINT)
            # It ends when nobody holds its output any more: the processes that it started as well.
            process.stdout.read()
    assert process.returncode == 130
    assert said.read_text(encoding="utf-8").splitlines()[-1] == "zoning: 已中断"
    assert "resource_tracker" not in said.read_text(encoding="utf-8")
