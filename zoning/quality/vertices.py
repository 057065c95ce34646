"""Faults of single vertices and edges: repeated points, spikes, edges too short or too long, a vertex far away."""

from math import cos, radians

import numpy as np

from zoning.overlay.ring_edges import out_and_back
from zoning.quality.faults import Gathering, Parameters
from zoning.quality.kinds import Severity
from zoning.quality.outline import Floats, Indices, Mask, Outline
from zoning.texts import Text

_STRAIGHT = 1e-10
_CORNERS = 3
_FEWEST = 4  # a triangle has no other edges to compare with
_MOST_REMOTE = 5


def without_duplicates(outline: Outline, faults: Gathering) -> Outline:
    """Report repeated points, and return the outline without them."""
    gone = _repeated(outline)
    positions = np.flatnonzero(gone)
    before, _ = outline.neighbours()
    for position in faults.each("duplicate-points", positions.tolist()):
        first, again = outline.spot(int(before[position])), outline.spot(position)
        text = Text(
            f"第 {again.ring} 圈第 {first.vertex} 点与第 {again.vertex} 点坐标相同",
            f"ring {again.ring}: vertices {first.vertex} and {again.vertex} are the same",
        )
        faults.keep("duplicate-points", text, (again, first))
    return outline.without(gone) if len(positions) else outline


def _repeated(outline: Outline) -> Mask:
    """Tell which vertices stand where the one before stands; of a ring that ends where it began, the end."""
    xy, ring = outline.xy, outline.ring
    same = np.zeros(len(xy), dtype=np.bool_)
    same[1:] = (xy[1:] == xy[:-1]).all(axis=1) & (ring[1:] == ring[:-1])
    starts = outline.starts
    left = np.flatnonzero(~same)
    # The last of each ring that is still there.
    last = left[np.searchsorted(ring[left], np.arange(len(starts)), side="right") - 1]
    closes = (xy[last] == xy[starts]).all(axis=1) & (last != starts)
    same[last[closes]] = True
    return same


def without_spikes(outline: Outline, faults: Gathering) -> tuple[Outline, Mask]:
    """Report spikes on which a ring runs out and back on one line.

    Returns
    -------
    tuple
        The outline without them, and which rings (m,) are nothing but such spikes: they are not reported here.
    """
    flat = outline.ends - outline.starts < _CORNERS
    before, after = _ways(outline)
    dot = (before * after).sum(axis=1)
    turned = (dot > 0) & (np.abs(_cross(before, after)) <= _STRAIGHT * dot)
    spikes: list[Indices] = []
    for ring in np.unique(outline.ring[turned]).tolist():
        where = outline.vertices_of(ring)
        found = out_and_back(outline.xy[where])
        rest = np.delete(outline.xy[where], [vertex for spike in found for vertex in spike], axis=0)
        if _is_flat(rest):
            flat[ring] = True
        else:
            spikes += [np.array(spike, dtype=np.int64) + where.start for spike in found]
    return _without_tips(outline, spikes, faults) if spikes else outline, flat


def _without_tips(outline: Outline, spikes: list[Indices], faults: Gathering) -> Outline:
    gone = np.zeros(len(outline.xy), dtype=np.bool_)
    for spike in spikes:
        gone[spike] = True
    left = np.flatnonzero(~gone)
    for spike in faults.each("spike", spikes):
        tip = outline.spot(int(spike[0]))
        length = _reach(outline, spike, left)
        text = Text(
            f"第 {tip.ring} 圈第 {tip.vertex} 点：边界伸出 {length:.2f} 米后原路折返，没有面积",
            f"ring {tip.ring}, vertex {tip.vertex}: the border runs out {length:.2f} m and back on the same line",
        )
        faults.keep("spike", text, (tip,), amount=round(length, 4))
    return outline.without(gone)


def _is_flat(xy: Floats) -> bool:
    """Tell whether vertices lie on one line."""
    away = xy - xy[0]
    return bool((np.abs(_cross(away, away[np.argmax((away**2).sum(axis=1))])) == 0).all())


def _reach(outline: Outline, spike: Indices, left: Indices) -> float:
    """Return how far a tip is from the nearer of the vertices between which its spike grows."""
    tip = int(spike[0])
    mine = left[outline.ring[left] == outline.ring[tip]]
    place = int(np.searchsorted(mine, tip))
    ends = outline.xy[[mine[place - 1], mine[place % len(mine)]]]
    if (outline.xy[spike] == ends[0]).all(axis=1).any():
        # The way back ends where the way out began: what follows is no end of the spike.
        ends = ends[:1]
    away = (ends - outline.xy[tip]) * outline.steps
    return float(np.hypot(away[:, 0], away[:, 1]).min())


def _ways(outline: Outline) -> tuple[Floats, Floats]:
    before, after = outline.neighbours()
    return outline.xy[before] - outline.xy, outline.xy[after] - outline.xy


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product


def check_edges(outline: Outline, flat: Mask, faults: Gathering, parameters: Parameters) -> None:
    """Report narrow spikes, very short and very long edges, and vertices far away from all others.

    The outline holds no repeated points and no spikes without area; rings that are `flat` (m,) are passed over.
    """
    lengths = outline.lengths_m()
    before, _ = outline.neighbours()
    remote = _remote(outline, lengths, before, parameters)
    for position in faults.each("remote-vertex", remote):
        _keep_remote(position, outline, float(min(lengths[position], lengths[before[position]])), faults, parameters)
    explained = flat[outline.ring]
    explained[remote] = True
    _narrow_spikes(outline, lengths, explained, faults, parameters)
    _edges(outline, lengths, explained, faults, parameters)


def _edges(outline: Outline, lengths: Floats, explained: Mask, faults: Gathering, parameters: Parameters) -> None:
    _, after = outline.neighbours()
    long = np.flatnonzero((lengths > parameters.long_m) & ~explained & ~explained[after])
    for position in faults.each("long-edge", long.tolist()):
        one, other, length = outline.spot(position), outline.spot(int(after[position])), float(lengths[position])
        text = Text(
            f"第 {one.ring} 圈第 {one.vertex}–{other.vertex} 点的边长 {length / 1000:.2f} 公里，请核对坐标有无写错",
            f"ring {one.ring}: the edge {one.vertex}–{other.vertex} is {length / 1000:.2f} km long; check for a "
            "mistyped digit",
        )
        faults.keep("long-edge", text, (one, other), amount=round(length, 3))
    for position in faults.each("short-edge", np.flatnonzero(lengths < parameters.short_m).tolist()):
        one, other, length = outline.spot(position), outline.spot(int(after[position])), float(lengths[position])
        text = Text(
            f"第 {one.ring} 圈第 {one.vertex}–{other.vertex} 点的边长只有 {length * 1000:.1f} 毫米",
            f"ring {one.ring}: the edge {one.vertex}–{other.vertex} is only {length * 1000:.1f} mm long",
        )
        faults.keep("short-edge", text, (one, other), amount=round(length, 4))


def _narrow_spikes(
    outline: Outline, lengths: Floats, explained: Mask, faults: Gathering, parameters: Parameters
) -> None:
    before, after = (way * outline.steps for way in _ways(outline))
    back, _ = outline.neighbours()
    shorter = np.minimum(lengths, lengths[back])
    dot = (before * after).sum(axis=1)
    narrow = dot > cos(radians(parameters.spike_degrees)) * lengths * lengths[back]
    found = np.flatnonzero(narrow & (shorter >= parameters.spike_m) & ~explained)
    for position in faults.each("spike", found.tolist()):
        tip, length = outline.spot(position), float(shorter[position])
        angle = np.degrees(np.arctan2(abs(float(_cross(before[position], after[position]))), float(dot[position])))
        text = Text(
            f"第 {tip.ring} 圈第 {tip.vertex} 点：夹角 {angle:.2f}°，伸出 {length:.2f} 米，像是尖刺",
            f"ring {tip.ring}, vertex {tip.vertex}: an angle of {angle:.2f}° that reaches out {length:.2f} m looks "
            "like a spike",
        )
        faults.keep("spike", text, (tip,), amount=round(length, 4), severity="warning")


def _remote(outline: Outline, lengths: Floats, before: Indices, parameters: Parameters) -> list[int]:
    """Return vertices both of whose edges are far longer than all others of their ring."""
    both = np.minimum(lengths, lengths[before])
    found: list[int] = []
    for ring in np.unique(outline.ring[both > parameters.remote_m]).tolist():
        where = outline.vertices_of(ring)
        if where.stop - where.start < _FEWEST:
            continue
        usual = float(np.median(np.sort(lengths[where])[:-2]))
        far = np.flatnonzero(both[where] > max(parameters.remote_m, parameters.remote_factor * usual))
        if len(far) <= _MOST_REMOTE:
            found += [where.start + vertex for vertex in far.tolist() if _stretches(outline.xy[where], vertex)]
    return found


def _stretches(xy: Floats, vertex: int) -> bool:
    """Tell whether a ring would be less than half as large without a vertex."""
    rest = np.delete(xy, vertex, axis=0)
    whole, left = (float(np.hypot(*np.ptp(some, axis=0))) for some in (xy, rest))
    return left < whole / 2


def _keep_remote(position: int, outline: Outline, distance: float, faults: Gathering, parameters: Parameters) -> None:
    spot = outline.spot(position)
    text = Text(
        f"第 {spot.ring} 圈第 {spot.vertex} 点离相邻点 {distance / 1000:.2f} 公里，远离其余各点，可能写错了数字",
        f"ring {spot.ring}, vertex {spot.vertex} lies {distance / 1000:.2f} km from its neighbours, far from all other "
        "vertices: a digit may be mistyped",
    )
    severity: Severity = "error" if distance >= parameters.remote_error_m else "warning"
    faults.keep("remote-vertex", text, (spot,), amount=round(distance, 3), severity=severity)
