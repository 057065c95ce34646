"""Verdicts of many footprints in their order, worked out by several processes: nothing is kept on a disk."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoning.batch.identity import differences, layer_identity, layer_name
from zoning.check import Checker, Examination, Refusal
from zoning.errors import LayerError, ZoningError
from zoning.layers.datum import Bounds, grown_bounds
from zoning.layers.reader import Unavailable
from zoning.overlay.certainty import doubt_reach_m
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Decision
from zoning.sites.crs.identify import to_lonlat
from zoning.sites.site import Site
from zoning.texts import joined
from zoning.worker_processes import end_pool, start_pool
from zoning.workspace import Workspace

Work = Sequence[tuple[Site, FactSheet]]
CHUNK = 32
"""Footprints that are sent together: enough that the way costs little, few enough that the first verdicts come soon."""
_BULGE_M = 500.0  # sides that are straight in a plane are not in degrees
_AHEAD = 3  # chunks per process: one in work, the others waiting for it or for their turn to be shown


@dataclass(frozen=True, slots=True)
class WrittenVerdict:
    """A verdict as it left the process that worked it out.

    Attributes
    ----------
    document
        As `Verdict.to_json` writes it.
    """

    decision: Decision
    document: str


@dataclass(frozen=True, slots=True)
class Base:
    """What every process opens.

    Attributes
    ----------
    root
        Folder of the workspace.
    prepared
        Folder of the prepared layers: they are used where they are current.
    around
        Box in degrees that holds about all footprints: what is not prepared of a layer is read once for it. None: for
        the footprints of each chunk.
    """

    root: Path
    prepared: Path | None
    on: date
    around: Bounds | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What comes back for a chunk: a verdict or an error for each footprint, and the digests of what they rest on."""

    outcomes: tuple[WrittenVerdict | ZoningError, ...]
    basis: Mapping[str, str]


def verdicts_of(
    work: Work, base: Base, processes: int, here: Checker
) -> Generator[WrittenVerdict | Refusal, None, None]:
    """Yield the verdict of every footprint, or what was wrong with it, in the order of the footprints.

    When the generator is closed, the processes are ended.

    Parameters
    ----------
    here
        Checks in this process what is left when one of the others has ended before its time.

    Raises
    ------
    LayerError
        When a layer holds something that its definition does not know, or workspace or layers change during the run.
    CRSError
        When the coordinate system of a layer is unknown, or has no exact way to CGCS2000.
    """
    chunks = [work[start : start + CHUNK] for start in range(0, len(work), CHUNK)]
    first: Mapping[str, str] = {}
    done = 0
    try:
        for part in _parts(chunks, base, processes):
            first = first or part.basis
            _check_same(first, part.basis)
            yield from _shown(chunks[done], part)
            done += 1
    except BrokenProcessPool:
        # Mostly for want of memory: this process alone may have enough.
        for chunk in chunks[done:]:
            part = _part(here, chunk)
            _check_same(first or part.basis, part.basis)
            yield from _shown(chunk, part)


def _parts(chunks: Sequence[Work], base: Base, processes: int) -> Iterator[_Part]:
    """Yield the parts in the order of their chunks; so many are under way that no process waits."""
    pool = start_pool(processes, _open, base)
    under_way: deque[Future[_Part]] = deque()
    try:
        for chunk in chunks:
            under_way.append(pool.submit(_run_here, base, chunk))
            if len(under_way) >= processes * _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        end_pool(pool)


def _shown(chunk: Work, part: _Part) -> Iterator[WrittenVerdict | Refusal]:
    for (site, _), outcome in zip(chunk, part.outcomes, strict=True):
        yield Refusal(site, outcome) if isinstance(outcome, ZoningError) else outcome


def _part(checker: Checker, chunk: Work) -> _Part:
    outcomes = tuple(_outcome(result) for result in checker.check(chunk))
    return _Part(outcomes, _basis(checker))


def _outcome(result: Examination | Refusal) -> WrittenVerdict | ZoningError:
    if isinstance(result, Refusal):
        return result.error
    return WrittenVerdict(result.verdict.decision, result.verdict.to_json())


def _basis(checker: Checker) -> dict[str, str]:
    """Return digests of all that the verdicts of a process rest on beside footprints and facts."""
    definitions = checker.definitions
    data = {name: None if isinstance(one, Unavailable) else one.sha256 for name, one in checker.layers.items()}
    layers = {layer_name(name): layer_identity(definitions[name], data[name]) for name in data}
    return {"workspace": checker.settings_sha256, "rules": checker.rulebook.sha256, **layers}


def _check_same(first: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Do nothing when two parts rest on the same.

    Raises
    ------
    LayerError
        When they do not.
    """
    # A chunk none of whose footprints could be read has opened no layer.
    changed = differences({name: first[name] for name in first if name in now}, {n: now[n] for n in now if n in first})
    if changed:
        named = joined(changed)
        raise LayerError(
            f"运行期间有变化：{named.zh}；其余地块没有核查。请再次运行，使全部地块依据同样的内容",
            f"this has changed during the run: {named.en}; the other footprints were not checked. Run it again, so "
            "that all of them rest on the same",
        )


def box_around(sites: Iterable[Site]) -> Bounds | None:
    """Return a box in degrees that holds footprints, to some metres; None where none of them has a place in it."""
    boxes: dict[str, list[tuple[float, float, float, float]]] = {}
    for site in sites:
        boxes.setdefault(site.crs, []).append(site.geometry.bounds)
    corners = [_corners(crs, np.array(of_crs)) for crs, of_crs in boxes.items()]
    lonlat = np.concatenate([np.empty((0, 2)), *corners])
    lonlat = lonlat[np.isfinite(lonlat).all(axis=1)]
    if not len(lonlat):
        return None
    (west, south), (east, north) = lonlat.min(axis=0).tolist(), lonlat.max(axis=0).tolist()
    return west, south, east, north


def _corners(crs: str, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    west, south, east, north = boxes.T
    x, y = np.concatenate([west, west, east, east]), np.concatenate([south, north, south, north])
    return np.column_stack(to_lonlat(crs).transform(x, y))


_CHECKERS: list[Checker] = []
"""The checker of this process: its workspace and layers stay open from chunk to chunk."""


def _open(base: Base) -> None:
    workspace = Workspace.open(base.root)
    checker = Checker(
        on=base.on,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=workspace.source(base.prepared),
    )
    _CHECKERS[:] = [checker]


def _run_here(base: Base, chunk: Work) -> _Part:
    if not _CHECKERS[0].layers and base.around is not None:
        _read_around(_CHECKERS[0], base.around, max(site.accuracy_m for site, _ in chunk))
    return _part(_CHECKERS[0], chunk)


def _read_around(checker: Checker, around: Bounds, accuracy_m: float) -> None:
    """Read every layer once for all chunks: its source keeps the window."""
    for name, layer in checker.catalogue.layers.items():
        margin = _BULGE_M + max(checker.reach_m(name, accuracy_m), doubt_reach_m(layer.accuracy_m + accuracy_m))
        checker.source.layer(name, on=checker.on, bounds=grown_bounds(around, margin))
