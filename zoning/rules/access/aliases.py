"""The names that authorities, platforms and exports give to the columns of a list.

Sources: field names of the result data of 三线一单 as platforms use them (HJGKDYBM, KJBJYS, PWWPFGK ...), and the
headers of published lists. The fourth dimension is 资源开发效率要求 in the national fields, 资源利用效率 in Shanxi.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from zoning.rules.access.words import Dimension, UnitClass

Field = Literal["code", "name", "class", "province", "city", "county", "dimension", "requirement", "serial"]

_FIELDS: Mapping[Field, str] = {
    "code": """
        HJGKDYBM HJZHGKDYBM STHJGKDYBM ZHGKDYBM GKDYBM DYBM
        环境管控单元编码 生态环境管控单元编码 环境综合管控单元编码 综合管控单元编码 管控单元编码 单元编码 编码
        环境管控单元编号 生态环境管控单元编号 管控单元编号 单元编号 环境管控单元代码 管控单元代码 单元代码""",
    "name": """
        HJGKDYMC HJZHGKDYMC STHJGKDYMC ZHGKDYMC GKDYMC DYMC
        环境管控单元名称 生态环境管控单元名称 环境综合管控单元名称 综合管控单元名称 管控单元名称 单元名称 名称""",
    "class": """
        ZHGKDYFL HJGKDYFL STHJGKDYFL GKDYFL DYFL
        环境管控单元分类 生态环境管控单元分类 环境管控单元类别 管控单元分类 管控单元类别 管控单元类型 管控单元属性
        单元分类 单元类别 单元类型 单元属性 管控分类 管控类别 分类 类别""",
    "province": "PROV PROVINCE 省 省份 所属省 省级 省级行政区",
    "city": "CITY 市 地市 设区市 设区的市 地级市 所属市 市级 市级行政区",
    "county": "COUNTY 县 区 区县 县区 县市区 区/县 县/区 所属县 所属区县 县级 县级行政区 行政区划",
    "dimension": "管控维度 维度 管控类型 管控要素 管控领域 管控方向",
    "requirement": """
        管控要求 准入要求 管控内容 管控措施 具体要求 要求 内容 清单内容 条款
        准入清单 环境准入清单 生态环境准入清单 生态环境准入要求 总体准入要求 总体要求""",
    "serial": "序号 编号 NO ID OBJECTID FID",
}
_DIMENSIONS: Mapping[Dimension, str] = {
    "spatial-layout": "KJBJYS 空间布局约束 空间布局约束要求 空间布局 空间布局管控 空间布局引导 空间约束",
    "pollutant-discharge": """
        PWWPFGK WRWPFGK 污染物排放管控 污染物排放管控要求 污染物排放总量管控 污染物排放控制 污染物排放 污染排放管控
        污染物管控""",
    "risk-control": "HJFXFK 环境风险防控 环境风险防控要求 环境风险管控 环境风险防范 环境风险 风险防控",
    "resource-efficiency": """
        ZYKFXLYQ ZYLYXLYQ ZYLYXL
        资源开发效率要求 资源开发效率 资源开发效率管控 资源利用效率 资源利用效率要求 资源利用效率管控 资源开发利用效率
        资源开发利用效率要求 资源开发利用要求 资源开发利用 资源能源利用效率 资源能源利用要求 资源利用要求 资源利用""",
}
_CLASS_WORDS: Mapping[UnitClass, tuple[str, ...]] = {
    "priority": ("1", "优先", "PRIORITY"),
    "key": ("2", "重点", "KEY"),
    "general": ("3", "一般", "GENERAL"),
}
_FIELD_OF: dict[str, Field] = {alias: name for name, told in _FIELDS.items() for alias in told.split()}
_DIMENSION_OF: dict[str, Dimension] = {alias: name for name, told in _DIMENSIONS.items() for alias in told.split()}

# What a shapefile leaves of a name are ten bytes: three Chinese characters in UTF-8, five in GBK.
_CUT_CHINESE = (3, 5)
_CUT_LATIN = 10
_BRACKETS = re.compile(r"[(\[【{][^)\]】}]*[)\]】}]")
_NUMBERING = re.compile(r"^(?:\(?[0-9一二三四]{1,2}[、.)])+")


def title_key(text: str) -> str:
    r"""Return a title without spaces, line breaks, marks of encoding, remarks in brackets, numbering and end signs.

    >>> title_key("\ufeff环境管控\n单元 编码（13位）："), title_key("hjgkdybm")
    ('环境管控单元编码', 'HJGKDYBM')
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc"))
    plain = _BRACKETS.sub("", plain.replace("\ufffd", ""))
    return _NUMBERING.sub("", plain).strip(":*、,。_-")


def dimension_named(text: str) -> Dimension | None:
    r"""Return the dimension that a cell or a title names.

    >>> dimension_named("1.空间布局约束\n"), dimension_named("资源利用效率（要求）"), dimension_named("KJBJYS")
    ('spatial-layout', 'resource-efficiency', 'spatial-layout')
    """
    return _DIMENSION_OF.get(title_key(text))


def field_named(text: str) -> Field | None:
    """Return the field that a title names.

    >>> field_named("管控单元分类"), field_named("面积")
    ('class', None)
    """
    return _FIELD_OF.get(title_key(text))


def class_named(text: str) -> UnitClass | None:
    """Return the class of unit that a cell names.

    >>> class_named("重点管控单元"), class_named("1"), class_named("全部")
    ('key', 'priority', None)
    """
    key = title_key(text)
    return next((name for name, words in _CLASS_WORDS.items() if key.startswith(words)), None)


def cut_names(text: str) -> tuple[frozenset[Field], frozenset[Dimension]]:
    """Return the fields and the dimensions that a title can mean of which only the first ten bytes are left.

    >>> cut_names("环境管控单")[0] == {"code", "name", "class"}, cut_names("空间布局约")[1]
    (True, frozenset({'spatial-layout'}))
    """
    key = title_key(text)
    if len(key) != _CUT_LATIN if key.isascii() else len(key) not in _CUT_CHINESE:
        return frozenset(), frozenset()
    fields = frozenset(name for alias, name in _FIELD_OF.items() if alias.startswith(key))
    return fields, frozenset(name for alias, name in _DIMENSION_OF.items() if alias.startswith(key))
