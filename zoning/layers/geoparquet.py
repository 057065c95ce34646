"""What the metadata of a GeoParquet layer say that would be read wrongly; see geoparquet.org, versions 0.1 to 1.1."""

import json
from collections.abc import Mapping
from typing import Any

from zoning.texts import Text


def unfit_column(name: str, described: Mapping[str, Any]) -> Text | None:
    """Return why the geometry column of a file cannot be read; None where it can.

    Parameters
    ----------
    name
        Of the file.
    described
        What the metadata say of the column. Edges that are not planar are geodesics: zones with straight edges between
        the same vertices are other zones.
    """
    if described.get("encoding") != "WKB":
        return Text(f"{name}：几何编码须为 WKB", f"{name}: the geometry must be encoded as WKB")
    edges = described.get("edges", "planar")
    if edges == "planar":
        return None
    told = edges if isinstance(edges, str) else json.dumps(edges)
    return Text(
        f"{name}：元数据写明边是大地线（edges={told}），按直线读取会偏移，整个图层不能使用；"
        "请在长边上加点后改为平面边（edges=planar），重新导出",
        f"{name}: its metadata say that edges are geodesics (edges={told}); straight lines would lie "
        "elsewhere, so that the layer cannot be used: add points along long edges and write it again with planar edges "
        "(edges=planar)",
    )
