"""Pairs of workspaces made by chance: the second is the first with a few of its zones, rules or definitions changed.

Every kind of change occurs that can move a verdict: a vertex, a zone more or less, another class, name or attribute,
records in another order, coverage, accuracy, tolerance, rules with another effect, citation, distance or territory.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from zoning.advice.ground import Content
from zoning.planning.compare.affected import differences
from zoning.planning.compare.verdict_changes import SiteChange
from zoning.planning.compare.verdict_diff import Recheck, RegisteredSite, affected_sites
from zoning.sites.site import Site
from zoning.workspace import Workspace

DAY = date(2024, 6, 1)
BOUNDS = (112.31, 35.41, 112.56, 35.59)
CRS = "EPSG:4490"
CODES = {"water": ("1", "2"), "farmland": ("F",), "roads": ("road",)}

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two states, the sites of the register, and what was done between the states."""

    a: Content
    b: Content
    sites: tuple[RegisteredSite, ...]
    done: tuple[str, ...]


def make_pair(root: Path, seed: int, count: int = 40) -> Pair:
    """Write two workspaces under `root` and make the sites."""
    chance = np.random.default_rng(seed)
    _first(root / "a", chance)
    shutil.copytree(root / "a", root / "b")
    done = tuple(_ACTS[int(chance.integers(len(_ACTS)))](root / "b", chance) for _ in range(int(chance.integers(1, 4))))
    zones = _zones(root / "a", root / "b")
    sites = tuple(_site(zones, chance, number) for number in range(1, count + 1))
    return Pair(content(root / "a"), content(root / "b"), sites, done)


def content(root: Path, on: date = DAY) -> Content:
    """Open a workspace."""
    workspace = Workspace.open(root)
    return Content(on, workspace.catalogue, workspace.rulebook, workspace.settings, workspace.source())


@dataclass(frozen=True, slots=True)
class Diff:
    """A verdict diff as it is, and as a full run of both states gives it."""

    quick: tuple[SiteChange, ...]
    full: tuple[SiteChange, ...]
    checked: int

    @property
    def same(self) -> bool:
        """Whether both are the same to the last byte."""
        return as_bytes(self.quick) == as_bytes(self.full)


def both_ways(pair: Pair) -> Diff:
    """Make the verdict diff, and run everything again."""
    places = affected_sites(pair.sites, differences(pair.a, pair.b), pair.b)
    quick = Recheck(pair.a, pair.b).check([pair.sites[place] for place in places])
    # The full run opens everything anew.
    a, b = content(pair.a.catalogue.root), content(pair.b.catalogue.root)
    full = Recheck(a, b).check(pair.sites)
    return Diff(quick.changes, full.changes, len(places))


def as_bytes(changes: Sequence[SiteChange]) -> bytes:
    """Return a list of changes as JSON."""
    return json.dumps([change.plain() for change in changes], ensure_ascii=False).encode()


def _first(root: Path, chance: np.random.Generator) -> None:
    tiny_workspace.build(root, accuracy_m=float(chance.choice([0.0, 5.0, 20.0, 20.0])))
    settings = tiny_workspace.WORKSPACE.replace("5 km", str(chance.choice(["200 m", "500 m"])))
    (root / "zoning.yaml").write_text(settings, encoding="utf-8")
    classes = '  road: {title: {zh: 公路, en: road}, codes: ["road"]}'
    text = tiny_workspace.LAYER.format(
        id="roads", zh="公路", en="roads", group="base", accuracy=5, classes=classes, more=', "140825"'
    )
    (root / "layers" / "roads.yaml").write_text(text.replace("crs:", "geometry: line\ncrs:"), encoding="utf-8")
    for name in CODES:
        write(root, name, [_zone(name, f"{name}-{n}", chance) for n in range(int(chance.integers(5, 12)))])
    rule = tiny_workspace.RULE.format(
        zh="公路两侧控制", en="beside roads", layer="roads", class_id="road", effect="restrict"
    )
    outside = tiny_workspace.RULE.format(
        zh="区外", en="outside of it", layer="water", class_id="level-2", effect="require"
    )
    outside = outside.replace("classes: [level-2]", "classes: [level-2], relation: outside")
    (root / "rules" / "plan" / "R101.yaml").write_text(outside, encoding="utf-8")
    near = rule.replace("classes: [road]", "classes: [road], relation: within, distance: 150 m")
    (root / "rules" / "plan" / "R100.yaml").write_text(near, encoding="utf-8")


def read(root: Path, name: str) -> list[Feature]:
    """Return the features of a layer."""
    found: list[Feature] = json.loads((root / f"layers/data/{name}.geojson").read_text(encoding="utf-8"))["features"]
    return found


def write(root: Path, name: str, features: Sequence[Feature]) -> None:
    """Write the features of a layer."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": list(features)}
    (root / f"layers/data/{name}.geojson").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _zone(name: str, zone_id: str, chance: np.random.Generator) -> Feature:
    x, y = chance.uniform(BOUNDS[0], BOUNDS[2]), chance.uniform(BOUNDS[1], BOUNDS[3])
    if name == "roads":
        shape: Any = shapely.LineString([(x, y), (x + chance.uniform(-0.05, 0.05), y + chance.uniform(-0.03, 0.03))])
    else:
        shape = _star(x, y, chance, 0.004, 0.015)
    code = str(chance.choice(CODES[name]))
    return {
        "type": "Feature",
        "properties": {"zone_id": zone_id, "name": f"区{zone_id}", "class": code},
        "geometry": shapely.geometry.mapping(shape),
    }


def _star(x: float, y: float, chance: np.random.Generator, least: float, most: float) -> BaseGeometry:
    turns = np.sort(chance.uniform(0, 2 * np.pi, 9))
    size = chance.uniform(least, most) * chance.uniform(0.5, 1.0, 9)
    found = shapely.Polygon(np.column_stack([x + size * np.cos(turns), y + 0.8 * size * np.sin(turns)]))
    return found if found.is_valid else found.convex_hull


def _zones(one: Path, other: Path) -> tuple[list[Any], list[Any]]:
    """Return all zones of both sides, and those that only one side has in this form."""
    every: list[Any] = []
    changed: list[Any] = []
    for name in CODES:
        before, after = read(one, name), read(other, name)
        every += [zone["geometry"] for zone in (*before, *after)]
        changed += [z["geometry"] for z in before if z not in after] + [z["geometry"] for z in after if z not in before]
    return every, changed


def _site(zones: tuple[list[Any], list[Any]], chance: np.random.Generator, number: int) -> RegisteredSite:
    """Return a site: most lie where a border decides, at the accuracy of a zone or at the distance of a rule."""
    few = zones[1] if zones[1] and chance.random() < 0.7 else zones[0]
    zone = shapely.geometry.shape(few[int(chance.integers(len(few)))])
    corners = shapely.get_coordinates(zone)
    x, y = corners[int(chance.integers(len(corners)))]
    east, north = zone.bounds[2], float(corners[np.argmax(corners[:, 0])][1])
    kind = int(chance.choice(5, p=[0.1, 0.15, 0.25, 0.2, 0.3]))
    if kind == 0:  # anywhere
        x, y = chance.uniform(BOUNDS[0], BOUNDS[2]), chance.uniform(BOUNDS[1], BOUNDS[3])
        shape = _star(float(x), float(y), chance, 0.0005, 0.004)
    elif kind == 1:  # across the border of a zone
        shape = _star(float(x), float(y), chance, 0.0005, 0.006)
    elif kind <= 3:
        away = float(chance.choice([0.0, chance.uniform(0.00001, 0.0002)]))
        shape = shapely.box(east + away, north - 0.0005, east + away + 0.001, north + 0.0005)
    else:  # at the distance of a rule or a search
        away = chance.uniform(0.0003, 0.002)
        shape = shapely.box(east + away, north - 0.0005, east + away + 0.001, north + 0.0005)
    if number % 12 == 0:  # outside every territory: refused
        shape = shapely.box(113.0, 35.5, 113.001, 35.501)
    site = Site(str(number), f"地块{number}", shape, CRS, "sites.geojson", accuracy_m=float(chance.choice([0, 0, 3])))
    told: dict[str, object] = {"construction": str(chance.choice(["new", "none"], p=[0.9, 0.1]))}
    return RegisteredSite(number, site, told if chance.random() < 0.9 else {})


def _some(root: Path, chance: np.random.Generator) -> tuple[str, list[Feature], int]:
    name = str(chance.choice(list(CODES)))
    found = read(root, name)
    return name, found, int(chance.integers(len(found)))


def _move_vertex(root: Path, chance: np.random.Generator) -> str:
    name, zones, n = _some(root, chance)
    shape = shapely.geometry.shape(zones[n]["geometry"])
    points = shapely.get_coordinates(shape)
    size = chance.choice([0.0001, 0.0005, 0.002])
    points[int(np.argmax(points[:-1, 0])) if name != "roads" else 1] += chance.uniform(-size, size, 2)
    if name == "roads":
        moved: Any = shapely.LineString(points)
    else:
        moved = shapely.Polygon(points)
        moved = moved if moved.is_valid else moved.convex_hull
    zones[n]["geometry"] = shapely.geometry.mapping(moved)
    write(root, name, zones)
    return f"vertex of {name} {n}"


def _move_by_a_hair(root: Path, chance: np.random.Generator) -> str:
    name, zones, n = _some(root, chance)
    shape = shapely.transform(shapely.geometry.shape(zones[n]["geometry"]), lambda xy: xy + 1e-9)
    zones[n]["geometry"] = shapely.geometry.mapping(shape)
    write(root, name, zones)
    return f"hair of {name} {n}"


def _add(root: Path, chance: np.random.Generator) -> str:
    name, zones, n = _some(root, chance)
    write(root, name, [*zones[:n], _zone(name, f"{name}-new{n}", chance), *zones[n:]])
    return f"zone more in {name}"


def _remove(root: Path, chance: np.random.Generator) -> str:
    name, zones, n = _some(root, chance)
    if len(zones) > 1:
        write(root, name, zones[:n] + zones[n + 1 :])
    return f"zone less in {name}"


def _reclass(root: Path, chance: np.random.Generator) -> str:
    zones = read(root, "water")
    one = zones[int(chance.integers(len(zones)))]["properties"]
    one["class"] = {"1": "2", "2": "1", None: "1"}[one["class"]] if chance.random() < 0.7 else None
    write(root, "water", zones)
    return f"class of {one['zone_id']}"


def _rename(root: Path, chance: np.random.Generator) -> str:
    name, zones, n = _some(root, chance)
    zones[n]["properties"]["name"] = "新名"
    zones[n]["properties"]["zone_id"] += "x"
    write(root, name, zones)
    return f"name of {name} {n}"


def _shuffle(root: Path, chance: np.random.Generator) -> str:
    name, zones, _ = _some(root, chance)
    write(root, name, [zones[int(n)] for n in chance.permutation(len(zones))])
    return f"order of {name}"


def _nothing(_: Path, __: np.random.Generator) -> str:
    return "nothing"


def _replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _accuracy(root: Path, chance: np.random.Generator) -> str:
    for old in ("0.0", "5.0", "20.0"):
        _replace(root / "layers/water.yaml", f"accuracy_m: {old}", f"accuracy_m: {chance.choice([1, 8])}")
    return "accuracy"


def _coverage(root: Path, _: np.random.Generator) -> str:
    _replace(root / "layers/farmland.yaml", '["140522"]', '["140522", "140825"]')
    return "coverage"


def _territory(root: Path, _: np.random.Generator) -> str:
    found = read(root, "territory")
    ring = found[1]["geometry"]["coordinates"][0]
    found[1]["geometry"]["coordinates"][0] = [[x - 0.01 if x > 112.6 else x, y] for x, y in ring]
    write(root, "territory", found)
    return "territory"


def _effect(root: Path, _: np.random.Generator) -> str:
    _replace(root / "rules/plan/R048.yaml", "effect: restrict", "effect: prohibit")
    return "effect of a rule"


def _citation(root: Path, _: np.random.Generator) -> str:
    _replace(root / "rules/plan/R083.yaml", "第一章", "第二章")
    return "citation of a rule"


def _distance(root: Path, chance: np.random.Generator) -> str:
    _replace(root / "rules/plan/R100.yaml", "150 m", f"{chance.choice([100, 180, 900])} m")
    return "distance of a rule"


def _document(root: Path, _: np.random.Generator) -> str:
    _replace(root / "rules/documents.yaml", "〔2023〕1号", "〔2023〕2号")
    return "number of a document"


def _drop_rule(root: Path, _: np.random.Generator) -> str:
    (root / "rules/plan/R042.yaml").unlink(missing_ok=True)
    return "rule less"


def _search(root: Path, _: np.random.Generator) -> str:
    _replace(root / "zoning.yaml", "500 m", "450 m")
    return "search distance"


_LIGHT: tuple[Callable[[Path, np.random.Generator], str], ...] = (
    _move_vertex,
    _move_by_a_hair,
    _add,
    _remove,
    _reclass,
    _rename,
)
_HEAVY: tuple[Callable[[Path, np.random.Generator], str], ...] = (
    _shuffle,
    _nothing,
    _accuracy,
    _coverage,
    _territory,
    _effect,
    _citation,
    _distance,
    _document,
    _drop_rule,
    _search,
)
# Most pairs differ in a few zones: there the choice of sites has to be right.
_ACTS = (*_LIGHT, *_LIGHT, *_LIGHT, *_LIGHT, *_HEAVY)
