"""What has to be asked about a project: the smallest set of questions whose answers decide the verdict, well ordered.

The theory stands in `essential`. Here the rules in force become its units, and questions are ordered so that the first
answers make most others needless.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from statistics import median

from zoning.overlay.overlap import LayerOverlap
from zoning.rules.conditions import AtPlace, Condition, leaves
from zoning.rules.decision import conclude
from zoning.rules.facts import FactSheet, FactValue
from zoning.rules.finding import DECISION_OF
from zoning.rules.judge import Judge
from zoning.rules.questions.answers import answers_to, asked_by
from zoning.rules.questions.essential import (
    MAYBE_PROHIBITED,
    MAYBE_RESTRICTED,
    NOTHING,
    PROHIBITED,
    RESTRICTED,
    Board,
    Reading,
    Values,
    waiting,
)
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.truth import Truth
from zoning.rules.verdict import Decision, Finding

_RUNS = 41
_SEED = 4754


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask about one site.

    Attributes
    ----------
    decision
        What a check finds with what is known now.
    facts
        The smallest set of facts whose answers decide the verdict; those first that settle most.
    rules
        Fact -> the rules that ask for it.
    usually
        How many of them have to be answered as a rule: the median over answers by chance.
    missing_layers
        Layers without data, or not exact enough: no answer can replace them.
    blocked
        Findings that a procedure must be finished for: no answer can replace it.
    unchecked_m2
        Part of the site where no rule was applied: no answer can replace that.
    """

    decision: Decision
    facts: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]]
    usually: int
    missing_layers: tuple[str, ...]
    blocked: tuple[Finding, ...]
    unchecked_m2: float

    @property
    def settled(self) -> bool:
        """Tell whether nothing is left to ask."""
        return not self.facts


@dataclass(frozen=True, slots=True, eq=False)
class _RuleUnit:
    """Rules that can make each other step back - mostly a single one - applied to a site or its part in a territory.

    `seen` numbers the answers to each fact by what the conditions make of them: answers that they cannot tell apart
    lead to the same findings, which are `kept`.
    """

    rules: tuple[Rule, ...]
    judge: Judge
    situation: Situation
    conditions: Mapping[str, tuple[tuple[Condition, Mapping[str, str]], ...]]
    seen: dict[tuple[str, FactValue | None], int]
    patterns: dict[tuple[Truth, ...], int]
    kept: dict[tuple[int, ...], Reading]

    @classmethod
    def of(cls, rules: tuple[Rule, ...], rulebook: Rulebook, situation: Situation) -> "_RuleUnit":
        book = Rulebook(rules, rulebook.documents, rulebook.vocabulary, rulebook.sha256)
        conditions: dict[str, list[tuple[Condition, Mapping[str, str]]]] = {}
        for rule in rules:
            values = rule.values_on(situation.on)
            for condition in (*(() if rule.when is None else (rule.when,)), *rule.rows):
                for leaf in leaves(condition):
                    if not isinstance(leaf, AtPlace):
                        conditions.setdefault(leaf.fact, []).append((leaf, values))
        return cls(rules, Judge(book), situation, {f: tuple(c) for f, c in conditions.items()}, {}, {}, {})

    def findings(self, values: Values) -> tuple[Finding, ...]:
        sheet = FactSheet({fact: values[fact] for fact in self.conditions if fact in values})
        return self.judge.findings(replace(self.situation, facts=sheet))

    def read(self, values: Values) -> Reading:
        key = tuple([self._seen(fact, values.get(fact)) for fact in self.conditions])
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = self._read(values)
        return found

    def _seen(self, fact: str, value: FactValue | None) -> int:
        found = self.seen.get((fact, value))
        if found is None:
            alone = replace(self.situation, facts=FactSheet({} if value is None else {fact: value}))
            pattern = tuple(leaf.decide(alone, held).truth for leaf, held in self.conditions[fact])
            found = self.seen[fact, value] = self.patterns.setdefault(pattern, len(self.patterns))
        return found

    def _read(self, values: Values) -> Reading:
        findings = self.findings(values)
        matter = [
            finding for rule, finding in zip(self.rules, findings, strict=True) if rule.overrides or _can_move(rule)
        ]
        missing = tuple(dict.fromkeys(fact for finding in matter for fact in finding.missing_facts))
        level = max((level_of(finding) for finding in findings), default=NOTHING)
        high = max((_highest(rule) for rule in self.rules), default=NOTHING) if missing else level
        return Reading(level, missing, high)


def level_of(finding: Finding) -> int:
    """Return what a finding asks for by itself, as a level of `essential`."""
    if finding.decision is None:
        return NOTHING
    if finding.blocked:
        return MAYBE_PROHIBITED
    if finding.outcome == "applies" and finding.verified:
        return PROHIBITED if finding.decision == "prohibited" else RESTRICTED
    if "prohibit" in finding.possible_effects:
        return MAYBE_PROHIBITED
    return MAYBE_RESTRICTED if "restrict" in finding.possible_effects else NOTHING


def _can_move(rule: Rule) -> bool:
    return rule.scope != "baseline" and any(effect in DECISION_OF for effect in rule.effects)


def _highest(rule: Rule) -> int:
    if not _can_move(rule):
        return NOTHING
    return PROHIBITED if "prohibit" in rule.effects else RESTRICTED


@dataclass(frozen=True, slots=True, eq=False)
class _Informed:
    """A unit in a part of the site of which more is known than of the whole; an answer for the whole wins.

    Facts that are worked out for the part are no answers: of these the whole knows nothing better.
    """

    unit: _RuleUnit
    known: Values
    worked_out: Values

    def findings(self, values: Values) -> tuple[Finding, ...]:
        return self.unit.findings({**self.known, **values, **self.worked_out})

    def read(self, values: Values) -> Reading:
        return self.unit.read({**self.known, **values, **self.worked_out})


class Inquiry:
    """The rules in force for one site, ready to be asked again and again: its layers were measured once.

    Parameters
    ----------
    situations
        The site, or its part in each territory; their facts are not looked at.
    unchecked_m2
        Part of the site where no rule was applied.
    """

    def __init__(self, rulebook: Rulebook, situations: Sequence[Situation], unchecked_m2: float = 0.0) -> None:
        self._vocabulary = rulebook.vocabulary
        self._unchecked_m2 = unchecked_m2
        self._units: list[list[_RuleUnit]] = []
        self._unread: set[str] = set()
        judge = Judge(rulebook)
        for situation in situations:
            overlaps = {name: _measured_once(overlap) for name, overlap in situation.overlaps.items()}
            self._unread |= judge.unread_layers(situation)
            rules = rulebook.in_force(situation.on, situation.territory)
            here = replace(situation, overlaps=overlaps)
            self._units.append([_RuleUnit.of(unit, rulebook, here) for unit in _that_act_together(rules)])
        self._floor = MAYBE_PROHIBITED if unchecked_m2 > 0 else MAYBE_RESTRICTED if self._unread else NOTHING

    def questions(self, sheet: FactSheet, parts: Sequence[FactSheet] = ()) -> Questions:
        """Return what to ask when `sheet` is known, and of each situation what `parts` says, in their order."""
        units = self._informed(sheet, parts)
        board = self._board(units, sheet.values)
        facts = _ordered(board, board.deciding())
        findings = [finding for unit in units for finding in unit.findings(board.known)]
        conclusion = conclude(findings, self._vocabulary, unchecked_m2=self._unchecked_m2, unread_layers=self._unread)
        blocked = tuple(f for f in findings if f.blocked and f.decision is not None)
        return Questions(
            decision=conclusion.decision,
            facts=facts,
            rules={fact: _asking(fact, findings) for fact in facts},
            usually=_usually(board, facts),
            missing_layers=conclusion.missing_layers,
            blocked=() if conclusion.decision == "prohibited" else blocked,
            unchecked_m2=self._unchecked_m2,
        )

    def _informed(self, sheet: FactSheet, parts: Sequence[FactSheet]) -> list[_Informed]:
        units: list[_Informed] = []
        for index, here in enumerate(self._units):
            told = parts[index].values if parts else {}
            known = {fact: value for fact, value in told.items() if fact not in sheet.values}
            worked_out = {fact: value for fact, value in told.items() if self._vocabulary.facts[fact].worked_out}
            units.extend(_Informed(unit, known, worked_out) for unit in here)
        return units

    def _board(self, units: Sequence[_Informed], known: Values) -> Board:
        certain, open_ = waiting(units, known, self._floor)
        asked = asked_by(
            [(rule, rule.values_on(informed.unit.situation.on)) for rule in informed.unit.rules]
            for informed, _ in open_
        )
        wanted = dict.fromkeys(fact for _, reading in open_ for fact in reading.missing)
        answers = {fact: answers_to(fact, asked[fact], self._vocabulary) for fact in wanted}
        return Board((informed for informed, _ in open_), known, answers, certain)


def _that_act_together(rules: tuple[Rule, ...]) -> list[tuple[Rule, ...]]:
    """Return the rules that can move the decision, those together that can make each other step back."""
    groups = {rule.id: {rule.id} for rule in rules}
    for rule in rules:
        for override in rule.overrides:
            if override.rule in groups:
                joint = groups[rule.id] | groups[override.rule]
                groups.update(dict.fromkeys(joint, joint))
    together = {min(group): group for group in groups.values()}
    units = [tuple(rule for rule in rules if rule.id in group) for group in together.values()]
    return [unit for unit in units if any(_can_move(rule) for rule in unit)]


def _measured_once(overlap: LayerOverlap) -> LayerOverlap:
    # The same part outside the same zones is asked for again with every answer.
    return overlap if overlap.beyond is None else replace(overlap, beyond=cache(overlap.beyond))


def _asking(fact: str, findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(sorted({f.rule for f in findings if fact in f.missing_facts and f.decision is not None}))


def _ordered(board: Board, facts: tuple[str, ...]) -> tuple[str, ...]:
    """Put those first whose answers leave the least to ask on average."""
    wanted = set(facts)

    def left(fact: str) -> float:
        pairs = zip(board.values_of(fact), board.weights_of(fact), strict=True)
        return sum(weight * len(wanted & board.waits_for({**board.known, fact: value})) for value, weight in pairs)

    return tuple(sorted(facts, key=lambda fact: (left(fact), facts.index(fact))))


def _usually(board: Board, facts: tuple[str, ...]) -> int:
    """Return how many questions of the list have to be answered as a rule: the median of runs with chance answers."""
    chance = Random(_SEED)  # noqa: S311 - an estimate that is the same on every run
    counts = []
    for _ in range(_RUNS if facts else 0):
        known, count = dict(board.known), 0
        for fact in facts:
            if fact in board.waits_for(known):
                known[fact] = chance.choices(board.values_of(fact), board.weights_of(fact))[0]
                count += 1
        counts.append(count)
    return round(median(counts)) if counts else 0
