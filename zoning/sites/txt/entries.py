"""The names of entries in [属性描述]: those that place the points, in the words that are in use, and those not read."""

import re

from zoning.sites.where import Where

CANONICAL = {
    "坐标系统": "坐标系", "坐标系名称": "坐标系", "平面坐标系": "坐标系", "平面坐标系统": "坐标系",
    "大地基准": "坐标系", "分带": "几度分带", "投影分带": "几度分带", "投影带号": "带号", "分带号": "带号",
    "投影": "投影类型", "投影方式": "投影类型", "坐标单位": "计量单位", "中央经线": "中央子午线",
    "中央子午线经度": "中央子午线",
}  # fmt: skip
"""Other names of entries, with the specified one; 中央子午线 (central meridian) is not specified but frequent."""

_SPECIFIED = (
    "格式版本号", "数据产生单位", "数据产生日期", "坐标系", "几度分带", "投影类型", "计量单位", "带号", "精度",
    "转换参数", "中央子午线",
)  # fmt: skip
ENTRIES = frozenset({*_SPECIFIED, *CANONICAL})
PLACING = ENTRIES - {"格式版本号", "数据产生单位", "数据产生日期", "精度"}
"""Entries that decide where the points lie: files put together may repeat them, but not with another value."""
DECIDING = frozenset({"坐标系", "带号", "中央子午线"})
"""Those of them that files put together must all state, or none."""

_SHIFTING = re.compile(r"常数|抵偿|高程面|投影面|偏移|东偏|北偏|平移|旋转")
_HARMLESS = re.compile(
    r"(0*(\.0*)?|无|没有|否|-|/|(参考)?椭球面?|([0-9]{2})?500000(\.0*)?|500)(米|m|公里|千米|km)?", re.IGNORECASE
)


def check_unread(name: str, value: str, place: Where) -> None:
    """Refuse an entry that says the points lie elsewhere than in the plain zone, as in systems of a town or a mine.

    Raises
    ------
    CRSError
    """
    if _SHIFTING.search(name) and not _HARMLESS.fullmatch(value):
        raise place.crs_error(
            f"“{name[:20]}” 为 “{value[:20]}”，坐标不在标准的高斯投影带内，不能读取；"
            "请换算到 2000 国家大地坐标系的标准 3 度带后导出",
            f"“{name[:20]}” is “{value[:20]}”: the coordinates are in no standard Gauss-Krüger zone and are not read; "
            "convert them to a standard 3-degree zone of CGCS2000",
        )
