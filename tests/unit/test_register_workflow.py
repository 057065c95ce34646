"""Who may take a step, and that a refused step leaves no trace, not even a copy of its document."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from register_world import TODAY, by, new, pits, text
from zoning.errors import UsageError
from zoning.registers.store import Register, Store, open_store

WORKFLOW: dict[str, Any] = {
    "initial": "found",
    "states": {"found": {"title": text("found")}, "closed": {"title": text("closed"), "final": True}},
    "transitions": [{"from": "found", "to": "closed", "evidence": True, "roles": ["expert", "county"]}],
}


@contextmanager
def one_pit(folder: Path, workflow: dict[str, Any]) -> Iterator[tuple[Store, Register]]:
    """Give a register with P1 in its first state, a document `proof.txt` beside it, attachments in `files`."""
    (folder / "proof.txt").write_text("proof", encoding="utf-8")
    types = {"pits": pits(workflow=workflow, deadlines={})}
    with open_store(str(folder / "r.sqlite"), types, create=True, files=folder / "files") as store:
        register = store.register("pits")
        register.apply([new("P1")], by())
        yield store, register


def test_a_step_is_open_to_its_roles(tmp_path: Path) -> None:
    proof, files = tmp_path / "proof.txt", tmp_path / "files"
    with one_pit(tmp_path, WORKFLOW) as (store, register):
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


BACK: dict[str, Any] = {
    "initial": "found",
    "states": {"found": {"title": text("found")}, "cured": {"title": text("cured")}},
    "transitions": [{"from": "found", "to": "cured"}, {"from": "cured", "to": "found", "back": True}],
}


def test_no_document_is_copied_for_what_is_refused(tmp_path: Path) -> None:
    """A step back without a reason, a day that lies before the present state, a record that there is none of."""
    proof, files = tmp_path / "proof.txt", tmp_path / "files"
    with one_pit(tmp_path, BACK) as (_, register):
        register.move("P1", "cured", on=TODAY, stamp=by(), version=1)
        told: dict[str, Any] = {"stamp": by(), "version": 2, "evidence": [proof]}
        with pytest.raises(UsageError, match="asks for a reason"):
            register.move("P1", "found", on=TODAY, reason=" ", **told)
        with pytest.raises(UsageError, match="when it came into the present state"):
            register.move("P1", "found", on=TODAY - timedelta(1), reason="not cured", **told)
        with pytest.raises(UsageError, match="P9"):
            register.attach("P9", proof, "photo", None, by())
        assert not files.exists()
        register.move("P1", "found", on=TODAY, reason="not cured", **told)
        assert [path.read_text(encoding="utf-8") for path in files.rglob("*.txt")] == ["proof"]
