"""Which of the layers of a VCT file holds the footprints: the only one with polygons, or the one that is asked for."""

from dataclasses import dataclass

from zoning.sites.drawing import Kind
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.vct.sheet import FeatureCode, Shape, Sheet
from zoning.sites.where import Where
from zoning.texts import Text, joined

_MEASURES = {"polygon": Text("面", "polygons"), "line": Text("线", "lines"), "point": Text("点", "points")}


@dataclass(frozen=True, slots=True)
class Layer:
    """The objects of one kind with the same feature code."""

    kind: Kind
    code: FeatureCode
    shapes: list[Shape]

    @property
    def text(self) -> Text:
        """Name the layer in a list.

        >>> Layer("polygon", FeatureCode("2001", "地类图斑", "DLTB"), []).text.zh
        '2001 地类图斑 DLTB（0 个）'
        """
        name = " ".join(dict.fromkeys(word for word in (self.code.code, self.code.name, self.code.table) if word))
        return Text(f"{name}（{len(self.shapes)} 个）", f"{name} ({len(self.shapes)})")


def choose(sheet: Sheet, wanted: str | None, where: Where) -> tuple[list[Layer], tuple[Text, ...]]:
    """Return the layers to read and what is to be said about the others.

    Several only when they share the table or the name that the user asks for.

    Raises
    ------
    SiteError
        When there is no object, the choice is open, or the layer asked for does not exist.
    """
    layers = _layers(sheet)
    if not layers:
        raise where.error_of(NO_FEATURES)
    if wanted is not None:
        return _asked_for(layers, wanted, where), ()
    kind = next(kind for kind in _MEASURES if any(layer.kind == kind for layer in layers))
    found = [layer for layer in layers if layer.kind == kind]
    if kind == "line" and sheet.codes and not any(layer.code in sheet.codes for layer in found):
        listed = _listed(found)
        raise where.error(
            f"只有边界线 {listed.zh}，没有由它们组成的面，文件不完整；请重新导出",
            f"it holds boundary lines {listed.en} but no polygons made of them, it was cut off; export it again",
        )
    if len(found) > 1:
        listed = _listed(found)
        raise where.error(
            f"有 {len(found)} 个{_MEASURES[kind].zh}图层；请用 --layer 指定一个（要素代码、名称或表名）：{listed.zh}",
            f"it holds {len(found)} layers of {_MEASURES[kind].en}; choose one with --layer (code, name or table): "
            f"{listed.en}",
        )
    others = [layer for layer in layers if layer.kind != kind and layer.code in sheet.codes]
    return found, (_left(others, where),) if others else ()


def _layers(sheet: Sheet) -> list[Layer]:
    known: dict[str, FeatureCode] = {}
    for code in sheet.codes:
        known.setdefault(code.code, code)
    layers: dict[tuple[Kind, str], Layer] = {}
    for shapes in (sheet.polygons, sheet.lines, sheet.points):
        for shape in shapes:
            key = (shape.kind, shape.code)
            if key not in layers:
                layers[key] = Layer(shape.kind, known.get(shape.code, FeatureCode(shape.code, "", "")), [])
            layers[key].shapes.append(shape)
    return list(layers.values())


def _asked_for(layers: list[Layer], wanted: str, where: Where) -> list[Layer]:
    word = wanted.strip().lower()
    found = [layer for layer in layers if word in {name.lower() for name in _names(layer.code)}]
    if not found:
        listed = _listed(layers)
        raise where.error(
            f"没有图层 {wanted}；可选：{listed.zh}", f"there is no layer {wanted}; there are: {listed.en}"
        )
    # Lines often bear the code of the polygons that they bound.
    kind = next(kind for kind in _MEASURES if any(layer.kind == kind for layer in found))
    return [layer for layer in found if layer.kind == kind]


def _names(code: FeatureCode) -> list[str]:
    return [name for name in (code.code, code.name, code.table) if name]


def _listed(layers: list[Layer]) -> Text:
    most = 20
    named = joined(layer.text for layer in layers[:most])
    more = len(layers) - most
    return Text(f"{named.zh} 等 {len(layers)} 个", f"{named.en} and {more} more") if more > 0 else named


def _left(others: list[Layer], where: Where) -> Text:
    listed = _listed(others)
    return where.sentence(
        f"以下图层没有读取：{listed.zh}；需要时用 --layer 指定",
        f"these layers were not read: {listed.en}; choose one with --layer where it is needed",
    )
