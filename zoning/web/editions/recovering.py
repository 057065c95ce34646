"""What was begun with an edition and is not known to have ended is carried through: at the start, and while it runs.

The layer's file decides what holds, because it was replaced in one step; the register follows it. Only where the
register already says that the change has happened, the file follows the register.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from zoning.errors import NoRoomError, ZoningError
from zoning.registers.canonical import moment, sha256
from zoning.registers.entries import Stamp
from zoning.registers.failures import RegisterFailedError
from zoning.registers.log import append
from zoning.web.editions.changed import after_change
from zoning.web.editions.files import Replacement, clear_left, kept_bytes
from zoning.web.editions.store import Uploaded, change, entry, list_editions
from zoning.web.hooks.announce import announce
from zoning.web.refusals import Refused
from zoning.web.server import Server

Doing = Literal["activate", "rollback"]

_LOG = logging.getLogger("zoning.web.editions")
STATE: Final[Mapping[Doing, str]] = {"activate": "active", "rollback": "withdrawn"}
"""What an edition is afterwards."""
ONE_AT_A_TIME: Final = threading.RLock()
"""Held by whoever changes the file of a layer: what stands in a register as begun is then left by somebody else."""
NOT_NOW: Final = (RegisterFailedError, NoRoomError)
"""Errors of a register that may be written again later."""
_AGAIN_S: Final = 2.0
_LEAVE_S: Final = 5.0


def layer_file(server: Server, layer: str) -> Path:
    """Return the file that describes a layer."""
    return server.settings.workspace / "layers" / f"{layer}.yaml"


def layer_sha256(server: Server, layer: str) -> str:
    """Return the SHA-256 of the file that describes a layer."""
    return sha256(layer_file(server, layer).read_bytes())


def contents_of(found: Uploaded, doing: Doing) -> tuple[str, str]:
    """Return the SHA-256 of the layer's file before something is done with an edition, and after it."""
    sides = found.content_before, found.content_after
    return sides if doing == "activate" else sides[::-1]


def write_down(connection: Connection, found: Uploaded, doing: Doing, stamp: Stamp, *, recovered: bool = False) -> None:
    """Write into the register that an edition was put into force or taken back; what was begun is forgotten later.

    Raises
    ------
    Refused
        409 when the edition was changed by somebody else in the meantime.
    """
    values = {"state": STATE[doing], "answered_by": stamp.actor, "answered_at": moment(stamp.at), "note": stamp.note}
    version = change(connection, found, values)
    told = {
        "layer": found.layer,
        "edition": found.edition,
        "valid_from": found.valid_from.isoformat(),
    }
    data = found.told["data"]["sha256"]
    contents = {"before": found.content_before, "after": found.content_after}
    payload = {"what": doing, **told, "data": data, **contents, "recovered": recovered}
    append(connection, [entry(found.id, version, payload)], stamp)
    announce(connection, "edition.activated", {**told, "sha256": data, "rolled_back": doing == "rollback"}, stamp)


def recover(server: Server) -> int:
    """Finish, or forget, what was begun and left; return how many editions were touched.

    With the wanted content in the layer's file the change has happened and is written down, with the content of before
    it has not. Where the register has it and the file has not, the file gets it. With any other content somebody has
    edited the file since; that is logged, and the edition stays as the register knows it.

    Raises
    ------
    RegisterFailedError, NoRoomError
        When the register cannot be read or written now: the rest is left as it is.
    """
    with ONE_AT_A_TIME:
        begun = [one for one in list_editions(server) if one.intent]
        for one in begun:
            clear_left(layer_file(server, one.layer))
            try:
                _recover(server, one, one.intent["do"])
            except NOT_NOW:
                raise
            except (ZoningError, Refused, OSError):
                _LOG.exception("edition not recovered", extra={"edition": one.id})
        return len(begun)


def _recover(server: Server, found: Uploaded, doing: Doing) -> None:
    file = layer_file(server, found.layer)
    present = sha256(file.read_bytes()) if file.is_file() else ""
    there, wanted = contents_of(found, doing)
    if found.state == STATE[doing]:
        if present == there:
            _put(file, kept_bytes(server, wanted, ".yaml"))
        elif present != wanted:
            _LOG.warning("edition: the layer's file was edited after %s", doing, extra={"edition": found.id})
    elif present == wanted:
        stamp = Stamp(str(found.intent["by"]), server.now(), str(found.intent["note"]))
        with server.store.database.writing() as connection:
            write_down(connection, found, doing, stamp, recovered=True)
    else:
        _LOG.warning("edition: %s was begun and did not happen", doing, extra={"edition": found.id})
        with server.store.database.writing() as connection:
            change(connection, found, {}, {"intent": None})
        return
    after_change(server, found, doing, str(found.intent["by"]))


def _put(file: Path, content: bytes) -> None:
    replacement = Replacement(file, content)
    try:
        replacement.make()
    finally:
        replacement.clear()


class _Later:
    """Recovers as soon as the register can be asked again; its thread lives only as long as something is left."""

    def __init__(self, recover: Callable[[], Any]) -> None:
        self._recover = recover
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_wanted = False
        self._is_closed = False

    def begin(self) -> None:
        """Recover a little later."""
        with self._turn:
            self._is_wanted = True
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._work, name="zoning-editions", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait so many seconds until nothing is left; False where the time is over before."""
        with self._turn:
            return self._turn.wait_for(lambda: self._thread is None, seconds)

    def close(self) -> None:
        """End; the next start does what is left."""
        with self._turn:
            self._is_closed = True
            self._turn.notify_all()
        self.wait(_LEAVE_S)

    def _work(self) -> None:
        while self._goes_on():
            try:
                self._recover()
            except NOT_NOW:
                _LOG.warning("editions are recovered later", exc_info=True)
                with self._turn:
                    self._is_wanted = True
            except Exception:  # noqa: BLE001 - logged; the next change of an edition, or the next start, tries again
                _LOG.exception("editions not recovered")

    def _goes_on(self) -> bool:
        with self._turn:
            if self._is_wanted and not self._is_closed:
                self._turn.wait_for(lambda: self._is_closed, _AGAIN_S)
            if self._is_closed or not self._is_wanted:
                self._thread = None
                self._turn.notify_all()
                return False
            self._is_wanted = False
            return True


_ALL: "WeakKeyDictionary[Server, _Later]" = WeakKeyDictionary()
_LOCK = threading.Lock()


def later_of(server: Server) -> _Later:
    """Return what recovers the editions of a server later."""
    with _LOCK:
        if server not in _ALL:
            _ALL[server] = _Later(lambda: recover(server))
        return _ALL[server]


def begin(server: Server) -> Callable[[], None]:
    """Recover what a server before this one has left, now or when the register can be written; return what ends it."""
    later = later_of(server)
    try:
        recover(server)
    except NOT_NOW:
        _LOG.warning("editions are recovered later", exc_info=True)
        later.begin()
    return later.close
