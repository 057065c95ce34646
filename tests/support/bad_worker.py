"""A worker of the sandbox that was taken over: the name of the file to read says what it does."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

from zoning.sites import worker


def hang(*_: Any) -> None:
    Path(tempfile.gettempdir(), "left-behind").write_text("x", encoding="ascii")
    time.sleep(60)


def spin(*_: Any) -> None:
    while True:
        pass


def start_another(_: IO[bytes], path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    path.with_suffix(".pid").write_text(str(child.pid), encoding="ascii")
    time.sleep(60)


def be_killed(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def abort(*_: Any) -> None:
    os.abort()


def crash(*_: Any) -> None:
    ctypes.string_at(0)


def say_nothing(*_: Any) -> None:
    pass


def say_nonsense(answer: IO[bytes], _: Path) -> None:
    answer.write(b'{"sites": 1}\n{"id": 5}\nAAAA\n')


def flood(answer: IO[bytes], _: Path) -> None:
    while True:
        answer.write(b"x" * 1_000_000)


def eat(answer: IO[bytes], _: Path) -> None:
    try:
        eaten = bytearray(1)
        while True:
            eaten += bytes(10_000_000)
    except MemoryError:
        answer.write(b'{"memory": true}\n')


def tell_environment(answer: IO[bytes], _: Path) -> None:
    answer.write(json.dumps({"error": "SiteError", "zh": " ".join(sorted(os.environ)), "en": "x"}).encode())


def call(answer: IO[bytes], path: Path) -> None:
    """Try to reach a port of this machine."""
    mine = str(Path("/proc/self/ns/net").readlink())
    try:
        socket.create_connection(("127.0.0.1", int(path.suffix[1:])), timeout=5).close()
        reached = "reached"
    except OSError:
        reached = "alone"
    answer.write(json.dumps({"error": "SiteError", "zh": f"{mine} {reached}", "en": "x"}).encode())


def main() -> None:
    answer = worker._private_stdout()
    request = json.loads(sys.stdin.buffer.readline())
    worker.confine(request["options"]["limits"])
    worker._leave_with_parent(sys.stdin.buffer)
    path = Path(request["path"])
    with answer:
        globals()[path.stem](answer, path)
    os._exit(0)


if __name__ == "__main__":
    main()
