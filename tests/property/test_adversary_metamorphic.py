"""What must hold between the verdicts of related checks, whatever the site, the zones and the facts."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from long_runs import times
from zoning.check import Examination, check_site, check_sites
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.decision import conclude
from zoning.rules.derivation.industry import IndustryCode
from zoning.rules.facts import Fact, FactSheet, FactValue
from zoning.rules.judge import judge, unread_layers
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Decision
from zoning.sites.site import Site
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
NEW = FactSheet({"construction": ("new",), "supply": False})
Box = tiny_workspace.Box
TERRITORY = (112.3, 35.4, 112.5, 35.6)


@st.composite
def boxes(draw: st.DrawFn, *, smallest: int = 15) -> Box:
    """Return a box of some metres to some hundred, in a corner of the county and up to 200 m beyond its border."""
    # Tens of micro-degrees: about a metre.
    west, south = draw(st.integers(-200, 600)), draw(st.integers(-200, 600))
    wide, high = draw(st.integers(smallest, 400)), draw(st.integers(smallest, 400))
    return 112.3 + west / 1e5, 35.4 + south / 1e5, 112.3 + (west + wide) / 1e5, 35.4 + (south + high) / 1e5


classes = st.sampled_from(["1", "2"])
zones = st.lists(st.tuples(boxes(smallest=1), classes), max_size=5)
accuracies = st.sampled_from([0.0, 5.0, 30.0])
half_as_many = settings(max_examples=max(25, settings().max_examples // 2))  # each is two whole checks


@dataclass
class World:
    """A tiny workspace whose zones of water are written anew for every example."""

    workspace: Workspace
    accuracy_m: float = 0.0

    def decide(self, geometry: BaseGeometry) -> Decision:
        w = self.workspace
        water = w.catalogue["water"].model_copy(update={"accuracy_m": self.accuracy_m})
        known = replace(w.catalogue, layers={**w.catalogue.layers, "water": water})
        site = Site("1", "s", geometry, "EPSG:4490", "f")
        return check_site(site, NEW, on=ON, catalogue=known, rulebook=w.rulebook, settings=w.settings).verdict.decision


def write_zones(world: World, found: list[tuple[Box, str]], accuracy_m: float) -> None:
    rows = [(f"W{number}", "", code, box) for number, (box, code) in enumerate(found)]
    # A zone at the other end of the territories gives the file its fields.
    file = world.workspace.root / "layers/data/water.geojson"
    tiny_workspace.geojson(file, [*rows, ("far", "", "2", (112.65, 35.5, 112.66, 35.51))])
    world.accuracy_m = accuracy_m


def inside(box: Box) -> bool:
    return bool(shapely.box(*box).intersection(shapely.box(*TERRITORY)).area > 1e-9)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(Workspace.open(tiny_workspace.build(tmp_path_factory.mktemp("metamorphic") / "w")))


def assert_no_milder(before: Decision, after: Decision) -> None:
    # A restriction that was only possible (undetermined) can become certain (restricted): that is no milder.
    assert after == "prohibited" or before != "prohibited"
    assert after != "permitted" or before == "permitted"


@half_as_many
@given(boxes().filter(inside), zones, boxes(smallest=1), classes, accuracies)
def test_one_zone_more_is_never_milder(
    world: World, place: Box, found: list[tuple[Box, str]], more: Box, code: str, accuracy_m: float
) -> None:
    write_zones(world, found, accuracy_m)
    before = world.decide(shapely.box(*place))
    write_zones(world, [*found, (more, code)], accuracy_m)
    assert_no_milder(before, world.decide(shapely.box(*place)))


@half_as_many
@given(boxes().filter(inside), zones, boxes(), accuracies)
def test_a_larger_site_is_never_milder(
    world: World, place: Box, found: list[tuple[Box, str]], more: Box, accuracy_m: float
) -> None:
    write_zones(world, found, accuracy_m)
    small = shapely.box(*place)
    assert_no_milder(world.decide(small), world.decide(small.union(shapely.box(*more))))


@half_as_many
@given(boxes().filter(inside), zones, accuracies, accuracies)
def test_permitted_with_worse_borders_is_permitted_with_better_ones(
    world: World, place: Box, found: list[tuple[Box, str]], one: float, other: float
) -> None:
    decisions = []
    for accuracy_m in sorted((one, other)):
        write_zones(world, found, accuracy_m)
        decisions.append(world.decide(shapely.box(*place)))
    better, worse = decisions
    # Worse borders may take certainty from a conflict; they never take away the conflict.
    assert (worse == "permitted") <= (better == "permitted")
    assert (worse == "prohibited") <= (better == "prohibited")


@half_as_many
@given(boxes().filter(inside), zones, accuracies, st.sampled_from(["water", "farmland"]))
def test_a_layer_less_is_never_permitted_and_never_lifts_a_prohibition_of_another(
    world: World, place: Box, found: list[tuple[Box, str]], accuracy_m: float, gone: str
) -> None:
    write_zones(world, found, accuracy_m)
    before = world.decide(shapely.box(*place))
    path = world.workspace.root / f"layers/data/{gone}.geojson"
    content = path.read_bytes()
    path.unlink()
    after = world.decide(shapely.box(*place))
    path.write_bytes(content)
    assert after != "permitted"
    if gone == "farmland" and before == "prohibited":
        assert after == "prohibited"  # no site lies on farmland


@half_as_many
@given(boxes().filter(inside), zones, st.sampled_from([(1.0, 0.0), (0.0, 1.0)]))
def test_what_holds_for_a_site_holds_for_its_halves_together(
    world: World, place: Box, found: list[tuple[Box, str]], way: tuple[float, float]
) -> None:
    # Two halves that touch are judged as strictly as the whole: no seam, no gap.
    write_zones(world, found, 0.0)
    west, south, east, north = place
    middle = (west + east) / 2, (south + north) / 2
    cut = (middle[0], north) if way[0] else (east, middle[1])
    rest = (middle[0], south) if way[0] else (west, middle[1])
    halves = shapely.MultiPolygon([shapely.box(west, south, *cut), shapely.box(*rest, east, north)])
    assert world.decide(halves) == world.decide(shapely.box(*place))


# --- facts that are not known, on the rules of the built-in workspace


class _Place:
    """A site of the built-in workspace, measured once, judged with any facts."""

    def __init__(self, workspace: Workspace, examination: Examination) -> None:
        self.workspace = workspace
        self.overlaps = examination.overlaps
        self.territory = examination.verdict.site.territories[0]
        self.area_m2 = examination.footprint.area_m2

    def decide(self, facts: dict[str, FactValue], *, without: str | None = None) -> Decision:
        overlaps = dict(self.overlaps)
        if without is not None:
            accuracy = overlaps[without].accuracy_m
            overlaps[without] = LayerOverlap(without, None, "no_data", accuracy, uncovered_m2=self.area_m2)
        rulebook: Rulebook = self.workspace.rulebook
        layers = self.workspace.catalogue.layers
        situation = Situation(self.territory, self.area_m2, overlaps, layers, FactSheet(facts), ON)
        unread = unread_layers(rulebook, situation)
        return conclude(judge(rulebook, situation), rulebook.vocabulary, unread_layers=unread).decision


def random_sites(workspace: Workspace, count: int, seed: int) -> Iterator[Site]:
    """Yield ragged polygons of 10 m to 2 km that lie in the territories."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    west, south, east, north = workspace.extent(ON)
    for number in range(count):
        x, y = dice.uniform(west, east), dice.uniform(south, north)
        if dice.random() < 0.7:  # most of them in the county that is drawn in full
            x, y = dice.uniform(112.05, 112.6), dice.uniform(35.22, 35.66)
        size = 10 ** dice.uniform(-4, -1.7)
        angles = np.sort([dice.uniform(0, 2 * np.pi) for _ in range(dice.randrange(3, 9))])
        radii = np.array([size * dice.uniform(0.3, 1) for _ in angles])
        star = shapely.Polygon(np.column_stack([x + radii * np.cos(angles), y + radii * np.sin(angles)]))
        if star.is_valid and star.area > 0:
            yield Site(str(number), "s", star, "EPSG:4490", "f")


@pytest.fixture(scope="module")
def builtin(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.fixture(scope="module")
def places(builtin: Workspace) -> list[_Place]:
    work = [(site, FactSheet({})) for site in random_sites(builtin, times(30, 60), seed=7)]
    results = check_sites(
        work, on=ON, catalogue=builtin.catalogue, rulebook=builtin.rulebook, settings=builtin.settings
    )
    return [
        _Place(builtin, result)
        for result in results
        if isinstance(result, Examination)
        and len(result.verdict.site.territories) == 1
        and not result.verdict.site.outside_territories_m2
    ]


def answers(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.kind == "yes_no":
        return st.booleans()
    if fact.kind == "number":
        return st.sampled_from([0.0, 0.5, 1.0, 1.5, 10.0, 90.0, 500.0, 1e4, 1e6])
    if fact.kind == "code":
        return st.sampled_from([(IndustryCode(code),) for code in ("C2521", "B0610", "C2614", "H6110")])
    words = st.sampled_from(list(fact.values))
    if fact.kind == "choice":
        return words.map(lambda word: (word,))
    return st.lists(words, min_size=1, max_size=3, unique=True).map(tuple)


@settings(max_examples=times(30, 2_000), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_decided_without_a_fact_stays_whatever_the_fact_is(
    builtin: Workspace, places: list[_Place], data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(places))
    vocabulary = builtin.rulebook.vocabulary.facts
    known = {name: data.draw(answers(fact)) for name, fact in vocabulary.items()}
    forgotten = data.draw(st.sets(st.sampled_from(sorted(known)), max_size=len(known)))
    some = {name: value for name, value in known.items() if name not in forgotten}
    with_some = place.decide(some)
    if with_some != "undetermined":
        assert place.decide(known) == with_some


@settings(max_examples=times(30, 2_000), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_decided_without_a_layer_stays_whatever_the_layer_says(
    builtin: Workspace, places: list[_Place], data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(places))
    vocabulary = builtin.rulebook.vocabulary.facts
    known = {name: data.draw(answers(fact)) for name, fact in vocabulary.items()}
    gone = data.draw(st.sampled_from(sorted(place.overlaps)))
    without = place.decide(known, without=gone)
    if without != "undetermined":
        assert place.decide(known) == without


def test_many_sites_of_the_built_in_workspace_give_the_bytes_of_single_calls(builtin: Workspace) -> None:
    known: dict[str, Any] = {
        "on": ON,
        "catalogue": builtin.catalogue,
        "rulebook": builtin.rulebook,
        "settings": builtin.settings,
    }
    work = [(site, FactSheet({})) for site in random_sites(builtin, times(7, 14), seed=11)]
    compared = 0
    for together, pair in zip(check_sites(work, **known), work, strict=True):
        (single,) = check_sites([pair], **known)
        assert type(together) is type(single)
        if isinstance(together, Examination) and isinstance(single, Examination):
            one, other = json.loads(together.verdict.to_json()), json.loads(single.verdict.to_json())
            assert one == other
            assert together.verdict.to_json() == single.verdict.to_json()
            compared += 1
    assert compared > times(2, 3)
