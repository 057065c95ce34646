"""The tables of `zoning plan statistics`."""

from typing import TYPE_CHECKING

from zoning.cli.plan_statistics_tables import Head, Sheet, Value
from zoning.quantities import hectares, mu
from zoning.texts import Text, joined

if TYPE_CHECKING:
    from zoning.planning.statistics.entries import Statistics

_LAYER = Head(Text("图层", "layer"), 20)
_CLASS = Head(Text("类别", "class"), 20)
_PLACE = Head(Text("编号", "id"), 14)
_NAME = Head(Text("名称", "name"), 16)
_COUNT = Head(Text("个数", "zones"), 8, 0)
_M2 = Head(Text("面积 / m²", "area / m²"), 18, 2)
_HA = Head(Text("面积 / 公顷", "area / ha"), 14, 4)
_MU = Head(Text("面积 / 亩", "area / mu"), 14, 2)
_ALL = Text("合计", "in all")


def sheets_of(statistics: "Statistics") -> tuple[Sheet, ...]:
    """Return the tables; that of lengths only where there are lines."""
    sheets = [_areas(statistics), _matrix(statistics), _overlaps(statistics), _combinations(statistics)]
    if statistics.lengths:
        sheets.insert(1, _lengths(statistics))
    return (*sheets, _layers(statistics))


def _class_title(statistics: "Statistics", layer_id: str, class_id: str | None) -> Text:
    if class_id is None:
        return _ALL
    return next(one.title for one in statistics.layer(layer_id).classes if one.id == class_id)


def _areas(statistics: "Statistics") -> Sheet:
    places = {place.id: place for place in statistics.places}
    heads = (
        *(_PLACE, _NAME, _LAYER, _CLASS, _COUNT, _M2, _HA, _MU),
        Head(Text("占该区 / %", "share / %"), 12, 2),
        Head(Text("数据缺失 / 公顷", "no data / ha"), 14, 4),
    )
    rows: list[tuple[Value, ...]] = []
    for row in statistics.areas:
        area = row.area_m2
        rows.append(
            (
                row.place,
                places[row.place].name,
                statistics.layer(row.layer).title,
                _class_title(statistics, row.layer, row.class_),
                row.count,
                area,
                None if area is None else hectares(area),
                None if area is None else mu(area),
                None if row.share is None else row.share * 100,
                hectares(row.uncovered_m2),
            )
        )
    return Sheet("areas", Text("分区面积", "areas"), heads, tuple(rows))


def _lengths(statistics: "Statistics") -> Sheet:
    names = {place.id: place.name for place in statistics.places}
    heads = (_PLACE, _NAME, _LAYER, _CLASS, _COUNT, Head(Text("长度 / m", "length / m"), 16, 2))
    rows = tuple(
        (
            row.place,
            names[row.place],
            statistics.layer(row.layer).title,
            _class_title(statistics, row.layer, row.class_),
            row.count,
            row.length_m,
        )
        for row in statistics.lengths
    )
    return Sheet("lengths", Text("线状要素", "lengths"), heads, rows)


def _matrix(statistics: "Statistics") -> Sheet:
    """Return the matrix of areas in hectares; the classes that occur, in both directions."""
    both = {(row.one, row.other): row.area_m2 for row in statistics.overlaps}
    keys = [row.one for row in statistics.overlaps if row.one == row.other]
    heads = (
        Head(Text("重叠 / 公顷", "overlap / ha"), 28),
        *(Head(statistics.title_of(key), 13, 4) for key in keys),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            statistics.title_of(one),
            *(hectares(both[one, other] if (one, other) in both else both[other, one]) for other in keys),
        )
        for one in keys
    )
    return Sheet("matrix", Text("重叠矩阵", "matrix"), heads, rows)


def _overlaps(statistics: "Statistics") -> Sheet:
    heads = (
        Head(Text("甲", "one"), 28),
        Head(Text("乙", "other"), 28),
        *(_M2, _HA),
        Head(Text("占甲 / %", "share of one / %"), 12, 2),
        Head(Text("占乙 / %", "share of other / %"), 12, 2),
        Head(Text("一方数据缺失 / 公顷", "no data / ha"), 16, 4),
    )
    rows = tuple(
        (
            statistics.title_of(row.one),
            statistics.title_of(row.other),
            row.area_m2,
            hectares(row.area_m2),
            row.share_of_one * 100,
            row.share_of_other * 100,
            hectares(row.unknown_m2),
        )
        for row in statistics.overlaps
        if row.one != row.other and (row.area_m2 or row.unknown_m2)
    )
    return Sheet("overlaps", Text("两两重叠", "overlaps"), heads, rows)


def _combinations(statistics: "Statistics") -> Sheet:
    heads = (
        Head(Text("序号", "number"), 8, 0),
        Head(Text("组合", "combination"), 70),
        Head(Text("数据缺失的图层", "layers without data"), 24),
        *(_M2, _HA),
        Head(Text("占全域 / %", "share / %"), 12, 4),
    )
    none = Text("不在任何分区之内", "in no zone")
    rows = []
    for row in statistics.combinations:
        titles = [statistics.title_of(ref) for ref in row.classes] or [none]
        lacking = [statistics.layer(name).title for name in row.no_data]
        names = joined(titles, " + ", " + ")
        unknown = joined(lacking)
        rows.append((row.number, names, unknown, row.area_m2, hectares(row.area_m2), row.share * 100))
    return Sheet("combinations", Text("组合", "combinations"), heads, tuple(rows))


def _layers(statistics: "Statistics") -> Sheet:
    heads = (
        *(_LAYER, Head(Text("编号", "id"), 24), Head(Text("版本", "edition"), 12)),
        Head(Text("状态", "status"), 40),
        Head(Text("性质", "nature"), 12),
        Head(Text("数据缺失 / 公顷", "no data / ha"), 14, 4),
        Head(Text("数据摘要 SHA-256", "SHA-256 of the data"), 30),
    )
    nature = Text("示意", "schematic")
    whole, part = Text("有数据", "with data"), Text("部分有数据", "with data in a part")
    rows: list[tuple[Value, ...]] = [
        (
            one.title,
            one.layer,
            one.edition,
            part if one.uncovered_m2 > 0 else whole,
            nature if one.schematic else "",
            hectares(one.uncovered_m2),
            one.sha256,
        )
        for one in statistics.layers
    ]
    rows += [
        (
            one.title,
            one.layer,
            one.edition,
            Text(f"数据缺失、未计入：{one.reason.zh}", f"no data, not counted: {one.reason.en}"),
            "",
            hectares(statistics.area_m2),
            None,
        )
        for one in statistics.missing
    ]
    return Sheet("layers", Text("图层", "layers"), heads, tuple(rows))
