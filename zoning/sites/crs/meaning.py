"""Whether two statements mean the same coordinate system, however each of them is written."""

from zoning.errors import CRSError
from zoning.sites.crs.identify import Identified, identify
from zoning.sites.where import Where


def mean_the_same(one: str, other: str, where: Where) -> bool:
    """Tell whether two statements mean the same system; two that are refused do where the sentence is the same."""
    first, second = _meaning(one, where), _meaning(other, where)
    if isinstance(first, str) or isinstance(second, str):
        return first == second
    return first.code == second.code or bool(first.crs.equals(second.crs, ignore_axis_order=True))


def _meaning(stated: str, where: Where) -> Identified | str:
    """Return the system, or the sentence it is refused with: the same one for the same old datum."""
    try:
        return identify(stated, where)
    except CRSError as refused:
        return refused.text.en
