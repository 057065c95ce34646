"""How a colour looks to whom: contrast, sight without red, green or blue receptors, and the distance of two colours.

Sources: WCAG 2.2 (relative luminance and contrast ratio); Machado, Oliveira, Fernandes (2009), A physiologically-based
model for simulation of color vision deficiency, IEEE TVCG 15(6), matrices for severity 1.0; CIE 159:2004 (CIECAM02);
Luo, Cui, Li (2006), Uniform colour spaces based on CIECAM02, Color Research and Application 31(4), CAM02-UCS.
"""

from functools import cache
from math import atan2, cos, exp, hypot, log1p, pi, sin, sqrt
from typing import Literal

Sight = Literal["normal", "protanopia", "deuteranopia", "tritanopia", "grey"]
Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

READABLE = 4.5
"""Smallest contrast of text on its ground (WCAG 2.2, 1.4.3)."""
VISIBLE = 3.0
"""Smallest contrast of a line that has to be seen (WCAG 2.2, 1.4.11)."""

_STEPS = 50

_SIGHTS: dict[Sight, Matrix] = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
SIGHTS = tuple(_SIGHTS)

_TO_XYZ: Matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_CAT02: Matrix = ((0.7328, 0.4296, -0.1624), (-0.7036, 1.6975, 0.0061), (0.0030, 0.0136, 0.9834))
# From CAT02 to Hunt-Pointer-Estevez: the product of the two matrices of CIE 159.
_TO_HPE: Matrix = (
    (0.7409792, 0.2180250, 0.0410058),
    (0.2853532, 0.6242014, 0.0904454),
    (-0.0096280, -0.0056980, 1.0153260),
)
_WHITE: Triple = (95.047, 100.0, 108.883)
# Average surround; 64 lx of white light on a screen, a background of a fifth of it: the conditions of sRGB.
_LUMINANCE, _GROUND, _F, _C, _NC = 64 / pi / 5, 20.0, 1.0, 0.69, 1.0


def linear(colour: str) -> Triple:
    """Return the linear red, green and blue of `#RRGGBB`, each 0 to 1."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004 - sRGB to linear light, IEC 61966-2-1
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 (black) to 1 (white)."""
    return _times(_TO_XYZ, linear(colour))[1]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21.

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def over(colour: str, opacity: float, ground: str) -> str:
    """Return what is seen where a colour of some opacity lies on another, mixed as browsers and printers do.

    >>> over("#000000", 0.5, "#FFFFFF")
    '#808080'
    """
    pairs = [(int(colour[k : k + 2], 16), int(ground[k : k + 2], 16)) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(above * opacity + below * (1 - opacity)):02X}" for above, below in pairs)


def readable(colour: str, ground: str = "#FFFFFF") -> str:
    """Return a colour as it is, or darkened as little as a text in it needs to be read on a light ground.

    >>> readable("#143F75"), readable("#C9A94A")
    ('#143F75', '#897332')
    """
    mixed = (over("#000000", step / _STEPS, colour) for step in range(_STEPS + 1))
    return next((one for one in mixed if contrast(one, ground) >= READABLE), "#000000")


def distance(one: str, other: str, sight: Sight = "normal") -> float:
    """Return how different two colours look: Euclidean in CAM02-UCS; about 1 is just noticed, black to white is 100."""
    a, b = _ucs(one, sight), _ucs(other, sight)
    return sqrt(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)))


@cache
def _ucs(colour: str, sight: Sight) -> Triple:
    seen = _times(_SIGHTS[sight], linear(colour))
    red, green, blue = (min(max(part, 0.0), 1.0) for part in seen)
    return _cam02_ucs(_times(_TO_XYZ, (red * 100, green * 100, blue * 100)))


def _times(matrix: Matrix, vector: Triple) -> Triple:
    first, second, third = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _cam02_ucs(xyz: Triple) -> Triple:
    """Return (J', a', b') of CAM02-UCS."""
    white_cat = _times(_CAT02, _WHITE)
    level = _adaptation_level()
    adapted = _F * (1 - 1 / 3.6 * exp((-_LUMINANCE - 42) / 92))
    first, second, third = (adapted * _WHITE[1] / part + 1 - adapted for part in white_cat)
    gains = (first, second, third)
    ratio = _GROUND / _WHITE[1]
    induction = 0.725 * (1 / ratio) ** 0.2
    white = _compressed(white_cat, gains, level)
    red, green, blue = _compressed(_times(_CAT02, xyz), gains, level)
    a = red - 12 * green / 11 + blue / 11
    b = (red + green - 2 * blue) / 9
    hue = atan2(b, a)
    grey = (2 * red + green + blue / 20 - 0.305) * induction
    grey_white = (2 * white[0] + white[1] + white[2] / 20 - 0.305) * induction
    lightness = 100 * (max(grey, 0.0) / grey_white) ** (_C * (1.48 + sqrt(ratio)))
    eccentricity = (cos(hue + 2) + 3.8) / 4
    strength = 50_000 / 13 * _NC * induction * eccentricity * hypot(a, b) / (red + green + 21 * blue / 20)
    chroma = strength**0.9 * sqrt(lightness / 100) * (1.64 - 0.29**ratio) ** 0.73
    colourfulness = chroma * level**0.25
    spread = log1p(0.0228 * colourfulness) / 0.0228
    return 1.7 * lightness / (1 + 0.007 * lightness), spread * cos(hue), spread * sin(hue)


def _adaptation_level() -> float:
    k = 1 / (5 * _LUMINANCE + 1)
    return float(0.2 * k**4 * 5 * _LUMINANCE + 0.1 * (1 - k**4) ** 2 * (5 * _LUMINANCE) ** (1 / 3))


def _compressed(cat: Triple, gains: Triple, level: float) -> Triple:
    cones = _times(_TO_HPE, (cat[0] * gains[0], cat[1] * gains[1], cat[2] * gains[2]))
    red, green, blue = (_response(part, level) for part in cones)
    return red, green, blue


def _response(cone: float, level: float) -> float:
    power = float((level * abs(cone) / 100) ** 0.42)
    return (400 * power / (27.13 + power)) * (1 if cone >= 0 else -1) + 0.1
