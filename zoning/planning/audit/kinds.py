"""The kinds of issues: their names, how severe they usually are, what each says about the layers."""

from dataclasses import dataclass

from zoning.quality.kinds import SEVERITIES, Severity
from zoning.texts import Text

__all__ = ["KINDS", "ORDER", "SEVERITIES", "SHAPE_KINDS", "IssueKind", "Severity"]


@dataclass(frozen=True, slots=True)
class IssueKind:
    """A kind of issue with its usual severity."""

    title: Text
    severity: Severity


KINDS: dict[str, IssueKind] = {
    "not-audited": IssueKind(Text("未能审核", "not audited"), "error"),
    "lines-overlap": IssueKind(Text("控制线重叠", "control lines overlap"), "error"),
    "not-inside": IssueKind(Text("未划入应在范围", "not inside what must hold it"), "error"),
    "gap": IssueKind(Text("空隙", "gap"), "error"),
    "overlap": IssueKind(Text("图层内重叠", "zones of one layer overlap"), "error"),
    "duplicate-zone": IssueKind(Text("重复的区", "zone drawn twice"), "error"),
    "shift": IssueKind(Text("系统偏移", "systematic shift"), "error"),
    "border-mismatch": IssueKind(Text("接边不一致", "borders of neighbours differ"), "error"),
    "invalid-ring": IssueKind(Text("图形无效", "invalid ring"), "error"),
    "unclosed": IssueKind(Text("边界未闭合", "border not closed"), "error"),
    "spike": IssueKind(Text("尖刺", "spike"), "error"),
    "remote-vertex": IssueKind(Text("远离的点", "remote vertex"), "error"),
    "sliver": IssueKind(Text("狭长或微小图形", "sliver"), "warning"),
    "duplicate-id": IssueKind(Text("编码重复", "duplicate id"), "error"),
    "class-code": IssueKind(Text("类别与编码不符", "class and code disagree"), "error"),
    "attribute-missing": IssueKind(Text("属性缺失", "attribute missing"), "warning"),
    "outside-coverage": IssueKind(Text("超出覆盖范围", "outside the coverage"), "warning"),
    "no-zones": IssueKind(Text("声明覆盖而没有区", "coverage without zones"), "warning"),
    "stated-area": IssueKind(Text("与文件面积不符", "area differs from the document"), "warning"),
    "duplicate-points": IssueKind(Text("重复点", "duplicate points"), "warning"),
}
"""In the order in which they are listed."""

ORDER = {kind: number for number, kind in enumerate(KINDS)}

SHAPE_KINDS: dict[str, str] = {
    "self-crossing": "invalid-ring",
    "self-touch": "invalid-ring",
    "self-overlap": "invalid-ring",
    "hole-outside": "invalid-ring",
    "hole-crosses": "invalid-ring",
    "holes-overlap": "invalid-ring",
    "nested-parts": "invalid-ring",
    "overlapping-parts": "invalid-ring",
    "adjoining-parts": "invalid-ring",
    "collapsed-part": "invalid-ring",
    "invalid": "invalid-ring",
    "open-ring": "unclosed",
    "spike": "spike",
    "remote-vertex": "remote-vertex",
    "tiny-part": "sliver",
    "sliver-part": "sliver",
    "duplicate-points": "duplicate-points",
}
"""Faults of a single geometry -> kinds of issues; other faults (very long or short edges, heights) are none here."""
