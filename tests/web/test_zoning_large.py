"""Large layers of the zoning map: drawn by MapLibre or on a canvas, from the same tiles, no zone lost."""

import re
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Playwright, expect

import map_pages
import zoning_world
from kept_pages import Screen
from map_pages import go, opened, rest, until, until_true


@pytest.mark.parametrize("engine", ["canvas", "maplibre"])
def test_large_layers_ask_for_nothing_either(wide: Screen, zoning_large: Path, engine: str) -> None:
    page, watch = opened(wide, zoning_large, f"#engine={engine}")
    assert page.evaluate("zoningMap.state.engine") == engine
    go(page, zoning_world.PLANTED, 13)
    page.wait_for_timeout(500)
    assert watch.foreign == []
    assert watch.complaints == []


@pytest.mark.parametrize("engine", ["canvas", "maplibre"])
def test_the_zones_of_tiles_are_hit_exactly(wide: Screen, zoning_large: Path, engine: str) -> None:
    page, _ = opened(wide, zoning_large, f"#engine={engine}")
    fields = zoning_world.many_fields(900)
    numbers = [1, 37, 100, 455, 899]
    places = [fields.shapes[n].representative_point() for n in numbers]
    found = page.evaluate(
        "(places) => Promise.all(places.map((place) => zoningMap.state.opened[0].at(place, 1)"
        ".then((hits) => hits.filter((hit) => hit.certain || hit.metres < 2)"
        ".map(({ zones, i }) => [zones.ids[i], zones.m2[i]]))))",
        [[place.x, place.y] for place in places],
    )
    zones = fields.scene.layers[0].zones
    assert found == [[[zones[n].id, zones[n].area_m2]] for n in numbers]


def test_without_webgl_a_large_map_is_drawn_all_the_same(
    playwright: Playwright, chromium: str, zoning_large: Path
) -> None:
    without = playwright.chromium.launch(executable_path=chromium, args=[*map_pages.ARGUMENTS, "--disable-3d-apis"])
    try:
        context = without.new_context(viewport={"width": 1400, "height": 900}, offline=True)
        page, watch = opened(context, zoning_large, "#engine=maplibre")
        assert page.evaluate("zoningMap.state.engine") == "canvas"
        expect(page.locator(".warnings")).to_have_text(
            "本机浏览器没有足够快的显卡加速（WebGL），大图层已改用普通绘图，内容完整。"
        )
        fields = zoning_world.many_fields(900)
        go(page, zoning_world.PLANTED, 14)
        rest(page)
        ground = page.locator("#map").screenshot()
        page.locator("input[data-layer]").first.uncheck()
        until_true(page, lambda: page.locator("#map").screenshot() != ground)
        assert len(fields.shapes) == page.evaluate("zoningMap.state.opened[0].count")
        assert watch.complaints == []
    finally:
        without.close()


CARD = """const told = WebGL2RenderingContext.prototype.getParameter;
  WebGL2RenderingContext.prototype.getParameter = function (name) {
    return name === 0x9246 ? 'Some card' : told.call(this, name); };
  const made = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, wishes) {
    return made.call(this, kind, wishes && { ...wishes, failIfMajorPerformanceCaveat: false }); };"""


@pytest.mark.parametrize(("most_ms", "engine"), [(60_000, "maplibre"), (0.01, "canvas")])
def test_a_card_that_draws_this_map_too_slowly_is_not_used(
    wide: Screen, zoning_large: Path, most_ms: float, engine: str
) -> None:
    """Whatever it calls itself: a card of a virtual machine may take half a second for each frame."""
    page = wide.new_page()
    watch = map_pages.Watch(page)
    with page.add_init_script(f"{CARD} window.zoningMap = {{ mostFrameMs: {most_ms} }};"):
        page.goto(zoning_large.as_uri())
    page.locator("html[data-ready=yes][data-drawn=yes]").wait_for(state="attached")
    assert page.evaluate("zoningMap.state.engine") == engine
    expect(page.locator(".warnings")).to_be_visible(visible=engine == "canvas")
    assert page.locator("canvas.maplibregl-canvas").count() == (engine == "maplibre")
    expect(page.locator("#map")).to_have_class(
        re.compile("maplibregl-map" if engine == "maplibre" else "leaflet-container")
    )
    assert watch.complaints == []


def test_both_drawings_know_the_same_zones_at_every_zoom(wide: Screen, zoning_large: Path) -> None:
    """Every id is in what either of them draws from: the tiles of the page, read by the script of the page."""
    page, _ = opened(wide, zoning_large)
    counts = page.evaluate(
        """async () => { const { data, opened } = zoningMap.state; const zones = opened[0];
        const [w, s, e, n] = data.frame.bounds; const found = [];
        for (let z = zones.minZoom; z <= zones.maxZoom; z += 1) {
          const ids = new Set();
          const [x0, y1] = zoningMap.tileAt(w, s, z); const [x1, y0] = zoningMap.tileAt(e, n, z);
          for (let x = x0; x <= x1; x += 1) for (let y = y0; y <= y1; y += 1) {
            const tile = await zones.tile(z, x, y);
            const layers = tile ? Object.values(zoningMap.readTile(tile)) : [];
            layers.forEach((layer) => layer.features.forEach((f) => ids.add(f.id)));
          }
          found.push(ids.size);
        }
        return found; }"""
    )
    assert counts == [900] * len(counts)
    assert len(counts) == 6


def test_maplibre_draws_what_its_tiles_hold(wide: Screen, zoning_large: Path) -> None:
    page, _ = opened(wide, zoning_large, "#engine=maplibre&view=112.4,35.48,11")
    until(page, "zoningMap.state.map.loaded()")
    west, south, east, north = page.evaluate("zoningMap.state.view.bounds()")
    drawn = page.evaluate(
        "[...new Set(zoningMap.state.map.queryRenderedFeatures().filter((f) => f.source === 'z0').map((f) => f.id))]"
    )
    view = shapely.box(west, south, east, north).buffer(-0.001)
    inside = {n for n, shape in enumerate(zoning_world.many_fields(900).shapes) if view.covers(shape)}
    assert len(inside) > 100
    assert inside <= set(drawn)


def test_a_long_list_is_shown_in_pieces(wide: Screen, zoning_large: Path) -> None:
    page, _ = opened(wide, zoning_large)
    page.locator(".zone-list > summary").click()
    rows = page.locator(".zone-table tbody tr")
    expect(rows).to_have_count(100)
    page.locator(".zone-more").click()
    expect(rows).to_have_count(200)
    expect(page.locator(".zone-count")).to_have_text("显示 200 / 900")


def test_the_print_button_waits_until_large_layers_are_drawn(wide: Screen, zoning_large: Path) -> None:
    page, watch = opened(wide, zoning_large, "#engine=canvas")
    page.evaluate(
        """() => { window.print = () => {
          const drawn = [...document.querySelectorAll('.leaflet-zones-pane canvas.leaflet-tile-loaded')];
          const ink = (one) => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((v) => v);
          window.printed = [zoningMap.state.busy, drawn.map((one) => one.width), drawn.some(ink)];
        }; }"""
    )
    page.locator("[data-tool=print]").click()
    expect(page.locator("body.on-paper")).to_be_visible()
    until(page, "window.printed")
    busy, widths, ink = page.evaluate("window.printed")
    assert not busy
    assert ink
    assert set(widths) == {3 * 512}
    assert watch.complaints == []


def test_paper_says_so_when_something_is_not_drawn_yet(wide: Screen, zoning_large: Path) -> None:
    page, _ = opened(wide, zoning_large, "#engine=canvas")
    page.emulate_media(media="print")
    # What the browser would print: it goes on as soon as the page has heard of it.
    told = page.evaluate(
        """() => { const busy = document.querySelector('.busy'); const before = busy.checkVisibility();
        window.dispatchEvent(new Event('beforeprint')); return [before, busy.checkVisibility(), busy.textContent]; }"""
    )
    assert told == [False, True, "正在绘制……尚未画完，空白处不代表没有分区"]
