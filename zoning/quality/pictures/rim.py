"""What stands around a drawing: coordinates at its edges, scale bar, north."""

from math import ceil, log10

import numpy as np

from zoning.quality.pictures import looks
from zoning.quality.pictures.panel import Panel, nice
from zoning.quality.pictures.sketch import Local
from zoning.texts import Text

_TICKS = 5
_BAR_SHARE = 0.2


def draw_rim(panel: Panel, local: Local) -> None:
    """Write the coordinates of the file at the edges, and draw the grid that they name."""
    ends = local.back(np.array([panel.metres(0, 0), panel.metres(panel.width, panel.height)]))
    for axis in (0, 1):
        first, last = float(ends[0, axis]), float(ends[1, axis])
        step = nice((last - first) / _TICKS * 1.4)
        digits = max(0, -int(np.floor(log10(step) + 1e-9)))
        for number in range(ceil(first / step), int(np.floor(last / step)) + 1):
            value = number * step
            _tick(panel, axis, (value - first) / (last - first), f"{value:.{digits}f}{'°' if local.geographic else ''}")
    east, north = (
        (Text("经度", "longitude"), Text("纬度", "latitude"))
        if local.geographic
        else (Text("Y（东）", "Y (east)"), Text("X（北）", "X (north)"))
    )
    panel.write(panel.width, -17, panel.say(east), looks.SMALL, ha="right", color=looks.QUIET)
    panel.write(-17, panel.height, panel.say(north), looks.SMALL, va="top", rotation=90, color=looks.QUIET)


def _tick(panel: Panel, axis: int, share: float, text: str) -> None:
    if axis == 0:
        x = share * panel.width
        panel.axes.axvline(panel.metres(x, 0)[0], color=looks.GRID, linewidth=0.6, zorder=1)
        if 24 < x < panel.width - 24:  # noqa: PLR2004 - points: half a label
            panel.write(x, -7, text, looks.TINY, color=looks.QUIET)
        return
    y = share * panel.height
    panel.axes.axhline(panel.metres(0, y)[1], color=looks.GRID, linewidth=0.6, zorder=1)
    if 20 < y < panel.height - 20:  # noqa: PLR2004 - pixels from the edges
        panel.write(-7, y, text, looks.TINY, rotation=90, color=looks.QUIET)


def length_text(metres: float) -> str:
    """Return a length of a scale bar with its unit.

    >>> length_text(20.0), length_text(5000.0), length_text(0.05)
    ('20 m', '5 km', '5 cm')
    """
    if metres >= 1000:  # noqa: PLR2004 - one kilometre
        return f"{metres / 1000:g} km"
    if metres >= 1:
        return f"{metres:g} m"
    return f"{metres * 100:g} cm" if metres >= 0.01 else f"{metres * 1000:g} mm"  # noqa: PLR2004 - one centimetre


def draw_bar(panel: Panel, *, share: float = _BAR_SHARE) -> None:
    """Draw the scale bar at the lower left."""
    length = nice(panel.width * panel.scale * share)
    wide = length / panel.scale
    x, y = 12.0, 11.0
    panel.take((x - 6, y - 8, x + wide + 6, y + 16))
    for left, right, colour in ((x, x + wide / 2, looks.INK), (x + wide / 2, x + wide, "white")):
        corners = [panel.metres(left, y - 2), panel.metres(right, y + 2)]
        panel.axes.fill(
            [corners[0][0], corners[1][0], corners[1][0], corners[0][0]],
            [corners[0][1], corners[0][1], corners[1][1], corners[1][1]],
            facecolor=colour,
            edgecolor=looks.INK,
            linewidth=0.7,
            zorder=15,
        )
    panel.write(x + wide / 2, y + 8, length_text(length), looks.SMALL, halo=True, zorder=16)


def draw_north(panel: Panel) -> None:
    """Draw the arrow that points to the north of the coordinates, at the upper right."""
    x, y = panel.width - 14.0, panel.height - 30.0
    panel.take((x - 10, y - 6, x + 10, y + 26))
    left, right = [(x, y + 14), (x - 5.5, y - 3), (x, y)], [(x, y + 14), (x + 5.5, y - 3), (x, y)]
    for corners, colour in ((left, looks.INK), (right, "white")):
        xy = np.array([panel.metres(*corner) for corner in corners])
        panel.axes.fill(xy[:, 0], xy[:, 1], facecolor=colour, edgecolor=looks.INK, linewidth=0.7, zorder=15)
    panel.write(x, y + 20, panel.say(Text("北", "N")), looks.BODY, fontweight="bold", zorder=16)
