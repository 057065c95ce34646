"""A font that shows Chinese, where the computer has one."""

from dataclasses import dataclass
from functools import lru_cache

from zoning.texts import Language

FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Serif CJK SC",
    "SimSun",
    "Droid Sans Fallback",
)
"""Simplified Chinese first: the same characters of another country's font look wrong."""

_LATIN = "DejaVu Sans"
_FIRST_CHINESE = "\u2e80"


@lru_cache(maxsize=1)
def chinese_font() -> str | None:
    """Return the family that pictures are written in; None where no font shows Chinese."""
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return next((family for family in FAMILIES if family in there), None)


def families(font: str | None) -> list[str]:
    """Return what text is set in: Chinese, and the signs that a Chinese font lacks."""
    return [_LATIN] if font is None else [font, _LATIN]


def drawable(text: str, font: str | None) -> str:
    """Return a text that can be drawn: without a Chinese font a box stands for every sign that it would need."""
    return text if font else "".join("□" if sign >= _FIRST_CHINESE else sign for sign in text)


def language_of(language: Language, font: str | None) -> Language:
    """Return the language of the labels: English where Chinese cannot be shown."""
    return language if font else "en"


@dataclass(frozen=True, slots=True)
class Pen:
    """How the words of a picture are written.

    Attributes
    ----------
    font
        The family that shows Chinese, None where there is none.
    as_text
        Labels stay texts, which the reader's own fonts show; else they are drawn.
    """

    language: Language
    font: str | None
    as_text: bool = False
