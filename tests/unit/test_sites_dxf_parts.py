"""Parts of the DXF reader: tags, joined lines, hatches written by another library, units, roles of rings."""

from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import shapely
from ezdxf.filemanagement import new
from ezdxf.math import ConstructionEllipse
from hypothesis import given
from hypothesis import strategies as st

from dxf_files import MERIDIAN, ORIGIN, ascii_dxf, binary_dxf, lwpolyline, pairs_of, write
from zoning.errors import SiteError
from zoning.sites import read_sites
from zoning.sites.cad.curves import Line
from zoning.sites.cad.outlines import find_outlines
from zoning.sites.cad.shapes import Mark
from zoning.sites.cad.shapes import Path as DrawnPath
from zoning.sites.cad.tags import read_tags, real
from zoning.sites.cad.units import decide, fitting
from zoning.sites.where import Where

MARK = Mark(b"0", "LINE", "", 0)
WHERE = Where("a.dxf")
SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]


def drawn(*points: tuple[float, float]) -> DrawnPath:
    """Return an open line."""
    return DrawnPath(MARK, (Line(np.array([[*point, 0.0] for point in points])),), closed=False)


@pytest.mark.parametrize("text", [b"nan", b"inf", b"-1e999", b"1_0", b"1e16", b"x", b"1,5", b""])
def test_what_is_no_number(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        real(text)


def test_numbers_with_spaces_and_line_ends() -> None:
    assert real(b"  1.5\r\n") == 1.5
    assert real(b"1e-320") == 0.0


def test_the_same_tags_in_all_forms(tmp_path: Path) -> None:
    pairs = pairs_of(lwpolyline(SQUARE, layer="L"))
    forms = [ascii_dxf(pairs), binary_dxf(pairs), binary_dxf(pairs, wide=False)]
    seen = []
    for number, data in enumerate(forms):
        listed = list(read_tags(write(tmp_path / f"{number}.dxf", data), WHERE))
        entity = next(tags for tags in listed if tags.kind == "LWPOLYLINE")
        seen.append(([tags.kind for tags in listed], entity.reals(10), entity.text(8)))
    assert seen[0] == seen[1] == seen[2]


def test_entities_longer_than_one_piece_of_the_file(tmp_path: Path) -> None:
    points = [(float(i), float(i * i % 7)) for i in range(300_000)]
    path = write(tmp_path / "a.dxf", ascii_dxf(pairs_of(lwpolyline(points))))
    assert path.stat().st_size > 2 * (1 << 22)
    entity = next(tags for tags in read_tags(path, WHERE) if tags.kind == "LWPOLYLINE")
    assert len(entity.reals(10)) == len(points)
    assert entity.reals(20)[-1] == ORIGIN[1] + points[-1][1]


@given(st.randoms(use_true_random=False), st.integers(3, 12))
def test_lines_join_in_any_order_and_direction(random: Random, count: int) -> None:
    corners = [(100 * np.cos(i * 2 * np.pi / count), 100 * np.sin(i * 2 * np.pi / count)) for i in range(count)]
    lines = []
    for i in range(count):
        ends = [corners[i], corners[(i + 1) % count]]
        if random.random() < 0.5:
            ends.reverse()
        lines.append(drawn(*[(x + random.uniform(-0.0003, 0.0003), y) for x, y in ends]))
    random.shuffle(lines)
    found = find_outlines(lines, 0.001, 100)
    assert len(found.outlines) == 1
    assert found.open == []
    ring = shapely.Polygon(found.outlines[0].ring(0.0001, lambda _n: None)[:, :2])
    assert ring.is_valid
    assert ring.area == pytest.approx(count / 2 * 100**2 * np.sin(2 * np.pi / count), abs=1)
    assert found.outlines[0].gap <= 0.0006


def test_a_missing_line_leaves_the_chain_open() -> None:
    found = find_outlines([drawn((0, 0), (1, 0)), drawn((1, 1), (1, 0)), drawn((1, 1), (0, 1))], 0.001, 100)
    assert found.outlines == []
    assert [len(chain) for chain in found.open] == [3]


def test_a_gap_of_more_than_a_millimetre_is_not_closed() -> None:
    for gap, closed in ((0.0009, True), (0.0011, False)):
        found = find_outlines([drawn((0, 0), (10, 0), (10, 10), (0, gap))], 0.001, 100)
        assert bool(found.outlines) is closed


def test_hatch_edges_of_all_kinds_as_a_library_writes_them(tmp_path: Path) -> None:
    document = new("R2010")
    hatch = document.modelspace().add_hatch(dxfattribs={"layer": "L"})
    x, y = ORIGIN
    hatch.paths.add_polyline_path([(x + a, y + b) for a, b in SQUARE], flags=1)
    for start, end, left in ((30, 200, True), (200, 30, True), (30, 200, False)):
        path = hatch.paths.add_edge_path(flags=16)
        path.add_ellipse((x + 50, y + 50), (30, 10), 0.5, start, end, ccw=left)
        edge: Any = path.edges[0]
        path.add_line(edge.end_point, edge.start_point)
        turned = edge.start_param, edge.end_param
        expected = ConstructionEllipse((x + 50, y + 50), (30, 10), (0, 0, 1), 0.5, *turned)
        corners = [(p.x, p.y) for p in expected.flattening(0.0005)]
        document.saveas(tmp_path / "a.dxf")
        (site,) = read_sites(tmp_path / "a.dxf", expected=MERIDIAN, crs="EPSG:4525")
        assert site.geometry.area == pytest.approx(10_000 - shapely.Polygon(corners).area, abs=0.2)
        hatch.paths.paths.pop()


def test_a_hatch_with_a_spline_edge(tmp_path: Path) -> None:
    document = new("R2010")
    hatch = document.modelspace().add_hatch()
    x, y = ORIGIN
    path = hatch.paths.add_edge_path(flags=1)
    control = [(x, y), (x + 100, y), (x, y + 100), (x, y)]
    path.add_spline(control_points=control, degree=3, knot_values=[0, 0, 0, 0, 1, 1, 1, 1])
    document.saveas(tmp_path / "a.dxf")
    (site,) = read_sites(tmp_path / "a.dxf", expected=MERIDIAN, crs="EPSG:4525")
    assert site.geometry.area == pytest.approx(0.15 * 100 * 100, abs=0.02)


def test_text_stream_of_a_library_reads_alike(tmp_path: Path) -> None:
    document = new("R2018")
    x, y = ORIGIN
    document.modelspace().add_lwpolyline([(x + a, y + b) for a, b in SQUARE], close=True)
    stream = StringIO()
    document.write(stream)
    areas = []
    for name, data in (("t.dxf", stream.getvalue().encode()), ("b.dxf", None)):
        if data is None:
            document.saveas(tmp_path / name, fmt="bin")
        else:
            write(tmp_path / name, data)
        (site,) = read_sites(tmp_path / name, expected=MERIDIAN, crs="EPSG:4525")
        areas.append(site.geometry.area)
    assert areas == [10_000, 10_000]


def test_the_unit_is_told_by_the_place() -> None:
    fits = fitting(MERIDIAN, None, WHERE)
    place = np.array([ORIGIN])
    assert decide(place, 6, fits, WHERE).factor == 1
    assert decide(place, 4, fits, WHERE).factor == 1
    assert decide(place * 1000, 4, fits, WHERE).factor == 0.001
    assert decide(place / 0.3048, 2, fits, WHERE).factor == 0.3048
    degrees = decide(np.array([[111.0, 35.4]]), 0, fits, WHERE)
    assert degrees.metre == pytest.approx(1 / 111_320)
    assert not decide(np.array([[500.0, 300.0]]), 0, fits, WHERE).fits
    with pytest.raises(SiteError, match="centimetres"):
        decide(place * 100, 0, fits, WHERE)


def test_without_a_territory_nothing_is_told_of_the_unit() -> None:
    assert fitting(None, None, WHERE) is None
    assert decide(np.array([ORIGIN]) * 1000, 4, None, WHERE).factor == 1
    assert decide(np.array([ORIGIN]) * 1000, 4, fitting(None, "EPSG:4525", WHERE), WHERE).factor == 0.001
