"""Drawings in which the boundary would be cut out of its frame or passed over: asked back, never guessed."""

from pathlib import Path
from typing import Any

from dxf_files import INNER, MERIDIAN, SQUARE, Entity, Point, drawing, hatch, line, lonlat, loop, lwpolyline, text
from intake_cases import Case, Read, Refused, cases, check

CRS = {"crs": "EPSG:4525"}
FRAME = [(-500, -500), (500, -500), (500, 500), (-500, 500)]
TILTED = [(-500, -500), (500, -400), (400, 500), (-500, 500)]
LEFT, RIGHT = [(0, 0), (40, 0), (40, 100), (0, 100)], [(40, 0), (100, 0), (100, 100), (40, 100)]
LEGEND = [(700, 0), (720, 0), (720, 10), (700, 10)]


def drawn(name: str, expect: Read | Refused, *entities: Entity, layer: str | None = None, **how: Any) -> Case:
    """Return the case of a drawing whose system the user states."""
    options = CRS | ({} if layer is None else {"layer": layer})
    return Case(name, drawing(*entities, **how), expect, options=options, expected=MERIDIAN)


def on(layer: str, points: list[Point] | Any, handle: str = "A1") -> Entity:
    """Return a closed line on a layer."""
    return lwpolyline(points, layer=layer, handle=handle)


def framed(count: int) -> Refused:
    return Refused(
        f"a.dxf：图层 0 上的闭合图形（句柄 E1）是与坐标轴平行的矩形，像图框，其内还有 {count} 个闭合图形，"
        "分不清哪个是边界；请把图框移到别的图层后重新导出，若确是扣除部分请用带孔的填充（HATCH）绘制"
    )


BESIDE = Refused(
    "a.dxf：图层 0 上的闭合图形（句柄 E1）内有紧贴其边线的闭合图形（句柄 A1），分不清是扣除还是分块；"
    "请只保留外边界或只保留各分块，其余移到别的图层后重新导出"
)
DOUBLE = "a.dxf：图层 0 上有 1 个重复的闭合图形，只计一次"
OLD = "a.dxf：图中文字写有“{}”：坐标若属旧坐标系，会偏差数十至上百米；请向测绘单位核实"
OPEN_RED = [
    line((0, 0), (400, 0), layer="红线"),
    line((400, 0), (400, 30), layer="红线"),
    line((0, 30), (0, 0), "红线"),
]
HELD = Read(
    905_000 - 10_000,
    lonlat(-500, -500),
    holes=1,
    area_tolerance_m2=2,
    warnings=("a.dxf 第 1 个图形：其内有 1 个闭合图形（共约 10000.0 m²），按扣除处理；若不是扣除部分，请移到别的图层",),
)

CASES = [
    drawn("boundary in its frame, one layer", framed(1), on("0", FRAME, "E1"), on("0", SQUARE)),
    drawn("layer stated, frame on it all the same", framed(1), on("0", FRAME, "E1"), on("0", SQUARE), layer="0"),
    drawn(
        "frame with points on its straight sides",
        framed(2),
        on("0", [(-500, -500), (0, -500), (500, -500), (500, 500), (-500, 500), (-500, 0)], "E1"),
        on("0", SQUARE),
        on("0", [(x + 200, y) for x, y in SQUARE], "A2"),
    ),
    drawn("hole in an outline that is no frame", HELD, on("0", TILTED, "E1"), on("0", SQUARE)),
    drawn(
        "hole in a rectangle on the layer of the boundary",
        Read(10_000 - 1_200, lonlat(0, 0), holes=1),
        on("用地红线", SQUARE, "E1"),
        on("用地红线", INNER),
    ),
    drawn(
        "hole of a hatch in a rectangle",
        Read(10_000 - 1_200, lonlat(0, 0), holes=1),
        hatch(loop(SQUARE), loop(INNER, 16), layer="0"),
    ),
    drawn(
        "hole of a hatch, its outline drawn as a line too",
        Read(10_000 - 1_200, lonlat(0, 0), holes=1, warnings=(DOUBLE,)),
        on("0", SQUARE, "E1"),
        hatch(loop(SQUARE), loop(INNER, 16), layer="0"),
    ),
    *(
        drawn(
            f"old datum in a text: {words}",
            Read(10_000, lonlat(0, 0), warnings=(OLD.format(words),)),
            on("红线", SQUARE),
            text(written, (0, -50)),
        )
        for words, written in (
            ("西安80坐标系", r"\U+897F\U+5B8980\U+5750\U+6807\U+7CFB"),
            ("Xian_1980", "Xian_1980"),
            ("54坐标系", "54坐标系"),
        )
    ),
    drawn(
        "open lines elsewhere",
        Read(10_000, lonlat(0, 0), warnings=("a.dxf：读取了图层 红线；其他图层上未闭合的线没有读取：沟渠、道路",)),
        on("红线", SQUARE),
        line((300, 0), (500, 0), "道路"),
        line((300, 50), (500, 50), "沟渠"),
    ),
    drawn(
        "parcel and the pieces it is divided into", BESIDE, on("0", SQUARE, "E1"), on("0", LEFT), on("0", RIGHT, "A2")
    ),
    drawn("parcel and one of its pieces", BESIDE, on("0", SQUARE, "E1"), on("0", LEFT)),
    drawn(
        "hole that touches at one point",
        Read(10_000 - 1_250, lonlat(0, 0), holes=1),
        on("红线", SQUARE, "E1"),
        on("红线", [(0, 50), (50, 25), (50, 75)]),
    ),
    drawn(
        "boundary without its long side, and a legend",
        Refused(
            "a.dxf：有 2 个图层可能是边界：图例（1 个闭合图形，约 200.0 m²）；红线（1 条未闭合的线，首末点至少相距 "
            "400.000 m）；请用 --layer 指定边界所在的图层（按名称像是 红线）"
        ),
        *OPEN_RED,
        on("图例", LEGEND),
    ),
    drawn(
        "boundary switched off, and a legend",
        Refused(
            "a.dxf：图层 用地红线 上有闭合图形，但已关闭、冻结或隐藏，按名称像是边界；可见的图形在图层 图例 上；"
            "请用 --layer 指定边界所在的图层"
        ),
        on("用地红线", SQUARE),
        on("图例", LEGEND),
        layers=[("用地红线", 0, -7)],
    ),
    drawn(
        "boundary switched off, asked for",
        Read(10_000, lonlat(0, 0)),
        on("用地红线", SQUARE),
        on("图例", LEGEND),
        layers=[("用地红线", 0, -7)],
        layer="用地红线",
    ),
]


@cases(CASES)
def test_frames_and_pieces(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
