"""Which layer holds the boundary: the one that the user names, else the only one that can; never the likeliest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely

from zoning.errors import SiteError
from zoning.sites.cad.curves import Array
from zoning.sites.cad.outlines import Outline, is_circle, points_at
from zoning.sites.cad.shapes import Path, Unread
from zoning.sites.where import Where
from zoning.texts import Text, joined

_NEARLY = 0.4
"""A line is nearly closed when its gap is at most this share of its length: three sides of a square are."""

_SYMBOL_M = 2.0
_MOST_LISTED = 12
_HECTARE = 10_000.0
_BOUNDARY_NAME = re.compile(
    r"红线|范围|界址|权属|用地|征地|项目区|矿界|矿区|边界|^(jzd|jzx|dk|ydhx|fw|fwx|yd|zd|hx|kq|kj|boundary|border)$",
    re.IGNORECASE,
)


@dataclass
class LayerLines:
    """What a layer holds, as far as it is shown.

    Attributes
    ----------
    open
        Chains of lines that enclose nothing.
    branches
        Places where three or more ends of lines meet.
    """

    name: str
    outlines: list[Outline] = field(default_factory=list)
    open: list[tuple[Path, ...]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    branches: list[Array] = field(default_factory=list)

    @cached_property
    def nearly(self) -> list[tuple[Path, ...]]:
        """Chains that somebody meant to close."""
        return [chain for chain in self.open if is_nearly_closed(chain)]

    @property
    def unplaced(self) -> list[Unread]:
        """Entities that may be the boundary and cannot be read."""
        return [entity for entity in self.unread if len(entity.points) == 0]

    @property
    def counts(self) -> bool:
        """Whether the boundary may lie here."""
        return bool(self.outlines or self.nearly or self.unplaced or self.branches)


def gap(chain: Sequence[Path]) -> float:
    """Return the distance between both ends of a chain, in units of the drawing."""
    return float(np.hypot(*(chain[-1].ends[1] - chain[0].ends[0])))


def is_nearly_closed(chain: Sequence[Path]) -> bool:
    """Tell whether the ends lie near each other for the length of the line."""
    points = Outline(tuple(chain)).coarse()
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    return len(points) > 3 and gap(chain) <= _NEARLY * length  # noqa: PLR2004 - a triangle at least


def without_symbols(layers: Mapping[str, LayerLines], tolerance: float, metre: float) -> dict[str, int]:
    """Take the symbols of boundary points away: small circles and blocks that sit on a vertex of an outline.

    Returns
    -------
        How many were taken away, by layer.
    """
    hosts: list[Array] = []
    small: list[tuple[LayerLines, Outline | tuple[Path, ...], Array]] = []
    for layer in layers.values():
        for outline in layer.outlines:
            at = _symbol_at(outline, tolerance, metre)
            if at is None:
                hosts.append(outline.vertices())
            else:
                small.append((layer, outline, at))
        for chain in layer.open:
            at = _symbol_at(Outline(chain), tolerance, metre)
            if at is not None:
                small.append((layer, chain, at))
    if not small or not hosts:
        return {}
    vertices = shapely.STRtree(points_at(np.unique(np.concatenate(hosts), axis=0)))
    places = points_at(np.array([at for _, _, at in small]))
    found = set(vertices.query(places, predicate="dwithin", distance=5 * tolerance)[0].tolist())
    taken: dict[str, int] = {}
    dropped = {id(small[i][1]) for i in found}
    for i in found:
        taken[small[i][0].name] = taken.get(small[i][0].name, 0) + 1
    for layer in layers.values():
        layer.outlines = [outline for outline in layer.outlines if id(outline) not in dropped]
        layer.open = [chain for chain in layer.open if id(chain) not in dropped]
    return taken


def _symbol_at(outline: Outline, tolerance: float, metre: float) -> Array | None:
    """Return the place that a small circle or a line of a block marks, None where it is no symbol."""
    circle = is_circle(outline, tolerance)
    if circle is not None and circle[1] <= _SYMBOL_M * metre:
        return circle[0]
    at = outline.paths[0].symbol_at
    if at is None or len(outline.paths) > 1:
        return None
    return at if np.abs(outline.coarse() - at).max() <= _SYMBOL_M * metre else None


def choose(
    layers: Mapping[str, LayerLines], stated: str | None, others: Sequence[str], metre: float, where: Where
) -> LayerLines:
    """Return the layer with the boundary.

    Parameters
    ----------
    layers
        By folded name.
    others
        Names of further layers with lines, for sentences.

    Raises
    ------
    SiteError
        When the stated layer does not exist or encloses nothing, or several may hold the boundary.
    """
    if stated is not None:
        layer = layers.get(stated.casefold())
        if layer is None:
            raise _no_such_layer([*(layer.name for layer in layers.values()), *others], stated, where)
        return layer
    likely = [layer for layer in layers.values() if layer.counts]
    if len(likely) == 1 and not is_boundary_name(likely[0].name):
        # A rectangle without its long side is far from closed; its name still says what it is.
        likely += [layer for layer in layers.values() if layer.open and is_boundary_name(layer.name)]
        likely = list({layer.name: layer for layer in likely}.values())
    if len(likely) > 1:
        raise _several(likely, metre, where)
    if likely:
        return likely[0]
    drawn = [layer for layer in layers.values() if layer.open]
    if len(drawn) == 1:
        return drawn[0]
    if drawn:
        raise _several(drawn, metre, where, nothing_closed=True)
    raise where.error(
        "模型空间里没有能作为边界的线；请只导出边界所在的图层，用闭合的多段线（LWPOLYLINE）绘制",
        "the model space holds no line that could be a boundary; export the layer of the boundary, drawn as a closed "
        "polyline",
    )


def check_hidden(layer: LayerLines, hidden: Sequence[str], where: Where) -> None:
    """Refuse to read any layer in the place of a hidden one with closed lines that is named as the boundary.

    Raises
    ------
    SiteError
    """
    named = sorted(name for name in hidden if is_boundary_name(name))
    if not named or is_boundary_name(layer.name):
        return
    raise where.error(
        f"图层 {named[0]} 上有闭合图形，但已关闭、冻结或隐藏，按名称像是边界；可见的图形在图层 {layer.name} 上；"
        "请用 --layer 指定边界所在的图层",
        f"layer {named[0]} holds closed lines and by its name may be the boundary, but is off, frozen or hidden; what "
        f"is shown lies on layer {layer.name}; name the layer of the boundary with --layer",
    )


def is_boundary_name(name: str) -> bool:
    """Tell whether a layer is named as those of boundaries are: a hint in a question, never an answer."""
    return _BOUNDARY_NAME.search(name) is not None


def _no_such_layer(found: Sequence[str], stated: str, where: Where) -> SiteError:
    names = sorted(set(found))
    zh, en = "、".join(names[:_MOST_LISTED]), ", ".join(names[:_MOST_LISTED])
    more = ("……", " ...") if len(names) > _MOST_LISTED else ("", "")
    return where.error(
        f"没有图层 {stated}，或其中没有线；有线的图层：{zh or '无'}{more[0]}",
        f"there is no layer {stated}, or no line on it; layers with lines: {en or 'none'}{more[1]}",
    )


def _several(likely: list[LayerLines], metre: float, where: Where, *, nothing_closed: bool = False) -> SiteError:
    """Return the refusal with what every layer holds, the largest first."""
    ranked = sorted(likely, key=lambda layer: -_size(layer))
    listed = [_described(layer, metre) for layer in ranked[:_MOST_LISTED]]
    more = len(likely) - len(listed)
    zh = "；".join(text.zh for text in listed) + (f"；另有 {more} 个" if more else "")
    en = "; ".join(text.en for text in listed) + (f"; and {more} more" if more else "")
    hint = next((layer.name for layer in ranked if _BOUNDARY_NAME.search(layer.name)), None)
    ask = Text("请用 --layer 指定边界所在的图层", "name the layer of the boundary with --layer")
    if hint is not None:
        ask = Text(f"{ask.zh}（按名称像是 {hint}）", f"{ask.en} (by its name it may be {hint})")
    head = Text(f"有 {len(likely)} 个图层可能是边界", f"{len(likely)} layers may hold the boundary")
    if nothing_closed:
        head = Text(
            f"没有闭合的线，{len(likely)} 个图层有未闭合的线",
            f"no line is closed, {len(likely)} layers hold open ones",
        )
    return where.error(f"{head.zh}：{zh}；{ask.zh}", f"{head.en}: {en}; {ask.en}")


def _size(layer: LayerLines) -> float:
    return sum(abs(outline.size()) for outline in layer.outlines)


def _described(layer: LayerLines, metre: float) -> Text:
    parts: list[Text] = []
    if layer.outlines:
        count = len(layer.outlines)
        size = _area_text(_size(layer)) if metre == 1 else Text("", "")
        parts.append(Text(f"{count} 个闭合图形{size.zh}", f"{count} closed line{'s' * (count != 1)}{size.en}"))
    lines = layer.nearly or ([] if layer.counts else layer.open)
    if lines:
        widest = min(gap(chain) for chain in lines) / metre
        parts.append(
            Text(
                f"{len(lines)} 条未闭合的线，首末点至少相距 {widest:.3f} m",
                f"{len(lines)} open line{'s' * (len(lines) != 1)} with a gap of at least {widest:.3f} m",
            )
        )
    if layer.branches:
        count = len(layer.branches)
        parts.append(Text(f"{count} 处有三条以上的线相接", f"three or more lines meet at {count} places"))
    if layer.unplaced:
        kinds = kinds_of(layer.unplaced)
        parts.append(Text(f"{kinds.zh}，不能读取", f"{kinds.en}, which cannot be read"))
    inner = joined(parts, "，", ", ")
    return Text(f"{layer.name}（{inner.zh}）", f"{layer.name} ({inner.en})")


def kinds_of(unread: Sequence[Unread]) -> Text:
    """Count entities by type."""
    counts: dict[str, int] = {}
    for entity in unread:
        counts[entity.mark.kind] = counts.get(entity.mark.kind, 0) + 1
    items = sorted(counts.items())
    return Text("、".join(f"{n} 个 {kind}" for kind, n in items), ", ".join(f"{n} {kind}" for kind, n in items))


def _area_text(size: float) -> Text:
    if size >= _HECTARE:
        return Text(f"，约 {size / _HECTARE:.2f} 公顷", f", about {size / _HECTARE:.2f} ha")
    return Text(f"，约 {size:.1f} m²", f", about {size:.1f} m²")
