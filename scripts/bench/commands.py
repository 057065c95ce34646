"""What `python scripts/bench` understands."""

import argparse
import json
import sys
from pathlib import Path

from bench.peers.register import PLAYERS
from bench.province.fields import BLOCK
from bench.province.files import default_cache, forget


def main(arguments: list[str]) -> int:
    """Run the benchmark that is named; without a name all short ones."""
    options = _parser().parse_args(arguments)
    found: int
    if getattr(options, "keep", False):
        from bench.keeping import kept

        found = kept(options.name, arguments, lambda: options.run(options))
    else:
        found = options.run(options)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.set_defaults(run=_short, times=1, sites=None, json=False, data=default_cache())
    named = parser.add_subparsers(title="benchmarks", metavar="NAME", dest="name")
    whole = named.add_parser("whole", help="whole processes, rules, intake against their targets")
    whole.add_argument("--times", type=int, default=5, help="runs per measurement; the median counts (default 5)")
    whole.add_argument("--sites", type=int, default=1_000, help="sites in the one call (default 1000)")
    whole.add_argument("--json", action="store_true", help="print the rows as JSON")
    whole.set_defaults(run=_whole)
    intake = named.add_parser("intake", help="reading boundary files, hostile ones too")
    intake.set_defaults(run=_intake)
    _add_engine(named.add_parser("engine", help="the engine against its peers, 1,000,000 fields"))
    page = named.add_parser("page", help="the zoning map in a browser: 阳城县 with every layer; 100,000 fields")
    page.add_argument("--fields", type=int, default=100_000, help="fields of the large layer (default 100000)")
    page.set_defaults(run=_page)
    compared = named.add_parser("compare", help="zoning compare of two editions with 100,000 polygons each")
    compared.add_argument("--polygons", type=int, default=100_000, help="polygons of each (default 100000)")
    compared.set_defaults(run=_compare)
    units = named.add_parser("units", help="zoning plan units and zones of 阳城县")
    units.set_defaults(run=_units)
    audited = named.add_parser("audit", help="zoning plan audit of the whole built-in workspace")
    audited.set_defaults(run=_audit)
    advised = named.add_parser("advise", help="zoning advise of the example sites, 5 km")
    advised.set_defaults(run=_advise)
    seen = named.add_parser("sight", help="lines of sight from a corridor of 40 km on 2,000 x 2,000 cells")
    seen.add_argument("--side", type=int, default=2_000, help="rows and columns of the grid (default 2000)")
    seen.set_defaults(run=_sight)
    zonal = named.add_parser("zonal", help="zonal statistics of 5,000 parcels on rasters of 4,000 x 4,000 pixels")
    zonal.add_argument("--rasters", type=int, default=40, help="how many (default 40)")
    zonal.set_defaults(run=_zonal)
    zonal_once = named.add_parser("zonal-once")
    zonal_once.add_argument("folder", type=Path)
    zonal_once.set_defaults(run=_zonal_once)
    for one in (whole, intake, page, compared, units, audited, advised, seen, zonal):
        one.add_argument("--keep", action="store_true", help="what is printed joins the history")
    _add_workbench(named.add_parser("workbench", help="zoning serve with 50 people at work for 5 minutes"))
    _add_pairs(named.add_parser("pairs", help="this checkout against an earlier commit, command by command in turn"))
    warm = named.add_parser("warm")
    warm.add_argument("--data", required=True)
    warm.add_argument("--size", type=json.loads, required=True)
    warm.set_defaults(run=_warm)
    serve = named.add_parser("serve")
    serve.add_argument("player")
    serve.add_argument("--data", required=True)
    serve.add_argument("--size", type=json.loads, required=True)
    serve.set_defaults(run=_serve)
    read = named.add_parser("read")
    read.add_argument("file", type=Path)
    read.set_defaults(run=_read)
    return parser


def _add_workbench(office: argparse.ArgumentParser) -> None:
    office.add_argument("--users", type=int, default=50, help="people (default 50)")
    office.add_argument("--seconds", type=int, default=300, help="how long (default 300)")
    office.add_argument("--maps", action="store_true", help="with map and questions of every new verdict")
    office.add_argument("--short", action="store_true", help="6 people for 20 seconds; fails when a request fails")
    office.add_argument("--no-history", action="store_true", help="leave the history alone")
    office.set_defaults(run=_workbench)


def _add_pairs(pairs: argparse.ArgumentParser) -> None:
    pairs.add_argument("revision", help="the earlier commit")
    pairs.add_argument("--only", nargs="*", default=[], help="only commands with one of these words in their name")
    pairs.add_argument("--no-history", action="store_true", help="leave the history alone")
    pairs.set_defaults(run=_pairs)


def _add_engine(engine: argparse.ArgumentParser) -> None:
    engine.add_argument("--sites", type=int, default=10_000, help="sites (default 10000)")
    engine.add_argument("--fields", type=int, default=1_000_000, help="fields, a multiple of 1000 (default 1000000)")
    engine.add_argument("--times", type=int, default=3, help="rounds; the medians count (default 3)")
    engine.add_argument("--peers", default="", help="players that take part, with commas (default all)")
    engine.add_argument("--batch", default="1000,10000", help="sizes of the runs of zoning batch ('' for none)")
    engine.add_argument("--cluster", action="store_true", help="two workers of a local Dask cluster as well")
    engine.add_argument("--data", type=Path, default=default_cache(), help="folder that keeps the province")
    engine.add_argument("--fresh", action="store_true", help="draw the province anew")
    engine.add_argument("--picture", type=Path, default=Path("out/bench-engine.png"), help="where the plot goes")
    engine.add_argument("--no-history", action="store_true", help="leave the history alone")
    engine.set_defaults(run=_engine)


def _short(options: argparse.Namespace) -> int:
    """Run everything short: a few minutes."""
    from bench import engine, whole

    whole.report(times=3, sites=500)
    sites, fields = engine.SHORT
    growth = (1_000, fields)
    short = engine.Options(options.data, sites, fields, times=1, growth_fields=growth, share=engine.SHORT_SHARE)
    return engine.run(short)


def _whole(options: argparse.Namespace) -> int:
    from bench import whole

    whole.report(times=options.times, sites=options.sites, as_json=options.json)
    return 0


def _intake(_: argparse.Namespace) -> int:
    from bench import intake

    intake.report()
    return 0


def _page(options: argparse.Namespace) -> int:
    from bench import page

    return page.report(options.fields)


def _compare(options: argparse.Namespace) -> int:
    from bench import comparing

    return comparing.report(options.polygons)


def _advise(_: argparse.Namespace) -> int:
    from bench import advising

    return advising.report()


def _sight(options: argparse.Namespace) -> int:
    from bench import seeing

    return seeing.report(options.side)


def _zonal(options: argparse.Namespace) -> int:
    from bench import zonal

    return zonal.report(options.rasters)


def _zonal_once(options: argparse.Namespace) -> int:
    from bench import zonal

    return zonal.once(options.folder)


def _audit(_: argparse.Namespace) -> int:
    from bench import auditing

    return auditing.report()


def _units(_: argparse.Namespace) -> int:
    from bench import units

    return units.report()


def _workbench(options: argparse.Namespace) -> int:
    from bench import workbench

    if options.short:
        return workbench.report(workbench.SHORT_USERS, workbench.SHORT_SECONDS, keep=False)
    full = (options.users, options.seconds) == (workbench.USERS, workbench.SECONDS) and not options.maps
    return workbench.report(options.users, options.seconds, keep=full and not options.no_history, maps=options.maps)


def _pairs(options: argparse.Namespace) -> int:
    from bench import pairs

    return pairs.report(options.revision, options.only, keep=not options.no_history)


def _read(options: argparse.Namespace) -> int:
    from bench import intake

    intake.read(options.file)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from bench import worker

    return worker.serve(options.player, options.data, options.size)


def _warm(options: argparse.Namespace) -> int:
    from bench import worker

    worker.warm(options.data, options.size)
    return 0


def _engine(options: argparse.Namespace) -> int:
    from bench import engine

    if options.fresh:
        forget(options.data)
    players = tuple(options.peers.split(",")) if options.peers else tuple(PLAYERS)
    unknown = set(players) - set(PLAYERS)
    if unknown or "ours" not in players or "plain" not in players:
        sys.stderr.write(f"--peers: {options.peers}: allowed are {', '.join(PLAYERS)}; ours and plain always\n")
        return 2
    sizes = (options.fields // 100, options.fields // 10, options.fields)
    full = (options.sites, options.fields) == engine.FULL and players == tuple(PLAYERS)
    return engine.run(
        engine.Options(
            options.data,
            options.sites,
            options.fields,
            options.times,
            players,
            tuple(int(count) for count in options.batch.split(",") if count),
            tuple(fields for fields in sizes if fields >= BLOCK and fields % BLOCK == 0),
            cluster=options.cluster,
            keep=full and not options.no_history,
            picture=options.picture,
        )
    )
