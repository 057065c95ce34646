"""The words that the options of maps take."""

import re
from enum import StrEnum

from zoning.errors import UsageError

_SCALE = re.compile(r"(?:1\s*[:：/]\s*)?(\d[\d,，_]*)")
_SMALLEST, _LARGEST = 500, 5_000_000


class Target(StrEnum):
    """What a map is written as."""

    html = "html"
    pdf = "pdf"
    png = "png"
    svg = "svg"
    qgis = "qgis"


class PaperName(StrEnum):
    """A size of paper."""

    a4 = "A4"
    a3 = "A3"
    a2 = "A2"
    a1 = "A1"


def scale_of(text: str) -> int | str:
    """Return the denominator of a scale, or `fit`.

    >>> scale_of("1:10000"), scale_of("1：50,000"), scale_of("2500"), scale_of("fit")
    (10000, 50000, 2500, 'fit')

    Raises
    ------
    UsageError
        When it is neither, or no scale that a map of a site or a territory is drawn at.
    """
    if text.strip().lower() == "fit":
        return "fit"
    found = _SCALE.fullmatch(text.strip())
    scale = int(re.sub(r"\D", "", found[1])) if found else 0
    if not _SMALLEST <= scale <= _LARGEST:
        raise UsageError(
            f"--scale：“{text}”不是可用的比例尺；写成 1:10000 的形式（1:500 至 1:5000000），或 fit",
            f"--scale: '{text}' is no scale; write it like 1:10000 (1:500 to 1:5000000), or fit",
        )
    return scale
