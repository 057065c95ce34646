"""The words of an access list (准入清单): its levels, its four dimensions, and what a comparison can come out as."""

from typing import Literal, get_args

from zoning.texts import Text

Level = Literal["province", "city", "county", "unit"]
Dimension = Literal["spatial-layout", "pollutant-discharge", "risk-control", "resource-efficiency"]
UnitClass = Literal["priority", "key", "general"]
Result = Literal["complies", "violates", "not_concerned", "to_verify"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""Widest first."""

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
"""In the order of the lists: clause 2-1 is the first of the second dimension."""

LEVEL_TITLES: dict[Level, Text] = {
    "province": Text("省级", "province"),
    "city": Text("市级", "city"),
    "county": Text("县级", "county"),
    "unit": Text("管控单元", "unit"),
}
DIMENSION_TITLES: dict[Dimension, Text] = {
    "spatial-layout": Text("空间布局约束", "spatial layout"),
    "pollutant-discharge": Text("污染物排放管控", "discharge of pollutants"),
    "risk-control": Text("环境风险防控", "environmental risk"),
    "resource-efficiency": Text("资源开发效率要求", "efficient use of resources"),
}
CLASS_TITLES: dict[UnitClass, Text] = {
    "priority": Text("优先保护单元", "priority protection unit"),
    "key": Text("重点管控单元", "key control unit"),
    "general": Text("一般管控单元", "general control unit"),
}
RESULT_TITLES: dict[Result, Text] = {
    "complies": Text("符合", "complies"),
    "violates": Text("不符合", "does not comply"),
    "not_concerned": Text("不涉及", "not concerned"),
    "to_verify": Text("需进一步核实", "to be verified"),
}
NOT_COMPARED = Text("缺清单，未核查", "no list, not checked")
