"""Cards as small JSON: five thousand of them have to fit on a page that opens at once.

Every bilingual text is kept once and named by its number; coordinates are steps in millionths of a degree. What is
large all the same stands compressed in the page.
"""

import base64
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.payload import as_script
from zoning.maps.steps import PER_DEGREE, SIMPLE_DEGREES, steps_of
from zoning.mines.dashboard.content import Card, Curve, Section, Theme
from zoning.texts import Text

_THOUSANDTHS = 1_000
_BYTES_OF_BASE64 = 3 / 4
MOST_PHOTO_BYTES = 5_000_000
"""What pictures may take of a page; of those beyond the page says that they are in the register."""

MOST_BYTES = 13_500_000
"""Of all data of a page, which has to stay under 15 MB."""

LARGE = 1_000_000
"""Bytes of JSON from which on it is compressed: browsers since 2020 (Chromium) and 2023 (others) can read that."""


@dataclass(slots=True)
class Phrases:
    """Texts in the order in which they were first said."""

    numbers: dict[Text, int] = field(default_factory=dict)
    dates: dict[tuple[str, ...], int] = field(default_factory=dict)

    def number(self, text: Text) -> int:
        """Return the number of a text."""
        return self.numbers.setdefault(text, len(self.numbers))

    def series(self, dates: tuple[str, ...]) -> int:
        """Return the number of a series of dates."""
        return self.dates.setdefault(dates, len(self.dates))

    def value(self, value: Text | str) -> int | str:
        """Return the number of a bilingual text; a text that is the same in both languages stays as it is."""
        if isinstance(value, str):
            return value
        return value.zh if value.zh == value.en else self.number(value)


@dataclass(slots=True)
class Packed:
    """What the script of the page reads.

    Attributes
    ----------
    placed
        Cards that have a place, in the order of the map.
    photos_left_out
        Pictures that found no room.
    """

    cards: list[Any]
    phrases: list[list[str]]
    dates: list[list[str]]
    places: str
    outlines: list[Any]
    themes: list[Any]
    photos: dict[str, list[Any]]
    photos_left_out: int


def pack(cards: Sequence[Card], themes: Sequence[Theme]) -> Packed:
    """Return cards and themes as JSON values; cards without a place come last."""
    ordered = [card for card in cards if _is_placed(card)] + [card for card in cards if not _is_placed(card)]
    placed = sum(map(_is_placed, cards))
    phrases = Phrases()
    rows = [_row(card, phrases) for card in ordered]
    outlines = [_outline(card.geometry) for card in ordered[:placed] if card.geometry is not None]
    captions = {photo.caption for card in ordered for photo in card.photos}
    for caption in sorted(captions, key=lambda text: (text.zh, text.en)):
        phrases.number(caption)
    said = [[text.zh, text.en] for text in phrases.numbers]
    taken = sum(len(block(value)[1]) for value in (rows, said, outlines))
    photos, left_out = _photos(ordered, phrases, min(MOST_PHOTO_BYTES, int((MOST_BYTES - taken) * _BYTES_OF_BASE64)))
    return Packed(
        cards=rows,
        themes=[_theme(theme, ordered) for theme in themes],
        photos=photos,
        photos_left_out=left_out,
        places=_places(ordered[:placed]),
        outlines=outlines,
        phrases=said,
        dates=[list(dates) for dates in phrases.dates],
    )


def _is_placed(card: Card) -> bool:
    return card.geometry is not None and not card.geometry.is_empty


def _row(card: Card, phrases: Phrases) -> list[Any]:
    due = 0 if not card.due else 2 if card.due == "overdue" else 1
    return [
        card.id,
        "" if card.name == card.id else card.name,
        card.group,
        None if card.area_m2 is None else round(card.area_m2, 2),
        card.rank,
        due,
        phrases.value(card.due_text or ""),
        [_section(section, phrases) for section in card.sections],
        [_curve(curve, phrases) for curve in card.curves],
    ]


def _section(section: Section, phrases: Phrases) -> list[Any]:
    rows = [[phrases.value(label), phrases.value(value)] for label, value in section.rows]
    return [phrases.value(section.title), rows, *([phrases.value(section.note)] if section.note else [])]


def _curve(curve: Curve, phrases: Phrases) -> list[Any]:
    def thousandths(values: Sequence[float | None]) -> list[int | None]:
        return [None if value is None else round(value * _THOUSANDTHS) for value in values]

    return [
        phrases.value(curve.title),
        phrases.series(tuple(day.isoformat() for day in curve.dates)),
        thousandths(curve.values),
        thousandths(curve.reference),
        thousandths(curve.target),
        phrases.value(curve.word or ""),
    ]


def _theme(theme: Theme, cards: Sequence[Card]) -> dict[str, Any]:
    numbers = {kind.name: number for number, kind in enumerate(theme.kinds)}
    unknown = len(theme.kinds) - 1
    return {
        "id": theme.id,
        "title": [theme.title.zh, theme.title.en],
        "kinds": [
            {
                "name": kind.name,
                "word": [kind.word.zh, kind.word.en],
                "colour": kind.colour,
                "shape": kind.shape,
                "hollow": kind.hollow,
            }
            for kind in theme.kinds
        ],
        "kindOf": [numbers.get(theme.of.get(card.id, ""), unknown) for card in cards],
    }


def _photos(cards: Sequence[Card], phrases: Phrases, room: int) -> tuple[dict[str, list[Any]], int]:
    kept: dict[str, list[Any]] = {}
    taken = left_out = 0
    # The first in the order of priority show theirs.
    for card in sorted(cards, key=lambda card: (card.rank or len(cards) + 1, card.id)):
        for photo in card.photos:
            if taken + len(photo.jpeg) > room:
                left_out += 1
                continue
            taken += len(photo.jpeg)
            picture = base64.b64encode(photo.jpeg).decode("ascii")
            kept.setdefault(card.id, []).append([phrases.value(photo.caption), picture])
    return kept, left_out


def _places(cards: Sequence[Card]) -> str:
    points = [card.geometry.representative_point() for card in cards if card.geometry is not None]
    found = np.array([(point.x, point.y) for point in points]).reshape(-1, 2)
    return base64.b64encode(np.rint(found * PER_DEGREE).astype("<i4").tobytes()).decode("ascii")


def _outline(shape: BaseGeometry) -> list[list[int]]:
    return list(steps_of(shapely.simplify(shape, SIMPLE_DEGREES)))


def block(value: Any) -> tuple[str, str]:
    """Return the type and the text of a script element that holds a value; the same value gives the same bytes."""
    text = as_script(value)
    if len(text) < LARGE:
        return "application/json", text
    return "application/gzip", base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")
