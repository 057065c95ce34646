"""From the lines of the chosen layer to records: rings, holes, names, and what may not be left out in silence."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from zoning.errors import SiteError
from zoning.sites.cad.curve_repairs import SAGITTA_M, curve_repair
from zoning.sites.cad.curves import Array, flat_path
from zoning.sites.cad.entities import FILLINGS
from zoning.sites.cad.grouping import Grouped, Parcel, Ring, Shapes, group
from zoning.sites.cad.inner_lines import check_holes, lines_inside
from zoning.sites.cad.layer_choice import LayerLines, gap, kinds_of
from zoning.sites.cad.outlines import CLOSING_M, Outline, area
from zoning.sites.cad.shapes import Mark, Note, Path
from zoning.sites.cad.units import Unit
from zoning.sites.drawing import Drawing
from zoning.sites.footprint_geometry import closed_rings
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import RawSite
from zoning.sites.records import raw_site
from zoning.sites.where import Where
from zoning.texts import Text

_WITHIN_M = 0.01
_WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Footprints:
    """The records of the chosen layer, and what is to be said about all of them."""

    sites: tuple[RawSite, ...]
    warnings: tuple[Text, ...]


def footprints(
    layer: LayerLines,
    notes: Sequence[Note],
    unit: Unit,
    decode: Callable[[bytes], str],
    options: Options,
    where: Where,
) -> Footprints:
    """Return one record for each outer ring, or for each line when there are only lines and they have a width.

    Raises
    ------
    SiteError
        When nothing is closed, or something that may be a boundary would be left out.
    """
    _check_readable(layer, where)
    if not layer.outlines:
        return Footprints(_lines(layer, unit, options, where), ())
    tally = Tally(options.limits)
    rings = [
        Ring(outline, outline.ring(SAGITTA_M * unit.metre, lambda n: tally.count("vertices", n, where)))
        for outline in layer.outlines
    ]
    grouped = group(rings, CLOSING_M * unit.metre, options.limits.crossings)
    for parcel in grouped.parcels:
        check_holes(parcel, layer.name, unit.metre, where)
    shells = np.array([_polygon(parcel.shell) for parcel in grouped.parcels], dtype=object)
    inside = _check_outside(layer, shells, unit, where)
    names = _names(shells, notes, decode)
    ids = _ids([parcel.shell.outline.mark for parcel in grouped.parcels])
    sites = tuple(
        _site(parcel, where.at_record(number), layer, unit, options, stated_name=name, stated_id=identifier)
        for number, (parcel, name, identifier) in enumerate(zip(grouped.parcels, names, ids, strict=True), 1)
    )
    return Footprints(sites, (*_double_warnings(grouped, layer, where), *inside))


def _check_readable(layer: LayerLines, where: Where) -> None:
    """Refuse a layer with entities that may be the boundary and cannot be read."""
    if not layer.unplaced:
        return
    first = layer.unplaced[0]
    place = where.at_line(first.mark.line) if first.mark.line else where
    named = _handle(first.mark)
    if first.damaged:
        raise place.error(
            f"{first.mark.kind}{named.zh}缺少坐标、数字有误或不完整；请在 CAD 中检查（AUDIT）后重新导出",
            f"the {first.mark.kind}{named.en} lacks coordinates or holds wrong numbers; check it in the CAD program "
            "(AUDIT) and export it again",
        )
    kinds = kinds_of(layer.unplaced)
    if first.mark.kind in ("XREF", "INSERT"):
        raise place.error(
            f"图层 {layer.name} 上的外部参照或图块没有内容{named.zh}；请绑定外部参照（XREF→绑定）后重新导出",
            f"a block or external reference on layer {layer.name} has no content{named.en}; bind it (XREF, bind) and "
            "export the drawing again",
        )
    if first.clipped:
        raise place.error(
            f"图层 {layer.name} 上的图块 {first.clipped}{named.zh}被裁剪（XCLIP），只显示一部分，裁剪后的范围不能读取；"
            "请取消裁剪，或照裁剪后的样子画出闭合的多段线后重新导出",
            f"the block {first.clipped}{named.en} on layer {layer.name} is clipped (XCLIP): only a part of it is shown "
            "and that part is not read; remove the clip, or draw what is shown as a closed polyline, and export the "
            "drawing again",
        )
    raise place.error(
        f"图层 {layer.name} 上有 {kinds.zh}，不能读取，可能是边界；"
        "请转换为闭合的多段线（面域用 EXPLODE 再 PEDIT 合并），或移到别的图层",
        f"layer {layer.name} holds {kinds.en}, which cannot be read and may be the boundary; convert it to closed "
        "polylines (EXPLODE, then join with PEDIT), or move it to another layer",
    )


def _handle(mark: Mark) -> Text:
    if not mark.handle:
        return Text("", "")
    return Text(f"（句柄 {mark.handle}）", f" (handle {mark.handle})")


def _polygon(ring: Ring) -> shapely.Polygon:
    return shapely.Polygon(ring.points[:, :2])


def _lines(layer: LayerLines, unit: Unit, options: Options, where: Where) -> tuple[RawSite, ...]:
    """Return the open lines of a layer, which need a width."""
    if not layer.open:
        raise where.error(
            f"图层 {layer.name} 上没有闭合的线；请改用边界所在的图层，或用闭合的多段线绘制",
            f"layer {layer.name} holds no closed line; name the layer of the boundary, or draw it as a closed polyline",
        )
    if options.width_m is None:
        raise _not_closed(layer, unit, where)
    tally = Tally(options.limits)
    ids = _ids([chain[0].mark for chain in layer.open])
    return tuple(
        raw_site(
            [Drawing("line", (_points(chain, unit, tally, where),))],
            where.at_record(number),
            options,
            attributes=_attributes(chain[0].mark, layer),
            stated_id=identifier,
            repairs=curve_repair([Outline(chain)], unit.metre),
        )
        for number, (chain, identifier) in enumerate(zip(layer.open, ids, strict=True), 1)
    )


def _points(chain: tuple[Path, ...], unit: Unit, tally: Tally, where: Where) -> Array:
    return flat_path(Outline(chain).pieces, SAGITTA_M * unit.metre, lambda n: tally.count("vertices", n, where))


def _not_closed(layer: LayerLines, unit: Unit, where: Where) -> SiteError:
    if layer.branches:
        x, y = layer.branches[0].tolist()
        return where.error(
            f"图层 {layer.name} 上没有闭合的线：在 ({x:.10g}, {y:.10g}) 等 {len(layer.branches)} 处有三条以上的线相接，"
            "走向不明；请在 CAD 中用 BOUNDARY 生成闭合的多段线后重新导出",
            f"no line on layer {layer.name} is closed: at ({x:.10g}, {y:.10g}) and {len(layer.branches) - 1} other "
            "places three or more lines meet, so that the way of the boundary is not clear; make closed polylines with "
            "BOUNDARY in the CAD program and export again",
        )
    chain = min(layer.open, key=gap)
    mark = chain[0].mark
    named, size = _handle(mark), gap(chain) / unit.metre
    x, y = chain[-1].ends[1].tolist()
    if size <= CLOSING_M:
        return where.error(
            f"图层 {layer.name} 上的 {mark.kind}{named.zh}首尾相接却围不成面（来回重合）；请按边界重新绘制",
            f"the {mark.kind}{named.en} on layer {layer.name} comes back the way it went and encloses nothing; draw "
            "the boundary again",
        )
    return where.error(
        f"图层 {layer.name} 上没有闭合的线：{mark.kind}{named.zh}的首末点相距 {size:.3f} m，"
        f"末点在 ({x:.10g}, {y:.10g})；请在 CAD 中闭合（PEDIT→闭合）后重新导出，"
        "若是线状工程请用 --width 说明宽度（米）",
        f"no line on layer {layer.name} is closed: the ends of the {mark.kind}{named.en} are {size:.3f} m apart, the "
        f"last one at ({x:.10g}, {y:.10g}); close it in the CAD program (PEDIT, close) and export again, for a linear "
        "project give its width in metres with --width",
    )


def _check_outside(layer: LayerLines, shells: Shapes, unit: Unit, where: Where) -> tuple[Text, ...]:
    """Refuse open lines and faces outside of the outlines: they may be a parcel that is not closed."""
    chains = [(chain[0].mark, Outline(chain).coarse()) for chain in layer.open]
    thin = [*chains, *((entity.mark, entity.points[:, :2]) for entity in layer.unread if len(entity.points))]
    if not thin:
        return ()
    cover = shapely.union_all(shapely.make_valid(shells)).buffer(_WITHIN_M * unit.metre)
    shapely.prepare(cover)
    parts = np.array([shapely.MultiPoint(p) if len(p) < 2 else shapely.LineString(p) for _, p in thin], dtype=object)  # noqa: PLR2004 - a point alone
    within = shapely.covers(cover, parts)
    if within.all():
        text = where.sentence(
            f"图层 {layer.name} 上在范围以内的 {len(thin)} 条未闭合的线或填充不计入范围",
            f"{len(thin)} open lines or faces of layer {layer.name} within the outlines are not part of the footprint",
        )
        return (text,)
    first = int(np.argmin(within))
    raise _left_outside(layer, first, int((~within).sum()), unit, where, thin[first])


def _left_outside(
    layer: LayerLines, first: int, count: int, unit: Unit, where: Where, thin: tuple[Mark, Array]
) -> SiteError:
    mark, points = thin
    named = _handle(mark)
    x, y = points[0].tolist()
    size = gap(layer.open[first]) / unit.metre if first < len(layer.open) else None
    apart = ("", "") if size is None else (f"，首末点相距 {size:.3f} m", f", its ends {size:.3f} m apart")
    return where.error(
        f"图层 {layer.name} 上除闭合图形外还有 {count} 条未闭合的线或填充伸出范围，例如 {mark.kind}{named.zh}"
        f"起点 ({x:.10g}, {y:.10g}){apart[0]}；若是边界请闭合（PEDIT→闭合），否则请移到别的图层",
        f"besides closed lines layer {layer.name} holds {count} open lines or faces outside of them, such as the "
        f"{mark.kind}{named.en} from ({x:.10g}, {y:.10g}){apart[1]}; close it (PEDIT, close) if it is a boundary, else "
        "move it to another layer",
    )


def _names(shells: Shapes, notes: Sequence[Note], decode: Callable[[bytes], str]) -> list[str]:
    """Name every outline by the text inside it, where there is exactly one with words."""
    from ezdxf.tools.text import fast_plain_mtext, plain_text

    worded = []
    for note in notes:
        raw = decode(note.content)
        plain = fast_plain_mtext(raw) if note.mark.kind == "MTEXT" else plain_text(raw)
        text = " ".join(str(plain).split())
        if _WORD.search(text):
            worded.append((text, note.at[:2]))
    names = [""] * len(shells)
    if not worded:
        return names
    tree = shapely.STRtree([shapely.Point(at) for _, at in worded])
    shapely.prepare(shells)
    found: dict[int, list[str]] = {}
    for shell, note_number in tree.query(shells, predicate="intersects").T.tolist():
        found.setdefault(shell, []).append(worded[note_number][0])
    for shell, texts in found.items():
        if len(texts) == 1:
            names[shell] = texts[0]
    return names


def _ids(marks: Sequence[Mark]) -> list[str]:
    """Return the handles, numbered where one entity gives several records."""
    total: dict[str, int] = {}
    for mark in marks:
        total[mark.handle] = total.get(mark.handle, 0) + 1
    seen: dict[str, int] = {}
    ids = []
    for mark in marks:
        seen[mark.handle] = seen.get(mark.handle, 0) + 1
        several = mark.handle and total[mark.handle] > 1
        ids.append(f"{mark.handle}-{seen[mark.handle]}" if several else mark.handle)
    return ids


def _attributes(mark: Mark, layer: LayerLines) -> dict[str, str]:
    found = {"图层": layer.name, "句柄": mark.handle, "实体": mark.kind}
    return {name: value for name, value in found.items() if value}


def _site(
    parcel: Parcel, where: Where, layer: LayerLines, unit: Unit, options: Options, *, stated_name: str, stated_id: str
) -> RawSite:
    rings = [parcel.shell, *parcel.holes]
    outlines = [ring.outline for ring in rings]
    gaps = sum(outline.gap > 0 for outline in outlines)
    return raw_site(
        [Drawing("polygon", tuple(_plain(ring.points) for ring in rings))],
        where,
        options,
        attributes=_attributes(parcel.shell.outline.mark, layer),
        stated_id=stated_id,
        stated_name=stated_name,
        repairs=(*closed_rings(gaps), *curve_repair(outlines, unit.metre)),
        warnings=(*_joined_warning(outlines, where), *_hole_warning(parcel, unit, where)),
    )


def _plain(points: Array) -> Array:
    """Leave out heights that say nothing."""
    return points if points[:, 2].any() else points[:, :2]


def _joined_warning(outlines: list[Outline], where: Where) -> tuple[Text, ...]:
    joined = (outline for outline in outlines if outline.mark.kind not in FILLINGS)
    lines = sum(len(outline.paths) for outline in joined if len(outline.paths) > 1)
    if not lines:
        return ()
    return (
        where.sentence(
            f"边界由 {lines} 条首尾相接的线合成", f"the boundary was put together from {lines} lines joined end to end"
        ),
    )


def _hole_warning(parcel: Parcel, unit: Unit, where: Where) -> tuple[Text, ...]:
    drawn = [abs(area(hole.points)) / unit.metre**2 for hole in lines_inside(parcel)]
    if not drawn:
        return ()
    size = f"{sum(drawn):.1f}"
    return (
        where.sentence(
            f"其内有 {len(drawn)} 个闭合图形（共约 {size} m²），按扣除处理；若不是扣除部分，请移到别的图层",
            f"{len(drawn)} closed lines inside it (about {size} m² together) were taken as holes; if they are none, "
            "move them to another layer",
        ),
    )


def _double_warnings(grouped: Grouped, layer: LayerLines, where: Where) -> tuple[Text, ...]:
    said = []
    if grouped.doubles:
        said.append(
            where.sentence(
                f"图层 {layer.name} 上有 {grouped.doubles} 个重复的闭合图形，只计一次",
                f"{grouped.doubles} closed lines on layer {layer.name} are drawn twice and were counted once",
            )
        )
    if grouped.nearly_doubles:
        said.append(
            where.sentence(
                f"图层 {layer.name} 上有 {grouped.nearly_doubles} 对几乎重合的闭合图形，都作为单独的地块读取；请核对",
                f"{grouped.nearly_doubles} pairs of closed lines on layer {layer.name} nearly coincide and were read "
                "as sites of their own; check them",
            )
        )
    return tuple(said)
