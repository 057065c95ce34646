"""What a register holds, in words: codes by their titles, figures with their units."""

from zoning.registers.record import Value
from zoning.registers.types import FieldSpec
from zoning.texts import Text, joined

_YES, _NO = Text("是", "yes"), Text("否", "no")


def in_words(spec: FieldSpec, value: Value) -> Text | str:
    """Return a value as people read it; what has no language is a plain string, nothing an empty one."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return _YES if value else _NO
    if spec.kind == "code":
        return _code(spec, str(value))
    if isinstance(value, tuple):
        titles = [_code(spec, code) for code in value]
        return joined(titles)
    if isinstance(value, int | float):
        # A number without a unit is a year or a count of the survey: no commas.
        comma = "," if spec.unit else ""
        figure = f"{value:{comma}.15g}" if isinstance(value, float) else f"{value:{comma}}"
        return f"{figure} {spec.unit}".strip()
    return str(value)


def _code(spec: FieldSpec, code: str) -> Text:
    known = spec.codes.get(code)
    return Text(code, code) if known is None else known.title
