"""One peer in a process of its own: takes orders as JSON lines, answers each with a line."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np

from bench.machine import mapped_mb, peak_mb
from bench.peers.interface import MissingError, NearestPeer, Peer, SinglePeer
from bench.peers.register import NOT_INSTALLED, PLAYERS
from bench.province.files import Province
from bench.province.layers import Size

Answer = dict[str, Any]


class Worker:
    """Does what it is told with one peer."""

    def __init__(self, peer: Peer, province: Province) -> None:
        self._peer, self._province = peer, province

    def load(self) -> Answer:
        """Load the layers."""
        return self._timed(lambda: self._peer.load(self._province))

    def take(self, count: int) -> Answer:
        """Read sites."""
        return self._timed(lambda: self._peer.take(self._province, count))

    def set(self, **settings: int) -> Answer:
        """Change settings of the peer."""
        for name, value in settings.items():
            setattr(self._peer, name, value)
        return {}

    def overlay(self, out: str) -> Answer:
        """Overlay; the pairs go to a file afterwards."""
        start = time.perf_counter()
        found = self._peer.overlay()
        seconds = time.perf_counter() - start
        answer = {"seconds": seconds, "peak_mb": peak_mb(), "mapped_mb": mapped_mb()}
        arrays = {f"{name}.{c}": getattr(pairs, c) for name, pairs in found.items() for c in type(pairs).__slots__}
        relations = getattr(self._peer, "relations", {})
        np.savez(out, **arrays, **{f"{name}.relations": list_ for name, list_ in relations.items()})
        return answer

    def nearest(self, limit_m: float, out: str) -> Answer:
        """Find the nearest zones; they go to a file afterwards."""
        start = time.perf_counter()
        found = cast("NearestPeer", self._peer).nearest(limit_m)
        seconds = time.perf_counter() - start
        np.savez(out, **{f"{name}.{c}": getattr(near, c) for name, near in found.items() for c in type(near).__slots__})
        return {"seconds": seconds, "peak_mb": peak_mb()}

    def single(self, sites: list[int]) -> Answer:
        """Overlay sites one by one; a few that are not counted come first."""
        peer = cast("SinglePeer", self._peer)
        for site in sites[:10]:
            peer.one(site)
        taken = []
        for site in sites:
            start = time.perf_counter()
            peer.one(site)
            taken.append((time.perf_counter() - start) * 1000)
        return {"ms": taken}

    @staticmethod
    def _timed(work: Callable[[], None]) -> Answer:
        start = time.perf_counter()
        work()
        return {"seconds": time.perf_counter() - start, "peak_mb": peak_mb()}


def warm(cache: str, size: dict[str, Any]) -> None:
    """Pack all layers and compile the engine: what is done once must not count among what is done every time."""
    from bench.peers.ours import Engine, forget_older

    province = Province(Path(cache), Size(**size))
    engine = Engine()
    engine.load(province)
    forget_older(province)
    engine.take(province, 1_000)
    engine.overlay()
    engine.nearest(1_000.0)


def serve(name: str, cache: str, size: dict[str, Any]) -> int:
    """Answer orders from standard input until it ends.

    Returns
    -------
    int
        `NOT_INSTALLED` when the peer is missing; the reason stands on standard error.
    """
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1, encoding="utf-8")
    with contextlib.redirect_stdout(sys.stderr):
        try:
            peer = PLAYERS[name]()
        except MissingError as error:
            sys.stderr.write(f"{error}\n")
            return NOT_INSTALLED
        worker = Worker(peer, Province(Path(cache), Size(**size)))
        answers.write("{}\n")
        for line in sys.stdin:
            order = json.loads(line)
            answer = getattr(worker, order.pop("do"))(**order)
            answers.write(json.dumps(answer) + "\n")
    return 0
