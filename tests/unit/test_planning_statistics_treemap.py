"""The treemap of a territory: every rectangle as large as its land, and said what it does not show."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from overlay_world import layer
from zoning.layers.catalogue import Catalogue
from zoning.maps.made import Made
from zoning.maps.paper.marks import Page, Shape, Words
from zoning.planning.statistics import treemap as module
from zoning.planning.statistics.entries import (
    ClassRef,
    ClassTitle,
    CombinationRow,
    LayerFigures,
    MissingFigures,
    Statistics,
)
from zoning.planning.statistics.treemap import treemap
from zoning.styles.looks import ClassStyle, LayerStyle
from zoning.styles.stylebook import Stylebook
from zoning.texts import Text

MADE = Made("2026-06-01", "1.0")
GROUPED = {"red": "protection", "field": "agriculture", "town": "town", "park": "town"}
COLOURS = {"red": "#AA0000", "field": "#00AA00", "town": "#0000AA", "park": "#00AAAA"}
CATALOGUE = Catalogue(
    Path(),
    {
        name: layer(name, classes=("one", "two")).model_copy(update={"group": group, "title": Text(name, name)})
        for name, group in GROUPED.items()
    },
    "territory",
)


def ref(told: str) -> ClassRef:
    """Return a class that is written as layer/class."""
    name, class_id = told.split("/")
    return ClassRef.model_validate({"layer": name, "class": class_id})


def row(number: int, area_m2: float, *classes: str, total: float = 1e6, no_data: Sequence[str] = ()) -> CombinationRow:
    return CombinationRow(
        number=number,
        classes=tuple(ref(one) for one in classes),
        no_data=tuple(no_data),
        area_m2=area_m2,
        share=area_m2 / total,
    )


def figures(name: str, **values: Any) -> LayerFigures:
    classes = tuple(ClassTitle(id=one, title=Text(one, f"{name} {one}")) for one in ("one", "two"))
    plain: dict[str, Any] = {
        "layer": name, "title": Text(name, name), "geometry": "polygon", "edition": "2020", "sha256": "0" * 64,
        "schematic": False, "uncovered_m2": 0.0, "classes": classes,
    }  # fmt: skip
    return LayerFigures(**{**plain, **values})


def statistics(*rows: CombinationRow, **values: Any) -> Statistics:
    plain: dict[str, Any] = {
        "territory": "140522", "name": "County A", "on": date(2026, 6, 1), "area_m2": 1e6, "by": None,
        "twice_m2": 0.0, "notice": Text("说明", "Preliminary."), "places": (),
        "layers": tuple(figures(name) for name in GROUPED), "missing": (), "areas": (), "lengths": (), "overlaps": (),
        "combinations": rows,
    }  # fmt: skip
    return Statistics(**{**plain, **values})


SOIL = MissingFigures(layer="soil", title=Text("土壤", "soil"), edition=None, reason=Text("无", "none"))


class Drawn:
    """The marks of the page, by what they are."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.texts = [mark.text for mark in page.marks if isinstance(mark, Words)]

    def shapes(self, name: str) -> list[Shape]:
        return [mark for mark in self.page.marks if isinstance(mark, Shape) and mark.name == name]

    def areas(self, name: str) -> list[float]:
        return [shape.geometry.area for shape in self.shapes(name)]

    def has(self, words: str) -> bool:
        """Tell whether words stand on the page, however their lines are broken."""
        return words.replace(" ", "") in "".join(self.texts).replace(" ", "")


@pytest.fixture
def draw(stylebook: Stylebook, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what lays out statistics; nothing is painted."""
    look = {"fill_opacity": 0.5, "outline": "#000000", "width": 1.0}
    layers = {
        name: LayerStyle(
            id=name, order=order, classes={one: ClassStyle(fill=COLOURS[name], **look) for one in ("one", "two")}
        )
        for order, name in enumerate(GROUPED)
    }
    book = Stylebook(layers, stylebook.outcomes)

    def drawn(found: Statistics) -> Drawn:
        pages: list[Page] = []

        def kept(made: Sequence[Page], *_: Any, **__: Any) -> bytes:
            pages.extend(made)
            return b""

        monkeypatch.setattr(module, "finish", kept)
        assert treemap(found, CATALOGUE, book, "en", MADE, to=("svg",)) == {"svg": b""}
        return Drawn(pages[0])

    return drawn


def test_families_are_as_large_as_their_land(draw: Any) -> None:
    found = draw(
        statistics(
            row(1, 500_000.0, "red/one"),
            row(2, 200_000.0, "field/one"),
            row(3, 200_000.0, "town/one"),
            row(4, 100_000.0),
        )
    )
    areas = found.areas("family")
    assert sum(areas) == pytest.approx((297 - 16) * (210 - 16 - 16 - 12 + 2), rel=1e-6)
    assert [area / sum(areas) for area in areas] == pytest.approx([0.5, 0.2, 0.2, 0.1])
    assert [shape.fill for shape in found.shapes("family")] == ["#AA0000", "#00AA00", "#0000AA", "#ECEAE4"]


def test_tiles_of_a_family_are_as_large_as_their_land(draw: Any) -> None:
    found = draw(statistics(row(1, 500_000.0, "red/one"), row(2, 300_000.0, "red/one", "town/one"),
                            row(3, 200_000.0, "red/one", "field/one")))  # fmt: skip
    areas = found.areas("tile")
    assert [area / sum(areas) for area in areas] == pytest.approx([0.5, 0.3, 0.2])
    (family,) = found.shapes("family")
    # All but the strip with the title, 5 mm high.
    assert sum(areas) == pytest.approx(family.geometry.area - 5.0 * (297 - 16), rel=1e-6)
    assert all(family.geometry.buffer(1e-6).contains(tile.geometry) for tile in found.shapes("tile"))


@pytest.mark.parametrize(
    ("classes", "colour"),
    [
        (("red/one", "field/one", "town/one"), "#AA0000"),
        (("town/one", "field/one", "red/one"), "#AA0000"),
        (("town/one", "field/two"), "#00AA00"),
        # In one group the layer that lies on top of a map.
        (("town/one", "park/one"), "#00AAAA"),
        (("park/one", "town/one"), "#00AAAA"),
        ((), "#ECEAE4"),
    ],
)
def test_a_combination_belongs_to_its_leading_class(draw: Any, classes: tuple[str, ...], colour: str) -> None:
    found = draw(statistics(row(1, 1e6, *classes)))
    assert [shape.fill for shape in found.shapes("family")] == [colour]


def test_of_one_layer_the_strictest_class_leads(draw: Any) -> None:
    found = draw(statistics(row(1, 1e6, "red/two", "red/one")))
    # The title of the family is that of the strictest class; the other stands in the tile.
    titles = [mark.text for mark in found.page.marks if isinstance(mark, Words) and mark.bold]
    assert titles[1:] == ["red: red one"]
    assert found.has("#1 100.00 % + red: red two")


def test_land_in_no_zone_is_said(draw: Any) -> None:
    assert draw(statistics(row(1, 1e6))).has("in no zone of any layer")


@pytest.mark.parametrize(
    ("shares", "tiles", "more"),
    [
        # 0.2 % of the territory is shown by itself, what is less shares one rectangle.
        ((0.9, 0.002), 2, None),
        ((0.9, 0.0019), 2, "1 more"),
        ((0.9, 0.0015, 0.001, 0.0005), 2, "3 more"),
        ((0.9, 0.05, 0.001, 0.0005), 3, "2 more"),
    ],
)
def test_small_combinations_share_a_rectangle(
    draw: Any, shares: tuple[float, ...], tiles: int, more: str | None
) -> None:
    second = [row(n + 2, 1e6 * share, "red/one", "town/one") for n, share in enumerate(shares[1:])]
    found = draw(statistics(row(1, 1e6 * shares[0], "red/one"), *second))
    areas = found.areas("tile")
    assert len(areas) == tiles
    assert [area / sum(areas) for area in areas][-1] == pytest.approx(
        sum(s for s in shares if s < 0.002) / sum(shares) if more else shares[-1] / sum(shares)
    )


def test_how_many_small_ones_there_are_is_said(draw: Any) -> None:
    small = [row(n, 1_500.0, "red/one") for n in range(2, 102)]
    found = draw(statistics(row(1, 850_000.0, "town/one"), *small))
    assert found.has("100 more")


def test_a_tile_says_number_share_and_other_classes(draw: Any) -> None:
    found = draw(statistics(row(7, 1e6, "town/one", "red/one", "field/two")))
    assert found.has("#7 100.00 % + field: field two + town: town one")


def test_a_tile_says_which_layers_have_no_data_there(draw: Any) -> None:
    found = draw(statistics(row(1, 1e6, "red/one", no_data=("town", "park"))))
    assert found.has("(no data: town, park)")
    assert not draw(statistics(row(1, 1e6, "red/one"))).has("no data")


@pytest.mark.parametrize(
    ("values", "words", "there"),
    [
        ({}, "Preliminary.", True),
        ({}, "Schematic data", False),
        ({"layers": (figures("red", schematic=True),)}, "Schematic data, no legal boundaries.", True),
        ({}, "Covers a part only", False),
        ({"layers": (figures("red", uncovered_m2=1.0), figures("town", uncovered_m2=2.0))},
         "Covers a part only: red, town.", True),
        ({}, "No data, not counted", False),
        ({"missing": (SOIL,)},
         "No data, not counted: soil.", True),
    ],
)  # fmt: skip
def test_the_foot_says_what_is_not_shown(draw: Any, values: dict[str, Any], words: str, there: bool) -> None:
    assert draw(statistics(row(1, 1e6, "red/one"), **values)).has(words) is there


def test_the_head_says_place_day_and_area(draw: Any) -> None:
    found = draw(statistics(row(1, 600_000.0, "red/one"), row(2, 400_000.0)))
    assert found.has("County A: area of every combination of zones")
    assert found.has("2026-06-01")
    assert found.has("100.00 ha in all")
    assert found.has("2 combinations")


def test_nothing_is_written_beyond_the_sheet(draw: Any) -> None:
    rows = [row(n, 1e6 / 60, "red/one", "town/two", "field/one") for n in range(1, 61)]
    found = draw(statistics(*rows))
    for mark in found.page.marks:
        if isinstance(mark, Words):
            assert mark.x >= 0
            assert mark.x + found.page.wide(mark.text, mark.size, bold=mark.bold) <= 297.0
            assert 0 <= mark.y <= 210.0


def test_texts_stay_inside_of_their_tiles(draw: Any) -> None:
    rows = [row(n, 1e6 / 12, "red/one", "town/two", "field/one") for n in range(1, 13)]
    found = draw(statistics(*rows))
    tiles = found.shapes("tile")
    numbers = [mark for mark in found.page.marks if isinstance(mark, Words) and mark.text.startswith("#")]
    assert len(numbers) == 12
    for mark in numbers:
        (tile,) = [t for t in tiles if t.geometry.bounds[0] <= mark.x < t.geometry.bounds[2]
                   and t.geometry.bounds[1] <= mark.y < t.geometry.bounds[3]]  # fmt: skip
        assert mark.x + found.page.wide(mark.text, mark.size) <= tile.geometry.bounds[2]


def test_a_territory_without_combinations_is_an_empty_sheet(draw: Any) -> None:
    found = draw(statistics())
    assert (found.shapes("family"), found.shapes("tile")) == ([], [])
    assert found.has("0 combinations")
