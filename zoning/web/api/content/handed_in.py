"""A boundary with facts as programs hand it in: one of GeoJSON, text, file; written to a folder for the worker."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, Final

from zoning.registers.values import is_plain_text
from zoning.web.api.content.geojson import check_geojson
from zoning.web.api.content.strict_json import bad_request
from zoning.web.refusals import Refused
from zoning.web.uploads import plain_name

LONGEST_TEXT: Final = 2_000_000
_MOST_FACTS, _LONGEST, _MOST_VALUES = 300, 500, 200
_CRS = re.compile(r"[A-Za-z0-9:_.-]{1,60}")
_FIRST, _LAST = date(1980, 1, 1), date(2100, 1, 1)
KEYS: Final = ("site", "text", "file", "facts", "on", "crs")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What is to be checked; `on` None: today."""

    name: str
    data: bytes
    facts: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the boundary into a folder; return where it lies."""
        path = folder / self.name
        path.write_bytes(self.data)
        return path


def handed_in(told: Any) -> HandedIn:
    """Return what a JSON object hands in.

    Raises
    ------
    Refused
        400, naming the key.
    """
    if not isinstance(told, dict):
        raise bad_request("内容应为 JSON 对象", "the content has to be a JSON object")
    for key in told:
        if key not in KEYS:
            listed = ", ".join(KEYS)
            raise bad_request(f"没有“{key[:40]}”；可用：{listed}", f"there is no '{key[:40]}'; allowed: {listed}")
    given = [key for key in ("site", "text", "file") if told.get(key) is not None]
    if len(given) != 1:
        raise bad_request("site、text、file 须给出一个，且只给一个", "hand in one of site, text, file")
    name, data = _boundary(given[0], told[given[0]])
    options = {} if told.get("crs") is None else {"crs": check_crs(told["crs"])}
    return HandedIn(name, data, check_facts(told.get("facts")), check_day(told.get("on")), options)


def check_facts(value: Any) -> dict[str, Any]:
    """Return facts by name: short texts, finite numbers, flags, lists of short texts.

    Raises
    ------
    Refused
        400.
    """
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > _MOST_FACTS:
        raise bad_request("facts 应为对象", "facts has to be an object")
    for name, one in value.items():
        values = one if isinstance(one, list) else [one]
        if len(name) > _LONGEST or len(values) > _MOST_VALUES or not all(_is_value(single) for single in values):
            raise bad_request(
                f"facts.{name[:40]}：应为短文字、数、真假或短文字的列表",
                f"facts.{name[:40]}: has to be a short text, a number, a flag or a list of short texts",
            )
    return value


def check_day(value: Any) -> date | None:
    """Return a day; None where none is told.

    Raises
    ------
    Refused
        400.
    """
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    # Python also reads 20261123 and 2026-W48-1.
    if day is None or day.isoformat() != value or not _FIRST <= day <= _LAST:
        raise bad_request("on 应为日期，如 2026-11-23", "on has to be a day such as 2026-11-23")
    return day


def check_crs(value: Any) -> str:
    """Return the name of a coordinate system as `read_sites` takes it.

    Raises
    ------
    Refused
        400.
    """
    if not isinstance(value, str) or not _CRS.fullmatch(value):
        raise bad_request("crs 应为坐标系名称，如 EPSG:4547", "crs has to be the name of a system such as EPSG:4547")
    return value


def _boundary(kind: str, value: Any) -> tuple[str, bytes]:
    if kind == "site":
        check_geojson(value)
        return "site.geojson", json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    if kind == "text":
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
            raise bad_request("text 应为坐标文字", "text has to be coordinates")
        return "pasted.txt", value.encode("utf-8")
    return _file(value)


def _file(value: Any) -> tuple[str, bytes]:
    if not isinstance(value, dict) or set(value) != {"name", "content"}:
        raise bad_request("file 应有 name 和 content（base64）", "file has name and content (base64)")
    name, content = value["name"], value["content"]
    if not isinstance(name, str) or not name or len(name) > _LONGEST or not isinstance(content, str):
        raise _no_base64()
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise _no_base64() from None
    if not data:
        raise _no_base64()
    return plain_name(name), data


def _no_base64() -> Refused:
    return bad_request("file.content 应为文件内容的 base64", "file.content has to be the base64 of the file")


def _is_value(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST and is_plain_text(value)
    if isinstance(value, bool):
        return True
    return isinstance(value, int | float) and abs(value) < 1e15 and isfinite(value)  # noqa: PLR2004 - beyond is no figure
