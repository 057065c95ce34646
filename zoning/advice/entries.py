"""Advice as it is handed on: schema `zoning.advice/1`, frozen, with a JSON round trip."""

from datetime import date
from typing import Any, Literal

import shapely
from pydantic import Field
from shapely.geometry.base import BaseGeometry

from zoning.advice.flip import FlipDistance
from zoning.advice.placement import Placement, Placements
from zoning.advice.recheck import Recheck
from zoning.advice.remainder import Piece, Remainder
from zoning.advice.search import Displacement, bearing_deg
from zoning.advice.terms import Level, Terms
from zoning.rules.verdict import Decision
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.advice/1"] = "zoning.advice/1"


class RecheckEntry(Entry):
    """What the check says of the advised place; `clear`: nothing prohibits it and nothing is open."""

    decision: Decision
    clear: bool
    summary: Text
    area_m2: float
    questions: tuple[str, ...]
    restricting: tuple[str, ...]
    missing_facts: tuple[str, ...]
    missing_layers: tuple[str, ...]

    @classmethod
    def of(cls, recheck: Recheck) -> "RecheckEntry":
        """Return a re-check without its geometry."""
        return cls(
            decision=recheck.decision,
            clear=recheck.clear,
            summary=recheck.summary,
            area_m2=round(recheck.area_m2, 4),
            questions=recheck.questions,
            restricting=recheck.restricting,
            missing_facts=recheck.missing_facts,
            missing_layers=recheck.missing_layers,
        )


class PieceEntry(Entry):
    """A piece of the site that is left; GeoJSON geometry, longitude and latitude of CGCS2000."""

    area_m2: float
    recheck: RecheckEntry
    geometry: dict[str, Any]

    @classmethod
    def of(cls, piece: Piece) -> "PieceEntry":
        """Return a piece."""
        return cls(
            area_m2=round(piece.area_m2, 4),
            recheck=RecheckEntry.of(piece.recheck),
            geometry=mapping(piece.recheck.geometry),
        )


class RemainderEntry(Entry):
    """What is left of the site at one level of caution."""

    level: Level
    area_m2: float
    share: float
    pieces: tuple[PieceEntry, ...]
    too_small: int
    too_small_m2: float
    dropped: int
    together: RecheckEntry | None
    inexact_rules: tuple[str, ...]

    @classmethod
    def of(cls, found: Remainder) -> "RemainderEntry":
        """Return a remainder."""
        return cls(
            level=found.level,
            area_m2=round(found.area_m2, 4),
            share=round(found.share, 8),
            pieces=tuple(PieceEntry.of(piece) for piece in found.pieces),
            too_small=found.too_small,
            too_small_m2=round(found.too_small_m2, 2),
            dropped=found.dropped,
            together=None if found.together is None else RecheckEntry.of(found.together),
            inexact_rules=found.inexact,
        )


class MoveEntry(Entry):
    """A displacement in true metres of the plane tangent at the site; bearing clockwise from north."""

    east_m: float
    north_m: float
    distance_m: float
    bearing_deg: float

    @classmethod
    def of(cls, displacement: Displacement) -> "MoveEntry":
        """Return a displacement with its direction."""
        return cls(
            east_m=round(displacement.east_m, 3),
            north_m=round(displacement.north_m, 3),
            distance_m=round(displacement.distance_m, 3),
            bearing_deg=round(bearing_deg(displacement), 3),
        )


class PlacementEntry(Entry):
    """A place for the same shape; `turn_deg` counter-clockwise about the middle of its area, before it is moved."""

    move: MoveEntry
    turn_deg: float
    recheck: RecheckEntry
    geometry: dict[str, Any]

    @classmethod
    def of(cls, placement: Placement | None) -> "PlacementEntry | None":
        """Return a place, None for none."""
        if placement is None:
            return None
        return cls(
            move=MoveEntry.of(placement.displacement),
            turn_deg=placement.turn_deg,
            recheck=RecheckEntry.of(placement.recheck),
            geometry=mapping(placement.recheck.geometry),
        )


class PlacementsEntry(Entry):
    """The nearest places at one level of caution, and the bound that the search proved."""

    level: Level
    moved: PlacementEntry | None
    turned: PlacementEntry | None
    radius_m: float
    resolution_m: float
    turn_step_deg: float
    squares: int
    dropped: int
    bound: Text
    inexact_rules: tuple[str, ...]

    @classmethod
    def of(cls, found: Placements) -> "PlacementsEntry":
        """Return what was found."""
        return cls(
            level=found.level,
            moved=PlacementEntry.of(found.moved),
            turned=PlacementEntry.of(found.turned),
            radius_m=found.radius_m,
            resolution_m=found.resolution_m,
            turn_step_deg=found.turn_step_deg,
            squares=found.squares,
            dropped=found.dropped,
            bound=_bound(found),
            inexact_rules=found.inexact,
        )


class FlipEntry(Entry):
    """How near another decision is: none below `safe_m`, one at `move`."""

    safe_m: float
    move: MoveEntry | None
    becomes: Decision | None
    radius_m: float

    @classmethod
    def of(cls, found: FlipDistance) -> "FlipEntry":
        """Return the bracket."""
        flip = found.flip
        return cls(
            safe_m=round(found.safe_m, 1),
            move=None if flip is None else MoveEntry.of(flip.displacement),
            becomes=None if flip is None else flip.decision,
            radius_m=found.radius_m,
        )


class TermsEntry(Entry):
    """What was asked for."""

    radius_m: float
    resolution_m: float
    turn_step_deg: float
    piece_m2: float
    piece_width_m: float
    margin_m: float

    @classmethod
    def of(cls, terms: Terms, margin_m: float) -> "TermsEntry":
        """Return the terms with the margin that zones were grown by."""
        return cls(
            radius_m=terms.radius_m,
            resolution_m=terms.resolution_m,
            turn_step_deg=terms.turn_step_deg,
            piece_m2=round(terms.piece_m2, 4),
            piece_width_m=terms.piece_width_m,
            margin_m=round(margin_m, 4),
        )


class Advice(Document):
    """What could be done about one site.

    `unread_layers` have no data anywhere near: every place is undetermined. `unsettled_rules` could prohibit wherever
    the site is moved, for want of facts. `everywhere` are rules that prohibit in all of a territory.
    """

    schema_: Literal["zoning.advice/1"] = Field(default=SCHEMA, alias="schema")
    on: date
    site_id: str
    site_name: str
    source: str
    area_m2: float
    decision: Decision
    summary: Text
    terms: TermsEntry
    remainder: tuple[RemainderEntry, ...]
    placements: tuple[PlacementsEntry, ...]
    flip: FlipEntry
    unread_layers: tuple[str, ...]
    unsettled_rules: tuple[str, ...]
    everywhere: dict[str, tuple[str, ...]]
    learned_rules: tuple[str, ...]
    notice: Text
    digests: dict[str, str]


def advice_schema() -> dict[str, Any]:
    """Return the JSON Schema of `zoning.advice/1`."""
    return Advice.published_schema(SCHEMA)


def mapping(geometry: BaseGeometry) -> dict[str, Any]:
    """Return a geometry as GeoJSON."""
    found: dict[str, Any] = shapely.geometry.mapping(shapely.orient_polygons(geometry))
    return found


def _bound(found: Placements) -> Text:
    radius, fine = f"{found.radius_m:g} m", f"{found.resolution_m:g} m"
    if found.moved is not None:
        return Text(
            f"不旋转时，没有比此近出 {fine} 以上、且四周尚有 {found.resolution_m / 4:g} m 余量的位置",
            f"without a turn no place is nearer by more than {fine} that has {found.resolution_m / 4:g} m to spare",
        )
    turns = found.turn_step_deg
    zh = f"，按 {turns:g}° 逐步旋转亦无" if turns and found.turned is None else ""
    en = f", nor with turns in steps of {turns:g}°" if turns and found.turned is None else ""
    return Text(
        f"{radius} 之内没有四周尚有 {found.resolution_m / 4:g} m 余量的位置{zh}",
        f"within {radius} there is no place with {found.resolution_m / 4:g} m to spare{en}",
    )
