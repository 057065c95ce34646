"""On which side of a line a point lies, never wrong by rounding: what touches is decided by it."""

from zoning.overlay.kernel.compiled import compiled

# (3 + 16 e) e with e = 2^-53: Shewchuk's bound on the error of the determinant as it is computed first (1997).
_BOUND = 3.3306690738754716e-16
_SPLIT = 134217729.0  # 2^27 + 1: Dekker's constant

Point = tuple[float, float]
Pair = tuple[float, float]


@compiled
def orientation(a: Point, b: Point, c: Point) -> int:
    """Return 1 when c lies left of the line from a to b, -1 when right, 0 when on it."""
    left = (a[0] - c[0]) * (b[1] - c[1])
    right = (a[1] - c[1]) * (b[0] - c[0])
    difference = left - right
    bound = _BOUND * (abs(left) + abs(right))
    if difference > bound:
        return 1
    if difference < -bound:
        return -1
    return _in_double_doubles(a, b, c)


@compiled
def _in_double_doubles(a: Point, b: Point, c: Point) -> int:
    # Exact where the differences are floats, as those of coordinates of like size are; otherwise good to 2^-102.
    left = _product(_difference(a[0], c[0]), _difference(b[1], c[1]))
    right = _product(_difference(a[1], c[1]), _difference(b[0], c[0]))
    if left[0] != right[0]:
        return 1 if left[0] > right[0] else -1
    if left[1] != right[1]:
        return 1 if left[1] > right[1] else -1
    return 0


@compiled
def _difference(a: float, b: float) -> Pair:
    high = a - b
    virtual = a - high
    return high, (a - (high + virtual)) + (virtual - b)


@compiled
def _product(one: Pair, two: Pair) -> Pair:
    high = one[0] * two[0]
    big = _SPLIT * one[0]
    one_high = big - (big - one[0])
    one_low = one[0] - one_high
    big = _SPLIT * two[0]
    two_high = big - (big - two[0])
    two_low = two[0] - two_high
    low = one_low * two_low - (((high - one_high * two_high) - one_low * two_high) - one_high * two_low)
    low += one[0] * two[1] + one[1] * two[0]
    # Brought into the one form that a number has: then the parts can be compared one by one.
    total = high + low
    return total, low - (total - high)


@compiled
def segments_meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Tell whether two segments a-b and c-d whose boxes meet have a point in common."""
    if orientation(a, b, c) * orientation(a, b, d) > 0:
        return False
    # Where all four lie on one line the boxes have settled it.
    return orientation(c, d, a) * orientation(c, d, b) <= 0
