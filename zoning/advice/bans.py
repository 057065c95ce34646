"""Which places would forbid a project: the rules of a territory, asked with its facts for every combination of places.

A rule names places in `where`, in its condition and in its provisos. For each combination of "here" and "not here" the
rule itself is asked what it would say (`zoning.rules.finding`), so that no rule is read in a second way. What is left
are the smallest combinations that forbid: mostly a single place, such as "overlaps permanent basic farmland".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product
from typing import Literal

from zoning.check import Checker
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Condition, Not
from zoning.rules.facts import FactSheet
from zoning.rules.finding import Prepared, apply_prepared
from zoning.rules.places import Where
from zoning.rules.rule import Rule
from zoning.rules.situation import Situation
from zoning.rules.truth import Answer, Truth
from zoning.rules.verdict import Finding

Grade = Literal["forbids", "questions", "restricts", "may-restrict"]
"""`forbids`: the facts are known and the rule prohibits there. `questions`: it may prohibit there, for a fact is not
known, the article is not verified, or a procedure has to be finished first. `restricts`: it restricts there.
`may-restrict`: it may, likewise."""

_MOST_PLACES = 6  # 64 combinations; with more each place counts for itself


@dataclass(frozen=True, slots=True)
class PlaceTest:
    """One place of a rule; `here` is false where the rule forbids what is not at that place.

    Attributes
    ----------
    limits
        (relation, metres) of its distance.
    """

    where: Where
    limits: tuple[tuple[str, float], ...]
    here: bool = True

    @property
    def measured(self) -> bool:
        """Whether the rule asks how much of the site lies there: then any contact is avoided, more than it demands."""
        return bool(self.where.area or self.where.share or self.where.length)


@dataclass(frozen=True, slots=True)
class Ban:
    """A combination of places at which a rule forbids; without any place it forbids everywhere in the territory."""

    rule: str
    territory: str
    grade: Grade
    tests: tuple[PlaceTest, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A condition whose answer is given."""

    truth: Truth

    def decide(self, situation: Situation, values: Mapping[str, str]) -> Answer:  # noqa: ARG002 - as every condition
        """Return the answer."""
        return Answer(self.truth)

    def mistakes(self, vocabulary: object, values: Mapping[str, object]) -> list[object]:  # noqa: ARG002 - as every condition
        """Return nothing: it was not written by anybody."""
        return []


@dataclass(eq=False)
class BanBook:
    """The bans on one project, by territory."""

    checker: Checker
    facts: FactSheet
    _kept: dict[tuple[str, bool], tuple[Ban, ...]] = field(default_factory=dict)

    def of(self, territory: str, *, restrictions: bool = False) -> tuple[Ban, ...]:
        """Return the bans in a territory, or what restricts there."""
        key = (territory, restrictions)
        if key not in self._kept:
            found = (
                ban for rule in self._rules(territory) for ban in self._bans(rule, territory, restrictions=restrictions)
            )
            self._kept[key] = tuple(found)
        return self._kept[key]

    def layers(self, territory: str) -> frozenset[str]:
        """Return the layers without whose data nothing is permitted in a territory."""
        return self.checker.judge.unread_layers(_nowhere(territory, self.facts, self.checker.on))

    def is_complete(self, territory: str) -> bool:
        """Tell whether the rules of a territory are all there."""
        return self.checker.rulebook.is_complete(self.checker.on, territory)

    def _rules(self, territory: str) -> Iterable[Rule]:
        return self.checker.rulebook.in_force(self.checker.on, territory)

    def _bans(self, rule: Rule, territory: str, *, restrictions: bool) -> Iterable[Ban]:
        wanted = "restrict" if restrictions else "prohibit"
        if rule.scope == "baseline" or wanted not in rule.effects:
            return
        nowhere = _nowhere(territory, self.facts, self.checker.on)
        # Every place unknown: what the facts alone take out of the rule concerns no place.
        whole = apply_prepared(Prepared.of(rule, nowhere, self.checker.rulebook), nowhere)
        if whole.outcome == "does_not_apply":
            return
        places = tuple(dict.fromkeys(rule.places))
        values = rule.values_on(self.checker.on)
        tests = tuple(PlaceTest(where, tuple(where.limits("distance", values))) for where in places)
        if len(places) > _MOST_PLACES:
            for test in tests[: len(rule.where) or None]:
                yield Ban(rule.id, territory, "questions", (test,))
            return
        answers = self._answers(rule, places, nowhere)
        if restrictions:
            yield from _smallest(rule, territory, tests, answers, "restricts", ("restricts",))
            yield from _smallest(rule, territory, tests, answers, "may-restrict", ("restricts", "may-restrict"))
            return
        yield from _smallest(rule, territory, tests, answers, "forbids", ("forbids",))
        yield from _smallest(rule, territory, tests, answers, "questions", ("forbids", "questions"))

    def _answers(self, rule: Rule, places: Sequence[Where], nowhere: Situation) -> dict[tuple[bool, ...], Grade | None]:
        answers: dict[tuple[bool, ...], Grade | None] = {}
        for here in product((False, True), repeat=len(places)):
            if rule.where and not any(here[places.index(where)] for where in rule.where):
                answers[here] = None
                continue
            truths = {where: Truth.TRUE if at else Truth.FALSE for where, at in zip(places, here, strict=True)}
            told = _told_rule(rule, truths)
            answers[here] = _grade(apply_prepared(Prepared.of(told, nowhere, self.checker.rulebook), nowhere))
        return answers


def _nowhere(territory: str, facts: FactSheet, on: date) -> Situation:
    """Return a situation of which no layer is known."""
    return Situation(territory, 1.0, {}, {}, facts, on)


def _grade(finding: Finding) -> Grade | None:
    if finding.decision == "prohibited":
        return "forbids"
    if finding.decision == "undetermined" and "prohibit" in finding.possible_effects:
        return "questions"
    if finding.blocked or (finding.decision == "undetermined" and finding.effect == "prohibit"):
        return "questions"
    if finding.decision == "undetermined":
        return "may-restrict"
    return "restricts" if finding.decision == "restricted" else None


def _told_rule(rule: Rule, truths: Mapping[Where, Truth]) -> Rule:
    """Return a rule that asks for facts only: its places are answered."""
    given = {name: getattr(rule, name) for name in Rule.model_fields}
    given["where"] = ()
    given["when"] = None if rule.when is None else _told(rule.when, truths)
    given["provisos"] = tuple(p.model_copy(update={"when": _told(p.when, truths)}) for p in rule.provisos)
    return Rule.model_construct(**given)


def _told(condition: Condition, truths: Mapping[Where, Truth]) -> Condition:
    if isinstance(condition, AtPlace):
        told: Condition = _Told(truths[condition.where])  # type: ignore[assignment]  # decided like one, never written
        return told
    if isinstance(condition, Not):
        return Not(_told(condition.part, truths))
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(_told(part, truths) for part in condition.parts))
    return condition


def _smallest(
    rule: Rule,
    territory: str,
    tests: Sequence[PlaceTest],
    answers: Mapping[tuple[bool, ...], Grade | None],
    grade: Grade,
    counting: tuple[Grade, ...],
) -> Iterable[Ban]:
    """Yield the smallest combinations of places that decide alone: their other places may be as they like."""
    if not any(found == grade for found in answers.values()):
        return
    chosen: list[dict[int, bool]] = []
    for size in range(len(tests) + 1):
        for numbers in combinations(range(len(tests)), size):
            for here in product((True, False), repeat=size):
                fixed = dict(zip(numbers, here, strict=True))
                if any(smaller.items() <= fixed.items() for smaller in chosen):
                    continue
                if all(found in counting for at, found in answers.items() if _agrees(at, fixed)):
                    chosen.append(fixed)
    for fixed in chosen:
        # With what is certain among them a combination was found before.
        if any(found == grade for at, found in answers.items() if _agrees(at, fixed)):
            chosen_tests = tuple(PlaceTest(tests[n].where, tests[n].limits, here) for n, here in fixed.items())
            yield Ban(rule.id, territory, grade, chosen_tests)


def _agrees(at: tuple[bool, ...], fixed: Mapping[int, bool]) -> bool:
    return all(at[number] == here for number, here in fixed.items())
