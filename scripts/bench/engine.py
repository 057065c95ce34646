"""The engine benchmark: one command measures everything that is promised of it, and fails when an answer differs."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import batching, contest, growth, history, starting
from bench.differences import Dispute
from bench.peers.register import PLAYERS
from bench.province.files import Province
from bench.province.layers import Size
from bench.rows import show, without_targets
from zoning import __version__

SHORT = (1_000, 10_000)
SHORT_SHARE = 0.2
FULL = (10_000, 1_000_000)
SHOWN_DISPUTES = 12


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured.

    Attributes
    ----------
    batch_sites
        Sizes of the runs of `zoning batch`; none: left out.
    cluster
        Whether two workers of a local cluster are measured.
    keep
        Whether the figures join the history.
    share
        How much there is of the other layers.
    """

    cache: Path
    sites: int
    fields: int
    times: int
    players: tuple[str, ...] = tuple(PLAYERS)
    batch_sites: tuple[int, ...] = ()
    growth_fields: tuple[int, ...] = growth.FIELDS
    cluster: bool = False
    keep: bool = False
    picture: Path | None = None
    share: float = 1.0


def run(options: Options) -> int:
    """Measure and print.

    Returns
    -------
    int
        1 when an answer of ours is wrong; slowness is printed and fails nothing.
    """
    start = time.perf_counter()
    province = Province(options.cache, Size(options.fields, options.share))
    print(f"Synthetic province: {options.fields:,} fields, {options.sites:,} sites, in {province.root}", flush=True)
    province.sites(options.sites)
    print(f"  drawn or found in {time.perf_counter() - start:.1f} s", flush=True)
    what = f"{options.sites:,} sites x 9 layers, {options.fields:,} fields, medians of {options.times}"
    result = contest.hold(province, options.sites, options.times, options.players)
    _list_disputes(result)
    judged = list if (options.sites, options.fields) == FULL else without_targets
    show(judged(contest.rows(result, what)))
    grown = growth.measure(options.cache, options.growth_fields, province.size)
    show(judged(growth.rows(grown)))
    rows, cold, faults = starting.measure(province, options.sites, options.times)
    show(judged(rows))
    faults = [*result.faults, *faults]
    more: dict[str, Any] = {"growth_ms": grown, "cold_s": {way: round(seconds, 3) for way, seconds in cold.items()}}
    if options.batch_sites:
        rows, figures = batching.measure(province, options.batch_sites)
        show(rows)
        more["batch"] = {name: round(value, 1) for name, value in figures.items()}
    if options.cluster:
        show([batching.measure_cluster(options.fields)])
    more["faults"] = len(faults)
    _keep(options, result, grown, more)
    for fault in faults:
        print(f"WRONG: {fault}")
    print(f"{'FAILED' if faults else 'all answers agree'}, {time.perf_counter() - start:.0f} s in all")
    return 1 if faults else 0


def _keep(options: Options, result: contest.Result, grown: dict[str, dict[int, float]], more: dict[str, Any]) -> None:
    if options.picture is not None:
        history.draw(result, grown, options.picture)
        print(f"picture: {options.picture}")
    if options.keep:
        record = history.entry(result, more, sites=options.sites, fields=options.fields, version=__version__)
        history.append(record)
        print(f"history: one line more in {history.FILE.parent.name}/{history.FILE.name}")


def _list_disputes(result: contest.Result) -> None:
    for name, why in result.missing.items():
        print(f"  {name} does not take part: {why}")
    for compared in result.compared:
        for dispute in compared.disputes[:SHOWN_DISPUTES]:
            print(f"    {compared.peer}: {_told(dispute, compared.peer)}")
        if len(compared.disputes) > SHOWN_DISPUTES:
            print(f"    {compared.peer}: ... and {len(compared.disputes) - SHOWN_DISPUTES} more")


def _told(dispute: Dispute, peer: str) -> str:
    wrong = [name for name, is_wrong in (("ours", dispute.we_are_wrong), (peer, dispute.they_are_wrong)) if is_wrong]
    figures = (_figure(dispute.ours), _figure(dispute.theirs), _figure(dispute.exact))
    return (
        f"{dispute.layer}, site {dispute.site}, zone {dispute.zone}: ours {figures[0]}, {peer} {figures[1]}, "
        f"exact {figures[2]}; wrong: {', '.join(wrong) or 'none, both within the tolerance of the exact figure'}"
    )


def _figure(area_m2: float | None) -> str:
    return "no pair" if area_m2 is None else f"{area_m2:.9g} m²"
