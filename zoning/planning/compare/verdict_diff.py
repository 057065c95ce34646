"""Verdict diff: of many checked sites those that come out otherwise; only what a change can reach is checked again."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zoning.advice.ground import Content
from zoning.check import Checker
from zoning.errors import ZoningError
from zoning.overlay.footprint import Footprint
from zoning.planning.compare.affected import Differences
from zoning.planning.compare.verdict_changes import SiteChange, site_change
from zoning.rules.facts import FactSheet, parse_facts
from zoning.sites.site import Site

CHUNK = 25


@dataclass(frozen=True, slots=True)
class RegisteredSite:
    """A site with the facts that its verdict rested on.

    Attributes
    ----------
    number
        Its place in the register, from 1 on.
    decision
        What the register says of it; None where it says nothing.
    """

    number: int
    site: Site
    facts: Mapping[str, object]
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a chunk: the sites that differ, and those whose recorded decision is not that of the first state.

    Attributes
    ----------
    stale
        Number -> recorded decision, decision in the first state.
    """

    changes: tuple[SiteChange, ...]
    stale: Mapping[int, tuple[str, str]]


def affected_sites(sites: Sequence[RegisteredSite], found: Differences, content: Content) -> list[int]:
    """Return the places (from 0 on) of the sites that a difference can reach."""
    if found.nothing:
        return []
    if found.everywhere:
        return list(range(len(sites)))
    return [place for place, entry in enumerate(sites) if _reached(entry.site, found, content)]


def _reached(site: Site, found: Differences, content: Content) -> bool:
    try:
        footprint = Footprint.of(site, content.source.plane)
    except ZoningError:
        # It is refused before any layer is asked, in both states with the same sentence.
        return False
    return found.reach(footprint)


class Recheck:
    """Checks sites in both states."""

    def __init__(self, a: Content, b: Content) -> None:
        self._sides = a, b
        self._checkers = tuple(
            Checker(
                on=side.on,
                catalogue=side.catalogue,
                rulebook=side.rulebook,
                settings=side.settings,
                source=side.source,
            )
            for side in (a, b)
        )

    def check(self, sites: Sequence[RegisteredSite]) -> Checked:
        """Check some sites.

        Raises
        ------
        ContentError
            When a fact of a site is unknown, or does not allow its value.
        LayerError
            When a layer holds something that its definition does not know.
        """
        results = [
            list(checker.check([(entry.site, self._facts(entry, number)) for entry in sites]))
            for number, checker in enumerate(self._checkers)
        ]
        changes: list[SiteChange] = []
        stale: dict[int, tuple[str, str]] = {}
        for entry, one, other in zip(sites, *results, strict=True):
            change = site_change(entry.number, entry.site, one, other)
            if change is not None:
                changes.append(change)
            now = getattr(getattr(one, "verdict", None), "decision", "refused")
            if entry.decision is not None and entry.decision != now:
                stale[entry.number] = (entry.decision, now)
        return Checked(tuple(changes), stale)

    def _facts(self, entry: RegisteredSite, number: int) -> FactSheet:
        vocabulary = self._sides[number].rulebook.vocabulary
        return parse_facts(vocabulary, entry.facts, entry.site.source)


def chunks(places: Sequence[int], size: int = CHUNK) -> Iterator[tuple[int, ...]]:
    """Yield places in runs; each run is finished work that an interruption leaves whole."""
    for start in range(0, len(places), size):
        yield tuple(places[start : start + size])


def sample(untouched: Sequence[int], count: int, seed: int = 0) -> tuple[int, ...]:
    """Return some of the sites that are said to be untouched, the same for the same seed."""
    chosen = random.Random(seed).sample(list(untouched), min(count, len(untouched)))  # noqa: S311 - a sample, no secret
    return tuple(sorted(chosen))
