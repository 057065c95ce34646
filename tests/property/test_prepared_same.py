"""Prepared layers give the same answers as their files, to the last bit; `make soak` asks for 10,000 sites."""

from pathlib import Path

import pytest

from long_runs import times
from random_world import random_world
from two_forms import both_sources, differences


@pytest.mark.parametrize("seed", [3, 1, 2][: times(1, 3)])
def test_a_prepared_layer_measures_as_its_file_does(seed: int, tmp_path: Path) -> None:
    world = random_world(seed, tmp_path)
    found = list(differences(world, both_sources(world, tmp_path / ".prepared"), 12))
    assert [(each.site.id, each.layer, each.what) for each in found] == []
