"""All answers to a question that differ for the conditions at hand: one representative of each, none left out."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from zoning.rules.conditions import Compare, OneOf
from zoning.rules.derivation.industry import SECTIONS, IndustryCode, codes_under, level_mistake
from zoning.rules.facts import Vocabulary
from zoning.rules.places import COMPARISONS

Vector = tuple[bool, ...]
"""Whether each of some conditions holds, in their order."""


class TooManyError(Exception):
    """There are more answers than can be gone through: nothing is proven, so nothing may be said."""


MOST_VECTORS = 4_000


def fact_vectors(vocabulary: Vocabulary, fact: str, asked: Sequence[OneOf | Compare]) -> list[Vector]:
    """Return every combination of truths that an answer to one fact can give to the conditions on it.

    Raises
    ------
    TooManyError
        When there are too many to go through.
    """
    known = vocabulary.facts.get(fact)
    if known is None:
        raise TooManyError
    if known.kind == "number":
        return number_vectors(asked)
    words = [leaf for leaf in asked if isinstance(leaf, OneOf)]
    if len(words) < len(asked):
        raise TooManyError
    if known.kind == "code":
        signs = set(_codes(tuple(leaf.words for leaf in words)))
    else:
        signs = {tuple(word in leaf.words for leaf in words) for word in vocabulary.words(fact)}
    if known.kind in ("choices", "code"):
        return _of_several(words, signs)
    return sorted(signs)


def number_vectors(asked: Sequence[OneOf | Compare]) -> list[Vector]:
    """Return the truths for a number below, at, between and above all limits; each limit is a number here."""
    compared = [leaf for leaf in asked if isinstance(leaf, Compare)]
    points = around(float(leaf.limit) for leaf in compared)
    return sorted(
        {tuple(COMPARISONS[leaf.relation](point, float(leaf.limit)) for leaf in compared) for point in points}
    )


def around(limits: Iterable[float]) -> list[float]:
    """Return one number below, between and above all limits, and the limits themselves.

    >>> around([10.0, 5.0, 10.0])
    [4.0, 5.0, 7.5, 10.0, 11.0]
    """
    ordered = sorted(set(limits))
    if not ordered:
        return [0.0]
    between = [middle for low, high in pairwise(ordered) for middle in (low, (low + high) / 2)]
    return [ordered[0] - 1.0, *between, ordered[-1], ordered[-1] + 1.0]


def _of_several(words: Sequence[OneOf], signs: set[Vector]) -> list[Vector]:
    """Return the truths where several words can be chosen.

    A condition that holds needs one chosen word as its witness, and so does one that says "all of them" and fails;
    more words than conditions change nothing. So sets of at most that many kinds of words are enough.
    """
    found: set[Vector] = set()
    for size in range(1, max(len(words), 1) + 1):
        for chosen in combinations(sorted(signs), size):
            found.add(
                tuple(
                    all(sign[index] for sign in chosen) if leaf.every else any(sign[index] for sign in chosen)
                    for index, leaf in enumerate(words)
                )
            )
            if len(found) > MOST_VECTORS:
                raise TooManyError
    return sorted(found)


@lru_cache(maxsize=256)
def _codes(asked: tuple[tuple[str, ...], ...]) -> tuple[Vector, ...]:
    """Return the truths of single codes: of every class below the levels that are named, and of one outside them."""
    levels = [level for words in asked for level in words]
    if any(level_mistake(level) is not None for level in levels):
        raise TooManyError
    wanted = [set(words) for words in asked]
    signs: set[Vector] = set()
    for code in _classes(levels):
        signs.add(tuple(not words.isdisjoint(code.levels) for words in wanted))
    return tuple(sorted(signs))


def _classes(levels: Sequence[str]) -> Iterator[IndustryCode]:
    for level in dict.fromkeys(levels):
        yield from codes_under(level)
    named = set(levels)
    for section in SECTIONS:
        outside = next((code for code in codes_under(section) if named.isdisjoint(code.levels)), None)
        if outside is not None:
            yield outside
            return
