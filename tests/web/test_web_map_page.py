"""The page of a site map as text: self-contained, safe, complete, in both languages; no browser needed."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from zoning.errors import ContentError, UsageError
from zoning.maps.content import Box, MapContent, Picture
from zoning.maps.findings import cards_of, sections
from zoning.maps.payload import payload
from zoning.maps.product import SiteMap
from zoning.maps.web_map import MapOptions, render_site_map
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

HOSTILE = "</script><script>window.hacked"
PIXEL = "data:image/webp;base64,UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"


class Reader(HTMLParser):
    """Keeps what matters of a page: its text, its attributes that load something, and its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.tags: list[str] = []
        self.policy = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside = tag
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data", "action"):
                self.loads.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)
        table = dict(attrs)
        if table.get("http-equiv") == "Content-Security-Policy":
            self.policy = table["content"] or ""
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the signature of html.parser
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style" and data.strip():
            self.texts.append(" ".join(data.split()))


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.fixture(scope="module")
def pages(map_content: MapContent, product: SiteMap, stylebook: Stylebook) -> dict[Language, str]:
    return {
        language: render_site_map(map_content, language=language, product=product, stylebook=stylebook)
        for language in get_args(Language)
    }


def test_the_page_loads_nothing(pages: dict[Language, str]) -> None:
    for page in pages.values():
        reader = read(page)
        assert reader.loads == ["#map"]
        assert reader.policy == (
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        )
        assert re.findall(r"url\((?!#)", page) == []
        for dropped in ("jquery", "bootstrap", "font-awesome", "awesome-markers", "cdn."):
            assert dropped not in page.lower()


def test_the_licence_of_leaflet_is_inside(pages: dict[Language, str]) -> None:
    assert "Redistribution and use in source and binary forms" in pages["zh"]
    assert "Volodymyr Agafonkin" in pages["zh"]


def test_a_usual_page_has_about_500_kilobytes(pages: dict[Language, str]) -> None:
    for page in pages.values():
        assert 300_000 < len(page.encode()) < 560_000


def test_the_same_content_gives_the_same_bytes(
    pages: dict[Language, str], map_content: MapContent, product: SiteMap, stylebook: Stylebook
) -> None:
    again = render_site_map(map_content, language="zh", product=product, stylebook=stylebook)
    assert again == pages["zh"]


def test_a_hostile_name_stays_text(pages: dict[Language, str]) -> None:
    for page in pages.values():
        reader = read(page)
        assert "img" not in reader.tags
        assert reader.handlers == []
        assert HOSTILE not in page
        data = json.loads(next(text for text in reader.scripts if text.startswith("{")))
        assert any(zone["name"].startswith(HOSTILE) for zone in data["zones"])


def test_a_hostile_site_and_rule_stay_text(map_content: MapContent, product: SiteMap, stylebook: Stylebook) -> None:
    verdict = map_content.verdict
    site = verdict.site.model_copy(update={"name": '"><img src=x onerror=alert(1)>'})
    content = replace(map_content, verdict=verdict.model_copy(update={"site": site}))
    reader = read(render_site_map(content, language="en", product=product, stylebook=stylebook))
    assert "img" not in reader.tags
    assert reader.handlers == []
    assert '"><img src=x onerror=alert(1)>' in reader.texts


ZH = "判定不通过 示意数据，非法定边界 图例 数据缺失，未核查 不涉及 禁止 可能禁止 初步研判 非规范配色"
EN = "Prohibited|Schematic data, no legal boundaries|Legend|no data, not checked|not affected|prohibits|may prohibit"


@pytest.mark.parametrize(("language", "words"), [("zh", ZH.split(" ")), ("en", EN.split("|"))])
def test_the_answer_stands_in_the_page(pages: dict[Language, str], language: Language, words: list[str]) -> None:
    text = "\n".join(read(pages[language]).texts)
    for word in words:
        assert word in text
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in pages[language]


def test_the_english_page_uses_english_units_and_titles(pages: dict[Language, str]) -> None:
    text = "\n".join(read(pages["en"]).texts)
    assert "公顷" not in text
    assert re.search(r"\d ha \([\d.]+ mu\)", text)
    assert "Permanent basic farmland" in text


def test_findings_stand_in_order_of_severity(map_content: MapContent) -> None:
    found = sections(map_content, "en")
    assert [section.id for section in found] == ["prohibited", "undetermined", "restricted", "duties", "clear"]
    assert [card.finding.rule for card in found[2].cards] == ["R060", "R101"]
    assert [card.light for section in found[:3] for card in section.cards] == ["piece", "piece", "piece", "zones"]


def test_every_finding_of_the_verdict_is_listed(pages: dict[Language, str], map_content: MapContent) -> None:
    text = "\n".join(read(pages["en"]).texts)
    for finding in map_content.verdict.findings:
        assert finding.rule in text
    assert "R101" in text
    assert "距铁路" not in text


def test_rules_of_a_class_are_known_to_its_popup(map_content: MapContent, stylebook: Stylebook) -> None:
    cards = cards_of(map_content, "en")
    data = payload(map_content, stylebook, cards, "en")
    rules = data["rules"]
    assert [data["findings"][i]["rule"] for i in rules["drinking-water/level-1"]] == ["R042-yc"]
    assert "Basis" not in rules
    assert data["findings"][rules["drinking-water/level-1"][0]]["cite"].startswith("Yangcheng County")
    assert all(finding["rule"] != "R012" for finding in data["findings"] if finding)


def test_no_data_and_not_touched_are_marked_differently(pages: dict[Language, str]) -> None:
    assert len(re.findall(r'class="layer no_data"', pages["zh"])) == 1
    assert len(re.findall(r'class="layer not_affected"', pages["zh"])) >= 2
    assert re.search(r'data-layer="nature-reserves"\s+disabled', pages["zh"])


def test_relief_is_a_picture_in_the_page(map_content: MapContent, product: SiteMap, stylebook: Stylebook) -> None:
    box = Box(112.38, 35.47, 112.42, 35.5)
    content = replace(map_content, relief=Picture(PIXEL, box))
    page = render_site_map(content, language="zh", product=product, stylebook=stylebook)
    assert PIXEL in page
    assert "[[35.47,112.38],[35.5,112.42]]" in page
    assert 'data-layer="relief"' in page


def test_only_a_base_map_opens_the_policy_and_only_for_its_host(
    map_content: MapContent, product: SiteMap, stylebook: Stylebook
) -> None:
    options = MapOptions(base_map="tianditu-image", base_map_key="my-key")
    page = render_site_map(map_content, language="zh", product=product, stylebook=stylebook, options=options)
    assert read(page).policy.split("; ")[1] == "img-src data: https://t0.tianditu.gov.cn"
    assert "tk=my-key" in page
    plain = render_site_map(map_content, language="zh", product=product, stylebook=stylebook)
    assert "tianditu" not in plain


def test_an_unknown_base_map_is_refused(map_content: MapContent, product: SiteMap, stylebook: Stylebook) -> None:
    with pytest.raises(UsageError) as caught:
        render_site_map(
            map_content, language="zh", product=product, stylebook=stylebook, options=MapOptions(base_map="tianditu")
        )
    assert caught.value.get("en") == ("there is no base map 'tianditu'; allowed: tianditu-image, tianditu-vector")


def test_a_base_map_without_key_is_refused(map_content: MapContent, product: SiteMap, stylebook: Stylebook) -> None:
    options = MapOptions(base_map="tianditu-image")
    with pytest.raises(UsageError) as caught:
        render_site_map(map_content, language="zh", product=product, stylebook=stylebook, options=options)
    assert caught.value.get("en") == "the base map 'tianditu-image' needs a key; give one, or leave the base map out"


def test_a_missing_template_is_named(
    map_content: MapContent, product: SiteMap, stylebook: Stylebook, tmp_path: Path
) -> None:
    elsewhere = product.model_copy(update={"folder": tmp_path})
    with pytest.raises(ContentError) as caught:
        render_site_map(map_content, language="zh", product=elsewhere, stylebook=stylebook)
    assert caught.value.get("en") == "site-map.yaml: the template templates/site-map.html is missing"


def test_leaflet_is_the_file_that_the_readme_names() -> None:
    assets = files("zoning.maps") / "assets"
    readme = (assets / "README.md").read_text(encoding="utf-8")
    for name in ("leaflet.js", "leaflet.css"):
        assert sha256((assets / name).read_bytes()).hexdigest() in readme
