"""What is said about curves that were turned into lines: how many, what that changed, what their chords would miss."""

from collections.abc import Sequence

import numpy as np

from zoning.sites.cad.curves import Conic, Piece
from zoning.sites.cad.outlines import Outline, area
from zoning.sites.site import Repair
from zoning.texts import Text

SAGITTA_M = 0.0001
"""No chord lies farther from its curve than this, as everywhere in the product."""

_FINER = 8


def curve_repair(outlines: Sequence[Outline], metre: float) -> tuple[Repair, ...]:
    """Return the repair of a record's curves; none where everything is straight.

    Parameters
    ----------
    outlines
        The outer ring, then its holes.
    metre
        How many units of the drawing are one metre.
    """
    if not any(piece.curved for outline in outlines for piece in outline.pieces):
        return ()
    tolerance = SAGITTA_M * metre
    count, change, bulk = 0, 0.0, 0.0
    for number, outline in enumerate(outlines):
        curves = [piece for piece in outline.pieces if piece.curved]
        segments = sum(_segment_area(piece, tolerance) for piece in curves)
        role = (1 if number == 0 else -1) * (1 if segments + _chord_area(outline) >= 0 else -1)
        count += len(curves)
        bulk += role * segments
        change -= role * sum(_lost_area(piece, tolerance) for piece in curves)
    text = Text(
        f"{count} 段曲线转为折线（弦高不超过 0.1 mm）；若只取弦，面积会相差 {abs(bulk) / metre**2:.2f} m²",
        f"turned {count} curve{'s' * (count != 1)} into lines (within 0.1 mm); their chords alone would change the "
        f"area by {abs(bulk) / metre**2:.2f} m²",
    )
    return (Repair("curve-to-line", count, change / metre**2, text),)


def _uncounted(_count: int) -> None:
    """Count nothing: the points were counted when the ring was made."""


def _segment_area(piece: Piece, tolerance: float) -> float:
    """Return the area between a curve and its chord, positive where the curve runs to the right of it."""
    if isinstance(piece, Conic):
        return piece.segment_area
    return area(piece.flat(tolerance, _uncounted))


def _lost_area(piece: Piece, tolerance: float) -> float:
    if isinstance(piece, Conic):
        return piece.lost_area(tolerance)
    return area(piece.flat(tolerance / _FINER, _uncounted)) - area(piece.flat(tolerance, _uncounted))


def _chord_area(outline: Outline) -> float:
    chords = [piece.ends if piece.curved else piece.flat(0.0, _uncounted) for piece in outline.pieces]
    return area(np.concatenate(chords))
