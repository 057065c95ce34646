"""The answers to a fact that make a difference: one for each way in which conditions can tell answers apart.

A condition sees of a word only whether it is among its words, of a number only on which side of its limits it lies, of
a code only under which levels. Answers that no condition tells apart lead to the same findings, so one of them stands
for all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Compare, Condition, Not, OneOf, leaves
from zoning.rules.derivation.industry import IndustryCode, codes_under
from zoning.rules.facts import Fact, FactValue, Vocabulary
from zoning.rules.rule import STRICTNESS, Rule

_MOST_ANSWERS = 400
_NO_AND_YES = (0.75, 0.25)  # most of these questions ask for the exception
_NOTHING_NEEDED: "Ways" = frozenset({frozenset()})


@dataclass(frozen=True, slots=True)
class Answers:
    """The representative answers to one fact.

    Attributes
    ----------
    values
        The first one is what the fewest conditions take amiss.
    weights
        How many answers each stands for, as a share of all.
    whole
        Every way to answer is represented; otherwise only answers of few words were listed.
    """

    values: tuple[FactValue, ...]
    weights: tuple[float, ...]
    whole: bool = True


Role = tuple[bool, frozenset[str]]
"""Of a chosen word: it must be among these words (true), or outside of them (false)."""

Ways = frozenset[frozenset[Role]]
"""The ways to make something hold, each with the roles that words must play for it."""

RuleOfDay = tuple[Rule, Mapping[str, str]]
"""A rule with its parameters on the day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What rules ask of one fact.

    Attributes
    ----------
    leaves, limits
        Where it stands in their conditions, and the limits of a number.
    ways
        The ways to make a rule as strict as it can be that need words in several roles.
    """

    leaves: tuple[OneOf | Compare, ...]
    limits: tuple[float, ...]
    ways: Ways


def asked_by(units: Iterable[Sequence[RuleOfDay]]) -> dict[str, Asked]:
    """Gather what rules ask of every fact; rules of one unit can make each other step back."""
    found: dict[str, list[OneOf | Compare]] = {}
    limits: dict[str, set[float]] = {}
    ways: dict[str, set[frozenset[Role]]] = {}
    listed = [tuple(unit) for unit in units]
    lifting = [rule for unit in listed for rule, _ in unit if rule.overrides]
    for unit in listed:
        for rule, values in unit:
            for condition in (*(() if rule.when is None else (rule.when,)), *rule.rows):
                for leaf in leaves(condition):
                    if isinstance(leaf, AtPlace):
                        continue
                    found.setdefault(leaf.fact, []).append(leaf)
                    if isinstance(leaf, Compare):
                        limits.setdefault(leaf.fact, set()).add(float(values.get(leaf.limit, leaf.limit)))
        for fact in dict.fromkeys(name for rule, _ in unit for name in rule.facts):
            strict = frozenset().union(*(_ways_of_rule(rule, fact) for rule, _ in unit))
            # A strict answer of one rule can be seen only while another one steps back.
            joint = _all_of([strict, *(_NOTHING_NEEDED | _holding(rule, fact) for rule in lifting)])
            ways.setdefault(fact, set()).update(way for way in joint if len(way) > 1)
    return {
        fact: Asked(tuple(named), tuple(sorted(limits.get(fact, ()))), frozenset(ways[fact]))
        for fact, named in found.items()
    }


def _holding(rule: Rule, fact: str) -> Ways:
    return _NOTHING_NEEDED if rule.when is None else _ways(rule.when, fact, true=True)


def _ways_of_rule(rule: Rule, fact: str) -> Ways:
    """Return the ways to make a rule hold, while no proviso that softens it does, and those that harden it may."""
    softer = [STRICTNESS[proviso.effect] < STRICTNESS[rule.effect] for proviso in rule.provisos]
    held = [_holding(rule, fact)]
    held += [_ways(row, fact, true=False) for row, soft in zip(rule.rows, softer, strict=True) if soft]
    base = _all_of(held)
    harder = [_all_of([base, _ways(r, fact, true=True)]) for r, soft in zip(rule.rows, softer, strict=True) if not soft]
    return base.union(*harder)


def _ways(condition: Condition, fact: str, *, true: bool) -> Ways:
    if isinstance(condition, OneOf) and condition.fact == fact and condition.every is not true:
        return frozenset({frozenset({(true, frozenset(condition.words))})})
    if isinstance(condition, Not):
        return _ways(condition.part, fact, true=not true)
    if isinstance(condition, AllOf | AnyOf):
        parts = [_ways(part, fact, true=true) for part in condition.parts]
        # One true part is enough of several, and one false part of several that must all hold.
        return _all_of(parts) if isinstance(condition, AllOf) is true else frozenset().union(*parts)
    return _NOTHING_NEEDED


def _all_of(parts: Iterable[Ways]) -> Ways:
    joint = _NOTHING_NEEDED
    for part in parts:
        joint = frozenset(islice((one | other for one in joint for other in part), _MOST_ANSWERS))
    return joint


def answers_to(name: str, asked: Asked, vocabulary: Vocabulary) -> Answers:
    """Return the representative answers to a fact."""
    fact = vocabulary.facts[name]
    if fact.kind == "yes_no":
        return Answers((False, True), _NO_AND_YES)
    if fact.kind == "number":
        numbers = tuple(_numbers(asked.limits))
        return Answers(numbers, (1 / len(numbers),) * len(numbers))
    choices = [leaf for leaf in asked.leaves if isinstance(leaf, OneOf)]
    kinds: dict[frozenset[int], list[str]] = {}
    for item in _items(fact, choices):
        kinds.setdefault(_strictness(item, choices), []).append(item)
    # What the fewest conditions take amiss stands first: the harmless answer.
    ordered = sorted(kinds.items(), key=lambda kind: (len(kind[0]), -len(kind[1])))
    firsts = {items[0]: strictness for strictness, items in ordered}
    total = sum(len(items) for _, items in ordered)
    weights = tuple(len(items) / total for _, items in ordered)
    single: tuple[FactValue, ...] = tuple((item,) for item in firsts)
    if fact.kind == "choice":
        return Answers(single, weights)
    several = tuple(islice(_several(firsts, asked.ways), _MOST_ANSWERS + 1))
    whole = len(several) <= _MOST_ANSWERS
    return Answers((*single, *several), (*weights, *(0.0 for _ in several)), whole)


def _strictness(item: str, choices: Sequence[OneOf]) -> frozenset[int]:
    """Return the conditions that are read more strictly because a word is chosen."""
    return frozenset(number for number, leaf in enumerate(choices) if _is_in(item, leaf.words) is not leaf.every)


def _is_in(item: str, words: Iterable[str]) -> bool:
    return not set(words).isdisjoint(getattr(item, "levels", (item,)))


def _several(firsts: Mapping[str, frozenset[int]], ways: Ways) -> Iterator[tuple[str, ...]]:
    """Yield answers of several words.

    A project with more words is bound by no less (see `conditions.strictly`). So where a strict answer makes a
    difference, one does in which each role that the strict rule needs is played by a word, and by one that is taken no
    more amiss elsewhere than any other that could play it.
    """
    seen: set[frozenset[str]] = set()
    for way in sorted(ways, key=lambda roles: sorted((inside, sorted(words)) for inside, words in roles)):
        players = [
            _least([first for first in firsts if _is_in(first, words) is inside], firsts) for inside, words in way
        ]
        for cast in product(*players):
            chosen = frozenset(cast)
            if len(chosen) > 1 and chosen not in seen:
                seen.add(chosen)
                yield tuple(first for first in firsts if first in chosen)


def _least(items: list[str], firsts: Mapping[str, frozenset[int]]) -> list[str]:
    return [item for item in items if not any(firsts[other] < firsts[item] for other in items)]


def _items(fact: Fact, choices: Sequence[OneOf]) -> Iterator[str]:
    if fact.kind != "code":
        yield from fact.values
        return
    named = dict.fromkeys(level for leaf in choices for level in leaf.words)
    divisions = dict.fromkeys(code[:3] for level in named for code in codes_under(level))
    inside = [code for division in divisions for code in codes_under(division)]
    outside = next((code for letter in "ABCD" for code in codes_under(letter) if code[:3] not in divisions), None)
    yield from ([] if outside is None else [IndustryCode(outside)])
    yield from inside


def _numbers(limits: tuple[float, ...]) -> Iterator[float]:
    if not limits:
        yield 0.0
        return
    yield limits[0] - 1.0
    for limit, following in zip(limits, (*limits[1:], limits[-1] + 2.0), strict=True):
        yield limit
        yield (limit + following) / 2.0
