"""Where the parcels lie, as a picture for the plan: signs by phase, ranks as figures; words stand in the caption."""

import io
from collections.abc import Sequence
from math import cos, radians
from typing import TYPE_CHECKING

from zoning.mines.dashboard.content import Card, Dashboard, Shape, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS: dict[Shape, str] = {
    "circle": "o",
    "triangle": "^",
    "pointer": "v",
    "diamond": "D",
    "octagon": "8",
    "square": "s",
    "hexagon": "H",
    "pentagon": "p",
    "star": "*",
    "cross": "P",
}
_WIDTH, _HIGHEST = 9.4, 4.7
_MM = 25.4
_DPI = 200
_NUMBERED = 60
_KM_PER_DEGREE = 110.9
_PAPER, _LAND, _BORDER = "#F4F2EC", "#FFFDF8", "#8A8578"


def overview_png(dashboard: Dashboard, theme: Theme) -> tuple[bytes, float] | None:
    """Return the picture and its width in mm, north up, with a bar of kilometres; None where nothing has a place."""
    from matplotlib.figure import Figure

    placed = [card for card in dashboard.cards if card.geometry is not None]
    if not placed:
        return None
    west, south, east, north = _box(placed, dashboard)
    stretch = 1 / cos(radians((south + north) / 2))
    ratio = (north - south) * stretch / (east - west)
    width = min(_WIDTH, _HIGHEST / ratio)
    figure = Figure(figsize=(width, width * ratio), dpi=_DPI)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_facecolor(_PAPER)
    for _, rings in dashboard.outlines:
        for ring in rings:
            axes.fill([x for x, _ in ring], [y for _, y in ring], facecolor=_LAND, edgecolor=_BORDER, linewidth=0.8)
    for kind in reversed(theme.kinds):
        mine = [card for card in placed if _kind(theme, card) == kind.name]
        points = [card.geometry.representative_point() for card in mine if card.geometry is not None]
        axes.scatter(
            [point.x for point in points],
            [point.y for point in points],
            s=26,
            marker=_MARKERS[kind.shape],
            facecolors="#FFFFFF" if kind.hollow else kind.colour,
            edgecolors=kind.colour if kind.hollow else "#FFFFFF",
            linewidths=0.6,
            zorder=3,
        )
    for card in placed:
        if card.rank is not None and card.rank <= _NUMBERED and card.geometry is not None:
            at = card.geometry.representative_point()
            axes.annotate(str(card.rank), (at.x, at.y), (3.2, 2.2), textcoords="offset points", fontsize=5.5, zorder=4)
    axes.set(xlim=(west, east), ylim=(south, north), aspect=stretch, xticks=[], yticks=[])
    _bar(axes, (west, south, east, north))
    made = io.BytesIO()
    figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue(), width * _MM


def _kind(theme: Theme, card: Card) -> str:
    names = [kind.name for kind in theme.kinds]
    name = theme.of.get(card.id, "")
    return name if name in names else names[-1]


def _box(placed: Sequence[Card], dashboard: Dashboard) -> tuple[float, float, float, float]:
    bounds = [card.geometry.bounds for card in placed if card.geometry is not None]
    west, south = min(box[0] for box in bounds), min(box[1] for box in bounds)
    east, north = max(box[2] for box in bounds), max(box[3] for box in bounds)
    # The whole of those territories in which parcels lie.
    for _, rings in dashboard.outlines:
        xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
        middles = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in bounds]
        inside = any(min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys) for x, y in middles)
        if inside:
            west, south, east, north = min(west, *xs), min(south, *ys), max(east, *xs), max(north, *ys)
    room = 0.03 * max(east - west, north - south, 0.02)
    return west - room, south - room, east + room, north + room


def _bar(axes: "Axes", box: tuple[float, float, float, float]) -> None:
    west, south, east, north = box
    per_km = 1 / (_KM_PER_DEGREE * cos(radians((south + north) / 2)))
    length = next(km for km in (50, 20, 10, 5, 2, 1, 0.5) if km * per_km <= 0.3 * (east - west) or km == 0.5)  # noqa: PLR2004 - three tenths of the width
    x, y = west + 0.03 * (east - west), south + 0.03 * (north - south)
    axes.plot([x, x + length * per_km], [y, y], color="#1C1B19", linewidth=2.2, solid_capstyle="butt", zorder=5)
    axes.annotate(f"{length:g} km", (x, y), (0, 4), textcoords="offset points", fontsize=7, zorder=5)
    top, side = north - 0.02 * (north - south), east - 0.04 * (east - west)
    axes.annotate(
        "N",
        (side, top),
        (0, -34),
        textcoords="offset points",
        ha="center",
        fontsize=9,
        fontweight="bold",
        arrowprops={"arrowstyle": "-|>", "color": "#1C1B19", "linewidth": 1.4},
        zorder=5,
    )
