"""`zoning mines volumes`: cut and fill, and how steep the ground is."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.cli.mines_priority_desk import Desk, DeskRequest, Products, open_desk, print_result, write_products
from zoning.cli.plan_statistics_tables import Head, Sheet, Value
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.mines.volumes import Design, Rim, SlopeClass, Slopes, VerticalError, Volume

SCHEMA = "zoning.mines.volumes/1"
_HIGHEST_M = 9_000.0
_NEAR_M = 500.0  # around parcels, of the model: slopes need the neighbours of cells
_TOLD_SHARE = 1e-6  # rounding of borders is no missing height


def run_volumes(
    session: Session, request: DeskRequest, design: str, error: "VerticalError | None", *, as_json: bool
) -> int:
    """Measure cut and fill; return the exit code.

    Raises
    ------
    UsageError
        When no elevation model is named, the design is no word, height or file, or there are no parcels.
    ContentError
        When the content or the register cannot be read, or a file cannot be written.
    LayerError
        When an elevation model cannot be read.
    SiteError, CRSError
        When a file of parcels cannot be read.
    """
    from zoning.mines.volumes import slopes, volumes
    from zoning.mines.works import FILE, read_works

    desk = open_desk(session, request)
    path = desk.workspace.own_or_builtin(FILE)
    content = read_works(path)
    elevation = desk.elevation(_NEAR_M)
    surface, file = design_of(desk, design)
    session.say(Text("计算填挖方和坡度", "measuring cut, fill and slopes"))
    found = volumes(elevation, desk.shapes, surface, error)
    steep = slopes(elevation, desk.shapes, content.slope_classes)
    products = _products(desk, found, steep, content.slope_classes, _Told(surface.title, error, path, file))
    if request.out is not None:
        write_products(desk, products, request.out)
    print_result(desk, products, as_json_text=as_json)
    return 0


class _Told:
    """What the figures rest on beside the parcels."""

    def __init__(self, design: Text, error: "VerticalError | None", content: Path, file: Path | None) -> None:
        self.design, self.error, self.content, self.file = design, error, content, file


def design_of(desk: Desk, told: str) -> "tuple[Design, Path | None]":
    """Return the design surface that --design means, and its file where it is one.

    Raises
    ------
    UsageError
        When it is no word, height or file.
    LayerError
        When the elevation model cannot be read.
    """
    from zoning.mines.elevation import around, read_elevation
    from zoning.mines.volumes import Level, RimPlane, Surface

    if told == "rim":
        return RimPlane(), None
    try:
        level = float(told)
    except ValueError:
        path = Path(told)
        if not path.is_file():
            raise UsageError(
                f"--design：没有文件“{told}”；写 rim、设计标高（米）或高程模型文件",
                f"--design: there is no file '{told}'; write rim, a level in metres, or an elevation model",
            ) from None
        shapes = [shape for shape in desk.shapes if shape is not None and not shape.is_empty]
        return Surface(read_elevation(path, around(shapes, _NEAR_M) if shapes else None)), path
    if not abs(level) <= _HIGHEST_M:
        raise UsageError(f"--design：标高 {told} 不可能", f"--design: there is no ground at {told} m")
    return Level(level), None


def _products(
    desk: Desk,
    found: "Sequence[Volume]",
    steep: "Sequence[Slopes]",
    classes: "Sequence[SlopeClass]",
    told: _Told,
) -> Products:
    return Products(
        "volumes",
        _document(desk, found, steep, classes, told),
        Text("填挖方和坡度", "cut, fill and slopes"),
        _notes(desk, found, told),
        _shown(desk, found),
        (_volume_sheet(desk, found), _slope_sheet(desk, steep, classes)),
        _columns(desk, found),
        {},
    )


def _notes(desk: Desk, found: "Sequence[Volume]", told: _Told) -> list[Text]:
    notes = [
        Text(f"设计面：{told.design.zh}", f"design surface: {told.design.en}"),
        Text(
            "体积 = 求和（设计面 − 地面）× 像元在图斑内的准确部分 × 像元在椭球面上的面积；正为填方，负为挖方",
            "volume = sum of (design - ground) x exact part of the cell in the parcel x its area on the ellipsoid; "
            "fill is positive, cut negative",
        ),
    ]
    gaps = sum(1 for one in found if one.unknown_share > _TOLD_SHARE)
    if gaps:
        notes.append(
            Text(
                f"{gaps} 个图斑有部分没有高程：体积只含有高程的部分，占比见表",
                f"{gaps} parcels lack heights in part: volumes are of the rest, the share stands beside them",
            )
        )
    if told.error is None:
        notes.append(
            Text(
                "未给出高程误差（--vertical-error），体积误差未知",
                "no vertical error was stated: that of volumes is not known",
            )
        )
    else:
        common, cell = told.error.common_m, told.error.cell_m
        notes.append(
            Text(
                f"误差 = √[(面积 × {common:g} m)² + Σ(像元面积 × {cell:g} m)²]（一倍标准差）",
                f"error = sqrt((area x {common:g} m)^2 + sum of (cell area x {cell:g} m)^2), one standard error",
            )
        )
    return [*notes, desk.workspace.file.notice]


def _document(
    desk: Desk,
    found: "Sequence[Volume]",
    steep: "Sequence[Slopes]",
    classes: "Sequence[SlopeClass]",
    told: _Told,
) -> dict[str, Any]:
    error = told.error
    return {
        "schema": SCHEMA,
        "on": desk.on.isoformat(),
        "parameters": {
            "design": told.design.plain(),
            "vertical_error_m": None if error is None else error.common_m,
            "cell_error_m": None if error is None else error.cell_m,
            "slopes": {one.id: {"title": one.title.plain(), "to": one.up_to} for one in classes},
        },
        "sources": desk.sources(desk.request.dem, told.file, told.content),
        "notes": [one.plain() for one in _notes(desk, found, told)],
        "parcels": [
            {"id": parcel.id, "name": parcel.name, **volume_entry(volume), "slopes": slope_entry(slope)}
            for parcel, volume, slope in zip(desk.parcels, found, steep, strict=True)
        ],
    }


def volume_entry(volume: "Volume") -> dict[str, Any]:
    """Return a volume as plain values."""
    return {
        "area_m2": volume.area_m2,
        "known_m2": volume.known_m2,
        "unknown_share": volume.unknown_share,
        "fill_m3": volume.fill_m3,
        "cut_m3": volume.cut_m3,
        "net_m3": volume.net_m3,
        "error_m3": volume.error_m3,
        "deepest_m": volume.deepest_m,
        "highest_m": volume.highest_m,
        "rim": None if volume.rim is None else _rim(volume.rim),
    }


def _rim(rim: "Rim") -> dict[str, Any]:
    return {
        "height_m": rim.height_m,
        "slope_degrees": rim.slope_degrees,
        "residual_m": rim.residual_m,
        "points": rim.points,
    }


def slope_entry(slope: "Slopes") -> dict[str, Any]:
    """Return the slopes of a parcel as plain values."""
    return {"areas_m2": dict(slope.areas_m2), "unknown_m2": slope.unknown_m2, "mean_degrees": slope.mean_degrees}


def _shown(desk: Desk, found: "Sequence[Volume]") -> Sheet:
    heads = (
        Head(Text("编号", "id")),
        *(Head(Text(f"{zh} m³", f"{en} m³"), decimals=0) for zh, en in (("填方", "fill"), ("挖方", "cut"))),
        *(Head(Text(f"{zh} m³", f"{en} m³"), decimals=0) for zh, en in (("净填方", "net fill"), ("误差", "error"))),
        Head(Text("无高程 %", "no height %"), decimals=2),
    )
    rows = tuple(
        (parcel.id, one.fill_m3, one.cut_m3, one.net_m3, one.error_m3, one.unknown_share * 100)
        for parcel, one in zip(desk.parcels, found, strict=True)
    )
    return Sheet("shown", Text("填挖方", "cut and fill"), heads, rows)


def _volume_sheet(desk: Desk, found: "Sequence[Volume]") -> Sheet:
    heads = (
        Head(Text("编号", "id"), 16),
        Head(Text("名称", "name"), 24),
        Head(Text("面积 m²", "area m²"), 14, 0),
        Head(Text("填方 m³", "fill m³"), 14, 0),
        Head(Text("挖方 m³", "cut m³"), 14, 0),
        Head(Text("净填方 m³", "net fill m³"), 14, 0),
        Head(Text("误差 m³", "error m³"), 12, 0),
        Head(Text("无高程 %", "no height %"), 10, 2),
        Head(Text("最大填深 m", "deepest m"), 12, 2),
        Head(Text("坑沿残差 m", "rim residual m"), 12, 2),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            *(parcel.id, parcel.name, one.area_m2, one.fill_m3, one.cut_m3, one.net_m3, one.error_m3),
            *(one.unknown_share * 100, one.deepest_m, None if one.rim is None else one.rim.residual_m),
        )
        for parcel, one in zip(desk.parcels, found, strict=True)
    )
    return Sheet("volumes", Text("填挖方", "cut and fill"), heads, rows)


def _slope_sheet(desk: Desk, steep: "Sequence[Slopes]", classes: "Sequence[SlopeClass]") -> Sheet:
    heads = (
        Head(Text("编号", "id"), 16),
        Head(Text("名称", "name"), 24),
        *(Head(Text(f"{one.title.zh} m²", f"{one.title.en} m²"), 16, 0) for one in classes),
        Head(Text("未知 m²", "not known m²"), 14, 0),
        Head(Text("平均坡度 °", "mean slope °"), 12, 1),
    )
    rows: list[tuple[Value, ...]] = []
    for parcel, one in zip(desk.parcels, steep, strict=True):
        areas = [one.areas_m2[kind.id] for kind in classes]
        rows.append((parcel.id, parcel.name, *areas, one.unknown_m2, one.mean_degrees))
    return Sheet("slopes", Text("坡度", "slopes"), heads, tuple(rows))


def _columns(desk: Desk, found: "Sequence[Volume]") -> dict[str, list[Value]]:
    return {
        "id": [one.id for one in desk.parcels],
        "name": [one.name for one in desk.parcels],
        "area_m2": [one.area_m2 for one in found],
        "fill_m3": [one.fill_m3 for one in found],
        "cut_m3": [one.cut_m3 for one in found],
        "net_m3": [one.net_m3 for one in found],
        "error_m3": [one.error_m3 for one in found],
        "unknown_share": [one.unknown_share for one in found],
    }
