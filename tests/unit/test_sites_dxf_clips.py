"""Blocks of which a DXF shows a part only (XCLIP): never read as a whole, and told by their name."""

from pathlib import Path
from typing import Any

from dxf_files import LAYER, MERIDIAN, SQUARE, Entity, block, drawing, entity, insert, lonlat, lwpolyline
from intake_cases import Case, Read, Refused, cases, check

CRS = {"crs": "EPSG:4525"}
DRAWN = block("宗地", lwpolyline(SQUARE, moved=False, layer="0"))
NESTED = block("外", [*insert("宗地", (0, 0), layer="0", moved=False), *[(102, "{ACAD_XDICTIONARY"), (360, "D1")]])


def shown(name: str = "宗地", *more: tuple[int, float | int | str]) -> Entity:
    """Return a reference to a block, with an extension dictionary."""
    start = entity("INSERT", (102, "{ACAD_XDICTIONARY"), (360, "D1"), (102, "}"), (100, "AcDbBlockReference"))
    start[1] = (5, "B1")
    return [*start, (2, name), *[pair for pair in insert(name, (0, 0)) if pair[0] in (10, 20)], *more]


def clip(*, owned: bool = True, listed: bool = True, on: int = 1) -> list[Entity]:
    """Return the objects that clip B1; dictionaries may be found from above (`listed`) or from below (`owned`)."""

    def dictionary(handle: str, owner: str, name: str, member: str) -> Entity:
        below: Entity = [(330, owner)] if owned else []
        members: Entity = [(3, name), (360, member)] if listed else [(3, name)]
        return [(0, "DICTIONARY"), (5, handle), *below, (100, "AcDbDictionary"), *members]

    corners: Entity = [(10, 0.0), (20, 0.0), (10, 50.0), (20, 50.0)]
    return [
        dictionary("D1", "b1", "ACAD_FILTER", "D2"),
        dictionary("D2", "D1", "SPATIAL", "0D3"),
        [(0, "SPATIAL_FILTER"), (5, "D3"), *([(330, "D2")] if owned else []), (70, 2), *corners, (71, on)],
    ]


OTHER: list[Entity] = [[(0, "DICTIONARY"), (5, "D1"), (330, "B1"), (3, "ACAD_SORTENTS"), (360, "D9")]]
REFUSED = Refused(
    "a.dxf:{line}：图层 用地红线 上的图块 {name}（句柄 B1）被裁剪（XCLIP），只显示一部分，裁剪后的范围不能读取；"
    "请取消裁剪，或照裁剪后的样子画出闭合的多段线后重新导出"
)


def refused(line: int, name: str = "宗地") -> Refused:
    return Refused(REFUSED.zh.format(line=line, name=name))


def case(name: str, expect: Read | Refused, *drawn: Entity, **how: Any) -> Case:
    options: dict[str, Any] = CRS if "layer" not in how else {**CRS, "layer": how.pop("layer")}
    blocks = how.pop("blocks", [DRAWN])
    return Case(name, drawing(*drawn, blocks=blocks, **how), expect, options=options, expected=MERIDIAN)


WHOLE = Read(10_000, lonlat(0, 0))
CASES = [
    case("not clipped", WHOLE, shown()),
    case("another dictionary", WHOLE, shown(), objects=OTHER),
    case("clipped", refused(95), shown(), objects=clip()),
    case("clipped, owners not told", refused(95), shown(), objects=clip(owned=False)),
    case("clipped, members not told", refused(95), shown(), objects=clip(listed=False)),
    case("clipped, switched off", refused(95), shown(), objects=clip(on=0)),
    case("clipped inside of a block", refused(55), insert("外", (0, 0)), objects=clip(), blocks=[NESTED, DRAWN]),
    case(
        "clipped, and the boundary on a layer of its own",
        WHOLE,
        shown(),
        lwpolyline(SQUARE, layer="红线", handle="E1"),
        objects=clip(),
        layer="红线",
    ),
    case(
        "clipped, and it may be the boundary as well as another layer",
        Refused(
            "a.dxf：有 2 个图层可能是边界：红线（1 个闭合图形，约 1.00 公顷）；用地红线（1 个 XCLIP，不能读取）；"
            "请用 --layer 指定边界所在的图层（按名称像是 红线）"
        ),
        shown(),
        lwpolyline(SQUARE, layer="红线", handle="E1"),
        objects=clip(),
    ),
    case(
        "clipped on a layer that is off",
        WHOLE,
        [(code, "TK" if code == 8 else value) for code, value in shown("底图")],
        lwpolyline(SQUARE, handle="E1"),
        objects=clip(),
        blocks=[block("底图", lwpolyline(SQUARE, moved=False, layer="0"))],
        layers=[("TK", 0, -7)],
    ),
]


@cases(CASES)
def test_what_is_clipped_is_not_read_as_a_whole(case: Case, tmp_path: Path) -> None:
    assert LAYER == "用地红线"
    check(case, tmp_path)
