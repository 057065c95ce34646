"""Who may take a step, and that a refused step leaves no trace, not even a copy of its document."""

from pathlib import Path
from typing import Any

import pytest

from register_world import TODAY, by, new, pits, text
from zoning.errors import UsageError
from zoning.registers.store import open_store

WORKFLOW: dict[str, Any] = {
    "initial": "found",
    "states": {"found": {"title": text("found")}, "closed": {"title": text("closed"), "final": True}},
    "transitions": [{"from": "found", "to": "closed", "evidence": True, "roles": ["expert", "county"]}],
}


def test_a_step_is_open_to_its_roles(tmp_path: Path) -> None:
    proof, files = tmp_path / "proof.txt", tmp_path / "files"
    proof.write_text("proof", encoding="utf-8")
    types = {"pits": pits(workflow=WORKFLOW, deadlines={})}
    with open_store(str(tmp_path / "r.sqlite"), types, create=True, files=files) as store:
        register = store.register("pits")
        register.apply([new("P1")], by())
        told: dict[str, Any] = {"on": TODAY, "stamp": by(), "version": 1, "evidence": [proof]}
        with pytest.raises(UsageError) as caught:
            register.move("P1", "closed", role="owner", **told)
        assert caught.value.text.en == "P1: this step is for expert, county, not for owner"
        assert not files.exists()
        register.move("P1", "closed", role="county", **told)
        (moved,) = [event for event in register.history("P1") if event.action == "move"]
        assert (moved.details["role"], moved.version) == ("county", 2)
        assert [event.version for event in register.history("P1")] == [1, 2, 2]
        assert store.verify().is_whole
