"""Layer files that would silently answer "not affected": cut off, swapped, with an old index, changed while read."""

import os
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from overlay_world import DAY, catalogue, layer, write_zones
from zoning.errors import LayerError
from zoning.layers.catalogue import Coverage, Edition, Layer, ZoneClass
from zoning.layers.digests import file_sha256
from zoning.layers.reader import Features, LayerStore, Unavailable, read_window
from zoning.texts import Text

HERE = (112.3, 35.55, 112.5, 35.65)
NORTH = [(shapely.box(112.3 + i * 0.01, 35.60, 112.305 + i * 0.01, 35.61), f"区{i}", "LEVEL-1") for i in range(19)]
SOUTH = [(shapely.box(112.3 + i * 0.01, 35.20, 112.305 + i * 0.01, 35.21), f"区{i}", "LEVEL-1") for i in range(19)]


def read(root: Path, file: str, *, crs: str = "EPSG:4490") -> Features | Unavailable:
    editions = {"2020": Edition(file=f"data/{file}", valid_from=date(2020, 1, 1))}
    return read_window(catalogue(root, layer(crs=crs, editions=editions)), "water", on=DAY, bounds=HERE)


def count(found: Features | Unavailable) -> int:
    assert isinstance(found, Features), found
    return len(found.ids)


def with_index(path: Path, zones: list[tuple[shapely.Polygon, str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [np.array([text] * len(zones), dtype=object) for text in ("Z", "", "LEVEL-1")]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([zone for zone, _, _ in zones], dtype=object)),
        columns,
        ["zone_id", "name", "class"],
        layer=path.stem,
        driver="ESRI Shapefile",
        geometry_type="Polygon",
        crs="EPSG:4490",
        encoding="UTF-8",
        SPATIAL_INDEX="YES",
    )


def test_an_old_index_beside_a_shapefile_hides_no_zone(tmp_path: Path) -> None:
    with_index(tmp_path / "layers/data/water.shp", SOUTH)
    assert (tmp_path / "layers/data/water.qix").is_file()
    with_index(tmp_path / "new/water.shp", NORTH)
    for suffix in (".shp", ".shx", ".dbf"):
        shutil.copy(tmp_path / f"new/water{suffix}", tmp_path / f"layers/data/water{suffix}")
    assert count(read(tmp_path, "water.shp")) == len(NORTH)


@pytest.mark.parametrize("suffix", [".shp", ".fgb", ".gpkg", ".geojson"])
@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_no_data(tmp_path: Path, suffix: str, share: float) -> None:
    path = write_zones(tmp_path / f"layers/data/water{suffix}", NORTH * 10)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    found = read(tmp_path, path.name)
    assert isinstance(found, Unavailable)
    assert found.reason.en.startswith(f"file cannot be read: {path.name} is no intact ")


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson", ".fgb"])
@pytest.mark.parametrize(
    ("crs", "box"),
    [
        ("EPSG:4490", (35.60, 112.40, 35.61, 112.41)),
        ("EPSG:4525", (3_940_000, 37_627_000, 3_941_000, 37_628_000)),
        # Without the number of the zone before the easting.
        ("EPSG:4525", (627_000, 3_940_000, 628_000, 3_941_000)),
    ],
)
def test_coordinates_that_cannot_be_of_the_system_are_refused(
    tmp_path: Path, suffix: str, crs: str, box: tuple[float, float, float, float]
) -> None:
    write_zones(tmp_path / f"layers/data/water{suffix}", [(shapely.box(*box), "", "LEVEL-1")], crs=crs)
    with pytest.raises(
        LayerError, match=rf"water{suffix}: its coordinates \(.*\) cannot be of {crs}; check axis order"
    ):
        read(tmp_path, f"water{suffix}", crs=crs)


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".fgb"])
@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4525"])
def test_a_layer_without_zones_is_read(tmp_path: Path, suffix: str, crs: str) -> None:
    path = write_zones(tmp_path / f"layers/data/water{suffix}", [], crs=crs)
    assert count(read(tmp_path, path.name, crs=crs)) == 0


def test_swapped_coverage_is_refused(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", NORTH)
    write_zones(tmp_path / "layers/data/mapped.gpkg", [(shapely.box(35, 112, 36, 113), "", None)])
    known = catalogue(tmp_path, layer(coverage=Coverage(file="data/mapped.gpkg")))
    with pytest.raises(LayerError, match=r"mapped\.gpkg: its coordinates"):
        read_window(known, "water", on=DAY, bounds=HERE)


def test_the_digest_of_a_shapefile_in_capital_letters_holds_its_table(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "water.shp", NORTH)
    for part in tmp_path.glob("water.*"):
        part.rename(part.with_name(part.name.upper()))
    before = file_sha256(path.with_name("WATER.SHP"))
    table = tmp_path / "WATER.DBF"
    table.write_bytes(table.read_bytes().replace(b"LEVEL-1", b"LEVEL-2"))
    assert file_sha256(path.with_name("WATER.SHP")) != before


def test_the_digest_of_a_geopackage_holds_its_journal(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "water.gpkg", NORTH)
    before = file_sha256(path)
    path.with_name("water.gpkg-wal").write_bytes(b"")
    assert file_sha256(path) == before
    path.with_name("water.gpkg-wal").write_bytes(b"written, not carried over")
    assert file_sha256(path) != before


def test_a_file_changed_while_it_is_read_is_no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_zones(tmp_path / "layers/data/water.gpkg", NORTH)
    store = LayerStore(catalogue(tmp_path, layer()))
    hashed = store.sha256

    def replaced_before_it_is_hashed(file: Path) -> str:
        write_zones(tmp_path / "other.gpkg", SOUTH)
        (tmp_path / "other.gpkg").replace(path)
        os.utime(path, (1, 1))
        return hashed(file)

    monkeypatch.setattr(store, "sha256", replaced_before_it_is_hashed)
    found = store.read_window("water", on=DAY, bounds=HERE)
    assert isinstance(found, Unavailable)
    assert found.reason.en == "water.gpkg changed while it was read: check again"


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_the_order_of_the_zones_does_not_depend_on_the_window(tmp_path: Path, suffix: str) -> None:
    places = np.random.default_rng(1).uniform((112.2, 35.2), (112.8, 35.8), (3000, 2))
    zones = [(shapely.box(x, y, x + 0.005, y + 0.005), "", "LEVEL-1") for x, y in places]
    write_zones(tmp_path / f"layers/data/water{suffix}", zones)
    known = catalogue(tmp_path, layer(editions={"2020": Edition(file=f"data/water{suffix}", valid_from=DAY)}))
    wide = read_window(known, "water", on=DAY, bounds=(112.0, 35.0, 113.0, 36.0))
    narrow = read_window(known, "water", on=DAY, bounds=HERE)
    assert isinstance(wide, Features)
    assert isinstance(narrow, Features)
    assert 100 < len(narrow.ids) < len(wide.ids)
    mine = set(narrow.ids)
    assert narrow.ids == tuple(name for name in wide.ids if name in mine)


# --- editions and classes that cannot be told apart


def editions(**dates: tuple[date, date | None, str | None]) -> dict[str, Edition]:
    return {
        name: Edition(file="data/w.gpkg", valid_from=begins, valid_to=ends, superseded_by=by)
        for name, (begins, ends, by) in dates.items()
    }


def test_a_superseded_edition_does_not_come_back() -> None:
    known = layer(
        editions=editions(old=(date(2017, 1, 1), None, "new"), new=(date(2022, 1, 1), date(2025, 12, 31), None))
    )
    days = (date(2021, 12, 31), date(2022, 1, 1))
    assert [(known.edition_on(day) or ("none",))[0] for day in days] == ["old", "new"]
    assert known.edition_on(date(2026, 1, 1)) is None


def test_editions_that_begin_on_one_day_are_refused() -> None:
    both = editions(one=(date(2020, 1, 1), None, None), other=(date(2020, 1, 1), None, None))
    with pytest.raises(ValueError, match="editions one and other both begin on 2020-01-01"):
        layer(editions=both)


def test_an_edition_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match=r"edition one ends \(2019-12-31\) before it begins"):
        layer(editions=editions(one=(date(2020, 1, 1), date(2019, 12, 31), None)))


def test_a_code_of_two_classes_is_refused() -> None:
    def with_codes(**codes: str) -> Layer:
        title = Text("级", "level")
        classes = {name: ZoneClass(title=title, codes=(code,)).model_dump() for name, code in codes.items()}
        return Layer.model_validate(layer().model_dump() | {"classes": classes})

    assert with_codes(strict="1", mild="2").classes
    with pytest.raises(ValueError, match="the code '1' means both 'strict' and 'mild' in edition 2020"):
        with_codes(strict="1", mild="1")
