"""What a comparison says as tables: the same rows for CSV, workbook and terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zoning.planning.compare.adjustments import CHECKS, AdjustmentResult
from zoning.planning.compare.adjustments import OUTCOMES as MET
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.keeps import ASPECTS, OUTCOMES, KeepResult
from zoning.planning.compare.layer_change import LayerChange, LayerGap
from zoning.planning.compare.matrix import OUTSIDE
from zoning.planning.compare.verdict_changes import TITLES, SiteChange
from zoning.planning.compare.zone_changes import Kind
from zoning.quantities import hectares
from zoning.rules.wording.words import MISSING
from zoning.texts import Language, Text

Value = str | float | None

WORDS = {NONE: Text("不在任何区内", "in no zone"), NO_DATA: MISSING}
ZONE_KINDS: dict[Kind, Text] = {
    "added": Text("新增", "added"),
    "removed": Text("删除", "removed"),
    "renamed": Text("改名", "renamed"),
    "changed": Text("改变", "changed"),
}
NO_PLACE = Text("（在各乡镇之外）", "(in no township)")
NO_TERRITORY = Text("（在各辖区之外）", "(in no territory)")


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; numbers bear as many decimals as are printed."""

    key: str
    title: Text
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `key` names its file."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


_LAYER = Column("layer", Text("图层", "layer"))
_M2 = Column("m2", Text("面积 m²", "area m²"), 4)
_HA = Column("ha", Text("面积 公顷", "area ha"), 8)
_M = Column("length_m", Text("长度 m", "length m"), 3)
_MATRIX = (
    _LAYER,
    Column("place_id", Text("编号", "id")),
    Column("place", Text("乡镇或辖区", "township or territory")),
    Column("before", Text("原类别", "class before")),
    Column("after", Text("现类别", "class after")),
    _M2,
    _HA,
    _M,
)
_ZONES = (
    _LAYER,
    Column("kind", Text("变化", "change")),
    Column("matched_by", Text("对应依据", "matched by")),
    Column("id_a", Text("原编号", "id before")),
    Column("id_b", Text("现编号", "id after")),
    Column("name_a", Text("原名称", "name before")),
    Column("name_b", Text("现名称", "name after")),
    Column("class_a", Text("原类别", "class before")),
    Column("class_b", Text("现类别", "class after")),
    Column("area_a", Text("原面积 m²（线为 m）", "area before m² (lines: m)"), 4),
    Column("area_b", Text("现面积 m²（线为 m）", "area after m² (lines: m)"), 4),
    Column("shared", Text("共有 m²（线为 m）", "shared m² (lines: m)"), 4),
    Column("what", Text("改变的内容", "what changed")),
)
_KEEPS = (
    Column("rule", Text("规定", "rule")),
    Column("territory", Text("辖区", "territory")),
    _LAYER,
    Column("aspect", Text("要求", "demand")),
    Column("outcome", Text("结果", "outcome")),
    Column("before_ha", Text("原面积 公顷", "before ha"), 4),
    Column("after_ha", Text("现面积 公顷", "after ha"), 4),
    Column("reason", Text("理由", "reason")),
    Column("question", Text("待查", "question")),
    Column("zones", Text("变小的区", "smaller zones")),
    Column("citation", Text("依据", "citation")),
)
_ADJUSTMENTS = (
    Column("rule", Text("规定", "rule")),
    Column("territory", Text("辖区", "territory")),
    Column("check", Text("检查", "check")),
    Column("outcome", Text("结果", "outcome")),
    Column("reason", Text("理由", "reason")),
    Column("entries", Text("登记", "entries")),
    Column("citation", Text("依据", "citation")),
)
_VERDICTS = (
    Column("number", Text("序号", "number"), 0),
    Column("id", Text("编号", "id")),
    Column("name", Text("名称", "name")),
    Column("decision_before", Text("原结论", "decision before")),
    Column("decision_after", Text("现结论", "decision after")),
    Column("what", Text("改变的内容", "what changed")),
    Column("layer", Text("图层", "layer")),
    Column("class", Text("类别", "class")),
    Column("rule", Text("规则", "rule")),
    Column("territory", Text("辖区", "territory")),
    Column("before", Text("原", "before")),
    Column("after", Text("现", "after")),
)


def class_title(change: LayerChange, name: str, language: Language) -> str:
    """Return what people call a class, or land in no zone."""
    if name in WORDS:
        return WORDS[name].get(language)
    known = change.layer.classes.get(name)
    return name if known is None else known.title.get(language)


def place_name(change: LayerChange, place: str, language: Language, *, territory: bool = False) -> str:
    """Return the name of a township or territory."""
    if place == OUTSIDE:
        return (NO_TERRITORY if territory else NO_PLACE).get(language)
    return change.places.get(place) or place


def sheets_of(
    changes: Mapping[str, LayerChange | LayerGap],
    keeps: Sequence[KeepResult],
    adjustments: Sequence[AdjustmentResult],
    language: Language,
) -> tuple[Sheet, ...]:
    """Return the tables of a comparison of layers; keeps and adjustments only where there are any."""
    compared = [change for change in changes.values() if isinstance(change, LayerChange)]
    found = [
        Sheet("classes", Text("类别", "classes"), _CLASSES, tuple(_class_rows(compared, language))),
        Sheet("matrix", Text("乡镇转移矩阵", "matrix by township"), _MATRIX, tuple(_matrix(compared, language))),
        Sheet(
            "territories",
            Text("辖区转移矩阵", "matrix by territory"),
            _MATRIX,
            tuple(_matrix(compared, language, territories=True)),
        ),
        Sheet("zones", Text("管控区", "zones"), _ZONES, tuple(_zone_rows(compared, language))),
    ]
    if keeps:
        found.append(Sheet("keeps", Text("三不检查", "three keeps"), _KEEPS, tuple(_keep_rows(keeps, language))))
    if adjustments:
        rows = tuple(_adjustment_rows(adjustments, language))
        found.append(Sheet("adjustments", Text("边界调整", "adjustments"), _ADJUSTMENTS, rows))
    gaps = [change for change in changes.values() if isinstance(change, LayerGap)]
    if gaps:
        rows = tuple((gap.layer, gap.side, gap.reason.get(language)) for gap in gaps)
        heads = (_LAYER, Column("side", Text("哪一方", "side")), Column("reason", Text("原因", "reason")))
        found.append(Sheet("not-compared", Text("未能比较", "not compared"), heads, rows))
    return tuple(found)


_CLASSES = (
    _LAYER,
    Column("class", Text("类别", "class")),
    Column("before", Text("原 m²（线为 m）", "before m² (lines: m)"), 4),
    Column("after", Text("现 m²（线为 m）", "after m² (lines: m)"), 4),
    Column("gained", Text("新增", "gained"), 4),
    Column("lost", Text("减少", "lost"), 4),
    Column("from_other", Text("由他类转入", "from other classes"), 4),
    Column("to_other", Text("转为他类", "to other classes"), 4),
    Column("unknown_before", Text("原数据缺失", "no data before"), 4),
    Column("unknown_after", Text("现数据缺失", "no data after"), 4),
)


def class_sums(change: LayerChange) -> dict[str, tuple[float, ...]]:
    """Return class -> before, after, gained, lost, from and to other classes, no data before and after."""
    found: dict[str, list[float]] = {name: [0.0] * 8 for name in change.layer.classes}
    for totals, at in ((change.townships.before, 0), (change.townships.after, 1)):
        for total in totals:
            found.setdefault(total.class_id, [0.0] * 8)[at] += total.amount
    for cell in change.townships.cells:
        if cell.before == cell.after:
            continue
        if cell.after not in WORDS:
            at = {NONE: 2, NO_DATA: 6}.get(cell.before, 4)
            found[cell.after][at] += cell.amount
        if cell.before not in WORDS:
            at = {NONE: 3, NO_DATA: 7}.get(cell.after, 5)
            found[cell.before][at] += cell.amount
    return {name: tuple(sums) for name, sums in found.items() if sums[0] or sums[1]}


def _class_rows(changes: Iterable[LayerChange], language: Language) -> Iterator[tuple[Value, ...]]:
    for change in changes:
        for name, sums in class_sums(change).items():
            yield change.layer.title.get(language), class_title(change, name, language), *sums


def _matrix(
    changes: Iterable[LayerChange], language: Language, *, territories: bool = False
) -> Iterator[tuple[Value, ...]]:
    for change in changes:
        matrix = change.territories if territories else change.townships
        line = change.unit == "m"
        for cell in matrix.cells:
            yield (
                change.layer.title.get(language),
                cell.place,
                place_name(change, cell.place, language, territory=territories),
                class_title(change, cell.before, language),
                class_title(change, cell.after, language),
                None if line else cell.amount,
                None if line else hectares(cell.amount),
                cell.amount if line else None,
            )


def _zone_rows(changes: Iterable[LayerChange], language: Language) -> Iterator[tuple[Value, ...]]:
    by = {"id": Text("编号", "id"), "area": Text("共有面积", "shared area")}
    for change in changes:
        for zone in change.zones.changes:
            yield (
                change.layer.title.get(language),
                ZONE_KINDS[zone.kind].get(language),
                None if zone.matched_by is None else by[zone.matched_by].get(language),
                zone.id_a,
                zone.id_b,
                zone.name_a,
                zone.name_b,
                "; ".join(class_title(change, name, language) for name in zone.classes_a),
                "; ".join(class_title(change, name, language) for name in zone.classes_b),
                zone.area_a,
                zone.area_b,
                zone.shared,
                "; ".join(zone.what),
            )


def _keep_rows(keeps: Iterable[KeepResult], language: Language) -> Iterator[tuple[Value, ...]]:
    for one in keeps:
        yield (
            one.rule,
            one.territory,
            one.layer,
            ASPECTS[one.aspect].get(language),
            OUTCOMES[one.outcome].get(language),
            hectares(one.before_m2),
            hectares(one.after_m2),
            one.reason.get(language),
            None if one.question is None else one.question.get(language),
            "; ".join(f"{z.id} {hectares(z.before_m2):.4f} -> {hectares(z.after_m2):.4f}" for z in one.zones),
            f"{one.citation.document} {one.citation.section} {one.citation.lines}".strip(),
        )


def _adjustment_rows(found: Iterable[AdjustmentResult], language: Language) -> Iterator[tuple[Value, ...]]:
    for one in found:
        yield (
            one.rule,
            one.territory,
            CHECKS[one.check].get(language),
            MET[one.outcome].get(language),
            one.reason.get(language),
            "; ".join(one.entries),
            f"{one.citation.document} {one.citation.section} {one.citation.lines}".strip(),
        )


def verdict_sheet(changes: Iterable[SiteChange], language: Language) -> Sheet:
    """Return one row per thing that differs."""
    rows = tuple(
        (
            float(site.number),
            site.id,
            site.name,
            site.before,
            site.after,
            TITLES[change.what].get(language),
            change.layer,
            change.class_id,
            change.rule,
            change.territory,
            told(change.before),
            told(change.after),
        )
        for site in changes
        for change in site.changes
    )
    return Sheet("verdicts", Text("结论变化", "changed verdicts"), _VERDICTS, rows)


def told(value: str | float | None) -> str | None:
    """Return what stands in a verdict as text."""
    return f"{value:.4f}" if isinstance(value, float) else value
