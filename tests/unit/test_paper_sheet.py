"""What stands on the sheet, and that nothing lies on anything else."""

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely
import shapely.affinity
from shapely.geometry import box

from map_world import metres
from pdf_paths import text_of
from scenes_for_tests import (
    MADE,
    drawn,
    farms,
    layer,
    picture,
    product,
    site_scene,
    stylebook,
    territory,
    territory_layers,
    zones,
)
from zoning.errors import ZoningError
from zoning.maps.content import Box
from zoning.maps.fonts import typeface
from zoning.maps.map_product import MapProduct
from zoning.maps.paper.bands import Heading
from zoning.maps.paper.furniture import ARROW_NAME
from zoning.maps.paper.grid import GRID_NAME, LABEL_NAME
from zoning.maps.paper.labels import NAME, boxes
from zoning.maps.paper.legend import LEGEND_NAME
from zoning.maps.paper.marks import Hatching, Page, Shape, Words
from zoning.maps.paper.render import Printer, render_paper
from zoning.maps.scene import Scene
from zoning.styles.hatches import hatch_tile
from zoning.texts import Language, Text

SHEETS = [
    (size, orientation, language)
    for size in ("A4", "A3", "A2", "A1")
    for orientation, language in (("portrait", "zh"), ("landscape", "en"))
]


def pages(scene: Scene, wanted: MapProduct, language: Language = "zh", to: str = "pdf") -> list[Page]:
    kind = "pdf" if to == "pdf" else "svg"
    return Printer(wanted, stylebook(), language, MADE, typeface(language), kind, 100).map_pages(scene)  # type: ignore[arg-type]  # a parameter of the test


def words(page: Page, name: str | None = None) -> list[Words]:
    found = [mark for mark in page.marks if isinstance(mark, Words) and mark.text.strip()]
    return found if name is None else [mark for mark in found if mark.name == name]


def texts(page: Page) -> str:
    return "\n".join(mark.text for mark in words(page))


@pytest.mark.parametrize(("size", "orientation", "language"), SHEETS)
def test_no_text_lies_on_another_and_none_leaves_the_sheet(size: str, orientation: str, language: Language) -> None:
    wanted = product(paper={"size": size, "orientation": orientation}, tables=("class_totals",))
    (page,) = pages(territory(), wanted, language)
    found = words(page)
    shapes = boxes(found, page)
    inside = box(3, 3, page.width - 3, page.height - 3)

    for text, shape in zip(found, shapes, strict=True):
        assert inside.contains(shape), text.text
    for (one, a), (other, b) in combinations(zip(found, shapes, strict=True), 2):
        assert a.intersection(b).area < 0.12 * min(a.area, b.area), (one.text, other.text)


@pytest.mark.parametrize(("size", "orientation", "language"), SHEETS)
def test_the_legend_never_covers_the_map(size: str, orientation: str, language: Language) -> None:
    wanted = product(paper={"size": size, "orientation": orientation}, tables=("class_totals",))
    (page,) = pages(territory(), wanted, language)
    assert page.map_place is not None
    neat = page.map_place.shape

    legend = [mark for mark in words(page) if mark.name in {LEGEND_NAME, LABEL_NAME, ""}]
    samples = [mark for mark in page.marks if isinstance(mark, Shape) and mark.name == LEGEND_NAME]

    assert len(legend) > 20
    assert len(samples) >= 5
    assert not any(shape.intersects(neat) for shape in boxes(legend, page))
    assert not any(mark.geometry.intersects(neat) for mark in samples)


def test_names_lie_in_the_map_apart_from_each_other_and_from_the_site() -> None:
    scene = site_scene()
    (page,) = pages(scene, product("site", paper={"scale": 50_000}))
    assert page.map_place is not None
    names = words(page, NAME)
    shapes = boxes(names, page)
    site = next(mark for mark in page.marks if isinstance(mark, Shape) and mark.name == "site")

    assert {"析城山红线", "濩泽河", "侯月铁路"} <= {mark.text for mark in names}
    assert all(page.map_place.shape.contains(shape) for shape in shapes)
    assert all(not a.intersects(b) for a, b in combinations(shapes, 2))
    assert all(not shape.intersects(site.geometry) for shape in shapes)


def test_names_of_rivers_and_railways_run_along_them() -> None:
    (page,) = pages(territory(), product())

    turns = {mark.text: mark.turn for mark in words(page, NAME)}

    assert turns["析城山红线"] == 0.0
    # The railway rises by 1700 m on 9000 m, or falls by 1200 m on 8800 m.
    assert any(turns["侯月铁路"] == pytest.approx(turn, abs=1.5) for turn in (10.6, -7.7))
    assert abs(turns["濩泽河"]) > 1.0


def test_names_that_find_no_place_are_counted() -> None:
    title = Text("甲", "a")
    crowd = [(f"Z{n}", f"很长很长的分区名称{n}", box(n * 20, 0, n * 20 + 18, 60)) for n in range(80)]
    scene = territory(
        (drawn(layer("nature-parks", title, {"city-forest-park": title}), zones("city-forest-park", crowd)),)
    )

    (page,) = pages(scene, product())

    assert page.left_out == 80 - len(words(page, NAME))
    assert page.left_out > 60
    assert f"因图面所限，{page.left_out} 处未注名。" in texts(page)


def test_the_north_arrow_points_up_and_says_which_north() -> None:
    (page,) = pages(territory(), product())
    arrow = [mark.geometry for mark in page.marks if isinstance(mark, Shape) and mark.name == ARROW_NAME]
    xy = np.concatenate([shapely.get_coordinates(part) for part in arrow])

    tip = xy[xy[:, 1].argmax()]
    feet = xy[np.isclose(xy[:, 1], xy[:, 1].min())]

    assert tip[0] == pytest.approx(feet[:, 0].mean())
    assert len({round(float(x), 3) for x, _ in feet}) == 2
    word = next(mark for mark in words(page) if mark.text == "北")
    assert word.y > tip[1]
    # 1.402° east of the meridian, times the sine of 35.486°: 0.814°, which is 0°49′.
    assert {"坐标北", "真北偏西 0°49′"} <= {mark.text for mark in words(page)}


def test_a_chinese_map_has_no_english_words() -> None:
    pdf = render_paper(territory(), product(tables=("class_totals",)), stylebook(), "zh", MADE, to="pdf", dpi=60)

    latin = set(re.findall("[A-Za-z]{2,}", text_of(pdf)))

    assert latin == {"CGCS", "EPSG", "km", "zoning", "test"}


def test_an_english_map_has_no_chinese_but_names() -> None:
    pdf = render_paper(territory(()), product(), stylebook(), "en", MADE, to="pdf", dpi=60)

    chinese = set(re.findall("[\u4e00-\u9fff]+", text_of(pdf)))

    assert {"阳城县", "阳城县生态环境局"} <= chinese <= {"阳城县", "晋城市城区", "阳城县生态环境局"}


def test_all_that_a_sheet_must_say_is_there() -> None:
    (page,) = pages(territory(), product(tables=("class_totals",), notes=Text("测试用图。", "For tests.")))

    lines = [mark.text for mark in words(page)]
    joined = "".join(lines)
    for expected in (
        "阳城县管控分区图",
        "图例",
        "示意数据，非法定边界，不得用于审批",
        "非规范配色",
        "制图单位：阳城县生态环境局",
        "制图日期：2026-11-22　程序 zoning 0.0-test",
        "CGCS2000 国家大地坐标系，高斯-克吕格投影 3° 带第 37 带，中央经线 111°E（EPSG:4525）",
        "2023 版（2021-01-01 起）：生态保护红线、饮用水水源保护区、永久基本农田、河流、铁路与公路、文物",
        "测试用图。",
    ):
        assert expected in joined, expected
    assert next(line for line in lines if line.startswith("比例尺")) == "比例尺 1:100 000"
    assert next(line for line in lines if line.startswith("公里网")) == "公里网 5 km；横坐标前两位为带号"


def test_a_title_is_joined_only_to_a_chinese_name() -> None:
    def title(name: str) -> str:
        scene = territory(())
        return Heading.of(replace(scene, frame=replace(scene.frame, name=name)), product(), "zh").full

    assert title("阳城县") == "阳城县管控分区图"
    assert title("沁河 2/4") == "管控分区图 · 沁河 2/4"


def test_missing_empty_and_uncovered_layers_are_told_apart() -> None:
    (page,) = pages(territory(), product())
    lines = [mark.text for mark in words(page)]

    assert lines[lines.index("数据缺失，未核查") + 1] == "禁煤区（文件不存在）"
    assert lines[lines.index("已有数据，本图范围内无") + 1] == "文物"
    assert "数据缺失，未核查：永久基本农田" in lines
    assert "辖区以外：不表示，未核查" in lines


def test_uncovered_land_is_hatched_on_the_map() -> None:
    (page,) = pages(territory(), product())
    assert page.map_place is not None
    look = stylebook().outcomes.uncovered

    found = [mark for mark in page.marks if isinstance(mark, Hatching) and mark.stroke == look.outline and mark.clip]

    assert len(found) == 1
    # 12 km by 3 km of the south-west, on 1:100 000.
    area = found[0].within.intersection(page.map_place.shape).area
    hidden = territory_layers()[2].uncovered
    assert hidden is not None
    ground = shapely.transform(hidden, lambda xy: xy * [111_320 * np.cos(np.radians(35.486)), 110_950]).area
    assert area == pytest.approx(ground / 100_000**2 * 1e6, rel=0.02)
    assert len(found[0].segments) > 50


def test_a_layer_beyond_its_scale_is_named_and_not_drawn() -> None:
    book = stylebook()
    style = book.layers["ecological-red-line"]
    narrow = style.model_copy(update={"scale": style.scale.model_copy(update={"max_denominator": 5_000})})
    book.layers["ecological-red-line"] = narrow

    (page,) = Printer(product(), book, "zh", MADE, typeface("zh"), "pdf", 100).map_pages(territory())

    lines = [mark.text for mark in words(page)]
    assert lines[lines.index("本比例尺不表示（不代表没有）") + 1] == "生态保护红线"
    assert "析城山红线" not in lines


def test_names_that_a_product_asks_for_are_written_at_any_scale() -> None:
    book = stylebook()
    style = book.layers["ecological-red-line"]
    look = style.label_look
    narrow = look.model_copy(update={"scale": look.scale.model_copy(update={"max_denominator": 5_000})})
    book.layers["ecological-red-line"] = style.model_copy(update={"label_look": narrow})
    asked = product(layers=({"layer": "ecological-red-line", "label": "code"},))

    def names(wanted: MapProduct) -> list[str]:
        (page,) = Printer(wanted, book, "zh", MADE, typeface("zh"), "pdf", 100).map_pages(territory())
        return [mark.text for mark in words(page, NAME)]

    assert not {"析城山红线", "HX01"} & set(names(product()))
    assert {"HX01", "HX02"} <= set(names(asked))


def test_no_line_of_the_grid_doubles_the_neat_line() -> None:
    wanted = product(paper={"size": "A4", "orientation": "landscape"})
    doubled = 0
    for shift in range(0, 1000, 100):
        scene = territory(())
        moved = shapely.affinity.translate(scene.frame.geometry, yoff=shift / 110_950)
        (page,) = pages(replace(scene, frame=replace(scene.frame, geometry=moved)), wanted)
        assert page.map_place is not None
        place = page.map_place
        for mark in page.marks:
            if not (isinstance(mark, Shape) and mark.name == GRID_NAME):
                continue
            left, bottom, right, top = mark.geometry.bounds
            near = left - place.left, place.right - right, bottom - place.bottom, place.top - top
            ends = near[2:] if left == right else near[:2]
            assert max(map(abs, ends)) < 0.01
            doubled += min(near[:2] if left == right else near[2:]) < 1.2
    assert doubled == 0


def test_samples_of_the_legend_look_like_the_zones() -> None:
    (page,) = pages(territory(), product())
    book = stylebook()

    for layer_id, class_id in (("drinking-water", "level-1"), ("permanent-basic-farmland", "field")):
        style = book.of_class(layer_id, class_id)
        fills = [
            mark.opacity
            for mark in page.marks
            if isinstance(mark, Shape) and mark.fill == style.fill and mark.opacity == style.fill_opacity
        ]
        assert len(fills) == 2, "once on the map, once in the legend"
        hatches = [m for m in page.marks if isinstance(m, Hatching) and m.stroke == style.outline and len(m.segments)]
        tile = hatch_tile(style).size * 25.4 / 96
        for hatch in hatches:
            if style.hatch in {"vertical", "dense-horizontal"}:
                across = 0 if style.hatch == "vertical" else 1
                places = np.unique(np.round(hatch.segments[:, 0, across], 6))
                step = tile if style.hatch == "vertical" else tile / 2
                assert np.diff(places) == pytest.approx([step] * (len(places) - 1))


def test_totals_stand_beside_the_classes() -> None:
    (page,) = pages(territory(), product(tables=("class_totals",)))
    lines = [mark.text for mark in words(page)]

    # 45 fields of 300 m by 220 m.
    fields = sum(1 for _ in territory_layers()[2].zones)
    assert f"{fields * 300 * 220 / 10_000:,.4f}" in lines
    at = lines.index("永久基本农田")
    assert f"{fields * 6.6:,.4f}" in lines[at : at + 3]


def test_a_site_map_outlines_the_site_and_is_marked_where_no_data_were_taken() -> None:
    (page,) = pages(site_scene(extent_m=1500.0), product("site", paper={"scale": 25_000}))
    lines = [mark.text for mark in words(page)]

    assert "项目范围" in lines
    assert "未取数范围：不表示，未核查" in lines


def test_the_map_gets_no_smaller_for_a_table() -> None:
    for scene in (territory(), territory((farms(500),))):
        (plain, *_), (full, *_) = pages(scene, product()), pages(scene, product(tables=("zones",)))
        assert plain.scale == full.scale


def test_tables_that_find_no_room_get_pages_of_their_own() -> None:
    wanted = product(paper={"size": "A4"}, tables=("zones",))

    found = pages(territory((farms(500),)), wanted)

    assert len(found) > 3
    assert "附表：见附表" in texts(found[0])
    # Every column of a table has its head: who looks a zone up on the last page reads what the figures are.
    columns = [len({round(mark.x, 1) for mark in words(page) if mark.text.startswith("NT")}) for page in found[1:]]
    heads = [texts(page).split("\n").count("面积（公顷）") for page in found[1:]]
    assert heads == columns
    titles = [line for page in found[1:] for line in texts(page).split("\n") if line.endswith("（续）")]
    assert len(titles) == sum(heads) - 1
    listed = [line for page in found[1:] for line in texts(page).split("\n") if line.startswith("NT")]
    assert listed == [f"NT{n:03d}" for n in range(500)]
    assert all(page.map_place is None for page in found[1:])


def test_a_picture_says_that_a_table_is_left_out() -> None:
    (page,) = pages(territory((farms(500),)), product(paper={"size": "A4"}, tables=("zones",)), to="svg")

    assert "附表：图面放不下，未列出" in texts(page).replace("\n", "")


def test_a_legend_that_finds_no_room_in_a_picture_is_refused() -> None:
    many = tuple(
        drawn(
            layer(
                f"l{n}", Text(f"图层{n}", f"layer {n}"), {"a": Text("类甲", "class a"), "b": Text("类乙", "class b")}
            ),
            zones("a", [("1", "", box(n * 10, 0, n * 10 + 500, 500))])
            + zones("b", [("2", "", box(0, n * 10, 500, n * 10 + 500))]),
        )
        for n in range(80)
    )
    with pytest.raises(ZoningError) as caught:
        pages(territory(many), product(paper={"size": "A4"}), to="svg")

    assert caught.value.text.zh == (
        "图例在 A4 图幅上放不下：请换用更大的图幅（--paper），或输出为 PDF（其余部分另页列出）"
    )
    assert len(pages(territory(many), product(paper={"size": "A4"}))) > 1


def test_a_graticule_is_labelled_in_degrees_and_minutes() -> None:
    (page,) = pages(territory(()), product(paper={"grid": "graticule"}))

    labels = {mark.text for mark in words(page, LABEL_NAME)}

    assert labels
    assert all(re.fullmatch("\\d+°\\d\\d′(\\d\\d″)?", label) for label in labels)
    assert {"112°20′", "35°30′"} <= labels


def test_the_relief_lies_under_the_zones_and_inside_of_the_neat_line() -> None:
    shape = metres(box(-20_000, -20_000, 20_000, 20_000)).bounds
    grey = picture(np.full((50, 50, 3), 200.0), Box(*shape))

    (page,) = pages(territory(relief=grey), product())

    kinds = [type(mark).__name__ for mark in page.marks]
    assert kinds.index("Raster") == 1
    raster = page.marks[1]
    assert raster.place == page.map_place  # type: ignore[union-attr]  # this page has one
