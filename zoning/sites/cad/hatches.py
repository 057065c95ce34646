"""Boundaries of hatches: every loop becomes a path of its own, edges stay apart until they are joined."""

import math
from typing import Any

import numpy as np

from zoning.sites.cad.curves import FULL, Array, Conic, Line, Piece, bulged, turn
from zoning.sites.cad.shapes import Entity, Filling, Mark, Path, Unread
from zoning.sites.cad.tags import LARGEST, Tags, Value, real

_TEXT_BOX = 8
_LOOPS, _COUNT, _STYLE = 91, 93, 75
_Z_AXIS_SET = 30
_REALS = range(10, 60)


def hatch(tags: Tags, mark: Mark, axes: Array) -> list[Entity]:
    """Return the loops of a HATCH or MPOLYGON, without the holes that the program cuts out around texts.

    Raises
    ------
    ValueError
        When a loop has not as many points or edges as it states.
    """
    if tags.kind == "MPOLYGON" and any(tags.reals(11)[:1] + tags.reals(21)[:1]):
        return [Unread(mark, np.empty((0, 3)))]  # shifted by a vector whose meaning is not documented
    height = tags.real(_Z_AXIS_SET)
    loops = _loops(tags)
    if len(loops) != tags.whole(_LOOPS):
        raise ValueError(len(loops))
    style = tags.whole(_STYLE)
    found: list[Entity] = []
    for number, (stated, loop) in enumerate(loops):
        filling = Filling(tags.line or id(tags), number, style)
        if loop.path_type_flags & _TEXT_BOX:
            continue
        found += (
            _polyline(loop, stated, height, axes, mark, filling)
            if loop.path_type_flags & 2
            else _edges(loop, stated, height, axes, mark, filling)
        )
    return found


def _loops(tags: Tags) -> list[tuple[int, Any]]:
    """Return what every loop states as its number of points or edges, and the loop."""
    from ezdxf.entities.boundary_paths import EdgePath, PolylinePath
    from ezdxf.entities.polygon import PATH_CODES
    from ezdxf.lldxf.const import DXFError
    from ezdxf.lldxf.tagger import tag_compiler
    from ezdxf.lldxf.tags import Tags as Compiled
    from ezdxf.lldxf.tags import group_tags
    from ezdxf.lldxf.types import DXFTag

    values = (_value(code, value) for code, value in zip(tags.codes, tags.values, strict=True))
    try:
        raw = map(DXFTag, tags.codes, values)
        compiled = Compiled(tag_compiler(raw))
        first = compiled.tag_index(_LOOPS) + 1
        groups = group_tags(compiled.collect_consecutive_tags(PATH_CODES, start=first), splitcode=92)
        made = []
        for group in groups:
            stated = next((tag.value for tag in group if tag.code == _COUNT), -1)
            loop = PolylinePath.load_tags(group) if group[0].value & 2 else EdgePath.load_tags(group)
            loop.path_type_flags = group[0].value
            made.append((stated, loop))
    except (DXFError, AttributeError, IndexError, KeyError, OverflowError, TypeError) as error:
        raise ValueError(tags.kind) from error
    return made


def _value(code: int, value: Value) -> str | float:
    if code in _REALS:
        return real(value)
    return value.decode("latin-1").strip() if isinstance(value, bytes) else value


def _polyline(loop: Any, stated: int, height: float, axes: Array, mark: Mark, filling: Filling) -> list[Entity]:
    rows = np.array(loop.vertices, dtype=np.float64).reshape(-1, 3)
    _check(len(rows), stated, rows)
    points = np.column_stack([rows[:, :2], np.full(len(rows), height)])
    return [Path(mark, tuple(bulged(points, rows[:, 2].tolist(), axes, closed=True)), closed=True, filling=filling)]


def _check(count: int, stated: int, numbers: Array) -> None:
    if count == 0 or count != stated or not (np.abs(numbers) <= LARGEST).all():
        raise ValueError(count)


def _edges(loop: Any, stated: int, height: float, axes: Array, mark: Mark, filling: Filling) -> list[Entity]:
    _check(len(loop.edges), stated, np.empty(0))
    matrix = np.eye(4)
    matrix[:3, :3] = axes
    pieces = [_edge(edge, height) for edge in loop.edges]
    for piece in pieces:
        if not (np.abs(piece.ends) <= LARGEST).all():
            raise ValueError(stated)
    return [Path(mark, (piece.moved(matrix),), _is_whole(piece), filling) for piece in pieces]


def _is_whole(piece: Piece) -> bool:
    return isinstance(piece, Conic) and FULL - abs(piece.end - piece.start) < 1e-9  # noqa: PLR2004 - as far as a float tells


def _edge(edge: Any, height: float) -> Piece:
    from zoning.sites.cad.entities import spline

    kind = edge.type.name
    if kind == "LINE":
        return Line(np.array([[*edge.start, height], [*edge.end, height]]))
    if kind == "SPLINE":
        control = np.array([[*point, height] for point in edge.control_points])
        return spline(control, list(edge.knot_values), list(edge.weights), edge.degree)
    if kind == "ARC":
        u = np.array([edge.radius, 0.0, 0.0])
        start, end = math.radians(edge.start_angle), math.radians(edge.end_angle)
    else:
        u = np.array([*edge.major_axis, 0.0])
        start, end = edge.start_param, edge.end_param
    v = np.array([-u[1], u[0], 0.0]) * getattr(edge, "ratio", 1.0)
    if not u.any():
        raise ValueError(kind)
    whole = abs(edge.end_angle - edge.start_angle) >= 360 - 1e-9
    return Conic(np.array([*edge.center, height]), u, v, start, start + (FULL if whole else turn(start, end)))
