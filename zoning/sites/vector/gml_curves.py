"""Arcs and circles of GML by three points, turned into lines; segments joined to one path."""

from math import atan2, ceil, hypot, pi, radians

import numpy as np

from zoning.sites.drawing import Coordinates, MalformedError

# An arc of 100 m radius stays within 0.1 mm of its chords.
_STEP = radians(0.1)
_SAME_PLACE = 1e-11  # of the number itself: 0.4 mm of an easting with zone


def most_points(control: int) -> int:
    """Return how many points the arcs through `control` points may become."""
    return control * ceil(2 * pi / _STEP)


def arcs(points: Coordinates) -> Coordinates:
    """Return the path through arcs: first, middle, last, middle, last ...

    Raises
    ------
    MalformedError
        When the number of points is not 3, 5, 7 ...
    """
    if len(points) < 3 or len(points) % 2 == 0:  # noqa: PLR2004 - start, middle, end
        raise _wrong_count(len(points))
    pieces = [_arc(points[start : start + 3], whole=False)[:-1] for start in range(0, len(points) - 1, 2)]
    return np.vstack([*pieces, points[-1:, :2]])


def circle(points: Coordinates) -> Coordinates:
    """Return the whole circle through three points, closed, in their direction.

    Raises
    ------
    MalformedError
        When there are not three points, or they stand in one line.
    """
    if len(points) != 3:  # noqa: PLR2004 - start, middle, end
        raise _wrong_count(len(points))
    return _arc(points, whole=True)


def _wrong_count(count: int) -> MalformedError:
    return MalformedError(
        f"圆弧有 {count} 个点，应为 3 个（弧串为 3、5、7…个）；请重新导出",
        f"an arc has {count} points; it takes 3 (a string of arcs 3, 5, 7 ...); export it again",
    )


def _arc(points: Coordinates, *, whole: bool) -> Coordinates:
    first, middle, last = points[:, :2]
    # Relative to the first point: the squares of eastings with zone would swallow the millimetres.
    (bx, by), (cx, cy) = (middle - first).tolist(), (last - first).tolist()
    twice = 2 * (bx * cy - by * cx)
    if abs(twice) <= 1e-12 * (hypot(bx, by) * hypot(cx, cy)):
        if whole:
            raise MalformedError(
                "圆的 3 个点在一条直线上；请改正", "the 3 points of a circle stand in one line; correct them"
            )
        return points[:, :2]
    b, c = bx * bx + by * by, cx * cx + cy * cy
    x, y = (cy * b - by * c) / twice, (bx * c - cx * b) / twice
    start, end = atan2(-y, -x), atan2(cy - y, cx - x)
    turn = 1 if twice > 0 else -1
    sweep = 2 * pi if whole else (turn * (end - start)) % (2 * pi)
    steps = max(2, ceil(sweep / _STEP))
    angles = start + turn * sweep * np.arange(steps + 1) / steps
    radius = hypot(x, y)
    path: Coordinates = np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)]) + first
    path[0], path[-1] = first, first if whole else last
    return path


def joined(paths: list[Coordinates]) -> Coordinates:
    """Return one path through segments that follow each other.

    Raises
    ------
    MalformedError
        When one does not begin where the one before ends.
    """
    if not paths:
        return np.empty((0, 2))
    size = min(path.shape[1] for path in paths)
    pieces = [paths[0][:, :size]]
    for path in paths[1:]:
        if not _meet(pieces[-1][-1:, :2], path[:1, :2]):
            raise MalformedError(
                "曲线的各段首尾不相接；请重新导出", "the segments of a curve do not follow each other; export it again"
            )
        pieces.append(path[1:, :size])
    return np.vstack(pieces)


def _meet(end: Coordinates, start: Coordinates) -> bool:
    return len(end) == len(start) == 1 and bool((np.abs(end - start) <= _SAME_PLACE * np.abs(end)).all())
