"""The page of `zoning inspect`: loads nothing, runs nothing, fits a phone; as text and in a real browser."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import shapely

from broken_shapes import SHAPES, SQUARE, ring, site_of
from kept_pages import KeptPages
from overlay_world import PLANE
from zoning.quality.inspection import inspect_sites
from zoning.quality.pictures.page import MOST_SHEETS, page
from zoning.sites.site import Site

HOSTILE = "\"><img src=x onerror=alert(1)>'"


class Reader(HTMLParser):
    """Keeps tags, what they load, what they run, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.runs: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "data", "srcset")]
        self.runs += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="module")
def html() -> str:
    bow = ring((300, 0), (400, 100), (400, 0), (300, 100))
    sites = [site_of(ring(*SQUARE), name=HOSTILE), site_of(bow, name="甲")]
    return page(inspect_sites([Site(str(n), *_rest(site)) for n, site in enumerate(sites)], PLANE), "zh")


def _rest(site: Site) -> tuple[str, shapely.Polygon, str, str]:
    assert isinstance(site.geometry, shapely.Polygon)
    return site.name, site.geometry, site.crs, f"{HOSTILE}.txt"


def test_the_page_loads_and_runs_nothing(html: str) -> None:
    reader = read(html)
    assert [target for target in reader.loads if not target.startswith("#")] == []
    assert (reader.runs, set(reader.tags) & {"script", "iframe", "img", "link", "object"}) == ([], set())
    assert re.findall(r"url\((?!#)[^)]*\)", html) == []
    assert "default-src 'none'" in html


def test_names_stand_as_text(html: str) -> None:
    assert read(html).text.count(HOSTILE) >= 2


def test_the_page_tells_what_the_report_tells(html: str) -> None:
    text = " ".join(read(html).text.split())
    for part in ("× 1 处错误", "第 1 圈：第 1–2 点的边与第 3–4 点的边相交", "X 3930050.000", "4,998.0", "修复前 m²"):
        assert part in text, part


def test_english(html: str) -> None:
    found = inspect_sites([site_of(SHAPES["a sliver"][0])], PLANE)
    text = page(found, "en")
    assert '<html lang="en">' in text
    assert "! 1 warning" in read(text).text
    assert '<html lang="zh-CN">' in html


def test_of_very_many_faulty_footprints_twenty_are_drawn_alone() -> None:
    twice = [(0, 0), (10, 0), (10, 0), (10, 10), (0, 10)]
    sites = [site_of(ring(*((x + 20 * n, y) for x, y in twice))) for n in range(MOST_SHEETS + 5)]
    assert page(inspect_sites(sites, PLANE), "zh").count("<svg") == MOST_SHEETS + 1


@pytest.mark.parametrize("width", [1200, 390])
def test_a_browser_asks_for_nothing_and_scrolls_in_one_direction(
    html: str, pages_of_screens: KeptPages, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    asked: list[str] = []
    complaints: list[str] = []
    tab = pages_of_screens.lend(width, 800)
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(file.as_uri())
    wide = tab.evaluate("document.documentElement.scrollWidth")
    drawn = tab.locator("svg").first.bounding_box()
    assert (asked, complaints) == ([file.as_uri()], [])
    assert wide <= width
    assert drawn is not None
    assert drawn["height"] > 300
