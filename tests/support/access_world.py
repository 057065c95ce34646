"""Management units, facts and access lists made in code, and the table files that lists come in."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import Certainty, ClassOverlap, LayerOverlap, Status, ZoneOverlap
from zoning.rules.access.compare import compare
from zoning.rules.access.entries import UnitComparison
from zoning.rules.access.lists import AccessLists, read_access_lists
from zoning.rules.facts import Fact, FactSheet, FactValue, Vocabulary
from zoning.rules.situation import Situation
from zoning.texts import Text

ON = date(2026, 6, 1)
COUNTY = "140522"
PRIORITY, KEY, GENERAL = "ZH14052210001", "ZH14052220001", "ZH14052230001"
DIMENSIONS = ("空间布局约束", "污染物排放管控", "环境风险防控", "资源开发效率要求")
HEADER = ("环境管控单元编码", "环境管控单元名称", "县", "管控单元分类", *DIMENSIONS)

UNITS = Layer.model_validate(
    {
        "id": "management-units",
        "title": {"zh": "管控单元", "en": "management units"},
        "group": "control",
        "authority": {"zh": "某", "en": "some"},
        "source": {"zh": "某", "en": "some"},
        "crs": "EPSG:4490",
        "schematic": True,
        "accuracy_m": "10",
        "id_field": "zone_id",
        "name_field": "name",
        "class_field": "class",
        "classes": {
            name: {"title": {"zh": title, "en": name}, "codes": [name]}
            for name, title in (("priority", "优先保护单元"), ("key", "重点管控单元"), ("general", "一般管控单元"))
        },
        "editions": {"2023": {"file": "a", "valid_from": "2021-01-01"}},
        "coverage": {"territories": ["14"]},
    }
)
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "construction": {
                "title": {"zh": "建设性质", "en": "construction"},
                "question": {"zh": "新建吗？", "en": "new?"},
                "kind": "choice",
                "values": {"new": {"zh": "新建", "en": "new"}, "none": {"zh": "不建设", "en": "none"}},
            },
            "activity": {
                "title": {"zh": "活动类别", "en": "activity"},
                "question": {"zh": "做什么？", "en": "what?"},
                "kind": "choices",
                "values": {
                    "steel": {"zh": "钢铁", "en": "steel"},
                    "coking": {"zh": "焦化", "en": "coking"},
                    "hotel": {"zh": "宾馆", "en": "hotel"},
                },
                "groups": {"industry": {"title": {"zh": "工业", "en": "industry"}, "words": ["steel", "coking"]}},
            },
            "well": {
                "title": {"zh": "打井", "en": "well"},
                "question": {"zh": "打井吗？", "en": "a well?"},
                "kind": "yes_no",
            },
            "water": {
                "title": {"zh": "用水量", "en": "water"},
                "question": {"zh": "多少？", "en": "how much?"},
                "kind": "number",
                "unit": "t/d",
            },
            "unit_access_list": {
                "title": {"zh": "清单结论", "en": "what the list says"},
                "question": {"zh": "怎样？", "en": "what?"},
                "kind": "choice",
                "values": {
                    word: {"zh": word, "en": word}
                    for word in ("encouraged", "guided", "restricted", "prohibited", "not-listed")
                },
            },
        }
    }
)


def fact(name: str) -> Fact:
    """Return a fact of the small vocabulary."""
    return VOCABULARY.facts[name]


def zone(code: str, area_m2: float = 5000.0, piece: BaseGeometry | None = None, **named: str) -> ZoneOverlap:
    """Return a unit that the site overlaps; `piece` also stands for the zone's border, 1 km farther out."""
    found = piece if piece is not None else Polygon()
    return ZoneOverlap(
        id=code,
        name=named.get("name", ""),
        overlap_m2=area_m2,
        length_m=0.0,
        piece=found,
        zone=found.buffer(1000.0) if piece is not None else Polygon(),
        attributes={},
    )


def class_overlap(
    class_id: str, *zones: ZoneOverlap, certainty: Certainty = "certain", assumed: bool = False
) -> ClassOverlap:
    """Return the site against the units of one class."""
    area = sum(found.overlap_m2 for found in zones)
    return ClassOverlap(
        class_id=class_id,
        assumed=assumed,
        zones=zones,
        overlap_m2=area,
        share=area / 10_000.0,
        length_m=0.0,
        certainty=certainty,
        flips_at_m=None,
    )


def overlap(
    *classes: ClassOverlap, uncovered_m2: float = 0.0, status: Status = "affected", covered_m2: float | None = None
) -> LayerOverlap:
    """Return the site of 1 ha against the layer of units."""
    reason = Text("部分范围不在图层覆盖之内", "a part lies outside the coverage") if uncovered_m2 else None
    return LayerOverlap(
        layer="management-units",
        edition="2023",
        status=status,
        accuracy_m=10.0,
        classes=classes,
        uncovered_m2=uncovered_m2,
        covered_m2=sum(found.overlap_m2 for found in classes) if covered_m2 is None else covered_m2,
        reason=reason,
    )


def inside(code: str = GENERAL, class_id: str = "general", name: str = "") -> LayerOverlap:
    """Return a site that lies wholly inside one unit."""
    return overlap(class_overlap(class_id, zone(code, 10_000.0, box(0, 0, 100, 100), name=name)))


def situation(
    units: LayerOverlap | None, facts: Mapping[str, FactValue] | None = None, on: date = ON, territory: str = COUNTY
) -> Situation:
    """Return a site of 1 ha with the facts that are known."""
    overlaps = {} if units is None else {"management-units": units}
    return Situation(territory, 10_000.0, overlaps, {"management-units": UNITS}, FactSheet(facts or {}), on)


def edition_text(clauses: str, units: str = "", **head: str) -> str:
    """Return the file of an edition of county 140522; `head` replaces or adds lines."""
    lines = {
        "title": "{zh: 某县清单, en: list of some county}",
        "issuer": "{zh: 某县, en: some county}",
        "territories": '["140522"]',
        "valid_from": "2021-01-01",
    } | head
    top = "".join(f"{key}: {value}\n" for key, value in lines.items())
    units = units or "".join(f"  - {{code: {code}}}\n" for code in (PRIORITY, KEY, GENERAL))
    return f"{top}units:\n{units}clauses:\n{clauses}"


def clause(number: str = "1-1", level: str = "unit", unit: str | None = GENERAL, **more: str) -> str:
    """Return one clause of a file."""
    named = f", unit: {unit}" if unit is not None else ""
    keys = {"dimension": "spatial-layout", "text": "禁止某事。"} | more
    rest = "".join(f", {key}: {value}" for key, value in keys.items())
    return f"  - {{number: {number}, level: {level}{named}{rest}}}\n"


def lists(folder: Path, **files: str) -> AccessLists:
    """Write editions (name -> content, `_` for `-`) and read them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    return read_access_lists(folder, VOCABULARY)


def workbook(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = (), sheet: str = "清单") -> Path:
    """Write one sheet as .xlsx."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    book.save(path)
    return path


# Lists of the province and of the city, which bind in the units below them.
WIDER = edition_text(
    clause("1-1", "province", None, text="省的要求。")
    + clause("1-2", "province", None, text="优先单元的要求。", classes="[priority]")
    + clause("1-3", "province", None, text="一般单元的要求。", classes="[general, key]"),
    "",
    territories='["14"]',
).replace("units:\n  - {code: ZH14052210001}\n  - {code: ZH14052220001}\n  - {code: ZH14052230001}\n", "")
CITY = edition_text(clause("1-1", "city", None, text="市的要求。"), territories='["1405"]').replace(
    "units:\n  - {code: ZH14052210001}\n  - {code: ZH14052220001}\n  - {code: ZH14052230001}\n", ""
)


CONDITIONS = {
    "steel": {"applies_when": "{construction: new}", "complies_when": "{not: {activity: [industry]}}"},
    "well": {"complies_when": "{well: no}", "effect": "restrict"},
    "water": {"complies_when": "{water: {at_most: 100}}", "effect": "require"},
    "plain": {},
    "concerned": {"applies_when": "{well: yes}"},
}


def check(
    found: AccessLists, units: LayerOverlap | None = None, facts: Mapping[str, FactValue] | None = None, on: date = ON
) -> tuple[UnitComparison, ...]:
    """Compare lists with a site that lies in these units."""
    return compare(found, situation(units or inside(), facts, on), VOCABULARY)
