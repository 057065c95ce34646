"""The map of a batch: one HTML file, everything inside, no request to anywhere."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoning.batch.overview.gathering import KINDS, Overview
from zoning.batch.overview.wording import WORDS
from zoning.batch.tally import Tally
from zoning.maps import inlining
from zoning.maps.page_templates import templates_in
from zoning.maps.payload import as_script, in_script
from zoning.maps.web.content import pair
from zoning.maps.web_map import policy
from zoning.own_markup import own_markup
from zoning.quantities import format_area
from zoning.styles.signs import sign_svg
from zoning.styles.stylebook import Outcomes
from zoning.texts import Language, Text

_HOME = "zoning.batch.overview"
_TOP = 12
_NAMED = re.compile(r'role="img" aria-label="[^"]*"')
REFUSED_COLOUR = "#6B675F"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page is about.

    Attributes
    ----------
    territories
        Names and outlines, each a list of rings of (longitude, latitude).
    layers, rules
        Titles by id, of the layers that are told of.
    """

    title: str
    on: str
    notice: Text
    schematic: bool
    territories: Sequence[tuple[str, Sequence[Sequence[tuple[float, float]]]]]
    layers: Mapping[str, Text]
    rules: Mapping[str, Text]


def render_overview(overview: Overview, subject: Subject, tally: Tally, outcomes: Outcomes, language: Language) -> str:
    """Return the page: the same results always give the same bytes.

    Parameters
    ----------
    language
        The one that the page opens in; it holds both.
    """
    counts = {**{name: tally.decisions[name] for name in KINDS[:-1]}, "refused": tally.refused}
    template = templates_in(_HOME).get_template("page.html.j2")
    page: str = template.render(
        lang="zh-CN" if language == "zh" else "en",
        language=language,
        words=WORDS,
        subject=subject,
        notice=subject.notice,
        area=format_area(tally.area_m2),
        sites=_counting("sites", tally.sites),
        kinds=[_kind(name, counts[name], outcomes, language) for name in reversed(KINDS) if counts[name]],
        remarks=list(_remarks(overview)),
        layers=_ranked(_counted(tally, subject, "affected", "possible"), subject.layers),
        unchecked=_ranked(_counted(tally, subject, "no_data"), subject.layers),
        rules=_ranked(tally.top(tally.rules, _TOP), subject.rules),
        policy=policy(None),
        styles=own_markup(inlining.site_styles() + inlining.style_of(_HOME)),
        colours={kind: _colour(kind, outcomes) for kind in KINDS},
        licence=own_markup(inlining.licence()),
        scripts=[own_markup(text) for text in (*inlining.batch_scripts(), inlining.script_of(_HOME))],
        payload=own_markup(as_script(_payload(overview, subject, outcomes, language))),
        details=own_markup(_listed(overview.details)),
        outlines=own_markup(_listed(overview.outlines)),
    )
    return page


def _counting(name: str, count: int) -> Text:
    text = WORDS[f"{name}_one" if count == 1 else name]
    return Text(text.zh.format(count=f"{count:,}"), text.en.format(count=f"{count:,}"))


def _remarks(overview: Overview) -> Iterator[Text]:
    """Yield what is said of records that the map does not show."""
    for name, count in (("no_place", overview.placeless), ("left_out", overview.left_out)):
        if count:
            yield _counting(name, count)


def _counted(tally: Tally, subject: Subject, *statuses: str) -> list[tuple[str, int]]:
    return [
        (count.columns.layer, sum(count.statuses[status] for status in statuses))
        for count in tally.layers
        if count.columns.layer in subject.layers
    ]


def _payload(overview: Overview, subject: Subject, outcomes: Outcomes, language: Language) -> dict[str, Any]:
    return {
        "language": language,
        "kinds": [
            {"name": name, "word": pair(_word(name, outcomes)), "colour": _colour(name, outcomes)} for name in KINDS
        ],
        "places": _packed(overview.places),
        "kindOf": _packed(overview.kinds),
        "numbers": _packed(overview.numbers),
        "combinations": [list(words) for words in overview.combinations],
        "titles": {name: pair(text) for titles in (subject.layers, subject.rules) for name, text in titles.items()},
        "territories": subject.territories,
        "words": {name: pair(text) for name, text in WORDS.items()},
    }


def _packed(arrays: Sequence[Any]) -> str:
    joined = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.uint8)
    return base64.b64encode(joined.tobytes()).decode("ascii")


def _listed(texts: Sequence[str]) -> str:
    return in_script("[" + ",".join(texts) + "]")


def _kind(name: str, count: int, outcomes: Outcomes, language: Language) -> dict[str, Any]:
    return {
        "name": name,
        "number": KINDS.index(name),
        "word": _word(name, outcomes),
        "count": count,
        "sign": own_markup(_sign(name, outcomes, language)),
    }


def _sign(name: str, outcomes: Outcomes, language: Language) -> str:
    decision = next((kind for kind in outcomes.decisions if kind == name), None)
    if decision is not None:
        # Its word stands beside it, in both languages.
        return _NAMED.sub('aria-hidden="true"', sign_svg(outcomes, decision, size=20, language=language))
    return (
        '<svg class="sign" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="M3 3h18v18H3z" '
        f'fill="#fff" stroke="{REFUSED_COLOUR}" stroke-width="2.6"/><path d="M7 12h10" stroke="{REFUSED_COLOUR}" '
        'stroke-width="2.6"/></svg>'
    )


def _word(name: str, outcomes: Outcomes) -> Text:
    style = {str(kind): style for kind, style in outcomes.decisions.items()}.get(name)
    return WORDS["refused"] if style is None else style.word


def _colour(name: str, outcomes: Outcomes) -> str:
    style = {str(kind): style for kind, style in outcomes.decisions.items()}.get(name)
    return REFUSED_COLOUR if style is None else style.colour


def _ranked(counts: Sequence[tuple[str, int]], titles: Mapping[str, Text]) -> list[tuple[str, Text, int]]:
    ranked = sorted((one for one in counts if one[1]), key=lambda one: (-one[1], one[0]))
    return [(name, titles.get(name, Text(name, name)), count) for name, count in ranked]
