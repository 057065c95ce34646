"""The many signs for degrees, minutes, seconds, digits and dashes, and the plain ones that are meant."""

import unicodedata

_DEGREE = "º˚ﹾ⁰∘◦゜ᵒ"
_MINUTE = "′‵’‘`´ʹ＇‛"
_SECOND = "″‶“”„ʺ〃＂‟"
_DASH = "–—−‐‑‒―"
_NOTHING = "\u200b\u200c\u200d\u2060\ufeff"
# NFKC would glue a number in a circle to the digits behind it.
_NUMBERED = {ord("①") + i: f"{i + 1}、" for i in range(20)} | {ord("⒈") + i: f"{i + 1}、" for i in range(20)}
_PLAIN = (
    _NUMBERED
    | dict.fromkeys(map(ord, _DEGREE), "°")
    | dict.fromkeys(map(ord, _MINUTE), "'")
    | dict.fromkeys(map(ord, _SECOND), '"')
    | dict.fromkeys(map(ord, _DASH), "-")
    | dict.fromkeys(map(ord, _NOTHING), None)
)


def plain(text: str) -> str:
    r"""Return the text with one sign for each meaning, in half width.

    >>> plain("１１２º24′30．5″"), plain("①X＝3"), plain("35°30′10′′")
    ('112°24\'30.5"', '1、X=3', '35°30\'10"')
    """
    if text.isascii() and "`" not in text and "''" not in text:
        return text
    return unicodedata.normalize("NFKC", text.translate(_PLAIN)).replace("''", '"')


def compact(text: str) -> str:
    r"""Return the plain text without any blank, in lower case: for comparing with words.

    >>> compact("X 坐标\n（m）")
    'x坐标(m)'
    """
    return "".join(plain(text).split()).lower()
