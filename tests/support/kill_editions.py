"""Ends a server with SIGKILL at every step of putting an edition into force and of taking it back.

`kill_editions.py ROOT REGISTER FILES STATE EDITION`: for each step a copy of this process does the work up to it and is
killed; then the start of a server is done, and one line of JSON says what is there. At the end all is as it was.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from zoning.cli.warm import WarmCommands
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.server import Server
from zoning.web.settings import ServerSettings

NO_SOURCE = Text("", "")
_AROUND = ("make", "clear", "reload", "told")
STEPS = {
    "activate": (
        "demand_nothing_else",
        "put_data",
        "_begin",
        "Replacement",
        "write_down",
        "make",
        "clear",
        "reload",
        "told",
    ),
    "rollback": ("demand_nothing_else", "_begin", "Replacement", "write_down", "make", "clear", "reload", "told"),
}
AFTER = frozenset({"make", "clear", "reload", "told"})
"""Steps behind which the new state has to be there."""


class _NoPool:
    """Stands for the workers, of which none is needed."""

    def renew(self) -> None:
        """Do nothing."""


_opened = cache(WarmCommands().open)
"""What pages read anew is tried elsewhere."""


def _server(root: str, register: str, files: str, state: str) -> Server:
    told = ServerSettings(workspace=Path(root), register=register, files=Path(files), state=Path(state))
    store = open_store(register, read_register_types(Path(root)), create=False, files=told.files)
    opened = _opened(Path(root))
    return Server(told, store, _NoPool(), *opened, lambda: opened)  # type: ignore[arg-type]  # stands for a pool


def _kill(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_kill(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*told: Any, **named: Any) -> Any:
        function(*told, **named)
        _kill()

    return wrapped


def _arm(step: str) -> None:
    """Let this process be killed when a step has been done."""
    from zoning.web.editions import changed, files, switching

    if step == "make":
        files.Replacement.make = _then_kill(files.Replacement.make)  # type: ignore[method-assign]  # where the process ends
    elif step == "clear":
        files.Replacement.clear = _kill  # type: ignore[method-assign]  # where the process ends
    elif step == "reload":
        changed.prepare = _kill  # type: ignore[assignment]  # where the process ends
    elif step == "told":
        changed.recheck = _then_kill(changed.recheck)
    else:
        setattr(switching, step, _then_kill(getattr(switching, step)))


def _tried(told: list[str], edition: str, step: str, doing: str) -> int:
    """Do it in a copy of this process until it is killed; return the signal."""
    child = os.fork()
    if child == 0:
        from zoning.web.editions import changed, switching
        from zoning.web.editions.store import get_edition

        changed.prepare = lambda *_: ""
        server = _server(*told)
        _arm(step)
        do = switching.activate if doing == "activate" else switching.roll_back
        do(server, Who("admin"), edition, get_edition(server, edition).version)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def main(told: list[str], edition: str) -> None:
    """Try every step of both."""
    from zoning.web.editions import changed, switching
    from zoning.web.editions.recovering import recover
    from zoning.web.editions.store import get_edition, history

    changed.prepare = lambda *_: ""
    setattr(switching, "demand_nothing_else", lambda *_: None)  # noqa: B010 - as the others below
    server = _server(*told)
    layer = get_edition(server, edition).layer
    file, register = Path(told[0]) / "layers" / f"{layer}.yaml", Path(told[1])
    start = file.read_bytes(), register.read_bytes()
    for doing in ("activate", "rollback"):
        if doing == "rollback":
            switching.activate(server, Who("admin"), edition, get_edition(server, edition).version)
        base = file.read_bytes(), register.read_bytes()
        state = get_edition(server, edition).state
        logged = _logged(history(server, (edition,)), doing)
        for step in STEPS[doing]:
            file.write_bytes(base[0])
            register.write_bytes(base[1])
            stop = _tried(told, edition, step, doing)
            again = _server(*told)
            recover(again)
            found = get_edition(again, edition)
            row = {
                "doing": doing,
                "step": step,
                "killed": stop,
                "file": "old" if file.read_bytes() == base[0] else "new",
                "state": "old" if found.state == state else "new",
                "intent": dict(found.intent),
                "left": [path.name for path in file.parent.glob(".*.yaml*")],
                "log": _logged(history(again, (edition,)), doing) - logged,
            }
            again.store.close()
            sys.stdout.write(json.dumps(row) + "\n")
        file.write_bytes(base[0])
        register.write_bytes(base[1])
    file.write_bytes(start[0])
    register.write_bytes(start[1])
    shutil.rmtree(Path(told[3]) / "editions", ignore_errors=True)


def _logged(lines: Any, doing: str) -> int:
    return sum(line["payload"]["what"] == doing for line in lines)


if __name__ == "__main__":
    main(sys.argv[1:5], sys.argv[5])
