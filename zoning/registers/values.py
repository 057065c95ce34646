"""What a field may hold: checked against the type, stored as JSON, read back."""

import math
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zoning.errors import ContentError
from zoning.mistakes import Mistake
from zoning.registers.record import Value
from zoning.registers.types import FieldSpec, RegisterType
from zoning.texts import Text

Stored = dict[str, Any]
_SHOWN = 12


_WRONG = {
    "text": Text("应为文字，不含控制字符", "a text without control characters is wanted"),
    "integer": Text("应为整数", "a whole number is wanted"),
    "number": Text("应为数字", "a number is wanted"),
    "date": Text("应为日期，写成 2026-11-22 的形式", "a date is wanted, written like 2026-11-22"),
    "flag": Text("应为 是 或 否", "yes or no is wanted"),
    "code": Text("应为代码", "a code is wanted"),
    "codes": Text("应为代码，多个用逗号", "codes are wanted, with commas between them"),
}


def normalised(spec: FieldSpec, value: Value) -> Any:
    """Return a value as it is stored; None for none.

    Raises
    ------
    Mistake
        When the field cannot hold it.
    """
    if value is None or value in ("", ()):
        return None
    stored = _stored(spec, value)
    if spec.kind in {"integer", "number"}:
        _demand_range(spec, stored)
    return stored


def _stored(spec: FieldSpec, value: Value) -> Any:  # noqa: PLR0911 - one line per kind
    kind = spec.kind
    if kind == "text" and isinstance(value, str) and is_plain_text(value):
        return value
    if kind == "flag" and isinstance(value, bool):
        return value
    if kind == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if kind == "integer" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value) + 0.0  # no minus before zero
    if kind == "code" and isinstance(value, str):
        return _demand_code(spec, value)
    if kind == "codes" and isinstance(value, tuple):
        return sorted({_demand_code(spec, code) for code in value})
    raise Mistake(_WRONG[kind])


def is_plain_text(value: str) -> bool:
    """Tell whether a text has no control characters but line ends and tabs, and can be written as UTF-8."""
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in value)


def _demand_range(spec: FieldSpec, number: float) -> None:
    if spec.minimum is not None and number < spec.minimum:
        raise Mistake(Text(f"{number:g} 小于下限 {spec.minimum:g}", f"{number:g} is below {spec.minimum:g}"))
    if spec.maximum is not None and number > spec.maximum:
        raise Mistake(Text(f"{number:g} 大于上限 {spec.maximum:g}", f"{number:g} is above {spec.maximum:g}"))


def _demand_code(spec: FieldSpec, code: str) -> str:
    if code not in spec.codes:
        raise Mistake(_unknown_code(spec, code))
    return code


def _unknown_code(spec: FieldSpec, code: str) -> Text:
    known = list(spec.codes.items())
    more = len(known) - _SHOWN
    zh = "、".join(f"{key} {about.title.zh}" for key, about in known[:_SHOWN]) + ("……" if more > 0 else "")
    en = ", ".join(f"{key} {about.title.en}" for key, about in known[:_SHOWN]) + (" ..." if more > 0 else "")
    return Text(f"没有代码“{code}”；有：{zh}", f"there is no code '{code}'; there are: {en}")


def merged(kind: RegisterType, before: Mapping[str, Any], values: Mapping[str, Value]) -> Stored:
    """Return the stored values of a record after a change; nothing is checked across fields.

    Raises
    ------
    Mistake
        When a field is unknown or cannot hold its value; `at` names it.
    """
    after = dict(before)
    for name, value in values.items():
        spec = kind.fields.get(name)
        if spec is None:
            raise Mistake(Text(f"没有字段“{name}”", f"there is no field '{name}'"), (name,))
        try:
            stored = normalised(spec, value)
        except Mistake as mistake:
            raise Mistake(mistake.text, (name,)) from mistake
        after.pop(name, None)
        if stored is not None:
            after[name] = stored
    return after


def faults(kind: RegisterType, stored: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """Return what is wrong with the values of a record taken together: what is missing, codes that do not agree."""
    found = [
        (name, Text("必填，没有值", "it is required and has no value"))
        for name, spec in kind.fields.items()
        if spec.required and name not in stored
    ]
    for name, spec in kind.fields.items():
        if spec.parent is None or name not in stored or spec.parent not in stored:
            continue
        codes = stored[name] if isinstance(stored[name], list) else [stored[name]]
        above = stored[spec.parent]
        allowed = set(above) if isinstance(above, list) else {above}
        for code in codes:
            under = spec.codes[code].under if code in spec.codes else ()
            if under and not allowed & set(under):
                shown, owners = sorted(allowed), under
                text = Text(
                    f"代码 {code} 只用于 {spec.parent} 为 {'、'.join(owners)} 的，而它是 {'、'.join(shown)}",
                    f"code {code} goes with {spec.parent} {'; '.join(owners)}, which is {'; '.join(shown)}",
                )
                found.append((name, text))
    return found


def decoded(kind: RegisterType, record: str, stored: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values of a record in the order of the type; fields that the type no longer has are left out.

    Raises
    ------
    ContentError
        When a stored value does not fit to the type any more.
    """
    values: dict[str, Value] = {}
    for name, spec in kind.fields.items():
        if name not in stored:
            continue
        value = stored[name]
        try:
            if spec.kind == "date":
                value = date.fromisoformat(value)
            elif spec.kind == "codes":
                value = tuple(value)
            elif spec.kind == "number":
                value = float(value)
            elif isinstance(value, list):
                raise TypeError(value)  # noqa: TRY301 - codes where the type now wants one
        except (TypeError, ValueError) as error:
            raise ContentError(
                f"{record}：字段 {name} 中的“{value}”与类型 {kind.id} 现在的定义（{spec.kind}）不符",
                f"{record}: '{value}' in field {name} does not fit to the type {kind.id} as it is now ({spec.kind})",
            ) from error
        values[name] = value
    return values
