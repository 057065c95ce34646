"""Pairs of coordinates in running text that cannot be meant: numbers were lost, or digits behind a wrong sign."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter

from zoning.sites.tables.tokens import Token
from zoning.texts import Text

Pair = tuple[Token, Token]

_START = attrgetter("start")
# X1=..., Y1=...: the second is the name of the number, no point.
_NAME = re.compile(r"[XYNEBL][-_#]?[0-9]+$", re.IGNORECASE)
# 3930974，528 at the end of a row: a scanned decimal point.
_DECIMALS = re.compile(r"[ \t]?[,.。·;'][ \t]?(?P<digits>[0-9]{1,4})[ \t]*(?=[\n;。]|$)")


def odd_pair(pairs: Sequence[Pair]) -> int | None:
    """Return the first pair that is none, or in another order than the first; a number is missing there."""
    first, second = pairs[0]
    kinds = first.kind, second.kind
    odd = len(set(kinds)) == 1
    return 0 if odd else next((i for i, (a, b) in enumerate(pairs) if (a.kind, b.kind) != kinds), None)


def doubt(pairs: Sequence[Pair], found: Sequence[Token], text: str) -> tuple[Token, Text] | None:
    """Return the coordinate that cannot be meant, with half a sentence; None when all can.

    Parameters
    ----------
    found
        All numbers and labels of the text, in their order.
    """
    if _shifted(pairs, text):
        first, second = pairs[0]
        return first, _Between(first, second).text("\n")
    exact = any("." in token.text for pair in pairs for token in pair if token.kind in ("N", "E"))
    for first, second in pairs:
        inner = slice(*(bisect_left(found, at, key=_START) for at in (first.end, second.start)))
        sign = next((token.text for token in found[inner] if _separates(token, text[first.end : second.start])), None)
        if sign is not None:
            return first, _Between(first, second).text(sign)
        if exact and second.kind in ("N", "E") and "." not in second.text:
            behind = _DECIMALS.match(text, second.end)
            if behind:
                return second, _lost_point(second, behind["digits"])
    return None


def _separates(token: Token, between: str) -> bool:
    """Tell whether a number or label between two coordinates says that they are not those of one point."""
    if token.kind == "number":
        return True
    return token.kind == "label" and "\n" in between and not _NAME.match(token.text)


def _shifted(pairs: Sequence[Pair], text: str) -> bool:
    """Tell whether all pairs reach into the next line, where the next one begins: the first number was lost."""
    return len(pairs) > 1 and all(
        "\n" in text[a.end : b.start] and "\n" not in text[b.end : c.start] for (a, b), (c, _) in pairwise(pairs)
    )


class _Between:
    def __init__(self, first: Token, second: Token) -> None:
        self.first, self.second = (" ".join(one.text.split()) for one in (first, second))

    def text(self, sign: str) -> Text:
        a, b = self.first, self.second
        if sign == "\n":
            return Text(
                f"“{a}” 与下一行的 “{b}” 配成了一对，首尾可能各缺一个数；请每行写全一个点的 X 和 Y（或经度和纬度）",
                f"“{a}” would pair with “{b}” of the next line, so a number may be missing at the beginning and at the "
                "end; write X and Y, or longitude and latitude, of each point on one line",
            )
        return Text(
            f"“{a}” 与 “{b}” 之间还有 “{sign}”，不能确定是同一个点；请补全或改正，每个点写 X 和 Y（或经度和纬度），"
            "小数点写 “.”",
            f"“{sign}” stands between “{a}” and “{b}”, which may not be one point; complete or correct it: every point "
            "needs X and Y, or longitude and latitude, with a point before the decimals",
        )


def _lost_point(token: Token, digits: str) -> Text:
    whole = " ".join(token.text.split())
    return Text(
        f"“{whole}” 后面的 “{digits}” 看来是小数；请把小数点写成 “.”",
        f"“{digits}” behind “{whole}” seems to be its decimals; write a point before them",
    )
