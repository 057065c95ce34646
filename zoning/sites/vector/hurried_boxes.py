"""The boxes of records, thousands at a time, before anything else is made of them."""

from collections.abc import Sequence

import numpy as np
import shapely

from zoning.sites.crs.extent import Boxes
from zoning.sites.drawing import Drawing
from zoning.sites.footprint_geometry import LARGEST_COORDINATE
from zoning.sites.streams.sliced import UnclearError

_PLAIN = 6  # the highest number of a type that can hold neither curves nor surfaces


# Numbers that are none are found below; here they must not be warned of.
@np.errstate(all="ignore")
def wkb_boxes(pieces: Sequence[bytes | None]) -> Boxes:
    """Return boxes (n, 4); not-a-number where there is no geometry, or one that no footprint can have.

    Raises
    ------
    UnclearError
        When one is damaged, not closed or curved: what the reader makes of it is for the reader to say.
    """
    try:
        shapes = shapely.from_wkb(np.array([*pieces, None], dtype=object), on_invalid="ignore")[:-1]
    except NotImplementedError as error:  # of curves; damage it ignores
        raise UnclearError from error
    given = np.array([piece is not None for piece in pieces], dtype=np.bool_)
    kinds = shapely.get_type_id(shapes)
    if ((kinds < 0) & given).any() or (kinds > _PLAIN).any():
        raise UnclearError
    return possible(shapely.bounds(shapes).reshape(-1, 4))


@np.errstate(all="ignore")
def drawn_box(drawings: Sequence[Drawing]) -> list[float]:
    """Return the box of what one record holds; not-a-number when that is nothing."""
    rings = [ring[:, :2] for drawing in drawings for ring in drawing.rings if len(ring)]
    if not rings:
        return [np.nan] * 4
    points = np.concatenate(rings)
    return [*points.min(axis=0), *points.max(axis=0)]


def possible(boxes: Boxes) -> Boxes:
    """Blank the boxes with coordinates that are no place."""
    with np.errstate(invalid="ignore"):
        sound = np.asarray((np.abs(boxes) <= LARGEST_COORDINATE).all(axis=1))
    return np.where(sound[:, None], boxes, np.nan)
