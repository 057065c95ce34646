"""The contest: every peer overlays the same sites with the same layers, in turns; then their answers are compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
import shapely

from bench.conductor import Stage
from bench.differences import Compared, compare, differing_distances
from bench.peers.register import ENTRIES, PLAYERS
from bench.province.files import Province
from bench.province.layers import NAMES
from bench.rows import Row, at_least, at_most

LIMIT_M = 2_000.0
SINGLE_SITES = 200
TARGETS = {"c": 4.0, "geopandas": 12.0, "duckdb": 14.0, "postgis": 14.0}
NEAR_TARGET = 10.0
PEAK_TARGET_MB = 1_000.0
_WARMED = ("ours", "c")
_NEAREST = ("ours", "ours-1", "c", "c-1", "c-cut", "c-cut-1")
_ROUNDS_OF_SINGLES = 5


@dataclass(slots=True)
class Result:
    """What was measured.

    Attributes
    ----------
    seconds, near_s
        Entry -> (times,)
    players
        Player -> seconds of loading, most memory.
    single_ms
        Entry -> median of one site.
    faults
        What makes the run fail: answers of ours that are wrong.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)
    near_s: dict[str, list[float]] = field(default_factory=dict)
    players: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    single_ms: dict[str, float] = field(default_factory=dict)
    compared: list[Compared] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    pairs: int = 0

    def record(self) -> dict[str, Any]:
        """Return the figures for the history."""
        return {
            "pairs": self.pairs,
            "overlay_s": {name: round(median(taken), 3) for name, taken in self.seconds.items()},
            "nearest_s": {name: round(median(taken), 3) for name, taken in self.near_s.items()},
            "single_ms": {name: round(taken, 4) for name, taken in self.single_ms.items()},
            "players": {name: {k: round(v, 1) for k, v in figures.items()} for name, figures in self.players.items()},
            "missing": sorted(self.missing),
            "peers_wrong": {one.peer: one.wrong_by_them for one in self.compared},
            "ours_wrong": sum(one.wrong_by_us for one in self.compared) + len(self.faults),
        }


def hold(
    province: Province,
    count: int,
    times: int,
    players: Sequence[str] = tuple(PLAYERS),
    say: Callable[[str], None] = print,
) -> Result:
    """Run the contest.

    Parameters
    ----------
    times
        Rounds; in each every entry has its turn.
    """
    result = Result()
    with Stage(province) as stage:
        say(f"  our layers prepared, our functions compiled: {stage.warm():.1f} s")
        for name in players:
            player = stage.start(name)
            say(f"  {name}: {stage.missing[name]}" if player is None else f"  {name}: loaded in {player.load_s:.1f} s")
        result.missing = stage.missing
        stage.take(count)
        entries = [name for name, entry in ENTRIES.items() if entry.player in stage.players]
        _rounds(stage, entries, times, result, say)
        _singles(stage, min(count, SINGLE_SITES), result)
        result.players = {
            p.name: {"load_s": p.load_s, "peak_mb": p.peak_mb, "mapped_mb": p.mapped_mb} for p in stage.players.values()
        }
        _differences(stage, entries, count, result, say)
    return result


def _rounds(stage: Stage, entries: list[str], times: int, result: Result, say: Callable[[str], None]) -> None:
    for name in _WARMED:
        if name in entries:
            stage.play(name, "overlay")
            stage.play(name, "nearest", limit_m=LIMIT_M)
    for turn in range(times):
        for name in entries:
            result.seconds.setdefault(name, []).append(stage.play(name, "overlay"))
        for name in entries:
            if name in _NEAREST:
                result.near_s.setdefault(name, []).append(stage.play(name, "nearest", limit_m=LIMIT_M))
        say(
            f"  round {turn + 1} of {times}: "
            + ", ".join(f"{name} {result.seconds[name][-1]:.1f} s" for name in entries)
        )


def _singles(stage: Stage, count: int, result: Result) -> None:
    taken: dict[str, list[float]] = {"ours-1": [], "c-1": []}
    for _ in range(_ROUNDS_OF_SINGLES):
        for name in taken:
            player = stage.players[ENTRIES[name].player]
            player.order("set", **ENTRIES[name].settings)
            taken[name] += player.order("single", sites=list(range(count)))["ms"]
    result.single_ms = {name: median(all_ms) for name, all_ms in taken.items() if all_ms}


def _differences(stage: Stage, entries: list[str], count: int, result: Result, say: Callable[[str], None]) -> None:
    sites = stage.province.sites(count).geometries
    ours, near = stage.pairs("ours"), stage.near("ours")
    result.pairs = sum(len(pairs.sites) for pairs in ours.values())
    for name in entries:
        if name == "ours":
            continue
        compared = Compared(name)
        theirs = stage.pairs(name)
        for layer in NAMES:
            shapes = stage.province.layer(layer).shapes
            compare(compared, layer, ours[layer], theirs[layer], (sites, shapes.one))
        result.compared.append(compared)
        say(f"  {told(compared)}")
        if compared.wrong_by_us:
            result.faults.append(f"{compared.wrong_by_us} pairs differ from {name} and exact arithmetic")
    for name in set(result.near_s) - {"ours"}:
        theirs_near = stage.near(name)
        far = sum(differing_distances(near[layer], theirs_near[layer]) for layer in NAMES)
        if far:
            result.faults.append(f"{far} distances differ from {name}")
    wrong = _wrong_relations(stage, sites)
    if wrong:
        result.faults.append(f"{wrong} relations (touches, crosses, inside) differ from GEOS")


def _wrong_relations(stage: Stage, sites: np.ndarray) -> int:
    from bench.peers.ours import relation_by_geos

    wrong = 0
    shapely.prepare(sites)
    relations = stage.relations("ours")
    for layer, pairs in stage.pairs("ours").items():
        zones = stage.province.layer(layer).shapes.some(pairs.zones)
        wrong += int((relation_by_geos(sites[pairs.sites], zones) != relations[layer]).sum())
    return wrong


def told(compared: Compared) -> str:
    """Return a comparison in one line."""
    text = f"{compared.peer}: {compared.pairs:,} pairs, areas within {compared.largest_relative:.1e}"
    if compared.disputes or compared.unsettled:
        text += (
            f"; {len(compared.disputes) + compared.unsettled} disputed: ours wrong {compared.wrong_by_us}, "
            f"{compared.peer} wrong {compared.wrong_by_them}"
        )
    return text


def rows(result: Result, what: str) -> list[Row]:
    """Return the table of the contest."""
    found = [Row(f"{what}: {result.pairs:,} pairs", "")]
    if "ours" not in result.seconds:
        return found
    ours = median(result.seconds["ours"])
    for name, taken in result.seconds.items():
        figures = result.players[ENTRIES[name].player]
        memory = f"{figures['peak_mb']:,.0f} MB, loaded in {figures['load_s']:.1f} s"
        found.append(Row(f"    {ENTRIES[name].title}", f"{median(taken):.2f} s", memory))
    one = median(result.seconds["ours-1"])
    found += [
        at_least(f"ours against {ENTRIES[name].title}", median(result.seconds[name]) / ours, target)
        for name, target in TARGETS.items()
        if name in result.seconds
    ]
    found.append(at_least("one thread against c with one", median(result.seconds["c-1"]) / one, TARGETS["c"]))
    found.append(Row("ours against c that also cuts long bands", f"{median(result.seconds['c-cut']) / ours:.1f} x"))
    for name in ("sjoin", "sedona"):
        if name in result.seconds:
            found.append(Row(f"ours against {ENTRIES[name].title}", f"{median(result.seconds[name]) / ours:.1f} x"))
    near = {name: median(taken) for name, taken in result.near_s.items()}
    found.append(Row(f"    nearest zone within {LIMIT_M / 1000:g} km, ours", f"{near['ours']:.2f} s"))
    found.append(at_least("nearest, ours against c", near["c"] / near["ours"], NEAR_TARGET))
    found.append(at_least("nearest, one thread against c with one", near["c-1"] / near["ours-1"], NEAR_TARGET))
    found.append(Row("nearest, ours against c that also cuts long bands", f"{near['c-cut'] / near['ours']:.1f} x"))
    held = result.players["ours"]
    found.append(at_most("our peak memory", held["peak_mb"], PEAK_TARGET_MB, unit="MB", digits=0))
    found.append(Row("    of it mapped files (layers, libraries)", f"{held['mapped_mb']:,.0f} MB"))
    single = result.single_ms
    found.append(Row("    one warm site, ours", f"{single['ours-1']:.3f} ms"))
    found.append(at_most("one warm site, ours against c", single["ours-1"] / single["c-1"], 1.0, unit="x"))
    return found
