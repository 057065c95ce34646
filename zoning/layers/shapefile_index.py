"""Index (.shx) and table (.dbf) of a shapefile: a shape that one of them does not list is not there for GDAL."""

from pathlib import Path

import numpy as np

from zoning.layers.digests import shapefile_part
from zoning.texts import Text

_HEAD, _ENTRY, _RECORD_HEAD = 100, 8, 8


def is_cut_off(shapefile: Path) -> bool:
    """Tell whether a .shp is shorter than its head says: zones are missing, and GDAL reads the rest without a word."""
    return _stated_bytes(shapefile) > shapefile.stat().st_size


def unlisted_shapes(shapefile: Path) -> Text | None:
    """Return the sentence about shapes that index or table do not list; None where both list them all."""
    index, table = shapefile_part(shapefile, ".shx"), shapefile_part(shapefile, ".dbf")
    if index is None:
        return None
    entries = np.frombuffer(index.read_bytes()[_HEAD:], dtype=">i4")
    places = entries[: len(entries) // 2 * 2].reshape(-1, 2).astype(np.int64) * 2
    # A shape that was edited may stand behind all others, and leave a gap where it was.
    end = int((places.sum(axis=1) + _RECORD_HEAD).max()) if len(places) else _HEAD
    if end + _ENTRY <= _stated_bytes(shapefile) or len(np.unique(places[:, 0])) < len(places):
        return _unlisted(shapefile, Text(f"索引 {index.name} ", f"index {index.name}"))
    if table is not None and _rows(table) < len(places):
        return _unlisted(shapefile, Text(f"属性表 {table.name} ", f"table {table.name}"))
    return None


def _unlisted(shapefile: Path, part: Text) -> Text:
    return Text(
        f"{shapefile.name}：{part.zh}没有列出其中的全部图形，会漏读；请重新导出完整的 Shapefile",
        f"{shapefile.name}: its {part.en} does not list all of its shapes, which would be missed; export the whole "
        "shapefile again",
    )


def _rows(table: Path) -> int:
    with table.open("rb") as stream:
        return int.from_bytes(stream.read(8)[4:8], "little")


def _stated_bytes(shapefile: Path) -> int:
    with shapefile.open("rb") as stream:
        head = stream.read(28)
    return int.from_bytes(head[24:28], "big") * 2
