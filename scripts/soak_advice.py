"""Advise on many random sites of the built-in workspace, and prove every advice: ends with 1 when one does not hold.

What is advised is checked from what was written, by a check that shares no open layer with it. That nothing is nearer
is tried at random displacements and on a ring just inside the answer: none of them may come out clear with half a
metre to spare. Below the distance that is called safe no random displacement may change the decision. The search
itself is compared with a grid of all displacements, on shapes and obstacles by chance (`--shapes`).
"""

import argparse
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from advice_world import nearer_on_a_grid
from zoning.advice.advise import advise
from zoning.advice.entries import Advice, PlacementEntry
from zoning.advice.ground import Content
from zoning.advice.recheck import CRS, Recheck, of_examination
from zoning.advice.scene import Scene, at
from zoning.advice.terms import Terms
from zoning.check import Checker, Examination, Refusal
from zoning.overlay.plane_layer import PlaneLayer
from zoning.rules.facts import FactSheet, parse_facts, read_facts_file
from zoning.sites.site import Site
from zoning.workspace import Workspace, builtin_root, examples_folder

DAY = date(2026, 11, 22)
TERMS = Terms(radius_m=1_500.0, turn_step_deg=45.0)
TRIED = 24
SPARE_M = 0.5
ROUNDING_M = 0.0002
"""Corners are written to a tenth of a millimetre."""


@dataclass
class Ledger:
    """What was proved, and what was not."""

    shapes: int = 0
    sites: int = 0
    pieces: int = 0
    places: int = 0
    none: int = 0
    clear: int = 0
    nearer: int = 0
    steady: int = 0
    dropped: int = 0
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the figures for people."""
        slow = f"{np.median(self.seconds):.2f} s, at most {max(self.seconds):.2f} s" if self.seconds else "-"
        return [
            f"{self.shapes} shapes among obstacles: compared with a grid of displacements",
            f"{self.sites} sites: {self.pieces} pieces and {self.places} places checked again",
            f"{self.clear} of them permitted or restricted, the others with questions; {self.none} times none in reach",
            f"{self.nearer} displacements tried that would be nearer, {self.steady} that must not change the decision",
            f"{self.dropped} advice dropped by their own re-check",
            f"advice took {slow} per site; {len(self.wrong)} do not hold",
        ]


@dataclass
class Bench:
    """The workspace, and a second way to check in it."""

    workspace: Workspace
    content: Content
    second: Checker
    territories: PlaneLayer

    @classmethod
    def open(cls) -> "Bench":
        """Open the built-in workspace."""
        workspace = Workspace.open(builtin_root())
        rulebook, settings, catalogue = workspace.rulebook, workspace.settings, workspace.catalogue
        content = Content(DAY, catalogue, rulebook, settings, workspace.source())
        second = Checker(on=DAY, catalogue=catalogue, rulebook=rulebook, settings=settings, source=workspace.source())
        layer = content.source.layer(catalogue.territory_layer, on=DAY, bounds=(-180.0, -90.0, 180.0, 90.0))
        if not isinstance(layer, PlaneLayer):
            raise SystemExit(2)
        return cls(workspace, content, second, layer)

    def facts(self, chance: np.random.Generator) -> FactSheet:
        """Return the facts of one of the examples, sometimes with half of them unknown."""
        vocabulary = self.workspace.rulebook.vocabulary
        files = sorted(examples_folder().glob("*.facts.yaml"))
        told, _ = read_facts_file(vocabulary, files[int(chance.integers(len(files)))])
        kept: dict[str, Any] = {
            name: value for name, value in told.items() if name == "construction" or chance.random() < 0.8
        }
        return parse_facts(vocabulary, kept, "soak")

    def site(self, chance: np.random.Generator, number: int) -> Site:
        """Return a random footprint of up to some hectares in one of the territories."""
        codes = sorted(set(self.territories.ids))
        area = self.territories.zone(codes[int(chance.integers(len(codes)))])
        west, south, east, north = area.bounds
        while True:
            x, y = float(chance.uniform(west, east)), float(chance.uniform(south, north))
            shape = affinity.translate(_shape(chance), x, y)
            if area.contains(shape):
                lonlat = self.content.source.plane.to_lonlat([shape])[0]
                return Site(str(number), f"soak {number}", lonlat, CRS, f"soak-{number}.geojson")

    def check(self, geometry: BaseGeometry, facts: FactSheet) -> Recheck | None:
        """Check a geometry of longitude and latitude with layers of its own."""
        site = Site("again", "again", geometry, CRS, "again.geojson")
        result = next(self.second.check([(site, facts)]))
        return None if isinstance(result, Refusal) else of_examination(result)


def one_site(bench: Bench, seed: int, ledger: Ledger) -> None:
    """Advise on one random site and prove it."""
    chance = np.random.default_rng(seed)
    facts, site = bench.facts(chance), bench.site(chance, seed)
    checker = Checker(
        on=DAY,
        catalogue=bench.content.catalogue,
        rulebook=bench.content.rulebook,
        settings=bench.content.settings,
        source=bench.content.source,
    )
    examined = next(checker.check([(site, facts)]))
    if isinstance(examined, Refusal):
        ledger.wrong.append(f"seed {seed}: refused: {examined.error}")
        return
    started = time.perf_counter()
    advice = advise(bench.content, examined, facts, TERMS)
    ledger.seconds.append(time.perf_counter() - started)
    ledger.sites += 1
    scene = Scene.around(bench.content, examined.footprint, facts, TERMS.radius_m, examined)
    _prove_pieces(bench, seed, advice, examined, facts, ledger)
    _prove_places(bench, seed, advice, scene, facts, ledger)
    _prove_flip(seed, advice, scene, chance, ledger)
    _prove_nearest(seed, advice, scene, chance, ledger)


def _prove_pieces(
    bench: Bench, seed: int, advice: Advice, examined: Examination, facts: FactSheet, ledger: Ledger
) -> None:
    for left in advice.remainder:
        ledger.dropped += left.dropped
        for piece in left.pieces:
            ledger.pieces += 1
            geometry = shapely.geometry.shape(piece.geometry)
            _again(bench, seed, f"piece {left.level}", geometry, facts, piece.recheck.decision, ledger)
            plane = bench.content.source.plane.to_plane([geometry], CRS, step_m=10.0)[0]
            outside = plane.difference(examined.footprint.geometry).area
            if outside > ROUNDING_M * plane.length:
                ledger.wrong.append(f"seed {seed}: {outside:.3f} m² of a piece lie outside the site")
            if piece.area_m2 < TERMS.piece_m2 * 0.999:
                ledger.wrong.append(f"seed {seed}: a piece of {piece.area_m2:.1f} m² is too small")
        if left.area_m2 > advice.area_m2 + ROUNDING_M * examined.footprint.local.length:
            ledger.wrong.append(f"seed {seed}: more is kept than there is")


def _prove_places(bench: Bench, seed: int, advice: Advice, scene: Scene, facts: FactSheet, ledger: Ledger) -> None:
    for found in advice.placements:
        ledger.dropped += found.dropped
        ledger.none += found.moved is None
        for place in (found.moved, found.turned):
            if place is None:
                continue
            ledger.places += 1
            geometry = shapely.geometry.shape(place.geometry)
            _again(bench, seed, f"place {found.level}", geometry, facts, place.recheck.decision, ledger)
            _prove_shape(bench, seed, place, geometry, scene, ledger)


def _again(
    bench: Bench, seed: int, what: str, geometry: BaseGeometry, facts: FactSheet, decision: str, ledger: Ledger
) -> None:
    again = bench.check(geometry, facts)
    if again is None or again.prohibiting or again.decision != decision:
        ledger.wrong.append(f"seed {seed}: {what} is {again.decision if again else 'refused'}, said {decision}")
    ledger.clear += again is not None and again.clear


def _prove_shape(
    bench: Bench, seed: int, place: PlacementEntry, geometry: BaseGeometry, scene: Scene, ledger: Ledger
) -> None:
    """Compare a place with the site turned and moved as it says, in the plane of the site."""
    plane = bench.content.source.plane.to_plane([geometry], CRS, step_m=10.0)
    local = scene.ground.frame.to_frame(plane)[0]
    expected = affinity.rotate(scene.ground.shape, place.turn_deg, origin=scene.ground.shape.centroid)
    expected = affinity.translate(expected, place.move.east_m, place.move.north_m)
    if shapely.hausdorff_distance(local, expected, densify=0.1) > 0.01:
        ledger.wrong.append(f"seed {seed}: the place is not the site moved as it says")


def _prove_nearest(seed: int, advice: Advice, scene: Scene, chance: np.random.Generator, ledger: Ledger) -> None:
    found = advice.placements[0]
    if found.inexact_rules:
        return
    limit = TERMS.radius_m if found.moved is None else found.moved.move.distance_m - found.resolution_m
    if limit <= 0:
        return
    for number in range(TRIED):
        far = limit * (np.sqrt(chance.random()) if number % 2 else chance.uniform(0.9, 1.0))
        angle = chance.uniform(0, 2 * np.pi)
        east, north = float(far * np.sin(angle)), float(far * np.cos(angle))
        ledger.nearer += 1
        if _holds_with_room(scene, east, north):
            ledger.wrong.append(f"seed {seed}: {east:.2f} {north:.2f} is nearer than the place and clear")


def _holds_with_room(scene: Scene, east: float, north: float) -> bool:
    """Tell whether a displacement and eight around it are all clear of prohibitions, within the accuracies too."""
    around = [(0.0, 0.0), *((SPARE_M * np.cos(a), SPARE_M * np.sin(a)) for a in np.arange(8) * np.pi / 4)]
    known = {rule for one in scene.forbids for rule in one.rules}
    for x, y in around:
        found = scene.rechecker.check(at(scene.ground.shape, east + x, north + y), "nearer")
        if found is None or not scene.is_kept(found, "prohibitions"):
            return False
        # A known prohibition that only the accuracy of a layer leaves open was to be avoided.
        open_ = [finding for finding in found.examination.verdict.findings if finding.rule in found.questions]
        if any(finding.rule in known and finding.missing_layers for finding in open_):
            return False
    return True


def _prove_flip(seed: int, advice: Advice, scene: Scene, chance: np.random.Generator, ledger: Ledger) -> None:
    flip = advice.flip
    if flip.move is not None and flip.safe_m > flip.move.distance_m + 0.1:
        ledger.wrong.append(f"seed {seed}: safe to {flip.safe_m} m, and changed at {flip.move.distance_m} m")
    for _ in range(TRIED // 3):
        far, angle = flip.safe_m * chance.random(), chance.uniform(0, 2 * np.pi)
        shape = at(scene.ground.shape, float(far * np.sin(angle)), float(far * np.cos(angle)))
        there = scene.rechecker.check(shape, "steady")
        ledger.steady += 1
        if there is None or there.decision != advice.decision:
            said = there.decision if there else "refused"
            ledger.wrong.append(f"seed {seed}: {said} at {far:.1f} m, safe to {flip.safe_m} m")
            return


def _shape(chance: np.random.Generator) -> BaseGeometry:
    """Return a rectangle, an angle, a star or two parts around the origin, some metres to some hundred wide."""
    wide, high = chance.uniform(15, 250), chance.uniform(15, 250)
    kind = int(chance.integers(4))
    if kind == 0:
        shape: BaseGeometry = shapely.box(-wide / 2, -high / 2, wide / 2, high / 2)
    elif kind == 1:
        shape = shapely.box(0, 0, wide, high).difference(shapely.box(wide / 3, high / 3, wide, high))
    elif kind == 2:
        angles = np.sort(chance.uniform(0, 2 * np.pi, 11))
        radii = chance.uniform(0.4, 1.0, 11) * (wide + high) / 3
        shape = shapely.Polygon(np.column_stack((radii * np.cos(angles), radii * np.sin(angles)))).buffer(0)
    else:
        shape = shapely.union(shapely.box(0, 0, wide, high), shapely.box(wide + 40, 0, 2 * wide, high))
    return affinity.rotate(shape, chance.uniform(0, 360))


def main() -> None:
    """Advise, prove and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=300)
    parser.add_argument("--shapes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    bench, ledger, started = Bench.open(), Ledger(), time.monotonic()
    for seed in range(options.seed, options.seed + options.shapes):
        ledger.shapes += 1
        ledger.wrong += nearer_on_a_grid(seed)
    for line in ledger.wrong:
        print(f"  WRONG: {line}", flush=True)
    for seed in range(options.seed, options.seed + options.sites):
        before = len(ledger.wrong)
        one_site(bench, seed, ledger)
        for line in ledger.wrong[before:]:
            print(f"  WRONG: {line}", flush=True)
        if seed % 20 == 0:
            print(f"  {ledger.sites} sites, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(*ledger.lines(), sep="\n")
    raise SystemExit(1 if ledger.wrong else 0)


if __name__ == "__main__":
    main()
