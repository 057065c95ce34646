"""The coordinate TXT in its specified form: X north, Y east with the zone in front, three decimals, rings closed.

Form: requirements of natural-resources offices for boundary files (《建设项目用地红线坐标文件内容要求》).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from zoning.exchange.parcel import Parcel
from zoning.exchange.rounding import METRE_DECIMALS, rounded
from zoning.exchange.target import Encoding
from zoning.exchange.writers import Order, Written
from zoning.quantities import hectares
from zoning.sites.crs.zones import CGCS2000
from zoning.sites.where import printable
from zoning.texts import Text

_KINDS = {"polygon": "面", "line": "线", "point": "点"}
# Fields of the parcel line with the names they bear in databases.
_CARRIED = (("图幅号", "TFH"), ("地块用途", "DKYT"), ("地类编码", "DLBM"))
_OWN = ("界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "DKBH", "DKMC", "DKMJ", "MJ", "JZDS")
_SIGNS = str.maketrans({",": "，", "@": "＠"})
# Four decimals of 公顷 are a square metre: too coarse for a pylon.
_SMALL_M2, _DECIMALS, _MORE_DECIMALS = 1_000.0, 4, 6


def write_coordinate_txt(order: Order) -> Written:
    """Write the parcels in their 3° zone; lines of Windows, GBK unless UTF-8 is wanted.

    Raises
    ------
    ContentError
        When a parcel is narrower than the last decimal of the coordinates.
    """
    parcels = [replace(parcel, geometry=rounded(parcel, METRE_DECIMALS)) for parcel in order.parcels]
    lines = [*_header(order), *(line for parcel in parcels for line in _parcel(parcel))]
    text = "".join(f"{line}\r\n" for line in lines)
    content = text.encode("utf-8" if order.encoding is Encoding.utf8 else "gb18030")
    return Written(content, (*_sign_notes(parcels), *_lost_notes(parcels), *_part_notes(parcels)))


def _header(order: Order) -> list[str]:
    zone = int(order.crs.removeprefix("EPSG:")) - CGCS2000.prefixed_3
    day = order.on
    return [
        "[属性描述]",
        "格式版本号=1.01版本",
        "数据产生单位=",
        f"数据产生日期={day.year}-{day.month}-{day.day}",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={zone}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]


def _parcel(parcel: Parcel) -> Iterator[str]:
    rows = list(_rows(parcel))
    carried = [_attribute(parcel, names) for names in _CARRIED]
    fields = [str(len(rows)), _area(parcel.area_m2), parcel.id, parcel.name, _KINDS[parcel.kind], *carried]
    yield ",".join([*(_plain(field) for field in fields), "@"])
    yield from rows


def _rows(parcel: Parcel) -> Iterator[str]:
    """Yield the rows, points numbered through the parcel; the closing row of a ring bears the name of its first point.

    Ring numbers are 1 for an outline and from 2 on for its holes, for every part anew.
    """
    point, closes = 0, parcel.kind == "polygon"
    for number, part in enumerate(parcel.parts(), 1):
        for ring, path in enumerate(part, 1):
            first = point + 1
            for x, y in path[:-1] if closes else path:
                point += 1
                yield _row(point, ring if closes else _run(parcel, number), x, y)
            if closes:
                yield _row(first, ring, *path[0])


def _run(parcel: Parcel, number: int) -> int:
    """Return the ring number of a line, one for each; points of a record belong together."""
    return number if parcel.kind == "line" else 1


def _row(point: int, ring: int, x: float, y: float) -> str:
    return f"J{point},{ring},{y:.{METRE_DECIMALS}f},{x:.{METRE_DECIMALS}f}"


def _area(area_m2: float | None) -> str:
    if area_m2 is None:
        return ""
    decimals = _DECIMALS if area_m2 >= _SMALL_M2 else _MORE_DECIMALS
    return f"{hectares(area_m2):.{decimals}f}"


def _attribute(parcel: Parcel, names: Sequence[str]) -> str:
    found = {_field(key): value for key, value in parcel.attributes.items()}
    return next((found[name] for name in names if found.get(name)), "")


def _field(key: str) -> str:
    """Return the name of a field as the parcel line knows it."""
    return key.strip().upper()


def _plain(text: str) -> str:
    """Return a text that does not break the line: commas and @ are its marks."""
    return printable(text).translate(_SIGNS)


def _sign_notes(parcels: Sequence[Parcel]) -> list[Text]:
    return [
        Text(
            f"地块“{parcel.name}”的编号、名称或所带属性含半角逗号或 @，已改为全角",
            f"id, name or a carried attribute of footprint '{parcel.name}' holds a comma or @, written in full width",
        )
        for parcel in parcels
        if any(sign in text for text in _words(parcel) for sign in ",@")
    ]


def _words(parcel: Parcel) -> tuple[str, ...]:
    """Return what of the parcel line others have written: id, name and the attributes that it has room for."""
    return (parcel.id, parcel.name, *(_attribute(parcel, names) for names in _CARRIED))


def _lost_notes(parcels: Sequence[Parcel]) -> list[Text]:
    held = {name for names in _CARRIED for name in names} | set(_OWN)
    stated = {key for parcel in parcels for key, value in parcel.attributes.items() if value}
    lost = sorted(key for key in stated if _field(key) not in held)
    if not lost:
        return []
    listed = lost[:5]
    more = Text("等", " and others") if len(lost) > len(listed) else Text("", "")
    return [
        Text(
            f"坐标 TXT 的地块行容纳不下这些属性，未写出：{'、'.join(listed)}{more.zh}（共 {len(lost)} 项）",
            f"the parcel line of a coordinate TXT has no place for these attributes: {', '.join(listed)}{more.en} "
            f"({len(lost)} in all)",
        )
    ]


def _part_notes(parcels: Sequence[Parcel]) -> list[Text]:
    several = [parcel for parcel in parcels if parcel.kind == "polygon" and sum(1 for _ in parcel.parts()) > 1]
    return [
        Text(
            f"地块“{parcel.name}”由 {sum(1 for _ in parcel.parts())} 个部分组成，写在同一地块行下，每部分的圈号从 1 起",
            f"footprint '{parcel.name}' has {sum(1 for _ in parcel.parts())} parts, written below one parcel line; "
            "ring numbers begin at 1 for each",
        )
        for parcel in several
    ]
