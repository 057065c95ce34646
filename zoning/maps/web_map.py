"""The interactive map of one site: one HTML file, everything inside, no request to anywhere."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from zoning.errors import ContentError, UsageError
from zoning.maps import inlining
from zoning.maps.content import MapContent
from zoning.maps.findings import FindingCard, cards_of, sections
from zoning.maps.leaflet import chart
from zoning.maps.page_templates import templates_in
from zoning.maps.payload import as_script, payload
from zoning.maps.product import BaseMap, SiteMap
from zoning.maps.tree import tree
from zoning.maps.web.content import UNCOVERED
from zoning.maps.web.words import WORDS as ZONING_WORDS
from zoning.maps.wording import WORDS, area_text
from zoning.own_markup import own_markup
from zoning.quantities import unbroken
from zoning.rules.verdict import Decision
from zoning.styles.hatches import needs_pattern, svg_pattern
from zoning.styles.legend import LegendEntry, legend, pattern_id, swatch_svg
from zoning.styles.signs import sign_svg
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text

_BOX = own_markup('<div class="site-map" id="map"></div>')
_PART = re.compile("<!--part:([a-z]+)-->\\n?(.*?)\\s*<!--/part-->", re.DOTALL)


_TEXTS: dict[str, Text] = {**ZONING_WORDS, "fit": WORDS["fit"]}
"""What is said in both languages without a switch of parts: names of tools."""


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What the caller may choose.

    `base_map` names an entry of the product's base maps; the page then asks its host for pictures, with
    `base_map_key`. Left out, the page asks nobody for anything.
    """

    base_map: str | None = None
    base_map_key: str = ""


def render_site_map(
    content: MapContent,
    *,
    language: Language,
    product: SiteMap,
    stylebook: Stylebook,
    options: MapOptions | None = None,
) -> str:
    """Return the page: the same content gives the same bytes.

    Raises
    ------
    UsageError
        When a base map is asked for that the product does not define, or without a key.
    ContentError
        When the product's template is missing.
    """
    chosen = options or MapOptions()
    base_map = _base_map(product, chosen)
    script = f"zoningMap.start({as_script(chart(content, stylebook, base_map, chosen.base_map_key))});"
    template = _template(product)

    def rendered(shown: Language, other: str) -> str:
        cards = cards_of(content, shown)
        return template.render(
            **_Page(content, shown, product, stylebook).context(cards),
            policy=policy(base_map),
            map_box=_BOX,
            map_script=own_markup(script),
            payload=own_markup(as_script(payload(content, stylebook, cards, shown))),
            other=own_markup(other),
        )

    second: Language = "en" if language == "zh" else "zh"
    return rendered(language, as_script(_other(content, stylebook, rendered(second, "{}"), second)))


def _other(content: MapContent, stylebook: Stylebook, page: str, language: Language) -> dict[str, Any]:
    """Return what the page shows after a switch of language: its parts with text, and the texts of its script."""
    value = payload(content, stylebook, cards_of(content, language), language)
    title = re.search("<title>(.*?)</title>", page, re.DOTALL)
    return {
        "language": language,
        "title": unescape(title[1]) if title else "",
        "parts": dict(_PART.findall(page)),
        "payload": {name: value[name] for name in ("words", "zones", "classes", "findings", "gaps")},
    }


def uncovered_entry(stylebook: Stylebook) -> LegendEntry:
    """Return the legend line of land without data."""
    words = WORDS["uncovered"]
    return LegendEntry(UNCOVERED, "", "", words, words, "polygon", stylebook.outcomes.uncovered)


def policy(base_map: BaseMap | None) -> str:
    """Return the content security policy: nothing may be fetched, but pictures from the host of a base map."""
    host = f" {base_map.host}" if base_map else ""
    return f"default-src 'none'; img-src data:{host}; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def _base_map(product: SiteMap, options: MapOptions) -> BaseMap | None:
    if options.base_map is None:
        return None
    allowed = ", ".join(product.base_maps)
    if options.base_map not in product.base_maps:
        raise UsageError(
            f"没有底图“{options.base_map}”；可用：{allowed}",
            f"there is no base map '{options.base_map}'; allowed: {allowed}",
        )
    if not options.base_map_key:
        raise UsageError(
            f"底图“{options.base_map}”需要密钥；请提供密钥，或不用底图",
            f"the base map '{options.base_map}' needs a key; give one, or leave the base map out",
        )
    return product.base_maps[options.base_map]


def _template(product: SiteMap) -> Template:
    if not (product.folder / product.template).is_file():
        raise ContentError(
            f"{product.id}.yaml：找不到模板 {product.template}",
            f"{product.id}.yaml: the template {product.template} is missing",
        )
    return templates_in(product.folder).get_template(product.template)


@dataclass(frozen=True, slots=True)
class _Page:
    content: MapContent
    language: Language
    product: SiteMap
    stylebook: Stylebook

    def context(self, cards: tuple[FindingCard, ...]) -> dict[str, Any]:
        """Return what the template may use; texts are in the language of the page, drawn shapes are safe HTML."""
        verdict = self.content.verdict
        entries = self.legend()
        gap = uncovered_entry(self.stylebook)
        return {
            "lang": "zh-CN" if self.language == "zh" else "en",
            "texts": _TEXTS,
            "words": {name: text.get(self.language) for name, text in WORDS.items()},
            "title": self.product.title.get(self.language),
            "verdict": verdict,
            "decision": self.stylebook.outcomes.decisions[verdict.decision],
            "decisions": self.stylebook.outcomes.decisions,
            "say": lambda text: unbroken(text.get(self.language)),
            "area": area_text(verdict.site.area_m2, self.language),
            "territories": self.territories(),
            "sign": self.sign,
            "schematic": self.content.schematic,
            "marking": self.marking(),
            "sections": sections(self.content, self.language),
            "weights": {card.index: card.decision for card in cards},
            "tree": tree(self.content, self.stylebook, self.product.groups, self.language),
            "legend": entries,
            "swatches": {entry.key: own_markup(swatch_svg(entry)) for entry in entries},
            "pattern_id": pattern_id,
            "uncovered": own_markup(swatch_svg(gap)),
            "patterns": [
                own_markup(svg_pattern(pattern_id(e.key), e.style)) for e in (*entries, gap) if needs_pattern(e.style)
            ],
            "conflict_decisions": list(dict.fromkeys(part.decision for part in self.content.conflicts)),
            "has_relief": self.content.relief is not None,
            "missing_layers": self.missing_layers(),
            "styles": own_markup(inlining.site_styles()),
            "scripts": [own_markup(text) for text in inlining.scripts()],
            "licence": own_markup(inlining.licence()),
        }

    def legend(self) -> tuple[LegendEntry, ...]:
        return legend(
            ((layer.layer, layer.drawn_classes) for layer in self.content.layers if layer.zones), self.stylebook
        )

    def marking(self) -> str:
        """Return what is said of the colours of what is drawn."""
        drawn = [(layer.layer.id, name) for layer in self.content.layers for name in layer.drawn_classes]
        return self.stylebook.marking_of(drawn).get(self.language)

    def sign(self, decision: Decision, size: int) -> Markup:
        return own_markup(sign_svg(self.stylebook.outcomes, decision, size=size, language=self.language))

    def territories(self) -> str:
        names = {zone.id: zone.name for layer in self.content.layers for zone in layer.zones if zone.touched}
        names |= {code: name.get(self.language) for code, name in self.content.territories.items()}
        between = "、" if self.language == "zh" else ", "
        return between.join(names.get(code, code) for code in self.content.verdict.site.territories)

    def missing_layers(self) -> list[str]:
        titles = {layer.layer.id: layer.layer.title.get(self.language) for layer in self.content.layers}
        return [titles.get(name, name) for name in self.content.verdict.missing_layers]
