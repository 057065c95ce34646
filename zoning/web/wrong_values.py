"""What was typed into an address or form that cannot be: which field, what was expected; in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from zoning.texts import Text, joined

_MOST: Final = 10
_LONGEST: Final = 40
_WHOLE = Text("应为整数", "has to be a whole number")
_NUMBER = Text("应为数字", "has to be a number")
_DATE = Text("应为日期，如 2026-11-22", "has to be a date such as 2026-11-22")
_YES_OR_NO = Text("应为 true 或 false", "has to be true or false")
_OTHER = Text("不是可用的值", "is none of the values that can be used")
_EXPECTED: Final[Mapping[str, Text]] = {
    "missing": Text("没有填写", "is missing"),
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "string_type": Text("应为文字", "has to be a text"),
    "string_too_long": Text("最多 {max_length} 个字符", "has to have {max_length} characters at most"),
    "string_too_short": Text("至少 {min_length} 个字符", "has to have {min_length} characters at least"),
    "string_pattern_mismatch": Text("写法不对", "is not written as it has to be"),
    "greater_than_equal": Text("不得小于 {ge}", "has to be {ge} or more"),
    "greater_than": Text("应大于 {gt}", "has to be more than {gt}"),
    "less_than_equal": Text("不得大于 {le}", "has to be {le} or less"),
    "less_than": Text("应小于 {lt}", "has to be less than {lt}"),
    "literal_error": Text("应为以下之一：{expected}", "has to be one of: {expected}"),
    "enum": Text("应为以下之一：{expected}", "has to be one of: {expected}"),
    "extra_forbidden": Text("没有这一项", "is not known here"),
}
"""By the kinds of errors of Pydantic."""
_ADDRESS: Final = ("path", "query")


def wrong_values(errors: Sequence[Mapping[str, Any]]) -> Text:
    """Return one sentence about the errors that Pydantic has found in what was sent for a page.

    What was typed into an address is told with it; what was typed into a form is not: it may be a password.

    Examples
    --------
    >>> wrong_values([{"type": "date_parsing", "loc": ("query", "on"), "input": "x"}]).en
    "wrong values: 'on' in the address ('x') has to be a date such as 2026-11-22; correct it and try again"
    """
    told = joined([_told(one) for one in errors[:_MOST]], "；", "; ")
    return Text(f"填写有误：{told.zh}；请改正后重试", f"wrong values: {told.en}; correct it and try again")


def _told(error: Mapping[str, Any]) -> Text:
    place, *names = (str(part) for part in error["loc"])
    field = ".".join(names) or "-"
    expected = _expected(error)
    if place not in _ADDRESS:
        return Text(f"表单的“{field}”{expected.zh}", f"'{field}' of the form {expected.en}")
    given = str(error.get("input") or "")[:_LONGEST] if error["type"] != "missing" else ""
    zh, en = (f"（{given}）", f" ('{given}')") if given else ("", "")
    return Text(f"地址中的“{field}”{zh}{expected.zh}", f"'{field}' in the address{en} {expected.en}")


def _expected(error: Mapping[str, Any]) -> Text:
    text, known = _EXPECTED.get(error["type"], _OTHER), error.get("ctx", {})
    try:
        return Text(text.zh.format_map(known), text.en.format_map(known))
    except KeyError:
        return _OTHER
