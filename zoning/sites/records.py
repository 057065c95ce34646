"""From the drawings of one record to its raw footprint: counted against the limits, put together, given a width."""

from collections.abc import Mapping
from typing import Any

from zoning.sites.drawing import Drawing
from zoning.sites.footprint_geometry import assemble
from zoning.sites.limits import Options
from zoning.sites.raw import RawSite
from zoning.sites.where import Where


def raw_site(
    drawings: list[Drawing], where: Where, options: Options, *, width_m: float | None = None, **fields: Any
) -> RawSite:
    """Return one record of a file.

    Parameters
    ----------
    where
        The record, for sentences.
    width_m
        Width or diameter that the file itself states; else that of the options.
    fields
        Further fields of `RawSite`; `repairs` and `warnings` come before those of the geometry.

    Raises
    ------
    SiteError
        When the limits are reached, or the drawings are no footprint.
    """
    options.tally.take(drawings, where)
    options.tally.take_texts(fields.get("attributes", {}), where)
    kinds = {drawing.kind for drawing in drawings}
    if width_m is None:
        width_m = options.diameter_m if kinds == {"point"} else options.width_m
    made = assemble(drawings, where=where, width_m=width_m, crossings=options.limits.crossings)
    thin = "polygon" not in kinds
    own: Mapping[str, Any] = {
        **fields,
        "repairs": (*fields.get("repairs", ()), *made.repairs),
        "warnings": (*fields.get("warnings", ()), *made.warnings),
    }
    return RawSite(where, made.geometry, width_m=width_m if thin else None, **own)
