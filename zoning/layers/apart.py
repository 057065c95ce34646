"""Layers that lie nowhere near the territories: a wrong zone or meridian moves all zones by hundreds of kilometres."""

from zoning.layers.catalogue import Layer
from zoning.layers.datum import Bounds, grown_bounds
from zoning.texts import Text

_BESIDE_M = 100_000.0


def apart(layer: Layer, file: str, extent: Bounds, ground: Bounds) -> Text | None:
    """Return the sentence about a layer that does not reach the territories; None where it does.

    Parameters
    ----------
    file
        What its data are called.
    extent, ground
        Boxes of all zones and of all territories, in degrees.
    """
    west, south, east, north = grown_bounds(ground, _BESIDE_M)
    if extent[0] <= east and extent[2] >= west and extent[1] <= north and extent[3] >= south:
        return None
    zones, territories = _box(extent), _box(ground)
    return Text(
        f"{file}：全部图斑位于 {zones}，离辖区（{territories}）100 公里以上；请检查图层 {layer.id} 的 crs"
        "（带号、中央经线）。辖区内若确实没有图斑，请换用只含辖区的数据（可以是空表）",
        f"{file}: all zones lie at {zones}, more than 100 km from the territories ({territories}); check the crs of "
        f"layer {layer.id} (zone, central meridian). If there is no zone in the territories, give data of the "
        "territories alone (the table may be empty)",
    )


def _box(bounds: Bounds) -> str:
    west, south, east, north = bounds
    return f"{west:.2f}–{east:.2f}°E, {south:.2f}–{north:.2f}°N"
