"""Words on a sheet: names dark enough, the land named in the small map, the legend in order and clear of the foot."""

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from map_world import metres
from scenes_for_tests import MADE, drawn, layer, product, stylebook, territory, zones
from zoning.maps.fonts import typeface
from zoning.maps.paper.format import Format
from zoning.maps.paper.furniture import draw_inset
from zoning.maps.paper.labels import NAME
from zoning.maps.paper.legend import LEGEND_NAME
from zoning.maps.paper.marks import MM_PER_POINT, Page, Shape, Words
from zoning.maps.paper.projection import Projected, Projection
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.render import Printer
from zoning.maps.paper.view import MapView
from zoning.styles.sight import READABLE, contrast, readable
from zoning.texts import Text

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


@given(colour=COLOURS)
def test_a_readable_colour_has_the_contrast_of_text_and_is_changed_only_where_it_must(colour: str) -> None:
    found = readable(colour)

    assert contrast(found, "#FFFFFF") >= READABLE
    assert (found == colour) == (contrast(colour, "#FFFFFF") >= READABLE)


def test_names_on_the_map_can_be_read_in_every_class_of_the_styles() -> None:
    book = stylebook()
    pale = [
        (name, key)
        for name, look in book.layers.items()
        for key in look.classes
        if contrast(book.of_class(name, key).outline, "#FFFFFF") < READABLE
    ]
    assert ("management-units", "general") in pale, "else the test proves nothing"
    units = layer("management-units", Text("单元", "units"), {"general": Text("一般", "general")})
    scene = territory((drawn(units, zones("general", [("ZH1", "甲单元", box(-6000, -6000, 6000, 6000))])),))
    wanted = product(layers=({"layer": "management-units", "label": "name"},))

    (page,) = Printer(wanted, book, "zh", MADE, typeface("zh"), "pdf", 60).map_pages(scene)

    names = [mark for mark in page.marks if isinstance(mark, Words) and mark.name == NAME]
    assert [mark.text for mark in names] == ["甲单元"]
    assert contrast(names[0].colour, "#FFFFFF") >= READABLE


@given(half=st.floats(6_000, 60_000), wide=st.floats(40, 110), far=st.floats(40_000, 260_000))
def test_the_small_map_names_the_land_that_the_map_is_of(half: float, wide: float, far: float) -> None:
    page = Page(297.0, 210.0, typeface("zh"))
    projection = Projection(37)
    view = MapView(Projected(projection), 200_000, Rectangle(20, 20, 200, 180), projection.point(112.402, 35.486))
    county = metres(box(-half, -half, half, half))
    others = (
        ("阳泉市", metres(box(0, far, 30_000, far + 30_000))),
        ("新绛县", metres(box(-far, 0, 9_000 - far, 9_000))),
    )
    place = Rectangle(210, 20, 210 + wide, 20 + wide * 0.7)

    draw_inset(page, (("阳城县", county), *others), view, None, place, Format.of("A3", landscape=True))

    written = [mark for mark in page.marks if isinstance(mark, Words)]
    assert "阳城县" in [mark.text for mark in written]
    for mark in written:
        assert place.left <= mark.x
        assert mark.x + page.wide(mark.text, mark.size) <= place.right + 1e-6


@given(west=st.floats(2_000, 30_000), east=st.floats(26_000, 40_000), at=st.floats(-25_000, 25_000))
def test_no_name_of_the_small_map_lies_over_the_land_of_another(west: float, east: float, at: float) -> None:
    """A neighbour of which only a strip at the edge is seen: its name is not written across the county."""
    page = Page(297.0, 210.0, typeface("zh"))
    projection = Projection(37)
    at_site = projection.point(112.402, 35.486)
    view = MapView(Projected(projection), 10_000, Rectangle(20, 20, 60, 60), at_site)
    county = metres(box(-25_000, -25_000, 25_000, 25_000))
    strip = metres(box(east, at - west, east + 60_000, at + west))
    place = Rectangle(210, 20, 255, 52)

    draw_inset(page, (("阳城县", county), ("晋城市城区", strip)), view, None, place, Format.of("A4", landscape=False))

    shapes = [mark.geometry for mark in page.marks if isinstance(mark, Shape) and mark.clip is not None]
    lands = {"阳城县": shapes[0], "晋城市城区": shapes[1]}
    written = {mark.text: mark for mark in page.marks if isinstance(mark, Words)}
    assert "阳城县" in written
    for text, mark in written.items():
        wide, high = page.wide(text, mark.size), mark.size * MM_PER_POINT
        room = box(mark.x, mark.y, mark.x + wide, mark.y + 0.7 * high)
        (other,) = (land for name, land in lands.items() if name != text)
        assert not room.intersects(other), text
    # The cross of the map stands in the middle of the county: the name has room above or below it, in the county.
    mark = written["阳城县"]
    assert lands["阳城县"].contains(box(mark.x, mark.y, mark.x + page.wide(mark.text, mark.size), mark.y + 1.0))


def test_the_panel_under_a_map_stays_clear_of_the_foot() -> None:
    for size in ("A4", "A3"):
        wanted = product(paper={"size": size, "orientation": "portrait"}, tables=("class_totals",))
        printer = Printer(wanted, stylebook(), "zh", MADE, typeface("zh"), "pdf", 60)
        made = printer.plan(territory()).made
        page = printer.draw(made, printer.plan(territory()).heading)
        samples = [
            mark.geometry
            for mark in page.marks
            if getattr(mark, "name", "") == LEGEND_NAME and hasattr(mark, "geometry")
        ]
        assert samples
        assert min(float(shape.bounds[1]) for shape in samples) > made.bands.foot.top + 0.5


def test_the_legend_begins_with_what_the_map_is_about() -> None:
    rivers = layer("rivers", Text("河流", "rivers"), {"other-river": Text("河", "river")})
    parcels = layer("mine-parcels", Text("图斑", "parcels"), {"legacy": Text("历史遗留", "legacy")})
    ground = rivers.model_copy(update={"group": "base"})
    scene = territory(
        (
            drawn(ground, zones("other-river", [("R", "河", box(-9000, 0, 9000, 300))])),
            drawn(parcels, zones("legacy", [("P", "坑", box(0, 2000, 900, 2900))])),
        )
    )

    (page,) = Printer(product(), stylebook(), "zh", MADE, typeface("zh"), "pdf", 60).map_pages(scene)

    titles = [mark.text for mark in page.marks if isinstance(mark, Words) and mark.name == LEGEND_NAME]
    assert titles.index("图斑") < titles.index("河流")
    book = stylebook()
    assert book.of_layer("rivers").order > book.of_layer("mine-parcels").order, "drawn the other way round"
