"""Files read slice by slice: what is wrong with one record is a row, what is wrong with the file is an error."""

import json
import os
import shutil
import struct
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

import boundary_writers as bw
import gdal_writers as gw
from geopackage_edits import Statement, changed_geopackage
from zoning.errors import CRSError, SiteError, ZoningError
from zoning.sites import Limits, read_sites
from zoning.sites.limits import Load, Options
from zoning.sites.streaming import Row, count_sites, stream_sites

# Written finely enough for no record to be warned of.
PARCEL = shapely.box(112.3000012, 35.4000013, 112.3010012, 35.4010013)
FORMATS = {
    "gpkg": ("a.gpkg", "GPKG"),
    "fgb": ("a.fgb", "FlatGeobuf"),
    "shp": ("a.shp", "ESRI Shapefile"),
    "gdb": ("a.gdb", "OpenFileGDB"),
    "parquet": ("a.parquet", ""),
}


def parcels(count: int) -> list[Any]:
    return [shapely.affinity.translate(PARCEL, 0.002 * number) for number in range(count)]


def written(
    folder: Path, form: str, shapes: Sequence[Any], *, code: str | None = "EPSG:4490", ids: Sequence[Any] | None = None
) -> Path:
    name, driver = FORMATS[form]
    content = gpd.GeoDataFrame({"编号": ids or [f"P{n}" for n in range(len(shapes))]}, geometry=list(shapes), crs=code)
    if driver:
        more = {"SPATIAL_INDEX": "NO"} if form == "fgb" else {}
        if form == "gdb":
            more["geometry_type"] = "MultiPolygon"
        return gw.write(folder / name, content, driver, **more)
    content.to_parquet(folder / name)
    return folder / name


def rows_of(path: Path, *, rows: int = 1000, start: int = 0, **options: Any) -> list[Row]:
    told = Options(**{"expected": bw.EXPECTED, **options})
    return [row for some in stream_sites(path, told, rows=rows, start=start) for row in some]


def plain(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    return [(row.number, row.name, row.site, row.error and (type(row.error), row.error.text)) for row in rows]


def refusal(path: Path, **options: Any) -> ZoningError:
    options.setdefault("expected", bw.EXPECTED)
    with pytest.raises(ZoningError) as caught:
        read_sites(path, **options)
    return caught.value


FAR = shapely.affinity.translate(PARCEL, 3.0)
WIDE = shapely.Polygon([(112.3, 35.4), (119.0, 35.4), (112.3, 35.401)])
KNOT = shapely.Polygon([(112.3, 35.4), (112.31, 35.41), (112.31, 35.4), (112.3, 35.41), (112.305, 35.42)])
with np.errstate(invalid="ignore"):
    NOWHERE = shapely.from_wkb(PARCEL.wkb.replace(struct.pack("<d", 35.4010013), struct.pack("<d", float("nan"))))
FAULTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "no geometry": (None, {}),
    "empty": (shapely.Polygon(), {}),
    "outside": (FAR, {}),
    "one vertex far away": (WIDE, {}),
    "axes exchanged": (shapely.transform(PARCEL, lambda xy: xy[:, ::-1]), {}),
    "impossible place": (shapely.affinity.translate(PARCEL, 1e12), {}),
    "no number": (NOWHERE, {}),
    "too many points": (PARCEL.buffer(0.001, quad_segs=64), {"limits": Limits(vertices=60)}),
}


# What the writers do not write; and a shape that states too many points is refused before any driver sees the file.
UNWRITTEN = {("shp", "no number"), ("gdb", "no number"), ("gdb", "impossible place"), ("shp", "too many points")}
PAIRS = [(form, fault) for form in FORMATS for fault in FAULTS if (form, fault) not in UNWRITTEN]


@pytest.mark.parametrize(("form", "fault"), PAIRS)
def test_one_bad_record_is_one_row(tmp_path: Path, form: str, fault: str) -> None:
    shape, options = FAULTS[fault]
    if form == "gdb" and shape is not None:
        shape = shapely.MultiPolygon([shape])
    first = written(tmp_path, form, [*parcels(4)])
    sites = read_sites(first, expected=bw.EXPECTED)
    if first.is_dir():
        shutil.rmtree(first)
    path = written(tmp_path, form, [*parcels(2), shape, *parcels(4)[2:]], ids=["P0", "P1", "bad", "P2", "P3"])
    said = refusal(path, **options)
    rows = rows_of(path, **options)
    assert [row.number for row in rows] == [0, 1, 2, 3, 4]
    assert tuple(row.site for row in rows if row.site is not None) == sites
    bad = rows[2]
    assert bad.error is not None
    assert (type(bad.error), bad.error.text) == (type(said), said.text)
    assert bad.name == "a bad"


def test_a_point_without_a_size_is_a_row(tmp_path: Path) -> None:
    path = written(tmp_path, "gpkg", [PARCEL, shapely.Point(112.3, 35.4)])
    assert [row.error and row.error.text for row in rows_of(path)] == [None, refusal(path).text]
    assert tuple(row.site for row in rows_of(path, radius_m=5)) == read_sites(path, expected=bw.EXPECTED, radius_m=5)


@pytest.mark.parametrize(
    "statement",
    [
        ("UPDATE a SET geom = ? WHERE fid = 2", (b"garbage",)),
        ("UPDATE a SET geom = substr(geom, 1, 60) WHERE fid = 2", ()),
        ("UPDATE a SET geom = 'text' WHERE fid = 2", ()),
    ],
    ids=["garbage", "cut", "no blob"],
)
def test_what_gdal_stumbles_over_is_a_row(tmp_path: Path, statement: Statement) -> None:
    path = changed_geopackage(written(tmp_path, "gpkg", parcels(3)), statement)
    said = refusal(path)
    rows = rows_of(path)
    assert [row.error and row.error.text for row in rows] == [None, said.text, None]
    assert [row.site and row.site.id for row in rows] == ["P0", None, "P2"]


def exchanged(shapes: Sequence[Any]) -> list[Any]:
    return [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in shapes]


def test_exchanged_axes_are_exchanged_when_no_record_fits_as_written(tmp_path: Path) -> None:
    path = written(tmp_path, "gpkg", [*exchanged(parcels(2)), *exchanged([FAR])])
    rows = rows_of(path)
    assert [row.site and tuple(round(x, 3) for x in row.site.geometry.bounds) for row in rows] == [
        (112.3, 35.4, 112.301, 35.401),
        (112.302, 35.4, 112.303, 35.401),
        None,
    ]
    assert rows[2].error is not None
    assert rows[2].error.get("zh").startswith("a.gpkg 第 3 个图形：")


def test_one_record_that_fits_as_written_keeps_all_axes(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path, "gpkg", [*exchanged(parcels(5)), PARCEL]))
    assert [row.site is not None for row in rows] == [False] * 5 + [True]
    assert all(row.error is None or "两列坐标对调" in row.error.get("zh") for row in rows)


@pytest.mark.parametrize("form", ["gpkg", "shp"])
def test_a_file_of_which_nothing_fits_is_refused(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, form, [FAR, FAR])
    with pytest.raises(SiteError) as caught:
        rows_of(path)
    assert caught.value.text == refusal(path).text


def test_few_records_that_fit_by_chance_do_not_save_a_wrong_system(tmp_path: Path) -> None:
    """Parcels of zone 38 declared as zone 37: read so they lie 3 degrees too far west, one of them in the territory."""
    plane = gpd.GeoSeries(parcels(3), crs="EPSG:4490").to_crs("EPSG:4547")
    stranger = gpd.GeoSeries([PARCEL], crs="EPSG:4490").to_crs("EPSG:4546")
    path = written(tmp_path, "gpkg", [*stranger, *plane], code="EPSG:4546")
    narrow = (112.2, 35.3, 112.4, 35.5)
    with pytest.raises(CRSError, match=r"a\.gpkg, record 2: .* it would fit .* EPSG:4547"):
        rows_of(path, expected=narrow)
    rows = rows_of(written(tmp_path, "parquet", [*stranger, *stranger, *plane[:1]], code="EPSG:4546"), expected=narrow)
    assert [row.site is not None for row in rows] == [True, True, False]


def test_without_a_system_every_record_must_be_degrees(tmp_path: Path) -> None:
    fitting = written(tmp_path, "parquet", parcels(3), code=None)
    assert tuple(row.site for row in rows_of(fitting)) == read_sites(fitting, expected=bw.EXPECTED)
    path = written(tmp_path, "gpkg", [*parcels(3), FAR], code=None)
    with pytest.raises(CRSError) as caught:
        rows_of(path)
    assert caught.value.text == refusal(path).text
    # A record that is no footprint has no say.
    rows = rows_of(written(tmp_path, "shp", [*parcels(3), FAULTS["impossible place"][0]], code=None))
    assert [row.site is not None for row in rows] == [True, True, True, False]


def test_a_file_without_any_footprint_is_all_rows(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path, "gpkg", [shapely.Point(112.3, 35.4), None], code=None))
    assert [(row.name, row.site is None, row.error is not None) for row in rows] == [
        ("a P0", True, True),
        ("a P1", True, True),
    ]


def test_an_unknown_system_is_said_before_anything_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "gpkg", [None, FAR])
    with pytest.raises(CRSError) as caught:
        rows_of(path, crs="EPSG:4214")
    assert caught.value.get("zh").startswith("a.gpkg：坐标属于 1954 北京坐标系，")


@pytest.mark.parametrize("form", FORMATS)
def test_every_start_gives_the_rest_of_the_rows_with_the_same_names(tmp_path: Path, form: str) -> None:
    ids = ["A", "A", "7", "A-2", "", "A", "6", "0", "A", "10", "A-2"]
    shapes = [*parcels(5), None, *parcels(11)[6:]]
    path = written(tmp_path, form, shapes, ids=ids)
    rows = rows_of(path)
    names = [row.site.id for row in rows if row.site is not None]
    assert len(set(names)) == len(names) == 10
    for start in range(len(ids) + 2):
        assert plain(rows_of(path, start=start, rows=3)) == plain(rows)[start:]
    assert {len(rows) for rows in stream_sites(path, Options(expected=bw.EXPECTED), rows=4)} == {4, 3}


def test_rows_that_were_deleted_from_a_shapefile_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, "shp", parcels(6))
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    first, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    data[first + width] = ord("*")
    table.write_bytes(data)
    sites = read_sites(path, expected=bw.EXPECTED)
    assert len(sites) == 5
    for start in range(6):
        assert tuple(row.site for row in rows_of(path, start=start)) == sites[start:]
    assert count_sites(path, Options(expected=bw.EXPECTED)) == 5


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_changes_meanwhile_is_not_read_on(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, form, parcels(6))
    part = next(path.glob("a00000001.gdbtable")) if path.is_dir() else path
    slices = stream_sites(path, Options(expected=bw.EXPECTED), rows=2)
    assert len(next(slices)) == 2
    os.utime(part, ns=(1, 1))
    with pytest.raises(SiteError, match="was changed or replaced while it was read"):
        next(slices)


def test_files_that_appear_beside_it_do_not_matter(tmp_path: Path) -> None:
    slices = stream_sites(written(tmp_path, "shp", parcels(6)), Options(expected=bw.EXPECTED), rows=2)
    next(slices)
    (tmp_path / "a.parquet").write_bytes(b"results")
    assert sum(map(len, slices)) == 4


def test_limits_are_those_of_what_is_in_memory(tmp_path: Path) -> None:
    path = written(tmp_path, "gpkg", parcels(30))
    limits = Limits(vertices=20, records=2, text=30, file_bytes=path.stat().st_size // 100 + 1)
    assert len(rows_of(path, limits=limits)) == 30
    with pytest.raises(SiteError, match="more than the allowed"):
        rows_of(path, limits=Limits(file_bytes=path.stat().st_size // 100))
    geojson = bw.write(tmp_path / "a.geojson", bw.geojson(bw.polygon([bw.SQUARE])))
    with pytest.raises(SiteError, match="more than the allowed"):
        rows_of(geojson, limits=Limits(file_bytes=100))


def test_a_shape_with_too_many_points_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "shp", [PARCEL, PARCEL.buffer(0.001, quad_segs=64)])
    with pytest.raises(SiteError, match="more than the allowed 60 vertices"):
        rows_of(path, limits=Limits(vertices=60))


def test_large_records_make_short_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Load, "full", property(lambda load: load.vertices >= 10))
    for form in FORMATS:
        path = written(tmp_path, form, parcels(5))
        assert [len(rows) for rows in stream_sites(path, Options(expected=bw.EXPECTED))] == [2, 2, 1]


def test_counting(tmp_path: Path) -> None:
    for form in FORMATS:
        assert count_sites(written(tmp_path, form, [*parcels(5), None]), Options(expected=bw.EXPECTED)) == 6
    geojson = bw.write(tmp_path / "a.geojson", bw.geojson(bw.polygon([bw.SQUARE])))
    assert count_sites(geojson, Options(expected=bw.EXPECTED)) is None
    with pytest.raises(SiteError):
        count_sites(tmp_path / "b.gpkg", Options(expected=bw.EXPECTED))


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_the_codec_of_a_table_is_that_of_all_its_rows(tmp_path: Path, codec: str) -> None:
    """Only the last row shows which it is."""
    path = bw.write_bare_shapefile(tmp_path / "a.shp", *[[bw.shifted(bw.SQUARE, 0.01 * n)[::-1]] for n in range(3)])
    bw.write_dbf(path.with_suffix(".dbf"), b"XMMC", 20, b"a", b"b", "矿区".encode(codec))
    sites = read_sites(path, expected=bw.EXPECTED)
    assert sites[-1].name == "矿区"
    assert tuple(row.site for row in rows_of(path, rows=1)) == sites


def test_a_file_that_is_read_at_once_has_rows_for_what_lies_elsewhere(tmp_path: Path) -> None:
    shapes = [bw.polygon([bw.SQUARE]), bw.polygon([bw.shifted(bw.SQUARE, 3.0)])]
    path = bw.write(tmp_path / "a.geojson", bw.geojson(*shapes))
    rows = rows_of(path)
    assert [row.error and row.error.text for row in rows] == [None, refusal(path).text]
    assert rows[0].site is not None


GEOJSON_FAULTS = {
    "no geometry": None,
    "no footprint": {"type": "Point", "coordinates": [112.3, 35.4]},
    "wrong nesting": {"type": "Polygon", "coordinates": [[112.3, 35.4], [112.31, 35.4]]},
    "a type of nobody": {"type": "Donut", "coordinates": []},
    "elsewhere": bw.polygon([bw.shifted(bw.SQUARE, 3.0)]),
    "its own system": {**bw.polygon([bw.SQUARE]), "crs": bw.named_crs("EPSG:4525")},
}


@pytest.mark.parametrize("fault", GEOJSON_FAULTS)
@pytest.mark.parametrize("sequence", [False, True])
def test_one_bad_feature_is_one_row(tmp_path: Path, fault: str, sequence: bool) -> None:
    shapes = [bw.polygon([bw.SQUARE]), GEOJSON_FAULTS[fault], bw.polygon([bw.SQUARE])]
    features = [{"type": "Feature", "geometry": shape, "properties": {"name": "矿区"}, "id": "A"} for shape in shapes]
    lines = "\n".join(map(json.dumps, features))
    text = lines if sequence else json.dumps({"type": "FeatureCollection", "features": features})
    path = bw.write(tmp_path / "a.geojson", text)
    rows = rows_of(path)
    assert [row.error and row.error.text for row in rows] == [None, refusal(path).text, None]
    assert [row.name for row in rows] == ["矿区"] * 3
    assert [row.site and row.site.id for row in rows] == ["A", None, "A-3"]
    assert plain(rows_of(path, start=2)) == plain(rows)[2:]


def test_nothing_of_gdal_stays_behind_between_slices(tmp_path: Path) -> None:
    before: tuple[Callable[..., Any], ...] = (sys.excepthook, sys.unraisablehook)
    filters = list(warnings.filters)
    slices = stream_sites(written(tmp_path, "gpkg", parcels(6)), Options(expected=bw.EXPECTED), rows=2)
    next(slices)
    assert (sys.excepthook, sys.unraisablehook) == before
    assert list(warnings.filters) == filters
    # Another file may be read in the meantime.
    other = written(tmp_path, "fgb", parcels(3))
    assert len(read_sites(other, expected=bw.EXPECTED)) == 3
    assert sum(map(len, slices)) == 4


@pytest.mark.parametrize("form", ["gpkg", "shp", "parquet"])
def test_one_bad_record_in_an_archive_is_one_row(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, form, [PARCEL, None, FAR, PARCEL], ids=["A", "B", "C", "A"])
    files = {file.name: file for file in tmp_path.iterdir() if file.stem == "a"}
    archive = bw.zipped(tmp_path / "上报.zip", files)
    plainly, archived = rows_of(path), rows_of(archive)
    assert [row.name for row in archived] == [row.name for row in plainly]
    for alone, inside in zip(plainly, archived, strict=True):
        assert (alone.site is None) == (inside.site is None)
        if alone.error is not None and inside.error is not None:
            assert inside.error.get("zh") == f"上报.zip/{alone.error.get('zh')}"
    assert refusal(archive).text in [row.error.text for row in archived if row.error is not None]
    assert plain(rows_of(archive, start=3)) == plain(archived)[3:]
