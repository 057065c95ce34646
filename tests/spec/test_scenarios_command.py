"""Every acceptance scenario through the command: files in, decision, exit code and rules out."""

import json
import shutil
from pathlib import Path

import pytest
import shapely

import scenario_world as world
from long_runs import times
from scenarios import ON, SCENARIOS, SIZE_M, facts_of
from zoning.cli.check import CheckRequest, run_check
from zoning.cli.session import Session
from zoning.workspace import Workspace

EXIT = {"permitted": 0, "restricted": 1, "prohibited": 1, "undetermined": 3}


@pytest.fixture(scope="module")
def builtin(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


def some() -> list[str]:
    """Return the scenarios to try: of each decision the first ones, and all that have editions of their own."""
    by: dict[str, list[str]] = {}
    for name, scenario in SCENARIOS.items():
        by.setdefault(scenario.expected, []).append(name)
    few = {name for names in by.values() for name in names[: times(2, len(names))]}
    return [name for name, scenario in SCENARIOS.items() if name in few or scenario.editions or scenario.blocked]


@pytest.mark.parametrize("name", some())
def test_the_command_decides_as_the_scenario_says(
    builtin: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    scenario = SCENARIOS[name]
    root = tmp_path / "workspace"
    world.build(root, builtin, scenario.zones, at=world.origin(scenario.territory), editions=scenario.editions)
    shutil.copytree(builtin.root / "rules", root / "rules")
    site, facts = tmp_path / "site.geojson", tmp_path / "facts.yaml"
    footprint = world.footprint(scenario.territory, SIZE_M).geometry
    geometry = json.loads(shapely.to_geojson(footprint))
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    site.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}), encoding="utf-8")
    answers = facts_of(scenario, builtin.rulebook.vocabulary).as_plain()
    plain = {key: ("yes" if value else "no") if isinstance(value, bool) else value for key, value in answers.items()}
    facts.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in plain.items()), encoding="utf-8")

    request = CheckRequest(site, facts, (), ON.isoformat(), root)
    code = run_check(Session("zh", {}), request, as_json=True)

    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["decision"], code) == (scenario.expected, EXIT[scenario.expected])
    if scenario.expected != "permitted":
        told = {finding["rule"] for finding in verdict["findings"] if finding["decision"] == scenario.expected}
        assert set(scenario.rules) <= told
