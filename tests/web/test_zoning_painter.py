"""How zones get onto the screen: painted aside in a worker, whole at every zoom, and by the page where that fails."""

from pathlib import Path

import numpy as np
import pytest

import zoning_world
from kept_pages import Screen
from long_runs import times
from map_pages import opened, rest
from zoning.texts import Language

# Which of the places have something painted within two pixels of them.
INKED = """(places) => { const { view } = zoningMap.state; const frame = view.element.getBoundingClientRect();
  const squares = [...document.querySelectorAll('.leaflet-zones-pane canvas')].map((canvas) => {
    const box = canvas.getBoundingClientRect();
    return { box, canvas, data: canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data };
  });
  return places.map((place) => { const at = view.project(place);
    const [x, y] = [frame.x + at.x, frame.y + at.y];
    return squares.some(({ box, canvas, data }) => { const scale = canvas.width / box.width;
      for (let dx = -2; dx <= 2; dx += 1) for (let dy = -2; dy <= 2; dy += 1) {
        const [px, py] = [Math.floor((x + dx - box.x) * scale), Math.floor((y + dy - box.y) * scale)];
        const within = px >= 0 && py >= 0 && px < canvas.width && py < canvas.height;
        if (within && data[4 * (py * canvas.width + px) + 3]) return true;
      }
      return false; }); }); }"""
JOB = """const [x, y] = zoningMap.tileAt(place[0], place[1], 12);
  const job = { x, y, z: 13, ratio: 1, stretch: 1, opacities: zoningMap.state.data.layers.map(() => 1) };
  const pixels = (canvas) => canvas.getContext('2d').getImageData(0, 0, 512, 512).data;
  const made = () => Object.assign(document.createElement('canvas'), { width: 512, height: 512 });"""


@pytest.mark.parametrize("zoom", [10, 10.5, 9.5, 11, 12.5][: times(2, 5)])
def test_every_zone_of_a_large_layer_is_painted_after_a_change_at_every_zoom(
    wide: Screen, zoning_large: Path, zoom: float
) -> None:
    """Also between two whole zooms, and after the layers were painted anew."""
    page, _ = opened(wide, zoning_large, "#engine=canvas")
    lon, lat = zoning_world.PLANTED
    page.evaluate("([lon, lat, zoom]) => zoningMap.state.view.set({ lon, lat, zoom })", [lon, lat, zoom])
    page.locator("input[data-layer]").first.uncheck()
    rest(page)
    places = [shape.representative_point() for shape in zoning_world.many_fields(900).shapes]
    west, south, east, north = page.evaluate("zoningMap.state.view.bounds()")
    inside = [[p.x, p.y] for p in places if west < p.x < east and south < p.y < north]
    assert len(inside) > 50
    assert page.evaluate(INKED, inside) == [False] * len(inside)

    page.locator("input[data-layer]").first.check()
    rest(page)

    assert page.evaluate(INKED, inside) == [True] * len(inside)


def test_every_zone_is_a_shape_or_a_dot_at_every_zoom(wide: Screen, zoning_large: Path) -> None:
    page, _ = opened(wide, zoning_large, "#engine=canvas")
    counts = page.evaluate(
        """async () => { const { data, opened, drawing } = zoningMap.state; const { archive } = opened[0];
        const [w, s, e, n] = data.frame.bounds; const found = [];
        for (let zoom = archive.minZoom; zoom <= 18; zoom += 1) {
          const z = Math.min(zoom, archive.maxZoom); const ids = new Set();
          const [x0, y1] = zoningMap.tileAt(w, s, z); const [x1, y0] = zoningMap.tileAt(e, n, z);
          for (let x = x0; x <= x1; x += 1) for (let y = y0; y <= y1; y += 1) {
            const classes = data.layers[0].classes.length;
            for (const { shapes, dots } of await drawing.painter.decode(archive, 0, classes, z, x, y)) {
              shapes.filter(({ dotUntil }) => zoom >= dotUntil).forEach(({ id }) => ids.add(id));
              dots.filter((dot) => zoom < dot.s).forEach(({ id }) => ids.add(id));
            }
          }
          found.push(ids.size);
        }
        return found; }"""
    )
    assert counts == [900] * 12


@pytest.mark.parametrize("large", [False, True])
def test_the_worker_paints_what_the_page_paints(
    wide: Screen, zoning_files: dict[Language, Path], zoning_large: Path, *, large: bool
) -> None:
    page, _ = opened(wide, zoning_large if large else zoning_files["zh"], "#engine=canvas")
    ink, different = page.evaluate(
        "async (place) => {"
        + JOB
        + """
        const here = made(); await zoningMap.state.drawing.painter.paint(here.getContext('2d'), job);
        const there = made(); there.getContext('2d').drawImage(await zoningMap.state.drawing.aside.paint(job)[1], 0, 0);
        const [one, other] = [pixels(here), pixels(there)];
        return [one.filter((v, i) => i % 4 === 3 && v).length, one.filter((v, i) => v !== other[i]).length]; }""",
        list(zoning_world.PLANTED),
    )
    assert ink > 1000
    assert different == 0


BROKEN = {
    "none at all": "delete window.Worker;",
    "none may be made": "window.Worker = class { constructor() { throw new Error('not here'); } };",
    "it breaks": """const Real = window.Worker; window.Worker = class extends Real {
        constructor() { super(URL.createObjectURL(new Blob(['throw 1;'], { type: 'text/javascript' }))); } };""",
    "no canvas in it": "OffscreenCanvas.prototype.transferToImageBitmap = undefined;",
}


@pytest.mark.parametrize("how", BROKEN)
def test_where_no_worker_paints_the_page_does(
    wide: Screen, zoning_files: dict[Language, Path], zoning_large: Path, how: str
) -> None:
    field = zoning_world.many_fields(900).shapes[455].representative_point()
    for path, (lon, lat) in ((zoning_files["zh"], zoning_world.PLANTED), (zoning_large, (field.x, field.y))):
        page = wide.new_page()
        with page.add_init_script(BROKEN[how]):
            page.goto(path.as_uri() + "#engine=canvas")
        page.locator("html[data-ready=yes][data-drawn=yes]").wait_for(state="attached")
        assert page.evaluate(INKED, [[lon, lat]]) == [True]
        page.evaluate("([lon, lat]) => zoningMap.state.view.set({ lon: lon + 0.01, lat, zoom: 12 })", [lon, lat])
        rest(page)
        assert page.evaluate(INKED, [[lon, lat]]) == [True]


DRAWN = """(rings) => rings.map((flat) => { const found = [];
  const path = { moveTo: (x, y) => found.push([x, y]), lineTo: (x, y) => found.push([x, y]) };
  zoningMap.trace(path, flat, { a: 1, bx: 0, by: 0, cells: 4 }, false); return found; })"""


def test_a_shared_border_is_drawn_the_same_from_both_sides(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    """Places are taken to quarters of a pixel one by one, so the way along a border does not matter."""
    page, _ = opened(wide, zoning_files["zh"])
    rng = np.random.default_rng(6)
    lines = [np.cumsum(rng.normal(0, step, (80, 2)), axis=0) + 200 for step in (0.02, 0.1, 0.3, 2.0)] * 5
    there = page.evaluate(DRAWN, [line.ravel().tolist() for line in lines])
    back = page.evaluate(DRAWN, [line[::-1].ravel().tolist() for line in lines])
    for line, one, other in zip(lines, there, back, strict=True):
        assert one == other[::-1]
        assert 2 <= len(one) <= len(line)
        # No more than half a quarter away, and in the same order.
        assert np.abs(np.asarray(one[0]) - line[0]).max() <= 0.125 + 1e-9
        steps = np.abs(np.asarray(one)[:, None] - line[None]).max(axis=2)
        assert (steps.min(axis=0) <= 0.125 + 1e-9).all()
        assert (steps.min(axis=1) <= 0.125 + 1e-9).all()


def test_a_ring_smaller_than_a_quarter_of_a_pixel_is_still_drawn(
    wide: Screen, zoning_files: dict[Language, Path]
) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    assert page.evaluate(DRAWN, [[100, 100, 100.05, 100, 100.05, 100.05, 100, 100]]) == [[[100, 100], [100.25, 100]]]


def rings_around_a_square(count: int) -> list[list[float]]:
    """Return rings of sixty places, some within the square, most of them far beyond it."""
    rng = np.random.default_rng(11)
    turn = np.linspace(0, 2 * np.pi, 60)
    rings = []
    for _ in range(count):
        size, (x, y) = rng.uniform(100, 3000), rng.uniform(-600, 1100, 2)
        reach = size * rng.uniform(0.3, 1.0, 60)
        ring = np.column_stack((x + reach * np.cos(turn), y + reach * np.sin(turn)))
        rings.append(np.vstack((ring, ring[:1])).ravel().tolist())
    return rings


def test_what_is_left_out_beside_a_square_is_not_seen_in_it(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    inked = page.evaluate(
        """(rings) => rings.map((flat) => { const pixels = [true, false].map((cut) => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 512, height: 512 });
          const context = canvas.getContext('2d', { willReadFrequently: true });
          context.beginPath();
          zoningMap.trace(context, flat, { a: 1, bx: 0, by: 0, cells: 4 }, cut);
          context.fillStyle = '#88442288'; context.fill('evenodd');
          context.lineWidth = 3; context.lineJoin = 'round'; context.stroke();
          return context.getImageData(0, 0, 512, 512).data; });
          const [one, other] = pixels;
          return [one.filter((v) => v).length, one.filter((v, i) => Math.abs(v - other[i]) > 40).length]; })""",
        rings_around_a_square(40),
    )
    assert sum(ink > 0 for ink, _ in inked) > 25
    assert [different for _, different in inked] == [0] * 40


@pytest.mark.parametrize("dash", [[8, 3, 1.5], [12, 4], [1.5, 3]][: times(1, 3)])
def test_dashes_stand_where_they_stand_in_the_whole_border(
    wide: Screen, zoning_files: dict[Language, Path], dash: list[float]
) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    inked = page.evaluate(
        """([rings, dash]) => { const painter = new zoningMap.Painter({ layers: [], uncovered: {} }, new Map());
          const look = { line: '#000000', width: 2, opacity: 0, dash };
          return rings.map((flat) => {
            const [u, v] = [0, 1].map((k) => flat.filter((_, i) => i % 2 === k));
            const box = [Math.min(...u), Math.min(...v), Math.max(...u), Math.max(...v)];
            const [one, other] = [true, false].map((cut) => {
              const canvas = Object.assign(document.createElement('canvas'), { width: 512, height: 512 });
              const context = canvas.getContext('2d', { willReadFrequently: true });
              const frame = painter.frame({ context, a: 1, bx: 0, by: 0, cells: 4, stretch: 1, x: 0, y: 0 });
              if (cut) painter.paintZones(frame, look, [{ rings: [{ flat, box }], box }], null);
              else {
                context.beginPath();
                zoningMap.trace(context, flat, frame, false);
                painter.pen(frame, look);
                context.stroke();
              }
              return context.getImageData(0, 0, 512, 512).data;
            });
            return [one.filter((v) => v).length, one.filter((v, i) => Math.abs(v - other[i]) > 80).length];
          }); }""",
        [rings_around_a_square(30), dash],
    )
    assert sum(ink > 0 for ink, _ in inked) > 15
    assert sum(different for _, different in inked) <= 0.002 * sum(ink for ink, _ in inked)
