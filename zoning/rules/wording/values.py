"""The answer to a fact in words: the same on the screen, in a comparison, in an explanation and in a case."""

from zoning.rules.facts import AtLeast, Fact, FactValue
from zoning.rules.wording.words import unit_text
from zoning.texts import Text, joined

UNKNOWN_VALUE = Text("不详", "not known")
_MORE = Text("（可能还有其他）", " (others may be chosen as well)")


def value_text(fact: Fact, value: FactValue | None) -> Text:
    """Return an answer with its unit; 不详 where there is none."""
    if value is None:
        return UNKNOWN_VALUE
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, float):
        unit = unit_text(fact.unit or "")
        return Text(f"{value:,.10g} {unit.zh}".rstrip(), f"{value:,.10g} {unit.en}".rstrip())
    words = [fact.values.get(word, Text(str(word), str(word))) for word in value]
    more = _MORE if isinstance(value, AtLeast) else Text("", "")
    named = joined(words)
    return Text(f"{named.zh}{more.zh}", f"{named.en}{more.en}")
