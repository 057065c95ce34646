"""The k best places for a shape in a search area: all of a lattice that are clear, ranked, apart, and re-checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.advice.ground import Content
from zoning.advice.obstacles import Forbidden, Obstacle
from zoning.advice.recheck import Recheck
from zoning.advice.scene import Scene
from zoning.advice.search import moved, turned
from zoning.advice.selection.criteria import Criteria, Values
from zoning.advice.selection.slope import SlopeRaster
from zoning.advice.selection.weights import Weights
from zoning.overlay import beside
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import Geometries
from zoning.overlay.repair import polygonal
from zoning.rules.facts import FactSheet

_LEAST_STEP_M = 25.0
_MOST_POSITIONS = 480_000
_MOST_RANKED = 6_000
_TRIED = 8  # re-checks per place that is wanted
_SQUARE = 1e-6


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for.

    Attributes
    ----------
    shape
        In metres, anywhere.
    turn_step_deg
        Turns that are tried.
    places
        How many are wanted.
    """

    shape: BaseGeometry
    turn_step_deg: float
    places: int


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A place that was re-checked, with its figures."""

    shape: BaseGeometry
    turn_deg: float
    values: Values
    score: float
    recheck: Recheck


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What was found.

    Attributes
    ----------
    candidates
        Clear ones first, then by score.
    step_m
        Distance of the lattice: between its points no place was looked at.
    positions, free
        Places looked at, and those of them off all that prohibits.
    ranked
        How many of the free ones were ranked: with very many every n-th.
    dropped
        Places whose re-check did not come out clear.
    """

    candidates: tuple[Candidate, ...]
    step_m: float
    positions: int
    free: int
    ranked: int
    dropped: int
    scene: Scene


def rectangle(area_m2: float, width_m: float | None) -> BaseGeometry:
    """Return a rectangle of an area, a square without a width, around the origin.

    >>> rectangle(20_000, 50).bounds
    (-200.0, -25.0, 200.0, 25.0)
    """
    width = sqrt(area_m2) if width_m is None else width_m
    long = area_m2 / width
    return shapely.box(-long / 2, -width / 2, long / 2, width / 2)


def select(
    content: Content,
    area: Footprint,
    facts: FactSheet,
    wish: Wish,
    weights: Weights,
    slopes: Sequence[SlopeRaster],
) -> Selection:
    """Find the best places in a search area."""
    scene = Scene.around(content, area, facts, 0.0)
    criteria = Criteria(scene, weights, slopes)
    forbidden = Forbidden.of([*scene.forbids, *scene.unknown, _rim(scene), *criteria.kept_off()])
    step = _step_m(scene, wish)
    found = list(_free(scene, forbidden, wish, step))
    looked = sum(count for count, _, _ in found)
    shapes = np.concatenate([free for _, free, _ in found]) if found else np.empty(0, dtype=object)
    turns = np.concatenate([np.full(len(free), turn) for _, free, turn in found]) if found else np.empty(0)
    free = len(shapes)
    every = max(1, ceil(free / _MOST_RANKED))
    shapes, turns = shapes[::every], turns[::every]
    kept, dropped = _best(scene, criteria, shapes, turns, wish.places)
    return Selection(tuple(kept), step, looked, free, len(shapes), dropped, scene)


def _best(
    scene: Scene, criteria: Criteria, shapes: Geometries, turns: NDArray[np.float64], wanted: int
) -> tuple[list[Candidate], int]:
    """Return the best places that do not overlap each other, re-checked, and how many were dropped."""
    values = criteria.rough(shapes, _lonlat(scene, shapes)) if len(shapes) else []
    order = sorted(range(len(shapes)), key=lambda n: (-criteria.score(values[n]), n))
    kept: list[Candidate] = []
    tried: list[BaseGeometry] = []
    dropped = 0
    for number in order:
        if len(tried) >= wanted * _TRIED or sum(one.recheck.clear for one in kept) >= wanted:
            break
        shape = shapes[number]
        if any(shape.intersects(other) for other in tried):
            continue
        tried.append(shape)
        recheck = scene.rechecker.check(shape, f"#{len(tried)}")
        if recheck is None or not scene.is_kept(recheck, "prohibitions"):
            dropped += 1
            continue
        exact = criteria.exact(values[number], recheck)
        kept.append(Candidate(shape, float(turns[number]), exact, criteria.score(exact), recheck))
    kept.sort(key=lambda one: (not one.recheck.clear, -one.score))
    return kept[:wanted], dropped


def _rim(scene: Scene) -> Obstacle:
    """Return what lies outside the search area."""
    west, south, east, north = scene.ground.box
    around = shapely.box(west - 1e5, south - 1e5, east + 1e5, north + 1e5)
    return Obstacle((polygonal(beside.difference(around, scene.ground.shape)),), ())


def _step_m(scene: Scene, wish: Wish) -> float:
    """Return the distance of the lattice: half the shape's narrow side, more where there would be too many points."""
    turned_box = shapely.minimum_rotated_rectangle(wish.shape)
    corners = shapely.get_coordinates(turned_box)
    narrow = float(np.hypot(*(corners[1:3] - corners[0:2]).T).min())
    count = len(_turns(wish))
    finest = sqrt(scene.ground.shape.area * count / _MOST_POSITIONS)
    return max(_LEAST_STEP_M, narrow / 2, finest)


def _turns(wish: Wish) -> list[float]:
    if wish.turn_step_deg <= 0:
        return [0.0]
    corners = shapely.get_coordinates(wish.shape)
    sides = np.hypot(*np.diff(corners, axis=0).T)
    square = len(sides) == 4 and np.ptp(sides) < _SQUARE * sides.max()  # noqa: PLR2004 - four sides
    rectangle_ = len(sides) == 4 and abs(wish.shape.area / wish.shape.minimum_rotated_rectangle.area - 1) < _SQUARE  # noqa: PLR2004 - four sides
    full = 90.0 if square and rectangle_ else 180.0 if rectangle_ else 360.0
    return [float(turn) for turn in np.arange(0.0, full - 1e-9, wish.turn_step_deg)]


def _free(scene: Scene, forbidden: Forbidden, wish: Wish, step: float) -> Iterator[tuple[int, Geometries, float]]:
    """Yield, for each turn, how many positions were looked at, the free ones, and the turn."""
    west, south, east, north = scene.ground.shape.bounds
    points = np.stack(
        np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step)), axis=-1
    )
    flat = points.reshape(-1, 2)
    shapely.prepare(scene.ground.shape)
    flat = flat[shapely.contains_xy(scene.ground.shape, flat[:, 0], flat[:, 1])]
    centred = shapely.transform(wish.shape, lambda xy: xy - np.array([wish.shape.centroid.x, wish.shape.centroid.y]))
    # The middle of the shape lies in it mostly: most points are ruled out without the shape.
    if centred.contains(shapely.Point(0, 0)) and len(flat):
        flat = flat[~forbidden.touched(np.asarray(shapely.points(flat), dtype=object))]
    for turn in _turns(wish):
        shape = turned(centred, turn)
        shapes = moved(shape, flat) if len(flat) else np.empty(0, dtype=object)
        yield len(flat), shapes[~forbidden.touched(shapes)] if len(flat) else shapes, turn


def _lonlat(scene: Scene, shapes: Geometries) -> Geometries:
    return scene.ground.content.source.plane.to_lonlat(scene.ground.frame.to_plane(shapes))
