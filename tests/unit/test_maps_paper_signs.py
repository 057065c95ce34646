"""The signs of decisions on paper: strokes of their paths, upright and as large as asked for."""

import pytest
import shapely

from zoning.maps.fonts import typeface
from zoning.maps.paper.marks import MM_PER_POINT, Page, Shape
from zoning.maps.paper.signs import draw_sign, path_lines
from zoning.rules.verdict import DECISIONS, Decision
from zoning.styles.stylebook import DecisionStyle, Stylebook
from zoning.texts import Text


def coordinates(path: str) -> list[list[tuple[float, float]]]:
    return [[(x, y) for x, y in line.coords] for line in path_lines(path)]


def test_strokes_of_a_path() -> None:
    assert coordinates("M1 2L3 4L5 2M7 7L8 8") == [[(1, 2), (3, 4), (5, 2)], [(7, 7), (8, 8)]]


def test_a_closed_path_ends_where_it_began() -> None:
    (line,) = coordinates("M0 0L4 0L4 4Z")
    assert list(dict.fromkeys(line)) == [(0, 0), (4, 0), (4, 4)]
    assert line[-1] == (0, 0)


def test_a_lone_point_is_no_stroke() -> None:
    assert coordinates("M1 1M0 0L4 0") == [[(0, 0), (4, 0)]]


def test_a_curve_begins_and_ends_where_it_should_and_keeps_its_middle() -> None:
    """At t = 1/2 a cubic is (p0 + 3 p1 + 3 p2 + p3) / 8: x = (12 + 4) / 8 = 2, y = (12 + 12) / 8 = 3."""
    (line,) = path_lines("M0 0C0 4 4 4 4 0")
    assert (line.coords[0], line.coords[-1]) == ((0, 0), (4, 0))
    assert line.distance(shapely.Point(2, 3)) < 0.03
    assert len(line.coords) >= 10


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_sign_fills_its_square_on_paper(stylebook: Stylebook, decision: Decision) -> None:
    """A badge reaches from 1 to 23 of the 24 units of its box, at most; the drawn sign lies inside of it."""
    page = Page(297, 210, typeface("zh"))
    draw_sign(page, stylebook.outcomes.decisions[decision], 100, 50, 12)
    badge, sign = page.marks
    assert isinstance(badge, Shape)
    assert isinstance(sign, Shape)
    assert (badge.fill, badge.width) == (stylebook.outcomes.decisions[decision].colour, 0)
    left, bottom, right, top = badge.geometry.bounds
    assert 100 <= left < 101.5
    assert 110.5 < right <= 112
    assert 50 <= bottom < 52
    assert 60 < top <= 62
    assert badge.geometry.convex_hull.contains(sign.geometry)
    assert sign.stroke == "#FFFFFF"
    assert sign.width * MM_PER_POINT == pytest.approx(1.3)


def test_a_sign_stands_upright() -> None:
    """SVG counts downwards: a stroke at the top of the box (y = 2) lies high on paper."""
    look = DecisionStyle(word=Text("甲", "a"), colour="#000000", badge="M0 0L24 0L24 24L0 24Z", sign="M2 2L22 2")
    page = Page(297, 210, typeface("zh"))
    draw_sign(page, look, 100, 50, 24)
    stroke = page.marks[1]
    assert isinstance(stroke, Shape)
    assert stroke.geometry.bounds == pytest.approx((102, 72, 122, 72))
