"""Whether a condition can ever hold, decided by going through all answers and places that differ for it.

Facts and layers are independent of each other, so each has its own list of possible truths; a search through their
product leaves a branch as soon as the condition is decided. Nothing is sampled: "impossible" is proven, and where the
search would take too long nothing is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from zoning.layers.catalogue import Layer
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Compare, Condition, Not, OneOf, leaves
from zoning.rules.facts import Vocabulary
from zoning.rules.lint.fact_answers import TooManyError, Vector, fact_vectors
from zoning.rules.lint.place_answers import place_vectors
from zoning.rules.places import Band, Where

Leaf = OneOf | Compare | AtPlace
_MOST_STEPS = 50_000


@dataclass(frozen=True)
class Worlds:
    """Everything that a project can be, and every place that it can stand in, as far as rules can tell."""

    vocabulary: Vocabulary
    layers: Mapping[str, Layer]
    _vectors: dict[tuple[Leaf, ...], list[Vector]] = field(default_factory=dict, repr=False, compare=False)

    def can_hold(self, *conditions: Condition) -> bool:
        """Tell whether all conditions can hold at once; also true where that is not proven to be impossible."""
        try:
            return self._search(AllOf(conditions))
        except TooManyError:
            return True

    def surely_can_hold(self, *conditions: Condition) -> bool:
        """Tell whether all conditions can hold at once; false where that could not be found out."""
        try:
            return self._search(AllOf(conditions))
        except TooManyError:
            return False

    def implies(self, one: Condition, other: Condition) -> bool:
        """Tell whether it is proven that `other` holds wherever `one` does."""
        return not self.can_hold(one, Not(other))

    def _search(self, formula: Condition) -> bool:
        return all(self._search_part(part) for part in _independent(conjuncts(formula)))

    def _search_part(self, formula: Condition) -> bool:
        asked: dict[str, list[Leaf]] = {}
        for leaf in dict.fromkeys(leaves(formula)):
            asked.setdefault(subject(leaf), []).append(leaf)
        options = [(group, self._options(tuple(group))) for group in asked.values()]
        # Few options first: the search then leaves early.
        options.sort(key=lambda option: len(option[1]))
        known: dict[Leaf, bool] = {}
        steps = 0

        def descend(level: int) -> bool:
            nonlocal steps
            truth = _decide(formula, known)
            if truth is not None:
                return truth
            group, vectors = options[level]
            for vector in vectors:
                steps += 1
                if steps > _MOST_STEPS:
                    raise TooManyError
                known.update(zip(group, vector, strict=True))
                if descend(level + 1):
                    return True
            for leaf in group:
                del known[leaf]
            return False

        return descend(0)

    def _options(self, group: tuple[Leaf, ...]) -> list[Vector]:
        if group not in self._vectors:
            places = [leaf.where for leaf in group if isinstance(leaf, AtPlace)]
            facts = [leaf for leaf in group if not isinstance(leaf, AtPlace)]
            self._vectors[group] = (
                place_vectors(self.layers.get(places[0].layer), places)
                if places
                else fact_vectors(self.vocabulary, facts[0].fact, facts)
            )
        return self._vectors[group]


def conjuncts(condition: Condition) -> list[Condition]:
    """Return conditions that together say the same: all of them hold exactly where the condition does."""
    if isinstance(condition, AllOf):
        return [found for part in condition.parts for found in conjuncts(part)]
    if isinstance(condition, Not):
        inner = condition.part
        if isinstance(inner, Not):
            return conjuncts(inner.part)
        if isinstance(inner, AnyOf):
            return [found for part in inner.parts for found in conjuncts(Not(part))]
    return [condition]


def _independent(parts: Sequence[Condition]) -> list[Condition]:
    """Return the parts put together where they ask for the same fact or layer: what is left shares nothing."""
    groups: list[tuple[set[str], list[Condition]]] = []
    for part in parts:
        subjects, together = {subject(leaf) for leaf in leaves(part)}, [part]
        apart = []
        for group in groups:
            if group[0].isdisjoint(subjects):
                apart.append(group)
            else:
                subjects |= group[0]
                together = [*group[1], *together]
        groups = [*apart, (subjects, together)]
    return [AllOf(tuple(together)) for _, together in groups]


def subject(leaf: Leaf) -> str:
    """Return what a condition asks for: a fact, or a layer."""
    return f"layer {leaf.where.layer}" if isinstance(leaf, AtPlace) else leaf.fact


def resolved(condition: Condition, values: Mapping[str, str]) -> Condition:
    """Return the condition with the names of values replaced by the figures of a day."""
    if isinstance(condition, Compare):
        return replace(condition, limit=values.get(condition.limit, condition.limit), at=())
    if isinstance(condition, AtPlace):
        return AtPlace(_resolved_place(condition.where, values))
    if isinstance(condition, OneOf):
        return replace(condition, at=(), groups=())
    if isinstance(condition, Not):
        return Not(resolved(condition.part, values))
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(resolved(part, values) for part in condition.parts))
    return condition


def _resolved_place(where: Where, values: Mapping[str, str]) -> Where:
    def told(band: Band) -> Band:
        return Band(**{relation: values.get(limit, limit) for relation, limit in band.limits()})

    return where.model_copy(update={name: told(band) for name, band, _ in where.bands()})


def _decide(condition: Condition, known: Mapping[Leaf, bool]) -> bool | None:
    """Return the truth of a condition as far as the truths of its leaves are known (Kleene)."""
    if isinstance(condition, OneOf | Compare | AtPlace):
        return known.get(condition)
    if isinstance(condition, Not):
        truth = _decide(condition.part, known)
        return None if truth is None else not truth
    parts: Sequence[Condition] = condition.parts if isinstance(condition, AllOf | AnyOf) else ()
    ends = isinstance(condition, AnyOf)
    open_ = False
    for part in parts:
        truth = _decide(part, known)
        if truth is ends:
            return ends
        open_ = open_ or truth is None
    return None if open_ else not ends
