"""Keeps all peers running side by side, each in a process of its own, and lets them work in turns."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from bench.peers.interface import Near, Pairs, Whole
from bench.peers.postgis import URL_VARIABLE
from bench.peers.register import ENTRIES, NOT_INSTALLED, WITH_POSTGIS
from bench.province.files import Province
from bench.province.layers import NAMES

PROGRAM = Path(__file__).resolve().parent


class LostError(Exception):
    """A peer ended in the middle of its work."""


@dataclass(slots=True)
class Player:
    """A running process with the layers in memory.

    Attributes
    ----------
    load_s, peak_mb, mapped_mb
        Seconds of loading, the most memory so far, and how much of it are pages of files.
    """

    name: str
    process: "subprocess.Popen[str]"
    log: Path
    load_s: float = 0.0
    peak_mb: float = 0.0
    mapped_mb: float = 0.0

    def order(self, do: str, **what: Any) -> dict[str, Any]:
        """Give an order and wait for the answer.

        Raises
        ------
        LostError
            When the process ends instead.
        """
        if self.process.stdin is None or self.process.stdout is None:
            raise LostError(f"{self.name} was started without pipes")
        try:
            self.process.stdin.write(json.dumps({"do": do, **what}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise LostError(f"{self.name} ended with {self.process.wait()} during {do}:\n{said}")
        answer: dict[str, Any] = json.loads(line)
        self.peak_mb = max(self.peak_mb, answer.get("peak_mb", 0.0))
        self.mapped_mb = max(self.mapped_mb, answer.get("mapped_mb", 0.0))
        return answer


class Stage:
    """The players of one run; all of them end with it.

    Attributes
    ----------
    missing
        Player -> why it does not take part.
    """

    def __init__(self, province: Province) -> None:
        self.province = province
        self.players: dict[str, Player] = {}
        self.missing: dict[str, str] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="zoning-bench-answers-")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for player in self.players.values():
            player.process.communicate()
        self._folder.cleanup()

    def warm(self) -> float:
        """Prepare our layers and compile our functions in a process of their own; return the seconds it took."""
        start = time.perf_counter()
        subprocess.run([sys.executable, str(PROGRAM), "warm", *self._where()], check=True)
        return time.perf_counter() - start

    def _where(self) -> list[str]:
        return ["--data", str(self.province.cache), "--size", json.dumps(asdict(self.province.size))]

    def start(self, name: str) -> Player | None:
        """Start a player and let it load its layers; None where it is not installed: `missing` says why."""
        command = [sys.executable, str(PROGRAM), "serve", name, *self._where()]
        if name == "postgis" and not os.environ.get(URL_VARIABLE):
            command = [str(WITH_POSTGIS), *command]
        log = Path(self._folder.name) / f"{name}.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8"
            )
        player = Player(name, process, log)
        if process.stdout is None or not process.stdout.readline():
            process.communicate()
            last = log.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
            if process.returncode != NOT_INSTALLED:
                raise LostError(f"{name} ended with {process.returncode}: {last}")
            self.missing[name] = last.splitlines()[-1] if last else "not installed"
            return None
        self.players[name] = player
        player.load_s = player.order("load")["seconds"]
        return player

    def take(self, count: int) -> None:
        """Let all players read the sites."""
        for player in self.players.values():
            player.order("take", count=count)

    def play(self, entry: str, do: str, **what: Any) -> float:
        """Let one entry do something; what it found is kept. Return the seconds it took."""
        player = self.players[ENTRIES[entry].player]
        player.order("set", **ENTRIES[entry].settings)
        seconds: float = player.order(do, out=str(self._file(entry, do)), **what)["seconds"]
        return seconds

    def pairs(self, entry: str) -> dict[str, Pairs]:
        """Return what an entry found last."""
        with np.load(self._file(entry, "overlay")) as file:
            return {name: Pairs(*(file[f"{name}.{c}"] for c in Pairs.__slots__)) for name in NAMES}

    def relations(self, entry: str) -> dict[str, Whole]:
        """Return the relations that our engine found last."""
        with np.load(self._file(entry, "overlay")) as file:
            return {name: file[f"{name}.relations"] for name in NAMES}

    def near(self, entry: str) -> dict[str, Near]:
        """Return the nearest zones that an entry found last."""
        with np.load(self._file(entry, "nearest")) as file:
            return {name: Near(*(file[f"{name}.{c}"] for c in Near.__slots__)) for name in NAMES}

    def _file(self, entry: str, what: str) -> Path:
        return Path(self._folder.name) / f"{entry}.{what}.npz"
