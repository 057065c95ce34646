"""The words allowed after `when:`, decided in three-valued logic: true, false, unknown (Kleene 1952).

A condition is a table. Its keys are facts; several keys mean: all of them. `all`, `any` and `not` combine.

    when:
      construction: [new, rebuild, expand]      # any of these
      discharges_pollutants: yes
      freight_mt_per_year: {at_least: 1.5}      # also above, at_most, below; a number or the name of a value
      any: [{activity: [coking]}, {activity: [steel]}]
      not: {purpose: [water-supply]}
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum
from typing import Protocol, runtime_checkable

from zoning.rules.facts import FactSheet, Vocabulary
from zoning.texts import Text

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


class Truth(Enum):
    """Three truth values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """A truth value and, when unknown, the facts that would settle it."""

    truth: Truth
    missing: tuple[str, ...] = ()


TRUE = Answer(Truth.TRUE)
FALSE = Answer(Truth.FALSE)


@runtime_checkable
class Condition(Protocol):
    """A condition on facts."""

    def decide(self, facts: FactSheet, values: Mapping[str, str]) -> Answer:
        """Decide for `facts`; `values` are the rule's parameters on the day of the check."""
        ...

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Text]:
        """Return what does not fit the vocabulary."""
        ...


def both(answers: list[Answer]) -> Answer:
    """All must be true: false wins over unknown."""
    if any(answer.truth is Truth.FALSE for answer in answers):
        return FALSE
    return _unknown_or(answers, TRUE)


def either(answers: list[Answer]) -> Answer:
    """One must be true: true wins over unknown."""
    if any(answer.truth is Truth.TRUE for answer in answers):
        return TRUE
    return _unknown_or(answers, FALSE)


def _unknown_or(answers: list[Answer], otherwise: Answer) -> Answer:
    unknown = [answer for answer in answers if answer.truth is Truth.UNKNOWN]
    if not unknown:
        return otherwise
    return Answer(Truth.UNKNOWN, tuple(dict.fromkeys(name for answer in unknown for name in answer.missing)))


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when all parts are."""

    parts: tuple[Condition, ...]

    def decide(self, facts: FactSheet, values: Mapping[str, str]) -> Answer:
        """Decide all parts."""
        return both([part.decide(facts, values) for part in self.parts])

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Text]:
        """Return the mistakes of all parts."""
        return [text for part in self.parts for text in part.mistakes(vocabulary, values)]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Condition, ...]

    def decide(self, facts: FactSheet, values: Mapping[str, str]) -> Answer:
        """Decide all parts."""
        return either([part.decide(facts, values) for part in self.parts])

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Text]:
        """Return the mistakes of all parts."""
        return [text for part in self.parts for text in part.mistakes(vocabulary, values)]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Condition

    def decide(self, facts: FactSheet, values: Mapping[str, str]) -> Answer:
        """Turn the answer of the part round; unknown stays unknown."""
        answer = self.part.decide(facts, values)
        if answer.truth is Truth.UNKNOWN:
            return answer
        return FALSE if answer.truth is Truth.TRUE else TRUE

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Text]:
        """Return the mistakes of the part."""
        return self.part.mistakes(vocabulary, values)


@dataclass(frozen=True, slots=True)
class OneOf:
    """True when a choice fact has one of the words, or a yes-no fact the answer.

    Where several words can be chosen, one of them is enough; with `every`, all that were chosen must be among `words`.
    """

    fact: str
    words: tuple[str, ...]
    every: bool = False

    def decide(self, facts: FactSheet, values: Mapping[str, str]) -> Answer:  # noqa: ARG002
        """Compare the fact with the words."""
        value = facts.get(self.fact)
        if value is None:
            return Answer(Truth.UNKNOWN, (self.fact,))
        known = ("yes" if value else "no",) if isinstance(value, bool) else value
        if isinstance(known, float):
            return FALSE
        chosen, words = set(known), set(self.words)
        return TRUE if (chosen <= words if self.every else chosen & words) else FALSE

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Text]:  # noqa: ARG002
        """Return what the vocabulary does not know."""
        fact = vocabulary.facts.get(self.fact)
        if fact is None:
            return [_unknown(self.fact, list(vocabulary.facts), "事实", "fact")]
        if fact.kind == "number":
            return [Text(f"{self.fact} 是数值，须写比较词", f"{self.fact} is a number: write a comparison")]
        allowed = ["yes", "no"] if fact.kind == "yes_no" else list(fact.values)
        return [
            _unknown(word, allowed, f"{self.fact} 的值", f"value of {self.fact}")
            for word in self.words
            if word not in allowed
        ]


@dataclass(frozen=True, slots=True)
class Compare:
    """True when a number fact stands in the relation to the limit: a number, or the name of a value of the rule."""

    fact: str
    relation: str
    limit: str

    def decide(self, facts: FactSheet, values: Mapping[str, str]) -> Answer:
        """Compare the fact with the limit."""
        value = facts.get(self.fact)
        if value is None:
            return Answer(Truth.UNKNOWN, (self.fact,))
        if not isinstance(value, float):
            return FALSE
        limit = float(values.get(self.limit, self.limit))
        return TRUE if _COMPARISONS[self.relation](value, limit) else FALSE

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Text]:
        """Return what the vocabulary or the rule's values do not know."""
        fact = vocabulary.facts.get(self.fact)
        if fact is None:
            return [_unknown(self.fact, list(vocabulary.facts), "事实", "fact")]
        if fact.kind != "number":
            return [Text(f"{self.fact} 不是数值，不能比较", f"{self.fact} is no number: it cannot be compared")]
        if self.limit not in values and not _is_number(self.limit):
            return [_unknown(self.limit, list(values), "参数", "value")]
        return []


def strictly(condition: Condition, *, binds: bool) -> Condition:
    """Return the condition read so that a project of several activities or purposes never slips through.

    What makes a rule bind (`binds`) holds as soon as one of the chosen words is meant: a hotel with a research hut is a
    hotel. What lifts or softens it must be true of all of them: a waterworks with a hotel is no waterworks.
    """
    if isinstance(condition, OneOf):
        return replace(condition, every=not binds)
    if isinstance(condition, Not):
        return Not(strictly(condition.part, binds=not binds))
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(strictly(part, binds=binds) for part in condition.parts))
    return condition


def parse_condition(raw: object) -> Condition:
    """Turn the table after `when:` into a condition.

    Raises
    ------
    ValueError
        When the table is empty or holds something that is no condition.
    """
    if not isinstance(raw, dict) or not raw:
        msg = "a condition is a table such as {construction: [new, expand]}"
        raise ValueError(msg)
    parts = tuple(_parse_entry(str(key), value) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _parse_entry(key: str, value: object) -> Condition:
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            msg = f"'{key}' needs a list of conditions"
            raise ValueError(msg)
        parts = tuple(parse_condition(item) for item in value)
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(parse_condition(value))
    if isinstance(value, dict):
        return _parse_comparison(key, value)
    listed = value if isinstance(value, list) else [value]
    words = [word for word in listed if isinstance(word, str)]
    if not words or len(words) < len(listed):
        msg = f"'{key}' needs one word or a list of words"
        raise ValueError(msg)
    return OneOf(key, tuple(words))


def _parse_comparison(fact: str, table: dict[str, object]) -> Condition:
    for relation in table:
        if relation not in _COMPARISONS:
            msg = f"'{relation}' is no comparison; allowed: {', '.join(_COMPARISONS)}"
            raise ValueError(msg)
    parts = tuple(Compare(fact, relation, str(limit)) for relation, limit in table.items())
    if not parts:
        msg = f"'{fact}' needs a comparison: {', '.join(_COMPARISONS)}"
        raise ValueError(msg)
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _unknown(word: str, allowed: list[str], what_zh: str, what_en: str) -> Text:
    near = get_close_matches(word, allowed, n=1)
    hint_zh = f"；是否想写“{near[0]}”？" if near else ""
    hint_en = f" - did you mean '{near[0]}'?" if near else ""
    return Text(f"不认识的{what_zh}“{word}”{hint_zh}", f"unknown {what_en} '{word}'{hint_en}")
