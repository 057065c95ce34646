"""One cell of a ledger becomes a value of its field, or a sentence that says what is allowed."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

from zoning.mistakes import meant
from zoning.registers.ledger.units import factor, is_unit
from zoning.registers.record import Value
from zoning.registers.types import Code, FieldSpec
from zoning.sites.tables.grid import Flaw
from zoning.texts import Text

_NUMBER = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>[^\s0-9.,~+-][^\s0-9.]*[23]?)?"
)
_GROUPED = re.compile(r"([+-]?[0-9]{1,3}(?:,[0-9]{3})+)(?![0-9])")
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
_DATE = re.compile(r"(?P<year>[0-9]{4})\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*日?")
_PACKED = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[01][0-9])(?P<day>[0-3][0-9])")
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_EXCEL_BEGINS = date(1899, 12, 30)
_LISTS = (re.compile(r"[;；]"), re.compile(r"[;；,，、|]"), re.compile(r"[;；,，、|\s]"))
_BETWEEN = " -—–:、."  # a code and its word
_YES = ("是", "有", "true", "yes", "y", "1", "√", "✓")
_NO = ("否", "无", "false", "no", "n", "0", "×", "✗")
_NOTHING = ("-", "--", "—", "——", "/", "\\", "<null>")
_NO_NUMBER = ("无", "无数据", "不详", "null", "none", "nan", "n/a")
_MOST_LISTED = 12
_ID_ZERO = re.compile(r"([0-9]{4,})\.0+")


class CellError(ValueError):
    """A cell that cannot be a value of its field: what is wrong, and what is allowed."""

    def __init__(self, wrong: Text, allowed: Text) -> None:
        super().__init__(wrong.en)
        self.wrong = wrong
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands: its text, what the column is called, the unit of its header, why it cannot be taken."""

    text: str
    column: str
    unit: str = ""
    flaw: Flaw | None = None


def is_empty(cell: Cell, spec: FieldSpec) -> bool:
    """Tell whether a cell says nothing: empty, or one of the signs that people put for nothing.

    A word such as 无 says so only in a column of numbers or dates.
    """
    text = cell.text.strip()
    # A formula whose result is lost has no text, and is not nothing.
    if cell.flaw is not None or not text or spec.kind == "text":
        return cell.flaw is None and not text
    words = _NO_NUMBER if spec.kind in ("number", "integer", "date") else ()
    return text.lower() in (*_NOTHING, *words)


def value_of(cell: Cell, spec: FieldSpec, *, identifies: bool = False) -> Value:
    """Return the value of a cell that is not empty.

    Parameters
    ----------
    identifies
        It is the number of the record, or a code of a territory: digits in half width, nothing lost.

    Raises
    ------
    CellError
    """
    if cell.flaw is not None and not (cell.flaw == "date" and spec.kind in ("date", "text") and not identifies):
        raise _flawed(cell)
    if spec.kind == "text":
        return _identifier(cell.text) if identifies else _text(cell)
    plain = unicodedata.normalize("NFKC", cell.text).strip()
    value = _READERS[spec.kind](plain, cell, spec)
    _check_limits(value, spec, cell)
    return value


def _flawed(cell: Cell) -> CellError:
    if cell.flaw == "date":
        return CellError(
            Text(
                f"“{cell.text}”被表格软件当成了日期，原来写的内容已丢失",
                f"'{cell.text}' was turned into a date by the program",
            ),
            Text("把该列设为“文本”后重新填写", "format the column as text and write it again"),
        )
    if cell.flaw == "error":
        return CellError(
            Text(f"是错误值 {cell.text}", f"is the error {cell.text}"),
            Text("改正公式后保存", "correct the formula and save"),
        )
    return CellError(
        Text("是公式，文件里没有它的结果", "is a formula whose result the file does not hold"),
        Text("用 Excel 打开、保存后再提交", "open it in Excel and save it"),
    )


def _text(cell: Cell) -> str:
    text = cell.text.strip().replace("\r\n", "\n")
    return _MIDNIGHT.sub("", text) if cell.flaw == "date" else text


def _identifier(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    if _SHORTENED.fullmatch(plain):
        raise CellError(
            Text(
                f"“{plain}”是表格软件缩写的数字，后面的位数已丢失",
                f"'{plain}' is a number that the program shortened: digits are lost",
            ),
            Text("把该列设为“文本”后重新填写编号", "format the column as text and write the number again"),
        )
    zero = _ID_ZERO.fullmatch(plain)
    return zero[1] if zero else plain


def _number(plain: str, cell: Cell, spec: FieldSpec) -> float:
    allowed = _number_allowed(spec)
    text = _GROUPED.sub(lambda found: found[1].replace(",", ""), plain)
    if spec.unit == "°" and (angle := _angle(cell.text)) is not None:
        return angle
    found = _NUMBER.fullmatch(text)
    unit = found["unit"] if found and found["unit"] else cell.unit
    times = factor(unit, spec.unit) if found else None
    if found and times is None:
        raise CellError(
            Text(
                f"单位“{unit}”与本列的 {spec.unit or '无单位'} 不符",
                f"the unit '{unit}' does not go with {spec.unit or 'no unit'}",
            ),
            allowed,
        )
    value = float(found["number"]) if found else float("nan")
    if times is None or not isfinite(value):
        raise CellError(Text(f"“{_short(cell.text)}”不是数字", f"'{_short(cell.text)}' is no number"), allowed)
    return value if times == 1.0 else value * times


def _angle(text: str) -> float | None:
    """Return degrees that are written with minutes, None for anything else."""
    from zoning.sites.tables.measures import NotationError, measure
    from zoning.sites.tables.signs import plain

    try:
        found = measure(plain(text))
    except NotationError:
        return None
    return found.value if found is not None and found.is_angle else None


def _integer(plain: str, cell: Cell, spec: FieldSpec) -> int:
    value = _number(plain, cell, spec)
    if not value.is_integer():
        raise CellError(
            Text(f"“{_short(cell.text)}”不是整数", f"'{_short(cell.text)}' is no whole number"), _number_allowed(spec)
        )
    return int(value)


def _number_allowed(spec: FieldSpec) -> Text:
    zh, en = ("整数", "a whole number") if spec.kind == "integer" else ("数字", "a number")
    if spec.unit:
        zh, en = f"{zh}，单位 {spec.unit}", f"{en} in {spec.unit}"
    if spec.minimum is not None and spec.maximum is not None:
        return Text(f"{zh}，{spec.minimum:g} 至 {spec.maximum:g}", f"{en}, {spec.minimum:g} to {spec.maximum:g}")
    if spec.minimum is not None:
        return Text(f"{zh}，不小于 {spec.minimum:g}", f"{en}, not below {spec.minimum:g}")
    if spec.maximum is not None:
        return Text(f"{zh}，不大于 {spec.maximum:g}", f"{en}, not above {spec.maximum:g}")
    return Text(zh, en)


def _check_limits(value: Value, spec: FieldSpec, cell: Cell) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    below = spec.minimum is not None and value < spec.minimum
    above = spec.maximum is not None and value > spec.maximum
    if below or above:
        raise CellError(
            Text(f"“{_short(cell.text)}”超出范围", f"'{_short(cell.text)}' is out of range"), _number_allowed(spec)
        )


def _date(plain: str, cell: Cell, _spec: FieldSpec) -> date:
    text = _MIDNIGHT.sub("", plain)
    found = _DATE.fullmatch(text) or _PACKED.fullmatch(text)
    try:
        if found:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        # A day as Excel counts it, in a column that is formatted as number or text.
        if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
            return _EXCEL_BEGINS + timedelta(days=int(float(text)))
    except ValueError:
        pass
    raise CellError(
        Text(f"“{_short(cell.text)}”不是日期", f"'{_short(cell.text)}' is no date"),
        Text("日期，写成 2026-01-31 或 2026年1月31日", "a date such as 2026-01-31"),
    )


def _flag(plain: str, cell: Cell, _spec: FieldSpec) -> bool:
    word = plain.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError(
        Text(f"“{_short(cell.text)}”不是“是”或“否”", f"'{_short(cell.text)}' is neither yes nor no"),
        Text("是、否", "yes or no"),
    )


def _code(plain: str, cell: Cell, spec: FieldSpec) -> str:
    del plain
    return code_of(cell.text, spec)


def _codes(plain: str, cell: Cell, spec: FieldSpec) -> tuple[str, ...]:
    del plain
    for separator in (None, *_LISTS):
        parts = [cell.text] if separator is None else [part for part in separator.split(cell.text) if part.strip()]
        try:
            return tuple(sorted({code_of(part, spec) for part in parts}))
        except CellError:
            if separator is _LISTS[-1]:
                break
    # The first part that is no code is named, not the whole cell.
    for part in (part for part in _LISTS[1].split(cell.text) if part.strip()):
        code_of(part, spec)
    raise _no_code(cell.text, spec)


def code_of(text: str, spec: FieldSpec) -> str:
    """Return the code that a text means: the code itself, its word, or both together.

    Raises
    ------
    CellError
        When it is none of them, or code and word contradict each other.
    """
    plain = _folded(text)
    words = _words(spec.codes)
    if plain in words:
        return words[plain]
    bare = re.sub(r"\.0+$", "", plain)
    if bare in words:
        return words[bare]
    if bare.isdecimal():
        # Excel takes the zero in front away: 103 is 0103.
        padded = [code for code in spec.codes if code.isdecimal() and code.lstrip("0") == bare.lstrip("0")]
        if len(padded) == 1:
            return padded[0]
    for code in sorted(spec.codes, key=len, reverse=True):
        rest = plain.removeprefix(_folded(code))
        word = rest.lstrip(_BETWEEN)
        if rest == plain or not word:
            continue
        if words.get(word) == code:
            return code
        if rest == word:
            continue  # a longer code that begins with this one
        raise CellError(
            Text(
                f"“{_short(text)}”的代码和文字不一致：{code} 是{spec.codes[code].title.zh}",
                f"code and word of '{_short(text)}' disagree: {code} is {spec.codes[code].title.en}",
            ),
            listed_codes(spec.codes),
        )
    raise _no_code(text, spec)


def _no_code(text: str, spec: FieldSpec) -> CellError:
    words = [word for code, entry in spec.codes.items() for word in (code, entry.title.zh, entry.title.en)]
    near = meant(text.strip(), words)
    wrong = Text(f"代码表里没有“{_short(text)}”{near.zh}", f"'{_short(text)}' is not in the code list{near.en}")
    return CellError(wrong, listed_codes(spec.codes))


def _words(codes: dict[str, Code]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, entry in codes.items():
        for word in (entry.title.zh, entry.title.en, *entry.aliases):
            found[_folded(word)] = code
    # A code counts before a word that happens to look like it.
    return found | {_folded(code): code for code in codes}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def listed_codes(codes: dict[str, Code]) -> Text:
    """Return the allowed codes with their words, the first ones of a long list."""
    shown = list(codes.items())[:_MOST_LISTED]
    zh = "、".join(f"{code} {entry.title.zh}" for code, entry in shown)
    en = ", ".join(f"{code} {entry.title.en}" for code, entry in shown)
    if len(codes) > len(shown):
        more = len(codes) - len(shown)
        return Text(f"{zh} 等（另有 {more} 个，见代码表）", f"{en} and {more} more, see the code list")
    return Text(zh, en)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."  # noqa: PLR2004 - of a sentence


_READERS: dict[str, Callable[[str, Cell, FieldSpec], Value]] = {
    "number": _number,
    "integer": _integer,
    "date": _date,
    "flag": _flag,
    "code": _code,
    "codes": _codes,
}

__all__ = ["Cell", "CellError", "code_of", "is_empty", "is_unit", "listed_codes", "value_of"]
