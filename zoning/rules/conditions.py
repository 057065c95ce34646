"""The words allowed after `when:`, decided in three-valued logic: true, false, unknown (Kleene 1952).

A condition is a table. Its keys are facts and places; several keys mean: all of them. `all`, `any`, `not` combine.

    when:
      construction: [new, rebuild, expand]      # any of these words, or of the words of a group
      discharges_pollutants: yes
      freight_mt_per_year: {at_least: 1.5}      # also above, at_most, below; a number or the name of a value
      any: [{activity: [coking]}, {within: {layer: rivers, distance: 1 km}}]
      not: {purpose: [water-supply]}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from pydantic import ValidationError

from zoning.rules.derivation.industry import level_mistake
from zoning.rules.facts import AtLeast, Vocabulary
from zoning.rules.places import COMPARISONS, RELATIONS, Where
from zoning.rules.relations import decide_where
from zoning.rules.situation import Situation
from zoning.rules.truth import FALSE, TRUE, Answer, Truth, both, either, negated
from zoning.rules.word_mistakes import (
    is_number,
    joined_key,
    no_comparison,
    no_limit,
    unknown_fact,
    unknown_value,
    unknown_word,
)
from zoning.texts import Text
from zoning.yaml_files import Key, Mistake
from zoning.yaml_wording import refusal

_UNION = 2
"""Parts of the place of a refusal: the key, and the form that pydantic tried."""


@runtime_checkable
class Condition(Protocol):
    """A condition on facts and places."""

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:
        """Decide; `values` are the rule's parameters on the day of the check."""
        ...

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Mistake]:
        """Return what does not fit the vocabulary, each with its place below the condition."""
        ...


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when all parts are."""

    parts: tuple[Condition, ...]

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:
        """Decide all parts."""
        return both([part.decide(situation, values) for part in self.parts])

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Mistake]:
        """Return the mistakes of all parts."""
        return [mistake for part in self.parts for mistake in part.mistakes(vocabulary, values)]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Condition, ...]

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:
        """Decide all parts."""
        return either([part.decide(situation, values) for part in self.parts])

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Mistake]:
        """Return the mistakes of all parts."""
        return [mistake for part in self.parts for mistake in part.mistakes(vocabulary, values)]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Condition

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:
        """Turn the answer of the part round; unknown stays unknown."""
        return negated(self.part.decide(situation, values))

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Mistake]:
        """Return the mistakes of the part."""
        return self.part.mistakes(vocabulary, values)


@dataclass(frozen=True, slots=True)
class OneOf:
    """True when a choice fact has one of the words, a yes-no fact the answer, or a code lies under one of them.

    Where several words can be chosen, one of them is enough; with `every`, all that were chosen must be among `words`.

    Attributes
    ----------
    groups
        The groups of words that were written; `words` holds what they stand for.
    at
        Where it stands below its condition.
    """

    fact: str
    words: tuple[str, ...]
    every: bool = False
    groups: tuple[str, ...] = ()
    at: Key = field(default=(), compare=False)
    meant: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "meant", frozenset(self.words))

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:  # noqa: ARG002 - as every condition
        """Compare the fact with the words."""
        value = situation.facts.get(self.fact)
        if value is None:
            return Answer(Truth.UNKNOWN, (self.fact,))
        if isinstance(value, bool):
            return TRUE if ("yes" if value else "no") in self.words else FALSE
        if isinstance(value, float):
            return FALSE
        # A code stands for itself and all levels above it.
        fits = [not self.meant.isdisjoint(getattr(item, "levels", (item,))) for item in value]
        settled = any(fits) if not self.every else not all(fits)
        if isinstance(value, AtLeast) and not settled:
            # Other words may be chosen as well.
            return Answer(Truth.UNKNOWN, (self.fact,))
        return TRUE if settled != self.every else FALSE

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Mistake]:  # noqa: ARG002 - as every condition
        """Return what the vocabulary does not know."""
        fact = vocabulary.facts.get(self.fact)
        if fact is None:
            return [Mistake(unknown_fact(self.fact, vocabulary, RELATIONS), self.at)]
        if fact.kind == "number":
            return [Mistake(no_comparison(self.fact, self.words), self.at)]
        if fact.kind == "code":
            wrong = (level_mistake(word) for word in self.words)
            return [Mistake(text, self.at) for text in wrong if text is not None]
        allowed = vocabulary.words(self.fact)
        return [
            Mistake(unknown_value(word, self.fact, fact, allowed), self.at)
            for word in self.words
            if allowed and word not in allowed
        ]


@dataclass(frozen=True, slots=True)
class Compare:
    """True when a number fact stands in the relation to the limit: a number, or the name of a value of the rule."""

    fact: str
    relation: str
    limit: str
    at: Key = field(default=(), compare=False)

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:
        """Compare the fact with the limit."""
        value = situation.facts.get(self.fact)
        if value is None:
            return Answer(Truth.UNKNOWN, (self.fact,))
        if not isinstance(value, float):
            return FALSE
        limit = float(values.get(self.limit, self.limit))
        return TRUE if COMPARISONS[self.relation](value, limit) else FALSE

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Mistake]:
        """Return what the vocabulary or the rule's values do not know."""
        fact = vocabulary.facts.get(self.fact)
        if fact is None:
            return [Mistake(unknown_fact(self.fact, vocabulary, RELATIONS), self.at)]
        if fact.kind != "number":
            text = Text(f"{self.fact} 不是数值，不能比较", f"{self.fact} is no number: it cannot be compared")
            return [Mistake(text, self.at)]
        if self.limit not in values and not is_number(self.limit):
            return [Mistake(no_limit(self.limit, fact.unit, list(values)), self.at)]
        return []


@dataclass(frozen=True, slots=True)
class AtPlace:
    """True when the site stands in a spatial relation to the zones of a layer."""

    where: Where
    at: Key = field(default=(), compare=False)

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:
        """Decide the relation."""
        place = decide_where(self.where, situation, values)
        return Answer(place.truth, (), (place,))

    def mistakes(self, vocabulary: Vocabulary, values: Mapping[str, object]) -> list[Mistake]:  # noqa: ARG002 - as every condition
        """Return limits that cannot be read; layers and classes are compared with the workspace later."""
        return [Mistake(text, self.at) for text in self.where.mistakes(values)]


def leaves(condition: Condition) -> Iterator[OneOf | Compare | AtPlace]:
    """Yield the facts and places that a condition asks for, in their order."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    elif isinstance(condition, OneOf | Compare | AtPlace):
        yield condition


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


def expanded(condition: Condition, vocabulary: Vocabulary) -> Condition:
    """Return the condition with groups of words replaced by the words they stand for."""
    if isinstance(condition, OneOf):
        named = vocabulary.groups(condition.fact)
        groups = tuple(word for word in condition.words if word in named)
        words = dict.fromkeys(w for word in condition.words for w in named.get(word, (word,)))
        return replace(condition, words=tuple(words), groups=groups) if groups else condition
    if isinstance(condition, Not):
        return Not(expanded(condition.part, vocabulary))
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(expanded(part, vocabulary) for part in condition.parts))
    return condition


def parse_condition(raw: object, at: Key = ()) -> Condition:
    """Turn the table after `when:` into a condition.

    Raises
    ------
    Mistake
        When the table is empty or holds something that is no condition, with its place below `when`.
    """
    if not isinstance(raw, dict) or not raw:
        text = Text(
            "条件应为键值表，如 {construction: [new, expand]}",
            "a condition is a table such as {construction: [new, expand]}",
        )
        raise Mistake(text, at)
    parts = tuple(_parse_entry(str(key), value, (*at, str(key))) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _parse_entry(key: str, value: object, at: Key) -> Condition:
    joined = joined_key(key)
    if joined is not None:
        raise Mistake(joined, at)
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise Mistake(Text(f"{key} 之后应为条件的列表", f"'{key}' needs a list of conditions"), at)
        parts = tuple(parse_condition(item, (*at, index)) for index, item in enumerate(value))
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(parse_condition(value, at))
    if key in RELATIONS:
        return AtPlace(_parse_place(key, value, at), at)
    if isinstance(value, dict):
        return _parse_comparison(key, value, at)
    listed = value if isinstance(value, list) else [value]
    words = [word for word in listed if isinstance(word, str)]
    if not words or len(words) < len(listed):
        raise Mistake(Text(f"{key} 之后应为一个词或词的列表", f"'{key}' needs one word or a list of words"), at)
    return OneOf(key, tuple(words), at=at)


def _parse_place(relation: str, value: object, at: Key) -> Where:
    if not isinstance(value, dict):
        text = Text(f"{relation} 之后应为 {{layer: …}}", f"'{relation}' needs a table such as {{layer: rivers}}")
        raise Mistake(text, at)
    for key in value:
        if key not in Where.model_fields or key == "relation":
            allowed = [name for name in Where.model_fields if name != "relation"]
            raise Mistake(unknown_word(str(key), allowed, Text("键", "key")), (*at, str(key)))
    try:
        return Where.model_validate({**value, "relation": relation})
    except ValidationError as error:
        first = error.errors()[0]
        inner = first.get("ctx", {}).get("error")
        if isinstance(inner, Mistake):
            raise Mistake(inner.text, (*at, *inner.at)) from error
        key = str(first["loc"][0])
        said = refusal([item for item in error.errors() if item["loc"][0] == key and len(item["loc"]) <= _UNION])
        raise Mistake(said, (*at, key)) from error


def _parse_comparison(fact: str, table: dict[str, object], at: Key) -> Condition:
    for relation in table:
        if relation not in COMPARISONS:
            raise Mistake(unknown_word(relation, COMPARISONS, Text("比较词", "comparison")), (*at, relation))
    parts = tuple(Compare(fact, relation, str(limit), (*at, relation)) for relation, limit in table.items())
    if not parts:
        allowed = ", ".join(COMPARISONS)
        raise Mistake(Text(f"{fact} 须写比较词：{allowed}", f"'{fact}' needs a comparison: {allowed}"), at)
    return parts[0] if len(parts) == 1 else AllOf(parts)
