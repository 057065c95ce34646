"""Every layer of the built-in workspace taken away in turn: nothing is permitted that it could have forbidden."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from shared_layers import SharedLayers
from zoning.check import check_site
from zoning.layers.catalogue import Catalogue
from zoning.rules.facts import FactSheet, parse_facts, read_facts_file
from zoning.rules.verdict import Verdict
from zoning.sites import Site, read_sites
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 6, 1)
TERRITORY = "140522"
WORKSPACE = Workspace.open(builtin_root())
LAYERS = WORKSPACE.source()
RULES = [rule for rule in WORKSPACE.rulebook.in_force(ON, TERRITORY) if rule.scope != "baseline"]
FORBIDDING = sorted(
    {w.layer for rule in RULES if rule.effects & {"prohibit", "restrict"} for w in rule.places}
    - {WORKSPACE.catalogue.territory_layer}
)
ADVISING = sorted({w.layer for rule in RULES for w in rule.places} - set(FORBIDDING))


def without_file(catalogue: Catalogue, name: str) -> Catalogue:
    layer = catalogue[name]
    editions = {key: edition.model_copy(update={"file": "gone.gpkg"}) for key, edition in layer.editions.items()}
    return replace(catalogue, layers={**catalogue.layers, name: layer.model_copy(update={"editions": editions})})


def without_coverage(catalogue: Catalogue, name: str) -> Catalogue:
    layer = catalogue[name]
    elsewhere = layer.coverage.model_copy(update={"territories": ("140825",)})
    return replace(catalogue, layers={**catalogue.layers, name: layer.model_copy(update={"coverage": elsewhere})})


@cache
def question(example: str) -> tuple[Site, FactSheet]:
    path = builtin_root() / "examples" / example
    vocabulary = WORKSPACE.rulebook.vocabulary
    facts, _ = read_facts_file(vocabulary, path.with_name(f"{path.stem}.facts.yaml"))
    site = read_sites(path, expected=WORKSPACE.extent(ON))[0]
    return site, parse_facts(vocabulary, facts, path.name)


def examine(example: str, take: Callable[[Catalogue, str], Catalogue], name: str) -> Verdict:
    """Check an example without a layer; the other layers are read once for all tests."""
    site, sheet = question(example)
    catalogue = take(WORKSPACE.catalogue, name)
    source = SharedLayers(catalogue, LAYERS, [name])
    rules, settings = WORKSPACE.rulebook, WORKSPACE.settings
    return check_site(site, sheet, on=ON, catalogue=catalogue, rulebook=rules, settings=settings, source=source).verdict


def status(verdict: Verdict, name: str) -> str:
    return next(entry.status for entry in verdict.layers if entry.layer == name)


@pytest.mark.parametrize("take", [without_file, without_coverage])
@pytest.mark.parametrize("name", FORBIDDING)
def test_a_missing_layer_permits_nothing(name: str, take: Callable[[Catalogue, str], Catalogue]) -> None:
    verdict = examine("school.geojson", take, name)
    assert status(verdict, name) == "no_data"
    assert verdict.decision == "undetermined"
    assert name in verdict.missing_layers


@pytest.mark.parametrize(
    "name", [name for name in FORBIDDING if name not in ("land-zones", "permanent-basic-farmland")]
)
def test_a_prohibition_of_another_layer_stays(name: str) -> None:
    verdict = examine("processing-plant.txt", without_file, name)
    assert (status(verdict, name), verdict.decision) == ("no_data", "prohibited")


@pytest.mark.parametrize("name", ADVISING)
def test_a_layer_that_only_duties_and_encouragement_speak_of_is_told_and_moves_nothing(name: str) -> None:
    # Such rules never move a decision, so a missing layer of theirs cannot make it stricter.
    verdict = examine("school.geojson", without_file, name)
    assert (status(verdict, name), verdict.decision) == ("no_data", "permitted")
