"""The order of parcels as JSON, schema `zoning.mines.priority/1`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zoning.mines.priority.ranking import Ranked, Ranking, reason
from zoning.mines.viewshed import ParcelSight, Viewshed
from zoning.texts import Text

SCHEMA = "zoning.mines.priority/1"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the order rests on.

    Attributes
    ----------
    sights
        By id of parcel; empty where nobody looked.
    distances_m, covered_m
        By id of parcel: to the nearest line; how far around it the lines are complete (empty: they are).
    start
        Place that --start named, degrees.
    sources
        SHA-256 of every input by its name.
    corridor
        What the lines are called.
    """

    on: date
    viewshed: Viewshed | None
    sights: Mapping[str, ParcelSight]
    distances_m: Mapping[str, float]
    covered_m: Mapping[str, float]
    start: tuple[float, float] | None
    sources: Mapping[str, str]
    corridor: str
    notes: tuple[Text, ...]


def document_of(ranking: Ranking, evidence: Evidence) -> dict[str, Any]:
    """Return the whole as plain values."""
    content = ranking.content
    return {
        "schema": SCHEMA,
        "on": evidence.on.isoformat(),
        "title": content.title.plain(),
        "parameters": {
            "corridor": evidence.corridor,
            "start": evidence.start,
            "sight": _sight_parameters(evidence.viewshed),
            "unknown": content.unknown,
            "sensitivity": content.sensitivity,
            "criteria": {
                name: {
                    "title": one.title.plain(),
                    "weight": ranking.weights.get(name),
                    "counts": name in ranking.weights,
                    "source": one.source.plain(),
                }
                for name, one in content.criteria.items()
            },
            "phases": {
                name: {"title": one.title.plain(), "source": one.source.plain()} for name, one in content.phases.items()
            },
        },
        "sources": dict(evidence.sources),
        "notes": [one.plain() for one in (content.note, *evidence.notes)],
        "sensitivity": [
            {
                "criterion": one.criterion,
                "weight": one.weight,
                "lower": one.lower,
                "upper": one.upper,
                "largest_move": one.largest,
                "parcel": one.parcel or None,
                "parcels_moved": one.moved,
            }
            for one in ranking.sensitivity
        ],
        "parcels": [_parcel(one, ranking, evidence) for one in ranking.parcels],
        "left_out": [
            {"id": parcel.id, "name": parcel.name, "reason": why.title.plain()} for parcel, why in ranking.left_out
        ],
    }


def _parcel(one: Ranked, ranking: Ranking, evidence: Evidence) -> dict[str, Any]:
    sight = evidence.sights.get(one.parcel.id)
    return {
        "id": one.parcel.id,
        "name": one.parcel.name,
        "rank": one.rank,
        "rank_best": one.best,
        "rank_worst": one.worst,
        "rank_moves": list(one.moves),
        "tied_with": list(one.tied_with),
        "phase": one.phase,
        "phase_latest": one.latest_phase,
        "score": one.score,
        "score_low": one.low,
        "score_high": one.high,
        "reason": reason(one, ranking).plain(),
        "corridor_m": evidence.distances_m.get(one.parcel.id),
        "corridor_covered_m": evidence.covered_m.get(one.parcel.id),
        "sight": None if sight is None else _sight(sight),
        "criteria": {
            part.criterion: {
                "low": part.low,
                "high": part.high,
                "points_low": part.low * ranking.weights[part.criterion],
                "points_high": part.high * ranking.weights[part.criterion],
                "value": None if part.value is None else list(part.value),
                "known": part.known,
                "reason": part.reason.plain(),
            }
            for part in one.scores
        },
    }


def _sight(sight: ParcelSight) -> dict[str, Any]:
    share = sight.share
    return {
        "in_sight": sight.in_sight,
        "area_m2": sight.area_m2,
        "visible_m2": sight.visible_m2,
        "unknown_m2": sight.unknown_m2,
        "share": None if share is None else share[0],
        "share_at_most": None if share is None else share[1],
        "corridors": [
            {
                "kind": kind.kind,
                "visible_m": kind.visible_m,
                "unknown_m": kind.unknown_m,
                "nearest_m": kind.nearest_m,
                "nearest": kind.nearest,
                "corridor_m": kind.corridor_m,
            }
            for kind in sight.kinds
        ],
    }


def _sight_parameters(viewshed: Viewshed | None) -> dict[str, Any] | None:
    if viewshed is None:
        return None
    told = viewshed.parameters
    return {
        "step_m": told.step_m,
        "eye_m": told.eye_m,
        "target_m": told.target_m,
        "farthest_m": told.farthest_m,
        "refraction": told.refraction,
        "radius_m": viewshed.radius_m,
        "drop": "(1 - refraction) * d^2 / (2 * radius)",
        "stations": len(viewshed.stations),
        "stations_without_height": viewshed.blind,
    }
