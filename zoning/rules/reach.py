"""How far around a site a layer must be known: as far as any rule on it reaches."""

from datetime import date

from zoning.rules.access.lists import places_of_list
from zoning.rules.rulebook import Rulebook


def reach_m(rulebook: Rulebook, layer_id: str, *, accuracy_m: float, search_m: float, on: date) -> float:
    """Return how far around a site the zones of a layer bear on rules and access lists in force on a day.

    Parameters
    ----------
    accuracy_m
        Of layer and site together.
    search_m
        How far nearest zones are looked for in any case.
    """
    distances = [
        rule.distance_m(where, on) + 2 * accuracy_m
        for rule in rulebook.rules
        for where in rule.places
        if where.relation == "within" and where.layer == layer_id and rule.in_force.covers(on)
    ]
    distances += [
        where.reach_m({}) + 2 * accuracy_m
        for edition in rulebook.access_lists.in_force(on)
        for _, where in places_of_list(edition)
        if where.relation == "within" and where.layer == layer_id
    ]
    return max([search_m, *distances])
