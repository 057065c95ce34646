"""Closed lines inside another one: holes, or the boundary in its frame, or the pieces that a parcel is divided into."""

import numpy as np
import shapely

from zoning.sites.cad.grouping import Parcel, Ring
from zoning.sites.cad.layer_choice import is_boundary_name
from zoning.sites.cad.outlines import CLOSING_M
from zoning.sites.where import Where
from zoning.texts import Text

_SHARED_M = 0.1
"""Length of a common side; at a single common point a millimetre is passed sooner."""

_UPRIGHT = 1e-6
_CORNERS = 4


def lines_inside(parcel: Parcel) -> list[Ring]:
    """Return the holes that were not drawn as such: those of a hatch were, lines inside lines are taken so."""
    filling = parcel.shell.outline.filling
    own = (None, 0) if filling is None else (filling.hatch, filling.copy)
    found = []
    for hole in parcel.holes:
        inner = hole.outline.filling
        if inner is None or (inner.hatch, inner.copy) != own:
            found.append(hole)
    return found


def check_holes(parcel: Parcel, layer: str, metre: float, where: Where) -> None:
    """Refuse lines inside a line that are hardly holes: taken as such, the very boundary would be cut out.

    Parameters
    ----------
    metre
        How many units of the drawing are one metre.

    Raises
    ------
    SiteError
        When one of them has a side in common with the line around it, or that one is an upright rectangle on a layer
        that is not named as a boundary.
    """
    inner = lines_inside(parcel)
    if not inner:
        return
    named = _handle(parcel.shell)
    beside = _with_common_side(parcel.shell, inner, metre)
    if beside is not None:
        other = _handle(beside)
        raise where.error(
            f"图层 {layer} 上的闭合图形{named.zh}内有紧贴其边线的闭合图形{other.zh}，分不清是扣除还是分块；"
            "请只保留外边界或只保留各分块，其余移到别的图层后重新导出",
            f"the closed line{named.en} on layer {layer} holds another{other.en} that shares a side with it, so it is "
            "unclear whether that is cut out or a piece of it; keep either the outer boundary or the pieces, move the "
            "rest to another layer and export again",
        )
    # Nobody draws a frame on the layer of the boundary.
    if not is_boundary_name(layer) and _is_upright_rectangle(parcel.shell):
        raise where.error(
            f"图层 {layer} 上的闭合图形{named.zh}是与坐标轴平行的矩形，像图框，其内还有 {len(inner)} 个闭合图形，"
            "分不清哪个是边界；请把图框移到别的图层后重新导出，若确是扣除部分请用带孔的填充（HATCH）绘制",
            f"the closed line{named.en} on layer {layer} is a rectangle parallel to the axes, as a frame is, with "
            f"{len(inner)} closed lines inside, so it is unclear which is the boundary; move the frame to another "
            "layer and export again; if they are cut out indeed, draw a hatch with holes",
        )


def _handle(ring: Ring) -> Text:
    handle = ring.outline.mark.handle
    return Text(f"（句柄 {handle}）", f" (handle {handle})") if handle else Text("", "")


def _with_common_side(shell: Ring, inner: list[Ring], metre: float) -> Ring | None:
    line = shapely.LinearRing(shell.points[:, :2])
    near = 2 * CLOSING_M * metre
    lines = np.array([shapely.LinearRing(ring.points[:, :2]) for ring in inner], dtype=object)
    shapely.prepare(line)
    touching = np.flatnonzero(shapely.dwithin(line, lines, near)).tolist()
    if not touching:
        return None
    band = line.buffer(near)
    return next((inner[i] for i in touching if band.intersection(lines[i]).length > _SHARED_M * metre), None)


def _is_upright_rectangle(shell: Ring) -> bool:
    """Tell whether all edges run along an axis and turn at four corners only."""
    xy = shell.points[:, :2] - shell.points[0, :2]
    steps = np.diff(xy, axis=0)
    size = float(np.ptp(xy, axis=0).max())
    steps = steps[np.abs(steps).max(axis=1) > _UPRIGHT * size]
    if not (np.abs(steps).min(axis=1) <= _UPRIGHT * size).all():
        return False
    across = np.abs(steps[:, 0]) > np.abs(steps[:, 1])
    return int((across != np.roll(across, 1)).sum()) == _CORNERS
