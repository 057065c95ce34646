"""The dashboard: one HTML file, everything inside, no request to anywhere; the same content gives the same bytes."""

from collections.abc import Iterator
from typing import Any

from zoning.maps import inlining
from zoning.maps.page_templates import templates_in
from zoning.maps.payload import as_script
from zoning.maps.web.content import pair
from zoning.maps.web_map import policy
from zoning.mines.dashboard.content import Chart, Dashboard, Theme
from zoning.mines.dashboard.packing import Packed, block, pack
from zoning.mines.dashboard.wording import WORDS
from zoning.own_markup import own_markup
from zoning.quantities import format_area
from zoning.texts import Language, Text

_HOME = "zoning.mines.dashboard"


def render_dashboard(dashboard: Dashboard, language: Language) -> str:
    """Return the page, which opens in `language` and holds both."""
    packed = pack(dashboard.cards, dashboard.themes)
    template = templates_in(_HOME).get_template("page.html.j2")
    page: str = template.render(
        lang="zh-CN" if language == "zh" else "en",
        language=language,
        words=WORDS,
        dashboard=dashboard,
        count=_filled("count", count=f"{len(dashboard.cards):,}", item=_several(dashboard)),
        area=format_area(sum(card.area_m2 or 0.0 for card in dashboard.cards)),
        due=_due(dashboard),
        remarks=[*dashboard.remarks, *_remarks(dashboard, packed)],
        groups=sorted({card.group for card in dashboard.cards if card.group}),
        themes=[_counted(theme, dashboard) for theme in dashboard.themes],
        charts=[_chart(chart) for chart in dashboard.charts if chart.bars],
        policy=policy(None),
        styles=own_markup(inlining.site_styles() + inlining.style_of(_HOME)),
        licence=own_markup(inlining.licence()),
        scripts=[own_markup(text) for text in (*inlining.batch_scripts(), *_own_scripts())],
        payload=own_markup(as_script(_payload(dashboard, packed, language))),
        blocks=[
            (name, *(own_markup(part) for part in block(value)))
            for name, value in (("cards", packed.cards), ("phrases", packed.phrases), ("outlines", packed.outlines))
        ],
        photos=own_markup(as_script(packed.photos)),
    )
    return page


def _own_scripts() -> tuple[str, str]:
    return inlining.script_of(_HOME, "curve.js"), inlining.script_of(_HOME)


def _filled(name: str, **values: str | Text) -> Text:
    def told(language: Language) -> str:
        found = {key: value if isinstance(value, str) else value.get(language) for key, value in values.items()}
        return WORDS[name].get(language).format(**found)

    return Text(told("zh"), told("en"))


def _several(dashboard: Dashboard) -> Text:
    item = dashboard.item
    return item if len(dashboard.cards) == 1 else Text(item.zh, f"{item.en}s")


def _due(dashboard: Dashboard) -> list[tuple[str, Text]]:
    """Return how many deadlines have passed and are near, the worse first."""
    found = []
    for due, name in (("overdue", "overdue_count"), ("soon", "soon_count")):
        count = sum(card.due == due for card in dashboard.cards)
        if count:
            found.append((due, _filled(name, count=f"{count:,}")))
    return found


def _remarks(dashboard: Dashboard, packed: Packed) -> Iterator[Text]:
    placeless = sum(card.geometry is None for card in dashboard.cards)
    if placeless:
        yield _filled("no_place_count", count=f"{placeless:,}")
    if packed.photos_left_out:
        yield _filled("photos_left_out", count=f"{packed.photos_left_out:,}")


def _counted(theme: Theme, dashboard: Dashboard) -> dict[str, Any]:
    names = [kind.name for kind in theme.kinds]
    told = [theme.of.get(card.id, "") for card in dashboard.cards]
    found = [name if name in names else names[-1] for name in told]
    kinds = [(number, kind.word, found.count(kind.name)) for number, kind in enumerate(theme.kinds)]
    return {"id": theme.id, "title": theme.title, "kinds": kinds}


def _chart(chart: Chart) -> dict[str, Any]:
    """Return bars with the width of each part in percent of the longest bar."""
    longest = max((sum(values) for _, values in chart.bars), default=0.0) or 1.0
    bars = []
    for label, values in chart.bars:
        parts = [
            (kind, value, round(100 * value / longest, 3))
            for kind, value in zip(chart.kinds, values, strict=True)
            if value
        ]
        text = label if isinstance(label, Text) else Text(label, label)
        bars.append((text, parts, f"{sum(values):,.{chart.decimals}f}"))
    shown = [kind for number, kind in enumerate(chart.kinds) if any(values[number] for _, values in chart.bars)]
    return {"title": chart.title, "unit": chart.unit, "bars": bars, "kinds": shown, "decimals": chart.decimals}


def _payload(dashboard: Dashboard, packed: Packed, language: Language) -> dict[str, Any]:
    return {
        "language": language,
        "themes": packed.themes,
        "dates": packed.dates,
        "places": packed.places,
        "territories": dashboard.outlines,
        "words": {name: pair(text) for name, text in WORDS.items()},
    }
