"""The content of the order of priority: what is shipped, and mistakes in it."""

from pathlib import Path

import pytest

from zoning.errors import ContentError
from zoning.mines.priority.content import FILE, read_priority
from zoning.workspace import Workspace, builtin_root


def test_the_content_that_is_shipped_can_be_read_and_its_weights_add_up() -> None:
    shipped = read_priority(builtin_root() / FILE)
    counted = sum(one.weight for one in shipped.criteria.values() if not one.optional)
    assert counted == pytest.approx(0.85)
    assert sum(one.weight for one in shipped.criteria.values()) == pytest.approx(1.0)
    assert list(shipped.phases) == ["in-sight", "near", "rest"]
    known = Workspace.open(builtin_root()).catalogue
    for one in shipped.criteria.values():
        for zone in one.zones:
            assert set(zone.classes) <= set(known[zone.layer].classes)
    assert set(shipped.sight.corridor.classes) <= set(known[shipped.sight.corridor.layer].classes)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("    measure: visible_share\n", "", "exactly one of 'measure', 'field' and 'zones' is needed"),
        ("{at: 0.5, score: 1}]", "{at: 0, score: 1}]", "must rise from one to the next"),
        (
            "{to: 10000, score: 0.15}, {score: 0}]",
            "{score: 0.15}, {score: 0}]",
            "every step but the last one needs 'to'",
        ),
        ("    need: ZJXQ\n", "", "'funded' needs 'need' and 'available', others none"),
        ('codes: {"1": 0.2, "2": 1, "3": 0.2}', 'codes: {"1": 1.2}', "criteria.hazard.codes.1: "),
        ("    when: {corridor_within: 5 km}\n", "    when: {within: 5 km}\n", "'within'"),
    ],
)
def test_mistakes_of_the_content_are_told_with_their_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = (builtin_root() / FILE).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "priority.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_priority(path)
    assert "priority.yaml:" in caught.value.text.en
    assert sentence in caught.value.text.en
