"""Order of modes, and how much the best one hangs on the weights."""

from pathlib import Path

import numpy as np
import pytest

from suitability_world import content_in
from zoning.mines.suitability.scoring import ranked, scores
from zoning.mines.suitability.sensitivity import moved, sensitivity
from zoning.mines.suitability.values import Cells, Codes, Reached, Value


def fixed(forest: float, grass: float) -> dict[str, Value]:
    """Values under which the two targets have these scores."""
    one = np.ones(1)
    return {
        "height": Cells(np.array([50.0]), one, 1.0),
        "cover": Cells(np.array([4.0]), one, 1.0),
        "soil": Cells(np.array([(grass - 0.6) / 0.4 * 50]), one, 1.0),
        "road": Reached((1 - (forest - 0.55) / 0.2) * 1000, (1 - (forest - 0.55) / 0.2) * 1000),
        "damage": Codes(("3",)),
        "barred": Reached(0.0, 0.0),
    }


def test_better_scores_come_first_and_knocked_out_modes_never(tmp_path: Path) -> None:
    content = content_in(tmp_path)
    found = scores(content, fixed(0.7, 0.65))
    assert found["forest"].interval.low == pytest.approx(0.7)
    assert found["grass"].interval.low == pytest.approx(0.65)
    assert [one.mode for one in ranked(content, found, ["forest", "grass"])] == ["forest", "grass"]
    out = fixed(0.7, 0.65) | {"barred": Reached(5.0, 5.0)}
    assert [one.mode for one in ranked(content, scores(content, out), ["forest", "grass"])] == ["grass"]


def test_one_weight_moved_by_hand(tmp_path: Path) -> None:
    assert moved(np.array([0.5, 0.3, 0.2]), 1, 0.8).tolist() == pytest.approx(
        [0.5 * 0.76 / 0.7, 0.24, 0.2 * 0.76 / 0.7]
    )
    content = content_in(tmp_path)
    # Forest 0.70 (height 0.5, cover 1, road 0.75) against grass 0.69 (height 1, soil 0.225).
    found = [scores(content, fixed(0.70, 0.69))]
    result = sensitivity(content, "target", found, [["forest", "grass"]])
    changed = {(one.mode, one.criterion, round(one.moved, 3)) for one in result.nudges if one.changed}
    # Height of forest up to 0.6: 0.6 * 0.5 + 0.4 * (0.3 + 0.2 * 0.75) / 0.5 = 0.66; grass stays 0.69 and wins.
    assert ("forest", "height", 0.6) in changed
    # Height of grass up to 0.72: 0.72 + 0.28 * 0.225 = 0.783 wins.
    assert ("grass", "height", 0.72) in changed
    assert ("forest", "height", 0.4) not in changed
    assert ("grass", "height", 0.48) not in changed
    assert ("forest", "height") in result.parcels[0].nudges


def test_random_weights_are_the_same_on_every_run_and_respect_what_is_forbidden(tmp_path: Path) -> None:
    content = content_in(tmp_path)
    found = [scores(content, fixed(0.70, 0.69)), scores(content, fixed(0.74, 0.62)), scores(content, fixed(0.70, 0.69))]
    allowed = [["forest", "grass"], ["forest", "grass"], ["grass"]]
    first = sensitivity(content, "target", found, allowed)
    assert first == sensitivity(content, "target", found, allowed)
    close, clear, alone = first.parcels
    assert close.same is not None
    assert clear.same is not None
    assert 0.3 < close.same < 0.8 < clear.same
    assert sum(close.best.values()) == pytest.approx(1.0)
    assert (alone.same, alone.best) == (1.0, {"grass": 1.0})
    none = sensitivity(content, "target", found[:1], [[]]).parcels[0]
    assert (none.same, none.best, none.nudges) == (None, {}, ())
