"""Amounts between two limits: both limits count, also where only one of them is missed."""

import pytest

import lint_world
from zoning.rules.cases import Case, situation_of
from zoning.rules.places import Band, Where
from zoning.rules.relations import decide_where
from zoning.rules.truth import Truth
from zoning.workspace import Workspace

BANDS = [
    ("area", {"at_least": "100 m2", "below": "500 m2"}),
    ("area", {"below": "500 m2", "at_least": "100 m2"}),
    ("share", {"at_least": "1 %", "below": "5 %"}),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(lint_world.build(tmp_path_factory.mktemp("amounts") / "w"))


@pytest.mark.parametrize(("quantity", "limits"), BANDS)
@pytest.mark.parametrize(
    ("area", "truth"),
    [("99 m2", Truth.FALSE), ("100 m2", Truth.TRUE), ("499 m2", Truth.TRUE), ("500 m2", Truth.FALSE)],
)
def test_both_limits_of_a_band_count(
    workspace: Workspace, quantity: str, limits: dict[str, str], area: str, truth: Truth
) -> None:
    raw = {"name": "s", "on": "2024-01-01", "expect": "applies", "layers": {"water": {"level-1": {"area": area}}}}
    site = situation_of(Case.model_validate(raw), workspace.catalogue, workspace.rulebook)
    where = Where.model_validate({"layer": "water", quantity: Band(**limits)})
    assert decide_where(where, site, {}).truth is truth
