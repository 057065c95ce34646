"""One cell of a list holds several clauses: cut it where its own numbering says so, and lose nothing.

Only the outermost numbering of a cell cuts: in `1.禁止下列项目：（1）…（2）…2.…` the items in brackets belong to
clause 1 and mean nothing without its first words. For the same reason `禁止下列项目：1.…2.…` stays whole. Without a
numbering every line is a clause, unless it ends in the middle of a sentence.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_CHINESE = "〇零一二三四五六七八九十百"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}

# Where a sentence has ended a number may follow in the same line; after anything else only in a new line.
_ENDED = "。；;！!？?：:"
_UNFINISHED = "，,、：:（(“《和及与或"
_COLONS = ("：", ":")
_LISTED = "；;，,、"
# Words that make the items after a colon depend on what stands before it.
_GOVERNING = re.compile(r"禁|限制|不得|不予|不准|不应|必须|应当|允许|鼓励|除|包括")
# After a number these make it a figure: 1-2年, 1.5万吨.
_UNITS = "年月日天小时个倍万亿千百吨公米元户处类级%％‰"


@dataclass(frozen=True, slots=True)
class Piece:
    """One clause as it is printed: its number, `（1）` or `1-1`, empty where it has none, and its words."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class _Style:
    """A way of numbering: how it is printed and which number it means."""

    name: str
    pattern: re.Pattern[str]
    number: Callable[[re.Match[str]], int]


@dataclass(frozen=True, slots=True)
class _Mark:
    style: str
    number: int
    start: int
    end: int
    own_line: bool


def _chinese(text: str) -> int:
    """Return the number that Chinese digits below one thousand mean.

    >>> _chinese("二十一"), _chinese("十"), _chinese("一百零二")
    (21, 10, 102)
    """
    total, digit = 0, 0
    for sign in text:
        if sign == "百":
            total, digit = total + max(digit, 1) * 100, 0
        elif sign == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def _last_number(found: re.Match[str]) -> int:
    return int(found[1])


_SEVERAL_LEVELS = ("pair", "chapter")  # 1-2 is followed by 1-3 or by 2-1
_STYLES = (
    _Style("article", re.compile(rf"第([{_CHINESE}]{{1,5}})条[：:、\s]?"), lambda m: _chinese(m[1])),
    _Style("chinese", re.compile(rf"([{_CHINESE}]{{1,4}})、"), lambda m: _chinese(m[1])),
    _Style("chinese in brackets", re.compile(rf"[（(]([{_CHINESE}]{{1,4}})[）)][、.．]?"), lambda m: _chinese(m[1])),
    # 1-1 of the dimension, 2.1 of a chapter; 1.5 followed by a unit is a figure, which the order of numbers tells.
    _Style("pair", re.compile(rf"\d{{1,2}}[-－—–]([0-9]{{1,3}})(?!\s*[\d{_UNITS}-])[.．、：:\s]?"), _last_number),
    _Style(
        "chapter",
        re.compile(rf"\d{{1,2}}[.．]([0-9]{{1,2}})(?!\s*[\d.．{_UNITS}])(?=[、\s\u4e00-\u9fff])、?"),
        _last_number,
    ),
    _Style("digits", re.compile(r"([0-9]{1,3})(?:[.．](?!\d)|、(?!\d))"), _last_number),
    _Style("digits in brackets", re.compile(r"[（(\[【]([0-9]{1,3})[）)\]】][、.．]?"), _last_number),
    _Style("digits before a bracket", re.compile(r"([0-9]{1,3})[）)][、.．]?"), _last_number),
    _Style("circled", re.compile(rf"([{_CIRCLED}])[、.．]?"), lambda m: _CIRCLED.index(m[1]) + 1),
)


def split_clauses(cell: str) -> tuple[Piece, ...]:
    """Cut a cell into its clauses.

    The marks and texts of all pieces, one after the other, are the cell again, up to white space.

    >>> [piece.mark for piece in split_clauses("1、禁止采石；2、限制（1）开荒（2）放牧。3、其他2.5公顷以上")]
    ['1、', '2、', '3、']
    """
    text = cell.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return ()
    marks = _outermost(list(_marks(text)))
    lead = text[: marks[0].start].strip() if marks else ""
    if not marks:
        return tuple(Piece("", paragraph) for paragraph in _paragraphs(text))
    if lead.endswith(_COLONS) and _GOVERNING.search(lead):
        return tuple(Piece("", block) for block in _blocks(text, marks))
    ends = [*(mark.start for mark in marks[1:]), len(text)]
    cut = (
        Piece(text[mark.start : mark.end].strip(), text[mark.end : end].strip())
        for mark, end in zip(marks, ends, strict=True)
    )
    return (*(Piece("", paragraph) for paragraph in _paragraphs(lead)), *cut)


def _marks(text: str) -> Iterator[_Mark]:
    """Yield every number that stands where a clause can begin."""
    for position, own_line in _beginnings(text):
        for style in _STYLES:
            found = style.pattern.match(text, position)
            if found:
                yield _Mark(style.name, style.number(found), position, found.end(), own_line)
                break


def _beginnings(text: str) -> Iterator[tuple[int, bool]]:
    fresh, own_line = True, True
    for position, sign in enumerate(text):
        if sign == "\n":
            fresh, own_line = True, True
        elif sign.isspace():
            continue
        else:
            # Circled numbers are hardly ever used for anything else: they need no end of a sentence before them.
            if fresh or sign in _CIRCLED:
                yield position, own_line
            fresh, own_line = sign in _ENDED, False


def _outermost(marks: list[_Mark]) -> list[_Mark]:
    """Return the marks of the numbering that begins first, those out of order in the middle of a line left out."""
    kept: list[_Mark] = []
    for mark in marks:
        if not kept:
            if mark.own_line or mark.number == 1:
                kept.append(mark)
        elif mark.style == kept[0].style and (mark.own_line or _follows(mark, kept[-1])):
            kept.append(mark)
    return kept


def _follows(mark: _Mark, before: _Mark) -> bool:
    return mark.number == before.number + 1 or (mark.number == 1 and mark.style in _SEVERAL_LEVELS)


def _blocks(text: str, marks: list[_Mark]) -> list[str]:
    """Return the text cut at the lines without a number that announce a list: each keeps its items."""
    numbered = {mark.start for mark in marks}
    starts: list[int] = [0]
    position = 0
    for line in text.split("\n"):
        start = position + len(line) - len(line.lstrip())
        if position and line.rstrip().endswith(_COLONS) and start not in numbered:
            starts.append(position)
        position += len(line) + 1
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _paragraphs(text: str) -> list[str]:
    found: list[str] = []
    listing = False
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        if found and (found[-1][-1] in _UNFINISHED or (listing and found[-1][-1] in _LISTED)):
            found[-1] = f"{found[-1]}\n{line}"
        else:
            found.append(line)
            listing = False
        listing = listing or line.endswith(_COLONS)
    return found
