"""Facts that follow from other facts, or from lists that the user supplies; what does not follow stays unknown.

What was told always wins. Of a fact with several words the union counts: a hotel whose industry code is that of a
coking plant is both. From a code alone it is known that a word is meant, not that no other one is (`AtLeast`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import Field

from zoning.rules.derivation.entries import Derive
from zoning.rules.derivation.fact_lists import FactList
from zoning.rules.facts import AtLeast, Fact, FactSheet, FactValue, Vocabulary, parse_answer
from zoning.strict_models import Entry
from zoning.texts import Text, joined


class Derivation(Entry):
    """One fact that was not told, and what it follows from.

    Attributes
    ----------
    value
        The words, or `yes`, `no`, or the number as text; of a fact with several words those that were added.
    from_, because
        The fact or the list that it follows from, and what was known of it.
    """

    fact: str
    value: tuple[str, ...]
    from_: str = Field(alias="from")
    because: tuple[str, ...]
    basis: Text


@dataclass(frozen=True, slots=True)
class Derived:
    """The facts of a project with what follows from them.

    Attributes
    ----------
    sheet
        All facts that are known now.
    warnings
        Where something follows that contradicts what was told, or two things follow that contradict each other.
    hints
        Of a fact that is still unknown: what its answer may rest on.
    """

    sheet: FactSheet
    derivations: tuple[Derivation, ...] = ()
    warnings: tuple[Text, ...] = ()
    hints: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Support:
    """One entry that hits: what it says of the fact, and why."""

    value: tuple[str, ...]
    from_: str
    because: tuple[str, ...]
    basis: Text

    def derivation(self, fact: str, value: tuple[str, ...]) -> Derivation:
        return Derivation(fact=fact, value=value, from_=self.from_, because=self.because, basis=self.basis)


def derive(vocabulary: Vocabulary, sheet: FactSheet, lists: Mapping[str, FactList], on: date) -> Derived:
    """Add what follows from the facts of a project on a day.

    All entries are applied at once, again and again until nothing new follows: their order is irrelevant. A fact for
    which contradicting answers follow stays unknown.

    Parameters
    ----------
    sheet
        What was told.
    lists
        The lists of the workspace, by id.

    Raises
    ------
    ContentError
        When an entry gives a fact a value that it cannot have.
    """
    left = {name: False for name, fact in vocabulary.facts.items() if fact.worked_out and sheet.get(name) is None}
    sheet = FactSheet({**sheet.values, **left}) if left else sheet
    doubtful: set[str] = set()
    while True:
        known, supports = _closure(vocabulary, sheet, lists, on, doubtful)
        disagreeing = {name for name in supports if sheet.get(name) is None and _disagree(name, supports, vocabulary)}
        if disagreeing <= doubtful:
            break
        doubtful |= disagreeing
    derivations: dict[tuple[str, str, tuple[str, ...]], Derivation] = {}
    warnings: list[Text] = []
    for name, found in supports.items():
        fact, told = vocabulary.facts[name], sheet.get(name)
        if name in doubtful:
            warnings.append(_disagreement(fact, found))
        elif told is not None and fact.kind != "choices":
            warnings.extend(_contradiction(fact, s) for s in found if _value(name, fact, s.value) != told)
        else:
            added = [(s, tuple(word for word in s.value if word not in _words(told))) for s in found]
            derivations |= {(name, s.from_, words): s.derivation(name, words) for s, words in added if words}
    ordered = tuple(derivations[key] for key in sorted(derivations))
    hints = _hints(vocabulary, known, lists, on)
    return Derived(known, ordered, tuple(dict.fromkeys(warnings)), hints)


def _closure(
    vocabulary: Vocabulary, sheet: FactSheet, lists: Mapping[str, FactList], on: date, doubtful: set[str]
) -> tuple[FactSheet, dict[str, list[_Support]]]:
    """Return all that is known in the end, and every entry that hits then, by fact."""
    known = dict(sheet.values)
    while True:
        held = FactSheet(dict(known))
        supports = {
            name: found
            for name, fact in vocabulary.derivable.items()
            if (found := _supports(name, fact, held, lists, on, vocabulary))
        }
        for name, found in supports.items():
            fact = vocabulary.facts[name]
            if fact.kind == "choices":
                known[name] = _joined(fact, sheet.get(name), found)
            elif name not in known and name not in doubtful:
                known[name] = _value(name, fact, found[0].value)
        if known == held.values:
            return held, supports


def _disagree(name: str, supports: Mapping[str, list[_Support]], vocabulary: Vocabulary) -> bool:
    return vocabulary.facts[name].kind != "choices" and len({support.value for support in supports[name]}) > 1


def _words(told: FactValue | None) -> tuple[str, ...]:
    return told if isinstance(told, tuple) else ()


def _supports(
    name: str, fact: Fact, held: FactSheet, lists: Mapping[str, FactList], on: date, vocabulary: Vocabulary
) -> list[_Support]:
    found: list[_Support] = []
    for entry in fact.derive:
        if entry.list_ is not None:
            answer = lists[entry.list_].answer(held, on) if entry.list_ in lists else None
            if answer is not None:
                found.append(_Support((answer.value,), entry.list_, answer.because, answer.basis))
            continue
        because = _hits(entry, held, vocabulary) if entry.value else ()
        if because and entry.basis is not None and entry.from_ is not None:
            value = vocabulary.expand(name, entry.value)
            found.append(_Support(value, entry.from_, because, entry.basis))
    return found


def _hits(entry: Derive, held: FactSheet, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what is known of the fact that an entry speaks of, as far as it makes the entry hit."""
    source = held.get(entry.from_ or "")
    if isinstance(source, bool):
        told = ("yes",) if source else ("no",)
        return told if told[0] in entry.words else ()
    if source is None or isinstance(source, float):
        return ()
    wanted = set(entry.codes) | set(vocabulary.expand(entry.from_ or "", entry.words))
    return tuple(str(word) for word in source if not wanted.isdisjoint(getattr(word, "levels", (word,))))


def _joined(fact: Fact, told: FactValue | None, supports: list[_Support]) -> FactValue:
    """Return the words that were told with those that follow, the latter in the order of the vocabulary."""
    follow = {word for support in supports for word in support.value}
    added = tuple(word for word in fact.values if word in follow and word not in _words(told))
    return AtLeast(added) if told is None else (*_words(told), *added)


def _value(name: str, fact: Fact, words: tuple[str, ...]) -> FactValue:
    return parse_answer(name, fact, words, "facts.yaml")


def _contradiction(fact: Fact, support: _Support) -> Text:
    follows = _shown(fact, support)
    return Text(
        f"所填“{fact.title.zh}”与推断不一致，按所填判断，请核对：{support.basis.zh}（推断为“{follows.zh}”）",
        f"what was told of '{fact.title.en}' contradicts what follows; it was kept, verify it: "
        f"{support.basis.en} (follows: {follows.en})",
    )


def _disagreement(fact: Fact, supports: list[_Support]) -> Text:
    named = joined(sorted({_shown(fact, support) for support in supports}, key=lambda text: (text.zh, text.en)))
    return Text(
        f"“{fact.title.zh}”有相互矛盾的推断（{named.zh}），视为不详",
        f"contradicting answers follow for '{fact.title.en}' ({named.en}): it counts as unknown",
    )


def _shown(fact: Fact, support: _Support) -> Text:
    words = {"yes": Text("是", "yes"), "no": Text("否", "no"), **fact.values}
    return joined(words.get(word, Text(word, word)) for word in support.value)


def _hints(
    vocabulary: Vocabulary, known: FactSheet, lists: Mapping[str, FactList], on: date
) -> dict[str, tuple[Text, ...]]:
    """Return what is worth knowing of each fact that is unknown, or not wholly known."""
    hints: dict[str, tuple[Text, ...]] = {}
    for name, fact in vocabulary.derivable.items():
        value = known.get(name)
        if value is not None and not isinstance(value, AtLeast):
            continue
        texts: dict[Text, None] = {} if value is None else {_incomplete(fact, value): None}
        for entry in fact.derive:
            if entry.list_ is not None and entry.list_ in lists:
                texts.update(dict.fromkeys(lists[entry.list_].hints(known, on, vocabulary)))
            elif entry.suggests and entry.basis is not None and _hits(entry, known, vocabulary):
                texts[entry.basis] = None
        if texts:
            hints[name] = tuple(texts)
    return hints


def _incomplete(fact: Fact, words: tuple[str, ...]) -> Text:
    texts = [fact.values[word] for word in words]
    named = joined(texts)
    return Text(
        f"已由代码得知：{named.zh}；请写明是否还有别的，没有就照写这些",
        f"known from the code: {named.en}; name what else there is, or these again if there is nothing else",
    )
