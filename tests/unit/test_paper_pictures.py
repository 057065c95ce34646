"""Pictures on paper: made one at a time, the right way up, and where they belong."""

import gc
import io
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from scenes_for_tests import MADE
from zoning.maps.content import Box
from zoning.maps.fonts import typeface
from zoning.maps.hillshade import Grid, relief_picture, shade, tint
from zoning.maps.paper.flow import Row, height_of, into_columns, under
from zoning.maps.paper.marks import Page, Raster, Tinted
from zoning.maps.paper.painter import paint, path_of
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.product import Relief

PLACE = Rectangle(12.0, 20.0, 72.0, 60.0)
QUARTERS = {
    "upper left": (200, 0, 0),
    "upper right": (0, 150, 0),
    "lower left": (0, 0, 220),
    "lower right": (90, 90, 0),
}
SPOTS = {"upper left": (13, 59), "upper right": (71, 59), "lower left": (13, 21), "lower right": (71, 21)}
"""Millimetres from the lower left corner of the sheet."""


def quarters() -> Tinted:
    """Return a picture of four colours, wider than high."""
    numbers = np.zeros((40, 60), np.uint8)
    numbers[:20, 30:], numbers[20:, :30], numbers[20:, 30:] = 1, 2, 3
    return Tinted(numbers, np.array(list(QUARTERS.values()), np.uint8))


def page(*made: Callable[[], Tinted]) -> Page:
    """Return a sheet of 100 mm by 80 mm with pictures."""
    sheet = Page(100.0, 80.0, typeface("en"))
    for one in made:
        sheet.add(Raster(one, PLACE, PLACE))
    sheet.write("x", 5.0, 5.0, 8.0)
    return sheet


def drawn(pdf: bytes) -> list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Return the pictures of a PDF as its reader draws them: the matrix of the unit square, and the pixels."""
    found = []
    for sheet in PdfReader(io.BytesIO(pdf)).pages:
        images = {image.name.rsplit(".", 1)[0]: Image.open(io.BytesIO(image.data)) for image in sheet.images}

        def before(operator: Any, operands: Any, matrix: Any, _text: Any, images: Any = images) -> None:
            if operator == b"Do":
                a, b, c, d, e, f = matrix
                pixels = np.asarray(images[str(operands[0]).lstrip("/")].convert("RGB"))
                found.append((np.array([[a, c, e], [b, d, f], [0, 0, 1]], dtype=float), pixels))

        sheet.extract_text(visitor_operand_before=before)
    return found


def test_the_picture_of_a_pdf_is_the_right_way_up() -> None:
    ((matrix, pixels),) = drawn(paint([page(quarters)], MADE, to="pdf", title="t"))

    assert pixels.shape == (40, 60, 3)
    for name, spot in SPOTS.items():
        x, y = (value / 25.4 * 72 for value in spot)
        across, up, _ = np.linalg.inv(matrix) @ (x, y, 1.0)
        # A picture hangs from the upper edge of its square (ISO 32000-1, 8.9.5.1).
        assert tuple(pixels[int((1 - up) * 40), int(across * 60)]) == QUARTERS[name], name


def test_the_picture_of_a_png_is_the_right_way_up_and_ends_at_its_place() -> None:
    png = paint([page(quarters)], MADE, to="png", title="t", dpi=127)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    assert pixels.shape[:2] == (400, 500)  # 127 dots per inch are 5 per millimetre
    for name, (x, y) in SPOTS.items():
        assert tuple(pixels[400 - y * 5, x * 5]) == QUARTERS[name], name
    inside = (pixels != 255).any(axis=2)
    inside[310:] = False  # the letter
    rows, columns = np.nonzero(inside)
    assert (columns.min(), columns.max() + 1, rows.min(), rows.max() + 1) == (60, 360, 100, 300)


def test_pictures_of_many_pages_are_made_one_at_a_time_and_keep_their_order() -> None:
    alive: list[weakref.ref[Any]] = []
    made: list[int] = []

    def maker(number: int) -> Callable[[], Tinted]:
        def make() -> Tinted:
            gc.collect()
            assert not any(one() is not None for one in alive), "an earlier picture is still in the memory"
            numbers = np.full((30, 20 + number), number, np.uint8)
            alive.append(weakref.ref(numbers))
            made.append(number)
            return Tinted(numbers, np.arange(24, dtype=np.uint8).reshape(8, 3) * 9)

        return make

    pdf = paint([page(maker(0), maker(1)), *(page(maker(n)) for n in range(2, 6))], MADE, to="pdf", title="t")

    assert sorted(made) == [0, 1, 2, 3, 4, 5]
    assert [pixels.shape[1] - 20 for _, pixels in drawn(pdf)] == [0, 1, 2, 3, 4, 5]
    assert [int(pixels[0, 0, 0]) // 27 for _, pixels in drawn(pdf)] == [0, 1, 2, 3, 4, 5]


def test_a_pdf_without_pictures_and_one_with_them_say_the_same_of_themselves() -> None:
    plain, full = (PdfReader(io.BytesIO(paint([one], MADE, to="pdf", title="图"))) for one in (page(), page(quarters)))

    assert full.metadata == plain.metadata
    assert full.metadata is not None
    assert full.metadata.producer == "matplotlib"
    assert [float(v) for v in full.pages[0].mediabox] == pytest.approx([float(v) for v in plain.pages[0].mediabox])


STYLE = Relief(azimuth=315, altitude=45, exaggeration=1.6, strength=0.3, pixels=300)


@pytest.fixture(scope="module")
def heights() -> Grid:
    rng = np.random.default_rng(5)
    found: Grid = np.cumsum(rng.normal(0, 8, (300, 260)), axis=0) + 900
    found[40:60, 100:140] = np.nan
    return found


def test_light_is_the_same_strip_by_strip(heights: Grid) -> None:
    from zoning.maps.hillshade import _shaded

    whole = tint(shade(heights, 30.0, STYLE), STYLE, "#F4F2EC")

    assert len(heights) > 2 * 128
    assert (_shaded(heights, 30.0, STYLE, "#F4F2EC") == whole).all()


def test_a_relief_fades_into_the_paper_around_what_the_map_is_about(tmp_path: Any, heights: Grid) -> None:
    import base64

    import rasterio
    from affine import Affine

    box, within = Box(112.0, 35.0, 113.0, 36.0), Box(112.2, 35.2, 112.8, 35.8)
    path = tmp_path / "dem.tif"
    grid = np.nan_to_num(heights * 20, nan=18_000.0).astype(np.float32)
    shape = {
        "height": 300,
        "width": 260,
        "count": 1,
        "dtype": "float32",
        "transform": Affine(1 / 260, 0, 112, 0, -1 / 300, 36),
    }
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4490", **shape) as file:
        file.write(grid, 1)

    def pixels(**more: Any) -> np.ndarray[Any, Any]:
        picture = relief_picture([path], box, STYLE, paper="#F4F2EC", **more)
        assert picture is not None
        data = base64.b64decode(picture.source.partition(",")[2])
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(float)

    plain, faded = pixels(), pixels(within=within)
    rows, columns = plain.shape[:2]
    paper = np.array([0xF4, 0xF2, 0xEC])
    rim = np.concatenate([faded[0], faded[-1], faded[:, 0], faded[:, -1]])
    # The picture is compressed with losses: a few steps of 255 either way.
    assert np.abs(rim - paper).mean() < 2
    assert np.abs(plain[:, 0] - paper).mean() > 8
    middle = (slice(rows // 4, rows * 3 // 4), slice(columns // 4, columns * 3 // 4))
    assert np.abs(plain[middle] - faded[middle]).mean() < 4


def test_paths_are_those_of_the_rings_one_by_one() -> None:
    from matplotlib.path import Path

    def plainly(geometry: Any) -> list[tuple[float, float, int]]:
        found = []
        for part in shapely.get_parts(shapely.get_parts(shapely.orient_polygons(geometry))):
            rings = (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,)
            for ring in rings:
                xy = list(ring.coords)
                closed = len(xy) > 3 and xy[0] == xy[-1]
                kinds = [Path.MOVETO, *[Path.LINETO] * (len(xy) - 2), Path.CLOSEPOLY if closed else Path.LINETO]
                found += [(x, y, int(kind)) for (x, y), kind in zip(xy, kinds, strict=True) if len(xy) > 1]
        return found

    area = "((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1))"
    for text in (
        f"POLYGON {area}",
        f"MULTIPOLYGON ({area}, ((20 0, 20 5, 25 5, 20 0)))",
        "LINESTRING (0 0, 1 0, 1 1, 0 0)",
        "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 0))",
        f"GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1), MULTIPOLYGON ({area}), LINESTRING (5 5, 6 6))",
    ):
        geometry = shapely.from_wkt(text)
        path = path_of(geometry)
        xy, codes = np.asarray(path.vertices), np.asarray(path.codes)
        assert [(x, y, int(c)) for (x, y), c in zip(xy.tolist(), codes.tolist(), strict=True)] == plainly(geometry), (
            text
        )
    assert np.asarray(path_of(shapely.from_wkt("POLYGON EMPTY")).vertices).shape == (0, 2)


def nothing(sheet: Page, place: Rectangle) -> None:
    del sheet, place


GROUPS = st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=9), min_size=1, max_size=12)


@given(groups=GROUPS, height=st.integers(12, 40))
def test_every_column_of_a_legend_begins_with_the_heading_of_its_rows(groups: list[list[int]], height: int) -> None:
    rows: list[Row] = []
    group_of: dict[int, int] = {}
    for number, heights in enumerate(groups):
        # Headings are 2 high, and told apart by what is left blank above them.
        heading = Row(2.0, nothing, keeps=True, gap=number / 100)
        members = under([Row(float(one), nothing, gap=0.001 * k) for k, one in enumerate(heights)], [heading])
        rows += [heading, *members]
        group_of |= {id(row): number for row in members}

    columns = into_columns(rows, float(height))

    own = [row for column in columns for row in column if not row.repeated]
    assert [id(row) for row in own] == [id(row) for row in rows]
    for column in columns:
        assert height_of(column) <= height + 1e-6
        first, second = column[0], column[1]
        assert first.keeps, "a column begins with a heading"
        assert round(first.gap * 100) == group_of[id(second)]
        assert not any(row.repeated for row in column[1:])
