"""Units with names and codes: what is written, printed and registered."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import shapely

from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.overlay import beside
from zoning.overlay.source import LayerSource
from zoning.planning.units.build import Built, Unit, build_units
from zoning.planning.units.codes import Coded, CodeForm, SerialForm, ToCode, UnitForm, assign_codes
from zoning.planning.units.naming import county_name, county_of, member_title, names_of, township_name
from zoning.planning.units.partition import GRID_M
from zoning.planning.units.previous import NONE, Previous, read_previous
from zoning.planning.units.scheme import Scheme, SerialCodes


@dataclass(frozen=True, slots=True, eq=False)
class PlannedUnit:
    """A unit with its name and code.

    Attributes
    ----------
    class_id
        Its class in the layer of units.
    member
        The kind of member that made it, where each makes units of its own; else empty.
    """

    unit: Unit
    code: str
    kept_from: float | None
    name: str
    class_id: str
    county_code: str
    county: str
    township: str
    member: str


@dataclass(frozen=True, eq=False)
class Plan:
    """The units of a territory, ready to become an edition."""

    scheme: Scheme
    catalogue: Catalogue
    on: date
    built: Built
    previous: Previous
    units: tuple[PlannedUnit, ...]

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """Codes of the edition before that lie in this territory and no unit bears any more."""
        kept = {unit.code for unit in self.units}
        land = self.built.territory.geometry
        return tuple(
            one.code
            for one in self.previous.older
            if one.code not in kept
            # What does not meet the territory lies outside with all of its area: that need not be measured.
            and shapely.intersects(land, one.geometry)
            and beside.outside_m2(one.geometry, land) < one.geometry.area / 2
        )

    @property
    def identity_error(self) -> float:
        """By how much the units together differ from the territory, as a share of it."""
        from math import fsum

        return fsum(one.unit.area_m2 for one in self.units) / self.built.territory_m2 - 1.0

    @property
    def incomplete(self) -> bool:
        """Whether a member had no data in the territory or a part of it."""
        return any(one.open for one in self.built.unseen)


def form_of(scheme: Scheme) -> CodeForm:
    """Return how codes are built."""
    if isinstance(scheme.codes, SerialCodes):
        return SerialForm(scheme.codes.word, scheme.codes.digits)
    return UnitForm()


def make_plan(
    source: LayerSource,
    scheme: Scheme,
    territory: str,
    *,
    on: date,
    previous: str | None = NONE,
    grid_m: float = GRID_M,
) -> Plan:
    """Build the units of a territory, name and number them.

    Parameters
    ----------
    previous
        See `zoning.planning.units.previous.read_previous`.

    Raises
    ------
    UsageError, LayerError, ContentError
        See `build_units` and `read_previous`; and when the county of a unit cannot be told.
    """
    built = build_units(source, scheme, territory, on=on, grid_m=grid_m)
    form = form_of(scheme)
    before = read_previous(source, scheme, form, previous, on)
    counties = [_county(unit, built) for unit in built.units]
    classes = list(scheme.classes.items())
    wanted = [
        ToCode(unit.geometry, county, unit.rank, classes[unit.rank][1].digit)
        for unit, county in zip(built.units, counties, strict=True)
    ]
    codes = assign_codes(wanted, before.older, retired=before.retired, form=form)
    names = names_of(built.units, scheme, source.catalogue, built.territory)
    units = [
        _planned(unit, coded, name, county, scheme, source.catalogue, built)
        for unit, coded, name, county in zip(built.units, codes, names, counties, strict=True)
    ]
    return Plan(scheme, source.catalogue, on, built, before, tuple(units))


def _planned(
    unit: Unit, coded: Coded, name: str, county: str, scheme: Scheme, catalogue: Catalogue, built: Built
) -> PlannedUnit:
    return PlannedUnit(
        unit=unit,
        code=coded.code,
        kept_from=coded.kept_from,
        name=name,
        class_id=list(scheme.classes)[unit.rank],
        county_code=county,
        county=county_name(unit.part, built.territory),
        township=township_name(unit.part),
        member=member_title(unit, scheme, catalogue),
    )


def _county(unit: Unit, built: Built) -> str:
    found = county_of(unit.part, built.territory)
    if found is None:
        code, name = built.territory.code, unit.part.name if unit.part else "—"
        raise ContentError(
            f"无法确定单元所在的县：辖区 {code} 不是 6 位县级代码，乡镇“{name}”的编号也不以县级代码开头"
            f"（面积 {unit.area_m2:.2f} m²）；请在乡镇图层补全编号和范围",
            f"the county of a unit cannot be told: territory {code} is no county code of six digits, and the id of "
            f"township '{name}' does not begin with one ({unit.area_m2:.2f} m²): complete the layer of townships",
        )
    return found
