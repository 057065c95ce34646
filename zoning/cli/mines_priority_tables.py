"""The tables of `zoning mines priority`."""

from typing import TYPE_CHECKING

from zoning.cli.mines_priority_desk import Desk, Products
from zoning.cli.plan_statistics_tables import Head, Sheet, Value
from zoning.mines.priority.document import Evidence, document_of
from zoning.mines.priority.ranking import Ranked, Ranking, reason
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.mines.elevation import Elevation
    from zoning.styles.drawing import Drawing

_RANK = Head(Text("名次", "rank"), 7, 0)
_ID = Head(Text("编号", "id"), 16)
_NAME = Head(Text("名称", "name"), 24)
_PHASE = Head(Text("分期", "phase"), 26)
_SCORE = Head(Text("得分", "score"), 9, 3)
_NO_PHASE = "not-ranked"
_INKS = ("#7A1F2B", "#C2672A", "#DDB65B", "#B9C4A0")
_IN_SIGHT = {
    "yes": Text("可视", "in sight"),
    "no": Text("不可视", "out of sight"),
    "not known": Text("未知", "not known"),
}


def products_of(ranking: Ranking, evidence: Evidence, desk: Desk, elevation: "Elevation | None") -> Products:
    """Return what the command writes."""
    sheets = (_order(ranking), _reasons(ranking), _criteria(ranking), _sight(ranking, evidence), _moves(ranking))
    sheets = (*sheets, _basis(ranking), *((_left_out(ranking),) if ranking.left_out else ()))
    return Products(
        "priority",
        document_of(ranking, evidence),
        ranking.content.title,
        (ranking.content.note, *evidence.notes),
        _shown(ranking),
        sheets,
        _columns(ranking, evidence, desk),
        {} if evidence.viewshed is None or elevation is None else {"priority-sight.tif": _picture(evidence, elevation)},
        _drawing(ranking, desk.session.language),
    )


def _phase(one: Ranked, ranking: Ranking) -> Text:
    phases = ranking.content.phases
    first = phases[one.phase].title
    if one.latest_phase == one.phase:
        return first
    return Text(f"{first.zh}（未定）", f"{first.en} (not settled)")


def _shown(ranking: Ranking) -> Sheet:
    heads = (_RANK, _ID, _SCORE, Head(Text("可能名次", "can be")), Head(Text("理由", "reasons")))
    rows = tuple(
        (one.rank, one.parcel.id, one.score, f"{one.best}–{one.worst}", reason(one, ranking)) for one in ranking.parcels
    )
    return Sheet("shown", Text("顺序", "order"), heads, rows)


def _order(ranking: Ranking) -> Sheet:
    heads = (
        *(_RANK, _ID, _NAME, _PHASE, _SCORE),
        Head(Text("最低", "low"), 8, 3),
        Head(Text("最高", "high"), 8, 3),
        Head(Text("可能名次", "ranks it can have"), 12),
        Head(Text("权重变动时", "when weights move"), 12),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            *(one.rank, one.parcel.id, one.parcel.name, _phase(one, ranking), one.score, one.low, one.high),
            f"{one.best}–{one.worst}",
            f"{one.moves[0]}–{one.moves[1]}",
        )
        for one in ranking.parcels
    )
    return Sheet("order", Text("顺序", "order"), heads, rows)


def _reasons(ranking: Ranking) -> Sheet:
    heads = (_RANK, _ID, _NAME, Head(Text("理由", "reasons"), 100))
    rows = tuple((one.rank, one.parcel.id, one.parcel.name, reason(one, ranking)) for one in ranking.parcels)
    return Sheet("reasons", Text("理由", "reasons"), heads, rows)


def _criteria(ranking: Ranking) -> Sheet:
    heads = (
        *(_RANK, _ID, Head(Text("准则", "criterion"), 26)),
        Head(Text("权重", "weight"), 8, 3),
        Head(Text("分值下限", "score from"), 10, 3),
        Head(Text("分值上限", "score to"), 10, 3),
        Head(Text("贡献下限", "points from"), 10, 3),
        Head(Text("贡献上限", "points to"), 10, 3),
        Head(Text("说明", "why"), 60),
    )
    rows: list[tuple[Value, ...]] = []
    for one in ranking.parcels:
        for part in one.scores:
            weight, title = ranking.weights[part.criterion], ranking.content.criteria[part.criterion].title
            points = (part.low * weight, part.high * weight)
            rows.append((one.rank, one.parcel.id, title, weight, part.low, part.high, *points, part.reason))
    return Sheet("criteria", Text("准则得分", "criteria"), heads, tuple(rows))


def _sight(ranking: Ranking, evidence: Evidence) -> Sheet:
    heads = (
        *(_RANK, _ID, _NAME, Head(Text("可视", "in sight"), 12)),
        Head(Text("可视占比 %", "share in sight %"), 12, 2),
        Head(Text("至多 %", "at most %"), 10, 2),
        Head(Text("线路", "corridor"), 18),
        Head(Text("可视线路 m", "corridor that sees it m"), 14, 0),
        Head(Text("未知线路 m", "not known m"), 14, 0),
        Head(Text("最近可视点 m", "nearest station m"), 14, 0),
        Head(Text("距线路 m", "distance m"), 12, 0),
    )
    rows: list[tuple[Value, ...]] = []
    for one in ranking.parcels:
        sight = evidence.sights.get(one.parcel.id)
        first: tuple[Value, ...] = (one.rank, one.parcel.id, one.parcel.name)
        if sight is None:
            off = evidence.distances_m.get(one.parcel.id)
            rows.append((*first, _IN_SIGHT["not known"], None, None, evidence.corridor, None, None, None, off))
            continue
        share = sight.share or (None, None)
        shares = tuple(None if part is None else part * 100 for part in share)
        rows.extend(
            (
                *(*first, _IN_SIGHT[sight.in_sight], *shares, kind.kind),
                *(kind.visible_m, kind.unknown_m, kind.nearest_m, kind.corridor_m),
            )
            for kind in sight.kinds
        )
    return Sheet("sight", Text("可视分析", "sight"), heads, tuple(rows))


def _moves(ranking: Ranking) -> Sheet:
    part = f"{ranking.content.sensitivity * 100:g} %"
    heads = (
        Head(Text("准则", "criterion"), 30),
        Head(Text("权重", "weight"), 9, 3),
        Head(Text(f"减 {part}", f"less {part}"), 10, 3),
        Head(Text(f"加 {part}", f"plus {part}"), 10, 3),
        Head(Text("名次最大变动", "largest move"), 14, 0),
        Head(Text("图斑", "parcel"), 16),
        Head(Text("变动的图斑数", "parcels that move"), 14, 0),
    )
    rows = tuple(
        (
            ranking.content.criteria[one.criterion].title,
            *(one.weight, one.lower, one.upper, one.largest, one.parcel or None, one.moved),
        )
        for one in ranking.sensitivity
    )
    return Sheet("sensitivity", Text("敏感性", "sensitivity"), heads, rows)


def _basis(ranking: Ranking) -> Sheet:
    content = ranking.content
    heads = (Head(Text("项目", "item"), 36), Head(Text("权重", "weight"), 9, 3), Head(Text("依据", "source"), 90))
    rows: list[tuple[Value, ...]] = [(Text("可视范围", "in sight"), None, content.sight.source)]
    rows += [(one.title, ranking.weights.get(name), one.source) for name, one in content.criteria.items()]
    rows += [(one.title, None, one.source) for one in content.phases.values()]
    rows.append((Text("未知项的取值", "what is not known"), None, content.unknown_source))
    return Sheet("basis", Text("依据", "basis"), heads, tuple(rows))


def _left_out(ranking: Ranking) -> Sheet:
    heads = (_ID, _NAME, Head(Text("未排序的原因", "why it is not ranked"), 40))
    rows = tuple((parcel.id, parcel.name, why.title) for parcel, why in ranking.left_out)
    return Sheet("left-out", Text("未排序", "not ranked"), heads, rows)


def _columns(ranking: Ranking, evidence: Evidence, desk: Desk) -> dict[str, list[Value]]:
    """Return the fields of the GeoPackage, parcels in the order of the desk; None for those that are not ranked."""
    found = {one.parcel.id: one for one in ranking.parcels}
    rows = [(parcel, found.get(parcel.id), evidence.sights.get(parcel.id)) for parcel in desk.parcels]
    return {
        "id": [parcel.id for parcel, _, _ in rows],
        "name": [parcel.name for parcel, _, _ in rows],
        "rank": [None if one is None else one.rank for _, one, _ in rows],
        "rank_best": [None if one is None else one.best for _, one, _ in rows],
        "rank_worst": [None if one is None else one.worst for _, one, _ in rows],
        "phase": [_NO_PHASE if one is None else one.phase for _, one, _ in rows],
        "score": [None if one is None else one.score for _, one, _ in rows],
        "score_low": [None if one is None else one.low for _, one, _ in rows],
        "score_high": [None if one is None else one.high for _, one, _ in rows],
        "in_sight": ["not known" if sight is None else sight.in_sight for _, _, sight in rows],
        "visible_m2": [None if sight is None else sight.visible_m2 for _, _, sight in rows],
        "reason": ["" if one is None else reason(one, ranking) for _, one, _ in rows],
    }


def _drawing(ranking: Ranking, language: Language) -> "Drawing":
    """Return parcels in the colour of their phase, the sooner the darker, with their rank."""
    from zoning.styles.drawing import Category, Drawing, Labels, Outline, Tint
    from zoning.styles.looks import LabelLook

    phases = ranking.content.phases
    entries = [(name, one.title, _INKS[min(n, len(_INKS) - 1)]) for n, (name, one) in enumerate(phases.items())]
    entries.append((_NO_PHASE, Text("未排序", "not ranked"), "#8A857C"))
    categories = tuple(
        Category((name,), title.get(language), (Tint(ink, 0.6), Outline(ink, 0.9))) for name, title, ink in entries
    )
    return Drawing(ranking.content.title.get(language), "polygon", "phase", categories, Labels("rank", LabelLook()))


def _picture(evidence: Evidence, elevation: "Elevation") -> bytes:
    """Return a GeoTIFF: from how many stations each cell of a parcel is seen; -1 elsewhere, -2 where not known."""
    import numpy as np
    from affine import Affine
    from rasterio.io import MemoryFile

    seen = evidence.viewshed
    counts = np.full(elevation.shape, -1, dtype=np.int32)
    if seen is not None:
        counts[seen.cells.rows, seen.cells.columns] = np.where((seen.counts == 0) & seen.doubted, -2, seen.counts)
    rows, columns = elevation.shape
    step = Affine(elevation.width, 0.0, elevation.west, 0.0, -elevation.height, elevation.north)
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=columns, height=rows, count=1, dtype="int32", crs=elevation.crs,
            transform=step, nodata=-1, compress="deflate", tiled=True,
        ) as file:  # fmt: skip
            file.write(counts, 1)
        return bytes(memory.read())
