"""Names of units, and the counties that their codes are given in."""

import pytest
import shapely

from plan_world import SCHEME
from zoning.layers.catalogue import Catalogue
from zoning.planning.units.build import Unit
from zoning.planning.units.members import Edition, Part, Territory
from zoning.planning.units.naming import county_name, county_of, names_of, township_name
from zoning.workspace import Workspace, builtin_root

LAND = shapely.box(0, 0, 1, 1)
COUNTY = Territory("140522", "阳城县", LAND, Edition("territory", "2023", ""))
CITY = Territory("1403", "阳泉市", LAND, Edition("territory", "2023", ""))
LONG_CITY = Territory("140300", "阳泉市", LAND, Edition("territory", "2023", ""))
TOWN = Part("140522100", "凤城镇", "阳城县")
DISTRICT = Part("140322", "盂县", "阳泉市")
VILLAGE = Part("140322101001", "某村", "盂县")


@pytest.mark.parametrize(
    ("part", "territory", "county"),
    [
        (TOWN, COUNTY, "140522"),
        (None, COUNTY, "140522"),
        (DISTRICT, CITY, "140322"),
        (DISTRICT, LONG_CITY, "140322"),
        (VILLAGE, CITY, "140322"),
        # A township of another county says nothing of this one.
        (Part("140502100", "北石店镇"), COUNTY, "140522"),
        (Part("140502100", "北石店镇"), CITY, None),
        (Part("T1", "某镇"), CITY, None),
        (None, CITY, None),
    ],
)
def test_the_county_is_that_of_the_township_else_of_the_territory(
    part: Part | None, territory: Territory, county: str | None
) -> None:
    assert county_of(part, territory) == county


def test_a_county_is_not_named_twice() -> None:
    assert (county_name(TOWN, COUNTY), township_name(TOWN)) == ("阳城县", "凤城镇")
    assert (county_name(DISTRICT, CITY), township_name(DISTRICT)) == ("盂县", "")
    assert (county_name(None, CITY), township_name(None)) == ("阳泉市", "")
    assert county_name(Part("140522101", "北留镇"), COUNTY) == "阳城县"


def unit(rank: int, part: Part | None, kind: int = 0) -> Unit:
    return Unit(LAND, 1.0, rank, kind, part, (), 0.0)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Workspace.open(builtin_root()).catalogue


def names(catalogue: Catalogue, *units: Unit, separate: bool = False) -> list[str]:
    members = {"members": [{"layer": "nature-reserves"}, {"layer": "drinking-water", "classes": ["level-1"]}]}
    plain = SCHEME.model_dump()
    plain |= {"units": "management-units", "separate_members": separate}
    plain["classes"] = {**plain["classes"], "priority": {"digit": 1, **members}}
    return names_of(units, SCHEME.model_validate(plain), catalogue, COUNTY)


def test_a_name_is_county_township_and_class(catalogue: Catalogue) -> None:
    found = names(catalogue, unit(0, TOWN), unit(2, TOWN), unit(1, None))
    assert found == ["阳城县凤城镇优先保护单元", "阳城县凤城镇一般管控单元", "阳城县（未划乡镇）重点管控单元"]


def test_where_members_make_units_of_their_own_they_are_named(catalogue: Catalogue) -> None:
    found = names(catalogue, unit(0, TOWN), unit(0, TOWN, kind=1), separate=True)
    assert found == ["阳城县凤城镇优先保护单元·自然保护区", "阳城县凤城镇优先保护单元·饮用水水源保护区（一级保护区）"]


def test_no_two_units_have_one_name(catalogue: Catalogue) -> None:
    twin = Part("140522199", "凤城镇", "阳城县")
    found = names(catalogue, unit(0, TOWN), unit(0, twin), unit(0, twin))
    assert found == [
        "阳城县凤城镇优先保护单元（140522100）",
        "阳城县凤城镇优先保护单元（140522199）",
        "阳城县凤城镇优先保护单元（140522199）2",
    ]
