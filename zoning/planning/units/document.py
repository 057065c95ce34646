"""A plan as JSON: `zoning.plan-units/1`."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from math import fsum
from pathlib import Path
from typing import Any

from zoning.atomic_write import json_text
from zoning.layers.datum import WORLD
from zoning.layers.digests import file_sha256
from zoning.layers.reader import LayerStore, Unavailable
from zoning.overlay.source import LayerSource
from zoning.planning.units.plan import Plan, PlannedUnit
from zoning.planning.units.remarks import remarks_of
from zoning.planning.units.scheme import Scheme
from zoning.planning.units.skeleton import UnitSkeleton
from zoning.planning.units.totals import Row, Total, totals_of

SCHEMA = "zoning.plan-units/1"


def document_of(plan: Plan, skeletons: Sequence[UnitSkeleton], inputs: Mapping[str, Any], written: float) -> str:
    """Return the whole plan as JSON; the same plan gives the same bytes.

    Parameters
    ----------
    written
        By how much the file of units differs from the territory, as a share of it.
    """
    built = plan.built
    lists = {one.code: one for one in skeletons}
    content = {
        "schema": SCHEMA,
        "territory": {"code": built.territory.code, "name": built.territory.name, "area_m2": built.territory_m2},
        "scheme": {"id": plan.scheme.id, "title": plan.scheme.title.plain(), "layer": plan.scheme.units},
        "on": plan.on.isoformat(),
        "incomplete": plan.incomplete,
        "remarks": [{"kind": one.kind, **one.text.plain()} for one in remarks_of(plan)],
        "not_seen": [
            {
                "layer": one.layer,
                "title": one.title.plain(),
                "reason": one.reason.plain(),
                "area_m2": one.area_m2,
                "class": list(plan.scheme.classes)[one.rank],
            }
            for one in built.unseen
        ],
        "area": {
            "units_m2": fsum(one.unit.area_m2 for one in plan.units),
            "relative_error": plan.identity_error,
            "relative_error_of_file": written,
            "grid_m": built.grid_m,
            "minimum_m2": plan.scheme.minimum,
        },
        "codes": {
            "previous": plan.previous.edition,
            "kept": sum(one.kept_from is not None for one in plan.units),
            "new": [one.code for one in plan.units if one.kept_from is None],
            "retired": list(plan.gone),
            "unreadable": list(plan.previous.unreadable),
        },
        "merged": {"pieces": len(built.merges), "area_m2": fsum(one.area_m2 for one in built.merges)},
        "kept_small": {"pieces": len(built.kept_small_m2), "area_m2": fsum(built.kept_small_m2)},
        "totals": _totals(plan),
        "units": [_unit(plan, one, lists.get(one.code)) for one in plan.units],
        "inputs": dict(inputs),
    }
    return json_text(content)


def inputs_of(
    source: LayerSource,
    scheme: Scheme,
    territory: str,
    *,
    on: date,
    grid_m: float,
    previous: str | None,
    rules: str,
    program: str,
) -> dict[str, Any]:
    """Return what the result of a territory depends on: with the same inputs it need not be computed again."""
    catalogue = source.catalogue
    members = [member.layer for unit in scheme.classes.values() for member in unit.members]
    named = [catalogue.territory_layer, *([scheme.split_by] if scheme.split_by else []), scheme.units, *members]
    layers = {name: _state(source, name, on) for name in dict.fromkeys(named) if name in catalogue.layers}
    # Codes depend on every edition there ever was.
    store = LayerStore(catalogue)
    editions = {name: store.edition_sha256(scheme.units, name) for name in catalogue[scheme.units].editions}
    file = Path(previous) if previous is not None and previous not in editions else None
    return {
        "territory": territory,
        "on": on.isoformat(),
        "grid_m": grid_m,
        "previous": previous,
        "previous_sha256": file_sha256(file) if file is not None and file.is_file() else None,
        "editions": editions,
        "scheme": hashlib.sha256(scheme.model_dump_json().encode()).hexdigest(),
        "rules": rules,
        "program": program,
        "layers": layers,
    }


def _state(source: LayerSource, name: str, on: date) -> dict[str, str | None]:
    definition = source.definition_sha256(name)
    found = source.layer(name, on=on, bounds=WORLD)
    if isinstance(found, Unavailable):
        return {"edition": found.edition_id, "definition": definition, "data": None, "reason": found.reason.en}
    return {"edition": found.edition_id, "definition": definition, "data": found.sha256}


def _unit(plan: Plan, one: PlannedUnit, skeleton: UnitSkeleton | None) -> dict[str, Any]:
    unit = one.unit
    found: dict[str, Any] = {
        "code": one.code,
        "name": one.name,
        "class": one.class_id,
        "county": {"code": one.county_code, "name": one.county},
        "township": {"id": unit.part.id, "name": one.township} if unit.part else None,
        "member": one.member or None,
        "area_m2": unit.area_m2,
        "share": unit.area_m2 / plan.built.territory_m2,
        "kept_from": one.kept_from,
        "merged_m2": unit.merged_m2,
        "members": [
            {
                "layer": zone.layer,
                "edition": zone.edition,
                "zone": zone.zone,
                "name": zone.name,
                "class": zone.class_id,
                "area_m2": area,
            }
            for zone, area in unit.members
        ],
    }
    if skeleton is not None:
        found["access_list"] = {
            "state": "skeleton",
            **{
                dimension: [
                    {
                        "rule": entry.rule,
                        "effect": entry.effect,
                        "says": entry.says.plain(),
                        "citation": entry.citation.plain(),
                        "verified": entry.verified,
                        "cites": list(entry.members),
                    }
                    for entry in entries
                ]
                for dimension, entries in skeleton.sections.items()
            },
        }
    return found


def _totals(plan: Plan) -> dict[str, Any]:
    totals = totals_of(plan)
    names = list(plan.scheme.classes)
    return {
        "classes": {one.class_id: _total(one.total) for one in totals.classes},
        "groups": {name: _total(total) for name, total in totals.groups},
        "rows": [_row(row, names) for row in totals.rows],
        "whole": _row(totals.whole, names),
    }


def _row(row: Row, names: Sequence[str]) -> dict[str, Any]:
    classes = {name: _total(total) for name, total in zip(names, row.classes, strict=True)}
    return {"county": row.county, "township": row.township, "area_m2": row.area_m2, "count": row.count, **classes}


def _total(total: Total) -> dict[str, Any]:
    return {"count": total.count, "area_m2": total.area_m2, "share": total.share}
