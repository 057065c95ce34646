"""Lines of text between points: a new parcel begins, a new ring, or the table merely goes on."""

import re

from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.headings import heading
from zoning.sites.tables.signs import compact

_LONGEST = 60
_NUMERAL = "[0-9一二三四五六七八九十甲乙丙丁]{1,4}"
_THING = "(?:地块|区块|宗地|图斑|矿区|采区|块段|片区|区域|场地|工业场地|地块范围|分区|小区|范围)"
_PARCEL = re.compile(
    rf"{_THING}(?:编号|名称|号)?[:(（]?(?:{_NUMERAL}|[a-z](?![a-z]))(?!个|至|周|邻|角|[0-9]*\.[0-9])|(?<![0-9.])(?:第)?{_NUMERAL}(?:号|\#)?{_THING}|[a-z]{_THING}"
    r"|(?:parcel|plot|block|polygon|site)(?:no\.?)?[:#]?(?:[0-9]{1,4}|[a-z])(?![a-z])|(?:地块|项目|宗地|图斑)名称[:]"
    r"|area(?:no\.?)?[:#]?(?:[0-9]{1,4}|[a-z])(?![0-9a-z.,])"  # no “Area: 12345 m2”
)
_RING = re.compile(
    rf"内环|外环|内圈|外圈|孔洞|挖空|扣除|其中不含|不含|环{_NUMERAL}|圈{_NUMERAL}|第{_NUMERAL}(?:圈|环)|(?:ring|hole|part)[0-9:]"
)
_GOES_ON = re.compile(r"续表|续上|接上|\(续\)|续$|continued|第[0-9]+页|共[0-9]+页|page[0-9]+|^-?[0-9]{1,3}-?$")

# A row that begins so is no point: “总面积 | 2.35 | 公顷”, “制图：张三 | 审核：李四”.
_REMARK = re.compile(
    r"\W*(?:[^0-9a-z]{0,4}面积|合计|总计|小计|平均|周长|比例|备注|说明|注|制表|制图|绘图|测量|审核|校核|检查|填表|日期|单位|坐标系"
    r"|中央|带号|第\s*[0-9]+\s*页|共\s*[0-9]+|total|sum|note|area|date|page|scale|remark)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}|[a-z]{4}")
_LONGEST_LINE = 30


def is_remark(text: str) -> bool:
    """Tell whether a row that begins so is a note, a sum, a signature.

    >>> is_remark("总面积"), is_remark("J1")
    (True, False)
    """
    return _REMARK.match(text) is not None


def may_be_title(line: str) -> bool:
    """Tell whether a line of running text between points may name what follows; headings and notes do not.

    >>> may_be_title("渣场："), may_be_title("点号 X坐标 Y坐标"), may_be_title("续表")
    (True, False, False)
    """
    text = compact(line)
    if not 0 < len(text) <= _LONGEST_LINE or not _WORDS.search(text):
        return False
    if goes_on(text) or is_remark(text):
        return False
    return any(heading(cell).role is Role.NONE for cell in line.split())


def opens_parcel(text: str) -> bool:
    """Tell whether a line is the title of a new parcel.

    >>> opens_parcel("2号地块 J1-J12"), opens_parcel("地块二："), opens_parcel("地块坐标表"), opens_parcel("单位：米")
    (True, True, False, False)
    """
    text = compact(text)
    if not 0 < len(text) <= _LONGEST:
        return False
    return _PARCEL.search(text) is not None and not goes_on(text)


def opens_ring(text: str) -> bool:
    """Tell whether a line begins another ring of the same parcel.

    >>> opens_ring("内环（扣除）"), opens_ring("J5")
    (True, False)
    """
    return _RING.search(compact(text)) is not None


def goes_on(text: str) -> bool:
    """Tell whether a line only says that the table goes on.

    >>> goes_on("续表 1"), goes_on("第2页 共3页")
    (True, True)
    """
    return _GOES_ON.search(compact(text)) is not None
