"""Which layer of a drawing holds the boundary: the stated one, the only one, or a question; symbols are taken away."""

from math import pi
from typing import Any

import numpy as np
import pytest

from both_languages import both
from drawn_lines import TOLERANCE, box_corners, conic, drawn, mark, path, straight
from zoning.errors import SiteError
from zoning.sites.cad.layer_choice import (
    LayerLines,
    check_hidden,
    choose,
    gap,
    is_boundary_name,
    is_nearly_closed,
    kinds_of,
    without_symbols,
)
from zoning.sites.cad.outlines import Outline
from zoning.sites.cad.shapes import Path, Unread
from zoning.sites.where import Where

HERE = Where("地块.dxf")


def closed(side: float = 10, at: float = 0) -> Outline:
    return Outline((drawn(*box_corners(at, at, at + side, at + side)),))


def unread(kind: str = "REGION", *, placed: bool = False) -> Unread:
    return Unread(mark(kind=kind), np.zeros((1 if placed else 0, 3)))


OPEN = (drawn((0, 0), (10, 0)),)
NEARLY = (drawn((0, 0), (10, 0), (10, 10), (0, 10)),)
"""Three sides of a square: 10 m are missing of 30 m."""


def layer(name: str = "0", **lines: Any) -> LayerLines:
    return LayerLines(name, **lines)


def chosen(*layers: LayerLines, stated: str | None = None, others: tuple[str, ...] = (), metre: float = 1.0) -> str:
    return choose({one.name.casefold(): one for one in layers}, stated, others, metre, HERE).name


def refused(*layers: LayerLines, stated: str | None = None, others: tuple[str, ...] = (), metre: float = 1.0) -> str:
    return both(lambda: chosen(*layers, stated=stated, others=others, metre=metre), SiteError)[0]


def refused_en(*layers: LayerLines, stated: str | None = None, others: tuple[str, ...] = ()) -> str:
    return both(lambda: chosen(*layers, stated=stated, others=others), SiteError)[1]


# --- Names ---


@pytest.mark.parametrize(
    "name", ["用地红线", "范围线", "界址线", "权属界", "用地", "征地范围", "项目区", "矿界", "矿区", "边界"]
)
def test_chinese_names_of_boundaries(name: str) -> None:
    assert is_boundary_name(name)


@pytest.mark.parametrize(
    "name", ["JZD", "jzx", "dk", "YDHX", "fw", "FWX", "yd", "zd", "hx", "kq", "kj", "Boundary", "BORDER"]
)
def test_names_of_boundaries(name: str) -> None:
    assert is_boundary_name(name)


@pytest.mark.parametrize("name", ["", "0", "图框", "道路", "dkx", "xdk", "boundary1", "等高线"])
def test_other_names(name: str) -> None:
    assert not is_boundary_name(name)


# --- Open lines ---


def test_the_gap_of_a_chain() -> None:
    assert gap(NEARLY) == 10
    assert gap((drawn((0, 0), (10, 0)), drawn((10, 0), (3, 4)))) == 5


@pytest.mark.parametrize(
    ("chain", "nearly"),
    [
        (NEARLY, True),
        (OPEN, False),
        ((drawn((0, 0), (10, 0), (0, 1)),), False),  # three points are too few
        ((drawn((0, 0), (10, 0), (10, 5), (0, 5)),), True),  # 5 of 25
        ((drawn((0, 0), (10, 0), (10, 2), (2, 6)),), True),  # 6.3 of 20.9
        ((drawn((0, 0), (10, 0), (20, 0), (30, 0)),), False),
        ((drawn((0, 0), (5, 0)), drawn((5, 0), (5, 5)), drawn((5, 5), (0, 5))), True),
    ],
)
def test_a_line_that_somebody_meant_to_close(chain: tuple[Path, ...], *, nearly: bool) -> None:
    assert is_nearly_closed(chain) is nearly


# Out in three steps along a line, then back along it: 20 - back are missing of 20 + back.
@pytest.mark.parametrize(("back", "nearly"), [(8.6, True), (8.5, False)])
def test_four_tenths_of_the_length_may_be_missing(back: float, *, nearly: bool) -> None:
    assert is_nearly_closed((drawn((0, 0), (10, 0), (20, 0), (20 - back, 0)),)) is nearly


@pytest.mark.parametrize(
    ("made", "counts"),
    [
        (layer(), False),
        (layer(outlines=[closed()]), True),
        (layer(open=[OPEN]), False),
        (layer(open=[NEARLY]), True),
        (layer(unread=[unread()]), True),
        (layer(unread=[unread(placed=True)]), False),
        (layer(branches=[np.zeros(2)]), True),
    ],
)
def test_where_the_boundary_may_lie(made: LayerLines, *, counts: bool) -> None:
    assert made.counts is counts


# --- The choice ---


def test_the_stated_layer_counts_however_it_is_spelled() -> None:
    assert chosen(layer("DK", outlines=[closed()]), layer("Road", open=[OPEN]), stated="rOAD") == "Road"


def test_a_stated_layer_that_is_not_there() -> None:
    layers = [layer("b", open=[OPEN]), layer("a", outlines=[closed()])]
    assert refused(*layers, stated="c", others=("d", "a")) == "地块.dxf：没有图层 c，或其中没有线；有线的图层：a、b、d"
    assert refused_en(*layers, stated="c", others=("d",)) == (
        "地块.dxf: there is no layer c, or no line on it; layers with lines: a, b, d"
    )
    assert refused(stated="c") == "地块.dxf：没有图层 c，或其中没有线；有线的图层：无"
    assert refused_en(stated="c").endswith("layers with lines: none")


@pytest.mark.parametrize(("count", "end"), [(12, "、l11"), (13, "、l11……")])
def test_of_many_layers_twelve_are_listed(count: int, end: str) -> None:
    names = tuple(f"l{i:02}" for i in range(count))
    assert refused(stated="c", others=names).endswith(end)


@pytest.mark.parametrize(
    "layers",
    [
        [layer("a", outlines=[closed()]), layer("b", open=[OPEN])],
        [layer("b", open=[OPEN]), layer("a", open=[NEARLY])],
        [layer("a", unread=[unread()]), layer("b", unread=[unread(placed=True)])],
        [layer("a", outlines=[closed()])],
        [layer("a", open=[OPEN]), layer("b")],
        [layer("用地红线", outlines=[closed()]), layer("矿界", open=[OPEN])],
    ],
)
def test_the_only_layer_that_can_hold_it(layers: list[LayerLines]) -> None:
    assert chosen(*layers) in ("a", "用地红线")


def test_an_open_line_on_a_layer_named_as_the_boundary_is_a_question() -> None:
    """A rectangle without its long side is far from closed."""
    sentence = refused(layer("0", outlines=[closed()]), layer("用地红线", open=[OPEN]))
    assert sentence.startswith("地块.dxf：有 2 个图层可能是边界：0（1 个闭合图形，约 100.0 m²）；用地红线（")
    assert sentence.endswith("；请用 --layer 指定边界所在的图层（按名称像是 用地红线）")


def test_several_layers_are_listed_with_what_they_hold_the_largest_first() -> None:
    layers = [
        layer("a", outlines=[closed()]),
        layer("b", outlines=[closed(100), closed(10)], open=[NEARLY]),
        layer("c", open=[NEARLY, NEARLY]),
        layer("d", branches=[np.zeros(2), np.ones(2)]),
        layer("e", unread=[unread("REGION"), unread("3DSOLID"), unread("REGION")]),
    ]
    assert refused(*layers) == (
        "地块.dxf：有 5 个图层可能是边界：b（2 个闭合图形，约 1.01 公顷，1 条未闭合的线，首末点至少相距 10.000 m）；"
        "a（1 个闭合图形，约 100.0 m²）；c（2 条未闭合的线，首末点至少相距 10.000 m）；d（2 处有三条以上的线相接）；"
        "e（1 个 3DSOLID、2 个 REGION，不能读取）；请用 --layer 指定边界所在的图层"
    )
    assert refused_en(*layers) == (
        "地块.dxf: 5 layers may hold the boundary: b (2 closed lines, about 1.01 ha, 1 open line with a gap of at "
        "least 10.000 m); a (1 closed line, about 100.0 m²); c (2 open lines with a gap of at least 10.000 m); d "
        "(three or more lines meet at 2 places); e (1 3DSOLID, 2 REGION, which cannot be read); name the layer of "
        "the boundary "
        "with --layer"
    )


def test_in_other_units_no_area_is_told_and_gaps_are_metres() -> None:
    sentence = refused(layer("a", outlines=[closed()]), layer("b", open=[NEARLY]), metre=1000.0)
    assert "a（1 个闭合图形）；b（1 条未闭合的线，首末点至少相距 0.010 m）" in sentence


@pytest.mark.parametrize(("side", "text"), [(100, "约 1.00 公顷"), (99.99, "约 9998.0 m²")])
def test_from_a_hectare_on_areas_are_hectares(side: float, text: str) -> None:
    assert text in refused(layer("a", outlines=[closed(side)]), layer("b", open=[NEARLY]))


@pytest.mark.parametrize(("count", "more"), [(12, ""), (13, "；另有 1 个")])
def test_of_many_likely_layers_twelve_are_described(count: int, more: str) -> None:
    sentence = refused(*[layer(f"l{i}", outlines=[closed()]) for i in range(count)])
    assert sentence.endswith(f"{more}；请用 --layer 指定边界所在的图层")
    assert ("另有" in sentence) is bool(more)
    assert sentence.count("闭合图形") == 12


def test_several_layers_with_open_lines_only() -> None:
    layers = [layer("a", open=[OPEN]), layer("b", open=[OPEN])]
    assert refused(*layers).startswith(
        "地块.dxf：没有闭合的线，2 个图层有未闭合的线：a（1 条未闭合的线，首末点至少相距 10.000 m）"
    )
    assert refused_en(*layers).startswith("地块.dxf: no line is closed, 2 layers hold open ones: a (1 open line with")


def test_no_line_at_all() -> None:
    for layers in ([], [layer("a")], [layer("a", unread=[unread(placed=True)])]):
        assert refused(*layers) == (
            "地块.dxf：模型空间里没有能作为边界的线；请只导出边界所在的图层，用闭合的多段线（LWPOLYLINE）绘制"
        )


# --- Hidden layers ---


@pytest.mark.parametrize(("name", "hidden"), [("0", []), ("0", ["图框"]), ("用地红线", ["矿界"]), ("DK", ["用地红线"])])
def test_hidden_layers_that_mean_nothing(name: str, hidden: list[str]) -> None:
    check_hidden(layer(name), hidden, HERE)


def test_a_hidden_layer_that_is_named_as_the_boundary_is_a_question() -> None:
    zh, en = both(lambda: check_hidden(layer("0"), ["红线2", "图框", "红线1"], HERE), SiteError)
    assert zh == (
        "地块.dxf：图层 红线1 上有闭合图形，但已关闭、冻结或隐藏，按名称像是边界；可见的图形在图层 0 上；"
        "请用 --layer 指定边界所在的图层"
    )
    assert en == (
        "地块.dxf: layer 红线1 holds closed lines and by its name may be the boundary, but is off, frozen or hidden; "
        "what is shown lies on layer 0; name the layer of the boundary with --layer"
    )


# --- Symbols ---


def circle(x: float, y: float, radius: float) -> Outline:
    return Outline((path(conic(x, y, radius, 0, 2 * pi), closed=True),))


def symbol(x: float, y: float, size: float, *, at: tuple[float, float] | None = None) -> Path:
    place = np.array([x, y] if at is None else at)
    return Path(mark(), (straight((x - size, y), (x + size, y)),), closed=False, symbol_at=place)


def taken(*layers: LayerLines, metre: float = 1.0) -> dict[str, int]:
    return without_symbols({one.name: one for one in layers}, TOLERANCE * metre, metre)


@pytest.mark.parametrize(
    ("x", "radius", "gone"),
    [
        (0.0, 1.0, True),
        (0.0, 2.0, True),
        (0.0, 2.01, False),
        (0.005, 1.0, True),
        (0.006, 1.0, False),
        (50.0, 1.0, False),
    ],
)
def test_small_circles_on_corners_are_symbols(x: float, radius: float, *, gone: bool) -> None:
    host, points = layer("红线", outlines=[closed(100)]), layer("点", outlines=[circle(x, 0, radius)])
    assert taken(host, points) == ({"点": 1} if gone else {})
    assert (len(host.outlines), len(points.outlines)) == (1, 0 if gone else 1)


def test_symbols_on_the_same_layer_and_in_other_units() -> None:
    made = layer("红线", outlines=[circle(0, 0, 1000), closed(100_000), circle(100_000, 100_000, 1000)])
    assert taken(made, metre=1000.0) == {"红线": 2}
    assert len(made.outlines) == 1


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        (symbol(0, 0, 1.9), True),
        (symbol(0, 0, 2.1), False),
        (symbol(50, 50, 1), False),
        (symbol(0, 0, 1, at=(100, 100)), False),  # inserted at one corner, drawn at another
        (drawn((-1, 0), (1, 0)), False),
    ],
)
def test_lines_of_small_blocks_on_corners_are_symbols(line: Path, *, gone: bool) -> None:
    host, points = layer("红线", outlines=[closed(100)]), layer("点", open=[(line,)])
    assert taken(host, points) == ({"点": 1} if gone else {})
    assert len(points.open) == (0 if gone else 1)


def test_lines_of_several_blocks_are_no_symbol() -> None:
    host, points = layer("红线", outlines=[closed(100)]), layer("点", open=[(symbol(0, 0, 1), symbol(0, 0, 1))])
    assert taken(host, points) == {}


def test_without_any_boundary_a_small_circle_stays() -> None:
    made = layer("点", outlines=[circle(0, 0, 1)])
    assert taken(made) == {}
    assert len(made.outlines) == 1
    assert taken() == {}


def test_entities_are_counted_by_type() -> None:
    text = kinds_of([unread("REGION"), unread("ACAD_PROXY_ENTITY"), unread("REGION")])
    assert (text.zh, text.en) == ("1 个 ACAD_PROXY_ENTITY、2 个 REGION", "1 ACAD_PROXY_ENTITY, 2 REGION")
