"""Measure the rules alone, overlaps given: one site with nothing prepared, and ten thousand sites on one core.

The overlaps are those of real checks: sites drawn all over the territories, measured once; the facts are drawn.
"""

import random
import statistics
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zoning.check import Examination, check_sites
from zoning.rules.decision import conclude
from zoning.rules.facts import Fact, FactSheet, FactValue, Vocabulary
from zoning.rules.judge import Judge
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.sites import read_sites
from zoning.workspace import Workspace

SEED = 20260815
DAY = date(2026, 11, 22)
PROJECTS = 10
"""Different projects on each site: a batch holds many sites of few kinds."""


def situations(workspace: Workspace, sites: Path) -> list[Situation]:
    """Measure the sites of a file and return what the rules are applied to, with `PROJECTS` sheets of facts each."""
    footprints = read_sites(sites, expected=workspace.extent(DAY))
    told = check_sites(
        [(site, FactSheet({})) for site in footprints],
        on=DAY,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
    )
    chance = random.Random(SEED)
    sheets = [draw_facts(workspace.rulebook.vocabulary, chance) for _ in range(PROJECTS)]
    return [
        replace(situation, facts=sheet)
        for result in told
        if isinstance(result, Examination)
        for situation in result.situations.values()
        for sheet in sheets
    ]


def draw_facts(vocabulary: Vocabulary, chance: random.Random) -> FactSheet:
    """Draw the facts of a project: the kind of construction, one activity, and half of the rest."""
    values: dict[str, FactValue] = {}
    for name, fact in vocabulary.facts.items():
        if fact.kind != "code" and (name in ("construction", "activity") or chance.random() < 0.5):
            values[name] = _answer(fact, chance)
    return FactSheet(values)


def _answer(fact: Fact, chance: random.Random) -> FactValue:
    if fact.kind == "yes_no":
        return chance.random() < 0.5
    if fact.kind == "number":
        return float(chance.randint(0, 100))
    return (chance.choice(sorted(fact.values)),)


def one_site_ms(rulebook: Rulebook, drawn: list[Situation], times: int = 200) -> tuple[float, float]:
    """Return median and slowest milliseconds for one site with a judge that has prepared nothing."""
    taken: list[float] = []
    for situation in drawn[:: max(len(drawn) // times, 1)]:
        start = time.perf_counter()
        _decide(Judge(rulebook), rulebook, situation)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), max(taken)


def sites_per_second(rulebook: Rulebook, drawn: list[Situation]) -> float:
    """Return how many sites one judge decides in a second."""
    judge = Judge(rulebook)
    start = time.perf_counter()
    for situation in drawn:
        _decide(judge, rulebook, situation)
    return len(drawn) / (time.perf_counter() - start)


def _decide(judge: Judge, rulebook: Rulebook, situation: Situation) -> None:
    conclude(judge.findings(situation), rulebook.vocabulary, unread_layers=judge.unread_layers(situation))


@dataclass(frozen=True, slots=True)
class Judged:
    """How fast the rules are: milliseconds for one site, sites a second for many (medians)."""

    rules: int
    sites: int
    one_site_ms: float
    slowest_ms: float
    sites_per_second: float


def measure_rules(workspace: Workspace, sites: Path, times: int) -> Judged:
    """Measure a file of sites, each with `PROJECTS` projects on it."""
    drawn = situations(workspace, sites)
    middle, slowest = one_site_ms(workspace.rulebook, drawn)
    rate = statistics.median(sites_per_second(workspace.rulebook, drawn) for _ in range(times))
    return Judged(len(workspace.rulebook.rules), len(drawn), middle, slowest, rate)
