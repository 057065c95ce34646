"""Order along a Hilbert curve: what lies near each other in the plane lies near each other in memory."""

import numpy as np

from zoning.overlay.kernel.layout import Floats, Ints

_BITS = 16


def hilbert_order(boxes: Floats) -> Ints:
    """Return the order of boxes (n, 4) along a Hilbert curve through their middles; empty ones (not finite) last."""
    finite = np.isfinite(boxes).all(axis=1)
    middles = (boxes[finite, :2] + boxes[finite, 2:]) / 2
    distances = np.full(len(boxes), np.iinfo(np.int64).max)
    if len(middles):
        low = middles.min(axis=0)
        # Square cells: a strip of land is not stretched.
        extent = max(float((middles.max(axis=0) - low).max()), 1e-300)
        cells = np.minimum((middles - low) / extent * 2**_BITS, 2**_BITS - 1).astype(np.int64)
        distances[finite] = _along(cells[:, 0], cells[:, 1])
    return np.argsort(distances, kind="stable")


def _along(x: Ints, y: Ints) -> Ints:
    """Return how far along the curve the cells lie, (n,)."""
    along = np.zeros(len(x), dtype=np.int64)
    x, y = x.copy(), y.copy()
    for bit in range(_BITS - 1, -1, -1):
        side = 1 << bit
        east, north = (x & side) > 0, (y & side) > 0
        along += side * side * ((3 * east) ^ north)
        # The quarter is turned so that the curve goes on where it came from.
        turned = ~north
        mirrored = turned & east
        x[mirrored] = side - 1 - (x[mirrored] & (side - 1))
        y[mirrored] = side - 1 - (y[mirrored] & (side - 1))
        x[turned], y[turned] = y[turned].copy(), x[turned].copy()
    return along
