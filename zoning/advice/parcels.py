"""Advice as features of a file: the site, the pieces that are left of it, the places where it fits."""

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.advice.entries import Advice, PlacementEntry, RecheckEntry
from zoning.exchange.parcel import Parcel


def parcels_of(advice: Advice, site: BaseGeometry) -> list[Parcel]:
    """Return the features of an advice; `site` in longitude and latitude."""
    found = [Parcel("site", advice.site_name, site, advice.area_m2, {"kind": "site", "decision": advice.decision})]
    for left in advice.remainder:
        for number, piece in enumerate(left.pieces, start=1):
            told = {"kind": "remainder", "level": left.level, "area_m2": f"{piece.area_m2:.2f}", **_told(piece.recheck)}
            found.append(
                _parcel(f"remainder-{left.level}-{number}", advice.site_name, piece.geometry, piece.recheck, told)
            )
    for placed in advice.placements:
        for kind, place in (("moved", placed.moved), ("turned", placed.turned)):
            if place is not None:
                told = {"kind": kind, "level": placed.level, **_move(place), **_told(place.recheck)}
                found.append(_parcel(f"{kind}-{placed.level}", advice.site_name, place.geometry, place.recheck, told))
    return found


def _parcel(
    feature_id: str, name: str, geometry: dict[str, object], recheck: RecheckEntry, told: dict[str, str]
) -> Parcel:
    return Parcel(feature_id, name, shapely.geometry.shape(geometry), recheck.area_m2, told)


def _move(place: PlacementEntry) -> dict[str, str]:
    move = place.move
    return {
        "east_m": f"{move.east_m:.3f}",
        "north_m": f"{move.north_m:.3f}",
        "distance_m": f"{move.distance_m:.3f}",
        "bearing_deg": f"{move.bearing_deg:.3f}",
        "turn_deg": f"{place.turn_deg:g}",
    }


def _told(recheck: RecheckEntry) -> dict[str, str]:
    return {
        "decision": recheck.decision,
        "clear": "yes" if recheck.clear else "no",
        "questions": " ".join(recheck.questions),
        "restricting": " ".join(recheck.restricting),
        "missing_facts": " ".join(recheck.missing_facts),
        "missing_layers": " ".join(recheck.missing_layers),
    }
