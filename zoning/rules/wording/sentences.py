"""Conditions of rules in plain language, in both languages: what `when:` and `where:` say, read aloud.

建设性质为新建、改建或扩建，并且排放水污染物
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zoning.layers.catalogue import Catalogue
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Compare, Condition, Not, OneOf
from zoning.rules.facts import Fact, Vocabulary
from zoning.rules.places import Where
from zoning.rules.rule import InForce
from zoning.rules.wording.places import FLIPPED, LIMITS, any_overlap, either_of, is_plain, places_text, where_text
from zoning.rules.wording.statements import statement
from zoning.rules.wording.words import unit_text
from zoning.texts import Text, joined

_Kind = Literal["one", "all", "any"]
_AND = Text("，并且", ", and ")
_OR = Text("，或者", ", or ")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a condition: any of them suffices, or all must hold."""

    any_suffices: bool
    texts: tuple[Text, ...]

    @property
    def heading(self) -> Text:
        """Say what the list means."""
        if self.any_suffices:
            return Text("符合下列任一项", "any of these")
        return Text("同时符合下列各项", "all of these")


@dataclass(frozen=True, slots=True)
class _Said:
    """A piece of a sentence, joined from `parts`; its kind tells whether it needs brackets beside others."""

    text: Text
    kind: _Kind = "one"
    parts: tuple[Text, ...] = ()


def condition_text(
    condition: Condition, vocabulary: Vocabulary, catalogue: Catalogue, values: Mapping[str, str]
) -> Text:
    """Return a condition as a sentence.

    Parameters
    ----------
    values
        The figures of the rule on the day that is meant: name -> number, or quantity with its unit.
    """
    return _Speaker(vocabulary, catalogue, values).say(condition, holds=True).text


def condition_parts(
    condition: Condition, vocabulary: Vocabulary, catalogue: Catalogue, values: Mapping[str, str]
) -> Parts | None:
    """Return the parts of a condition, to be listed below each other; None where it has one part only."""
    said = _Speaker(vocabulary, catalogue, values).say(condition, holds=True)
    return None if said.kind == "one" else Parts(said.kind == "any", said.parts)


def any_place_text(places: Sequence[Where], catalogue: Catalogue, values: Mapping[str, str]) -> Text | None:
    """Return a list of places of which any suffices as a sentence; None for an empty list."""
    return _joined("any", [_Said(text) for text in places_text(places, catalogue, values)]).text if places else None


def dates_text(in_force: InForce) -> Text:
    """Return the days on which a rule holds.

    >>> from datetime import date
    >>> dates_text(InForce(**{"from": date(2018, 1, 1), "to": date(2026, 8, 14)}))
    Text(zh='2018-01-01 至 2026-08-14', en='2018-01-01 to 2026-08-14')
    >>> dates_text(InForce(**{"from": date(2026, 8, 15)})).zh
    '自 2026-08-15 起'
    """
    first, last = in_force.from_, in_force.to
    if last is None:
        return Text(f"自 {first} 起", f"from {first}")
    return Text(f"{first} 至 {last}", f"{first} to {last}")


@dataclass(frozen=True, slots=True)
class _Speaker:
    vocabulary: Vocabulary
    catalogue: Catalogue
    values: Mapping[str, str]

    def say(self, condition: Condition, *, holds: bool) -> _Said:
        """Say a condition, or its contrary: what is denied is denied of each part, so that no “not” needs brackets."""
        if isinstance(condition, Not):
            return self.say(condition.part, holds=not holds)
        if isinstance(condition, AllOf | AnyOf):
            return self._several(condition, holds=holds)
        if isinstance(condition, OneOf):
            return _Said(self._words(condition, holds=holds))
        if isinstance(condition, Compare):
            return _Said(self._limits((condition,), holds=holds))
        assert isinstance(condition, AtPlace)  # noqa: S101 - there are no other kinds
        return _Said(where_text(condition.where, self.catalogue, self.values, holds=holds))

    def _several(self, condition: AllOf | AnyOf, *, holds: bool) -> _Said:
        compared = [part for part in condition.parts if isinstance(part, Compare)]
        one_fact = len({part.fact for part in compared}) == 1 and len(compared) == len(condition.parts)
        if isinstance(condition, AllOf) and one_fact and holds:
            return _Said(self._limits(compared, holds=True))
        kind: _Kind = "all" if isinstance(condition, AllOf) == holds else "any"
        places = [part.where for part in condition.parts if isinstance(part, AtPlace)]
        if isinstance(condition, AnyOf) and len(places) == len(condition.parts) and all(map(is_plain, places)):
            return _Said(any_overlap(places, self.catalogue, holds=holds))
        return _joined(kind, [self.say(part, holds=holds) for part in condition.parts])

    def _words(self, condition: OneOf, *, holds: bool) -> Text:
        fact = self.vocabulary.facts.get(condition.fact)
        if fact is None:
            return Text(f"“{condition.fact}”", f"“{condition.fact}”")
        if fact.kind == "yes_no":
            if len(condition.words) > 1:
                return Text(f"“{fact.title.zh}”已有答案", f"“{fact.title.en}” is answered")
            return statement(fact, holds=("yes" in condition.words) == holds)
        words = words_of(fact, condition)
        zh, en = either_of([word.zh for word in words], [word.en for word in words])
        form = _FORMS[_form(fact, every=condition.every)][not holds]
        none_en = f"none of: {', '.join(word.en for word in words)}" if len(words) > 1 else ""
        return Text(f"{fact.title.zh}{form.zh}{zh}", f"{fact.title.en} {_denied(form.en, en, none_en)}")

    def _limits(self, parts: Sequence[Compare], *, holds: bool) -> Text:
        fact = self.vocabulary.facts.get(parts[0].fact)
        title = Text(parts[0].fact, parts[0].fact) if fact is None else fact.title
        unit = unit_text(fact.unit) if fact is not None and fact.unit else Text("", "")
        zh: list[str] = []
        en: list[str] = []
        for part in parts:
            word = LIMITS[part.relation if holds else FLIPPED[part.relation]]
            limit = f"{float(self.values.get(part.limit, part.limit)):g}"
            zh.append(f"{word.zh} {limit}")
            en.append(f"{word.en} {limit}")
        return Text(
            f"{title.zh}{'、'.join(zh)} {unit.zh}".rstrip(), f"{title.en} is {' and '.join(en)} {unit.en}".rstrip()
        )


_FORMS: dict[str, tuple[Text, Text]] = {
    # As it holds, and as it does not; {0} is where the words stand in English.
    "one": (Text("为", "is {0}"), Text("不是", "is not {0}")),
    "some": (Text("包括", "includes {0}"), Text("不包括", "does not include {0}")),
    "only": (Text("仅限于", "is only {0}"), Text("并非仅限于", "is not only {0}")),
    "code": (Text("属于", "is under {0}"), Text("不属于", "is not under {0}")),
    "codes": (Text("均属于", "is only under {0}"), Text("并非均属于", "is not only under {0}")),
}
_NONE = {"is not {0}": "is {0}", "does not include {0}": "includes {0}", "is not under {0}": "is under {0}"}


def _form(fact: Fact, *, every: bool) -> str:
    if fact.kind == "code":
        return "codes" if every else "code"
    if fact.kind == "choices":
        return "only" if every else "some"
    return "one"


def _denied(form: str, words: str, none: str) -> str:
    """Fill in the words; several that are denied read as “none of”."""
    return _NONE[form].format(none) if none and form in _NONE else form.format(words)


def words_of(fact: Fact, condition: OneOf) -> list[Text]:
    """Return the titles of the words of a condition; where all words of a group are meant, the title of the group."""
    left = dict.fromkeys(condition.words)
    found: dict[str, Text] = {}
    for group in sorted(fact.groups.values(), key=lambda group: -len(group.words)):
        if len(group.words) > 1 and set(group.words) <= left.keys():
            found[next(word for word in left if word in group.words)] = group.title
            left = {word: None for word in left if word not in group.words}
    found |= {word: fact.values.get(word, Text(word, word)) for word in left}
    titles = [found[word] for word in condition.words if word in found]
    return [_marked_off(title) for title in titles] if len(titles) > 1 else titles


def _marked_off(title: Text) -> Text:
    """Put a title that is a list itself into quotation marks, so that its parts are not taken for others."""
    zh = f"“{title.zh}”" if re.search("[、或]", re.sub("（.*?）", "", title.zh)) else title.zh
    en = f"“{title.en}”" if re.search(", | or ", re.sub(r"\(.*?\)", "", title.en)) else title.en
    return Text(zh, en)


def _joined(kind: _Kind, parts: Sequence[_Said]) -> _Said:
    if len(parts) == 1:
        return parts[0]
    link: Text = _AND if kind == "all" else _OR
    shown = [_bracketed(part.text) if part.kind not in ("one", kind) else part.text for part in parts]
    told = joined(shown, link.zh, link.en)
    listed = (text for part in parts for text in (part.parts if part.kind == kind else (part.text,)))
    return _Said(told, kind, tuple(listed))


def _bracketed(text: Text) -> Text:
    return Text(f"（{text.zh}）", f"({text.en})")
