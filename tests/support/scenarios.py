"""The acceptance scenarios: a footprint, the zones around it, what is known, and the decision that must come out.

Facts that a scenario does not name are answered "no"; layers that it does not name are loaded and clear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

import scenario_world as world
from scenario_world import JINCHENG, XINJIANG, YANGCHENG, YANGQUAN
from zoning.check import check_site
from zoning.rules.facts import FactSheet, Vocabulary, parse_facts
from zoning.rules.verdict import Decision, Finding, Verdict
from zoning.sites import Site

ON = date(2025, 6, 1)
SIZE_M = 200.0
ALL = shapely.box(-500, -500, 700, 700)  # holds the whole footprint
Zones = Mapping[str, Sequence[tuple[str | None, BaseGeometry]]]
Facts = Mapping[str, str | list[str]]

LEVELS: Mapping[str, Mapping[str, Any]] = {
    # The red line with the levels of its older edition, as if it still held.
    "ecological-red-line": {"2017": {"valid_from": "2017-01-01", "classes": ["level-1", "level-2"]}}
}


def west(share: float) -> BaseGeometry:
    """Return a zone that holds the western `share` of the footprint."""
    return shapely.box(-500, -500, SIZE_M * share, 700)


def east(share: float) -> BaseGeometry:
    """Return a zone that holds the eastern `share` of the footprint."""
    return shapely.box(SIZE_M * (1 - share), -500, 700, 700)


@dataclass(frozen=True)
class Scenario:
    """One row of the list of scenarios.

    `rules` must carry the decision (permitted: must apply all the same); `unknown` are facts without an answer.
    """

    territory: str
    facts: Facts
    expected: Decision
    rules: tuple[str, ...]
    document: str
    zones: Zones = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    editions: Mapping[str, Mapping[str, Any]] | None = None
    blocked: bool = False


COKING: Facts = {"construction": "new", "activity": "coking", "high_pollution": "yes"}
FEN_800_M: Zones = {"rivers": [("fen", shapely.box(1000, -3000, 1200, 3000))]}
PAPER: Facts = {
    "construction": "rebuild",
    "activity": "paper",
    "discharges_pollutants": "yes",
    "discharges_water_pollutants": "yes",
    "discharge_change": "unchanged",
}
DYE: Facts = {
    "construction": "new",
    "activity": "dyeing",
    "discharges_pollutants": "yes",
    "discharges_water_pollutants": "yes",
    "heavy_water_pollution": "yes",
}
TREES: Facts = {
    "construction": "none",
    "activity": ["mine-restoration", "tree-planting"],
    "purpose": "ecological-restoration",
    "restoration_target": "forest",
}
CASTING: Facts = {"construction": "new", "activity": "casting", "adds_capacity": "yes", "air_related": "yes"}
HOTEL: Facts = {"construction": "new", "activity": "hotel"}
HOUSING: Facts = {"construction": "new", "activity": "housing"}
GREENHOUSE: Facts = {"construction": "new", "activity": "facility-farming"}
FIELD: Zones = {"permanent-basic-farmland": [("field", ALL)]}
CATCHMENT = shapely.box(-5000, -5000, 5000, 5000)
HUT: Facts = {"construction": "new", "activity": "research-monitoring", "purpose": "scientific-research"}
LEVEL_1: Zones = {"ecological-red-line": [("level-1", ALL)]}
LODGE_ZONES: Zones = {
    "ecological-red-line": [("red-line", west(0.3))],
    "nature-reserves": [("core", west(0.3))],
    "ecological-safety-control": [("safety-control", east(0.7))],
}
JC, XJ, YQ = "jincheng-urban-2023-3", "xinjiang-2021-22", "yangquan-2025-23"
YC_A, YC_B = "yangcheng-2023-43-a", "yangcheng-2023-43-b"

SCENARIOS: Mapping[str, Scenario] = {
    "AS01 coking plant 800 m from the Fen": Scenario(XINJIANG, COKING, "prohibited", ("R119",), XJ, FEN_800_M),
    "AS03 the same, pollution class empty": Scenario(
        XINJIANG, COKING, "undetermined", ("R119",), XJ, FEN_800_M, unknown=("high_pollution",)
    ),
    "AS06 pump house of the waterworks in level 1": Scenario(
        JINCHENG,
        {"construction": "new", "activity": "water-supply", "purpose": "water-supply"},
        "permitted",
        (),
        JC,
        {"drinking-water": [("level-1", ALL)]},
    ),
    "AS09 tourist boardwalk in level 2": Scenario(
        JINCHENG,
        {"construction": "new", "activity": "tourism"},
        "restricted",
        ("R048",),
        JC,
        {"drinking-water": [("level-2", ALL)]},
    ),
    "AS12a paper mill rebuilt in the quasi zone, discharge unchanged": Scenario(
        JINCHENG, PAPER, "restricted", ("R050",), JC, {"drinking-water": [("quasi", ALL)]}
    ),
    "AS12b the same, discharge missing": Scenario(
        JINCHENG,
        PAPER,
        "undetermined",
        ("R050",),
        JC,
        {"drinking-water": [("quasi", ALL)]},
        unknown=("discharge_change",),
    ),
    "AS13 dye works, 95 % quasi zone and 5 % level 2": Scenario(
        JINCHENG,
        DYE,
        "prohibited",
        ("R045", "R049"),
        JC,
        {"drinking-water": [("quasi", west(0.95)), ("level-2", east(0.05))]},
    ),
    "AS14 quarry in the outcrop belt": Scenario(
        JINCHENG,
        {"construction": "new", "activity": "quarrying"},
        "prohibited",
        ("R059",),
        JC,
        {"spring-catchments": [("catchment", CATCHMENT), ("key-protection", CATCHMENT), ("outcrop-belt", ALL)]},
    ),
    "AS17 coal panel, 3 % in the connected area": Scenario(
        YANGCHENG,
        {"construction": "new", "activity": "coal-mining"},
        "prohibited",
        ("R063",),
        YC_B,
        {"spring-catchments": [("connected", east(0.03))]},
    ),
    "AS19 research hut in red line level 1": Scenario(
        YANGCHENG, HUT, "restricted", ("R013",), YC_B, LEVEL_1, editions=LEVELS
    ),
    "AS20 hotel in red line level 1": Scenario(
        YANGCHENG, HOTEL, "prohibited", ("R013", "R015"), YC_B, LEVEL_1, editions=LEVELS
    ),
    "AS23 lodge, 30 % in the core of a reserve": Scenario(YANGCHENG, HOTEL, "prohibited", ("R015",), YC_B, LODGE_ZONES),
    "AS25 trees on a pit registered as basic farmland": Scenario(
        XINJIANG, TREES, "prohibited", ("R084",), XJ, {**FIELD, "mine-parcels": [("historic", ALL)]}
    ),
    "AS27 historic pit beside the high-speed railway": Scenario(
        JINCHENG,
        TREES,
        "permitted",
        ("R198", "R199"),
        JC,
        {
            "mine-parcels": [("historic", ALL)],
            "transport": [("high-speed-rail", shapely.LineString([(700, -5000), (700, 5000)]))],
        },
    ),
    "AS28 greenhouse on basic farmland, use not stated": Scenario(
        XINJIANG,
        GREENHOUSE,
        "undetermined",
        ("R082", "R086"),
        XJ,
        FIELD,
        unknown=("occupies_farmland", "pbf_change_authorised"),
    ),
    "AS28 the greenhouse is a workshop": Scenario(
        XINJIANG,
        {**GREENHOUSE, "actual_use": "workshop"},
        "prohibited",
        ("R086",),
        XJ,
        FIELD,
        unknown=("occupies_farmland", "pbf_change_authorised"),
    ),
    "AS30 processing factory in general agriculture": Scenario(
        YANGCHENG,
        {"construction": "new", "activity": "food-processing"},
        "prohibited",
        ("R100",),
        YC_B,
        {"land-zones": [("general-agriculture", ALL)]},
    ),
    "AS33 housing, 80 % in the concentrated area, 20 % village": Scenario(
        YANGCHENG,
        HOUSING,
        "restricted",
        ("R099",),
        YC_B,
        {"town-boundary": [("concentrated", west(0.8))], "land-zones": [("urban", west(0.8)), ("village", east(0.2))]},
    ),
    "AS34 casting works in a key unit": Scenario(
        JINCHENG, CASTING, "prohibited", ("R003",), JC, {"management-units": [("key", ALL)]}
    ),
    "AS34 the same, 15 km from the urban area": Scenario(
        JINCHENG,
        CASTING,
        "prohibited",
        ("R003", "R150"),
        JC,
        {"management-units": [("key", ALL)], "urban-areas": [("urban-area", shapely.box(15200, -1000, 17000, 1000))]},
    ),
    "AS37 housing on a registered plot": Scenario(
        XINJIANG, HOUSING, "prohibited", ("R135",), XJ, {"contaminated-plots": [("registered", ALL)]}
    ),
    "AS38 housing on a chemical plot, survey not finished": Scenario(
        XINJIANG,
        HOUSING,
        "undetermined",
        ("R136",),
        XJ,
        {"contaminated-plots": [("survey-unfinished", ALL)]},
        blocked=True,
    ),
    "AS40 coal washing in Yangquan": Scenario(
        YANGQUAN, {"construction": "new", "activity": "coal-washing"}, "undetermined", ("R008",), YQ
    ),
    "X01 car-wash well in an over-extraction area": Scenario(
        XINJIANG,
        {"construction": "new", "activity": ["commercial", "well-drilling"], "new_groundwater_use": "yes"},
        "prohibited",
        ("R070",),
        XJ,
        {"groundwater-overdraft": [("overdraft", ALL)]},
    ),
    "X05 terracing of 28° subsidence cropland": Scenario(
        YANGCHENG,
        {"construction": "none", "activity": "slope-treatment", "subsidence_land": "yes"},
        "undetermined",
        ("R115",),
        YC_B,
        unknown=("steep_slope",),
    ),
    "X08 mine and logistics of 1.6 Mt/a without a rail spur": Scenario(
        YANGCHENG,
        {"construction": "new", "activity": ["other-mining", "logistics"], "freight_mt_per_year": "1.6"},
        "restricted",
        ("R169",),
        YC_B,
    ),
}


class Bench:
    """Builds the workspace of a scenario and checks its footprint, or another one, in it."""

    def __init__(self, grounds: world.Grounds, folder: Path) -> None:
        self._grounds = grounds
        self._folder = folder
        self._built = 0

    def __call__(
        self, scenario: Scenario, site: Site | None = None, *, on: date = ON, without: str | None = None
    ) -> Verdict:
        """Return the verdict; of the layer `without` the files are gone."""
        self._built += 1
        root = self._folder / str(self._built)
        at = world.origin(scenario.territory)
        made = self._grounds.world(root, scenario.zones, at=at, editions=scenario.editions, without=without)
        rulebook = self._grounds.builtin.rulebook
        found = check_site(
            site or world.footprint(scenario.territory, SIZE_M),
            facts_of(scenario, rulebook.vocabulary),
            on=on,
            catalogue=made.catalogue,
            rulebook=rulebook,
            settings=made.settings,
            source=made.source,
        )
        return found.verdict


def facts_of(scenario: Scenario, vocabulary: Vocabulary) -> FactSheet:
    """Return the facts of a scenario: what it tells, and the most innocent answer to all else."""
    known: dict[str, object] = {name: "no" for name, fact in vocabulary.facts.items() if fact.kind == "yes_no"}
    known |= {name: "0" for name, fact in vocabulary.facts.items() if fact.kind == "number"}
    known |= {"purpose": "other", **scenario.facts}
    answered = {name: answer for name, answer in known.items() if name not in scenario.unknown}
    return parse_facts(vocabulary, answered, "scenario")


def finding(verdict: Verdict, rule: str) -> Finding:
    """Return the finding of a rule."""
    return next(found for found in verdict.findings if found.rule == rule)


def deciding(verdict: Verdict) -> set[str]:
    """Return the rules that ask for the decision by themselves."""
    return {found.rule for found in verdict.findings if found.decision == verdict.decision}
