"""Prepared layers hold what windows of the sources give, and nothing that is not surely current is opened."""

import os
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
import shapely

import overlay_world as world
import tiny_workspace
import zoning
from prepared_world import DAY, assert_same, store_in, store_of, tiny, window
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.prepared.basis import code_sha256, forms_of
from zoning.overlay.prepared.store import PreparedStore
from zoning.workspace import Workspace, builtin_root

LAYERS = ("farmland", "territory", "water")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return tiny(tmp_path / "w")


@pytest.fixture
def prepared(workspace: Workspace) -> Workspace:
    """Return a workspace whose layers are prepared and open."""
    outcomes = store_of(workspace).prepare()
    assert [(outcome.layer, outcome.state) for outcome in outcomes] == [(name, "built") for name in LAYERS]
    assert_open(workspace, *LAYERS)
    return workspace


def assert_open(workspace: Workspace, *names: str) -> None:
    """Check which layers another process would open."""
    store = store_of(workspace)
    assert tuple(name for name in LAYERS if store.open(name, DAY) is not None) == names


def reopened(workspace: Workspace) -> Workspace:
    return Workspace.open(workspace.root)


def states(workspace: Workspace, *, verify: bool = False) -> list[str]:
    return [outcome.state for outcome in store_of(workspace).prepare(verify=verify)]


def test_all_layers_of_the_built_in_workspace_in_every_edition(tmp_path: Path) -> None:
    workspace = Workspace.open(builtin_root())
    plane = MeasuringPlane(workspace.file.latitude)
    store = PreparedStore(tmp_path, workspace.catalogue, plane)
    assert {outcome.state for outcome in store.prepare()} == {"built"}
    store = PreparedStore(tmp_path, workspace.catalogue, plane)
    seen: set[str] = set()
    for name in workspace.catalogue.layers:
        for form in forms_of(workspace.catalogue, name):
            seen.add(form.slot)
            assert_same(store.open(name, form.on), window(workspace.catalogue, name, plane, form.on))
    assert len(seen) == sum(len(layer.editions) for layer in workspace.catalogue.layers.values())


def test_what_was_prepared_is_not_built_again(prepared: Workspace) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in store_of(prepared).folder.files()}
    assert states(prepared) == ["current"] * 3
    assert states(prepared, verify=True) == ["current"] * 3
    assert {path.name: path.stat().st_mtime_ns for path in store_of(prepared).folder.files()} == before


def test_layers_with_the_same_coverage_share_it(prepared: Workspace) -> None:
    store = store_of(prepared)
    water, territory = store.open("water", DAY), store.open("territory", DAY)
    assert water is not None
    assert territory is not None
    assert store.open("water", DAY) is water
    farmland = store.open("farmland", DAY)
    assert farmland is not None
    # Water and farmland cover one county, the territory layer both.
    assert farmland.coverage is water.coverage
    assert territory.coverage is not water.coverage


def test_opening_never_makes_a_folder(workspace: Workspace) -> None:
    assert_open(workspace)
    assert not (workspace.root / ".prepared").exists()


# --- what rests on a source --------------------------------------------------------------------------------------


def test_a_source_that_was_only_touched_is_the_same(prepared: Workspace) -> None:
    os.utime(prepared.root / "layers/data/water.geojson")
    assert_open(prepared, *LAYERS)
    assert states(prepared) == ["current"] * 3


def test_a_source_of_another_content_is_another_layer(prepared: Workspace) -> None:
    tiny_workspace.geojson(prepared.root / "layers/data/water.geojson", [("W1", "x", "1", tiny_workspace.WATER["1"])])
    assert_open(prepared, "farmland", "territory")
    assert states(prepared) == ["current", "current", "built"]
    assert_open(prepared, *LAYERS)
    # The file of the content before is gone.
    assert len(store_of(prepared).folder.files()) == 3


def test_an_edit_of_the_same_size_in_the_same_tick_with_its_time_put_back(prepared: Workspace) -> None:
    path = prepared.root / "layers/data/water.geojson"
    status, text = path.stat(), path.read_text(encoding="utf-8")
    path.write_text(text.replace("112.41,", "112.40,"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert_open(prepared, "farmland", "territory")


def test_edits_right_after_preparing_are_all_seen(workspace: Workspace) -> None:
    """However quickly one edit follows the other: no stamp is believed that was taken within the same tick."""
    path = workspace.root / "layers/data/water.geojson"
    good = path.read_text(encoding="utf-8")
    other = good.replace("W1", "X1")
    assert len(good) == len(other)
    for _ in range(20):
        path.write_text(good, encoding="utf-8")
        store_of(workspace).prepare(["water"])
        path.write_text(other, encoding="utf-8")
        assert store_of(workspace).open("water", DAY) is None
        store_of(workspace).prepare(["water"])
        found = store_of(workspace).open("water", DAY)
        assert found is not None
        assert found.ids[0] == "X1"


def test_the_file_of_the_territories_decides_about_the_coverage_of_all(prepared: Workspace) -> None:
    data = prepared.root / "layers/data/territory.geojson"
    data.write_text(data.read_text(encoding="utf-8").replace("112.3,", "112.2,"), encoding="utf-8")
    assert_open(prepared)
    assert states(prepared) == ["built"] * 3
    plane = MeasuringPlane(prepared.file.latitude)
    for name in LAYERS:
        assert_same(store_of(prepared).open(name, DAY), window(prepared.catalogue, name, plane))


@pytest.mark.parametrize(
    ("old", "new", "still_open"),
    [
        ('codes: ["1"]', 'codes: ["1", "9"]', ("farmland", "territory")),
        ("name_field: name", "name_field: class", ("farmland", "territory")),
        ("crs: EPSG:4490", "crs: EPSG:4326", ("farmland", "territory")),
        ('territories: ["140522"]', 'territories: ["140825"]', ("farmland", "territory")),
        (
            "class_field: class\n",
            "class_field: class\nattributes: {name: {zh: 名, en: name}}\n",
            ("farmland", "territory"),
        ),
        # What a layer is called or how exact it is does not lie in its zones.
        ("{zh: 水源, en: water}", "{zh: 水, en: waters}", LAYERS),
        ("accuracy_m: 0.0", "accuracy_m: 25", LAYERS),
        ("valid_from: 2020-01-01", "valid_from: 2019-01-01", LAYERS),
    ],
)
def test_what_of_a_definition_makes_another_layer(
    prepared: Workspace, old: str, new: str, still_open: tuple[str, ...]
) -> None:
    path = prepared.root / "layers/water.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert_open(reopened(prepared), *still_open)
    found = store_of(reopened(prepared)).open("water", DAY)
    if found is not None:
        # What does not lie in the file is that of the definition as it is now.
        assert found.layer == reopened(prepared).catalogue["water"]


def test_the_order_of_classes_is_part_of_a_layer(prepared: Workspace) -> None:
    """It says which class is the strictest; a digest of sorted keys would not see it."""
    path = prepared.root / "layers/water.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    one, two = (next(i for i, line in enumerate(lines) if f"level-{n}:" in line) for n in (1, 2))
    lines[one], lines[two] = lines[two], lines[one]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert_open(reopened(prepared), "farmland", "territory")
    store_of(reopened(prepared)).prepare(["water"])
    workspace = reopened(prepared)
    plane = MeasuringPlane(workspace.file.latitude)
    assert_same(store_of(workspace).open("water", DAY), window(workspace.catalogue, "water", plane))


def test_the_measuring_plane_is_part_of_a_layer(prepared: Workspace) -> None:
    store = store_of(prepared, latitude=36.0)
    assert [store.open(name, DAY) for name in LAYERS] == [None] * 3
    store.prepare()
    assert_same(store.open("water", DAY), window(prepared.catalogue, "water", MeasuringPlane(36.0)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("VERSION", 999), ("code_sha256", lambda: "other code"), ("__proj_version__", "99"), ("STEP_M", 10.0)],
)
def test_another_version_of_the_program_builds_its_own(
    prepared: Workspace, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(f"zoning.overlay.prepared.basis.{name}", value)
    assert_open(prepared)


def test_the_digest_of_the_code_covers_what_reads_and_what_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path(zoning.__file__).parent
    for name in ("layers", "overlay"):
        shutil.copytree(package / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("zoning.overlay.prepared.basis._PACKAGE", tmp_path)
    seen = {code_sha256.__wrapped__()}
    assert seen == {code_sha256()}
    for name in ("layers/reader.py", "overlay/repair.py", "overlay/plane.py", "overlay/kernel/tree.py"):
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write("# changed")
        seen.add(code_sha256.__wrapped__())
    assert len(seen) == 5


def test_an_edition_whose_stated_sha256_differs_is_left_to_the_reader(prepared: Workspace) -> None:
    path = prepared.root / "layers/water.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("valid_from", f"sha256: {'0' * 64}, valid_from"), encoding="utf-8")
    workspace = reopened(prepared)
    assert_open(workspace, "farmland", "territory")
    outcome = store_of(workspace).prepare(["water"])[0]
    assert (outcome.state, outcome.exit_code) == ("refused", 11)
    assert outcome.reason is not None
    assert "is not the file that edition 2020 states" in outcome.reason.en


def test_a_territory_whose_stated_sha256_differs_takes_all_coverage_away(prepared: Workspace) -> None:
    path = prepared.root / "layers/territory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("valid_from", f"sha256: {'0' * 64}, valid_from"), encoding="utf-8")
    assert_open(reopened(prepared))


def test_a_missing_source_is_left_to_the_reader(prepared: Workspace) -> None:
    (prepared.root / "layers/data/water.geojson").unlink()
    assert_open(prepared, "farmland", "territory")
    (prepared.root / "layers/data/territory.geojson").unlink()
    assert_open(prepared)


def test_a_write_that_was_broken_off_is_left_to_the_reader(prepared: Workspace) -> None:
    """A journal beside a GeoPackage takes back what the file says; GDAL does that when it opens it."""
    (prepared.root / "layers/data/water.geojson-journal").write_bytes(b"pages")
    assert_open(prepared, "farmland", "territory")
    outcome = store_of(prepared).prepare(["water"])[0]
    assert (outcome.state, outcome.exit_code) == ("refused", 11)


def test_a_geopackage_with_a_log_of_writes(tmp_path: Path) -> None:
    catalogue = world.catalogue(tmp_path, world.layer())
    path = world.write_zones(
        tmp_path / "layers/data/water.gpkg", [(shapely.box(112.1, 35.1, 112.2, 35.2), "a", "LEVEL-1")]
    )
    store_in(catalogue).prepare()
    assert store_in(catalogue).open("water", DAY) is not None
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE more (a)")
    connection.commit()
    try:
        assert path.with_name("water.gpkg-wal").stat().st_size
        assert store_in(catalogue).open("water", DAY) is None
    finally:
        connection.close()


def test_days_without_an_edition(prepared: Workspace) -> None:
    before = date(2019, 12, 31)
    assert store_of(prepared).open("water", before) is None
    outcomes = store_of(prepared).prepare(on=before)
    assert {(outcome.state, outcome.exit_code) for outcome in outcomes} == {("refused", 11)}
    assert all(outcome.reason is not None and "2019-12-31" in outcome.reason.en for outcome in outcomes)
