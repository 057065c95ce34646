"""What is wrong with a file that is no YAML, said to someone who does not know YAML.

The parser says where it gave up; what the author did is looked up in the lines themselves. So the sentences are the
same whichever parser (libyaml or Python) is installed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from zoning.texts import Text

_KEY = r"^\s*(?:- +)*[\"']?(?P<key>[A-Za-z_][\w.-]*)[\"']?"
_WIDE_COLON = re.compile(_KEY + r"\s*：")
_NO_SPACE = re.compile(_KEY + r":(?=[^\s:/])")
_TWO_COLONS = re.compile(_KEY + r":\s+[^\"'{\[\s].*?:(?:\s|$)")
_AFTER_QUOTE = re.compile(r":\s+(?P<quote>[\"'])[^\"']*(?P=quote)(?!\s*\w+:)\s*[^\s,#}\]]")
_NEW_ENTRY = re.compile(r"^(?P<indent>\s*(?:- +)*)[A-Za-z_][\w.-]*:(?:\s|$)")
_WIDE_BRACKETS = {"｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]"}
_CLOSERS = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the parser gave up (`line`, `column`) and where what it was reading begins; all counted from 0."""

    lines: list[str]
    line: int
    column: int
    begin: int
    begin_column: int
    context: str

    @property
    def text(self) -> str:
        return self.lines[self.line] if self.line < len(self.lines) else ""

    @property
    def char(self) -> str:
        return self.text[self.column : self.column + 1]

    @property
    def near(self) -> list[int]:
        """The lines that can hold the mistake, the last first."""
        last = min(self.line, len(self.lines) - 1)
        return list(range(last, min(self.begin, max(last - 1, 0)) - 1, -1))


Found = tuple[int, Text] | None


def explain_syntax(text: str, error: Any) -> tuple[int, Text]:
    """Return the line, counted from 1, and the sentence for text that the parser refused.

    Parameters
    ----------
    error
        The parser's exception, with its marks where it has any.
    """
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        return line, Text(
            "有看不见的控制字符；请删去这一行，重新输入",
            "an invisible control character: delete the line and type it again",
        )
    begin = context or mark
    spot = _Spot(
        re.split(r"\r\n|\r|\n", text),
        mark.line,
        mark.column,
        begin.line,
        begin.column,
        getattr(error, "context", "") or "",
    )
    for look in _LOOKS:
        found = look(spot)
        if found is not None:
            return found[0] + 1, found[1]
    return min(spot.line, len(spot.lines) - 1) + 1, Text(
        "这里不合 YAML 的写法；请对照 rules/README.md 的例子检查冒号、括号、引号和缩进",
        "this is not written as YAML: compare colons, brackets, quotes and indentation with the example in "
        "rules/README.md",
    )


def _tab(spot: _Spot) -> Found:
    for number in spot.near:
        line = spot.lines[number]
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent or (number == spot.line and spot.char == "\t"):
            return number, Text(
                f"第 {number + 1} 行用了制表符，请改为空格", f"line {number + 1} holds a tab: write spaces instead"
            )
    return None


def _wide_colon(spot: _Spot) -> Found:
    for number in spot.near:
        match = _WIDE_COLON.match(spot.lines[number])
        if match:
            key = match["key"]
            return number, Text(
                f"键后应为半角冒号加空格：写成“{key}: …”",
                f"a key is followed by a plain colon and a space: write '{key}: ...'",
            )
    return None


def _no_space(spot: _Spot) -> Found:
    for number in spot.near:
        match = _NO_SPACE.match(spot.lines[number])
        if match:
            key = match["key"]
            return number, Text(
                f"冒号后须有空格：写成“{key}: …”", f"a space belongs after the colon: write '{key}: ...'"
            )
    return None


def _wide_bracket(spot: _Spot) -> Found:
    for number in spot.near:
        wide = next((sign for sign in _WIDE_BRACKETS if re.search(rf":\s*{sign}", spot.lines[number])), None)
        if wide:
            plain = _WIDE_BRACKETS[wide]
            return number, Text(
                f"用了全角括号“{wide}”；请改为半角“{plain}”", f"a full-width bracket '{wide}': write '{plain}'"
            )
    return None


def _quote(spot: _Spot) -> Found:
    if "quoted scalar" in spot.context:
        return spot.begin, Text(
            "从这一行开始的英文引号没有成对；请在句末补上",
            "the quotation mark on this line is not closed: add it at the end",
        )
    match = _AFTER_QUOTE.search(spot.text)
    if match and spot.char not in _CLOSERS.values():
        return spot.line, Text(
            "引号之后还有文字；请把整句放进一对英文双引号，句中的引号用“ ”",
            "text follows the closing quotation mark: put the whole sentence between one pair of double quotes, "
            "and write “ ” inside it",
        )
    return None


def _comparison(spot: _Spot) -> Found:
    scalar = "block scalar" in spot.context
    if spot.char == ">" or (scalar and spot.lines[spot.begin][spot.begin_column : spot.begin_column + 1] == ">"):
        return (spot.begin if scalar else spot.line), Text(
            "值里不写“>”；比较写在键上：{at_least: 20}、{above: 20}、{at_most: 20}、{below: 20}",
            "no '>' in a value; the key says how to compare: {at_least: 20}, {above: 20}, {at_most: 20}, {below: 20}",
        )
    return None


def _first_sign(spot: _Spot) -> Found:
    number, column = spot.line, spot.column
    if any(kind in spot.context for kind in ("block scalar", "alias", "anchor", "tag")):
        number, column = spot.begin, spot.begin_column
    sign = spot.lines[number][column : column + 1] if number < len(spot.lines) else ""
    if sign and sign in "@`%*&!|":
        return number, Text(
            f"文字不能以“{sign}”开头；请给整句加上英文双引号",
            f"a text cannot begin with '{sign}': put it between double quotes",
        )
    return None


def _brackets(spot: _Spot) -> Found:
    if "flow" not in spot.context:
        if spot.char in _CLOSERS.values() and spot.char:
            return spot.line, Text(f"多了一个“{spot.char}”；请删去", f"one '{spot.char}' too many: delete it")
        return None
    spot = _from_opener(spot)
    opener = spot.lines[spot.begin][spot.begin_column]
    closer = _CLOSERS.get(opener, "}")
    if not _is_closed(spot, opener, closer):
        return spot.begin, Text(
            f"“{opener}”没有对应的“{closer}”；请在这一项的末尾补上",
            f"'{opener}' has no '{closer}': add it at the end of this entry",
        )
    written = "\n".join(spot.lines[spot.begin : spot.line])[spot.begin_column :] + spot.text[: spot.column]
    if spot.char == ":" and re.search(r"，\s*\w+$", written):
        return spot.line, Text(
            f"{opener} {closer} 里各项之间用半角逗号加空格，不用“，”",
            f"inside {opener} {closer} the entries are divided by a plain comma and a space, not by '，'",
        )
    if spot.char == ":":
        return spot.line, Text(
            f"{opener} {closer} 里的句子含有英文冒号；请给整句加上英文双引号",
            f"a sentence inside {opener} {closer} holds a colon: put the whole sentence between double quotes",
        )
    return spot.line, Text(
        f"{opener} {closer} 里各项之间缺少半角逗号；请补上",
        f"a comma is missing between the entries inside {opener} {closer}: add it",
    )


def _from_opener(spot: _Spot) -> _Spot:
    """Return the spot from its bracket on: where the file ends behind one, the parser names the place behind it."""
    lines = spot.lines
    if spot.begin < len(lines) and spot.begin_column < len(lines[spot.begin]):
        return spot
    before = [*lines[: spot.begin], *(line[: spot.begin_column] for line in lines[spot.begin : spot.begin + 1])]
    for number in range(len(before) - 1, -1, -1):
        column = max(before[number].rfind(sign) for sign in _CLOSERS)
        if column >= 0:
            return replace(spot, begin=number, begin_column=column)
    return spot


def _is_closed(spot: _Spot, opener: str, closer: str) -> bool:
    depth, quote = 0, ""
    within = _NEW_ENTRY.match(spot.lines[spot.begin])
    own = len(within["indent"]) if within else spot.begin_column
    for number in range(spot.begin, len(spot.lines)):
        line = spot.lines[number]
        entry = _NEW_ENTRY.match(line)
        # What stands further in can be a key inside the brackets.
        if number > spot.begin and entry and len(entry["indent"]) <= own and not quote:
            return False
        for sign in line[spot.begin_column if number == spot.begin else 0 :]:
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "\"'":
                quote = sign
            elif sign in (opener, closer):
                depth += 1 if sign == opener else -1
                if depth == 0:
                    return True
    return False


def _colon(spot: _Spot) -> Found:
    if spot.char == ":" and _TWO_COLONS.match(spot.text):
        return spot.line, Text(
            "句子里有英文冒号；请给整句加上英文双引号，或改用中文冒号",
            "the sentence holds a colon: put the whole sentence between double quotes",
        )
    return None


def _dash(spot: _Spot) -> Found:
    if spot.char == "-" and re.match(r"^\s*[\w.-]+:\s+-\s", spot.text):
        return spot.line, Text(
            "列表的“- ”要另起一行，多缩进两个空格", "the '- ' of a list begins a new line, two spaces further in"
        )
    return None


def _indent(spot: _Spot) -> Found:
    if spot.line >= len(spot.lines):
        return None
    above = next((line for line in reversed(spot.lines[: spot.line]) if line.strip()), "")
    if not above or _width(above) == _width(spot.text):
        return None
    return spot.line, Text(
        "缩进与上文不一致：同一层的键要对齐，下一层多缩进两个空格",
        "the indentation does not fit the lines above: keys of one level stand in one column, those of the next level "
        "two spaces further in",
    )


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


_LOOKS: tuple[Callable[[_Spot], Found], ...] = (
    _tab, _wide_colon, _no_space, _wide_bracket, _quote, _comparison, _first_sign, _brackets, _colon, _dash, _indent,
)  # fmt: skip
