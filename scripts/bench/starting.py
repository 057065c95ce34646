"""Cold start: from the start of a process to the first answer about one site, bare engine and whole check."""

import json
import sys
from pathlib import Path
from statistics import median

import shapely

from bench.peers.ours import prepared
from bench.processes import run
from bench.province.files import Province, once
from bench.province.layers import NAMES
from bench.province.workspace import site_file, workspace
from bench.rows import Row, at_least

TARGET = 3.0
DAY = "2026-06-01"
_FOLDER = Path(__file__).parent / "cold"
_VERDICTS = frozenset({0, 1, 3})
_SAME = 1e-9


def measure(province: Province, count: int, times: int) -> tuple[list[Row], dict[str, float], list[str]]:
    """Return the table, the medians by way in seconds, and what differs between the ways."""
    site = _affected_parcel(province, count)
    bare = _bare_commands(province, count, site)
    seconds, said = _in_turns(bare, times, frozenset({0}))
    faults = [f"cold start: {way} gives another answer" for way in bare if not _same(said[way], said["engine"])]
    whole = _check_commands(province, count, site)
    checks, told = _in_turns(whole, times, _VERDICTS)
    if told["check-prepared"] != told["check-files"]:
        faults.append("zoning check gives other bytes with prepared layers than with files")
    taken = {**seconds, **checks}
    return _rows(taken), taken, faults


def _rows(taken: dict[str, float]) -> list[Row]:
    titles = {
        "engine": "engine, prepared layers",
        "pyogrio": "pyogrio + shapely, window of each GeoPackage",
        "geopandas": "geopandas, window of each GeoPackage",
        "check-prepared": "zoning check, prepared layers",
        "check-files": "zoning check, window of each GeoPackage",
    }
    found = [Row("process start to the first answer, one site, nine layers", "")]
    found += [Row(f"    {titles[way]}", f"{seconds:.2f} s") for way, seconds in taken.items()]
    found += [
        at_least("cold start, engine against geopandas and GeoPackage", taken["geopandas"] / taken["engine"], TARGET),
        Row("cold start, engine against bare pyogrio and shapely", f"{taken['pyogrio'] / taken['engine']:.1f} x"),
        Row("cold start, zoning check", f"{taken['check-files'] / taken['check-prepared']:.1f} x"),
    ]
    return found


def _affected_parcel(province: Province, count: int) -> int:
    """Return the first site that lies on farmland: an ordinary parcel."""
    return int((province.sites(count).kinds == "valley-parcel").argmax())


def _bare_commands(province: Province, count: int, site: int) -> dict[str, list[str]]:
    path = province.root / f"site-{count}-{site}.wkb"

    def write(partial: Path) -> None:
        partial.write_bytes(shapely.to_wkb(province.sites(count).geometries[site]))

    once(path, write)
    packages = [str(province.geopackage(name)) for name in NAMES]
    zones = [str(prepared(province, name)) for name in NAMES]
    return {
        "engine": [sys.executable, str(_FOLDER / "engine_cold.py"), str(path), *zones],
        "pyogrio": [sys.executable, str(_FOLDER / "pyogrio_cold.py"), str(path), *packages],
        "geopandas": [sys.executable, str(_FOLDER / "geopandas_cold.py"), str(path), *packages],
    }


def _check_commands(province: Province, count: int, site: int) -> dict[str, list[str]]:
    zoning = str(Path(sys.executable).with_name("zoning"))
    roots = {"check-prepared": workspace(province, "prepared"), "check-files": workspace(province, "files")}
    run([zoning, "layers", "prepare", "--workspace", str(roots["check-prepared"])])
    file = site_file(province, count, site)
    return {
        way: [zoning, "check", str(file), "--workspace", str(root), "--on", DAY, "--format", "json"]
        for way, root in roots.items()
    }


def _in_turns(
    commands: dict[str, list[str]], times: int, allowed: frozenset[int]
) -> tuple[dict[str, float], dict[str, str]]:
    """Run commands in turns; the first run of each is not counted: it warms the file cache."""
    said = {way: run(command, allowed=allowed).stdout for way, command in commands.items()}
    taken: dict[str, list[float]] = {way: [] for way in commands}
    for _ in range(times):
        for way, command in commands.items():
            taken[way].append(run(command, allowed=allowed).seconds)
    return {way: median(seconds) for way, seconds in taken.items()}, said


def _same(said: str, other: str) -> bool:
    one, two = json.loads(said), json.loads(other)
    return one.keys() == two.keys() and all(_same_zones(one[name], two[name]) for name in one)


def _same_zones(one: dict[str, float], two: dict[str, float]) -> bool:
    return one.keys() == two.keys() and all(abs(one[zone] - two[zone]) <= _SAME * max(two[zone], 1.0) for zone in one)
