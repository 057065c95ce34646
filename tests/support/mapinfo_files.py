"""MapInfo files: .mif and .mid written by hand, tables by GDAL with names and charset put in afterwards.

Rings are lists of points in the coordinates of the file.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import fiona

Point = tuple[float, float]
Ring = Sequence[Point]

ZONE_37 = 'CoordSys Earth Projection 8, 104, "m", 111, 0, 1, 37500000, 0'
PLAIN_111 = 'CoordSys Earth Projection 8, 104, "m", 111, 0, 1, 500000, 0'
COLUMNS = ("名称 Char(40)", "编号 Char(10)", "MJ Float")
ROW = '"阳城一号","D1",1.5'
STYLE = "    Pen (1,2,0)\n    Brush (2,16777215,16777215)\n"
FINE_BOUNDS = "37000000,3000000,38000000,4000000"


def region(*rings: Ring, decimals: int = 4) -> str:
    """Return a region of several rings; MapInfo closes them itself."""
    text = f"Region {len(rings)}\n"
    for ring in rings:
        text += f"  {len(ring)}\n" + points(ring, decimals)
    return text + STYLE


def points(ring: Ring, decimals: int = 4) -> str:
    """Return one line for every point."""
    return "".join(f"{x:.{decimals}f} {y:.{decimals}f}\n" for x, y in ring)


def mif(
    *objects: str,
    system: str | None = ZONE_37,
    charset: str | None = "WindowsSimpChinese",
    columns: Sequence[str] = COLUMNS,
    delimiter: str = ",",
) -> str:
    """Return the text of a .mif."""
    head = ["Version 300"]
    head += [f'Charset "{charset}"'] if charset is not None else []
    head += [f'Delimiter "{delimiter}"'] + ([system] if system is not None else [])
    head += [f"Columns {len(columns)}", *(f"  {column}" for column in columns), "Data", "", ""]
    return "\n".join(head) + "".join(objects)


def write_mif(folder: Path, text: str, *rows: str, encoding: str = "gbk", name: str = "a") -> Path:
    """Write .mif and .mid; without rows one row."""
    (folder / f"{name}.mid").write_bytes(("\n".join(rows or [ROW]) + "\n").encode(encoding))
    path = folder / f"{name}.mif"
    path.write_bytes(text.encode(encoding))
    return path


def write_tab(
    path: Path,
    *areas: Sequence[Ring],
    code: str = "EPSG:4525",
    names: Mapping[str, str] | None = None,
    charset: str = "WindowsSimpChinese",
    encoding: str = "CP936",
    bounds: str | None = FINE_BOUNDS,
    value: str = "阳城㎡",
) -> Path:
    """Write a table; XMMC and TBBH bear the names given, its texts are in `encoding` whatever the charset says."""
    schema = {"geometry": "Polygon", "properties": {"XMMC": "str:40", "TBBH": "str:10"}}
    options = {} if bounds is None else {"BOUNDS": bounds}
    with fiona.open(path, "w", driver="MapInfo File", crs=code, schema=schema, encoding=encoding, **options) as target:
        for number, rings in enumerate(areas, 1):
            geometry = {"type": "Polygon", "coordinates": [[list(point) for point in ring] for ring in rings]}
            target.write({"geometry": geometry, "properties": {"XMMC": value, "TBBH": f"D{number}"}})
    patch_tab(path, names or {}, charset, encoding)
    return path


def patch_tab(path: Path, names: Mapping[str, str], charset: str, encoding: str = "CP936") -> None:
    """Put other names of fields and another charset into the text of a .tab."""
    codec = "utf-8" if encoding.upper() == "UTF-8" else "gbk"
    text = path.read_bytes()
    for old in (b"WindowsSimpChinese", b"Neutral", b"UTF-8"):
        text = text.replace(old, charset.encode())
    for old_name, new_name in names.items():
        text = text.replace(f"    {old_name} Char".encode(), f"    {new_name} Char".encode(codec))
    path.write_bytes(text)
