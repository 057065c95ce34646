"""Windows of layers: what is read, what is unavailable and why, what is kept."""

import hashlib
import os
from datetime import date
from pathlib import Path

import pytest
import shapely

from overlay_world import DAY, box_m, catalogue, layer, reason_of, write_zones
from zoning.layers.catalogue import Catalogue, Coverage, Edition
from zoning.layers.digests import file_sha256
from zoning.layers.reader import Features, LayerStore, Unavailable, read_window

AROUND = (112.3, 35.3, 112.5, 35.6)
ZONES = [
    (shapely.box(112.40, 35.40, 112.41, 35.41), "下芹", "LEVEL-1"),
    (shapely.box(112.42, 35.42, 112.43, 35.43), "下芹", "LEVEL-2"),
    (shapely.box(112.80, 35.80, 112.81, 35.81), "远处", "LEVEL-2"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Catalogue:
    write_zones(tmp_path / "layers/data/water.gpkg", list(ZONES))
    return catalogue(tmp_path, layer())


def zones_of(found: Features | Unavailable) -> Features:
    assert isinstance(found, Features), found
    return found


def edition(**changes: object) -> Edition:
    return Edition.model_validate({"file": "data/water.gpkg", "valid_from": date(2020, 1, 1), **changes})


def test_window_holds_the_zones_that_meet_it(workspace: Catalogue) -> None:
    found = zones_of(read_window(workspace, "water", on=DAY, bounds=AROUND))
    assert found.ids == ("Z0", "Z1")
    assert found.names == ("下芹", "下芹")
    assert found.class_ids == ("level-1", "level-2")
    assert found.assumed == (False, False)
    assert (found.edition_id, found.crs, found.coverage_crs) == ("2020", "EPSG:4490", "EPSG:4490")
    assert found.geometries[0].equals(ZONES[0][0])
    path = workspace.root / "layers/data/water.gpkg"
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_coverage_is_the_territory(workspace: Catalogue) -> None:
    found = zones_of(read_window(workspace, "water", on=DAY, bounds=AROUND))
    assert found.coverage.equals(shapely.box(112, 35, 113, 36))


def test_territory_covers_itself(workspace: Catalogue) -> None:
    found = zones_of(read_window(workspace, "territory", on=DAY, bounds=AROUND))
    assert found.ids == ("140522",)
    assert found.coverage.equals(shapely.box(112, 35, 113, 36))


def test_layers_share_the_object_of_their_coverage(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", list(ZONES))
    write_zones(tmp_path / "layers/data/farmland.gpkg", list(ZONES))
    store = LayerStore(catalogue(tmp_path, layer(), layer("farmland")))
    one, other = (zones_of(store.read_window(name, on=DAY, bounds=AROUND)) for name in ("water", "farmland"))
    assert one.coverage is other.coverage


def test_window_without_zones_inside_the_coverage_is_empty(workspace: Catalogue) -> None:
    found = zones_of(read_window(workspace, "water", on=DAY, bounds=(112.1, 35.1, 112.2, 35.2)))
    assert found.ids == ()
    assert len(found.geometries) == 0


def test_window_outside_the_coverage_has_none(workspace: Catalogue) -> None:
    found = zones_of(read_window(workspace, "water", on=DAY, bounds=(110.1, 35.1, 110.2, 35.2)))
    assert found.coverage.is_empty


def test_the_whole_world_is_a_window(workspace: Catalogue) -> None:
    found = zones_of(read_window(workspace, "water", on=DAY, bounds=(-180, -90, 180, 90)))
    assert len(found.ids) == 3


def test_projected_layers_are_read_by_windows_with_dense_edges(tmp_path: Path) -> None:
    zones = [(box_m(0, 0, 100, 100), "甲", "LEVEL-1"), (box_m(90_000, 0, 90_100, 100), "乙", "LEVEL-1")]
    write_zones(tmp_path / "layers/data/water.gpkg", zones, crs="EPSG:4525")
    store = LayerStore(catalogue(tmp_path, layer(crs="EPSG:4525")))
    found = zones_of(store.read_window("water", on=DAY, bounds=AROUND))
    assert found.names == ("甲",)
    assert found.crs == "EPSG:4525"


def test_coverage_from_a_file_of_its_own(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", list(ZONES))
    write_zones(
        tmp_path / "layers/data/mapped.gpkg",
        [(shapely.box(112.3, 35.3, 112.45, 35.5), "", None), (shapely.box(112.7, 35.7, 112.9, 35.9), "", None)],
    )
    found = zones_of(
        read_window(
            catalogue(tmp_path, layer(coverage=Coverage(file="data/mapped.gpkg"))), "water", on=DAY, bounds=AROUND
        )
    )
    assert found.coverage.equals(shapely.box(112.3, 35.3, 112.45, 35.5))


def test_missing_coverage_file_makes_the_layer_unavailable(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", list(ZONES))
    known = catalogue(tmp_path, layer(coverage=Coverage(file="data/mapped.gpkg")))
    assert reason_of(read_window(known, "water", on=DAY, bounds=AROUND)) == "file not found: mapped.gpkg"


def test_without_territories_the_coverage_cannot_be_told(workspace: Catalogue) -> None:
    (workspace.root / "layers/data/territory.gpkg").unlink()
    assert reason_of(read_window(workspace, "water", on=DAY, bounds=AROUND)) == (
        "the coverage cannot be told, the territory layer cannot be used: file not found: territory.gpkg"
    )


def test_edition_of_the_day_is_read(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/old.gpkg", [ZONES[0]])
    write_zones(tmp_path / "layers/data/new.gpkg", [ZONES[1]])
    editions = {
        "2020": edition(file="data/old.gpkg", valid_to=date(2023, 12, 31)),
        "2024": edition(file="data/new.gpkg", valid_from=date(2024, 1, 1), classes=("level-2",)),
    }
    store = LayerStore(catalogue(tmp_path, layer(editions=editions)))
    assert zones_of(store.read_window("water", on=date(2023, 12, 31), bounds=AROUND)).class_ids == ("level-1",)
    assert zones_of(store.read_window("water", on=date(2024, 1, 1), bounds=AROUND)).class_ids == ("level-2",)
    found = store.read_window("water", on=date(2019, 1, 1), bounds=AROUND)
    assert isinstance(found, Unavailable)
    assert (found.edition_id, found.reason.en) == (None, "no edition is valid on 2019-01-01")


def test_empty_class_is_taken_for_the_strictest_and_flagged(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [(ZONES[0][0], "无级别", None), (ZONES[1][0], "", "  "), ZONES[1]])
    editions = {"2020": edition(classes=("level-2", "level-1"))}
    found = zones_of(read_window(catalogue(tmp_path, layer(editions=editions)), "water", on=DAY, bounds=AROUND))
    assert found.class_ids == ("level-2", "level-2", "level-2")
    assert found.assumed == (True, True, False)


def test_records_without_geometry_are_no_zones(tmp_path: Path) -> None:
    write_zones(
        tmp_path / "layers/data/water.gpkg",
        [(None, "表格行", "LEVEL-1"), ZONES[0], (shapely.Polygon(), "空", "LEVEL-1")],
    )
    found = zones_of(read_window(catalogue(tmp_path, layer()), "water", on=DAY, bounds=(-180, -90, 180, 90)))
    assert found.names == ("下芹",)


def test_collections_are_taken_apart(tmp_path: Path) -> None:
    mixed = shapely.GeometryCollection([ZONES[0][0], shapely.Point(112.4, 35.4), shapely.MultiPolygon([ZONES[1][0]])])
    write_zones(tmp_path / "layers/data/water.gpkg", [(mixed, "", "LEVEL-1")])
    (zone,) = zones_of(read_window(catalogue(tmp_path, layer()), "water", on=DAY, bounds=AROUND)).geometries
    assert zone.geom_type == "MultiPolygon"
    assert zone.equals(shapely.MultiPolygon([ZONES[0][0], ZONES[1][0]]))


def test_windows_are_kept_and_serve_smaller_ones(workspace: Catalogue) -> None:
    store = LayerStore(workspace)
    wide = store.read_window("water", on=DAY, bounds=(112.1, 35.1, 112.9, 35.9))
    assert store.read_window("water", on=DAY, bounds=AROUND) is wide
    assert store.read_window("water", on=DAY, bounds=(112.0, 35.1, 112.9, 35.9)) is not wide


def test_digest_is_taken_again_when_the_file_changes(workspace: Catalogue) -> None:
    path = workspace.root / "layers/data/water.gpkg"
    store = LayerStore(workspace)
    before = store.sha256(path)
    assert store.sha256(path) == before == file_sha256(path)
    path.write_bytes(path.read_bytes() + b"\0")
    os.utime(path, (1, 1))
    assert store.sha256(path) != before


def test_stated_sha256_is_checked(workspace: Catalogue) -> None:
    digest = file_sha256(workspace.root / "layers/data/water.gpkg")
    good = catalogue(workspace.root, layer(editions={"2020": edition(sha256=digest.upper())}))
    assert isinstance(read_window(good, "water", on=DAY, bounds=AROUND), Features)
    bad = catalogue(workspace.root, layer(editions={"2020": edition(sha256="0" * 64)}))
    assert reason_of(read_window(bad, "water", on=DAY, bounds=AROUND)) == (
        f"water.gpkg is not the file that edition 2020 states: its sha256 is {digest[:12]}…"
    )
