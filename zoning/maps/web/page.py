"""The zoning map of a territory: one HTML file, everything inside, no request to anywhere."""

from typing import Any

from zoning.maps import inlining
from zoning.maps.made import Made
from zoning.maps.map_product import MapProduct
from zoning.maps.page_templates import templates_in
from zoning.maps.payload import as_script
from zoning.maps.scene import Scene
from zoning.maps.web.contacts import contacts_on
from zoning.maps.web.content import UNCOVERED, PageLayers, gather_layers, groups, payload
from zoning.maps.web.legal import Legal
from zoning.maps.web.words import WORDS
from zoning.own_markup import own_markup
from zoning.quantities import format_area, format_length, hectares
from zoning.styles.hatches import needs_pattern, svg_pattern
from zoning.styles.legend import LegendEntry, legend, pattern_id, swatch_svg
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text

POLICY = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; worker-src blob:"
)
"""Nothing may be fetched. MapLibre works in a worker that it makes from its own text (`blob:`)."""


def render_zoning_page(
    scene: Scene,
    product: MapProduct,
    stylebook: Stylebook,
    language: Language,
    *,
    legal: Legal | None = None,
    made: Made | None = None,
    notice: Text | None = None,
) -> str:
    """Return the page: the same arguments give the same bytes.

    Parameters
    ----------
    language
        The one that the page opens in; it holds both.
    legal
        Rules and access lists that a click tells of; see `zoning.maps.web.legal.legal_of`.
    notice
        What the workspace says of the weight of its maps.
    """
    law = legal or Legal()
    page = gather_layers(scene, product, stylebook)
    value = payload(scene, product, stylebook, law, page, language=language)
    if scene.relief is not None:
        value["relief"] = {"source": scene.relief.source, "box": list(scene.relief.box)}
    template = templates_in("zoning.maps.web").get_template("zoning-map.html.j2")
    text: str = template.render(
        lang="zh-CN" if language == "zh" else "en",
        language=language,
        words=WORDS,
        scene=scene,
        product=product,
        legal=law,
        made=made,
        notice=notice,
        area=_area(scene),
        groups=list(groups(scene, product, stylebook)),
        contacts=contacts_on(scene, product),
        more_contacts=lambda count: _filled(WORDS["contacts_more"], count=f"{count:,}"),
        count=lambda number: _filled(WORDS["count"], count=f"{number:,}"),
        opacity_of=lambda title: Text(f"{title.zh} {WORDS['opacity'].zh}", f"{title.en}: {WORDS['opacity'].en}"),
        total=_total,
        shapes_note=_filled(WORDS["shapes_note"], metres=f"{page.tolerance_m:g}"),
        policy=POLICY,
        payload=own_markup(as_script(value)),
        **_look(scene, stylebook),
        **_parts(_archives(page)),
    )
    return text


def _look(scene: Scene, stylebook: Stylebook) -> dict[str, Any]:
    """Return what the template draws of the styles: legend, samples, hatches."""
    entries = _legend(scene, stylebook)
    uncovered = LegendEntry(
        UNCOVERED, "", "", WORDS["uncovered"], WORDS["uncovered"], "polygon", stylebook.outcomes.uncovered
    )
    return {
        "legend": entries,
        "swatches": {entry.key: own_markup(swatch_svg(entry)) for entry in entries},
        "uncovered": own_markup(swatch_svg(uncovered)),
        "patterns": [
            own_markup(svg_pattern(pattern_id(entry.key), entry.style))
            for entry in (*entries, uncovered)
            if needs_pattern(entry.style)
        ],
        "marking": stylebook.marking_of((entry.layer, entry.class_id) for entry in entries),
    }


def _parts(archives: list[tuple[int, Any]]) -> dict[str, Any]:
    """Return the tiles, and what of styles and scripts the page needs for them."""
    return {
        "archives": archives,
        "styles": own_markup(inlining.zoning_styles(tiles=bool(archives))),
        "scripts": [(aside, own_markup(script)) for aside, script in inlining.zoning_scripts(tiles=bool(archives))],
    }


def _archives(page: PageLayers) -> list[tuple[int, Any]]:
    return [(number, packed) for number, (_, packed) in enumerate(page.layers) if packed.kind == "tiles"]


def _legend(scene: Scene, stylebook: Stylebook) -> tuple[LegendEntry, ...]:
    return legend(((found.layer, found.drawn_classes) for found in scene.layers if found.zones), stylebook)


def _filled(text: Text, **values: str) -> Text:
    return Text(text.zh.format(**values), text.en.format(**values))


def _area(scene: Scene) -> Text:
    area = format_area(scene.frame.area_m2)
    if scene.frame.kind != "strip":
        return area
    # Else it would be read as the area of the river.
    words = WORDS["strip_area"]
    return Text(words.zh.format(area=area.zh), words.en.format(area=area.en))


def _total(size: float | None, geometry: str, number: int) -> Text:
    """Return what a class has of the land of the map: its area or length where the engine told it, else how many."""
    if size is None:
        return _filled(WORDS["count"], count=f"{number:,}")
    if geometry == "line":
        length = format_length(size)
        return Text(length, length)
    large = f"{hectares(size):,.4f}"
    return Text(f"{large} 公顷", f"{large} ha")
