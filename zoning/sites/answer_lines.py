"""Footprints as lines of text between the reading worker and its parent: JSON and base64 of WKB, never pickle.

What comes from a worker that a hostile file may have taken over is checked like any other file.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import IO, Any, Union, get_args, get_origin, get_type_hints

import shapely

from zoning.errors import CRSError, CRSMismatchError, SiteError, UsageError, ZoningError
from zoning.sites.site import Repair, Site
from zoning.texts import Text

_ERRORS = {error.__name__: error for error in (UsageError, SiteError, CRSError, CRSMismatchError)}


class BrokenAnswerError(ValueError):
    """The lines are not what a worker writes."""


def site_lines(sites: tuple[Site, ...]) -> Iterator[bytes]:
    """Yield the lines of an answer: how many footprints, then two lines for each."""
    yield _line({"sites": len(sites)})
    for site in sites:
        yield _line({f.name: _plain(getattr(site, f.name)) for f in fields(site) if f.name != "geometry"})
        yield base64.b64encode(shapely.to_wkb(site.geometry)) + b"\n"


def error_line(error: ZoningError) -> bytes:
    """Return the answer of a worker that refuses the file."""
    known = next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _ERRORS), SiteError.__name__)
    return _line({"error": known, "zh": error.text.zh, "en": error.text.en})


def memory_line() -> bytes:
    """Return the answer of a worker that ran out of memory."""
    return _line({"memory": True})


def fault_line(error: Exception) -> bytes:
    """Return the answer of a worker that met a fault of the program."""
    return _line({"fault": f"{type(error).__name__}: {error}"[:1_000]})


def read_answer(stream: IO[bytes]) -> tuple[Site, ...]:
    """Return the footprints of an answer.

    Raises
    ------
    ZoningError
        The worker's own refusal.
    MemoryError
        When the worker ran out of memory.
    RuntimeError
        When it met a fault of the program.
    BrokenAnswerError
        When the lines are not what a worker writes.
    """
    try:
        head = _object(stream.readline())
        if "sites" in head:
            return tuple(_site(stream) for _ in range(_count(head["sites"])))
        _raise(head)
    except (ValueError, TypeError, KeyError, shapely.errors.ShapelyError) as error:
        raise BrokenAnswerError(str(error)) from error
    raise BrokenAnswerError("no answer")


def _raise(head: dict[str, Any]) -> None:
    if "error" in head:
        raise _ERRORS[head["error"]](str(head["zh"]), str(head["en"]))
    if "memory" in head:
        raise MemoryError
    if "fault" in head:
        raise RuntimeError(str(head["fault"]))


def _count(stated: Any) -> int:
    # Every file that is read has a footprint; an answer of none would pass for a file without a conflict.
    if type(stated) is not int or stated < 1:
        raise BrokenAnswerError("no number of footprints")
    return stated


def _site(stream: IO[bytes]) -> Site:
    values = _object(stream.readline())
    hints = _hints(Site)
    known = {name: _typed(value, hints[name]) for name, value in values.items()}
    return Site(**known, geometry=shapely.from_wkb(_wkb(stream.readline())))


def _wkb(line: bytes) -> bytes:
    try:
        return base64.b64decode(line.strip(), validate=True)
    except binascii.Error as error:
        raise BrokenAnswerError("no base64") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(value: Any, hint: Any) -> Any:
    """Return a value of JSON as the type that a field of `Site` has; anything else is refused."""
    if isinstance(hint, type) and is_dataclass(hint) and isinstance(value, dict):
        own = _hints(hint)
        return hint(**{name: _typed(item, own[name]) for name, item in value.items()})
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple and isinstance(value, list):
        return tuple(_typed(item, inner[0]) for item in value)
    if origin is dict and isinstance(value, dict):
        return {_typed(name, inner[0]): _typed(item, inner[1]) for name, item in value.items()}
    if origin in (Union, UnionType):
        fitting = [kind for kind in inner if kind is not type(None)]
        return None if value is None else _typed(value, fitting[0])
    if hint is float and type(value) in (int, float):
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise TypeError(f"{value!r:.50} is no {hint}")


def _object(line: bytes) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise BrokenAnswerError("no object")
    return found


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode("ascii") + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Text | Repair):
        return asdict(value)
    if isinstance(value, Iterable) and not isinstance(value, str | dict):
        return [_plain(item) for item in value]
    return value
