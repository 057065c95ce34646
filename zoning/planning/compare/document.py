"""A comparison as JSON, schema `zoning.comparison/1`: figures unrounded, the same comparison always the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from zoning.atomic_write import json_text
from zoning.planning.compare.adjustments import AdjustmentResult
from zoning.planning.compare.keeps import KeepResult
from zoning.planning.compare.layer_change import LayerChange, LayerGap
from zoning.planning.compare.matrix import Matrix
from zoning.texts import Text

SCHEMA = "zoning.comparison/1"


def document(
    sides: tuple[str, str],
    changes: Mapping[str, LayerChange | LayerGap],
    keeps: Sequence[KeepResult],
    adjustments: Sequence[AdjustmentResult],
    notice: Text,
) -> dict[str, Any]:
    """Return a comparison as JSON values; `sides`: what was compared with what."""
    return {
        "schema": SCHEMA,
        "notice": asdict(notice),
        "before": sides[0],
        "after": sides[1],
        "layers": [
            _gap(change) if isinstance(change, LayerGap) else _layer(change) for _, change in sorted(changes.items())
        ],
        "keeps": [_result(one) for one in keeps],
        "adjustments": [_result(one) for one in adjustments],
    }


def to_json(content: Mapping[str, Any]) -> str:
    """Return JSON text."""
    return json_text(content)


def _gap(gap: LayerGap) -> dict[str, Any]:
    return {"layer": gap.layer, "compared": False, "side": gap.side, "reason": asdict(gap.reason)}


def _layer(change: LayerChange) -> dict[str, Any]:
    return {
        "layer": change.layer.id,
        "compared": True,
        "unit": change.unit,
        "schematic": change.layer.schematic,
        "accuracy_m": change.layer.accuracy_m,
        "before": asdict(change.before),
        "after": asdict(change.after),
        "covered": {code: {"before": known[0], "after": known[1]} for code, known in sorted(change.covered.items())},
        "townships": _matrix(change.townships),
        "territories": _matrix(change.territories),
        "zones": [asdict(zone) for zone in change.zones.changes],
        "zones_unchanged": change.zones.unchanged,
        "zones_redrawn": change.zones.redrawn,
        "pieces": len(change.pieces),
        "slivers": asdict(change.slivers),
    }


def _matrix(matrix: Matrix) -> dict[str, Any]:
    return {
        "cells": [asdict(cell) for cell in matrix.cells],
        "totals_before": [asdict(total) for total in matrix.before],
        "totals_after": [asdict(total) for total in matrix.after],
        "off_by": matrix.off_by(),
    }


def _result(one: KeepResult | AdjustmentResult) -> dict[str, Any]:
    return {**asdict(one), "citation": one.citation.model_dump(mode="json")}
