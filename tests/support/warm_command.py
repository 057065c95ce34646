"""`zoning` without the wait for its start: a process that has imported it makes a copy of itself for every command.

The copy has the arguments, folder, environment and streams of the one who calls, runs `zoning.cli.main`, and ends as
the program does; its exit code goes back. So commands stand in a shell as ever (`zoning ... > file`, `... | ...`) and
write real files. What one command had to import is there for the next. What is not passed on: signals, and a terminal.
How the program starts is tested elsewhere, as a program: here many commands are tried, one after the other.
"""

import gc
import importlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import warm_client
from zoning.web.workers.keeper import ONE_THREAD

_FOR_LIBRARIES = {**ONE_THREAD, "OPENPYXL_LXML": "False"}
"""What has to be set before they are imported: threads would not be there in copies."""


@contextmanager
def warm_command() -> Iterator[Path]:
    """Start the process; yield a folder for `$PATH` that holds the program `zoning`."""
    with tempfile.TemporaryDirectory() as name, socket.socket(socket.AF_UNIX) as listener:
        folder = Path(name)
        listener.bind(str(folder / "address"))
        listener.listen()
        programs = folder / "bin"
        programs.mkdir()
        words = [sys.executable, "-I", "-S", warm_client.__file__, str(folder / "address")]
        program = programs / "zoning"
        program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ZONING_")}
        process = subprocess.Popen(
            [sys.executable, __file__, str(listener.fileno()), str(folder / "imported")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environ | _FOR_LIBRARIES,
            pass_fds=[listener.fileno()],
        )
        listener.close()
        try:
            yield programs
        finally:
            process.kill()
            process.wait()


def serve(listener: socket.socket, imported: Path) -> NoReturn:
    """Run commands for ever; leave with the exit code of one where this is a copy that has run it.

    Parameters
    ----------
    imported
        File that copies write the names of modules to that they had to import.
    """
    from zoning.foreign_proj import unset_foreign_proj

    unset_foreign_proj(os.environ)
    from zoning.cli.warm import WarmCommands
    from zoning.workspace import builtin_root

    WarmCommands().open(builtin_root())  # as the workers of the workbench have it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    while True:
        connection, _ = listener.accept()
        _import_again(imported)
        if os.fork() == 0:
            listener.close()
            _run(connection, imported)
        connection.close()


def _import_again(imported: Path) -> None:
    if imported.exists():
        for name in imported.read_text(encoding="utf-8").split():
            with suppress(ImportError):
                importlib.import_module(name)
        imported.unlink()
        gc.collect()
        gc.freeze()  # copies share it as long as nobody touches it


def _run(connection: socket.socket, imported: Path) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, streams, _, _ = socket.recv_fds(connection, 1, len(warm_client.STREAMS))
    with connection.makefile("rb") as file:
        told = json.loads(file.read())
    child = os.fork()
    if child == 0:
        connection.close()
        _become(told, streams)
        _call(imported)
    for stream in streams:
        os.close(stream)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(bytes([code if code >= 0 else 128 - code]))
    os._exit(0)


def _become(told: dict[str, Any], streams: list[int]) -> None:
    for stream, number in zip(streams, warm_client.STREAMS, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    # Opened anew: what is a file, a pipe or a terminal is found out when a stream is opened.
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environ"])
    sys.argv = ["zoning", *told["arguments"]]
    from zoning.cli.language import language_of
    from zoning.cli.options import SESSION

    SESSION.language = language_of(sys.argv[1:], os.environ)  # it was set when the module was imported


def _call(imported: Path) -> NoReturn:
    from zoning.cli import main

    before = set(sys.modules)
    try:
        main()
    finally:
        with imported.open("a", encoding="utf-8") as file:
            file.write("".join(f"{name}\n" for name in tuple(sys.modules) if name not in before))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
