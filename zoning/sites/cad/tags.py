"""Tags of a DXF, ASCII and binary, grouped by entity as they stream by.

A file whose pairs of group code and value are out of step is refused at the line, never re-synchronised: what a
recovery skips could be the boundary.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zoning.errors import SiteError
from zoning.sites.where import Where, printable

Value = bytes | float | int

_BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1 << 22
_COMMENT, _EXTENDED = 999, 255
_HIGHEST_CODE = 1071
_QUOTED = 30
_SMALLEST = 1e-30

LARGEST = 1e15
"""Whatever a drawing measures in, its numbers are smaller."""


@dataclass(slots=True)
class Tags:
    """One entity, table entry or object: its type and what follows up to the next code 0.

    Attributes
    ----------
    line
        Of the type's code 0, from 1; 0 in binary files.
    codes, values
        Side by side; values are bytes (ASCII, and texts of binary files) or numbers.
    """

    kind: str
    line: int
    codes: list[int]
    values: list[Value]

    def find(self, code: int) -> Value | None:
        """Return the first value of a group code."""
        try:
            return self.values[self.codes.index(code)]
        except ValueError:
            return None

    def text(self, code: int) -> bytes:
        """Return the first text of a group code, empty when there is none."""
        value = self.find(code)
        return value.strip() if isinstance(value, bytes) else b""

    def real(self, code: int, default: float = 0.0) -> float:
        """Return the first number of a group code.

        Raises
        ------
        ValueError
        """
        value = self.find(code)
        return default if value is None else real(value)

    def whole(self, code: int, default: int = 0) -> int:
        """Return the first whole number of a group code; some programs write it as 1.0."""
        return int(self.real(code, default))

    def reals(self, code: int) -> list[float]:
        """Return all numbers of a group code.

        Raises
        ------
        ValueError
        """
        return [real(value) for mine, value in zip(self.codes, self.values, strict=True) if mine == code]

    def point(self, code: int = 10) -> tuple[float, float, float]:
        """Return the first point that begins with `code`.

        Raises
        ------
        ValueError
            When x or y is missing or no number.
        """
        x, y = self.find(code), self.find(code + 10)
        if x is None or y is None:
            raise ValueError(code)
        return real(x), real(y), self.real(code + 20)


def real(value: Value) -> float:
    """Return a number that may stand in a drawing.

    Raises
    ------
    ValueError
        When it is none, or larger than any place on earth in microns; Python's own `1_000` and `nan` are none in a DXF.
    """
    if isinstance(value, bytes) and b"_" in value:
        raise ValueError(value)
    number = float(value)
    if not abs(number) <= LARGEST:
        raise ValueError(value)
    # The smallest numbers of the machine lose their digits.
    return number if abs(number) > _SMALLEST else 0.0


def read_tags(path: Path, where: Where) -> Iterator[Tags]:
    """Yield every group of tags, the last one of kind `EOF` where the file has it.

    Raises
    ------
    SiteError
        When the pairs of code and value are out of step, or the text is UTF-16.
    """
    with path.open("rb") as file:
        start = file.read(len(_BINARY))
        if start.startswith(_UTF_16):
            raise where.error(
                "文本是 UTF-16 编码；请在 CAD 中另存为 DXF", "the text is UTF-16; save it as DXF in the CAD program"
            )
        if start == _BINARY:
            yield from _binary(file.read(), where)
            return
        file.seek(len(_BOM) if start.startswith(_BOM) else 0)
        yield from _ascii(file, where)


def _ascii(file: BinaryIO, where: Where) -> Iterator[Tags]:
    current: Tags | None = None
    line, left = 1, b""
    while lines := file.readlines(_CHUNK):
        if left:
            lines.insert(0, left)
        left = lines.pop() if len(lines) % 2 else b""
        codes = _codes(lines[0::2], line, where)
        starts = [i for i, code in enumerate(codes) if code == 0]
        values = lines[1::2]
        ends = [*starts[1:], len(codes)]
        if current is not None:
            first = starts[0] if starts else len(codes)
            current.codes += codes[:first]
            current.values += values[:first]
        for start, end in zip(starts, ends, strict=False):
            if current is not None:
                yield current
            kind = values[start].strip().decode("latin-1").upper()
            current = Tags(kind, line + 2 * start, codes[start + 1 : end], [*values[start + 1 : end]])
            if kind == "EOF":
                yield current
                return
        line += len(lines)
    if left.strip():
        raise _out_of_step(left, line, where)
    if current is not None:
        yield current


def _codes(lines: list[bytes], line: int, where: Where) -> list[int]:
    try:
        codes = list(map(int, lines))
        if not codes or (min(codes) >= 0 and max(codes) <= _HIGHEST_CODE):
            return codes
    except ValueError:
        pass
    # Blank lines at the very end, and the codes of temporary objects that some programs leave, do no harm.
    codes = []
    for number, text in enumerate(lines):
        try:
            code = int(text)
        except ValueError:
            if not b"".join(lines[number:]).strip():
                return codes
            raise _out_of_step(text, line + 2 * number, where) from None
        if not -5 <= code <= _HIGHEST_CODE:  # noqa: PLR2004 - DXF: codes go from -5 on
            raise _out_of_step(text, line + 2 * number, where)
        codes.append(code)
    return codes


def _out_of_step(text: bytes, line: int, where: Where) -> SiteError:
    found = printable(text[:_QUOTED].decode("latin-1"))
    return where.at_line(line).error(
        f"此处应为组码（0–1071 的整数），却是 “{found}”，文件不完整或已损坏；请重新导出 DXF",
        f"a group code (0-1071) is due here, not “{found}”; the file is cut off or damaged, export the DXF again",
    )


def damaged(where: Where, tags: Tags, handle: str) -> SiteError:
    """Return the error about an entity that cannot be read."""
    place = where.at_line(tags.line) if tags.line else where
    named = f"（句柄 {handle}）" if handle else "", f" (handle {handle})" if handle else ""
    return place.error(
        f"{tags.kind}{named[0]}缺少坐标、数字有误或不完整；请在 CAD 中检查（AUDIT）后重新导出",
        f"the {tags.kind}{named[1]} lacks coordinates or holds wrong numbers; check it in the CAD program (AUDIT) "
        "and export it again",
    )


def _binary(data: bytes, where: Where) -> Iterator[Tags]:
    current: Tags | None = None
    try:
        for code, value in _binary_pairs(data):
            if code != 0:
                if current is not None and code != _COMMENT:
                    current.codes.append(code)
                    current.values.append(value)
                continue
            if current is not None:
                yield current
            kind = value.decode("latin-1").strip().upper() if isinstance(value, bytes) else ""
            current = Tags(kind, 0, [], [])
            if kind == "EOF":
                yield current
                return
    except (struct.error, IndexError, ValueError) as error:
        raise where.error(
            "二进制 DXF 不完整或已损坏；请重新导出，最好存成文本（ASCII）DXF",
            "the binary DXF is cut off or damaged; export it again, preferably as ASCII DXF",
        ) from error
    if current is not None:
        yield current


def _binary_pairs(data: bytes) -> Iterator[tuple[int, Value]]:
    """Yield code and value of each tag; the codes are one byte wide up to R12, two after."""
    from ezdxf.lldxf.types import BINARY_DATA, BYTES, DOUBLE, INT16, INT32, INT64

    numbers = dict.fromkeys(INT16, "<h") | dict.fromkeys(INT32, "<i") | dict.fromkeys(INT64, "<q")
    numbers |= dict.fromkeys(DOUBLE, "<d") | dict.fromkeys(BYTES, "<B")
    formats = {code: struct.Struct(text) for code, text in numbers.items()}
    # The file begins with code 0 and the text SECTION: what follows the 0 tells how wide codes are.
    wide = data[1] == 0
    index, end = 0, len(data)
    while index < end:
        code = data[index]
        index += 1
        if wide:
            code |= data[index] << 8
            index += 1
        elif code == _EXTENDED:
            code = data[index] | data[index + 1] << 8
            index += 2
        form = formats.get(code)
        if form is not None:
            yield code, form.unpack_from(data, index)[0]
            index += form.size
        elif code in BINARY_DATA:
            index += 1 + data[index]
            yield code, b""
        elif code > _HIGHEST_CODE:
            raise ValueError(code)
        else:
            stop = data.index(b"\0", index)
            yield code, data[index:stop]
            index = stop + 1
