"""A plan as the tables of a GeoPackage that opens in QGIS as it is drawn on our maps, and reads back as an edition."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely

from zoning.errors import ContentError
from zoning.layers.catalogue import Layer
from zoning.maps.qgis.tables import Table
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.plane_layer import STEP_M
from zoning.planning.units.members import Unseen
from zoning.planning.units.plan import Plan, PlannedUnit
from zoning.planning.units.remarks import remarks_of
from zoning.planning.units.skeleton import TO_FILL, UnitSkeleton
from zoning.quantities import hectares
from zoning.rules.wording.words import STATUSES
from zoning.styles.drawing import source_drawing, uncovered_drawing
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

CRS = "EPSG:4490"
_MATCHES = 1e-9
_OWN = ("county_code", "member", "area_m2", "area_ha", "share_pct", "merged_m2", "kept_from", "made_of")
_NUMBERS = frozenset({"area_m2", "area_ha", "share_pct", "merged_m2", "kept_from"})


def lonlat_of(plan: Plan, plane: MeasuringPlane) -> Geometries:
    """Return the units in longitude and latitude, (n,), each a multipolygon: what is written.

    A vertex that units share is the same point of the plane and becomes the same two numbers.

    Raises
    ------
    ContentError
        When what is written would no longer be the territory: it is read as any layer is, and compared.
    """
    shapes = np.asarray([one.unit.geometry for one in plan.units], dtype=object)
    found = plane.to_lonlat(shapes)
    written = np.empty(len(found), dtype=object)
    written[:] = [shapely.multipolygons(shapely.get_parts(shape)) for shape in found]
    error = written_error(plan, written, plane)
    if not shapely.is_valid(written).all() or abs(error) > _MATCHES:
        raise ContentError(
            f"换算到经纬度后单元不再是辖区的完整划分（面积相差 {error:.2e}）；请换一个精度格网",
            f"in longitude and latitude the units are no partition any more (areas differ by {error:.2e}): "
            "choose another precision grid",
        )
    return written


def written_error(plan: Plan, written: Geometries, plane: MeasuringPlane) -> float:
    """Return by how much the units (n,) in degrees, read as a layer is, differ from the territory: a share of it."""
    from math import fsum

    areas = shapely.area(plane.to_plane(written, CRS, step_m=STEP_M))
    return fsum(areas.tolist()) / plan.built.territory_m2 - 1.0


def tables_of(
    plan: Plan,
    written: Geometries,
    plane: MeasuringPlane,
    skeletons: Sequence[UnitSkeleton],
    stylebook: Stylebook,
    language: Language,
) -> Iterator[Table]:
    """Yield the table of the units (`written`: (n,), degrees), then lineage, what was not seen, and all remarks."""
    layer = plan.catalogue[plan.scheme.units]
    yield _units(plan, layer, written, skeletons, stylebook, language)
    open_ = [one for one in plan.built.unseen if one.open]
    if open_:
        yield _unseen(open_, plane, stylebook, language)
    yield _lineage(plan, language)
    remarks = remarks_of(plan)
    rows = tuple((one.kind, one.text.zh, one.text.en) for one in remarks)
    yield _plain("remarks", ("kind", "zh", "en"), (), rows)


def _units(
    plan: Plan,
    layer: Layer,
    written: Geometries,
    skeletons: Sequence[UnitSkeleton],
    stylebook: Stylebook,
    language: Language,
) -> Table:
    heads = [layer.id_field, layer.name_field, *([layer.class_field] if layer.class_field else [])]
    attributes = [name for name in layer.attributes if name not in heads]
    own = [name for name in _OWN if name not in heads and name not in attributes]
    lists = {one.code: one for one in skeletons}
    rows = []
    for one in plan.units:
        values = _values(plan, one, lists.get(one.code))
        first = [one.code, one.name, *([layer.classes[one.class_id].codes[0]] if layer.class_field else [])]
        rows.append((*first, *(str(values.get(name, "")) for name in attributes), *(values[name] for name in own)))
    drawing = source_drawing(layer, stylebook, language)
    return Table(
        key=layer.id,
        name=layer.id,
        role="zones",
        description=layer.title.get(language),
        fields=(*heads, *attributes, *own),
        texts=frozenset((*heads, *attributes, *(name for name in own if name not in _NUMBERS))),
        rows=tuple(rows),
        geometries=tuple(written),
        drawing=drawing,
        group=layer.group,
    )


def _values(plan: Plan, one: PlannedUnit, skeleton: UnitSkeleton | None) -> Mapping[str, str | float | None]:
    unit = one.unit
    rules = dict.fromkeys(entry.rule for entries in skeleton.sections.values() for entry in entries) if skeleton else {}
    return {
        "county": one.county,
        "county_code": one.county_code,
        "township": one.township,
        "member": one.member,
        "access": f"{TO_FILL.zh}规则 {'、'.join(rules) or '无'}" if skeleton else "",
        "area_m2": unit.area_m2,
        "area_ha": hectares(unit.area_m2),
        "share_pct": unit.area_m2 / plan.built.territory_m2 * 100,
        "merged_m2": unit.merged_m2,
        "kept_from": one.kept_from,
        "made_of": made_of(plan, one),
    }


def made_of(plan: Plan, one: PlannedUnit) -> str:
    """Return the layers of the members of a unit with how many zones and how much of each."""
    layers: dict[str, list[float]] = {}
    for zone, area in one.unit.members:
        layers.setdefault(zone.layer, []).append(area)
    named = ((plan.catalogue[name].title.zh, areas) for name, areas in layers.items())
    return "；".join(f"{title} {len(areas)} 个 {hectares(sum(areas)):.2f} 公顷" for title, areas in named)


def _unseen(open_: Sequence[Unseen], plane: MeasuringPlane, stylebook: Stylebook, language: Language) -> Table:
    title = "not_seen"
    shapes = plane.to_lonlat([one.geometry for one in open_])
    return Table(
        key=title,
        name=title,
        role="uncovered",
        description=STATUSES["no_data"].get(language),
        fields=("layer", "title", "reason", "area_m2"),
        texts=frozenset(("layer", "title", "reason")),
        rows=tuple((one.layer, one.title.get(language), one.reason.get(language), one.area_m2) for one in open_),
        geometries=tuple(
            shapely.multipolygons([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]) for shape in shapes
        ),
        drawing=uncovered_drawing(stylebook.outcomes, title),
    )


def _lineage(plan: Plan, language: Language) -> Table:
    fields = (
        "unit",
        "unit_name",
        "layer",
        "layer_title",
        "edition",
        "zone_id",
        "zone_name",
        "class",
        "area_m2",
        "share_pct",
    )
    rows = tuple(
        (
            one.code,
            one.name,
            zone.layer,
            plan.catalogue[zone.layer].title.get(language),
            zone.edition,
            zone.zone,
            zone.name,
            zone.class_id,
            area,
            area / one.unit.area_m2 * 100,
        )
        for one in plan.units
        for zone, area in one.unit.members
    )
    return _plain("lineage", fields, ("area_m2", "share_pct"), rows)


def _plain(
    name: str, fields: tuple[str, ...], numbers: tuple[str, ...], rows: tuple[tuple[str | float | None, ...], ...]
) -> Table:
    texts = frozenset(name for name in fields if name not in numbers)
    return Table(key=name, name=name, role="list", description=name, fields=fields, texts=texts, rows=rows)
