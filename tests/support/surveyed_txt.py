"""Coordinate TXT files as surveying offices write them, line by line."""

from collections.abc import Sequence
from pathlib import Path

EAST, NORTH = 37_627_000.0, 3_930_000.0
HEAD = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=37\n[地块坐标]\n"
FIRST_POINT_LINE = 9
"""Seven lines of head, one of the parcel; the points follow."""

Ring = Sequence[tuple[float, float]]


def write_txt(path: Path, *rings: Ring, stated: str = "4,1.0000", name: str = "地块一", closed: bool = True) -> Path:
    """Write one parcel; rings are (east, north) in metres from one place, X stands before Y."""
    lines = [f"{stated},DK01,{name},面,,,,@"]
    for number, points in enumerate(rings, start=1):
        numbered = [*enumerate(points, start=1), *([(1, points[0])] if closed else [])]
        lines += [f"J{point},{number},{NORTH + y:.3f},{EAST + x:.3f}" for point, (x, y) in numbered]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path
