"""The answer of `zoning mines watch` as one document: schema zoning.mines.watch/1."""

from typing import Any

from zoning.atomic_write import json_text
from zoning.mines.watch.memory import MARKS, STATES, Listed
from zoning.mines.watch.running import Watch
from zoning.mines.watch.suspects import RuleHit, ZoneHit
from zoning.texts import Text

SCHEMA = "zoning.mines.watch/1"
SUSPICION = Text(
    "所列均为疑似图斑，须实地核查；不是违法认定，也不是研判结论",
    "every patch is a suspicion that somebody must go and see: no finding of an offence, no verdict",
)
_CHIPS = "chips"


def chip_name(patch: str) -> str:
    """Return where the picture of a patch lies, from the folder of the document."""
    return f"{_CHIPS}/{patch}.png"


def to_json(watch: Watch) -> str:
    """Return the document."""
    return json_text(document_of(watch), allow_nan=False)


def document_of(watch: Watch) -> dict[str, Any]:
    """Return the document; areas in m² on the ellipsoid."""
    patches = [_patch(one) for one in watch.listed]
    return {
        "schema": SCHEMA,
        "on": watch.on.isoformat(),
        "notice": SUSPICION.plain(),
        "parameters": watch.settings.model_dump(mode="json"),
        "sources": dict(sorted(watch.sources.items())),
        "territories": list(watch.ground.territories),
        "pairs": [
            {
                "before": one.pair.before.isoformat(),
                "after": one.pair.after.isoformat(),
                "pixels": one.pixels,
                "median": round(one.median, 4),
                "spread": round(one.spread, 4),
            }
            for one in watch.spreads
        ],
        "layers": [
            {
                "layer": one.layer,
                "title": one.title.plain(),
                "edition": one.edition,
                "schematic": one.schematic,
                "classes": sorted(one.classes),
                "area_m2": round(one.area_m2, 1),
                "not_watched_m2": round(sum(gap.area_m2 for gap in watch.gaps if gap.layer == one.layer), 1),
            }
            for one in watch.ground.layers
        ],
        "not_watched": [
            {"layer": gap.layer, "why": gap.why, "area_m2": round(gap.area_m2, 1), "reason": gap.reason.plain()}
            for gap in watch.gaps
        ],
        "patches": patches,
        "parcels": _parcels(watch),
    }


def _patch(one: Listed) -> dict[str, Any]:
    known, suspect = one.known, one.suspect
    entry: dict[str, Any] = {
        "id": known.id,
        "suspicion": suspect is not None and not suspect.explained,
        "state": known.state,
        "state_text": STATES[known.state].plain(),
        "mark": known.mark,
        "mark_text": MARKS[known.mark].plain(),
        "note": known.note,
        "first_seen": known.first_seen.isoformat(),
        "last_seen": known.last_seen.isoformat(),
        "geometry": known.geometry,
    }
    if suspect is None:
        return entry
    raw = suspect.raw
    return entry | {
        "area_m2": round(suspect.area_m2, 1),
        "inside_m2": round(suspect.inside_m2, 1),
        "before": round(raw.before, 4),
        "after": round(raw.after, 4),
        "spreads_off": round(raw.off, 2),
        "dates": raw.dates,
        "zones": [_zone(zone) for zone in suspect.zones],
        "rules": [_rule(rule) for rule in suspect.rules],
        "permitted": {name: round(share, 4) for name, share in suspect.permitted.items()},
        "parcels": {name: round(share, 4) for name, share in suspect.parcels.items()},
        "chip": chip_name(known.id),
    }


def _zone(zone: ZoneHit) -> dict[str, Any]:
    return {
        "layer": zone.layer,
        "title": zone.title.plain(),
        "class": zone.class_id,
        "class_title": zone.class_title.plain(),
        "zones": [{"id": name, "name": title} for name, title in zone.zones],
        "overlap_m2": round(zone.overlap_m2, 1),
        "certainty": zone.certainty,
    }


def _rule(rule: RuleHit) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "title": rule.title.plain(),
        "layer": rule.layer,
        "effect": rule.effect,
        "outcome": rule.outcome,
        "document": rule.document.plain(),
        "number": rule.number,
        "section": rule.section,
    }


def _parcels(watch: Watch) -> list[dict[str, Any]]:
    """Return the known parcels that patches of this run meet."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in watch.listed:
        for parcel, share in one.suspect.parcels.items() if one.suspect is not None else ():
            found.setdefault(parcel, []).append({"patch": one.known.id, "share_of_patch": round(share, 4)})
    return [{"id": parcel, "patches": patches} for parcel, patches in sorted(found.items())]
