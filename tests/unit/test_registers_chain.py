"""What the audit says of the end of the chain, of shapes, and of several documents of which one is damaged."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quick_register import office, proof_in
from register_backends import tamper
from register_world import PIT, by, new
from zoning.registers.geometry import wkb_of
from zoning.registers.store import Register, Store

Office = tuple[Store, Register]


@pytest.fixture
def pits(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as found:
        found[1].apply([new("P1"), new("P2")], by())
        yield found


def told(store: Store) -> list[tuple[int | None, str, str]]:
    return [(fault.seq, fault.text.zh, fault.text.en) for fault in store.verify().faults]


def test_an_end_of_the_chain_that_was_removed_is_told(pits: Office) -> None:
    store, _ = pits
    tamper(store.name, "DELETE FROM register_chain")
    assert told(store) == [(None, "链的末端记录被删去", "the end of the chain was removed")]


@pytest.mark.parametrize("change", ["events = 1", f"head = '{'0' * 64}'"])
def test_an_end_of_the_chain_that_is_another_one_is_told(pits: Office, change: str) -> None:
    store, _ = pits
    tamper(store.name, f"UPDATE register_chain SET {change}")  # noqa: S608 - tampered with on purpose
    assert told(store) == [(None, "链的末端记录与日志不符", "the kept end of the chain is not that of the log")]


def test_a_shape_that_was_removed_or_changed_is_called_by_the_begin_of_its_digest(pits: Office) -> None:
    store, _ = pits
    begin = wkb_of(PIT)[0][:12]
    tamper(store.name, "UPDATE register_shape SET wkb = zeroblob(9)")
    assert told(store) == [(None, f"图形 {begin} 被改过", f"shape {begin} was changed")]
    tamper(
        store.name,
        "PRAGMA defer_foreign_keys = ON",
        "UPDATE register_shape SET sha256 = 'x'",
        "UPDATE register_record SET shape = 'x'",
    )
    assert (None, f"图形 {begin} 被删去", f"shape {begin} was removed") in told(store)


def test_a_damaged_document_is_found_behind_others(pits: Office, tmp_path: Path) -> None:
    store, register = pits
    shared = proof_in(tmp_path, "shared", "a.txt")
    for record in ("P1", "P2"):
        register.attach(record, shared, "photo", None, by())
    last = register.attach("P2", proof_in(tmp_path, "last", "z.txt"), "photo", None, by())
    # The first file stands twice; the one that is damaged comes after it.
    path = register.attachment_path(last)
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(b"other")
    assert told(store) == [(None, f"附件 z.txt（{last.path}）被改过", f"attachment z.txt ({last.path}) was changed")]
    assert store.verify().files == 2
