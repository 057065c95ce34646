"""One layer in two editions: everything that differs, as figures and as pieces of ground."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Layer
from zoning.layers.reader import Unavailable
from zoning.overlay import beside
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.flows import NO_DATA, NONE, Flow, Flows, Reach, flows_of
from zoning.planning.compare.ground import Ground
from zoning.planning.compare.line_flows import line_flows, line_matrix
from zoning.planning.compare.matrix import OUTSIDE, Division, Matrix, matrix_of
from zoning.planning.compare.zone_changes import MATCH_SHARE, Shared, ZoneTable, areas_of, zone_changes
from zoning.rules.wording.words import MISSING
from zoning.texts import Text

PieceKind = Literal["gained", "lost", "reclassified", "unknown_before", "unknown_after"]

KINDS: dict[PieceKind, Text] = {
    "gained": Text("新增", "gained"),
    "lost": Text("减少", "lost"),
    "reclassified": Text("类别改变", "reclassified"),
    "unknown_before": Text("前一版本数据缺失", "no data before"),
    "unknown_after": Text("后一版本数据缺失", "no data after"),
}
_GAP_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the ground whose class is another than before; `geometry` in longitude and latitude."""

    kind: PieceKind
    before: str
    after: str
    zone_a: str | None
    zone_b: str | None
    amount: float
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Slivers:
    """Pieces below the tolerance of the layer: counted, and part of every sum."""

    count: int
    amount: float


@dataclass(frozen=True, slots=True)
class EditionLabel:
    """Which edition was compared; `overlap_m2`: what its zones cover twice, counted once."""

    edition: str
    origin: str
    sha256: str
    zones: int
    overlap_m2: float


@dataclass(frozen=True, slots=True)
class LayerChange:
    """What differs between two editions of a layer.

    Attributes
    ----------
    unit
        `m2`, or `m` where the zones are lines.
    townships, territories
        The matrix divided by either; lines are not divided.
    places
        Names of townships and territories by their ids.
    covered
        Territory -> whether each edition is authoritative in the whole of it.
    zone_territories
        Zone id -> territories that it lies in, in either edition.
    """

    layer: Layer
    unit: Literal["m2", "m"]
    before: EditionLabel
    after: EditionLabel
    classes_before: tuple[str, ...]
    classes_after: tuple[str, ...]
    townships: Matrix
    territories: Matrix
    places: Mapping[str, str]
    covered: Mapping[str, tuple[bool, bool]]
    zone_territories: Mapping[str, tuple[str, ...]]
    zones: ZoneTable
    attributes: Mapping[str, tuple[Mapping[str, str], ...]]
    attributes_before: Mapping[str, tuple[Mapping[str, str], ...]]
    pieces: tuple[Piece, ...]
    slivers: Slivers

    @property
    def differs(self) -> bool:
        """Whether anything is another."""
        return bool(self.zones.changes or self.pieces or self.zones.redrawn)


@dataclass(frozen=True, slots=True)
class LayerGap:
    """A layer that cannot be compared, and why: silence would look like "nothing changed"."""

    layer: str
    title: Text
    side: Literal["before", "after", "both"]
    reason: Text


@dataclass(frozen=True, slots=True)
class Divisions:
    """Townships and territories, made once for all layers; `shapes` of the territories by code."""

    townships: Division
    territories: Division
    shapes: Mapping[str, BaseGeometry]

    @classmethod
    def of(cls, townships: PlaneLayer | None, territories: PlaneLayer | None) -> "Divisions":
        """Return the divisions; without a layer everything lies outside of all places."""
        shapes = (
            {} if territories is None else {code: territories.zone(code) for code in dict.fromkeys(territories.ids)}
        )
        return cls(Division(townships), Division(territories), shapes)


def compare_layer(
    a: PlaneLayer | Unavailable,
    b: PlaneLayer | Unavailable,
    divisions: Divisions,
    *,
    tolerance: float,
    match_share: float = MATCH_SHARE,
) -> LayerChange | LayerGap:
    """Compare two editions of a layer.

    Parameters
    ----------
    tolerance
        Smaller pieces are slivers, unless the layer states its own; m², or m of lines.
    match_share
        See `zoning.planning.compare.zone_changes.MATCH_SHARE`.

    Raises
    ------
    CRSMismatchError
        When they lie in different measuring planes.
    """
    gap = _gap(a, b)
    if gap is not None or isinstance(a, Unavailable) or isinstance(b, Unavailable):
        return gap or _both(a.layer)
    a.plane.same_as(b.plane)
    reach = Reach.of(a.coverage.area, b.coverage.area)
    stated = b.layer.tolerance
    enough = tolerance if stated is None else stated
    if b.layer.geometry == "line":
        flows = line_flows(a, b, reach)
        matrix = line_matrix(a, b, flows)
        return _change(a, b, flows, (matrix, matrix, 0.0, 0.0), divisions, enough, match_share)
    one, other = Ground.of(a), Ground.of(b)
    flows = flows_of(one, other, reach)
    matrices = (
        matrix_of(one, other, flows, divisions.townships),
        matrix_of(one, other, flows, divisions.territories),
        one.overlap_m2,
        other.overlap_m2,
    )
    return _change(a, b, flows, matrices, divisions, enough, match_share)


def _gap(a: PlaneLayer | Unavailable, b: PlaneLayer | Unavailable) -> LayerGap | None:
    if isinstance(a, Unavailable):
        return LayerGap(a.layer.id, a.layer.title, "both" if isinstance(b, Unavailable) else "before", a.reason)
    if isinstance(b, Unavailable):
        return LayerGap(b.layer.id, b.layer.title, "after", b.reason)
    if a.layer.geometry != b.layer.geometry:
        reason = Text(
            "一版为线，一版为面，不能比较", "one edition holds lines, the other polygons: they cannot be compared"
        )
        return LayerGap(b.layer.id, b.layer.title, "both", reason)
    return None


def _both(layer: Layer) -> LayerGap:
    return LayerGap(layer.id, layer.title, "both", MISSING)


def _change(
    a: PlaneLayer,
    b: PlaneLayer,
    flows: Flows,
    matrices: tuple[Matrix, Matrix, float, float],
    divisions: Divisions,
    enough: float,
    match_share: float,
) -> LayerChange:
    amounts = areas_of(a), areas_of(b)
    shared = Shared.of(a, b, flows, amounts[0])
    pieces, slivers = _pieces(a, b, flows, enough)
    return LayerChange(
        layer=b.layer,
        unit="m" if b.layer.geometry == "line" else "m2",
        before=_label(a, matrices[2]),
        after=_label(b, matrices[3]),
        classes_before=a.class_order,
        classes_after=b.class_order,
        townships=matrices[0],
        territories=matrices[1],
        places={**divisions.townships.names, **divisions.territories.names},
        covered={code: (_covers(a, shape), _covers(b, shape)) for code, shape in divisions.shapes.items()},
        zone_territories=_zone_territories(a, b, matrices[1]),
        zones=zone_changes(a, b, shared, amounts, match_share),
        attributes=_attributes(b),
        attributes_before=_attributes(a),
        pieces=pieces,
        slivers=slivers,
    )


def _label(layer: PlaneLayer, overlap_m2: float) -> EditionLabel:
    edition = layer.layer.editions[layer.edition_id]
    return EditionLabel(layer.edition_id, edition.origin, layer.sha256, len(layer.ids), overlap_m2)


def _covers(layer: PlaneLayer, shape: BaseGeometry) -> bool:
    if shapely.covers(layer.coverage.area, shape):
        return True
    return beside.outside_m2(shape, layer.coverage.area) < _GAP_M2


def _zone_territories(a: PlaneLayer, b: PlaneLayer, matrix: Matrix) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for layer, places in zip((a, b), matrix.zone_places, strict=True):
        # Of lines nothing is known.
        for name, mine in zip(layer.ids, places, strict=False):
            found[name] |= set(mine)
    return {name: tuple(sorted(codes - {OUTSIDE})) for name, codes in found.items()}


def _attributes(layer: PlaneLayer) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for name, values in zip(layer.ids, layer.attributes, strict=True):
        found[name].append(values)
    return {name: tuple(values) for name, values in found.items()}


def kind_of(before: str, after: str) -> PieceKind | None:
    """Return what a piece is; None where nothing changed."""
    if before == after:
        return None
    if NO_DATA in {before, after}:
        return "unknown_before" if before == NO_DATA else "unknown_after"
    if NONE in {before, after}:
        return "gained" if before == NONE else "lost"
    return "reclassified"


def _pieces(a: PlaneLayer, b: PlaneLayer, flows: Flows, enough: float) -> tuple[tuple[Piece, ...], Slivers]:
    wanted = [flow for flow in flows.changed if kind_of(flow.before, flow.after) is not None]
    small = [flow for flow in wanted if flow.amount < enough]
    shapes = _lonlat(b.plane, [flow.geometry for flow in wanted])
    found = [_piece(a, b, flow, shape) for flow, shape in zip(wanted, shapes, strict=True)]
    found.sort(key=lambda piece: (piece.kind, piece.before, piece.after, -piece.amount))
    return tuple(found), Slivers(len(small), float(sum(flow.amount for flow in small)))


def _piece(a: PlaneLayer, b: PlaneLayer, flow: Flow, shape: BaseGeometry) -> Piece:
    kind = kind_of(flow.before, flow.after)
    if kind is None:
        raise AssertionError(flow)
    return Piece(
        kind,
        flow.before,
        flow.after,
        None if flow.zone_a is None else a.ids[flow.zone_a],
        None if flow.zone_b is None else b.ids[flow.zone_b],
        flow.amount,
        shape,
    )


def _lonlat(plane: MeasuringPlane, shapes: Sequence[BaseGeometry | None]) -> Sequence[BaseGeometry]:
    filled = np.empty(len(shapes), dtype=object)
    for number, shape in enumerate(shapes):
        filled[number] = shape
    return list(plane.to_lonlat(filled)) if len(shapes) else []
