"""An uploaded file becomes the data of an edition: every zone of it, in the fields and the system of the layer."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer

import tiny_workspace
from zoning.errors import CRSError, LayerError, ZoningError
from zoning.layers.catalogue import Catalogue
from zoning.web.editions.contents import fields_of, look_into
from zoning.web.editions.converting import converted
from zoning.workspace import Workspace

HERE = shapely.box(112.40, 35.50, 112.41, 35.51)
THERE = shapely.box(112.42, 35.52, 112.43, 35.53)
NEXT_COUNTY = shapely.box(112.60, 35.50, 112.61, 35.51)
SEA = shapely.box(122.0, 30.0, 122.1, 30.1)
ROWS = (("1", "源一", "1", HERE), ("2", "源二", "二级", THERE))
SETTINGS: dict[str, Any] = {
    "layer": "water",
    "table": None,
    "id_field": "ID",
    "name_field": "NAME",
    "class_field": "KIND",
    "codes": {"1": "level-1", "二级": "level-2"},
    "attributes": {},
    "crs": "",
    "territories": ["140522"],
    "valid_from": "2026-05-01",
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return Workspace.open(tiny_workspace.build(tmp_path_factory.mktemp("tiny"))).catalogue


@pytest.fixture(autouse=True)
def _day_of_files() -> Iterator[None]:
    """Forget the day that writing has set for the whole process."""
    yield
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write(path: Path, rows: Any = ROWS, *, crs: str | None = "EPSG:4490", kind: str = "Unknown") -> Path:
    columns = [np.asarray([row[n] for row in rows], dtype=object) for n in range(3)]
    wkb = np.asarray([None if row[3] is None else shapely.to_wkb(row[3]) for row in rows], dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file without a system is what is meant
        pyogrio.raw.write(path, wkb, columns, ["ID", "NAME", "KIND"], layer="zones", driver="GPKG", geometry_type=kind,
                          crs=crs)  # fmt: skip
    return path


def read(path: Path) -> tuple[str, list[dict[str, Any]], Any]:
    meta, _, wkb, columns = pyogrio.raw.read(path)
    names = list(meta["fields"])
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    return str(meta["crs"]), rows, shapely.from_wkb(wkb)


def refused(catalogue: Catalogue, path: Path, kind: type[ZoningError] = LayerError, **changed: Any) -> tuple[str, str]:
    target = path.with_name("edition.gpkg")
    with pytest.raises(kind) as caught:
        converted(catalogue, path, {**SETTINGS, **changed}, target)
    assert not target.exists()
    return caught.value.text.zh, caught.value.text.en


def test_every_zone_comes_with_its_id_name_and_the_code_of_its_class(catalogue: Catalogue, tmp_path: Path) -> None:
    target = tmp_path / "edition.gpkg"
    found = converted(catalogue, write(tmp_path / "a.gpkg"), SETTINGS, target)
    assert found == {
        "zones": 2,
        "classes": {"level-1": 1, "level-2": 1},
        "unclassed": 0,
        "outside": 0,
        "repeated": 0,
        "invalid": 0,
        "crs": "EPSG:4490",
        "moved": False,
    }
    crs, rows, shapes = read(target)
    assert crs == "EPSG:4490"
    assert rows == [
        {"name": "源一", "class": "1", "zone_id": "1"},
        {"name": "源二", "class": "2", "zone_id": "2"},
    ]
    assert [shape.geom_type for shape in shapes] == ["MultiPolygon"] * 2
    assert [shape.bounds for shape in shapes] == [HERE.bounds, THERE.bounds]


def test_the_same_file_gives_the_same_bytes(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg")
    targets = [tmp_path / name for name in ("one.gpkg", "two.gpkg")]
    for target in targets:
        converted(catalogue, path, SETTINGS, target)
    assert targets[0].read_bytes() == targets[1].read_bytes()


def test_a_zone_without_a_class_stays_and_is_counted(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = [("1", "a", "1", HERE), ("2", "b", None, THERE), ("3", "c", "", THERE)]
    found = converted(catalogue, write(tmp_path / "a.gpkg", rows), SETTINGS, tmp_path / "edition.gpkg")
    assert (found["zones"], found["classes"], found["unclassed"]) == (3, {"level-1": 1}, 2)
    assert [row["class"] or "" for row in read(tmp_path / "edition.gpkg")[1]] == ["1", "", ""]


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ({"1": "level-1"}, "二级 (1)"),
        ({"1": "level-1", "二级": ""}, "二级 (1)"),
        ({"1": "level-1", "二级": "level-9"}, "二级 (1)"),
        ({}, "1 (1); 二级 (1)"),
    ],
)
def test_a_class_that_means_nothing_is_refused_and_never_left_out(
    catalogue: Catalogue, tmp_path: Path, codes: dict[str, str], told: str
) -> None:
    zh, en = refused(catalogue, write(tmp_path / "a.gpkg"), codes=codes)
    count = told.count("(")
    assert zh.startswith(f"字段 KIND 有 {count} 个值没有对应的类别：")
    assert zh.endswith("请逐个指定类别，或更正数据")
    assert (
        en == f"{count} values of the field KIND have no class: {told}; say which class each means, or correct the data"
    )


def test_of_many_strange_classes_eight_are_named_the_most_frequent_first(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = [("0", "", f"k{n}", HERE) for n in range(9)] + [("9", "", "k8", HERE)]
    _, en = refused(catalogue, write(tmp_path / "a.gpkg", rows))
    assert en.startswith("9 values of the field KIND have no class: k8 (2); k0 (1); k1 (1);")
    assert "k7" not in en


def test_a_file_without_zones_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    zh, en = refused(catalogue, write(tmp_path / "a.gpkg", [], kind="MultiPolygon"))
    assert zh == "文件中没有任何要素；空的版本会使所有地块都显示“不涉及”，不能上传"
    assert en == "the file holds no features: with an empty edition every site would be said not to be affected"


@pytest.mark.parametrize("count", [1, 3])
def test_a_record_without_a_shape_is_refused_and_never_left_out(
    catalogue: Catalogue, tmp_path: Path, count: int
) -> None:
    rows = [*ROWS, *[("9", "无图形", "1", None)] * count]
    zh, en = refused(catalogue, write(tmp_path / "a.gpkg", rows))
    assert zh == f"文件中有 {count} 条记录没有图形；请补全或删除后重新上传"
    assert en.startswith(f"{count} records of the file have no geometry")


def test_an_empty_shape_is_refused_as_well(catalogue: Catalogue, tmp_path: Path) -> None:
    zh, _ = refused(catalogue, write(tmp_path / "a.gpkg", [*ROWS, ("9", "", "1", shapely.Polygon())]))
    assert zh == "文件中有 1 条记录没有图形；请补全或删除后重新上传"


def test_zones_off_the_covered_territories_are_counted_and_stay(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [*ROWS, ("3", "", "1", NEXT_COUNTY), ("4", "", "1", SEA)])
    assert converted(catalogue, path, SETTINGS, tmp_path / "one.gpkg")["outside"] == 2
    both = {**SETTINGS, "territories": ["140522", "140825"]}
    found = converted(catalogue, path, both, tmp_path / "two.gpkg")
    assert (found["outside"], found["zones"]) == (1, 4)


def test_a_file_of_somewhere_else_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    zh, en = refused(catalogue, write(tmp_path / "a.gpkg", [("1", "", "1", NEXT_COUNTY)]))
    assert "没有一个要素落在所选辖区内（文件在东经 112.600–112.610、北纬 35.500–35.510）" in zh
    assert "no feature lies in the chosen territories (the file is at 112.600-112.610 E, 35.500-35.510 N)" in en


def test_degrees_that_cannot_be_a_latitude_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    swapped = shapely.box(35.50, 112.40, 35.51, 112.41)
    zh, en = refused(catalogue, write(tmp_path / "a.gpkg", [("1", "", "1", swapped)]))
    assert "请检查坐标系、带号和坐标顺序" in zh
    assert "axis order" in en


@pytest.mark.parametrize(
    ("rows", "repeated", "ids"),
    [
        ([("1", "", "1", HERE), ("1", "", "1", THERE), ("2", "", "1", HERE)], 1, ["1", "1", "2"]),
        ([("1", "", "1", HERE), ("1", "", "1", THERE), ("1", "", "1", HERE)], 1, ["1", "1", "1"]),
        ([("", "", "1", HERE), (None, "", "1", THERE)], 0, ["1", "2"]),
    ],
)
def test_ids_that_several_bear_are_counted_and_missing_ones_become_numbers(
    catalogue: Catalogue, tmp_path: Path, rows: Any, repeated: int, ids: list[str]
) -> None:
    found = converted(catalogue, write(tmp_path / "a.gpkg", rows), SETTINGS, tmp_path / "edition.gpkg")
    assert found["repeated"] == repeated
    assert [row["zone_id"] for row in read(tmp_path / "edition.gpkg")[1]] == ids


def test_faults_of_geometry_are_counted_and_left_for_the_check(catalogue: Catalogue, tmp_path: Path) -> None:
    bow = shapely.Polygon([(112.40, 35.50), (112.41, 35.51), (112.41, 35.50), (112.40, 35.51)])
    found = converted(
        catalogue, write(tmp_path / "a.gpkg", [("1", "", "1", bow), *ROWS]), SETTINGS, tmp_path / "edition.gpkg"
    )
    assert (found["zones"], found["invalid"]) == (3, 1)


def test_heights_are_left_out_and_parts_stay_together(catalogue: Catalogue, tmp_path: Path) -> None:
    raised = shapely.force_3d(shapely.MultiPolygon([HERE, THERE]), 700.0)
    converted(catalogue, write(tmp_path / "a.gpkg", [("1", "", "1", raised)]), SETTINGS, tmp_path / "edition.gpkg")
    (shape,) = read(tmp_path / "edition.gpkg")[2]
    assert (shape.has_z, len(shape.geoms)) == (False, 2)
    assert shape.equals(shapely.MultiPolygon([HERE, THERE]))


def test_another_system_is_transformed_and_said(catalogue: Catalogue, tmp_path: Path) -> None:
    into = Transformer.from_crs("EPSG:4490", "EPSG:4547", always_xy=True)
    metres = shapely.transform(HERE, lambda xy: np.column_stack(into.transform(xy[:, 0], xy[:, 1])))
    path = write(tmp_path / "a.gpkg", [("1", "", "1", metres)], crs="EPSG:4547")
    found = converted(catalogue, path, SETTINGS, tmp_path / "edition.gpkg")
    assert (found["crs"], found["moved"], found["outside"]) == ("EPSG:4547", True, 0)
    crs, _, (shape,) = read(tmp_path / "edition.gpkg")
    assert crs == "EPSG:4490"
    # The corners come back to a tenth of a millimetre; between them an edge is straight in the system of the file.
    assert shape.bounds == pytest.approx(HERE.bounds, abs=1e-6)
    corners = shapely.points(shapely.get_coordinates(HERE))
    assert shapely.distance(corners, shape.boundary).max() < 1e-9
    assert shapely.get_num_coordinates(shape) > 40


def test_the_system_that_was_filled_in_counts_where_the_file_states_none(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", crs=None)
    found = converted(catalogue, path, {**SETTINGS, "crs": "EPSG:4490"}, tmp_path / "edition.gpkg")
    assert (found["crs"], found["zones"]) == ("EPSG:4490", 2)


def test_a_file_without_a_system_asks_for_one(catalogue: Catalogue, tmp_path: Path) -> None:
    zh, en = refused(catalogue, write(tmp_path / "a.gpkg", crs=None), CRSError)
    assert zh == "文件没有写明坐标系；请在“坐标系”一栏填写（如 EPSG:4490）"
    assert en.startswith("the file does not state its coordinate system")
    refused(catalogue, tmp_path / "a.gpkg", CRSError, crs="EPSG:999999")


@pytest.mark.parametrize(("crs", "is_taken"), [("EPSG:4490", True), ("EPSG:4326", True), ("EPSG:4547", False)])
def test_a_system_that_contradicts_the_file_is_refused(
    catalogue: Catalogue, tmp_path: Path, crs: str, is_taken: bool
) -> None:
    path = write(tmp_path / "a.gpkg")
    if is_taken:
        assert converted(catalogue, path, {**SETTINGS, "crs": crs}, tmp_path / "e.gpkg")["crs"] == "EPSG:4490"
    else:
        zh, en = refused(catalogue, path, CRSError, crs=crs)
        assert zh.endswith("填写的是 EPSG:4547；请更正其中之一")
        assert en.endswith("EPSG:4547 was filled in: correct one of them")


def test_numbers_that_cannot_be_of_the_system_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    far = shapely.box(500_000, 3_900_000, 500_100, 3_900_100)
    zh, en = refused(catalogue, write(tmp_path / "a.gpkg", [("1", "", "1", far)]))
    assert zh.startswith("坐标范围 500000, 3.9e+06, 500100, 3.9001e+06 不可能属于 EPSG:4490")
    assert en.endswith("cannot be of EPSG:4490: check the coordinate system, zone and axis order")


def test_what_a_file_holds_is_shown_with_the_values_of_its_fields(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [*ROWS, ("3", None, "1", HERE)])
    (table,) = look_into(path)
    assert (table["name"], table["zones"], table["crs"]) == ("zones", 3, "EPSG:4490")
    assert [one["name"] for one in table["fields"]] == ["ID", "NAME", "KIND"] == list(fields_of(path, "zones"))
    assert table["fields"][2]["values"] == {"1": 2, "二级": 1}
    assert table["fields"][1]["values"] == {"": 1, "源一": 1, "源二": 1}


@pytest.mark.parametrize(("count", "is_shown"), [(60, True), (61, False)])
def test_a_field_with_very_many_values_is_no_class_field(tmp_path: Path, count: int, is_shown: bool) -> None:
    (table,) = look_into(write(tmp_path / "a.gpkg", [(str(n), "", "1", HERE) for n in range(count)]))
    values = table["fields"][0]["values"]
    assert (values is not None) is is_shown
    assert values is None or list(values) == sorted(str(n) for n in range(count))


@pytest.mark.parametrize(("size", "is_shown"), [(80, True), (81, False)])
def test_a_field_of_long_texts_is_no_class_field(tmp_path: Path, size: int, is_shown: bool) -> None:
    (table,) = look_into(write(tmp_path / "a.gpkg", [("1", "字" * size, "1", HERE)]))
    assert (table["fields"][1]["values"] is not None) is is_shown
