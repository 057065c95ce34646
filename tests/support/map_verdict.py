"""The verdict of the site of `map_world`: its layers, its findings."""

from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Group
from zoning.rules.verdict import (
    CitationEntry,
    ClassEntry,
    Decision,
    Digests,
    Effect,
    Finding,
    LayerEntry,
    Outcome,
    SiteEntry,
    SliverEntry,
    Trace,
    Verdict,
    ZoneEntry,
)
from zoning.texts import Text

LON, LAT = 112.402, 35.486
TITLES: dict[str, tuple[Group, Text, dict[str, Text]]] = {
    "drinking-water": (
        "protection",
        Text("饮用水水源保护区", "Drinking-water zones"),
        {
            "level-1": Text("一级保护区", "level 1"),
            "level-2": Text("二级保护区", "level 2"),
            "quasi": Text("准保护区", "quasi zone"),
        },
    ),
    "ecological-red-line": (
        "protection",
        Text("生态保护红线", "Ecological red line"),
        {"red-line": Text("生态保护红线", "red line")},
    ),
    "nature-reserves": (
        "protection",
        Text("自然保护区", "Nature reserves"),
        {
            "core-protection": Text("核心保护区", "core zone"),
            "general-control": Text("一般控制区", "general control zone"),
        },
    ),
    "heritage": ("protection", Text("文物保护单位", "Heritage"), {"protection": Text("保护范围", "protected extent")}),
    "permanent-basic-farmland": (
        "agriculture",
        Text("永久基本农田", "Permanent basic farmland"),
        {"field": Text("永久基本农田图斑", "field")},
    ),
    "town-boundary": (
        "town",
        Text("城镇开发边界", "Town development boundary"),
        {"concentrated": Text("集中建设区", "concentrated"), "flexible": Text("弹性发展区", "flexible")},
    ),
    "management-units": (
        "control",
        Text("生态环境管控单元", "Management units"),
        {
            "priority": Text("优先保护单元", "priority"),
            "key": Text("重点管控单元", "key"),
            "general": Text("一般管控单元", "general"),
        },
    ),
    "contaminated-plots": (
        "risk",
        Text("污染地块", "Contaminated plots"),
        {"registered": Text("名录内地块", "registered plot")},
    ),
    "rivers": ("base", Text("河流", "Rivers"), {"huoze": Text("获泽河", "Huoze River")}),
    "transport": (
        "base",
        Text("交通", "Transport"),
        {"railway": Text("铁路", "railway"), "main-road": Text("干线公路", "main road")},
    ),
}


def class_entries(
    layer_id: str, zones: list[tuple[str, str, str, BaseGeometry]], site: BaseGeometry
) -> tuple[ClassEntry, ...]:
    """Return what the verdict says of the classes of a layer."""
    found = []
    for class_id, title in TITLES[layer_id][2].items():
        hits = [
            (i, n, site.intersection(shape)) for c, i, n, shape in zones if c == class_id and site.intersects(shape)
        ]
        if hits:
            area = float(shapely.union_all([piece for _, _, piece in hits]).area)
            length = sum(piece.length for _, _, piece in hits if piece.area == 0)
            found.append(
                ClassEntry(
                    class_=class_id,
                    title=title,
                    assumed=False,
                    zones=tuple(
                        ZoneEntry(id=i, name=n, overlap_m2=p.area, length_m=0 if p.area else p.length)
                        for i, n, p in hits
                    ),
                    overlap_m2=area,
                    share=area / site.area,
                    length_m=length,
                    certainty="certain",
                    flips_at_m=None,
                )
            )
    return tuple(found)


def layer_entry(layer_id: str, classes: tuple[ClassEntry, ...], nearest: float | None) -> LayerEntry:
    """Return what the verdict says of a layer; the reserves have no data."""
    missing = layer_id == "nature-reserves"
    return LayerEntry(
        layer=layer_id,
        title=TITLES[layer_id][1],
        group=TITLES[layer_id][0],
        edition="2022",
        status="no_data" if missing else "affected" if classes else "not_affected",
        reason=Text("图层文件缺失", "the file of the layer is missing") if missing else None,
        accuracy_m=10,
        schematic=True,
        classes=classes,
        nearest_m=None if missing else 0.0 if classes else nearest,
        searched_m=5000,
        slivers=SliverEntry(count=0, sum_m2=0),
        uncovered_m2=0,
        zone_repairs=(),
    )


def finding(
    rule: str, effect: Effect, outcome: Outcome, decision: Decision | None, title: Text, **more: Any
) -> Finding:
    """Return a finding."""
    values: dict[str, Any] = {
        "rule": rule,
        "title": title,
        "territory": "140522",
        "scope": "zone",
        "effect": effect,
        "outcome": outcome,
        "decision": decision,
        "possible_effects": (),
        "blocked": False,
        "verified": True,
        "layer": None,
        "class_": None,
        "overlap_m2": None,
        "share": None,
        "distance_m": None,
        "missing_facts": (),
        "missing_layers": (),
        "conditions": (),
        "reasons": (Text("与该区重叠", "overlaps the zone"),),
        "superseded_by": None,
        "overridden_by": None,
        "also": (),
        "citation": CitationEntry(
            document="yangcheng-2023-43-a",
            title=Text("阳城县“十四五”生态环境保护规划", "Yangcheng County ecological-environment protection plan"),
            number="阳政办发〔2023〕43号",
            issuer=Text("阳城县人民政府办公室", "Office of the County Government"),
            section="第五章第二节 饮用水水源保护",
            lines="L100-110",
            anchor="一级保护区",
            weight="plan",
            verified=True,
            in_force_from=date(2023, 7, 4),
        ),
    }
    return Finding(**{**values, **more})


def findings(layers: dict[str, LayerEntry]) -> tuple[Finding, ...]:
    """Return one finding of every kind."""

    def at(layer: str, class_: str) -> dict[str, Any]:
        found = next((c for c in layers[layer].classes if c.class_ == class_), None)
        return {
            "layer": layer,
            "class_": class_,
            "overlap_m2": found and found.overlap_m2,
            "share": found and found.share,
        }

    no_new = Text(
        "一级保护区内禁止与供水和保护水源无关的建设", "No construction in level-1 zones unless for supply or protection"
    )
    no_waste = Text("二级保护区内禁止新建排放污染物的项目", "No new discharging projects in level-2 zones")
    fields = Text("永久基本农田不得占用，确需占用须依法报批", "Basic farmland must not be used without approval")
    duty = Text("落实管控单元准入清单", "Follow the access list of the unit")
    return (
        finding("R042-yc", "prohibit", "applies", "prohibited", no_new, **at("drinking-water", "level-1")),
        finding(
            "R043-yc",
            "prohibit",
            "undetermined",
            "undetermined",
            no_waste,
            **at("drinking-water", "level-2"),
            missing_facts=("discharges_pollutants",),
            possible_effects=("prohibit",),
        ),
        finding(
            "R060",
            "restrict",
            "applies",
            "restricted",
            fields,
            **at("permanent-basic-farmland", "field"),
            conditions=(Text("依法办理农用地转用和补划", "Conversion approved and replaced"),),
        ),
        finding("R166", "require", "applies", None, duty, **at("management-units", "general")),
        finding(
            "R101",
            "restrict",
            "applies",
            "restricted",
            Text("距铁路 1 km 内露天采矿受限", "Open mining near railways is limited"),
            layer="transport",
            class_="railway",
            distance_m=640.0,
        ),
        finding(
            "R012",
            "prohibit",
            "does_not_apply",
            None,
            Text("红线内禁止开发", "No development inside the red line"),
            layer="ecological-red-line",
        ),
    )


def verdict_of(layers: tuple[LayerEntry, ...], site: BaseGeometry, hits: tuple[Finding, ...]) -> Verdict:
    """Return a whole verdict."""
    return Verdict(
        decision="prohibited",
        blocked=False,
        on=date(2026, 11, 22),
        summary=Text(
            "与一级保护区（下孔村水源一级区）重叠：一级保护区内禁止与供水无关的建设（R042-yc）；另有 1 条规则。",
            "Overlaps level 1 (下孔村水源一级区): no construction in level-1 zones unless for supply (R042-yc).",
        ),
        notice=Text(
            "示意数据，非法定边界。初步研判结果，不作为审批依据。",
            "Schematic data, no legal boundaries. Preliminary check.",
        ),
        site=SiteEntry(
            id="site-1",
            name="下孔村食品加工厂",
            source="下孔村.txt",
            area_m2=site.area,
            area_ha=site.area / 1e4,
            area_mu=site.area * 15e-4,
            crs="EPSG:4525",
            edge_model=Text("直线", "straight edges"),
            stated_area_m2=None,
            territories=("140522",),
            territories_without_rules=(),
            outside_territories_m2=0,
            centre=(LON, LAT),
            repairs=(),
            warnings=(Text("面积与标注不符", "the stated area differs"),),
        ),
        layers=layers,
        findings=hits,
        access_lists=(),
        missing_facts=(),
        missing_layers=(),
        trace=Trace(
            program="zoning",
            workspace="test",
            geometry="",
            crs="EPSG:4525",
            width_m=None,
            facts={},
            derived=(),
            site={},
            measuring_crs="",
            steps=(),
        ),
        digests=Digests(
            site="0" * 64, layers={}, definitions={}, rules="1" * 64, workspace="2" * 64, program="zoning 0.1.0"
        ),
    )
