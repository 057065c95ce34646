"""The whole pipeline on a small workspace: parts, missing layers, replay, the same bytes."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

import tiny_workspace
from zoning.check import Examination, Refusal, check_site, check_sites
from zoning.errors import CRSError, LayerError
from zoning.replay import read_verdict, replay_verdict
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Verdict
from zoning.sites.site import Site
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
NEW = FactSheet({"construction": ("new",), "supply": False})
FREE = (112.33, 35.43, 112.331, 35.431)
IN_LEVEL_1 = (112.404, 35.504, 112.405, 35.505)
ON_FARMLAND = (112.449, 35.452, 112.451, 35.453)


def site(box: tiny_workspace.Box, name: str = "地块一") -> Site:
    return Site("1", name, shapely.box(*box), "EPSG:4490", "site.geojson")


def examine(root: Path, box: tiny_workspace.Box, facts: FactSheet = NEW, on: date = ON) -> Verdict:
    w = Workspace.open(root)
    found = check_site(site(box), facts, on=on, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    return found.verdict


def status(verdict: Verdict, layer: str) -> str:
    return next(entry.status for entry in verdict.layers if entry.layer == layer)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


@pytest.mark.parametrize(
    ("box", "facts", "decision"),
    [
        (FREE, NEW, "permitted"),
        (IN_LEVEL_1, NEW, "prohibited"),
        (IN_LEVEL_1, FactSheet({}), "undetermined"),
        (IN_LEVEL_1, FactSheet({"construction": ("none",)}), "permitted"),
        ((112.392, 35.492, 112.393, 35.493), NEW, "restricted"),
    ],
)
def test_decision(root: Path, box: tiny_workspace.Box, facts: Any, decision: str) -> None:
    assert examine(root, box, facts).decision == decision


@pytest.mark.parametrize("layer", ["water", "farmland"])
def test_a_missing_layer_is_no_data_and_never_permitted(root: Path, layer: str) -> None:
    (root / "layers" / "data" / f"{layer}.geojson").unlink()
    verdict = examine(root, FREE)
    assert status(verdict, layer) == "no_data"
    assert verdict.decision == "undetermined"
    assert verdict.missing_layers == (layer,)


def test_a_prohibition_stays_when_another_layer_is_missing(root: Path) -> None:
    (root / "layers" / "data" / "farmland.geojson").unlink()
    verdict = examine(root, IN_LEVEL_1)
    assert status(verdict, "farmland") == "no_data"
    assert verdict.decision == "prohibited"


def test_a_layer_whose_coverage_ends_is_no_data(root: Path) -> None:
    path = root / "layers" / "water.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"140522"', '"140825"'), encoding="utf-8")
    verdict = examine(root, FREE)
    assert (status(verdict, "water"), verdict.decision) == ("no_data", "undetermined")


def test_an_edition_can_cover_less_than_its_layer(root: Path) -> None:
    path = root / "layers" / "water.yaml"
    stated = "valid_from: 2020-01-01"
    text = path.read_text(encoding="utf-8").replace(stated, stated + ', coverage: {territories: ["140825"]}')
    path.write_text(text, encoding="utf-8")
    verdict = examine(root, FREE)
    assert (status(verdict, "water"), status(verdict, "farmland")) == ("no_data", "not_affected")


def test_a_missing_territory_layer_is_an_error(root: Path) -> None:
    (root / "layers" / "data" / "territory.geojson").unlink()
    with pytest.raises(LayerError, match="the territory layer cannot be used"):
        examine(root, FREE)


def test_before_any_rule_is_in_force_nothing_is_permitted(root: Path) -> None:
    verdict = examine(root, FREE, on=date(2022, 12, 31))
    assert verdict.decision == "undetermined"
    assert verdict.site.territories_without_rules == ("140522",)
    assert verdict.findings == ()


@pytest.mark.parametrize(("start", "decision"), [("2026-06-01", "permitted"), ("2026-06-02", "undetermined")])
def test_before_the_base_is_complete_nothing_is_permitted(root: Path, start: str, decision: str) -> None:
    documents = root / "rules" / "documents.yaml"
    text = documents.read_text(encoding="utf-8")
    documents.write_text(f'complete_from: {{"1405": {start}}}\n{text}', encoding="utf-8")
    verdict = examine(root, FREE)
    assert verdict.decision == decision
    assert verdict.findings != ()
    # What is found is still said: a ban in force then bans.
    assert examine(root, IN_LEVEL_1).decision == "prohibited"


def test_national_law_alone_never_permits(root: Path) -> None:
    # A workspace with the law of the country, and nothing of the county itself.
    documents = root / "rules" / "documents.yaml"
    text = documents.read_text(encoding="utf-8")
    documents.write_text(text.replace('territories: ["140522"]', 'territories: ["CN"]'), encoding="utf-8")
    for path in (root / "rules" / "plan").glob("*.yaml"):
        rule = path.read_text(encoding="utf-8").replace('territories: ["140522"]', 'territories: ["CN"]')
        path.write_text(rule, encoding="utf-8")
    verdict = examine(root, FREE)
    assert (verdict.decision, verdict.site.territories_without_rules) == ("undetermined", ("140522",))


def test_a_site_across_the_county_border_is_judged_in_parts(root: Path) -> None:
    # 140825 has no rules: what lies there was not checked, and the farmland rule of 140522 reaches only to the border.
    verdict = examine(root, (112.499, 35.45, 112.501, 35.451))
    assert verdict.site.territories == ("140522", "140825")
    assert verdict.site.territories_without_rules == ("140825",)
    assert verdict.decision == "undetermined"
    assert {finding.territory for finding in verdict.findings} == {"140522"}


def test_a_part_outside_every_territory_is_told(root: Path) -> None:
    verdict = examine(root, (112.299, 35.45, 112.301, 35.451))
    assert verdict.decision == "undetermined"
    assert verdict.site.outside_territories_m2 == pytest.approx(verdict.site.area_m2 / 2, rel=1e-6)


def test_outside_every_territory_is_refused_with_what_to_look_at(root: Path) -> None:
    with pytest.raises(CRSError) as caught:
        examine(root, (113.0, 35.0, 113.001, 35.001))
    assert caught.value.get("zh") == (
        "site.geojson：地块“地块一”（113.0005°E, 35.0005°N）不在工作空间的任何辖区之内（最近的辖区以东南约 52 km）；"
        "本工作空间的辖区：县140522、县140825；请检查坐标系、带号和坐标顺序"
    )


def test_one_bad_footprint_does_not_stop_the_others(root: Path) -> None:
    w = Workspace.open(root)
    sites = [(site(FREE), NEW), (site((113.0, 35.0, 113.001, 35.001)), NEW), (site(ON_FARMLAND), NEW)]
    sites.append((Site("4", "线", shapely.LineString([(112.4, 35.5), (112.41, 35.5)]), "EPSG:4490", "x"), NEW))
    found = list(check_sites(sites, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings))
    assert [type(result) for result in found] == [Examination, Refusal, Examination, Refusal]


def test_many_sites_in_one_call_give_the_verdicts_of_single_calls(root: Path) -> None:
    w = Workspace.open(root)
    boxes = [FREE, IN_LEVEL_1, ON_FARMLAND, (112.499, 35.45, 112.501, 35.451)]
    work = [(site(box), NEW) for box in boxes]
    together = check_sites(work, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    for result, box in zip(together, boxes, strict=True):
        assert isinstance(result, Examination)
        assert result.verdict.to_json() == examine(root, box).to_json()


def test_the_same_check_gives_the_same_bytes_and_survives_json(root: Path) -> None:
    first, second = examine(root, IN_LEVEL_1), examine(root, IN_LEVEL_1)
    assert first.to_json() == second.to_json()
    assert Verdict.from_json(first.to_json()) == first


def test_replay_reproduces_and_says_what_changed(root: Path) -> None:
    old = examine(root, ON_FARMLAND)
    w = Workspace.open(root)
    result = replay_verdict(old, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    assert result.same
    assert (result.causes, result.effects) == ((), ())

    tiny_workspace.geojson(
        root / "layers" / "data" / "farmland.geojson", [("F9", "", "F", (112.46, 35.45, 112.47, 35.46))]
    )
    result = replay_verdict(old, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    assert not result.same
    assert [text.en.split(" (")[0] for text in result.causes] == ["the data file of layer 'farmland' has changed"]
    effects = [text.en for text in result.effects]
    assert "decision: prohibited -> permitted" in effects
    assert "farmland: affected -> not_affected" in effects
    assert any(text.startswith("rule R083: applies (") for text in effects)

    (root / "layers" / "data" / "farmland.geojson").unlink()
    result = replay_verdict(old, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    gone = "layer 'farmland' cannot be used now: file not found: farmland.geojson"
    assert [text.en for text in result.causes] == [gone]


def test_replay_names_changed_rules(root: Path) -> None:
    old = examine(root, ON_FARMLAND)
    path = root / "rules" / "plan" / "R083.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("effect: prohibit", "effect: restrict"), encoding="utf-8")
    w = Workspace.open(root)
    result = replay_verdict(old, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    assert [text.en for text in result.causes] == ["the rules have changed"]
    assert "decision: prohibited -> restricted" in [text.en for text in result.effects]


def test_what_is_no_verdict_is_refused() -> None:
    with pytest.raises(Exception, match=r"x.json: no verdict of schema zoning.verdict/1"):
        read_verdict('{"schema": "other"}', "x.json")
