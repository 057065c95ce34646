"""Texts of a layer file that are none: the value is found again, so that a sentence can name it."""

import warnings
from pathlib import Path
from typing import Any

from zoning.texts import Text


def undecodable_value(path: Path, table: str, fields: tuple[str, ...], encoding: str | None, count: int) -> Text:
    """Return the sentence about the first value that is no text in the encoding of its file.

    Parameters
    ----------
    fields
        Those that were read.
    count
        Number of records.
    """

    def fails(field: str, start: int, stop: int) -> bool:
        import pyogrio.raw

        some: dict[str, Any] = {"skip_features": start, "max_features": stop - start}
        try:
            with warnings.catch_warnings(action="ignore"):
                pyogrio.raw.read(path, layer=table, encoding=encoding, columns=[field], read_geometry=False, **some)
        except UnicodeDecodeError:
            return True
        return False

    field = next((field for field in fields if fails(field, 0, count)), None)
    if field is None:
        return Text(
            f"{path.name}：字段名或属性不是文字（编码有误）；请重新导出",
            f"{path.name}: names of fields or attributes are no text (wrong encoding); export the file again",
        )
    start, stop = 0, count
    while stop - start > 1:
        middle = (start + stop) // 2
        start, stop = (start, middle) if fails(field, start, middle) else (middle, stop)
    return Text(
        f"{path.name}：第 {start + 1} 条记录的字段 {field} 不是 UTF-8 文字，读不出来，整个图层不能使用；"
        "请改正后以 UTF-8 重新导出",
        f"{path.name}: field {field} of record {start + 1} is no UTF-8 text and cannot be read, so that the layer "
        "cannot be used; correct it and export the file again as UTF-8",
    )
