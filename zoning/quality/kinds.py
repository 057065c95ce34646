"""The kinds of faults: their names, how severe they are, and the repairs that answer them."""

from dataclasses import dataclass
from typing import Literal

from zoning.texts import Text

Severity = Literal["error", "warning", "note"]

SEVERITIES: dict[Severity, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
}
"""Worst first. An error: the footprint cannot be meant as it is drawn, and its area depends on the repair. A warning:
somebody should look at it. A note: good to know."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault with its usual severity."""

    title: Text
    severity: Severity


KINDS: dict[str, FaultKind] = {
    "self-crossing": FaultKind(Text("自相交", "self-crossing"), "error"),
    "self-touch": FaultKind(Text("边界自接触", "border touches itself"), "error"),
    "self-overlap": FaultKind(Text("边界自重合", "border runs on itself"), "error"),
    "spike": FaultKind(Text("尖刺", "spike"), "error"),
    "remote-vertex": FaultKind(Text("远离的点", "remote vertex"), "error"),
    "hole-outside": FaultKind(Text("内圈在外圈之外", "hole outside"), "error"),
    "hole-crosses": FaultKind(Text("内圈与外圈相交", "hole crosses its outline"), "error"),
    "holes-overlap": FaultKind(Text("内圈重叠", "holes overlap"), "error"),
    "nested-parts": FaultKind(Text("部分套叠", "nested parts"), "error"),
    "overlapping-parts": FaultKind(Text("部分重叠", "overlapping parts"), "error"),
    "collapsed-part": FaultKind(Text("无面积的部分", "part without area"), "error"),
    "invalid": FaultKind(Text("图形无效", "invalid geometry"), "error"),
    "parcels-identical": FaultKind(Text("地块重复", "identical footprints"), "warning"),
    "parcels-overlap": FaultKind(Text("地块重叠", "footprints overlap"), "warning"),
    "open-ring": FaultKind(Text("未闭合", "open ring"), "warning"),
    "ring-roles": FaultKind(Text("内外圈改判", "ring roles decided anew"), "warning"),
    "duplicate-points": FaultKind(Text("重复点", "duplicate points"), "warning"),
    "tiny-part": FaultKind(Text("微小图形", "tiny part"), "warning"),
    "sliver-part": FaultKind(Text("狭长图形", "sliver"), "warning"),
    "long-edge": FaultKind(Text("过长的边", "very long edge"), "warning"),
    "stated-area": FaultKind(Text("标注面积不符", "stated area differs"), "warning"),
    "stated-points": FaultKind(Text("标注点数不符", "stated points differ"), "warning"),
    "short-edge": FaultKind(Text("极短的边", "very short edge"), "note"),
    "adjoining-parts": FaultKind(Text("部分共边", "parts share an edge"), "note"),
    "parcels-sliver": FaultKind(Text("地块边界不一致", "borders of footprints differ"), "note"),
    "two-zones": FaultKind(Text("跨带", "crosses a zone border"), "note"),
    "heights": FaultKind(Text("高程已略去", "heights left out"), "note"),
    "curves": FaultKind(Text("曲线已加密", "curves made of chords"), "note"),
}
"""In the order in which they are listed."""

ORDER = {kind: number for number, kind in enumerate(KINDS)}

REPAIRED_BY: dict[str, tuple[str, ...]] = {
    "closed-ring": ("open-ring",),
    "ring-roles": ("ring-roles", "hole-outside", "hole-crosses", "holes-overlap", "nested-parts"),
    "z-dropped": ("heights",),
    "curve-to-line": ("curves",),
    "duplicate-vertices": ("duplicate-points",),
    "spikes": ("spike",),
    "self-crossing": ("self-crossing", "self-touch", "self-overlap", "invalid"),
    "overlapping-parts": ("overlapping-parts", "nested-parts"),
    "adjoining-parts": ("adjoining-parts",),
    "collapsed-parts": ("collapsed-part",),
}
"""Kinds of repairs, and the faults that they answer."""
