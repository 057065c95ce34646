"""Names of units and the counties that their codes are given in.

A unit is called by its county, its township and its class, as published lists do (大良街道重点管控单元 in 顺德区).
"""

import re
from collections import Counter
from collections.abc import Sequence

from zoning.layers.catalogue import Catalogue
from zoning.planning.units.build import Unit
from zoning.planning.units.members import Part, Territory, title_of
from zoning.planning.units.scheme import Scheme

_COUNTY = 6
_TOWNSHIP = re.compile(r"\d{6,12}", re.ASCII)
NO_PART = "（未划乡镇）"


def county_of(part: Part | None, territory: Territory) -> str | None:
    """Return the code of the county that a unit lies in; None where neither township nor territory tells it.

    The code of a township begins with that of its county (GB/T 10114). A city (1403, or 140300) has several.
    """
    city = territory.code.removesuffix("00") if len(territory.code) == _COUNTY else territory.code
    if part is not None and _TOWNSHIP.fullmatch(part.id) and part.id.startswith(city):
        return part.id[:_COUNTY]
    return territory.code if re.fullmatch(r"\d{6}", territory.code, re.ASCII) else None


def county_name(part: Part | None, territory: Territory) -> str:
    """Return the name of the county; where the zones are counties themselves, theirs."""
    if part is None:
        return territory.name
    if is_county(part):
        return part.name
    return part.county or territory.name


def township_name(part: Part | None) -> str:
    """Return the name of the township; empty where there is none, or it is a county."""
    return "" if part is None or is_county(part) else part.name


def is_county(part: Part) -> bool:
    """Tell whether a zone that no unit crosses is a county, not a township."""
    return bool(re.fullmatch(r"\d{6}", part.id, re.ASCII))


def names_of(units: Sequence[Unit], scheme: Scheme, catalogue: Catalogue, territory: Territory) -> list[str]:
    """Return a name for each unit, no two the same."""
    plain = [_name(unit, scheme, catalogue, territory) for unit in units]
    counts = {name: plain.count(name) for name in plain}
    found: list[str] = []
    times: Counter[str] = Counter()
    for unit, name in zip(units, plain, strict=True):
        # Two townships of one name: their codes tell them apart.
        apart = f"{name}（{unit.part.id}）" if counts[name] > 1 and unit.part is not None else name
        times[apart] += 1
        found.append(apart if times[apart] == 1 else f"{apart}{times[apart]}")
    return found


def member_title(unit: Unit, scheme: Scheme, catalogue: Catalogue) -> str:
    """Return what the kind of member is called where members make units of their own; else nothing."""
    members = list(scheme.classes.values())[unit.rank].members
    if not scheme.separate_members or not members:
        return ""
    member = members[unit.kind]
    return title_of(member, catalogue.layers.get(member.layer)).zh


def _name(unit: Unit, scheme: Scheme, catalogue: Catalogue, territory: Territory) -> str:
    class_id = list(scheme.classes)[unit.rank]
    title = catalogue[scheme.units].classes[class_id].title.zh
    kind = member_title(unit, scheme, catalogue)
    several = len(list(scheme.classes.values())[unit.rank].members) > 1
    place = county_name(unit.part, territory) + township_name(unit.part)
    if unit.part is None and scheme.split_by is not None:
        place += NO_PART
    return f"{place}{title}" + (f"·{kind}" if kind and several else "")
