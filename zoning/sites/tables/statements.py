"""What titles and notes around the coordinates say: datum, zone, area, whether it is a line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from zoning.errors import CRSError
from zoning.sites.crs.mars import BD09, GCJ02
from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980, ZONES_3, ZONES_6, Family
from zoning.sites.tables.signs import compact, plain
from zoning.sites.where import Where
from zoning.texts import Text

WGS84 = "WGS84"
_LONGEST_TITLE = 60
_CODE = "(?:epsg|srid)[:=]{1,2}"  # numbers as in `zoning.sites.crs.zones`
_DATUMS: tuple[tuple[Family | str, Text, re.Pattern[str]], ...] = (
    (
        CGCS2000,
        Text("2000 国家大地坐标系", "CGCS2000"),
        re.compile(
            r"cgcs-?_?2000|国家(?:大地坐标系)?2000|大地2000|(?<!1:)(?<![0-9])2000(?:国家|中国|大地|坐标系)"
            rf"|{_CODE}4490(?!\d)"
        ),
    ),
    (
        XIAN_1980,
        XIAN_1980.title,
        re.compile(
            r"西安(?:19)?80|(?:19)?80年?西安|xian-?_?(?:19)?80|(?<!\d)(?:19)?80年?(?:国家(?:大地)?)?坐标系|国家80"
            rf"|{_CODE}(?:4610|23(?:2[7-9]|[3-8]\d|90))(?!\d)"
        ),
    ),
    (
        BEIJING_1954,
        BEIJING_1954.title,
        re.compile(
            r"北京(?:19)?54|(?:19)?54年?北京|(?:beijing|bj)-?_?(?:19)?54|(?<!\d)(?:19)?54年?坐标系|北京坐标系"
            rf"|{_CODE}(?:4214|24(?:0[1-9]|[1-3]\d|4[0-2])|214(?:1[3-9]|2[0-3]|5[3-9]|6[0-3]))(?!\d)"
        ),
    ),
    (WGS84, Text("WGS84", "WGS84"), re.compile(r"wgs-?_?(?:19)?84|(?<!\d)84坐标")),
    (GCJ02, Text("GCJ-02", "GCJ-02"), re.compile(r"gcj-?_?0?2|火星坐标|高德(?:地图|坐标)|腾讯地图")),
    (BD09, Text("BD-09", "BD-09"), re.compile(r"bd-?_?0?9|百度(?:地图|坐标)")),
)
_WIDTH = re.compile(r"([36三六])(?:度|°)(?:分?带|(?=(?:第|\d{2}号?带)))")
_ZONE = re.compile(r"带号[:=为是]*第?(\d{2})(?!\d)|(?<!\d)(\d{2})(?:号|度|°)?带(?!宽)")
_MERIDIAN = re.compile(
    r"(?:中央(?:子午线|经线)(?:经度)?|l0|cm)[:=为是]*(?:东经|e)?(\d{2,3}(?:\.\d+)?)(?:[°度](\d{1,2})?)?"
)
_UTM = re.compile(r"utm[^0-9]{0,12}(0?[1-9]|[1-5][0-9]|60)(?![0-9])")
_WIDTHS = {"3": 3, "三": 3, "6": 6, "六": 6}
_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_UNIT = "公顷|平方米|平方公里|亩|ha|hm2|km2|m2"
_AREA = re.compile(
    rf"面积(?:[^0-9,;。；，\n]{{0,8}}(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})"
    rf"|\s*[(\[]?(?P<first>{_UNIT})[)\]]?\s*[:=]?\s*(?P<later>{_NUMBER}))",
    re.IGNORECASE,
)
_SQUARE_METRES = {
    "公顷": 1e4, "ha": 1e4, "hm2": 1e4, "平方米": 1.0, "m2": 1.0, "亩": 1e4 / 15, "平方公里": 1e6, "km2": 1e6,
}  # fmt: skip
_LINE = re.compile(
    r"管线|管道|折线|中心线|中线|线路|走向|路由|桩号|polyline|linestring|输电线|电缆|光缆|道路|公路|铁路|渠道|(?<![a-z])line(?![a-z])"
)
_AREA_WORDS = re.compile(r"红线|范围|用地|界址|地块|宗地|占地|矿区|四至|面状|边界|场地|polygon|parcel")
_CENTRE = re.compile(r"中心(?:点|坐标|位置)|几何中心|质心|cent(?:re|er)|centroid")


@dataclass(slots=True)
class Statements:
    """All lines of a file that may say something about its points, with their line numbers.

    Attributes
    ----------
    lines
        In plain signs, without blanks, in lower case.
    texts
        The short ones as people see them: titles.
    """

    lines: list[tuple[int, str]] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, text: str) -> None:
        """Take a line down."""
        word = compact(text)
        if not word:
            return
        self.lines.append((number, word))
        if len(word) <= _LONGEST_TITLE:
            self.texts.append((number, " ".join(text.split())))

    def datums(self) -> dict[Text, tuple[Family | str, int]]:
        """Return the datums named, each with its first line."""
        found: dict[Text, tuple[Family | str, int]] = {}
        for number, text in self.lines:
            for datum, name, pattern in _DATUMS:
                if pattern.search(text):
                    found.setdefault(name, (datum, number))
        return found

    def zones(self) -> list[tuple[int, int]]:
        """Return the zones of 3 or 6 degrees that are named, by number or meridian, each with its line.

        Raises
        ------
        CRSError
            When a meridian is that of no zone.
        """
        return [(zone, number) for number, text in self.lines for zone in _zones(text)]

    def local_meridian(self) -> tuple[str, int] | None:
        """Return a central meridian that is that of no zone, with its line."""
        for number, text in self.lines:
            for match in _MERIDIAN.finditer(text):
                if _of_meridian(match, text) is None:
                    return match[0], number
        return None

    def utm(self) -> tuple[int, int] | None:
        """Return the zone of UTM that is named, with its line."""
        return next(((int(m[1]), number) for number, text in self.lines if (m := _UTM.search(text))), None)


def _zones(text: str) -> Iterator[int]:
    for match in _ZONE.finditer(text):
        zone = int(match[1] or match[2])
        if zone in ZONES_3 or zone in ZONES_6:
            yield zone
    for match in _MERIDIAN.finditer(text):
        found = _of_meridian(match, text)
        if found is not None:
            yield found


def _of_meridian(match: re.Match[str], text: str) -> int | None:
    degrees = float(match[1]) + float(match[2] or 0) / 60
    width = _WIDTH.search(text)
    if width and _WIDTHS[width[1]] == 6:  # noqa: PLR2004 - six degrees wide
        six = (degrees + 3) / 6
        return int(six) if six in ZONES_6 else None
    return int(degrees / 3) if degrees / 3 in ZONES_3 else None


def one_datum(statements: Statements, where: Where) -> tuple[Family | str | None, int]:
    """Return the datum that the file states, with its line.

    Raises
    ------
    CRSError
        When it names several.
    """
    found = statements.datums()
    if len(found) > 1:
        names = list(found)
        line = list(found.values())[1][1]
        raise contradiction(where.at_line(line), names)
    return next(iter(found.values()), (None, 0))


def contradiction(place: Where, names: Iterable[Text]) -> CRSError:
    """Return the error about several coordinate systems in one file."""
    listed = list(names)
    return place.crs_error(
        f"文件里写了几种坐标系（{'、'.join(name.zh for name in listed)}），分不清坐标属于哪一种；"
        "请删去无关的，或用 --crs 说明",
        f"the file names several coordinate systems ({', '.join(name.en for name in listed)}) and it is "
        f"not clear which "
        "one the coordinates are in; remove the others, or state it with --crs",
    )


def stated_area(text: str) -> float | None:
    """Return the area in square metres that a text states; None when it states none, or two.

    >>> stated_area("总面积2.35公顷"), stated_area("面积：35.25 亩")
    (23500.0, 23500.0)
    """
    found = set()
    for match in _AREA.finditer(plain(text)):
        number, unit = (match["number"], match["unit"]) if match["unit"] else (match["later"], match["first"])
        found.add(round(float(number.replace(",", "")) * _SQUARE_METRES[unit.lower()], 4))
    return found.pop() if len(found) == 1 else None


def square_metres(unit: str) -> float | None:
    """Return how many square metres a unit has."""
    return _SQUARE_METRES.get(unit)


def line_word(text: str) -> str:
    """Return the word that makes a text speak of a line, empty when it speaks of an area or of neither.

    >>> line_word("输气管线坐标"), line_word("公路服务区用地红线"), line_word("坐标表")
    ('管线', '', '')
    """
    text = compact(text)
    match = _LINE.search(text)
    return match[0] if match and not _AREA_WORDS.search(text) else ""


def names_centre(text: str) -> bool:
    """Tell whether a text announces the centre of something, not one of its corners."""
    return _CENTRE.search(compact(text)) is not None
