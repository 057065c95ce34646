"""The pictures: what they show, how large they are, what happens without a Chinese font. No pixels are compared."""

import struct
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from broken_shapes import EAST, NORTH, SHAPES, SQUARE, ring, site_of
from long_runs import times
from overlay_world import PLANE
from zoning.quality.inspection import Inspected, inspect_sites
from zoning.quality.pictures import fonts, sheet
from zoning.quality.pictures.insets import insets_of
from zoning.quality.pictures.listing import fold, heading_of
from zoning.quality.pictures.page import page
from zoning.quality.pictures.panel import Panel, nice
from zoning.quality.pictures.sketch import lighter, scene_of
from zoning.sites.site import Site

A4_ACROSS = (1753, 1240)
PRINTED = list(SHAPES)[:: times(5, 1)]
"""The shapes whose page is also made into pixels: they come of the drawing."""


def inspected(*shapes: BaseGeometry, name: str = "地块一") -> Inspected:
    sites = [replace(site_of(shape, name=name), id=str(n)) for n, shape in enumerate(shapes, 1)]
    return inspect_sites(sites, PLANE)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


@pytest.mark.parametrize("name", SHAPES)
def test_every_kind_of_fault_is_drawn_and_numbered(name: str) -> None:
    found = inspected(SHAPES[name][0])
    scene = scene_of(found)
    drawing = sheet.svg(scene, "zh")
    assert [mark.number for mark in scene.marks] == list(range(1, len(SHAPES[name][1]) + 1))
    assert all(f">{mark.number}</text>" in drawing for mark in scene.marks)
    if name in PRINTED:
        assert size_of(sheet.png(scene, heading_of(found), "zh")) == A4_ACROSS


def test_the_drawing_names_coordinates_north_and_start() -> None:
    drawing = sheet.svg(scene_of(inspected(ring(*SQUARE))), "zh")
    for text in ("X（北）", "Y（东）", "北", "起点", "3930000", "37627100", "20 m"):
        assert f">{text}</text>" in drawing, text
    assert all(f">{number}</text>" in drawing for number in (1, 2, 3, 4))


def test_degrees_are_named_as_such() -> None:
    found = inspect_sites([Site("1", "n", shapely.box(112.40, 35.50, 112.41, 35.51), "EPSG:4490", "a.kml")], PLANE)
    drawing = sheet.svg(scene_of(found), "en")
    assert ">longitude</text>" in drawing
    assert ">112.405°</text>" in drawing


def test_dashes_are_drawn_only_where_a_border_has_gone() -> None:
    bow, spike = inspected(SHAPES["a bow-tie"][0]), inspected(SHAPES["a spike out and back"][0])
    assert [scene_of(found).sketches[0].changed for found in (bow, spike)] == [False, True]
    assert "原图边界中不再采用的部分" in sheet.svg(scene_of(spike), "zh")


def test_small_faults_are_enlarged_and_large_ones_are_not() -> None:
    assert insets_of(scene_of(inspected(SHAPES["a bow-tie"][0]))) == []
    (inset,) = insets_of(scene_of(inspected(SHAPES["a tiny part"][0])))
    assert inset.radius_m == pytest.approx(0.25 * 1.35, rel=1e-3)
    assert inset.title.zh == "1 微小图形"
    (rest,) = insets_of(scene_of(inspected(SHAPES["a mistyped digit of 30 km"][0])))
    assert (rest.rest, rest.title.en) == (True, "1 the other vertices")
    assert rest.bounds[3] < 400


def test_faults_of_every_kind_get_a_number_before_many_of_one() -> None:
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    round_trip = np.repeat(np.column_stack([500 * np.cos(angles), 500 * np.sin(angles)]), 2, axis=0)
    shape = shapely.MultiPolygon([shapely.Polygon(round_trip), SHAPES["a tiny part"][0].geoms[1]])  # type: ignore[attr-defined]  # a multipolygon
    moved = shapely.MultiPolygon([shape.geoms[0], shapely.transform(shape.geoms[1], lambda xy: xy + 900)])
    scene = scene_of(inspected(moved))
    assert len(scene.marks) == 12
    assert [mark.fault.kind for mark in scene.marks].count("tiny-part") == 1
    assert scene.left_out == 61 - 12


def test_overlaps_of_footprints_are_numbered_and_filled() -> None:
    found = inspected(shapely.box(0, 0, 100, 100), shapely.box(90, 0, 200, 100))
    scene = scene_of(found)
    (mark,) = scene.marks
    assert mark.fault.kind == "parcels-overlap"
    assert mark.at is not None
    assert mark.at.tolist() == pytest.approx([95, 50], rel=1e-3)
    (piece,) = scene.shared
    assert piece.area == pytest.approx(1000, rel=1e-3)
    assert "地块重叠" in sheet.svg(scene, "zh")


def test_one_of_several_footprints_has_a_picture_of_its_own() -> None:
    found = inspected(ring(*SQUARE), ring((300, 0), (400, 100), (400, 0), (300, 100)))
    scene = scene_of(found, only=1)
    assert [mark.fault.kind for mark in scene.marks] == ["self-crossing"]
    assert scene.bounds[2] == pytest.approx(100, rel=1e-3)


def test_very_many_vertices_make_no_very_large_picture() -> None:
    angles = np.linspace(0, 2 * np.pi, 50_000, endpoint=False)
    circle = shapely.Polygon(np.column_stack([900 * np.cos(angles), 900 * np.sin(angles)]))
    assert len(sheet.svg(scene_of(inspected(circle)), "zh")) < 300_000
    window = (-10.0, 880.0, 10.0, 920.0)
    assert shapely.get_num_coordinates(lighter(circle, window)) < 1_000
    assert lighter(shapely.box(0, 0, 1, 1), window).equals(shapely.box(0, 0, 1, 1))


def test_names_of_strangers_are_text_and_nothing_else() -> None:
    hostile = "<script>alert(1)</script>$\\frac{a}{b}$&amp;"
    found = inspected(ring(*SQUARE), ring((300, 0), (400, 100), (400, 0), (300, 100)), name=hostile)
    for written in (sheet.svg(scene_of(found), "zh"), page(found, "zh")):
        assert "<script" not in written
        assert ">&lt;script&gt;ale…</text>" in written
    assert size_of(sheet.png(scene_of(found), heading_of(found), "zh")) == A4_ACROSS


def test_the_same_file_gives_the_same_drawing() -> None:
    found = inspected(SHAPES["a hole on a bridge"][0])
    assert sheet.svg(scene_of(found), "zh") == sheet.svg(scene_of(found), "zh")
    assert "<metadata>" not in sheet.svg(scene_of(found), "zh")


def test_without_a_chinese_font_the_labels_are_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "chinese_font", lambda: None)
    found = inspected(SHAPES["a bow-tie"][0])
    assert size_of(sheet.png(scene_of(found), heading_of(found), "zh")) == A4_ACROSS
    assert fonts.language_of("zh", None) == "en"
    assert fonts.drawable("宗地 DK-1", None) == "□□ DK-1"
    assert fonts.drawable("宗地", "Noto Sans CJK SC") == "宗地"
    # A page brings its own families: its drawing stays Chinese.
    assert "起点" in sheet.svg(scene_of(found), "zh")


def test_labels_find_free_places() -> None:
    from matplotlib.figure import Figure

    panel = Panel.on(Figure((4, 4)), (0, 0, 1, 1), (0, 0, 100, 100), fonts.Pen("zh", None), margin=0.0)
    assert panel.scale == pytest.approx(100 / 288)
    assert panel.points(np.array([100, 50])) == pytest.approx((288, 144))
    wanted = panel.free_place((144, 144), (8, 8), 0.0)
    assert wanted == pytest.approx((161, 144))
    panel.take((wanted[0] - 8, wanted[1] - 8, wanted[0] + 8, wanted[1] + 8))
    assert panel.overlap((wanted[0], wanted[1], wanted[0] + 2, wanted[1] + 2)) == pytest.approx(4)
    assert panel.free_place((144, 144), (8, 8), 0.0) != pytest.approx(wanted)


def test_a_line_ends_with_no_opening_bracket() -> None:
    assert fold("面积（平方米）", 10.0, 35.0) == ["面积", "（平方", "米）"]
    assert nice(0.0034) == pytest.approx(0.002)


def test_points_and_lines_are_drawn_as_they_were_read() -> None:
    line = Site("1", "管线", shapely.LineString([(EAST, NORTH), (EAST + 500, NORTH + 100)]), "EPSG:4525", "a.txt", 20.0)
    point = Site("2", "井", shapely.Point(EAST, NORTH), "EPSG:4525", "a.txt", 20.0)
    for site in (line, point):
        found = inspect_sites([site], PLANE)
        assert size_of(sheet.png(scene_of(found), heading_of(found), "zh")) == A4_ACROSS
        assert "<svg" in page(found, "zh")
