"""The questions of a boundary file: every footprint with what is known of it and what is still to be asked.

Nothing is printed here: `zoning rules ask` and the pages of the workbench show it, each in its way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zoning.rules.access.compare import compare
from zoning.rules.access.derive import with_access_fact
from zoning.rules.derivation.derive import Derived, derive
from zoning.rules.facts import FactSheet, Vocabulary
from zoning.rules.questions.ask import Inquiry, Questions
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.told import Told
from zoning.rules.verdict import SiteEntry
from zoning.sites.site import Site
from zoning.texts import Text, joined


@dataclass(frozen=True, slots=True)
class SiteState:
    """One footprint with what is known of it and what is still to be asked."""

    site: Site
    derived: Derived
    questions: Questions


@dataclass(frozen=True, slots=True)
class Asked:
    """One measured footprint, and what its rules ask."""

    site: Site
    inquiry: Inquiry
    situations: tuple[Situation, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """All footprints of a file, measured once, and everything that the answers are read with."""

    rulebook: Rulebook
    on: date
    told: Told
    asked: tuple[Asked, ...]

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts that can be asked."""
        return self.rulebook.vocabulary

    def states(self, answers: FactSheet) -> tuple[SiteState, ...]:
        """Return what is to be asked about each footprint when these answers are known beside what was told.

        Raises
        ------
        ContentError
            When what was told of a footprint cannot be meant.
        """
        states = []
        lists = self.rulebook.access_lists
        for one in self.asked:
            known = FactSheet({**answers.values, **self.told.of(one.site, self.vocabulary).values})
            derived = derive(self.vocabulary, known, self.rulebook.lists, self.on)
            parts = []
            for situation in one.situations:
                compared = compare(lists, replace(situation, facts=derived.sheet), self.vocabulary)
                parts.append(with_access_fact(self.vocabulary, derived.sheet, compared))
            questions = one.inquiry.questions(derived.sheet, [part.sheet for part in parts])
            states.append(SiteState(one.site, _joined(derived, parts), questions))
        return tuple(states)


def asked_about(rulebook: Rulebook, site: Site, entry: SiteEntry, situations: Mapping[str, Situation]) -> Asked:
    """Return a measured footprint ready to be asked about.

    Parameters
    ----------
    entry, situations
        Of its examination: what the verdict says of the site, and its parts by territory.
    """
    without = sum(situations[code].area_m2 for code in entry.territories_without_rules)
    parts = tuple(situations.values())
    return Asked(site, Inquiry(rulebook, parts, entry.outside_territories_m2 + without), parts)


def _joined(derived: Derived, parts: Sequence[Derived]) -> Derived:
    """Return the derivations for the whole site with those for its parts, each once."""
    derivations = dict.fromkeys((*derived.derivations, *(entry for part in parts for entry in part.derivations)))
    warnings = dict.fromkeys((*derived.warnings, *(text for part in parts for text in part.warnings)))
    return replace(derived, derivations=tuple(derivations), warnings=tuple(warnings))


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question with the footprints that it is asked for."""

    fact: str
    states: tuple[SiteState, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that ask for it."""
        return tuple(sorted({rule for state in self.states for rule in state.questions.rules[self.fact]}))

    @property
    def hints(self) -> tuple[Text, ...]:
        """What the answer may rest on."""
        return tuple(dict.fromkeys(text for state in self.states for text in state.derived.hints.get(self.fact, ())))

    def sites(self, of: int) -> tuple[str, ...]:
        """Return the names of the footprints, none when it is asked for all."""
        return () if len(self.states) == of else tuple(state.site.name for state in self.states)


def open_questions(states: Sequence[SiteState], desk: Desk) -> list[OpenQuestion]:
    """Return the questions of all footprints, those first that are asked for most and settle most."""
    facts = dict.fromkeys(fact for state in states for fact in state.questions.facts)
    found = [OpenQuestion(fact, tuple(state for state in states if fact in state.questions.facts)) for fact in facts]
    listed = list(desk.vocabulary.facts)

    def place(question: OpenQuestion) -> tuple[float, float, int]:
        places = [state.questions.facts.index(question.fact) for state in question.states]
        return -len(places), sum(places) / len(places), listed.index(question.fact)

    return sorted(found, key=place)


def counts(states: Sequence[SiteState], questions: Sequence[OpenQuestion]) -> tuple[int, int]:
    """Return how many questions there are at most, and usually."""
    return len(questions), max((state.questions.usually for state in states), default=0)


def beyond_answers(state: SiteState, titles: Mapping[str, Text]) -> Iterator[Text]:
    """Yield what no answer can decide, and what contradicts itself; `titles` of layers by id."""
    layers = [titles.get(name, Text(name, name)) for name in state.questions.missing_layers]
    if layers:
        named = joined(layers)
        yield Text(
            f"图层数据缺失或精度不足，答案不能代替：{named.zh}",
            f"layers without (exact) data, no answer replaces them: {named.en}",
        )
    if state.questions.unchecked_m2:
        yield Text(
            "部分或全部范围不在辖区之内，或规则库没有收齐当日的规则，答案不能代替",
            "a part or all of it lies outside the territories, or the rules of that day are not all held: "
            "no answer replaces that",
        )
    for finding in state.questions.blocked:
        yield Text(
            f"程序须先完成，答案不能代替：{finding.title.zh}（{finding.rule}）",
            f"a procedure comes first, no answer replaces it: {finding.title.en} ({finding.rule})",
        )
    yield from state.derived.warnings


def plain_question(question: OpenQuestion, desk: Desk, sites: int) -> dict[str, object]:
    """Return a question as plain values; `sites`: how many footprints there are."""
    fact = desk.vocabulary.facts[question.fact]
    return {
        "fact": question.fact,
        "kind": fact.kind,
        "question": {"zh": fact.question.zh, "en": fact.question.en},
        "values": {word: {"zh": text.zh, "en": text.en} for word, text in fact.values.items()},
        "unit": fact.unit,
        "pattern": fact.pattern,
        "hints": [{"zh": text.zh, "en": text.en} for text in question.hints],
        "rules": list(question.rules),
        "sites": [state.site.id for state in question.states] if question.sites(sites) else [],
    }
