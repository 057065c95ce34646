"""A plan of units made by hand: its units, members, sections and skeletons, without any layer that is read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import shapely

from overlay_world import layer
from zoning.layers.catalogue import Catalogue, ZoneClass
from zoning.planning.units.build import Built, Unit
from zoning.planning.units.members import Edition, MemberZone, Part, Territory, Unseen
from zoning.planning.units.plan import Plan, PlannedUnit
from zoning.planning.units.previous import NOTHING
from zoning.planning.units.scheme import Scheme
from zoning.planning.units.skeleton import Entry, UnitSkeleton
from zoning.texts import Text

ON = date(2026, 6, 1)
X, Y = 671_000.0, 4_519_000.0
LAND = shapely.box(X, Y, X + 100, Y + 100)
WEST, EAST = shapely.box(X, Y, X + 40, Y + 100), shapely.box(X + 40, Y, X + 100, Y + 100)
TOWN = Part("140522100", "凤城镇", "阳城县")
TITLES = {"priority": "优先保护单元", "key": "重点管控单元", "general": "一般管控单元"}
CATALOGUE = Catalogue(
    Path(),
    {
        "units": layer("units", classes=tuple(TITLES)).model_copy(
            update={
                "classes": {name: ZoneClass(title=Text(zh, name), codes=(name.upper(),)) for name, zh in TITLES.items()}
            }
        ),
        "water": layer("water").model_copy(update={"title": Text("水源", "water")}),
        "town": layer("town").model_copy(update={"title": Text("开发边界", "town")}),
    },
    "territory",
)  # fmt: skip
SECTIONS: Sequence[Mapping[str, Any]] = [
    {"dimension": "pollutant-discharge", "rules": ["R048"]},
    {"dimension": "risk-control", "facts": ["supply"]},
    {"dimension": "spatial-layout"},
]


def scheme(sections: Sequence[Mapping[str, Any]] = SECTIONS) -> Scheme:
    """Return a scheme of three classes, with sections of access lists."""
    return Scheme.model_validate(
        {
            "id": "units", "title": {"zh": "方案", "en": "scheme"}, "units": "units", "minimum": 5.0,
            "classes": {
                "priority": {"digit": 1, "members": [{"layer": "water"}]},
                "key": {"digit": 2, "members": [{"layer": "town"}]},
                "general": {"digit": 3},
            },
            "access_list": list(sections),
        }
    )  # fmt: skip


def member(layer_id: str = "water", zone: str = "W1", class_id: str = "level-1", name: str = "下芹") -> MemberZone:
    """Return a zone that units are made of."""
    return MemberZone(layer_id, "2020", zone, name, class_id, assumed=False, rank=0, kind=0)


def unit(
    code: str,
    class_id: str = "priority",
    *members: tuple[MemberZone, float],
    shape: Any = WEST,
    part: Part | None = TOWN,
    **values: Any,
) -> PlannedUnit:
    """Return a unit with its members and the area of each in it."""
    made = Unit(shape, float(shape.area), list(TITLES).index(class_id), 0, part, tuple(members), 0.0)
    plain: dict[str, Any] = {
        "kept_from": None, "name": f"阳城县{code}", "class_id": class_id, "county_code": "140522",
        "county": "阳城县", "township": part.name if part else "", "member": "",
    }  # fmt: skip
    return PlannedUnit(unit=made, code=code, **{**plain, **values})


def plan(*units: PlannedUnit, unseen: Sequence[Unseen] = (), sections: Sequence[Mapping[str, Any]] = SECTIONS) -> Plan:
    """Return a plan of the square of a hectare that is called Yangcheng."""
    territory = Territory("140522", "阳城县", LAND, Edition("territory", "2023", "0" * 64))
    built = Built(territory, tuple(one.unit for one in units), (), (), tuple(unseen), (), 0, 0.0, 0.001)
    return Plan(scheme(sections), CATALOGUE, ON, built, NOTHING, units)


UNIT = unit("ZH14052210001", "priority", (member(), 30.0))
ENTRY = Entry("R001", "prohibit", Text("不得建设", "no building"), Text("《某》一", "some, 一"), True, ("water",))  # noqa: FBT003 - verified
DOUBTFUL = replace(ENTRY, rule="R002", effect="restrict", verified=False)


def skeleton(code: str, **sections: tuple[Entry, ...]) -> UnitSkeleton:
    """Return the skeleton of a unit; sections that are not given are empty."""
    names = ("spatial-layout", "pollutant-discharge", "risk-control", "resource-efficiency")
    return UnitSkeleton(code, {name: sections.get(name.replace("-", "_"), ()) for name in cast("Any", names)})
