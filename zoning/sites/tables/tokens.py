"""Free text taken apart: which of its numbers are coordinates, which are point numbers, areas, dates, telephones."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from zoning.sites.limits import Bounds
from zoning.sites.tables.angles import AXIS_WORDS, SIGNED
from zoning.sites.tables.columns import degrees_kind
from zoning.sites.tables.measures import PLANE_WORDS, Measure, NotationError, is_east, is_metres, is_north, measure

Kind = Literal["N", "E", "lon", "lat", "label", "number"]

_NUM = r"[0-9]+(?:\.[0-9]+)?"
_SIGN = r"(?<![0-9.])[-+]?"
_AXIS = rf"(?:{AXIS_WORDS})"
_UNITS = (
    r"公顷|平方米|平方公里|公里|千米|亩|米|hm2|km2|m2|ha|km|mm|cm|m(?![a-z0-9])|%|‰|年|月|日|时|元|万|亿|吨|t(?![a-z])|个|条|人|号(?!点|拐)"
    r"|页|章|节|项|户|口|层|座|处|级|类|倍|kv|kw|mw|度带|°带|带|:[0-9]|件|份|宗|天|小时|分钟"
)
_WORDS = r"(?:拐点|界址点|角点|顶点|折点|测点|点位|点号|桩号|点|桩)(?:编号|号)?"
_TOKEN = re.compile(
    rf"""
    (?P<said>(?:中央(?:子午线|经线)|\bL0|\bCM)[^0-9\n]{{0,10}}[0-9]{{2,3}}(?:\.[0-9]+)?\s*[°度]?(?:\s*[0-9]{{1,2}}')?
      |[36]\s*[°度]\s*(?:分?带)|[0-9]{{2}}\s*[°度]带|(?<![0-9])(?:19|20)[0-9]{{2}}(?:[-/.][0-9]{{1,2}}){{1,2}}(?![0-9.])
      |(?<![0-9])0[0-9]{{2,3}}-[0-9]{{7,8}}|(?<![0-9.])1[3-9][0-9]{{9}}(?![0-9.]))
    |(?P<lost>(?<![0-9A-Za-z.])[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{{1,3}}(?![0-9]))
    |(?P<listed>(?<![0-9.])\(?[0-9]{{1,4}}(?:\)|、|\)、)|^[ \t]*[0-9]{{1,4}}\.(?=\s|[^0-9\s]))
    |(?P<angle>(?:{_AXIS}\s*[:=]?\s*)?{_SIGN}{SIGNED}(?:\s*[EWNS](?![A-Za-z0-9]))?
      |(?:{_AXIS}\s*[:=]?\s*)?(?<![0-9.:\-])[0-9]{{1,3}}(?P<gap>[-:])[0-9]{{1,2}}(?P=gap)[0-9]{{1,2}}(?:\.[0-9]+)?(?![0-9:\-])
        (?:\s*[EWNS](?![A-Za-z0-9]))?)
    |(?P<named>(?:{PLANE_WORDS})\s*(?:\((?:m|米)\))?\s*[:=]?\s*{_SIGN}[0-9]{{6,8}}(?:\.[0-9]+)?
      |(?:{_AXIS})\s*(?:\(°\))?\s*[:=]?\s*{_SIGN}[0-9]{{1,3}}\.[0-9]+)
    |(?P<label>(?<![A-Za-z])[A-Za-z]{{1,6}}[-_\#]?[0-9]{{1,6}}(?:-[0-9]{{1,4}})?(?![0-9.°])
      |{_WORDS}\s*[:]?\s*[A-Za-z]{{0,3}}[0-9]{{1,5}}(?![0-9.])|第\s*[0-9]{{1,5}}\s*(?:个)?(?:拐|界址|角)?点|[0-9]{{1,5}}\s*(?:号(?:拐|界址|角)?点|\#))
    |(?P<measured>{_SIGN}{_NUM}\s*(?:{_UNITS}))
    |(?P<number>{_SIGN}(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{2}}(?:\.[0-9]+)?(?![0-9])|{_NUM})(?:\s*[EWNS](?![A-Za-z0-9]))?)
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_SPACED = re.compile(
    rf"(?:{_AXIS}\s*[:=]?\s*)?(?<![0-9.])[0-9]{{2,3}}[ \t]+[0-9]{{1,2}}[ \t]+[0-9]{{1,2}}(?:\.[0-9]+)?(?![0-9.])",
    re.IGNORECASE,
)
# No number of degrees with decimals is followed by minutes: the point ends a number of the list.
_LISTED_ANGLE = re.compile(r"(?<![0-9.])([0-9]{1,4})\.(?=[0-9]{2,3}\s*[°度]\s*[0-9]{1,2}\s*['分])")
# Nor has a number two points: “1.3919746.783” is the first of a list.
_LISTED_METRES = re.compile(r"(?<![0-9.])([0-9]{1,4})\.(?=[0-9]{7,8}\.[0-9])")
_SECOND_POINT = re.compile(r"[ \t]*\.{1,2}[0-9][0-9.]*")
_LONGEST = 80
_METRES = re.compile(r"\s*(?:米|m)$", re.IGNORECASE)


class Token(NamedTuple):
    """A number in a text, or a word with one.

    Attributes
    ----------
    one
        The coordinate; None for labels and other numbers.
    """

    kind: Kind
    start: int
    end: int
    text: str
    one: Measure | None = None


def tokens(text: str, expected: Bounds | None, *, spaced: bool = False) -> Iterator[Token]:
    """Yield the numbers of a text in plain signs; areas, dates, lengths and telephones are left out.

    Parameters
    ----------
    spaced
        Three whole numbers apart by blanks are an angle: 112 24 30.5.

    Raises
    ------
    NotationError
        With the position in `args[1]`, when digits were lost or minutes are 60 or more.
    """
    text = _LISTED_METRES.sub(r"\1、", _LISTED_ANGLE.sub(r"\1、", text))
    position = 0
    triple = _SPACED.search(text) if spaced else None
    while match := _TOKEN.search(text, position):
        if triple is not None and triple.start() < position:
            triple = _SPACED.search(text, position)
        name = (match.lastgroup or "").replace("gap", "angle")
        if triple is not None and triple.start() <= match.start():
            match, name = triple, "angle"
        position = max(match.end(), match.start() + 1)
        found = _token(name, match, expected)
        if found is not None:
            _check_points(found, text)
            yield found


def _check_points(token: Token, text: str) -> None:
    """Refuse 112.30.45, of which 112.30 alone would be read."""
    behind = _SECOND_POINT.match(text, token.end)
    # The latitudes stand beside them; they may as well be numbers of sections.
    if behind is None or token.kind not in ("N", "E", "lon"):
        return
    whole = token.text + behind[0]
    raise NotationError(
        f"“{whole}” 有两个小数点；度分秒请写成 112°30′45″，米只留一个小数点",
        f"“{whole}” has two decimal points; write degrees, minutes and seconds as 112°30′45″, metres with one",
    )


def _token(name: str, match: re.Match[str], expected: Bounds | None) -> Token | None:
    text = match[0].strip()
    if name == "said" or len(text) > _LONGEST:
        return None
    if name in ("label", "listed"):
        return Token("label", match.start(), match.end(), text)
    if name == "measured":
        bare = _METRES.sub("", text)
        one = measure(bare) if bare != text and "." in bare else None
        if one is None or not (is_north(one.value) or is_east(one.value)):
            return None
    else:
        one = measure(text)
    if one is None:
        return Token("number", match.start(), match.end(), text)
    return Token(_kind(one, expected), match.start(), match.end(), text, one)


def _kind(one: Measure, expected: Bounds | None) -> Kind:
    if is_metres(one.value):
        return "N" if is_north(one.value) else "E" if is_east(one.value) else "number"
    if one.axis and (one.is_angle or "." in one.text):
        return "lon" if one.axis == "east" else "lat"
    kind = degrees_kind(one.value, expected) if one.is_angle or "." in one.text else ""
    return "lon" if kind == "lon" else "lat" if kind == "lat" else "number"


def coordinates_in(text: str, expected: Bounds | None) -> bool:
    """Tell whether a line of text holds both coordinates of a point."""
    try:
        kinds = {token.kind for token in tokens(text, expected)}
    except NotationError:
        return True
    return {"N", "E"} <= kinds or {"lon", "lat"} <= kinds
