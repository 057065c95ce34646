"""The tables of `zoning mines recovery`, and its GeoPackage."""

from typing import TYPE_CHECKING

import numpy as np

from zoning.cli.plan_statistics_tables import Head, Sheet, Value
from zoning.mines.recovery.judging import STATUSES
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.maps.made import Made
    from zoning.mines.recovery.document import ParcelRecovery, Recovery
    from zoning.styles.drawing import Drawing

TITLE = Text("矿山图斑恢复监测", "Recovery of mine parcels")
NOTHING_SEEN = Text(
    "没有任何有效像元：图斑是否在栅格之内？数值是否需要 --scale（如 0.0001）？",
    "there is not one valid pixel: do the rasters show the place? do the values need --scale (such as 0.0001)?",
)
_WORDS: dict[str, Text] = {str(name): text for name, text in STATUSES.items()}
_DIRECTIONS = {"rising": Text("上升", "rising"), "falling": Text("下降", "falling"), "none": Text("无趋势", "none")}
# Alarms stand out; what needs nobody's eye is pale.
_COLOURS = {
    "disturbed": "#B3261E",
    "relapsed": "#C4601A",
    "stalled": "#B8860B",
    "behind": "#8A7F2D",
    "on_track": "#5B8C5A",
    "recovered": "#1B6B3A",
    "not_followed": "#6B675F",
    "too_few_values": "#8E8A82",
}
_ID = Head(Text("图斑编号", "parcel"), 18)
_NAME = Head(Text("名称", "name"), 24)


def notes_of(recovery: "Recovery") -> list[Text]:
    """Return what a reader must know."""
    days, found = recovery.measured.days, recovery.measured
    empty = int(np.isnan(found.values).sum())
    total = found.values.size
    return [
        *([NOTHING_SEEN] if total and empty == total else ()),
        Text(
            f"{len(days)} 期（{days[0]} 至 {days[-1]}）；{total:,} 个“图斑×日期”中 {empty:,} 个有效像元不足、没有数值",
            f"{len(days)} dates ({days[0]} to {days[-1]}); {empty:,} of {total:,} values are missing for want of valid "
            "pixels",
        ),
        Text(
            "恢复指数：0 为裸地，1 为与参照区同绿；阈值与目标曲线为团队设定（mines/recovery.yaml）。"
            "报警提示核查，不是验收结论。",
            "Index: 0 is bare ground, 1 as green as the reference; thresholds and target are the team's choice "
            "(mines/recovery.yaml). An alarm asks for a look, it is no acceptance.",
        ),
    ]


def sheets_of(recovery: "Recovery") -> tuple[Sheet, ...]:
    """Return parcels, alarms, values by date, dates."""
    return (_parcels(recovery), _alarms(recovery), _values(recovery), _dates(recovery))


def _parcels(recovery: "Recovery") -> Sheet:
    heads = (
        *(_ID, _NAME, Head(Text("状态", "status"), 14)),
        Head(Text("恢复指数", "index"), 10, 2),
        Head(Text("目标", "target"), 8, 2),
        Head(Text("每年变化", "a year"), 10, 3),
        Head(Text("p 值", "p"), 8, 3),
        Head(Text("指数趋势", "index trend"), 12),
        Head(Text("植被每年变化", "vegetation a year"), 14, 3),
        Head(Text("植被趋势", "vegetation trend"), 12),
        Head(Text("有数值的期数", "dates with value"), 12, 0),
        Head(Text("说明", "why"), 80),
    )
    rows: list[tuple[Value, ...]] = []
    for one in recovery.parcels:
        judged, index, value = one.judgement, one.judgement.trend, one.value_trend
        rows.append(
            (
                *(one.record.id, one.record.name, _WORDS[judged.status], judged.now, judged.target),
                None if index is None else index.slope,
                None if index is None else index.p,
                None if index is None else _DIRECTIONS[index.direction],
                None if value is None else value.slope,
                None if value is None else _DIRECTIONS[value.direction],
                _seen(recovery, one),
                judged.reason,
            )
        )
    return Sheet("parcels", Text("图斑", "parcels"), heads, tuple(rows))


def _seen(recovery: "Recovery", one: "ParcelRecovery") -> int | None:
    return None if one.column is None else int(np.isfinite(recovery.measured.values[:, one.column]).sum())


def _alarms(recovery: "Recovery") -> Sheet:
    heads = (
        _ID,
        _NAME,
        Head(Text("报警", "alarm"), 14),
        Head(Text("起始", "since"), 12),
        Head(Text("理由", "why"), 90),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (one.record.id, one.record.name, _WORDS[alarm.kind], alarm.since.isoformat(), alarm.text)
        for one in recovery.parcels
        for alarm in one.judgement.alarms
    )
    return Sheet("alarms", Text("报警", "alarms"), heads, rows)


def _values(recovery: "Recovery") -> Sheet:
    heads = (
        *(_ID, Head(Text("日期", "date"), 12)),
        Head(Text("植被指数", "value"), 10, 3),
        Head(Text("参照区", "reference"), 10, 3),
        Head(Text("恢复指数", "index"), 10, 3),
        Head(Text("有效 %", "valid %"), 9, 1),
        Head(Text("云 %", "clouds %"), 9, 1),
        Head(Text("无数据 %", "nodata %"), 9, 1),
        Head(Text("栅格外 %", "outside %"), 9, 1),
    )
    found = recovery.measured
    rows: list[tuple[Value, ...]] = []
    for one in recovery.parcels:
        if one.column is None:
            continue
        for row, day in enumerate(found.days):
            at = (row, one.column)
            shares = (100 * float(share[at]) for share in (found.valid, found.clouded, found.nodata, found.outside))
            figures = (_figure(array[at]) for array in (found.values, found.reference, found.index))
            rows.append((one.record.id, day.isoformat(), *figures, *shares))
    return Sheet("values", Text("逐期数值", "values"), heads, tuple(rows))


def _figure(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _dates(recovery: "Recovery") -> Sheet:
    heads = (
        Head(Text("日期", "date"), 12),
        Head(Text("有数值的图斑", "parcels with value"), 14, 0),
        Head(Text("没有数值的图斑", "parcels without"), 14, 0),
        Head(Text("有恢复指数的图斑", "parcels with index"), 14, 0),
        Head(Text("平均云量 %", "mean clouds %"), 12, 1),
    )
    found = recovery.measured
    rows: list[tuple[Value, ...]] = []
    for row, day in enumerate(found.days):
        seen = int(np.isfinite(found.values[row]).sum())
        indexed = int(np.isfinite(found.index[row]).sum())
        clouds = float(found.clouded[row].mean() * 100) if found.clouded.shape[1] else None
        rows.append((day.isoformat(), seen, found.values.shape[1] - seen, indexed, clouds))
    return Sheet("dates", Text("日期", "dates"), heads, tuple(rows))


def gpkg_of(recovery: "Recovery", language: Language, made: "Made") -> bytes:
    """Return the parcels coloured by status as a GeoPackage."""
    import shapely

    from zoning.maps.qgis.geopackage import geopackage
    from zoning.maps.qgis.tables import Table

    fields = ("id", "name", "class", "status", "index", "target", "per_year", "p", "since", "why")
    rows, shapes = [], []
    for one in recovery.parcels:
        if one.column is None:
            continue
        judged = one.judgement
        since = judged.alarms[0].since.isoformat() if judged.alarms else None
        trend = (None, None) if judged.trend is None else (judged.trend.slope, judged.trend.p)
        words = _WORDS[judged.status].get(language)
        why = judged.reason.get(language)
        rows.append(
            (one.record.id, one.record.name, judged.status, words, judged.now, judged.target, *trend, since, why)
        )
        shapes.append(shapely.MultiPolygon(shapely.get_parts(one.record.geometry).tolist()))
    title = TITLE.get(language)
    texts = frozenset({"id", "name", "class", "status", "since", "why"})
    table = Table("recovery", title, "zones", title, fields, texts, tuple(rows), tuple(shapes), _drawing(language))
    return geopackage([table], made.on)


def _drawing(language: Language) -> "Drawing":
    from zoning.styles.drawing import Category, Drawing, Labels, Outline, Tint
    from zoning.styles.looks import LabelLook

    categories = tuple(
        Category((name,), _WORDS[name].get(language), (Tint(colour, 0.35), Outline(colour, 1.0)))
        for name, colour in _COLOURS.items()
    )
    return Drawing(TITLE.get(language), "polygon", "class", categories, Labels("id", LabelLook()))
