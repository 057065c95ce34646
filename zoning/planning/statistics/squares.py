"""Rectangles whose areas are given numbers: squarified treemaps (Bruls, Huizing, van Wijk 2000)."""

from collections.abc import Sequence

from zoning.maps.paper.rectangle import Rectangle


def squarified(sizes: Sequence[float], place: Rectangle) -> list[Rectangle]:
    """Divide a rectangle into one rectangle per size, each as near to a square as the largest ones allow.

    Parameters
    ----------
    sizes
        (n,) positive, the largest first.

    Returns
    -------
    (n,) rectangles that fill `place`; their areas are to each other as the sizes.
    """
    total = sum(sizes)
    if not sizes or total <= 0:
        return []
    scale = place.width * place.height / total
    found: list[Rectangle] = []
    waiting = [size * scale for size in sizes]
    rest = place
    while waiting:
        side = min(rest.width, rest.height)
        count = 1
        while count < len(waiting) and _worst(waiting[: count + 1], side) <= _worst(waiting[:count], side):
            count += 1
        row, waiting = waiting[:count], waiting[count:]
        rest = _lay(row, rest, found, last=not waiting)
    return found


def _worst(row: Sequence[float], side: float) -> float:
    """Return the longest side of a row's rectangles in terms of their shortest."""
    total = sum(row)
    return max(side * side * max(row) / (total * total), total * total / (side * side * min(row)))


def _lay(row: Sequence[float], rest: Rectangle, found: list[Rectangle], *, last: bool) -> Rectangle:
    """Lay a row along the shorter side, and return what is left of the rectangle."""
    upright = rest.width >= rest.height
    side = rest.height if upright else rest.width
    deep = (rest.width if upright else rest.height) if last else sum(row) / side
    start = rest.top if upright else rest.left
    for number, size in enumerate(row, start=1):
        long = size / sum(row) * side
        end = start - long if upright else start + long
        if number == len(row):
            end = rest.bottom if upright else rest.right
        if upright:
            found.append(Rectangle(rest.left, end, rest.left + deep, start))
        else:
            found.append(Rectangle(start, rest.top - deep, end, rest.top))
        start = end
    if upright:
        return Rectangle(rest.left + deep, rest.bottom, rest.right, rest.top)
    return Rectangle(rest.left, rest.bottom, rest.right, rest.top - deep)
