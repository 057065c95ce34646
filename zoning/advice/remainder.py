"""The conflict-free remainder: what is left of a site outside all that prohibits it."""

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.advice.obstacles import Forbidden
from zoning.advice.recheck import Recheck
from zoning.advice.scene import Scene
from zoning.advice.terms import Level, Terms
from zoning.overlay import beside
from zoning.overlay.repair import polygonal

_ROUNDS = 4  # what a re-check brings to light is cut off, and the rest checked again
_ROUNDING_M2 = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A piece of the site that is left, with its re-check."""

    shape: BaseGeometry
    recheck: Recheck

    @property
    def area_m2(self) -> float:
        """Its area on the ellipsoid."""
        return self.recheck.area_m2


@dataclass(frozen=True, slots=True, eq=False)
class Remainder:
    """What is left of a site.

    Attributes
    ----------
    pieces
        Largest first.
    share
        Of the site, 0..1.
    too_small, too_small_m2
        Pieces below the useful size, and strips below the useful width.
    dropped
        Pieces whose re-check did not come out clear.
    together
        The re-check of all pieces as one site; None when there is none, or only one.
    inexact
        Rules of which more was avoided than they demand.
    """

    level: Level
    pieces: tuple[Piece, ...]
    share: float
    too_small: int
    too_small_m2: float
    dropped: int
    together: Recheck | None
    inexact: tuple[str, ...]

    @property
    def area_m2(self) -> float:
        """What is kept."""
        return sum(piece.area_m2 for piece in self.pieces)


def remainder(scene: Scene, terms: Terms, level: Level) -> Remainder:
    """Cut all that a level stays off out of the site, and check what is left."""
    shape = scene.footprint.local
    kept: list[Piece] = []
    dropped, small, small_m2 = 0, 0, 0.0
    forbidden = scene.forbidden(level)
    for turn in range(_ROUNDS):
        forbidden = scene.forbidden(level)
        useful, small, small_m2 = _useful(_left(shape, forbidden), terms)
        checked = [(piece, scene.rechecker.check(piece, f"{scene.rechecker.site.name} #{n}")) for n, piece in useful]
        kept = [Piece(piece, found) for piece, found in checked if found is not None and scene.is_kept(found, level)]
        failed = [found for piece, found in checked if not scene.is_kept(found, level)]
        learned = [scene.learn(found.examination) for found in failed if found is not None]
        if turn == _ROUNDS - 1 or not any(learned):
            dropped = len(failed)
            break
    together = None
    if len(kept) > 1:
        whole = beside.union([piece.shape for piece in kept])
        together = scene.rechecker.check(whole, scene.rechecker.site.name)
    pieces = tuple(sorted(kept, key=lambda piece: -piece.area_m2))
    share = sum(piece.area_m2 for piece in pieces) / scene.footprint.area_m2
    return Remainder(level, pieces, share, small, small_m2, dropped, together, forbidden.inexact)


def _left(shape: BaseGeometry, forbidden: Forbidden) -> BaseGeometry:
    left = polygonal(beside.difference(shape, forbidden.area))
    for areas in forbidden.combined:
        if left.is_empty or not all(area.intersects(left) for area in areas):
            continue
        # One of the places has to be left: that which costs least.
        left = max((polygonal(beside.difference(left, area)) for area in areas), key=lambda rest: float(rest.area))
    return left


def _useful(left: BaseGeometry, terms: Terms) -> tuple[list[tuple[int, BaseGeometry]], int, float]:
    """Return the pieces of use, numbered, with count and area of what is not."""
    half = terms.piece_width_m / 2
    # Mitred, so that what is cut off are strips and not the corners of every piece.
    opened = left.buffer(-half, join_style="mitre").buffer(half, join_style="mitre") if half else left
    wide = polygonal(beside.intersection(opened, left))
    parts = [part for part in shapely.get_parts(wide) if part.area > 0]
    useful = [part for part in parts if part.area >= terms.piece_m2]
    useful.sort(key=lambda part: -part.area)
    lost = float(left.area) - sum(float(part.area) for part in useful)
    narrow = sum(1 for part in shapely.get_parts(left) if not part.is_empty and not part.intersects(wide))
    small = len(parts) - len(useful) + narrow
    return list(enumerate(useful, start=1)), small, lost if lost > _ROUNDING_M2 else 0.0
