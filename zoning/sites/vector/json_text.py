"""JSON texts of boundary files: their encoding, one value or a sequence, coordinates packed while they are read."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from zoning.errors import SiteError
from zoning.sites.drawing import MalformedError
from zoning.sites.encodings import GB18030, text_codec
from zoning.sites.limits import Options, Tally
from zoning.sites.where import Where
from zoning.texts import Text

# A sequence puts one value on each line, or a record separator in front of each (RFC 8142).
_BETWEEN = re.compile(r"[\s\x1e]*")
_OBJECTS_PER_RECORD = 20
_COMMAS_PER_VERTEX = 4  # between and around three numbers
_STRUCTURE = frozenset({
    "type", "coordinates", "geometry", "geometries", "features", "crs", "rings", "paths", "points", "spatialReference",
})  # fmt: skip
Pack = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The values of a JSON text, usually one.

    Attributes
    ----------
    codec
        Python's name of the encoding.
    """

    values: tuple[Any, ...]
    codec: str
    warnings: tuple[Text, ...] = ()


def load(path: Path, where: Where, options: Options, pack: Pack) -> Loaded:
    """Parse a JSON text; `pack` receives every object as soon as it is read.

    Raises
    ------
    SiteError
        When it is no JSON, in no known encoding, names a structural member twice, or is beyond the limits.
    UsageError
        When the stated encoding is unknown.
    """
    codec = text_codec(path, where, options.encoding)
    text = path.read_text(codec)
    _check_amount(text, options, where)
    warnings = () if codec.startswith("utf-8") else (_other_encoding(codec, where),)
    return Loaded(_values(text, where, pack), codec.removesuffix("-sig"), warnings)


def _other_encoding(codec: str, where: Where) -> Text:
    name = "GBK" if codec == GB18030 else codec.upper()
    return where.sentence(
        f"文字是 {name} 编码（标准规定 UTF-8），已按 {name} 读取",
        f"its texts are in {name} (the standard says UTF-8); read as {name}",
    )


def _check_amount(text: str, options: Options, where: Where) -> None:
    """Refuse more lists, objects and values than the limits leave room for: parsed they take ten times the memory."""
    limits, tally = options.limits, Tally(options.limits)
    around = limits.rings + limits.parts + limits.records
    tally.count("vertices", max(text.count("[") - around, 0), where)
    tally.count("records", text.count("{") // _OBJECTS_PER_RECORD, where)
    tally.count("fields", max(text.count(":") - _OBJECTS_PER_RECORD * limits.records, 0), where)
    tally.count("vertices", max(text.count(",") - limits.fields, 0) // _COMMAS_PER_VERTEX - tally.vertices, where)


def _values(text: str, where: Where, pack: Pack) -> tuple[Any, ...]:
    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        item = dict(pairs)
        if len(item) < len(pairs):
            _refuse_doubled(pairs)
        return pack(item)

    decoder = json.JSONDecoder(object_pairs_hook=collect, parse_constant=_refuse_constant)
    values: list[Any] = []
    position = _skip(text, 0)
    try:
        while position < len(text) or not values:
            value, position = decoder.raw_decode(text, position)
            values.append(value)
            position = _skip(text, position)
    except json.JSONDecodeError as error:
        raise _wrong_at(error, where) from error
    except MalformedError as error:
        raise where.error_of(error.text) from error
    except (RecursionError, ValueError) as error:
        raise where.error(
            "JSON 嵌套过深或数字过长；请重新导出",
            "the JSON is nested too deeply or a number is too long; export it again",
        ) from error
    return tuple(values)


def _skip(text: str, position: int) -> int:
    match = _BETWEEN.match(text, position)
    return match.end() if match else position


def _wrong_at(error: json.JSONDecodeError, where: Where) -> SiteError:
    return where.at_line(error.lineno).error(
        f"JSON 在第 {error.colno} 列处不完整或有误；请重新导出",
        f"the JSON is cut off or wrong at column {error.colno}; export it again",
    )


def _refuse_doubled(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen and name in _STRUCTURE:
            raise MalformedError(
                f"同一对象里有两个 “{name}”，不知道以哪个为准；请改正",
                f"an object holds “{name}” twice, so it is unclear which counts; correct it",
            )
        seen.add(name)


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedError(f"含有 {name}，不是有效数字；请改正", f"it holds {name}, which is no number; correct it")
