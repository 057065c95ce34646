"""The zoning map of a territory as text: self-contained, safe, complete, in both languages; no browser needed."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

import zoning_world
from zoning.maps.content import Picture
from zoning.maps.made import Made
from zoning.maps.web import packing
from zoning.maps.web.page import render_zoning_page
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text

MADE = Made("2026-11-22", "0.1.0", "阳城县<局>")
NOTICE = Text("初步研判结果，不作为审批依据。", "Preliminary check, no basis for approval.")
PIXEL = "data:image/webp;base64,UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
LOADING = ("src", "srcset", "action", "data")


class Reader(HTMLParser):
    """Keeps the texts of a page, what it would load, and its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.policy = ""
        self.data: dict[str, str] = {}
        self._inside = ""
        self._id = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        table = dict(attrs)
        self.tags.add(tag)
        self._inside, self._id = tag, table.get("id") or ""
        self.loads += [value or "" for name, value in attrs if name in LOADING]
        self.loads += [value or "" for name, value in attrs if name == "href" and not (value or "").startswith("#")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        if table.get("http-equiv") == "Content-Security-Policy":
            self.policy = table["content"] or ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the signature of html.parser
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.data[self._id] = self.data.get(self._id, "") + data
        elif self._inside != "style" and data.strip():
            self.texts.append(" ".join(data.split()))


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.fixture(scope="module")
def pages(stylebook: Stylebook, workspace_root: Path) -> dict[Language, str]:
    product = zoning_world.make_product(workspace_root)
    legal = zoning_world.make_legal()
    scene = replace(zoning_world.make_scene(), relief=Picture(PIXEL, zoning_world.BOX))
    languages: tuple[Language, ...] = ("zh", "en")
    return {
        language: render_zoning_page(scene, product, stylebook, language, legal=legal, made=MADE, notice=NOTICE)
        for language in languages
    }


def test_the_page_loads_nothing(pages: dict[Language, str]) -> None:
    for page in pages.values():
        reader = read(page)
        assert reader.loads == []
        assert reader.policy == (
            "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
            "worker-src blob:"
        )
        assert re.findall(r"url\((?!#)", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)) == []


def test_hostile_names_stay_text(pages: dict[Language, str]) -> None:
    for page in pages.values():
        reader = read(page)
        assert reader.handlers == []
        assert "img" not in reader.tags
        assert "</script><script>window.hacked" not in page
        names = [name for layer in json.loads(reader.data["payload"])["layers"] for name in layer["zones"]["names"]]
        assert any(name.startswith("</script><script>window.hacked") for name in names)
        assert "水务<局>" in reader.texts
        assert any("阳城县<局>" in text for text in reader.texts)


ZH = (
    "阳城县|示意数据，非法定边界|数据缺失，未核查|图层文件缺失|部分范围数据缺失，未核查|已加载，本区没有|非规范配色|"
    "仅供查阅，不作为审批依据"
)
EN = (
    "Schematic data, no legal boundaries|no data, not checked|the file of the layer is missing|"
    "no data for a part, not checked|loaded, none here|colours follow no drawing standard|"
    "for information, no basis for approval|18.36 km|1.2345 ha"
)


@pytest.mark.parametrize(("language", "words"), [("zh", ZH.split("|")), ("en", EN.split("|"))])
def test_what_is_said_stands_in_the_page(pages: dict[Language, str], language: Language, words: list[str]) -> None:
    texts = "\n".join(read(pages[language]).texts)
    for word in words:
        assert word in texts


def test_no_data_empty_and_drawn_look_different(pages: dict[Language, str]) -> None:
    page = pages["zh"]
    assert len(re.findall(r'class="layer no_data"', page)) == 1
    assert len(re.findall(r'class="layer empty"', page)) == 1
    assert len(re.findall(r'class="layer drawn"', page)) == 4
    assert re.search(r'data-layer="nature-reserves"\s+disabled', page)
    assert re.search(r'data-layer="heritage"\s+disabled', page)


def test_areas_in_the_page_are_those_of_the_engine(pages: dict[Language, str]) -> None:
    data = json.loads(read(pages["en"]).data["payload"])
    given = zoning_world.zones()
    for layer in data["layers"]:
        assert layer["zones"]["m2"] == [zone.area_m2 for zone in given.get(layer["id"], ())]


def test_every_zone_of_the_scene_is_in_the_page(pages: dict[Language, str]) -> None:
    data = json.loads(read(pages["zh"]).data["payload"])
    found = {layer["id"]: (layer["zones"]["ids"], len(layer["zones"]["shapes"])) for layer in data["layers"]}
    for name, zones in zoning_world.zones().items():
        assert found[name] == ([zone.id for zone in zones], len(zones))


def test_a_page_without_large_layers_carries_no_maplibre(pages: dict[Language, str]) -> None:
    assert "MapLibre GL JS" not in pages["zh"]
    assert "BSD 3-Clause License" not in pages["zh"]
    assert len(pages["zh"].encode()) < 400_000


def test_the_same_scene_gives_the_same_bytes(
    pages: dict[Language, str], stylebook: Stylebook, workspace_root: Path
) -> None:
    scene = replace(zoning_world.make_scene(), relief=Picture(PIXEL, zoning_world.BOX))
    again = render_zoning_page(
        scene,
        zoning_world.make_product(workspace_root),
        stylebook,
        "zh",
        legal=zoning_world.make_legal(),
        made=MADE,
        notice=NOTICE,
    )
    assert again == pages["zh"]


def test_a_large_layer_goes_as_tiles_with_its_figures_aside(
    stylebook: Stylebook, workspace_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_ZONES", 100)
    scene = zoning_world.many_fields(150).scene
    page = render_zoning_page(scene, zoning_world.make_product(workspace_root), stylebook, "zh")
    reader = read(page)
    layer = json.loads(reader.data["payload"])["layers"][0]
    assert layer["kind"] == "tiles"
    assert layer["zones"] == {}
    assert reader.data["tiles-0"].startswith("UE1UaWxlcw")  # PMTiles in base64
    assert "MapLibre GL JS" in page
    assert "BSD 3-Clause License" in page


def test_vendored_files_are_those_that_the_readme_names() -> None:
    assets = files("zoning.maps") / "assets"
    readme = (assets / "README.md").read_text(encoding="utf-8")
    for name in ("maplibre-gl.js", "maplibre-gl.css", "pmtiles.js", "leaflet.js", "leaflet.css"):
        assert sha256((assets / name).read_bytes()).hexdigest() in readme
