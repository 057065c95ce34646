"""The table of results: names of columns, what a row says of a layer, kinds of errors, bytes that last."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest
import shapely

from overlay_world import layer
from zoning.batch.columns import (
    GEOMETRY,
    VERDICT,
    LayerColumns,
    _layer,
    error_code,
    from_ipc,
    layer_columns,
    refused,
    schema_of,
    table_of,
    to_ipc,
)
from zoning.errors import (
    ContentError,
    CRSError,
    CRSMismatchError,
    LayerError,
    SiteError,
    UsageError,
    ZoningError,
)
from zoning.layers.catalogue import Catalogue
from zoning.sites.site import Site
from zoning.sites.streaming import Row

BOX = shapely.box(0, 0, 1, 1)


def catalogue(*ids: str, lines: tuple[str, ...] = ()) -> Catalogue:
    return Catalogue(Path(), {name: layer(name, lines=name in lines) for name in ids}, "territory")


@pytest.mark.parametrize(
    ("layer_id", "stem"),
    [
        ("water", "water"),
        ("drinking-water", "drinking_water"),
        ("Nature.Reserves", "nature_reserves"),
        ("水源 一级", "水源_一级"),
        ("a--b", "a__b"),
        ("2020", "2020"),
    ],
)
def test_columns_bear_the_name_of_their_layer_in_plain_signs(layer_id: str, stem: str) -> None:
    (found,) = layer_columns(catalogue(layer_id))
    assert (found.layer, found.status, found.classes) == (layer_id, f"{stem}_status", f"{stem}_classes")
    assert (found.amount, found.nearest) == (f"{stem}_overlap_m2", f"{stem}_nearest_m")


def test_lines_have_a_length() -> None:
    water, roads = layer_columns(catalogue("water", "roads", lines=("roads",)))
    assert (water.line, water.amount) == (False, "water_overlap_m2")
    assert (roads.line, roads.amount) == (True, "roads_length_m")


def test_layers_whose_plain_names_are_the_same_are_numbered() -> None:
    found = layer_columns(catalogue("a-b", "a.b", "a b", "a_b_2"))
    assert [one.status for one in found] == ["a_b_status", "a_b_2_status", "a_b_3_status", "a_b_2_2_status"]


def test_columns_of_layers_follow_those_of_the_site() -> None:
    schema = schema_of(catalogue("water"), verdicts=False)
    assert schema.names[:4] == ["number", "id", "name", "status"]
    assert schema.names[-5:] == ["water_status", "water_classes", "water_overlap_m2", "water_nearest_m", GEOMETRY]
    assert schema.field("water_classes").type == pa.list_(pa.string())
    assert schema.field("water_overlap_m2").type == pa.float64()
    assert len(set(schema.names)) == len(schema.names)


def test_the_verdict_is_the_last_column_where_it_is_kept() -> None:
    plain, kept = (schema_of(catalogue("water"), verdicts=verdicts) for verdicts in (False, True))
    assert kept.names == [*plain.names, VERDICT]
    assert kept.field(VERDICT).type == pa.large_binary()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SiteError, "site"),
        (LayerError, "layer"),
        (ContentError, "content"),
        (UsageError, "usage"),
        (CRSError, "crs"),
        (CRSMismatchError, "crs_mismatch"),
        (type("CADError", (ZoningError,), {}), "cad"),
        (type("TwoWordsError", (ZoningError,), {}), "two_words"),
    ],
)
def test_the_kind_of_an_error_is_one_word(error: type[ZoningError], code: str) -> None:
    assert error_code(error("甲", "a")) == code


def test_a_record_that_is_no_footprint_says_why() -> None:
    record = refused(Row(6, "地块七", None, SiteError("没有面积", "no area")), SiteError("没有面积", "no area"))
    assert record == {
        "number": 7,
        "id": None,
        "name": "地块七",
        "status": "refused",
        GEOMETRY: None,
        "error_code": "site",
        "error_zh": "没有面积",
        "error_en": "no area",
    }


@pytest.mark.parametrize(
    ("lonlat", "kept"), [(None, None), (shapely.Polygon(), None), (BOX, shapely.to_wkb(BOX, byte_order=1))]
)
def test_a_refused_footprint_is_drawn_where_it_can_be(lonlat: shapely.Polygon | None, kept: bytes | None) -> None:
    site = Site("S1", "北区", BOX, "EPSG:4490", "a.geojson")
    record = refused(Row(0, "row", site, None), LayerError("缺", "gone"), lonlat)
    assert (record["id"], record["name"], record[GEOMETRY]) == ("S1", "北区", kept)


WATER, ROADS = layer_columns(catalogue("water", "roads", lines=("roads",)))


def entry(status: str, *classes: tuple[str, float], nearest_m: float | None = None) -> Any:
    """Return what a verdict says of a layer: class, and square metres (or metres) of each."""
    found = [SimpleNamespace(class_=name, overlap_m2=amount, length_m=amount) for name, amount in classes]
    return SimpleNamespace(status=status, classes=found, nearest_m=nearest_m)


def pieces(*boxes: tuple[float, float, float, float]) -> Mapping[str, Any]:
    """Return overlaps of one class per box."""
    zones = [SimpleNamespace(zones=[SimpleNamespace(piece=shapely.box(*box))]) for box in boxes]
    return {"water": SimpleNamespace(classes=zones)}


def layer_row(names: LayerColumns, told: Any, overlaps: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return _layer(names, told, cast("Any", overlaps or {}))


def test_a_layer_without_data_has_no_amount_at_all() -> None:
    assert layer_row(WATER, entry("no_data", nearest_m=12.0)) == {
        "water_status": "no_data",
        "water_nearest_m": 12.0,
    }


def test_a_layer_that_is_clear_has_a_nought() -> None:
    assert layer_row(WATER, entry("not_affected", nearest_m=99.5)) == {
        "water_status": "not_affected",
        "water_classes": [],
        "water_overlap_m2": 0,
        "water_nearest_m": 99.5,
    }


def test_one_class_has_the_area_of_the_verdict() -> None:
    told = entry("affected", ("level-1", 12.3456), ("level-2", 0.0), nearest_m=0.0)
    row = layer_row(WATER, told)
    assert (row["water_classes"], row["water_overlap_m2"]) == (["level-1", "level-2"], 12.3456)


def test_land_in_two_classes_counts_once() -> None:
    told = entry("affected", ("level-1", 100.0), ("level-2", 100.0))
    row = layer_row(WATER, told, pieces((0, 0, 10, 10), (5, 0, 15, 10)))
    assert row["water_overlap_m2"] == pytest.approx(150.0, abs=1e-4)


def test_lines_of_several_classes_add_up() -> None:
    row = layer_row(ROADS, entry("affected", ("road", 10.0004), ("rail", 5.00049)))
    assert row["roads_length_m"] == 15.001


def test_what_a_record_does_not_say_is_null() -> None:
    schema = pa.schema([("number", pa.int64()), ("id", pa.string())])
    assert table_of([{"number": 1}, {"number": 2, "id": "b"}], schema).to_pylist() == [
        {"number": 1, "id": None},
        {"number": 2, "id": "b"},
    ]
    assert table_of([], schema).num_rows == 0


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_a_table_comes_back_from_its_bytes_whatever_its_chunks(rows: int) -> None:
    whole = pa.table({"number": pa.array(range(rows), pa.int64()), "name": pa.array(["甲"] * rows, pa.string())})
    chunked = pa.concat_tables([whole.slice(0, rows // 2), whole.slice(rows // 2)])
    assert to_ipc(chunked) == to_ipc(whole)
    assert from_ipc(to_ipc(whole)).equals(whole)
    assert from_ipc(pa.py_buffer(to_ipc(whole))).equals(whole)
