"""The zoning map in headless Chromium: how large, how soon it is seen, drawn and ready, how it moves."""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from zoning.layers.catalogue import Coverage, Edition, Layer, ZoneClass
from zoning.maps.content import Box, MapZone
from zoning.maps.map_product import MapProduct, read_map_products
from zoning.maps.scene import Frame, Scene, SceneLayer
from zoning.maps.scenes import territory_scene
from zoning.maps.web.page import render_zoning_page
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ON = date(2026, 11, 22)
COUNTY = "140522"
MOST_MB, FIRST_PAINT_S, INTERACTIVE_S = 15.0, 2.0, 5.0
MEDIAN_FRAME_MS, WORST_FRAME_MS = 50.0, 250.0
RUNS = 5
_SIZE: Any = {"width": 1400, "height": 900}
_ARGUMENTS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# Pans in forty steps of 16 ms and tells how long the frames took meanwhile, and how long after it all was drawn again.
_PAN = """async () => {
  const { view } = zoningMap.state; const times = []; let on = true;
  const frame = (time) => { times.push(time); if (on) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  const { lon, lat, zoom } = view.get();
  for (let step = 0; step < 40; step += 1) {
    view.set({ lon: lon + step * 0.004, lat, zoom: zoom + 1 });
    await new Promise((done) => setTimeout(done, 16));
  }
  on = false;
  const rested = performance.now();
  do await new Promise((done) => setTimeout(done, 16)); while (zoningMap.state.busy);
  return [times.slice(1).map((time, i) => time - times[i]), performance.now() - rested];
}"""


# Notes when the page says that it answers, and that nothing is left to draw: a look from outside would come late.
_NOTE = """window.told = {}; new MutationObserver(() => ["ready", "drawn"].forEach((name) => {
  if (document.documentElement.dataset[name] && !(name in told)) told[name] = performance.now();
})).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready", "data-drawn"] });"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser told of a page: seconds since it was asked to open it, and frame times while panning (ms).

    `drawn_again_s` is how long after the pan nothing was left to draw.
    """

    engine: str
    first_paint_s: float
    interactive_s: float
    drawn_s: float
    frames_ms: tuple[float, ...]
    drawn_again_s: float

    @classmethod
    def median(cls, runs: Sequence["Seen"]) -> "Seen":
        """Return the medians of several runs, with the frames of all of them."""
        return cls(
            runs[0].engine,
            median(seen.first_paint_s for seen in runs),
            median(seen.interactive_s for seen in runs),
            median(seen.drawn_s for seen in runs),
            tuple(frame for seen in runs for frame in seen.frames_ms),
            median(seen.drawn_again_s for seen in runs),
        )


def report(fields: int) -> int:
    """Print the figures; return 1 where a target is missed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("needs chromium\n")
        return 2
    from playwright.sync_api import sync_playwright

    missed = False
    with TemporaryDirectory(prefix="zoning-page-") as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        # What is measured is the page, not how long the program of the browser takes from a cold disk.
        browser.new_page().close()
        for title, page, whole in _pages(fields):
            path = Path(name) / "page.html"
            path.write_text(page, encoding="utf-8")
            megabytes = path.stat().st_size / 1e6
            print(f"{title}: {megabytes:.2f} MB")
            seen = Seen.median([look(browser, path, "") for _ in range(RUNS)])
            print(f"  {_line(seen)}; medians of {RUNS} runs")
            missed = missed or _freezes(seen) or (whole and _misses(seen, megabytes))
            if 'id="tiles-' in page and seen.engine != "maplibre":
                print("  without a graphics card the page does not choose MapLibre; asked for it all the same:")
                print(f"  {_line(look(browser, path, '#engine=maplibre'))}; one run")
        browser.close()
    print("missed" if missed else "all targets met")
    return int(missed)


def _freezes(seen: Seen) -> bool:
    return float(np.median(seen.frames_ms)) > MEDIAN_FRAME_MS or max(seen.frames_ms) > WORST_FRAME_MS


def _misses(seen: Seen, megabytes: float) -> bool:
    return megabytes >= MOST_MB or seen.first_paint_s >= FIRST_PAINT_S or seen.drawn_s >= INTERACTIVE_S


def _line(seen: Seen) -> str:
    frames = np.asarray(seen.frames_ms)
    return (
        f"{seen.engine}: first paint {seen.first_paint_s:.2f} s (< {FIRST_PAINT_S:g}), interactive "
        f"{seen.interactive_s:.2f} s (< {INTERACTIVE_S:g}), all drawn {seen.drawn_s:.2f} s; panning: {len(frames)} "
        f"frames, median {np.median(frames):.0f} (<= {MEDIAN_FRAME_MS:g}), 95 % {np.percentile(frames, 95):.0f}, worst "
        f"{frames.max():.0f} ms (<= {WORST_FRAME_MS:g}), all drawn again {seen.drawn_again_s:.2f} s later"
    )


def look(browser: "Browser", path: Path, link: str) -> Seen:
    """Open a page without a network, wait for it, pan it."""
    context = browser.new_context(viewport=_SIZE, offline=True)
    page = context.new_page()
    page.add_init_script(_NOTE)
    page.goto(path.as_uri() + link)
    page.locator("html[data-ready=yes][data-drawn=yes]").wait_for(state="attached", timeout=120_000)
    told = page.evaluate("told")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    engine = page.evaluate("zoningMap.state.engine")
    frames, again = page.evaluate(_PAN)
    context.close()
    times = (paint / 1000, told["ready"] / 1000, told["drawn"] / 1000)
    return Seen(engine, *times, tuple(float(frame) for frame in frames), again / 1000)


def _pages(fields: int) -> Iterator[tuple[str, str, bool]]:
    """Yield title, page, and whether the targets of size and time hold for it; those of frames hold for all."""
    root = builtin_root()
    stylebook = read_stylebook(root / "styles")
    product = read_map_products(root / "maps" / "products")["zoning"]
    yield f"{COUNTY}, every layer on", county_page(root, product, stylebook), True
    start = time.perf_counter()
    page = render_zoning_page(field_scene(fields), product, stylebook, "zh")
    yield f"{fields:,} fields (page made in {time.perf_counter() - start:.0f} s)", page, False


def county_page(root: Path, product: MapProduct, stylebook: Stylebook) -> str:
    """Return the zoning map of the county with every layer switched on."""
    workspace = Workspace.open(root)
    scene = territory_scene(workspace.source(), workspace.catalogue, product, COUNTY, on=ON, detail_m=1.0)
    on = {name: style.model_copy(update={"visible": "always"}) for name, style in stylebook.layers.items()}
    return render_zoning_page(scene, product, replace(stylebook, layers=on), "zh")


def field_scene(count: int) -> Scene:
    """Return fields of twelve corners side by side."""
    rng = np.random.default_rng(7)
    side = int(np.ceil(np.sqrt(count)))
    west, south, wide, high = 112.1, 35.2, 0.6 / side, 0.5 / side
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    zones = []
    for number in range(count):
        row, column = divmod(number, side)
        reach = 0.42 * (0.8 + 0.2 * rng.random(12))
        x = west + (column + 0.5) * wide + wide * reach * np.cos(turn)
        y = south + (row + 0.5) * high + high * reach * np.sin(turn)
        shape = shapely.Polygon(np.column_stack((x, y)))
        zones.append(MapZone(f"F{number:06d}", f"田块{number}", "field", shape, 1e4 + number, attributes={}))
    frame = Frame("territory", COUNTY, "阳城县", shapely.box(112.1, 35.2, 112.7, 35.7), 3e9)
    layer = SceneLayer(_fields(), "2022", "2020-01-01", "drawn", tuple(zones))
    return Scene(frame, Box(112.07, 35.18, 112.73, 35.72), ON.isoformat(), 35.5, (layer,))


def _fields() -> Layer:
    title = Text("永久基本农田", "Permanent basic farmland")
    office = Text("县级主管部门", "county office")
    return Layer(
        id="permanent-basic-farmland",
        title=title,
        group="agriculture",
        authority=office,
        source=office,
        crs="EPSG:4490",
        schematic=True,
        accuracy_m=5,
        id_field="zone_id",
        name_field="name",
        classes={"field": ZoneClass(title=title, codes=("field",))},
        editions={"2022": Edition(file="x.gpkg", valid_from=date(2020, 1, 1))},
        coverage=Coverage(territories=(COUNTY,)),
    )
