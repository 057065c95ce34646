"""What of a scene is drawn on one sheet, in which look, and what the legend and the notes say of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from small_scene import ROADS, SOIL, UNITS, WATER, WINDOW, small_book, small_product, small_scene
from zoning.maps.content import Conflict, MapZone
from zoning.maps.fonts import typeface
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.paper.bands import Heading
from zoning.maps.paper.content import Sheet, sheet_of
from zoning.maps.paper.flow import Row
from zoning.maps.paper.format import Format
from zoning.maps.paper.labels import NAME, Places, draw_labels, turned_box
from zoning.maps.paper.legend import LegendWriter
from zoning.maps.paper.marks import Page, Raster, Shape, Words
from zoning.maps.paper.notes import editions_text
from zoning.maps.paper.projection import Projected, Projection
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.view import MapView
from zoning.maps.paper.zones import OUTSIDE, draw_zones
from zoning.maps.scene import Frame, Scene, SceneLayer
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text

PAPER = Format.of("A4", landscape=True)
PLACE = Rectangle(10, 10, 160, 160)
SQUARE = box(112.04, 35.04, 112.10, 35.10)


@pytest.fixture(scope="module")
def book(workspace_root: Path) -> Stylebook:
    return small_book(workspace_root)


def view(scale: int = 150_000) -> MapView:
    """Return a window of 22.5 km around the middle of the scene."""
    projection = Projection(37)
    return MapView(Projected(projection), scale, PLACE, projection.point(112.1, 35.1))


def product(*choices: LayerChoice, **changes: Any) -> MapProduct:
    return small_product().model_copy(update={"layers": choices, **changes})


def sheet(
    book: Stylebook, scene: Scene | None = None, *, scale: int = 150_000, asked: MapProduct | None = None
) -> Sheet:
    return sheet_of(scene or small_scene(), asked or product(), book, view(scale))


def page() -> Page:
    return Page(297, 210, typeface("zh"))


def names(layers: Sequence[SceneLayer]) -> list[str]:
    return [layer.layer.id for layer in layers]


def zone(zone_id: str, geometry: BaseGeometry = SQUARE, class_id: str = "core", name: str = "") -> MapZone:
    return MapZone(zone_id, name, class_id, geometry)


def with_zones(*zones: MapZone, **changes: Any) -> Scene:
    return replace(small_scene(), layers=(SceneLayer(WATER, "2023", None, "drawn", zones, **changes),))


# --- what is on the sheet -------------------------------------------------------------------------------------------


def test_layers_lie_on_each_other_as_their_styles_say(book: Stylebook) -> None:
    made = sheet(book)
    assert [layer.id for layer in made.layers] == ["water", "roads"]
    assert (names(made.empty), names(made.missing), made.too_small) == (["units"], ["soil"], ())


@pytest.mark.parametrize(("scale", "drawn"), [(1_000_000, True), (1_250_000, False)])
def test_a_layer_beyond_its_scale_is_kept_apart_from_empty_ones(book: Stylebook, scale: int, *, drawn: bool) -> None:
    made = sheet(book, scale=scale)
    assert ("roads" in [layer.id for layer in made.layers]) is drawn
    assert names(made.too_small) == ([] if drawn else ["roads"])
    assert "roads" not in names(made.empty)


def test_a_layer_whose_zones_lie_beside_the_map_is_empty_on_it(book: Stylebook) -> None:
    far = with_zones(zone("W1", box(113.0, 35.0, 113.1, 35.1)))
    assert names(sheet(book, far).empty) == ["water"]
    touching = with_zones(zone("W1", box(112.1, 35.1, 113.1, 36.1)))
    assert sheet(book, touching).empty == ()


@pytest.mark.parametrize(("classes", "found"), [((), ("core", "rim")), (("rim",), ("rim",)), (("core",), ("core",))])
def test_only_the_chosen_classes_are_drawn(book: Stylebook, classes: tuple[str, ...], found: tuple[str, ...]) -> None:
    made = sheet(book, asked=product(LayerChoice(layer="water", classes=classes)))
    (water,) = [layer for layer in made.layers if layer.id == "water"]
    assert water.classes == found
    assert [drawn.zone.class_id for drawn in water.of_class(found[-1])] == [found[-1]]


def test_zones_are_cut_a_little_outside_of_the_neat_line(book: Stylebook) -> None:
    ((layer,)) = sheet(book, with_zones(zone("W1", box(111.0, 34.0, 113.0, 36.0)))).layers
    (drawn,) = layer.zones
    assert drawn.shape.bounds == pytest.approx((8, 8, 162, 162))


def test_gaps_that_are_alike_are_one(book: Stylebook) -> None:
    gap, other = box(112.0, 35.0, 112.02, 35.2), box(112.15, 35.0, 112.2, 35.2)
    far = box(113.0, 35.0, 113.1, 35.1)
    layers = (
        SceneLayer(WATER, "2023", None, "drawn", (zone("W1"),), uncovered=gap),
        SceneLayer(ROADS, "2023", None, "empty", uncovered=shapely.segmentize(gap, 0.05)),
        SceneLayer(UNITS, "2023", None, "empty", uncovered=other),
        SceneLayer(UNITS.model_copy(update={"id": "far"}), "2023", None, "empty", uncovered=far),
        SceneLayer(SOIL, None, None, "no_data", uncovered=gap),
    )
    made = sheet(book, replace(small_scene(), layers=layers))
    assert [found.layers for found in made.gaps] == [("water", "roads"), ("units",)]


# --- how it is drawn ------------------------------------------------------------------------------------------------


def shapes(made: Page) -> list[Shape]:
    return [mark for mark in made.marks if isinstance(mark, Shape)]


def drawn_page(book: Stylebook, scene: Scene) -> Page:
    made = page()
    draw_zones(made, sheet(book, scene), book, None, dpi=60)
    return made


def test_the_ground_is_paper_and_nothing_lies_outside_of_the_neat_line_unclipped(book: Stylebook) -> None:
    first, *others = shapes(drawn_page(book, small_scene()))
    assert (first.fill, first.geometry.bounds) == (book.outcomes.paper, PLACE.sides)
    assert all(mark.clip == PLACE for mark in others)
    assert not [mark for mark in drawn_page(book, small_scene()).marks if isinstance(mark, Raster)]


def test_the_strictest_class_is_drawn_last(book: Stylebook) -> None:
    scene = with_zones(zone("W1"), zone("W2", SQUARE, "rim"))
    fills = [mark.fill for mark in shapes(drawn_page(book, scene)) if mark.fill in ("#2F6DB5", "#CFE3F5")]
    assert fills == ["#CFE3F5", "#2F6DB5"]


def test_zones_of_a_class_that_lie_on_each_other_are_tinted_once(book: Stylebook) -> None:
    scene = with_zones(zone("W1"), zone("W2", box(112.07, 35.04, 112.13, 35.10)))
    (tint,) = [mark for mark in shapes(drawn_page(book, scene)) if mark.fill == "#2F6DB5"]
    outlines = [mark for mark in shapes(drawn_page(book, scene)) if mark.stroke == "#143F75" and mark.width > 0]
    assert (tint.opacity, len(outlines)) == (0.5, 2)
    assert tint.geometry.area == pytest.approx(1.5 * outlines[0].geometry.area, rel=1e-3)


def test_a_small_zone_has_a_finer_outline(book: Stylebook) -> None:
    """A hundredth of a degree is a field of about 6 x 7 mm; a tenth of it one of less than a square millimetre."""
    widths = []
    for side in (0.01, 0.001):
        scene = with_zones(zone("W1", box(112.05, 35.05, 112.05 + side, 35.05 + side)))
        (outline,) = [mark for mark in shapes(drawn_page(book, scene)) if mark.stroke == "#143F75" and mark.width > 0]
        widths.append(outline.width)
    assert widths[0] == 1.5
    assert 0.2 <= widths[1] < 0.5


def test_what_the_map_is_not_about_is_toned_and_the_frame_lined(book: Stylebook) -> None:
    scene = replace(
        small_scene(), surroundings=(("甲", box(112.01, 35.01, 112.19, 35.19)), ("远", box(113, 35, 114, 36)))
    )
    made = shapes(drawn_page(book, scene))
    (beyond,) = [mark for mark in made if mark.fill == OUTSIDE]
    frame = sheet(book, scene).frame
    assert beyond.geometry.intersection(frame).area == pytest.approx(0, abs=1e-6)
    assert len([mark for mark in made if mark.dash == (4.0, 2.0, 1.0, 2.0)]) == 1
    assert [mark.width for mark in made[-2:]] == [2.6, 1.3]


def of_site(site: BaseGeometry, *conflicts: Conflict) -> Scene:
    frame = Frame("site", "DK1", "地块一", site, 1.0)
    return replace(small_scene(), frame=frame, site=site, conflicts=conflicts, box=WINDOW)


def test_the_site_is_a_line_on_its_casing_over_everything(book: Stylebook) -> None:
    casing, line = shapes(drawn_page(book, of_site(SQUARE)))[-2:]
    site = book.outcomes.site
    assert [(one.stroke, one.width) for one in (casing, line)] == [
        (site.casing, 0.75 * site.casing_width),
        (site.outline, 0.75 * site.width),
    ]
    assert line.name == "site"


@pytest.mark.parametrize(("side", "ringed"), [(0.01, False), (0.005, True)])
def test_a_site_of_a_few_millimetres_has_a_ring(book: Stylebook, side: float, *, ringed: bool) -> None:
    made = shapes(drawn_page(book, of_site(box(112.1, 35.1, 112.1 + side, 35.1 + side))))
    assert ("ring" in [mark.name for mark in made]) is ringed


def test_a_conflict_lies_on_a_veil_in_the_colour_of_its_decision(book: Stylebook) -> None:
    made = shapes(drawn_page(book, of_site(SQUARE, Conflict("prohibited", SQUARE))))
    looks, colour = book.outcomes, book.outcomes.decisions["prohibited"].colour
    veil, tint, line = made[-5:-2]
    assert (veil.fill, veil.opacity) == (looks.paper, looks.conflict.veil)
    assert (tint.fill, tint.opacity, line.stroke) == (colour, looks.conflict.fill_opacity, colour)


def test_a_conflict_along_a_line_is_a_line_alone(book: Stylebook) -> None:
    line = LineString([(112.05, 35.05), (112.15, 35.15)])
    colour = book.outcomes.decisions["restricted"].colour
    made = shapes(drawn_page(book, of_site(line, Conflict("restricted", line))))
    assert [mark.fill for mark in made if colour in (mark.fill, mark.stroke)] == [None]


# --- legend ---------------------------------------------------------------------------------------------------------


def legend(
    book: Stylebook, made: Sheet, language: Language = "zh", *, totals: bool = True, width: float = 80.0
) -> list[str]:
    """Return the texts of the legend, row by row, without those that are blank."""
    target = page()
    rows: list[Row] = LegendWriter(target, PAPER, width, book, language, totals).rows(made)
    top = 205.0
    for row in rows:
        row.draw(target, Rectangle(5, top - row.height, 5 + width, top))
        top -= row.height
    return [mark.text for mark in target.marks if isinstance(mark, Words) and mark.text]


def test_a_legend_lists_what_is_drawn_with_its_area_and_share(book: Stylebook) -> None:
    assert legend(book, sheet(book)) == [
        "图例", "占比 %", "公顷",
        "饮用水水源", "甲", "3.6000", "0.01", "乙", "1.5000", "< 0.01",
        "公路", "14.60 km",
        "数据缺失，未核查：饮用水水源",
        "辖区以外：不表示，未核查",
        "数据缺失，未核查", "土壤（没有版本）",
        "已有数据，本图范围内无", "管控单元",
    ]  # fmt: skip


def test_without_totals_there_are_no_figures(book: Stylebook) -> None:
    assert legend(book, sheet(book), "en", totals=False)[:5] == ["Legend", "drinking water", "core", "rim", "roads"]


@pytest.mark.parametrize(
    ("area_m2", "figures"),
    [
        (4.0e8, ["40,000.0000", "100.00"]),
        (2.0e4, ["2.0000", "0.01"]),
        (1.9e4, ["1.9000", "< 0.01"]),
        (0.0, ["0.0000", "0.00"]),
        (None, ["—"]),
    ],
)
def test_a_share_that_is_there_never_reads_as_nothing(
    book: Stylebook, area_m2: float | None, figures: list[str]
) -> None:
    sizes = {} if area_m2 is None else {"core": area_m2}
    texts = legend(book, sheet(book, with_zones(zone("W1"), class_areas_m2=sizes)))
    begin = texts.index("甲") + 1
    assert texts[begin : begin + len(figures)] == figures


def test_the_legend_of_a_site_begins_with_the_site_and_its_conflicts(book: Stylebook) -> None:
    conflicts = (Conflict("prohibited", SQUARE), Conflict("restricted", SQUARE), Conflict("prohibited", SQUARE))
    texts = legend(book, sheet(book, of_site(SQUARE, *conflicts)), totals=False)
    words = book.outcomes.decisions
    assert texts[1:4] == [
        "项目范围",
        f"{words['prohibited'].word.zh}的部分",
        f"{words['restricted'].word.zh}的部分",
    ]


def test_layers_beyond_their_scale_are_named_as_not_drawn(book: Stylebook) -> None:
    texts = legend(book, sheet(book, scale=1_250_000))
    assert texts[texts.index("本比例尺不表示（不代表没有）") + 1] == "公路"


def test_layers_without_data_for_the_same_reason_stand_together(book: Stylebook) -> None:
    reason = Text("没有版本", "no edition")
    others = [SOIL.model_copy(update={"id": name, "title": Text(name, name)}) for name in "ab"]
    layers = (
        SceneLayer(SOIL, None, None, "no_data", reason=reason),
        SceneLayer(others[0], None, None, "no_data"),
        SceneLayer(others[1], None, None, "no_data", reason=reason),
    )
    texts = legend(book, sheet(book, replace(small_scene(), layers=layers)), "en")
    assert texts[-2:] == ["soil; b (no edition)", "a (no data)"]


def test_a_gap_of_all_layers_is_called_so(book: Stylebook) -> None:
    gap = box(112.0, 35.0, 112.02, 35.2)
    layers = (
        SceneLayer(WATER, "2023", None, "drawn", (zone("W1"),), uncovered=gap),
        SceneLayer(ROADS, "2023", None, "empty", uncovered=gap),
        SceneLayer(SOIL, None, None, "no_data"),
    )
    assert "数据缺失，未核查：全部图层" in legend(book, sheet(book, replace(small_scene(), layers=layers)))


# --- names ----------------------------------------------------------------------------------------------------------


def written(book: Stylebook, scene: Scene, asked: MapProduct | None = None) -> tuple[list[str], int]:
    target = page()
    left_out = draw_labels(target, sheet(book, scene), asked or product(), book, size=6.4)
    return [mark.text for mark in target.marks if isinstance(mark, Words) and mark.name == NAME], left_out


def test_a_name_is_written_once_and_codes_each_time(book: Stylebook) -> None:
    twice = with_zones(zone("W1", name="下芹"), zone("W2", box(112.12, 35.04, 112.18, 35.10), name="下芹"))
    assert written(book, twice) == (["下芹"], 0)
    codes, left_out = written(book, twice, product(LayerChoice(layer="water", label="code")))
    assert (sorted(codes), left_out) == (["W1", "W2"], 0)
    assert written(book, twice, product(LayerChoice(layer="water", label="none"))) == ([], 0)


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_zone_without_a_name_wants_no_place(book: Stylebook, name: str) -> None:
    assert written(book, with_zones(zone("W1", name=name))) == ([], 0)


def test_a_name_that_would_lie_on_the_site_is_left_out_and_counted(book: Stylebook) -> None:
    assert written(book, replace(of_site(SQUARE), layers=with_zones(zone("W1", name="下芹")).layers)) == ([], 1)


def test_a_place_is_free_inside_of_the_map_and_away_from_what_is_taken() -> None:
    places = Places(PLACE.shape)
    one, beside, outside = turned_box(50, 50, 0, 10, 2), turned_box(50, 60, 90, 10, 2), turned_box(12, 50, 0, 10, 2)
    assert places.free(one)
    places.take(one)
    assert (places.free(one), places.free(beside), places.free(outside)) == (False, True, False)


def test_the_box_of_a_turned_text_has_its_room_around_it() -> None:
    level, upright = turned_box(50, 50, 0, 10, 2), turned_box(50, 50, 90, 10, 2)
    # Half the width and 0.35 mm; more than half of the height and 0.35 mm.
    assert level.bounds == pytest.approx((44.65, 48.59, 55.35, 51.41))
    assert upright.bounds == pytest.approx((48.59, 44.65, 51.41, 55.35))


# --- heading and notes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "language", "title", "subtitle"),
    [
        ("territory", "阳城县", "zh", "阳城县试验图", "阳城县（T1） · 1.0000 公顷（15.00 亩） · 资料现势 2026-11-22"),
        (
            "territory", "阳城县", "en", "trial map · 阳城县",
            "阳城县 (T1) · 1.0000 ha (15.00 mu) · Data as of 2026-11-22",
        ),
        ("site", "地块一", "zh", "试验图 · 地块一", "地块一 · 1.0000 公顷（15.00 亩） · 资料现势 2026-11-22"),
        ("site", "", "zh", "试验图 · T1", "T1 · 1.0000 公顷（15.00 亩） · 资料现势 2026-11-22"),
        (
            "strip", "濩泽河", "zh", "濩泽河试验图",
            "濩泽河 · 图示沿岸范围 1.0000 公顷（15.00 亩） · 资料现势 2026-11-22",
        ),
        (
            "territory", "Yang", "zh", "试验图 · Yang",
            "Yang（T1） · 1.0000 公顷（15.00 亩） · 资料现势 2026-11-22",
        ),
    ],
)  # fmt: skip
def test_a_heading_says_what_it_shows_how_large_it_is_and_of_which_day(
    kind: Any, name: str, language: Language, title: str, subtitle: str
) -> None:
    scene = replace(small_scene(), frame=Frame(kind, "T1", name, SQUARE, 10_000.0))
    heading = Heading.of(scene, product(), language)
    assert (heading.title, heading.subtitle, heading.full) == (title, subtitle, title)


def test_a_page_of_an_atlas_names_its_unit_in_place_of_the_area() -> None:
    scene = replace(small_scene(), frame=Frame("site", "T1", "甲", SQUARE, 10_000.0))
    assert Heading.of(scene, product(), "zh", unit="第 2 页").subtitle == "甲 · 第 2 页 · 资料现势 2026-11-22"


def test_editions_are_told_together_the_newest_first(book: Stylebook) -> None:
    layers = (
        SceneLayer(WATER, "2020", "2020-01-01", "drawn", (zone("W1"),)),
        SceneLayer(ROADS, "2023", "2023-01-01", "empty"),
        SceneLayer(UNITS, "2020", "2020-01-01", "empty"),
        SceneLayer(SOIL, "2024", "2024-01-01", "no_data"),
    )
    made = sheet(book, replace(small_scene(), layers=layers))
    assert editions_text(made, "zh") == [
        "2023 版（2023-01-01 起）：公路",
        "2020 版（2020-01-01 起）：饮用水水源、管控单元",
    ]
    assert editions_text(made, "en")[1] == "2020 (from 2020-01-01): drinking water; units"
