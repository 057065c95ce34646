"""What stands beside the geometry: ids given twice, codes that contradict the class, fields left empty."""

from collections import defaultdict
from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.planning.audit.issue import Finding
from zoning.planning.audit.kinds import Severity
from zoning.planning.audit.plan import Codes
from zoning.planning.audit.scene import AuditLayer, Scene
from zoning.rules.access.unit_codes import LAND_CODE, normalised
from zoning.texts import Text


def attribute_findings(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    """Yield ids given twice, fields that are empty, and records without geometry."""
    yield from _duplicates(layer)
    yield from _empty(scene, layer)
    lost = 0 if layer.written is None else layer.written.without_geometry
    if lost:
        text = Text(
            f"{layer.layer.title.zh}：{lost} 条记录没有图形，任何核查都看不到它们",
            f"{layer.layer.title.en}: {lost} records have no geometry, no check can see them",
        )
        yield Finding("attribute-missing", (layer.layer.id,), (), text, severity="error", detail="geometry")


def _written_ids(layer: AuditLayer) -> tuple[str, ...]:
    return layer.features.ids if layer.written is None else layer.written.ids


def _duplicates(layer: AuditLayer) -> Iterator[Finding]:
    zones: defaultdict[str, list[int]] = defaultdict(list)
    for zone, written in enumerate(_written_ids(layer)):
        if written:
            zones[written].append(zone)
    for written, same in zones.items():
        if len(same) == 1:
            continue
        classes = {layer.features.class_ids[zone] for zone in same}
        differ = len(classes) > 1
        text = Text(
            f"{layer.layer.title.zh}：编码“{written}”用了 {len(same)} 次{'，类别还不相同' if differ else ''}",
            f"{layer.layer.title.en}: the id '{written}' is given {len(same)} times"
            f"{', to different classes' if differ else ''}",
        )
        place = shapely.point_on_surface(layer.shapes[same[1]])
        yield Finding("duplicate-id", (layer.layer.id,), (written,), text, place, detail="id")


def _empty(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    definition, features = layer.layer, layer.features
    columns: dict[str, tuple[str, ...]] = {definition.id_field: _written_ids(layer)}
    if definition.class_field is not None:
        columns[definition.class_field] = tuple("" if guessed else "x" for guessed in features.assumed)
    for name in scene.plan.attributes.get(definition.id, ()):
        columns[name] = features.names if name == "name" else tuple(row.get(name, "") for row in features.attributes)
    for name, values in columns.items():
        for zone, value in enumerate(values):
            if not value:
                yield _missing(layer, zone, name)


def _missing(layer: AuditLayer, zone: int, name: str) -> Finding:
    definition = layer.layer
    called = layer.name(zone)
    severity: Severity = "error" if name in {definition.id_field, definition.class_field} else "warning"
    if name == definition.class_field:
        text = Text(
            f"{called.zh}：没有类别（{name}），核查按最严的类别处理",
            f"{called.en}: no class ({name}); checks take the strictest",
        )
    else:
        text = Text(f"{called.zh}：缺少 {name}", f"{called.en}: {name} is missing")
    return Finding(
        "attribute-missing",
        (definition.id,),
        (layer.features.ids[zone],),
        text,
        shapely.point_on_surface(layer.shapes[zone]),
        severity=severity,
        detail=name,
    )


def code_findings(scene: Scene, codes: Codes) -> Iterator[Finding]:
    """Yield units whose code is none, contradicts their class, or names another county."""
    layer = scene.need(codes.layer)
    written = _written_ids(layer)
    for zone, class_id in enumerate(layer.features.class_ids):
        if not written[zone]:
            continue
        place = shapely.point_on_surface(layer.shapes[zone])
        told = _code_text(scene, codes, layer, written[zone], class_id, place)
        if told is not None:
            text, note = told
            zones = (layer.features.ids[zone],)
            severity: Severity | None = "note" if note else None
            yield Finding("class-code", (layer.layer.id,), zones, text, place, severity=severity, detail=class_id)


def _code_text(
    scene: Scene, codes: Codes, layer: AuditLayer, written: str, class_id: str, place: BaseGeometry
) -> tuple[Text, bool] | None:
    title = layer.layer.title
    code = LAND_CODE.fullmatch(normalised(written))
    if code is None:
        return Text(
            f"{title.zh}：“{written}”不是管控单元编码（ZH+6位县级代码+类别1/2/3+4位序号）",
            f"{title.en}: '{written}' is no code of a unit (ZH, six digits of the county, class digit, four digits)",
        ), False
    county, digit = code[1], code[2]
    if codes.digits.get(class_id) != digit:
        known = layer.layer.classes[class_id].title
        wanted = codes.digits.get(class_id, "-")
        return Text(
            f"{title.zh}“{written}”：编码的类别位是 {digit}，属性为{known.zh}（应为 {wanted}）",
            f"{title.en} '{written}': the class digit is {digit}, the class is {known.en} ({wanted})",
        ), False
    territory = scene.territory_of(place)
    if territory is not None and not (county.startswith(territory) or territory.startswith(county)):
        return Text(
            f"{title.zh}“{written}”：编码的县级代码是 {county}，单元位于 {territory}；"
            "行政区划代码变更过的，请对照后认可",
            f"{title.en} '{written}': its code names county {county}, it lies in {territory}; accept this where "
            "codes of counties have changed",
        ), True
    return None
