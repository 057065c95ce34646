"""One task: rows rest on the layers of the start of the run, and outlines are drawn only where they are somewhere."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from overlay_world import layer
from zoning.batch.identity import layer_identity, layer_name, workspace_identity
from zoning.batch.work import _check_layers, _drawn, _known, _lonlat
from zoning.errors import LayerError
from zoning.layers.catalogue import Edition
from zoning.layers.reader import LayerStore, Unavailable
from zoning.sites.site import Site
from zoning.texts import Text
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
BOX = shapely.box(112.0, 35.0, 112.1, 35.1)
GONE = Text("没有应答", "no answer")


def check_layers(now: str | None, before: str | None, *, database: bool = False, definition: str = "d") -> None:
    """Compare a layer with the start of the run: digest of its data `now` and `before`, None where there were none."""
    defined = layer("water", editions={"2020": _edition(database=database)})
    found = SimpleNamespace(sha256=now) if now is not None else Unavailable(defined, "2020", GONE)
    source = SimpleNamespace(definition_sha256=lambda _: definition)
    checker: Any = SimpleNamespace(layers={"water": found}, source=source, catalogue={"water": defined})
    job: Any = SimpleNamespace(identity={layer_name("water"): layer_identity("d", before)}, on=ON)
    _check_layers(job, checker)


def _edition(*, database: bool) -> Edition:
    valid = date(2020, 1, 1)
    if database:
        return Edition.model_validate(
            {"source": "postgresql://office/zones", "table": "public.water", "valid_from": valid}
        )
    return Edition(file="water.gpkg", valid_from=valid)


@pytest.mark.parametrize(
    ("now", "before", "database"),
    [("1", "1", False), ("1", "1", True), (None, None, False), (None, None, True)],
)
def test_layers_that_are_what_they_were_let_the_run_go_on(now: str | None, before: str | None, database: bool) -> None:
    check_layers(now, before, database=database)


@pytest.mark.parametrize(
    ("now", "before", "database", "definition", "zh", "en"),
    [
        ("2", "1", False, "d", "图层 water 在运行期间被改动；", "layer water was changed during the run;"),
        ("1", "1", False, "e", "图层 water 在运行期间被改动；", "layer water was changed during the run;"),
        ("1", None, False, "d", "图层 water 在运行开始时没有数据，现在有了；", "layer water had no data when the run"),
        (
            None, "1", True, "d",
            "图层 water 在运行期间失去连接：没有应答；恢复后用 --resume 继续",
            "layer water was lost during the run: no answer; continue with --resume when it is back",
        ),
    ],
)  # fmt: skip
def test_rows_that_would_rest_on_other_layers_are_not_kept(
    now: str | None, before: str | None, database: bool, definition: str, zh: str, en: str
) -> None:
    with pytest.raises(LayerError) as caught:
        check_layers(now, before, database=database, definition=definition)
    assert caught.value.get("zh").startswith(zh)
    assert caught.value.get("en").startswith(en)


class TestFileThatCannotBeRead:
    """A task found no data in a layer: whether its file is what it was at the start."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        return tiny_workspace.build(tmp_path / "w")

    def look(self, root: Path, identity: dict[str, str]) -> None:
        """Compare with the start a task that could not read the water zones."""
        workspace = Workspace.open(root)
        catalogue = workspace.catalogue
        found = Unavailable(catalogue["water"], "2020", GONE)
        checker: Any = SimpleNamespace(layers={"water": found}, source=workspace.source(), catalogue=catalogue)
        job: Any = SimpleNamespace(identity=identity, on=ON)
        _check_layers(job, checker)

    def test_one_that_was_as_bad_at_the_start_is_no_data_in_every_row(self, root: Path) -> None:
        (root / "layers" / "data" / "water.geojson").write_text("{", encoding="utf-8")
        self.look(root, workspace_identity(Workspace.open(root), ON))

    def test_one_that_was_not_there_at_the_start_is_no_data_in_every_row(self, root: Path) -> None:
        (root / "layers" / "data" / "water.geojson").unlink()
        self.look(root, workspace_identity(Workspace.open(root), ON))

    def test_one_that_has_gone_ends_the_run(self, root: Path) -> None:
        identity = workspace_identity(Workspace.open(root), ON)
        (root / "layers" / "data" / "water.geojson").unlink()
        with pytest.raises(LayerError, match="layer water was lost during the run: no answer; continue with --resume"):
            self.look(root, identity)

    def test_one_that_was_damaged_ends_the_run(self, root: Path) -> None:
        identity = workspace_identity(Workspace.open(root), ON)
        (root / "layers" / "data" / "water.geojson").write_text("{", encoding="utf-8")
        with pytest.raises(LayerError, match="layer water was lost during the run"):
            self.look(root, identity)

    def test_one_that_the_system_does_not_give_ends_the_run(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> str:
            raise OSError(5, "Input/output error")

        identity = workspace_identity(Workspace.open(root), ON)
        monkeypatch.setattr(LayerStore, "sha256", refuse)
        with pytest.raises(LayerError, match="layer water was lost during the run"):
            self.look(root, identity)


@pytest.mark.parametrize(
    ("geometry", "crs", "west"),
    [
        (BOX, "EPSG:4490", 112.0),
        # The central meridian of zone 37 is 111°E, and 37,500,000 m its easting.
        (shapely.box(37_500_000, 3_900_000, 37_501_000, 3_901_000), "EPSG:4525", 111.0),
    ],
)
def test_outlines_are_drawn_in_longitude_and_latitude(geometry: BaseGeometry, crs: str, west: float) -> None:
    drawn = _lonlat(geometry, crs)
    assert drawn is not None
    assert drawn.bounds[0] == pytest.approx(west, abs=1e-9)
    assert shapely.get_num_coordinates(drawn) == shapely.get_num_coordinates(geometry)


def test_coordinates_that_are_none_of_their_system_are_not_drawn() -> None:
    assert _lonlat(shapely.box(1e30, 1e30, 2e30, 2e30), "EPSG:4525") is None


def test_a_record_without_a_footprint_has_no_outline_and_is_never_checked() -> None:
    assert _drawn(None) is None
    site = Site("1", "地块", BOX, "EPSG:4490", "a.geojson")
    assert _drawn(site) == BOX
    assert _known(site) is site
    with pytest.raises(TypeError, match="without a footprint and without an error"):
        _known(None)
