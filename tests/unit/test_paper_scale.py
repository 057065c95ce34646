"""True to scale: measured in the vector coordinates of the PDF, against pyproj."""

import re
import subprocess
from dataclasses import replace
from math import cos, hypot, radians
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image
from pyproj import Transformer
from shapely.geometry import box

from map_world import metres
from pdf_paths import DrawnPath, drawn_paths, level_lines, page_size
from scenes_for_tests import LAT, LON, MADE, drawn, layer, product, stylebook, territory, territory_layers
from zoning.errors import UsageError
from zoning.maps.content import MapZone
from zoning.maps.map_product import MapProduct, Paper
from zoning.maps.paper.render import render_paper
from zoning.maps.paper.view import usual_scale
from zoning.maps.scene import Scene
from zoning.texts import Text

TO_PLANE = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True)
KM_MM = 100.0
SEEDS = ((112.402, 35.486), (112.3905, 35.4785), (112.4102, 35.4801))
SIDE_DEG = 0.0006


def planted() -> Scene:
    """Return the county with three squares, each named by its place."""
    title = Text("标志", "marks")
    squares = tuple(
        MapZone(f"P{n}", "", "mark", box(x - SIDE_DEG, y - SIDE_DEG, x + SIDE_DEG, y + SIDE_DEG), area_m2=1.0)
        for n, (x, y) in enumerate(SEEDS)
    )
    scene = territory((drawn(layer("marks", title, {"mark": title}), squares),))
    return framed(scene, 1_000.0)


def framed(scene: Scene, half: float, *, high: float | None = None) -> Scene:
    """Return a scene that is about a square (or a rectangle) in the middle, metres from there to its sides."""
    up = half if high is None else high
    return replace(scene, frame=replace(scene.frame, geometry=metres(box(-half, -up, half, up))))


def at_ten_thousand(scene: Scene, *, language: str = "zh", **paper: object) -> bytes:
    changes: dict[str, object] = {"size": "A3", "orientation": "landscape", "scale": 10_000, **paper}
    wanted = product(paper=changes)
    return render_paper(scene, wanted, stylebook(), "zh" if language == "zh" else "en", MADE, to="pdf")


def words_of(pdf: bytes, folder: Path) -> list[tuple[str, float, float]]:
    """Return words with the middle of their boxes (millimetres from the lower left), read by poppler."""
    path = folder / "map.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    high = page_size(pdf)[1]
    pattern = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<'
    mm = 25.4 / 72
    return [
        (word, (float(a) + float(c)) / 2 * mm, high - (float(b) + float(d)) / 2 * mm)
        for a, b, c, d, word in re.findall(pattern, text)
    ]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return at_ten_thousand(planted())


def test_a_bar_of_one_kilometre_is_a_hundred_millimetres_long(pdf: bytes) -> None:
    paths = [path for path in drawn_paths(pdf) if 1.0 < path.size[1] < 2.0 and path.size[0] > 15.0]
    outline = max(paths, key=lambda path: path.size[0])
    parts = sorted(float(path.points[:, 0].min()) for path in paths if path.size[0] < 25.0)

    assert outline.size[0] == pytest.approx(KM_MM, abs=0.2)
    assert np.diff(parts) == pytest.approx([20.0] * 4, abs=0.05)


def test_the_bar_says_one_kilometre_at_its_end(pdf: bytes, tmp_path: Path) -> None:
    words = words_of(pdf, tmp_path)
    bar = max((p for p in drawn_paths(pdf) if 1.0 < p.size[1] < 2.0), key=lambda path: path.size[0])
    end, high = float(bar.points[:, 0].max()), float(bar.points[:, 1].max())

    near = [word for word, x, y in words if abs(x - end) < 4 and 0 < y - high < 5]

    assert near == ["1", "km"]


def test_grid_lines_of_one_kilometre_are_a_hundred_millimetres_apart(pdf: bytes) -> None:
    paths = drawn_paths(pdf)

    for upright in (True, False):
        lines = level_lines(paths, upright=upright, least=150.0)
        assert len(lines) >= 2
        assert np.diff(lines) == pytest.approx([KM_MM] * (len(lines) - 1), abs=0.05)


def test_planted_points_lie_where_pyproj_puts_them(pdf: bytes, tmp_path: Path) -> None:
    paths, words = drawn_paths(pdf), words_of(pdf, tmp_path)
    uprights = level_lines(paths, upright=True, least=150.0)
    levels = level_lines(paths, upright=False, least=150.0)
    # Which line is which kilometre stands beside it: the labels are turned at the sides.
    easts = {int(word): x for word, x, _ in words if re.fullmatch("37[56]\\d\\d", word)}
    norths = {int(word): y for word, _, y in words if re.fullmatch("39\\d\\d", word)}
    line_of_east = {km: nearest_of(uprights, x) for km, x in easts.items()}
    line_of_north = {km: nearest_of(levels, y) for km, y in norths.items()}
    assert all(abs(line_of_east[km] - x) < 1.0 for km, x in easts.items())
    assert all(abs(line_of_north[km] - y) < 1.0 for km, y in norths.items())
    km_east, x0 = next(iter(line_of_east.items()))
    km_north, y0 = next(iter(line_of_north.items()))

    squares = marks(paths)

    expected = []
    for lon, lat in SEEDS:
        corners = [(lon + a * SIDE_DEG, lat + b * SIDE_DEG) for a in (-1, 1) for b in (-1, 1)]
        east, north = np.mean([TO_PLANE.transform(*corner) for corner in corners], axis=0)
        expected.append((x0 + (east - km_east * 1000) / 10, y0 + (north - km_north * 1000) / 10))
    assert len(squares) == 3
    for x, y in expected:
        nearest = min(squares, key=lambda spot: hypot(spot[0] - x, spot[1] - y))
        assert nearest == pytest.approx((x, y), abs=0.05)


def nearest_of(lines: list[float], place: float) -> float:
    return min(lines, key=lambda line: abs(line - place))


def marks(paths: list[DrawnPath]) -> list[tuple[float, float]]:
    """Return the middles of the planted squares: dashed outlines in the colour of what has no style."""
    wide = 2 * SIDE_DEG * 111_320 * cos(radians(LAT)) / 10
    high = 2 * SIDE_DEG * 110_950 / 10
    found = [
        tuple(np.mean([path.points.min(axis=0), path.points.max(axis=0)], axis=0))
        for path in paths
        if abs(path.size[0] - wide) < 0.3 and abs(path.size[1] - high) < 0.3 and path.operator.upper() == "S"
    ]
    return [(float(x), float(y)) for x, y in found]


@pytest.mark.parametrize(
    ("paper", "landscape", "size"),
    [
        ("A4", False, (210, 297)),
        ("A3", True, (420, 297)),
        ("A2", False, (420, 594)),
        ("A1", True, (841, 594)),
    ],
)
def test_the_sheet_has_the_size_of_the_paper(paper: str, landscape: bool, size: tuple[float, float]) -> None:
    orientation = "landscape" if landscape else "portrait"
    changes = {"size": paper, "orientation": orientation, "grid": "none"}
    found = render_paper(territory(()), product(paper=changes), stylebook(), "zh", MADE, to="pdf")

    assert page_size(found) == pytest.approx(size, abs=0.01)


def test_a_picture_has_three_hundred_dots_per_inch() -> None:
    import io

    changes = {"size": "A4", "orientation": "landscape"}
    png = render_paper(territory(()), product(paper=changes), stylebook(), "zh", MADE, to="png")

    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (3507, 2480)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize("to", ["pdf", "png", "svg"])
def test_two_runs_give_the_same_bytes(to: str) -> None:
    def run() -> bytes:
        kind = {"pdf": "pdf", "png": "png", "svg": "svg"}[to]
        return render_paper(territory(), product(paper={"size": "A4"}), stylebook(), "zh", MADE, to=kind, dpi=100)  # type: ignore[arg-type]  # one kind or the other

    assert run() == run()


def test_the_scale_is_the_largest_usual_one_that_fits() -> None:
    assert [usual_scale(value) for value in (10_000, 10_001, 20_100, 25_001, 50_500, 76_000, 100_001)] == [
        10_000,
        12_500,
        25_000,
        30_000,
        60_000,
        100_000,
        125_000,
    ]


def test_a_stated_scale_is_printed_and_kept(tmp_path: Path) -> None:
    found = render_paper(
        framed(territory(territory_layers()[:1]), 4_000.0),
        product(paper={"scale": 50_000}),
        stylebook(),
        "en",
        MADE,
        to="pdf",
    )

    text = [word for word, _, _ in words_of(found, tmp_path)]
    assert "1:50" in text
    assert text[text.index("1:50") + 1] == "000"
    assert np.diff(level_lines(drawn_paths(found), upright=True, least=150.0))[0] == pytest.approx(20.0, abs=0.05)


def test_the_zone_is_the_one_of_the_centre_of_the_frame() -> None:
    from zoning.maps.paper.projection import Projection

    assert Projection.around(112.402).crs == "EPSG:4525"
    assert Projection.around(113.58).crs == "EPSG:4526"
    assert Projection.around(LON).meridian == 111


def test_outside_of_china_there_is_no_zone() -> None:
    from zoning.errors import CRSError
    from zoning.maps.paper.projection import Projection

    with pytest.raises(CRSError) as caught:
        Projection.around(7.5)

    assert caught.value.text.en == (
        "longitude 7.50° lies outside of the 3-degree zones of CGCS2000 (73.5° to 136.5°): "
        "no Gauss-Krüger map can be drawn"
    )


def test_convergence_agrees_with_proj() -> None:
    from zoning.maps.paper.projection import Projection

    projection = Projection.around(LON)

    # PROJ counts the meridian convergence from grid north to true north with the other sign in the south only.
    assert projection.convergence(LON, LAT) == pytest.approx(
        projection.factors(LON, LAT).meridian_convergence, abs=0.002
    )


def test_the_relief_is_not_displaced() -> None:
    from scenes_for_tests import picture
    from zoning.maps.content import Box
    from zoning.maps.hillshade import mercator
    from zoning.maps.paper.projection import Projected, Projection
    from zoning.maps.paper.rectangle import Rectangle
    from zoning.maps.paper.relief import warped_relief
    from zoning.maps.paper.view import MapView

    window = Box(112.0, 35.0, 113.0, 36.0)
    greys = np.full((1200, 1000, 3), 230.0)
    peak = (112.71, 35.83)
    (x0, y0), (x1, y1) = mercator(112.0, 35.0), mercator(113.0, 36.0)
    x, y = mercator(*peak)
    row, column = int((y1 - y) / (y1 - y0) * 1200), int((x - x0) / (x1 - x0) * 1000)
    greys[row - 3 : row + 4, column - 3 : column + 4] = 40.0
    projection = Projection(38)
    view = MapView(Projected(projection), 250_000, Rectangle(10, 10, 210, 290), projection.point(112.6, 35.7))

    pixels = warped_relief(picture(greys, window), view, dpi=150, paper="#F4F2EC").pixels()

    dark = pixels.astype(float).sum(axis=2)
    ys, xs = np.nonzero(dark < dark.min() + 60)
    per_mm = pixels.shape[1] / view.place.width
    found = (view.place.left + (xs.mean() + 0.5) / per_mm, view.place.top - (ys.mean() + 0.5) / per_mm)
    to_plane = Transformer.from_crs("EPSG:4490", "EPSG:4526", always_xy=True)
    (east, north), (e0, n0) = to_plane.transform(*peak), to_plane.transform(112.6, 35.7)
    # A pixel of the picture is 90 m on the ground, 0.36 mm on this paper.
    assert found == pytest.approx((110 + (east - e0) / 250, 150 + (north - n0) / 250), abs=0.36)
    corner = pixels[0, 0]
    assert corner.tolist() == pytest.approx([0xF4, 0xF2, 0xEC], abs=2) or corner.tolist() == [230, 230, 230]


def test_a_fixed_scale_shows_the_middle_of_the_frame() -> None:
    from zoning.maps.paper.arrange import Task, arrange

    scene = territory(())
    wanted: MapProduct = product(paper={"scale": 10_000})
    made = arrange(Task(scene, wanted, stylebook(), lambda *_: []))

    middle = shapely.box(
        *TO_PLANE.transform(*scene.frame.geometry.bounds[:2]), *TO_PLANE.transform(*scene.frame.geometry.bounds[2:])
    ).centroid
    assert made.view.centre.east == pytest.approx(middle.x, abs=200)
    assert made.view.centre.north == pytest.approx(middle.y, abs=200)


ROOMS = [(size, orientation) for size in ("A4", "A3", "A2", "A1") for orientation in ("landscape", "portrait")]


def room(size: str, orientation: str) -> tuple[float, float]:
    """Return width and height of the map of a sheet at a stated scale, metres at 1:10,000."""
    from zoning.maps.fonts import typeface
    from zoning.maps.paper.render import Printer

    wanted = product(paper={"size": size, "orientation": orientation, "scale": 10_000})
    printer = Printer(wanted, stylebook(), "zh", MADE, typeface("zh"), "pdf", 72)
    place = printer.plan(framed(territory(()), 10.0)).made.view.place
    return place.width * 10, place.height * 10


@pytest.mark.parametrize(("size", "orientation"), ROOMS)
def test_a_frame_is_refused_exactly_when_it_reaches_over_the_neat_line(
    size: str, orientation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zoning.maps.fonts import typeface
    from zoning.maps.paper import arrange
    from zoning.maps.paper.render import Printer
    from zoning.maps.paper_window import fits

    wanted = product(paper={"size": size, "orientation": orientation, "scale": 10_000})
    printer = Printer(wanted, stylebook(), "zh", MADE, typeface("zh"), "pdf", 72)
    # One size of type, so that there is one neat line; smaller type would leave the map a little more.
    monkeypatch.setattr(arrange, "TIGHT", (1.0,))
    monkeypatch.setattr(arrange, "_WAYS", ((1, 1.0),))
    wide, high = room(size, orientation)

    # A rectangle of longitude and latitude is turned by the convergence: its box is a little larger.
    for half, up in ((wide / 2 * 0.96, high / 2 * 0.8), (wide / 2 * 0.8, high / 2 * 0.96)):
        scene = framed(territory(()), half, high=up)
        assert printer.plan(scene).made.whole
        # What can be drawn is never refused before it is.
        assert fits(scene.frame.geometry, wanted.paper)
    for half, up in ((wide / 2 * 1.015, high / 2 * 0.9), (wide / 2 * 0.9, high / 2 * 1.015)):
        with pytest.raises(UsageError) as refused:
            printer.plan(framed(territory(()), half, high=up))
        assert refused.value.text.zh.endswith(
            f"按 1:10000 在 {size} 图幅上放不下；请换用更大的图幅、更小的比例尺，或 --scale fit"
        )
        assert refused.value.text.en.endswith(
            f" has no room on {size} at 1:10000: choose larger paper, a smaller scale, or --scale fit"
        )


def test_a_scale_that_is_made_to_fit_always_fits() -> None:
    from zoning.maps.paper_window import fits

    assert fits(territory(()).frame.geometry, Paper(size="A4"))
    assert not fits(territory(()).frame.geometry, Paper(size="A4", scale=500))
