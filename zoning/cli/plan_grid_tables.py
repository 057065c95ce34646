"""The tables of `zoning plan grid`, and its GeoPackage."""

from typing import TYPE_CHECKING

from zoning.cli.plan_statistics_tables import Head, Sheet, Value
from zoning.quantities import hectares
from zoning.rules.wording.words import MISSING
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.maps.made import Made
    from zoning.maps.qgis.tables import Table
    from zoning.overlay.plane import MeasuringPlane
    from zoning.planning.grids.cells import Cells
    from zoning.planning.grids.entries import CellEntry, Grid
    from zoning.styles.drawing import Drawing
    from zoning.styles.stylebook import Stylebook

_CELL = Head(Text("网格", "cell"), 18)
_HA = Head(Text("面积 / 公顷", "area / ha"), 14, 4)
_KINDS = {"zone": Text("分区", "zone"), "register": Text("名录", "register")}
_CLASSES = {
    "cell": Text("网格", "cell"),
    "joined": Text("网格（含并入的边角）", "cell with joined corners"),
    "sliver": Text("边角", "sliver"),
}


def sheets_of(grid: "Grid") -> tuple[Sheet, ...]:
    """Return the tables."""
    return _cells(grid), _contents(grid), _people(grid), _gaps(grid), _layers(grid)


def _cells(grid: "Grid") -> Sheet:
    heads = (
        *(_CELL, Head(Text("行", "row"), 8, 0), Head(Text("列", "column"), 8, 0)),
        *(Head(Text("面积 / m²", "area / m²"), 18, 2), _HA),
        *(Head(Text("经度", "longitude"), 12, 6), Head(Text("纬度", "latitude"), 12, 6)),
        *(Head(Text("分区", "zones"), 8, 0), Head(Text("名录", "registers"), 8, 0)),
        *(Head(Text("应配人数", "officers"), 9, 0), Head(Text("责任人", "people"), 24)),
        *(Head(Text("边角", "sliver"), 8), Head(Text("并入的网格", "joined cells"), 28)),
    )
    yes = Text("是", "yes")
    rows: list[tuple[Value, ...]] = []
    for cell in grid.cells:
        zones = sum(zone.kind == "zone" for zone in cell.zones)
        rows.append(
            (
                *(cell.code, cell.row, cell.column, cell.area_m2, hectares(cell.area_m2), *cell.centre),
                *(zones, len(cell.zones) - zones, cell.officers, _names(cell)),
                *(yes if cell.sliver else "", " ".join(cell.joined)),
            )
        )
    return Sheet("cells", Text("网格", "cells"), heads, tuple(rows))


def _names(cell: "CellEntry") -> str:
    return "；".join(" ".join(part for part in (one.name, one.contact) if part) for one in cell.people)


def _contents(grid: "Grid") -> Sheet:
    heads = (
        *(_CELL, Head(Text("种类", "kind"), 8), Head(Text("图层", "layer"), 22), Head(Text("类别", "class"), 20)),
        *(Head(Text("编号", "id"), 18), Head(Text("名称", "name"), 24), Head(Text("面积 / m²", "area / m²"), 16, 2)),
        *(_HA, Head(Text("长度 / m", "length / m"), 14, 2)),
        *(Head(Text("责任", "role"), 10), Head(Text("责任人", "responsible"), 14)),
        *(Head(Text("单位", "office"), 18), Head(Text("联系方式", "contact"), 16)),
    )
    rows: list[tuple[Value, ...]] = []
    for cell in grid.cells:
        for zone in cell.zones:
            layer = grid.layer(zone.layer)
            who = zone.responsible
            told = ("", "", "", "") if who is None else (who.title, who.name, who.office, who.contact)
            rows.append(
                (
                    *(cell.code, _KINDS[zone.kind], layer.title, layer.classes[zone.class_], zone.id, zone.name),
                    *(zone.area_m2, None if zone.area_m2 is None else hectares(zone.area_m2), zone.length_m),
                    *told,
                )
            )
    return Sheet("contents", Text("分区与名录", "zones and registers"), heads, tuple(rows))


def _people(grid: "Grid") -> Sheet:
    heads = (
        *(_CELL, Head(Text("姓名", "name"), 14), Head(Text("职务", "role"), 16)),
        *(Head(Text("单位", "office"), 22), Head(Text("联系方式", "contact"), 18)),
    )
    rows: list[tuple[Value, ...]] = []
    for cell in grid.cells:
        rows.extend((cell.code, one.name, one.role, one.office, one.contact) for one in cell.people)
        if not cell.people:
            rows.append((cell.code, None, None, None, None))
    return Sheet("people", Text("责任人", "people"), heads, tuple(rows))


def _gaps(grid: "Grid") -> Sheet:
    heads = (_CELL, Head(Text("图层", "layer"), 24), Head(Text("数据缺失 / 公顷", "no data / ha"), 16, 4))
    rows = [(cell.code, grid.layer(gap.layer).title, hectares(gap.area_m2)) for cell in grid.cells for gap in cell.gaps]
    return Sheet("gaps", MISSING, heads, tuple(rows))


def _layers(grid: "Grid") -> Sheet:
    heads = (
        *(Head(Text("图层", "layer"), 24), Head(Text("编号", "id"), 24), Head(Text("种类", "kind"), 8)),
        *(Head(Text("版本", "edition"), 12), Head(Text("状态", "status"), 40)),
        Head(Text("数据摘要 SHA-256", "SHA-256 of the data"), 30),
    )
    rows: list[tuple[Value, ...]] = [
        (one.title, one.layer, _KINDS[one.kind], one.edition, Text("有数据", "with data"), one.sha256)
        for one in grid.layers
    ]
    for gone in grid.missing:
        status = Text(f"数据缺失、各格均未列：{gone.reason.zh}", f"no data, listed in no cell: {gone.reason.en}")
        rows.append((gone.title or gone.layer, gone.layer, "", None, status, None))
    return Sheet("layers", Text("图层", "layers"), heads, tuple(rows))


def gpkg_of(
    grid: "Grid", cells: "Cells", plane: "MeasuringPlane", stylebook: "Stylebook", language: Language, made: "Made"
) -> bytes:
    """Return cells (areas with their style and codes as labels) and the zones in them as a GeoPackage."""
    import numpy as np
    import shapely

    from zoning.maps.qgis.geopackage import geopackage
    from zoning.maps.qgis.tables import Table

    geometries = tuple(plane.to_lonlat(np.asarray([cell.geometry for cell in cells.cells], dtype=object)))
    fields = ("code", "class", "row", "column", "area_m2", "officers", "zones", "registers", "people", "joined")
    rows = []
    for cell in grid.cells:
        kind = "sliver" if cell.sliver else "joined" if cell.joined else "cell"
        zones = sum(zone.kind == "zone" for zone in cell.zones)
        officers = None if cell.officers is None else float(cell.officers)
        rows.append(
            (
                *(cell.code, kind, float(cell.row), float(cell.column), cell.area_m2, officers),
                *(float(zones), float(len(cell.zones) - zones), _names(cell), " ".join(cell.joined)),
            )
        )
    about = f"{grid.name} {grid.title.get(language)} {grid.on}"
    table = Table(
        key="cells",
        name=grid.title.get(language),
        role="zones",
        description=about,
        fields=fields,
        texts=frozenset({"code", "class", "people", "joined"}),
        rows=tuple(rows),
        geometries=tuple(shapely.MultiPolygon(shapely.get_parts(one).tolist()) for one in geometries),
        drawing=_drawing(grid, stylebook, language),
    )
    return geopackage((table, _zones_table(grid, language)), made.on)


def _zones_table(grid: "Grid", language: Language) -> "Table":
    from zoning.maps.qgis.tables import Table

    fields = ("cell", "kind", "layer", "class", "id", "name", "area_m2", "length_m", "role", "responsible", "contact")
    rows = []
    for cell in grid.cells:
        for zone in cell.zones:
            who = zone.responsible
            role = None if who is None else who.title.get(language)
            name, contact = (None, None) if who is None else (who.name, who.contact)
            rows.append(
                (
                    *(cell.code, zone.kind, zone.layer, zone.class_, zone.id, zone.name),
                    *(zone.area_m2, zone.length_m, role, name, contact),
                )
            )
    texts = frozenset(fields) - {"area_m2", "length_m"}
    name = Text("网格内的分区与名录", "zones and registers of cells").get(language)
    return Table("contents", name, "list", name, fields, texts, tuple(rows))


def _drawing(grid: "Grid", stylebook: "Stylebook", language: Language) -> "Drawing":
    from zoning.styles.drawing import Category, Drawing, Labels, Outline, Tint
    from zoning.styles.looks import LabelLook

    colour = stylebook.outcomes.site.outline
    warn = stylebook.outcomes.decisions["restricted"].colour
    line = Outline(colour, 1.0)
    parts = {
        "cell": (line,),
        "joined": (Tint(colour, 0.08), line),
        "sliver": (Tint(warn, 0.25), Outline(warn, 1.0, (4.0, 2.0))),
    }
    categories = tuple(Category((name,), _CLASSES[name].get(language), parts[name]) for name in parts)
    return Drawing(grid.title.get(language), "polygon", "class", categories, Labels("code", LabelLook()))
