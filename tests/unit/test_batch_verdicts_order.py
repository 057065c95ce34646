"""Verdicts of many footprints from several processes: in order, on the same basis, none lost with a process."""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

import tiny_workspace
from both_languages import both
from zoning.batch import verdicts
from zoning.batch.verdicts import CHUNK, Base, WrittenVerdict, box_around, verdicts_of
from zoning.check import Checker, Refusal
from zoning.errors import CRSError, LayerError
from zoning.rules.facts import FactSheet
from zoning.sites.site import Site
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
IN_LEVEL_1, IN_LEVEL_2, CLEAR, FAR = (112.402, 35.502), (112.392, 35.492), (112.35, 35.55), (10.0, 50.0)
FACTS = FactSheet({"construction": ("new",)})


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("w"))


@dataclass
class Here:
    """A pool whose tasks are done in this process, as they are given; `fails_at` is the task that ends a process."""

    prepare: Callable[[Any], None]
    shared: Any
    fails_at: int | None = None
    given: int = 0
    ended: bool = False

    def submit(self, call: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        if not self.given:
            self.prepare(self.shared)
        number = self.given
        self.given += 1
        future: Future[Any] = Future()
        if number == self.fails_at:
            future.set_exception(BrokenProcessPool())
        else:
            try:
                future.set_result(call(*arguments))
            except LayerError as error:
                future.set_exception(error)
        return future


Pools = list[Here]


def started_here(monkeypatch: pytest.MonkeyPatch, fails_at: int | None = None) -> Pools:
    """Do in this process what is given to others; return the pools, in which a process ends at a task."""
    started: Pools = []

    def start(_: int, prepare: Callable[[Any], None], shared: Any) -> Here:
        started.append(Here(prepare, shared, fails_at))
        return started[-1]

    monkeypatch.setattr(verdicts, "start_pool", start)
    monkeypatch.setattr(verdicts, "end_pool", lambda pool: setattr(pool, "ended", True))
    monkeypatch.setattr(verdicts, "_CHECKERS", [])
    return started


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> Pools:
    """Return the pools that are started in place of processes."""
    return started_here(monkeypatch)


def site(number: int, at: tuple[float, float], **changes: Any) -> Site:
    west, south = at
    shape = shapely.box(west, south, west + 0.001, south + 0.001)
    return Site(str(number), f"地块{number}", shape, "EPSG:4490", "a.geojson", **changes)


def work(*places: tuple[float, float]) -> list[tuple[Site, FactSheet]]:
    return [(site(number, at), FACTS) for number, at in enumerate(places)]


def checker(root: Path) -> Checker:
    w = Workspace.open(root)
    return Checker(on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)


def decisions(found: list[WrittenVerdict | Refusal]) -> list[str]:
    return [one.decision if isinstance(one, WrittenVerdict) else type(one.error).__name__ for one in found]


# --- in order -------------------------------------------------------------------------------------------------------


def test_verdicts_come_in_the_order_of_the_footprints(root: Path, pools: Pools) -> None:
    some = work(IN_LEVEL_1, FAR, CLEAR, IN_LEVEL_2)
    found = list(verdicts_of(some, Base(root, None, ON), 2, checker(root)))
    assert decisions(found) == ["prohibited", "CRSError", "permitted", "restricted"]
    refusal = found[1]
    assert isinstance(refusal, Refusal)
    assert refusal.site is some[1][0]
    assert isinstance(refusal.error, CRSError)
    assert pools[0].ended


def test_a_written_verdict_is_the_one_of_a_single_check(root: Path, pools: Pools) -> None:
    ((one),) = verdicts_of(work(IN_LEVEL_2), Base(root, None, ON), 1, checker(root))
    alone = Workspace.open(root).check(site(0, IN_LEVEL_2), FACTS, on=ON).verdict
    assert one == WrittenVerdict(alone.decision, alone.to_json())
    assert len(pools) == 1


def test_nothing_to_check_gives_nothing(root: Path, pools: Pools) -> None:
    assert list(verdicts_of([], Base(root, None, ON), 2, checker(root))) == []
    assert all(pool.given == 0 for pool in pools)


@pytest.mark.parametrize(("count", "chunks"), [(1, 1), (CHUNK, 1), (CHUNK + 1, 2), (2 * CHUNK, 2)])
def test_footprints_are_sent_a_chunk_at_a_time_and_none_is_lost(
    root: Path, pools: Pools, count: int, chunks: int
) -> None:
    found = list(verdicts_of(work(*[FAR] * count), Base(root, None, ON), 2, checker(root)))
    assert decisions(found) == ["CRSError"] * count
    assert pools[0].given == chunks


def test_no_more_than_three_chunks_for_each_process_are_under_way(root: Path, pools: Pools) -> None:
    running = verdicts_of(work(*[FAR] * (10 * CHUNK)), Base(root, None, ON), 1, checker(root))
    next(running)
    assert pools[0].given == 3
    running.close()
    assert pools[0].ended
    assert pools[0].given == 3


# --- a process that ends --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails_at", [0, 1, 2])
def test_what_a_process_took_with_it_is_checked_here(
    root: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    monkeypatch.setattr(verdicts, "CHUNK", 1)
    pools = started_here(monkeypatch, fails_at)
    found = list(verdicts_of(work(IN_LEVEL_1, FAR, CLEAR), Base(root, None, ON), 1, checker(root)))
    assert decisions(found) == ["prohibited", "CRSError", "permitted"]
    assert pools[0].ended


def test_what_is_checked_here_rests_on_the_same_as_the_rest(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tiny_workspace.build(tmp_path / "other")
    text = (other / "zoning.yaml").read_text(encoding="utf-8").replace("tolerance: 1 m2", "tolerance: 2 m2")
    (other / "zoning.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(verdicts, "CHUNK", 1)
    pools = started_here(monkeypatch, 1)
    running = verdicts_of(work(CLEAR, CLEAR), Base(root, None, ON), 1, checker(other))
    assert decisions([next(running)]) == ["permitted"]
    zh, en = both(lambda: next(running), LayerError)
    assert zh == ("运行期间有变化：工作空间的 zoning.yaml；其余地块没有核查。请再次运行，使全部地块依据同样的内容")
    assert en.startswith("this has changed during the run: zoning.yaml of the workspace; the other footprints were not")
    assert pools[0].ended


# --- the same basis -------------------------------------------------------------------------------------------------


def changed_after_the_first(root: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run two chunks; between them another process opens the workspace as it is after the change."""
    monkeypatch.setattr(verdicts, "CHUNK", 1)
    real, count = verdicts._run_here, 0

    def run(base: Base, chunk: Any) -> Any:
        nonlocal count
        count += 1
        if count == 2:
            change(root)
            verdicts._open(base)
        return real(base, chunk)

    monkeypatch.setattr(verdicts, "_run_here", run)
    return list(verdicts_of(work(CLEAR, CLEAR), Base(root, None, ON), 1, checker(root)))


def moved_zone(root: Path) -> None:
    path = root / "layers" / "data" / "water.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("112.41", "112.411"), encoding="utf-8")


def less_exact(root: Path) -> None:
    path = root / "layers" / "farmland.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("accuracy_m: 0.0", "accuracy_m: 3.0"), encoding="utf-8")


def other_rule(root: Path) -> None:
    path = root / "rules" / "plan" / "R042.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("effect: prohibit", "effect: restrict"), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "named"), [(moved_zone, "图层 water"), (less_exact, "图层 farmland"), (other_rule, "规则")]
)
@pytest.mark.usefixtures("pools")
def test_what_changes_during_a_run_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], named: str
) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    zh, _ = both(lambda: changed_after_the_first(root, change, monkeypatch), LayerError)
    assert zh.startswith(f"运行期间有变化：{named}；")


@pytest.mark.usefixtures("pools")
def test_a_chunk_that_opened_no_layer_contradicts_nobody(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A footprint that cannot be read at all opens no layer: its part knows rules and settings alone."""
    monkeypatch.setattr(verdicts, "CHUNK", 1)
    broken = Site("x", "坏", shapely.Polygon(), "EPSG:4490", "a.geojson")
    some = [(broken, FACTS), *work(CLEAR), (broken, FACTS)]
    found = list(verdicts_of(some, Base(root, None, ON), 1, checker(root)))
    assert [isinstance(one, Refusal) for one in found] == [True, False, True]


@pytest.mark.usefixtures("pools")
def test_layers_that_were_read_for_all_at_once_say_the_same(root: Path) -> None:
    some = work(IN_LEVEL_1, CLEAR, IN_LEVEL_2)
    each = list(verdicts_of(some, Base(root, None, ON), 1, checker(root)))
    around = box_around(site for site, _ in some)
    assert list(verdicts_of(some, Base(root, None, ON, around), 1, checker(root))) == each


# --- a box around all -----------------------------------------------------------------------------------------------


def test_a_box_holds_all_footprints() -> None:
    box = box_around([site(1, (112.4, 35.5)), site(2, (111.0, 36.5)), site(3, (112.0, 34.0))])
    assert box == pytest.approx((111.0, 34.0, 112.401, 36.501))


def test_footprints_of_several_systems_lie_in_one_box() -> None:
    """The central meridian of the zone 37 of three degrees is 111°E, at 37,500,000 m."""
    plane = Site("p", "p", shapely.box(37_500_000, 3_930_000, 37_500_100, 3_930_100), "EPSG:4525", "a.shp")
    box = box_around([site(1, (112.4, 35.5)), plane])
    assert box is not None
    west, south, east, north = box
    assert west == pytest.approx(111.0, abs=1e-7)
    assert (east, north) == pytest.approx((112.401, 35.501), abs=1e-3)
    assert 35.4 < south < 35.501


@pytest.mark.parametrize("sites", [[], [Site("x", "x", shapely.Polygon(), "EPSG:4490", "a.geojson")]])
def test_without_a_place_there_is_no_box(sites: list[Site]) -> None:
    assert box_around(sites) is None


def test_what_has_no_place_does_not_hide_the_others() -> None:
    empty = Site("x", "x", shapely.Polygon(), "EPSG:4490", "a.geojson")
    assert box_around([empty, site(1, (112.4, 35.5)), empty]) == pytest.approx((112.4, 35.5, 112.401, 35.501))
