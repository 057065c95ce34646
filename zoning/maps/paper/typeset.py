"""Lines of text: broken between Chinese characters or words, with no closing sign at the beginning of a line."""

import re
from collections.abc import Callable, Iterator

_NOT_FIRST = "，。、；：！？）】》”’％%,.;:!?)]}」』"
_NOT_LAST = "（【《“‘([{「『"
_WORDS = re.compile(r"[\u2e80-\U0003ffff]|[^\s\u2e80-\U0003ffff]+|\s+")


def pieces(text: str) -> Iterator[str]:
    """Yield what must stay together: words, spaces, single Chinese characters with the signs that cling to them."""
    held = ""
    for piece in _WORDS.findall(text):
        if held and (piece[0] in _NOT_FIRST or held[-1] in _NOT_LAST):
            held += piece
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Return a text in lines that are at most `width` wide; a word that is wider is broken.

    >>> wrapped("生态保护红线，一级", 5, len)
    ['生态保护红', '线，一级']
    """
    lines: list[str] = []
    for block in text.split("\n"):
        lines.extend(_lines(block, width, measure))
    return lines or [""]


def _lines(block: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line = ""
    for piece in pieces(block):
        if measure((line + piece).rstrip()) <= width or not (line or piece.strip()):
            line += piece
            continue
        if line.strip():
            yield line.rstrip()
        line = piece.lstrip()
        while measure(line) > width and len(line) > 1:
            fits = next(count for count in range(len(line) - 1, 0, -1) if count == 1 or measure(line[:count]) <= width)
            yield line[:fits]
            line = line[fits:]
    yield line.rstrip()


def shortened(text: str, width: float, measure: Callable[[str], float]) -> str:
    """Return a text that fits, its end replaced by dots where it does not."""
    if measure(text) <= width:
        return text
    for count in range(len(text) - 1, 0, -1):
        if measure(text[:count].rstrip() + "…") <= width:
            return text[:count].rstrip() + "…"
    return "…"
