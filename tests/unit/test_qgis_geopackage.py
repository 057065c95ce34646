"""The GeoPackage of a map: tables, figures, styles; written whole, the same on every run, carried along by GDAL."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, box

from se_grammar import mistakes_of_sld
from small_scene import ON, WATER, small_book, small_product, small_scene
from zoning.errors import ContentError
from zoning.maps.content import Conflict
from zoning.maps.qgis.geopackage import StyledTable, geopackage, style_geopackage
from zoning.maps.qgis.tables import Table, tables_of
from zoning.maps.scene import Frame, Scene
from zoning.styles.drawing import site_drawing, verdict_drawing
from zoning.styles.stylebook import Stylebook


@pytest.fixture(scope="module")
def book(workspace_root: Path) -> Stylebook:
    return small_book(workspace_root)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, book: Stylebook) -> Path:
    """Return the GeoPackage of the small scene."""
    path = tmp_path_factory.mktemp("gpkg") / "small.gpkg"
    path.write_bytes(geopackage(tables_of(small_scene(), small_product(), book, "zh"), ON))
    return path


def rows(path: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchall()


def records(path: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table by GDAL, texts and numbers as Python knows them."""
    frame = pyogrio.read_dataframe(path, layer=table)
    plain = frame.drop(columns="geometry", errors="ignore").astype(object)
    found: list[dict[str, Any]] = plain.where(plain.notna(), None).to_dict("records")
    return found


def test_tables_and_fields_have_the_names_that_people_read(made: Path, book: Stylebook, tmp_path: Path) -> None:
    assert [name for name, _ in pyogrio.list_layers(made)] == [
        "公路", "饮用水水源", "管控单元", "数据缺失范围", "图框范围", "图框以外：不表示，未核查", "图层清单",
        "layer_styles",
    ]  # fmt: skip
    english = tmp_path / "en.gpkg"
    english.write_bytes(geopackage(tables_of(small_scene(), small_product(), book, "en"), ON))
    assert [name for name, _ in pyogrio.list_layers(english)][:3] == ["roads", "drinking water", "units"]
    assert list(pyogrio.read_info(english, layer="drinking water")["fields"]) == [
        "id", "name", "class", "class_id", "remark", "whole_area_m2", "whole_area_ha", "whole_area_mu",
    ]  # fmt: skip


def test_areas_are_those_of_the_engine_and_not_of_the_drawn_shapes(made: Path) -> None:
    core, rim = records(made, "饮用水水源")
    # 36 000 m² = 3.6 公顷 = 54 亩; the drawn square is about 36 km².
    assert (core["全区面积_平方米"], core["全区面积_公顷"], core["全区面积_亩"]) == (36_000.0, 3.6, 54.0)
    assert (core["编号"], core["名称"], core["类别"], core["类别代码"], core["备注"]) == (
        "W1", "水源一", "甲", "core", "=1+1",
    )  # fmt: skip
    assert rim["名称"] == "A&B‹矿>\"'"


def test_the_list_of_layers_says_what_was_checked_and_what_was_not(made: Path) -> None:
    found = {
        (row["图层"], row["类别"]): (row["状态"], row["说明"], row["图内面积_公顷"])
        for row in records(made, "图层清单")
    }
    assert found == {
        ("土壤", None): ("数据缺失，未核查", "没有版本", None),
        ("管控单元", None): ("已有数据，本图范围内无", None, None),
        ("饮用水水源", "甲"): ("有", None, 3.6),
        ("饮用水水源", "乙"): ("有", None, 1.5),
        ("公路", "公路"): ("有", None, None),
    }
    assert [row["图内长度_米"] for row in records(made, "图层清单") if row["图层"] == "公路"] == [14_600.0]


def test_shapes_are_those_of_the_scene_in_cgcs2000(made: Path) -> None:
    info = pyogrio.read_info(made, layer="饮用水水源")
    assert (info["crs"], info["geometry_type"]) == ("EPSG:4490", "MultiPolygon")
    shapes = pyogrio.read_dataframe(made, layer="饮用水水源").geometry
    assert [shape.equals(zone.geometry) for shape, zone in zip(shapes, small_scene().layers[2].zones, strict=True)] == [
        True, True,
    ]  # fmt: skip
    assert pyogrio.read_info(made, layer="公路")["geometry_type"] == "MultiLineString"


def test_land_around_and_land_without_data_are_areas_of_their_own(made: Path) -> None:
    outside = pyogrio.read_dataframe(made, layer="图框以外：不表示，未核查").geometry[0]
    frame = pyogrio.read_dataframe(made, layer="图框范围").geometry[0]
    assert outside.intersection(frame).area == 0
    # The window is 0.2° wide, the land around reaches one width further on each side.
    assert outside.bounds == pytest.approx((111.8, 34.8, 112.4, 35.4))
    (blank,) = records(made, "数据缺失范围")
    assert (blank["图层"], blank["状态"]) == ("饮用水水源", "数据缺失，未核查")


def test_every_table_of_shapes_has_one_default_style_that_is_valid(made: Path) -> None:
    columns = "f_table_name, f_geometry_column, styleName, useAsDefault, styleQML, styleSLD, update_time"
    styles = rows(made, f"SELECT {columns} FROM layer_styles")  # noqa: S608 - our own names
    shapes = [name for (name,) in rows(made, "SELECT table_name FROM gpkg_geometry_columns")]
    assert sorted(row[0] for row in styles) == sorted(shapes)
    for name, column, title, default, qml, sld, stamp in styles:
        assert (column, default, stamp) == ("geom", 1, f"{ON}T00:00:00.000Z"), name
        assert len(title) <= 30
        assert qml.startswith("<!DOCTYPE qgis")
        assert mistakes_of_sld(sld) == []
    listed = rows(made, "SELECT data_type, srs_id FROM gpkg_contents WHERE table_name = 'layer_styles'")
    assert listed == [("attributes", 0)]


def test_the_file_is_geopackage_1_2_and_sound(made: Path) -> None:
    # Annex of OGC 12-128r14: application id "GPKG", version 10200.
    assert rows(made, "PRAGMA application_id") == [(0x47504B47,)]
    assert rows(made, "PRAGMA user_version") == [(10200,)]
    assert rows(made, "PRAGMA integrity_check") == [("ok",)]
    assert rows(made, "PRAGMA foreign_key_check") == []
    assert {stamp for (stamp,) in rows(made, "SELECT last_change FROM gpkg_contents")} == {f"{ON}T00:00:00.000Z"}


def test_two_runs_give_the_same_bytes(made: Path, book: Stylebook) -> None:
    assert geopackage(tables_of(small_scene(), small_product(), book, "zh"), ON) == made.read_bytes()


def test_styles_survive_reading_overwriting_and_copying(made: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    shutil.copy(made, copy)
    before = rows(copy, "SELECT f_table_name, styleQML FROM layer_styles ORDER BY id")
    zones = pyogrio.read_dataframe(copy, layer="饮用水水源")
    pyogrio.write_dataframe(zones, copy, layer="饮用水水源", driver="GPKG", layer_options={"GEOMETRY_NAME": "geom"})
    assert rows(copy, "SELECT f_table_name, styleQML FROM layer_styles ORDER BY id") == before
    if shutil.which("ogr2ogr") is None:
        return
    other = tmp_path / "other.gpkg"
    subprocess.run(["ogr2ogr", "-f", "GPKG", str(other), str(made)], check=True, capture_output=True)
    assert rows(other, "SELECT f_table_name, styleQML FROM layer_styles ORDER BY id") == before


# --- a site ---------------------------------------------------------------------------------------------------------


def of_site(*, lines: bool = False) -> Scene:
    site = LineString([(112.05, 35.05), (112.08, 35.05)]) if lines else box(112.05, 35.05, 112.08, 35.08)
    piece = Conflict("restricted", site)
    frame = Frame("site", "S-1", "民宿", site, 8_000.0)
    return replace(small_scene(), frame=frame, site=site, conflicts=(Conflict("prohibited", site), piece))


@pytest.mark.parametrize("lines", [False, True])
def test_site_and_conflicts_lie_on_top_in_the_colours_of_the_verdict(book: Stylebook, *, lines: bool) -> None:
    tables = {table.key: table for table in tables_of(of_site(lines=lines), small_product(), book, "zh")}
    assert "frame" not in tables
    key = "conflicts-lines" if lines else "conflicts"
    pieces, site = tables[key], tables["site"]
    assert site.order > pieces.order > max(table.order for table in tables.values() if table.role == "zones")
    assert pieces.rows == (("prohibited", "判定不通过"), ("restricted", "受限准入"))
    assert pieces.drawing is not None
    assert [one.title for one in pieces.drawing.categories] == ["判定不通过", "受限准入"]
    assert site.rows == (("S-1", "民宿", None, None),)
    assert site.geometries is not None
    assert shapely.length(site.geometries[0]) > 0


def test_zones_say_how_much_of_the_site_they_take(book: Stylebook) -> None:
    scene = of_site()
    water = scene.layers[2]
    zone = replace(water.zones[0], overlap_m2=1_234.5, touched=True)
    scene = replace(scene, layers=(replace(water, zones=(zone,)),))
    table = next(table for table in tables_of(scene, small_product(), book, "zh") if table.role == "zones")
    assert table.rows[0][table.fields.index("占用_平方米")] == 1_234.5


# --- names ----------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_whatever_a_layer_is_called_its_table_can_be_opened(title: str) -> None:
    from zoning.maps.qgis.tables import _Names

    names = _Names()
    one, other = names.free(title), names.free(title)
    assert one
    assert one.lower() != other.lower()
    assert not set('|"`[]\\/') & set(one)
    assert not one.lower().startswith(("gpkg_", "rtree_", "sqlite_", "layer_styles"))


# --- styles into a file that exists ---------------------------------------------------------------------------------


def results(path: Path, *names: str) -> Path:
    """Write a GeoPackage as a batch leaves it."""
    square = np.array([shapely.to_wkb(MultiPolygon([box(112, 35, 112.1, 35.1)]))], dtype=object)
    decision = np.array(["prohibited"], dtype=object)
    for name in names:
        pyogrio.raw.write(
            path, square, [decision], ["decision"], layer=name, driver="GPKG", geometry_type="MultiPolygon",
            crs="EPSG:4490", append=path.exists(),
        )  # fmt: skip
    return path


def test_results_of_a_batch_get_the_colours_of_the_verdict(tmp_path: Path, book: Stylebook) -> None:
    path = results(tmp_path / "results.gpkg", "results")
    drawing = verdict_drawing(book.outcomes, "zh", field="decision", title="按结论", others="未能研判")
    style_geopackage(path, [StyledTable("results", drawing, "按结论")], ON)
    assert rows(path, "SELECT f_table_name, styleName, useAsDefault FROM layer_styles") == [("results", "按结论", 1)]
    assert records(path, "results") == [{"decision": "prohibited"}]
    first = path.read_bytes()
    style_geopackage(path, [StyledTable("results", drawing, "按结论")], ON)
    assert rows(path, "SELECT count(*) FROM layer_styles") == [(1,)]
    other = results(tmp_path / "again.gpkg", "results")
    style_geopackage(other, [StyledTable("results", drawing, "按结论")], ON)
    assert len(other.read_bytes()) == len(first)


def test_a_style_of_the_office_stays_under_its_name(tmp_path: Path, book: Stylebook) -> None:
    path = results(tmp_path / "results.gpkg", "results")
    site = site_drawing(book.outcomes, "本局")
    style_geopackage(path, [StyledTable("results", site, "本局样式")], ON)
    style_geopackage(path, [StyledTable("results", site, "按结论")], ON)
    kept = rows(path, "SELECT styleName, useAsDefault FROM layer_styles ORDER BY id")
    assert kept == [("本局样式", 0), ("按结论", 1)]


def test_a_table_that_is_not_there_leaves_the_file_as_it_was(tmp_path: Path, book: Stylebook) -> None:
    path = results(tmp_path / "results.gpkg", "results")
    before = path.read_bytes()
    drawing = site_drawing(book.outcomes, "x")
    with pytest.raises(ContentError) as caught:
        style_geopackage(path, [StyledTable("results", drawing, "a"), StyledTable("没有", drawing, "b")], ON)
    assert caught.value.get("en") == f"{path}: there is no table '没有'"
    assert path.read_bytes() == before


def test_what_is_no_geopackage_is_said_to_be_none(tmp_path: Path, book: Stylebook) -> None:
    path = tmp_path / "results.gpkg"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    drawing = site_drawing(book.outcomes, "x")
    with pytest.raises(ContentError) as caught:
        style_geopackage(path, [StyledTable("t", drawing, "a")], ON)
    assert caught.value.get("zh") == f"{path}：不是可用的 GeoPackage（file is not a database）"
    with pytest.raises(ContentError) as caught:
        style_geopackage(tmp_path / "none.gpkg", [], ON)
    assert caught.value.get("en") == f"{tmp_path / 'none.gpkg'}: cannot be styled (No such file or directory)"


def test_a_table_of_areas_and_lines_is_refused_rather_than_half_drawn(tmp_path: Path, book: Stylebook) -> None:
    path = tmp_path / "mixed.gpkg"
    shapes = np.array([shapely.to_wkb(box(112, 35, 112.1, 35.1))], dtype=object)
    pyogrio.raw.write(path, shapes, [], [], layer="r", driver="GPKG", geometry_type="Unknown", crs="EPSG:4490")
    with pytest.raises(ContentError) as caught:
        style_geopackage(path, [StyledTable("r", site_drawing(book.outcomes, "x"), "a")], ON)
    assert caught.value.get("en") == (
        f"{path}: the table 'r' holds GEOMETRY and this style would leave some of it undrawn: "
        "keep areas and lines in two tables"
    )
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mixed.gpkg"]


def test_collections_become_one_kind_of_shape(book: Stylebook) -> None:
    scene = small_scene()
    mixed = GeometryCollection([box(112, 35, 112.1, 35.1), LineString([(0, 0), (1, 1)])])
    zone = replace(scene.layers[2].zones[0], geometry=mixed)
    scene = replace(scene, layers=(replace(scene.layers[2], zones=(zone,)),))
    table: Table = next(one for one in tables_of(scene, small_product(), book, "zh") if one.key == WATER.id)
    assert table.geometries is not None
    assert table.geometries[0].equals(MultiPolygon([box(112, 35, 112.1, 35.1)]))
