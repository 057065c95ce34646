"""The result of `zoning mines mode` as JSON: schema `zoning.mines.mode/1`."""

from collections.abc import Iterable, Mapping
from typing import Any

from zoning.mines.modes_law import Reason, Ruling
from zoning.mines.suitability.membership import Interval
from zoning.mines.suitability.recommend import Recommendation
from zoning.mines.suitability.run import Modes, ParcelModes
from zoning.mines.suitability.scoring import Part, Score
from zoning.mines.suitability.sensitivity import Sensitivity, Stability

SCHEMA = "zoning.mines.mode/1"
_DIGITS = 6

Json = dict[str, Any]


def document_of(modes: Modes, *, on: str, sources: Mapping[str, object], program: str) -> Json:
    """Return the whole as JSON values; the same inputs give the same document.

    Rules and questions stand once, below `rules` and `questions`; parcels name their ids.
    """
    ruled = [ruling for parcel in modes.parcels for ruling in parcel.rulings.values()]
    return {
        "schema": SCHEMA,
        "on": on,
        "program": program,
        "parameters": {
            "suitability": modes.content.model_dump(mode="json", by_alias=True),
            "law": modes.law.model_dump(mode="json"),
        },
        "sources": dict(sources),
        "rules": _rules(ruled),
        "questions": {one.fact: one.question.plain() for ruling in ruled for one in ruling.questions},
        "skipped": {name: why.plain() for name, why in modes.skipped.items()},
        "sensitivity": {"target": _sensitivity(modes.targets), "way": _sensitivity(modes.ways)},
        "parcels": [
            _parcel(parcel, target, way)
            for parcel, target, way in zip(modes.parcels, modes.targets.parcels, modes.ways.parcels, strict=True)
        ],
    }


def _parcel(parcel: ParcelModes, target: Stability, way: Stability) -> Json:
    values = {part.criterion: part.value for score in parcel.scores.values() for part in score.parts}
    return {
        "id": parcel.record.id,
        "name": parcel.record.name,
        "territory": parcel.record.territory,
        "area_m2": round(parcel.area_m2, 2),
        "target": _recommendation(parcel.target) | {"stability": _stability(target)},
        "way": _recommendation(parcel.way) | {"stability": _stability(way)},
        "values": {name: _rounded(value) for name, value in values.items()},
        "scores": {name: _score(score) for name, score in parcel.scores.items()},
        "law": {name: _ruling(ruling) for name, ruling in parcel.rulings.items()},
    }


def _recommendation(found: Recommendation) -> Json:
    ruling = found.ruling
    return {
        "mode": found.mode,
        "score": None if found.score is None else _interval(found.score.interval),
        "decision": None if ruling is None else ruling.decision,
        "questions": [one.fact for one in found.questions],
        "missing_layers": list(ruling.missing_layers) if ruling is not None and ruling.is_open else [],
        "open_limits": [] if found.score is None else list(found.score.open_limits),
        "is_clear": found.is_clear,
        "settled": found.settled,
        "order": list(found.order),
        "forbidden": list(found.forbidden),
    }


def _stability(found: Stability) -> Json:
    return {
        "same": None if found.same is None else round(found.same, _DIGITS),
        "best": {mode: round(share, _DIGITS) for mode, share in found.best.items()},
        "nudges": [{"mode": mode, "criterion": criterion} for mode, criterion in found.nudges],
    }


def _sensitivity(found: Sensitivity) -> list[Json]:
    return [
        {
            "mode": one.mode,
            "criterion": one.criterion,
            "weight": one.weight,
            "moved": round(one.moved, _DIGITS),
            "changed": len(one.changed),
        }
        for one in found.nudges
    ]


def _score(score: Score) -> Json:
    return {
        "score": _interval(score.interval),
        "if_passed": _interval(score.if_passed),
        "knocked_out_by": list(score.knocked_out_by),
        "open_limits": list(score.open_limits),
        "not_known": list(score.not_known),
        "parts": [_part(part) for part in score.parts],
    }


def _part(part: Part) -> Json:
    made: Json = {"criterion": part.criterion, "weight": part.weight}
    if part.weight > 0:
        made["membership"] = _interval(part.membership)
        made["adds"] = _interval(part.adds)
    if part.limit != "none":
        made |= {"limit": part.limit, "failed_share": _interval(part.failed_share)}
    return made


def _ruling(ruling: Ruling) -> Json:
    return {
        "decision": ruling.decision,
        "facts": _rounded(ruling.facts),
        "reasons": [_reason(reason) for reason in ruling.reasons],
        "questions": [one.fact for one in ruling.questions],
        "missing_layers": list(ruling.missing_layers),
        "duties": [reason.rule for reason in ruling.duties],
        "refused": None if ruling.refused is None else ruling.refused.plain(),
    }


def _reason(reason: Reason) -> Json:
    made: Json = {"rule": reason.rule, "decision": reason.decision}
    if reason.layer is not None:
        made |= {"layer": reason.layer, "class": reason.class_id}
    if reason.overlap_m2:
        made["overlap_m2"] = round(reason.overlap_m2, 2)
    for name in ("missing_facts", "missing_layers"):
        if getattr(reason, name):
            made[name] = list(getattr(reason, name))
    if reason.conditions:
        made["conditions"] = [one.plain() for one in reason.conditions]
    if reason.blocked:
        made["blocked"] = True
    return made


def _rules(ruled: Iterable[Ruling]) -> Json:
    met = {one.rule: one for ruling in ruled for one in (*ruling.reasons, *ruling.duties)}
    return {
        rule: {"title": one.title.plain(), "citation": one.citation.plain(), "verified": one.verified}
        for rule, one in sorted(met.items())
    }


def _interval(found: Interval) -> list[float]:
    return [round(found.low, _DIGITS), round(found.high, _DIGITS)]


def _rounded(value: object) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value
