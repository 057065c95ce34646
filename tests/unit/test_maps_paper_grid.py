"""The grid of a map, its scale bar and ratio, hatches and signs as strokes."""

from typing import Any, get_args

import numpy as np
import pytest
import shapely

from zoning.maps.fonts import typeface
from zoning.maps.paper.bands import ratio_text
from zoning.maps.paper.format import Format
from zoning.maps.paper.furniture import bar_length_m, convergence_text
from zoning.maps.paper.grid import (
    GRID_NAME,
    LABEL_NAME,
    draw_grid,
    graticule_lines,
    graticule_step,
    grid_step,
    kilometre_lines,
    kilometre_step,
)
from zoning.maps.paper.hatching import dashes, hatching, points
from zoning.maps.paper.marks import MM_PER_POINT, Page, Shape, Words
from zoning.maps.paper.projection import GroundPoint, Projected, Projection
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.view import MapView
from zoning.styles.looks import ClassStyle, Hatch

PLACE = Rectangle(20, 30, 220, 130)
MM = 25.4 / 96


def view(scale: int, place: Rectangle = PLACE, *, east: float = 37_620_000, north: float = 3_920_000) -> MapView:
    return MapView(Projected(Projection(37)), scale, place, GroundPoint(east, north))


# --- kilometre grid -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "step"),
    [
        (500, 50),
        (501, 100),
        (1_000, 100),
        (1_001, 200),
        (2_000, 200),
        (2_001, 500),
        (5_000, 500),
        (5_001, 1_000),
        (50_000, 1_000),
        (50_001, 5_000),
        (250_000, 5_000),
        (250_001, 10_000),
        (500_000, 10_000),
        (500_001, 50_000),
        (1_000_000, 50_000),
        (1_000_001, 100_000),
        (10_000_000, 100_000),
        (10_000_001, 200_000),
    ],
)
def test_the_usual_grid_of_a_scale(scale: int, step: int) -> None:
    assert kilometre_step(scale) == step


@pytest.mark.parametrize(
    ("scale", "high_mm", "step"),
    [
        (10_000, 200.0, 1_000),
        (10_000, 199.0, 500),
        (10_000, 100.0, 500),
        (10_000, 99.0, 200),
        (10_000, 5.0, 50),
        (500, 5.0, 50),
    ],
)
def test_two_lines_at_least_cross_a_map_where_a_finer_grid_can(scale: int, high_mm: float, step: int) -> None:
    """1:10,000: 200 mm are 2,000 m, so two lines of 1,000 m cross it wherever it lies."""
    assert grid_step(view(scale, Rectangle(0, 0, 300, high_mm))) == step


def test_lines_lie_on_whole_steps_and_say_their_kilometres() -> None:
    lines = list(kilometre_lines(view(10_000)))
    upright = [(line.label, line.line.bounds) for line in lines if line.upright]
    level = [(line.label, line.line.bounds) for line in lines if not line.upright]
    assert [label for label, _ in upright] == ["37619.0", "37619.5", "37620.0", "37620.5", "37621.0"]
    assert [bounds[0] for _, bounds in upright] == pytest.approx([20, 70, 120, 170, 220])
    assert {(bounds[1], bounds[3]) for _, bounds in upright} == {(30, 130)}
    assert [label for label, _ in level] == ["3919.5", "3920.0", "3920.5"]
    assert [bounds[1] for _, bounds in level] == pytest.approx([30, 80, 130])
    assert {(bounds[0], bounds[2]) for _, bounds in level} == {(20, 220)}


@pytest.mark.parametrize(
    ("scale", "label"),
    [(100_000, "37620"), (20_000, "37620"), (5_000, "37620.0"), (2_000, "37620.0"), (500, "37620.00")],
)
def test_a_label_has_the_decimals_of_its_step(scale: int, label: str) -> None:
    assert label in [line.label for line in kilometre_lines(view(scale)) if line.upright]


# --- graticule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "seconds"),
    [
        (600, 1),
        (657, 1),
        (660, 2),
        (10_000, 30),
        (19_000, 30),
        (40_000, 120),
        (100_000, 300),
        (25_000_000, 36_000),
        (90_000_000, 36_000),
    ],
)
def test_meridians_stand_some_centimetres_apart(scale: int, seconds: int) -> None:
    """A second of longitude counts as 25 m; 38 mm of 1:10,000 are 380 m, which 15 seconds (375 m) do not reach."""
    assert graticule_step(view(scale)) == seconds


def test_meridians_and_parallels_bear_degrees_and_minutes() -> None:
    lon, lat = 112.5, 35.5
    middle = Projection(37).point(lon, lat)
    found = list(graticule_lines(view(10_000, east=middle.east, north=middle.north)))
    assert "112°30′" in [line.label for line in found if line.upright]
    assert "35°30′" in [line.label for line in found if not line.upright]
    assert "112°30′30″" in [line.label for line in found if line.upright]
    (meridian,) = [line.line for line in found if line.label == "112°30′"]
    # East of the central meridian a meridian leans to the left as it goes north.
    (low_x, low_y), (high_x, high_y) = meridian.coords[0], meridian.coords[-1]
    assert (high_x - low_x) * (high_y - low_y) < 0
    assert all(PLACE.grown(1e-6).holds(Rectangle(*line.line.bounds)) for line in found)


# --- what is drawn --------------------------------------------------------------------------------------------------


def drawn(kind: str, *, east: float = 37_620_000) -> Page:
    page = Page(297, 210, typeface("zh"))
    draw_grid(page, view(10_000, east=east), kind, Format.of("A4", landscape=True))
    return page


def labels(page: Page) -> list[Words]:
    return [mark for mark in page.marks if isinstance(mark, Words) and mark.name == LABEL_NAME]


def test_without_a_grid_the_neat_line_is_all() -> None:
    (only,) = drawn("none").marks
    assert isinstance(only, Shape)
    assert only.geometry.equals(PLACE.shape)


def test_lines_at_the_neat_line_are_not_drawn_twice() -> None:
    """Of five upright lines two lie on the neat line, of three level ones two."""
    page = drawn("gauss-kruger")
    lines = [mark for mark in page.marks if isinstance(mark, Shape) and mark.name == GRID_NAME]
    assert len(lines) == 3 + 1


@pytest.mark.parametrize(("off_m", "upright"), [(11.0, 3), (13.0, 4)])
def test_a_line_is_drawn_from_a_little_over_a_millimetre_on(off_m: float, upright: int) -> None:
    """The limit of 1.2 mm is 12 m at 1:10,000."""
    page = drawn("gauss-kruger", east=37_620_000 - off_m)
    lines = [mark for mark in page.marks if isinstance(mark, Shape) and mark.name == GRID_NAME]
    assert sum(mark.geometry.bounds[0] == mark.geometry.bounds[2] for mark in lines) == upright


def test_labels_stand_outside_of_the_neat_line_at_both_ends() -> None:
    found = labels(drawn("gauss-kruger"))
    assert sorted(mark.text for mark in found) == sorted(["37619.5", "37620.0", "37620.5", "3920.0"] * 2)
    for mark in found:
        below, above = mark.y < PLACE.bottom, mark.y > PLACE.top
        left, right = mark.x < PLACE.left, mark.x > PLACE.right
        assert below + above + left + right == 1
        assert mark.turn == (90.0 if left or right else 0.0)


def test_graticule_labels_are_drawn_as_well() -> None:
    assert {"°"} <= {sign for mark in labels(drawn("graticule")) for sign in mark.text}


# --- scale bar and north --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "most_mm", "length"),
    [
        (10_000, 100.0, 1_000),
        (10_000, 99.9, 500),
        (10_000, 50.0, 500),
        (10_000, 49.9, 200),
        (10_000, 20.0, 200),
        (10_000, 19.9, 100),
        (500, 10.0, 5),
        (500, 1.0, 1),
        (1_000_000, 105.0, 100_000),
    ],
)
def test_the_bar_is_the_longest_round_length_that_has_room(scale: int, most_mm: float, length: int) -> None:
    assert bar_length_m(scale, most_mm) == length


@pytest.mark.parametrize(
    ("scale", "ratio"), [(500, "1:500"), (10_000, "1:10 000"), (1_250_000, "1:1 250 000"), (999, "1:999")]
)
def test_a_ratio_has_its_thousands_apart(scale: int, ratio: str) -> None:
    assert ratio_text(scale) == ratio


@pytest.mark.parametrize(
    ("east", "zh", "en"),
    [
        (37_500_000, "与真北一致", "= true north"),
        (37_500_500, "与真北一致", "= true north"),
        (37_620_000, "真北偏西 0°46′", "true N 0°46′ W"),
        (37_380_000, "真北偏东 0°46′", "true N 0°46′ E"),
        (37_680_000, "真北偏西 1°09′", "true N 1°09′ W"),
    ],
)
def test_true_north_lies_west_of_the_grid_east_of_the_meridian(east: float, zh: str, en: str) -> None:
    """120 km at 35.4° N are 1.32° of longitude; times sin 35.4° = 0.579 that is 0.765°, 46′; of 180 km 1.147°, 69′."""
    assert convergence_text(view(10_000, east=east), "zh") == zh
    assert convergence_text(view(10_000, east=east), "en") == en


# --- hatches --------------------------------------------------------------------------------------------------------


def style(hatch: Any, **changes: Any) -> ClassStyle:
    return ClassStyle(fill="#AABBCC", fill_opacity=0.5, outline="#112233", width=1.5, hatch=hatch, **changes)


def test_widths_of_styles_are_pixels_of_which_96_are_an_inch() -> None:
    assert points(96) == 72
    assert points(96) * MM_PER_POINT == pytest.approx(25.4)


@pytest.mark.parametrize(("dash", "expected"), [("solid", ()), ("dashed", (4.5, 2.25)), ("dotted", (1.125, 2.25))])
def test_dashes_in_points(dash: Any, expected: tuple[float, ...]) -> None:
    assert dashes(style("none", dash=dash)) == pytest.approx(expected)


SQUARE = shapely.box(3, 5, 23, 35)


@pytest.mark.parametrize("hatch", [name for name in get_args(Hatch) if name != "none"])
def test_a_hatch_reaches_every_side_of_its_area(hatch: Hatch) -> None:
    """No blank strip of more than a tile is left along any side."""
    made = hatching(style(hatch), SQUARE, None)
    assert made is not None
    tile = 8 * MM
    ends = made.segments.reshape(-1, 2)
    assert ends[:, 0].min() < 3 + tile
    assert ends[:, 0].max() > 23 - tile
    assert ends[:, 1].min() < 5 + tile
    assert ends[:, 1].max() > 35 - tile
    assert (made.stroke, made.opacity) == ("#112233", 0.45)


def crossings(hatch: Hatch, line: shapely.LineString, spacing: str = "normal") -> list[float]:
    """Return how far apart the strokes of a hatch cross a line, millimetres."""
    made = hatching(style(hatch, spacing=spacing), SQUARE, None)
    assert made is not None
    strokes = [shapely.LineString(ends) for ends in made.segments.tolist()]
    hits = sorted(line.project(stroke.intersection(line).centroid) for stroke in strokes if stroke.intersects(line))
    return [float(gap) for gap in np.diff(hits)]


ACROSS, UP = shapely.LineString([(3, 20.1), (23, 20.1)]), shapely.LineString([(13.1, 5), (13.1, 35)])


@pytest.mark.parametrize(
    ("hatch", "line", "spacing", "pixels"),
    [
        ("diagonal", ACROSS, "normal", 8),
        ("diagonal", UP, "dense", 5),
        ("back-diagonal", ACROSS, "wide", 12),
        ("vertical", ACROSS, "normal", 8),
        ("horizontal", UP, "normal", 8),
        ("dense-horizontal", UP, "normal", 4),
    ],
)
def test_strokes_are_a_tile_apart(hatch: Hatch, line: shapely.LineString, spacing: str, pixels: float) -> None:
    gaps = crossings(hatch, line, spacing)
    assert len(gaps) >= 4
    assert gaps == pytest.approx([pixels * MM] * len(gaps))


@pytest.mark.parametrize(("hatch", "slopes"), [("diagonal", {1}), ("back-diagonal", {-1}), ("cross", {1, -1})])
def test_diagonals_rise_to_the_right_and_back_diagonals_fall(hatch: Hatch, slopes: set[int]) -> None:
    made = hatching(style(hatch), SQUARE, None)
    assert made is not None
    (x0, y0), (x1, y1) = made.segments[:, 0].T, made.segments[:, 1].T
    assert set(np.sign((y1 - y0) / (x1 - x0)).astype(int).tolist()) == slopes


def test_two_areas_of_a_class_are_hatched_in_step() -> None:
    """The strokes of a hatch do not begin at the area: neighbours show one pattern."""
    one = hatching(style("horizontal"), SQUARE, None)
    other = hatching(style("horizontal"), shapely.box(23, 0.3, 40, 41), None)
    assert one is not None
    assert other is not None
    rests = {round(float(y % (8 * MM)) % (8 * MM), 6) for made in (one, other) for y in made.segments[:, 0, 1]}
    assert len(rests) == 1


def test_dots_are_two_in_a_tile_and_near_their_area_alone() -> None:
    made = hatching(style("dots"), SQUARE, None)
    assert made is not None
    assert np.array_equal(made.segments[:, 0], made.segments[:, 1])
    assert len(made.segments) == pytest.approx(2 * SQUARE.area / (8 * MM) ** 2, rel=0.15)
    assert made.width * MM_PER_POINT == pytest.approx(2 * MM)
    dots = [shapely.Point(spot) for spot in made.segments[:, 0].tolist()]
    assert max(SQUARE.distance(dot) for dot in dots) <= 2 * MM + 1e-9


@pytest.mark.parametrize(
    ("hatch", "area", "clip"),
    [
        ("none", SQUARE, None),
        ("cross", shapely.Polygon(), None),
        ("cross", SQUARE, Rectangle(100, 100, 110, 110)),
    ],
    ids=["no hatch", "no area", "beside the map"],
)
def test_nothing_to_hatch(hatch: Hatch, area: shapely.Polygon, clip: Rectangle | None) -> None:
    assert hatching(style(hatch), area, clip) is None


def test_only_what_lies_on_the_map_is_hatched() -> None:
    clip = Rectangle(0, 0, 13, 100)
    made = hatching(style("horizontal"), SQUARE, clip)
    assert made is not None
    assert made.segments[:, :, 0].max() == pytest.approx(13)
    assert made.clip == clip
    assert made.within is SQUARE
