"""A layer in a database gives the same answers as its file: verdicts, areas, statuses, findings, replay, batch."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

import batch_world
import tiny_workspace
from long_runs import times
from overlay_world import PLANE, catalogue, layer, write_zones
from postgis_world import Cluster, into_database, load_file, read, run_cluster, run_sql, tables_of, water
from random_world import random_world
from two_forms import differences
from zoning.batch.executors import Serial
from zoning.check import Checker, Examination, check_sites
from zoning.errors import LayerError
from zoning.layers.catalogue import Catalogue
from zoning.overlay.source import LayerSource
from zoning.replay import replay_verdict
from zoning.rules.facts import FactSheet, parse_facts
from zoning.rules.verdict import Verdict
from zoning.sites import read_sites
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
EXAMPLES = ("processing-plant.txt", "coal-panels.gpkg")
NOTHING = FactSheet({})


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    yield from run_cluster(unavailable)


def new(workspace: Workspace) -> FactSheet:
    """Return the facts of something that is built anew."""
    return parse_facts(workspace.rulebook.vocabulary, {"construction": "new"}, "facts")


def verdicts(workspace: Workspace, layers: Catalogue, file: Path, facts: FactSheet) -> list[Verdict]:
    sites = [(site, facts) for site in read_sites(file, expected=workspace.extent(ON))]
    found = check_sites(sites, on=ON, catalogue=layers, rulebook=workspace.rulebook, settings=workspace.settings)
    return [each.verdict for each in found if isinstance(each, Examination)]


def plain(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict without the digests of layers and of their definitions."""
    content: dict[str, Any] = json.loads(verdict.to_json())
    del content["digests"]["layers"], content["digests"]["definitions"]
    return content


def test_the_built_in_layers_give_the_same_verdicts(cluster: Cluster, workspace_root: Path) -> None:
    workspace = Workspace.open(workspace_root)
    moved = into_database(cluster, workspace.catalogue)
    for name in EXAMPLES:
        file = workspace_root / "examples" / name
        from_files = verdicts(workspace, workspace.catalogue, file, NOTHING)
        from_tables = verdicts(workspace, moved, file, NOTHING)
        assert from_files
        assert [plain(verdict) for verdict in from_tables] == [plain(verdict) for verdict in from_files]
        for one, other in zip(from_files, from_tables, strict=True):
            there = {layer_id for layer_id, digest in one.digests.layers.items() if digest is not None}
            assert {layer_id for layer_id, digest in other.digests.layers.items() if digest is not None} == there
            assert all(one.digests.layers[layer_id] != other.digests.layers[layer_id] for layer_id in there)


@pytest.mark.parametrize("seed", range(4, times(5, 24)))
def test_zones_of_every_kind_measure_the_same(cluster: Cluster, tmp_path: Path, seed: int) -> None:
    world = random_world(seed, tmp_path)
    moved = into_database(cluster, world.catalogue)
    sources = LayerSource(world.catalogue, PLANE), LayerSource(moved, PLANE)
    found = list(differences(world, sources, 20))
    # Of everything that is measured only the digest of the data is another.
    assert {each.what for each in found} == {"sha256"}


@st.composite
def shapes(draw: st.DrawFn) -> BaseGeometry | None:
    """Draw a polygon of any quality, or none: twisted, with heights, in parts, empty."""
    number = st.floats(min_value=0, max_value=0.2, allow_subnormal=False)
    corner = st.tuples(number.map(lambda x: 112.3 + x), number.map(lambda y: 35.3 + y))
    ring = draw(st.lists(corner, min_size=3, max_size=9))
    polygon = shapely.Polygon([*ring, ring[0]])
    kind = draw(st.sampled_from(["plain", "high", "parts", "empty", "none"]))
    made = {
        "plain": polygon,
        "high": shapely.force_3d(polygon, draw(number)),
        "parts": shapely.MultiPolygon([polygon, shapely.box(112.31, 35.31, 112.32, 35.32)]),
        "empty": shapely.MultiPolygon(),
        "none": None,
    }
    return made[kind]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
windows = st.tuples(st.floats(112.3, 112.4), st.floats(35.3, 35.4), st.floats(0, 0.1), st.floats(0, 0.1))


@settings(
    max_examples=times(25, 500),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(shapes(), texts, st.sampled_from(["LEVEL-1", "LEVEL-2", "", None])), max_size=6), windows)
def test_whatever_the_zones_a_table_gives_what_a_file_gives(
    cluster: Cluster,
    tmp_path_factory: pytest.TempPathFactory,
    made: list[tuple[BaseGeometry | None, str, str | None]],
    window: tuple[float, float, float, float],
) -> None:
    root = tmp_path_factory.mktemp("zones")
    path = write_zones(root / "layers/data/water.gpkg", made)
    load_file(cluster, path, None, "water")
    west, south, wide, high = window
    bounds = (west, south, west + wide, south + high)
    box = shapely.box(*bounds)
    file, table = read(catalogue(root, layer()), bounds), read(water(root, cluster), bounds)
    # A window may hold zones that only come near it: those that meet it must be there, each the same.
    for one, other in ((file, table), (table, file)):
        for place, zone_id in enumerate(one.ids):
            if not one.geometries[place].boundary.intersects(box):
                continue
            at = other.ids.index(zone_id)
            assert other.geometries[at].wkb == one.geometries[place].wkb
            assert (other.names[at], other.class_ids[at], other.assumed[at]) == (
                one.names[place],
                one.class_ids[place],
                one.assumed[place],
            )
    shared = set(file.ids) & set(table.ids)
    assert [one for one in table.ids if one in shared] == [one for one in file.ids if one in shared]
    assert table.coverage.equals(file.coverage)


def test_a_site_in_two_territories(cluster: Cluster, tmp_path: Path) -> None:
    box = (112.495, 35.45, 112.505, 35.46)
    site = tiny_workspace.site_file(tmp_path / "site.geojson", box)
    files = Workspace.open(tiny_workspace.build(tmp_path / "files"))
    tables = Workspace.open(tables_of(cluster, tiny_workspace.build(tmp_path / "tables")))
    (one,), (other,) = (verdicts(each, each.catalogue, site, new(each)) for each in (files, tables))
    assert one.site.territories == ("140522", "140825")
    assert plain(other) == plain(one)


def test_a_verdict_is_run_again_to_the_same_bytes(cluster: Cluster, tmp_path: Path) -> None:
    w = Workspace.open(tables_of(cluster, tiny_workspace.build(tmp_path / "w")))
    site = tiny_workspace.site_file(tmp_path / "site.geojson", (112.404, 35.504, 112.405, 35.505))
    (old,) = verdicts(w, w.catalogue, site, new(w))

    def replay() -> Any:
        return replay_verdict(old, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)

    assert replay().same
    run_sql(cluster, "UPDATE gis.water SET name = '上芹' WHERE fid = 1")
    changed = replay()
    assert not changed.same
    (cause,) = changed.causes
    assert "水源" in cause.zh
    assert (old.digests.layers["water"] or "")[:12] in cause.en
    run_sql(cluster, "UPDATE gis.water SET name = '下芹' WHERE fid = 1")
    assert replay().same
    run_sql(cluster, "DROP TABLE gis.water")
    gone = replay()
    (cause,) = gone.causes
    assert cause.en == (
        "layer 'water' cannot be used now: zoning:gis.water: the database has no such table; check 'table' (capitals "
        "count)"
    )
    assert gone.verdict.decision == "undetermined"


def territories_in_files(cluster: Cluster, root: Path) -> Path:
    """Move the layers into the database, all but the territories."""
    kept = (root / "layers" / "territory.yaml").read_text(encoding="utf-8")
    tables_of(cluster, root)
    (root / "layers" / "territory.yaml").write_text(kept, encoding="utf-8")
    return root


def test_a_server_that_stops_between_sites_leaves_them_undetermined(cluster: Cluster, tmp_path: Path) -> None:
    w = Workspace.open(territories_in_files(cluster, tiny_workspace.build(tmp_path / "w")))
    checker = Checker(on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)

    def decide(west: float, south: float) -> Verdict:
        file = tiny_workspace.site_file(tmp_path / "site.geojson", (west, south, west + 0.001, south + 0.001))
        (site,) = read_sites(file, expected=w.extent(ON))
        (found,) = checker.check([(site, new(w))])
        assert isinstance(found, Examination)
        return found.verdict

    assert decide(112.33, 35.43).decision == "permitted"
    cluster.stop()
    try:
        blind = decide(112.47, 35.58)
    finally:
        cluster.start()
    assert blind.decision == "undetermined"
    status = {entry.layer: entry.status for entry in blind.layers}
    assert status == {"territory": "affected", "water": "no_data", "farmland": "no_data"}
    assert [entry.reason.zh for entry in blind.layers if entry.reason is not None] == [
        "数据库 zoning 没有在运行；请启动数据库，或在 source 中写明主机"
    ] * 2
    assert blind.digests.layers["water"] is None
    again = decide(112.47, 35.58)
    assert again.decision == "permitted"
    assert again.digests.layers["water"] is not None


def test_a_batch_whose_server_stops_goes_on_later_to_the_same_bytes(cluster: Cluster, tmp_path: Path) -> None:
    world = batch_world.make_world(tmp_path / "batch", 30)
    territories_in_files(cluster, world.root)
    world.run(tmp_path / "undisturbed.csv", task=7)

    class Stopping(batch_world.Stops):
        def run(self, job: Any, tasks: Any) -> Any:
            for task in tasks:
                if len(self.ran) == self.after:
                    cluster.stop()
                yield from Serial().run(job, iter([task]))
                self.ran.append(task.number)

    out = tmp_path / "disturbed.csv"
    try:
        with pytest.raises(LayerError, match=r"was lost during the run: .*; continue with --resume when it is back"):
            world.run(out, task=7, executor=Stopping(2, RuntimeError()))
    finally:
        cluster.start()
    assert not out.exists()
    world.run(out, task=7, resume=True)
    assert out.read_bytes() == (tmp_path / "undisturbed.csv").read_bytes()
