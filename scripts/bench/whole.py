"""Measure whole processes against their targets. Prints; never fails because something is slow."""

import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from math import cos, pi, sin
from pathlib import Path

import geopandas
from shapely import Polygon, prepare, unary_union

from bench import intake, rules
from bench.processes import run
from bench.rows import Row, show
from zoning.workspace import Workspace, builtin_root

VERDICT_CODES = frozenset({0, 1, 3})
SEED = 20260101
RADIUS_DEGREES = (0.0003, 0.0012)  # sites of about 0.3 to 4 公顷
MARGIN_DEGREES = 0.002

HELP_S = 0.3
CHECK_S = 2.0
CHECK_MB = 300
SITES_PER_SECOND = 50
ONE_SITE_MS = 10.0
RULED_SITES_PER_SECOND = 2_000


def medians(command: Sequence[str], times: int) -> tuple[float, float]:
    """Return the medians of seconds and megabytes; a first run, not counted, warms the file cache."""
    run(command, allowed=VERDICT_CODES)
    runs = [run(command, allowed=VERDICT_CODES) for _ in range(times)]
    return statistics.median(r.seconds for r in runs), statistics.median(r.peak_mb for r in runs)


def example_site(root: Path) -> tuple[Path, Path | None]:
    """Return the first example that is GeoJSON, and its facts."""
    site = min((root / "examples").glob("*.geojson"))
    facts = site.with_suffix(".facts.yaml")
    return site, facts if facts.is_file() else None


def write_sites(path: Path, root: Path, count: int) -> None:
    """Write `count` many-cornered sites, the same on every run, all inside the territories, into one GeoPackage."""
    layer = Workspace.open(root).catalogue["territory"]
    edition = next(reversed(layer.editions.values()))
    if edition.file is None:
        raise SystemExit("the territories of the built-in workspace are not in a file")
    territories = geopandas.read_file(root / "layers" / edition.file, layer=edition.table).to_crs(4490)
    inside = unary_union(territories.geometry.to_numpy()).buffer(-MARGIN_DEGREES)
    prepare(inside)
    chance = random.Random(SEED)
    sites: list[Polygon] = []
    while len(sites) < count:
        site = _site(chance, inside.bounds)
        if inside.contains(site):
            sites.append(site)
    frame = geopandas.GeoDataFrame({"name": [f"bench {i}" for i in range(count)]}, geometry=sites, crs=4490)
    frame.to_file(path, driver="GPKG")


def _site(chance: random.Random, bounds: tuple[float, float, float, float]) -> Polygon:
    west, south, east, north = bounds
    lon, lat = chance.uniform(west, east), chance.uniform(south, north)
    radius, corners = chance.uniform(*RADIUS_DEGREES), chance.randint(4, 24)
    ring: list[tuple[float, float]] = []
    for corner in range(corners):
        angle, reach = 2 * pi * corner / corners, radius * chance.uniform(0.7, 1.3)
        ring.append((lon + reach * cos(angle), lat + reach * sin(angle)))
    return Polygon(ring)


def measure(times: int, sites: int) -> list[Row]:
    """Run all measurements."""
    zoning = str(Path(sys.executable).with_name("zoning"))
    root = builtin_root()
    site, facts = example_site(root)
    check = [zoning, "check", str(site), "--workspace", str(root), "--on", "2026-06-01", "--format", "json"]
    help_s, _ = medians([zoning, "--help"], times)
    check_s, check_mb = medians([*check, "--facts", str(facts)] if facts else check, times)
    with tempfile.TemporaryDirectory() as folder:
        many = Path(folder, "sites.gpkg")
        write_sites(many, root, sites)
        batch = run([*check[:2], str(many), *check[3:]], allowed=VERDICT_CODES)
        judged = rules.measure_rules(Workspace.open(root), many, times)
    rate = sites / batch.seconds
    fast = rate >= SITES_PER_SECOND
    return [
        Row("zoning --help", f"{help_s:.2f} s", f"< {HELP_S} s", help_s < HELP_S),
        Row(f"zoning check {site.name}", f"{check_s:.2f} s", f"< {CHECK_S} s", check_s < CHECK_S),
        Row("    peak memory", f"{check_mb:.0f} MB", f"< {CHECK_MB} MB", check_mb < CHECK_MB),
        Row(
            f"zoning check, {sites:,} sites in one call", f"{rate:.1f} sites/s", f">= {SITES_PER_SECOND} sites/s", fast
        ),
        Row("    in all", f"{batch.seconds:.1f} s", "", None),
        Row("    peak memory", f"{batch.peak_mb:.0f} MB", "", None),
        Row("    JSON written", f"{len(batch.stdout.encode()) / 1e6:.1f} MB", "", None),
        *_rule_rows(judged),
        *_intake_rows(),
    ]


def _intake_rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return [Row(*row) for row in intake.measure_intake(Path(folder))]


def _rule_rows(judged: rules.Judged) -> list[Row]:
    rate, one = judged.sites_per_second, judged.one_site_ms
    return [
        Row(f"all rules on one site, of {judged.rules}", f"{one:.1f} ms", f"< {ONE_SITE_MS} ms", one < ONE_SITE_MS),
        Row("    slowest of all that were tried", f"{judged.slowest_ms:.1f} ms", "", None),
        Row(
            f"all rules on {judged.sites:,} sites, one core",
            f"{rate:,.0f} sites/s",
            f">= {RULED_SITES_PER_SECOND:,}",
            rate >= RULED_SITES_PER_SECOND,
        ),
    ]


def report(*, times: int, sites: int, as_json: bool = False) -> None:
    """Measure and print."""
    rows = measure(times, sites)
    if as_json:
        print(
            json.dumps([{"what": r.what.strip(), "figure": r.figure, "target": r.target, "met": r.met} for r in rows])
        )
        return
    print(f"Whole processes, medians of {times}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    show(rows)
