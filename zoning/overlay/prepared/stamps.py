"""Digests that are known without reading: of files that have not changed since they were hashed.

As git does it: beside the digest the state of the file is kept, and when the digest was taken. The digest is believed
as long as the state is the same, unless the file was changed so shortly before that a later change might not show.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

from zoning.atomic_write import write_whole
from zoning.errors import ContentError
from zoning.overlay.prepared.file_state import FileState, file_system_now_ns

SUFFIX = ".stamp"
_LONGEST = 4_000_000

States = tuple[tuple[str, FileState], ...]
"""Name and state of every file that a digest covers."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A digest, and the states of the files that it was taken of."""

    states: States
    digest: str
    at_ns: int

    def holds(self, states: States) -> bool:
        """Tell whether the digest is still that of files in these states."""
        return states == self.states and all(state.settled(self.at_ns) for _, state in states)


class Stamps:
    """The stamps in a folder; where it cannot be written they are kept for this process only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[str, Stamp] = {}

    def known(self, name: str, states: States) -> str | None:
        """Return the digest of files in these states, None when it has to be taken."""
        stamp = self.holding(name, states)
        return None if stamp is None else stamp.digest

    def holding(self, name: str, states: States) -> Stamp | None:
        """Return the stamp that holds for files in these states."""
        stamp = self._kept.get(name)
        if stamp is None or not stamp.holds(states):
            stamp = _read(self._path(name))
        if stamp is None or not stamp.holds(states):
            return None
        self._kept[name] = stamp
        return stamp

    def take(self, name: str, states: Callable[[], States], digest: Callable[[], str]) -> str | None:
        """Take a digest and keep it; None when the files change meanwhile."""
        at_ns = file_system_now_ns(self.folder)
        before = states()
        found = digest()
        if states() != before:
            return None
        self.put(name, Stamp(before, found, at_ns))
        return found

    def put(self, name: str, stamp: Stamp) -> None:
        """Keep a stamp."""
        self._kept[name] = stamp
        if not self.folder.is_dir():
            return
        try:
            write_whole(self._path(name), _text(stamp))
        except ContentError:
            # It only spares hashing.
            return

    def drop(self, name: str) -> None:
        """Forget a stamp."""
        self._kept.pop(name, None)
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"


def _text(stamp: Stamp) -> str:
    states = [[name, *astuple(state)] for name, state in stamp.states]
    body = json.dumps([stamp.digest, stamp.at_ns, states], ensure_ascii=True, separators=(",", ":"))
    return json.dumps({"stamp": body, "sha256": _sha256(body)}, separators=(",", ":"))


def _read(path: Path) -> Stamp | None:
    """Return the stamp in a file, None when there is none or it is not as it was written."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LONGEST:
            return None
        content = json.loads(path.read_bytes())
        body = content["stamp"]
        if content["sha256"] != _sha256(body):
            return None
        digest, at_ns, states = json.loads(body)
        if not isinstance(digest, str) or not isinstance(at_ns, int):
            return None
        return Stamp(tuple((name, FileState(*numbers)) for name, *numbers in states), digest, at_ns)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
