"""The pieces that changed as a GeoPackage that opens in QGIS with its styles."""

from collections.abc import Iterable, Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Geometry
from zoning.maps.qgis.geopackage import geopackage
from zoning.maps.qgis.tables import Table
from zoning.planning.compare.layer_change import KINDS, LayerChange, LayerGap, Piece, PieceKind
from zoning.planning.compare.tables import class_title
from zoning.quantities import hectares
from zoning.styles.drawing import Category, Drawing, class_parts
from zoning.styles.looks import ClassStyle
from zoning.texts import Language, Text

_LOOKS: dict[PieceKind, ClassStyle] = {
    "gained": ClassStyle(fill="#7FB0E0", fill_opacity=0.55, outline="#143F75", width=1.2, hatch="horizontal"),
    "lost": ClassStyle(fill="#F2A25C", fill_opacity=0.6, outline="#8A3B00", width=1.4, hatch="diagonal"),
    "reclassified": ClassStyle(fill="#D9C6EC", fill_opacity=0.6, outline="#4B2A7B", width=1.2, hatch="cross"),
    "unknown_before": ClassStyle(fill="#DADADA", fill_opacity=0.45, outline="#6B6B6B", width=0.8, hatch="dots"),
    "unknown_after": ClassStyle(fill="#B9B9B9", fill_opacity=0.5, outline="#3F3F3F", width=0.8, hatch="dots"),
}
"""Gained and lost differ in hue, brightness and hatch: readable in black and white. No national drawing standard."""

_HEADS = (
    Text("变化", "change"),
    Text("原类别", "class before"),
    Text("现类别", "class after"),
    Text("原编号", "id before"),
    Text("现编号", "id after"),
    Text("面积m2", "area_m2"),
    Text("面积公顷", "area_ha"),
)
_LINE_HEADS = (*_HEADS[:5], Text("长度m", "length_m"))


def pieces_geopackage(changes: Mapping[str, LayerChange | LayerGap], language: Language, on: str) -> bytes | None:
    """Return the GeoPackage, one table per layer with pieces; None where no piece changed."""
    tables = [
        _table(change, language)
        for _, change in sorted(changes.items())
        if isinstance(change, LayerChange) and change.pieces
    ]
    return geopackage(tables, on) if tables else None


def _table(change: LayerChange, language: Language) -> Table:
    line = change.unit == "m"
    heads = tuple(head.get(language) for head in (_LINE_HEADS if line else _HEADS))
    title = change.layer.title.get(language)
    name = f"{title} {change.before.edition} - {change.after.edition}".replace(".", "_")
    notice = Text("比较结果，不作为审批依据", "a comparison, no basis for approval").get(language)
    return Table(
        key=change.layer.id,
        name=name,
        role="zones",
        description=notice,
        fields=heads,
        texts=frozenset(heads[:5]),
        rows=tuple(_row(change, piece, language) for piece in change.pieces),
        geometries=tuple(_whole(piece.geometry, line=line) for piece in change.pieces),
        drawing=_drawing(change.pieces, heads[0], name, language, "line" if line else "polygon"),
    )


def _row(change: LayerChange, piece: Piece, language: Language) -> tuple[str | float | None, ...]:
    head = (
        KINDS[piece.kind].get(language),
        class_title(change, piece.before, language),
        class_title(change, piece.after, language),
        piece.zone_a,
        piece.zone_b,
        piece.amount,
    )
    return head if change.unit == "m" else (*head, hectares(piece.amount))


def _whole(shape: BaseGeometry, *, line: bool) -> BaseGeometry:
    """Return a geometry of many parts: all rows of a table are of one kind."""
    parts = shapely.get_parts(shape)
    return shapely.MultiLineString(list(parts)) if line else shapely.MultiPolygon(list(parts))


def _drawing(pieces: Iterable[Piece], field: str, title: str, language: Language, geometry: Geometry) -> Drawing:
    present = {piece.kind for piece in pieces}
    categories = tuple(
        Category((KINDS[kind].get(language),), KINDS[kind].get(language), class_parts(look, geometry))
        for kind, look in _LOOKS.items()
        if kind in present
    )
    return Drawing(title, geometry, field, categories)
