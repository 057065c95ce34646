"""What workers do besides commands: a check with all that the page shows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from zoning.check import Refusal, check_sites
from zoning.errors import ZoningError
from zoning.overlay.source import LayerSource
from zoning.quality.neighbours import with_overlap_warnings
from zoning.rules.facts import parse_facts
from zoning.sites import Limits, read_sites
from zoning.workspace import Workspace

Bounds = tuple[float, float, float, float]
_DRAWN_DEGREES = 1e-7  # a centimetre: what is drawn is never measured


@dataclass(slots=True)
class Kept:
    """What a keeper holds open: workspace, source of layers, extent of the territories by day."""

    workspace: Workspace
    source: LayerSource
    extents: dict[date, Bounds]

    def extent(self, on: date) -> Bounds:
        """Return the lon/lat box of the territories on a day."""
        if on not in self.extents:
            self.extents[on] = self.workspace.extent(on, self.source)
        return self.extents[on]


def check(kept: Kept, told: Mapping[str, Any]) -> dict[str, Any]:
    """Read a boundary file and check its footprints.

    Parameters
    ----------
    told
        `file`: path; `on`: day; `facts`: by name; `options`: of `read_sites`.

    Returns
    -------
    dict
        `verdicts` (zoning.verdict/1), `sites` (id, name, GeoJSON geometry in lon/lat), `refused` (zh, en).
        `error` alone (zh, en) when the file cannot be read.
    """
    on = date.fromisoformat(told["on"])
    workspace = kept.workspace
    try:
        options = dict(told.get("options", {}))
        sites = with_overlap_warnings(
            read_sites(Path(told["file"]), expected=kept.extent(on), limits=Limits(), **options)
        )
        facts = parse_facts(workspace.rulebook.vocabulary, told.get("facts", {}), "facts")
    except ZoningError as error:
        return {"error": {"zh": error.text.zh, "en": error.text.en}}
    verdicts, refused, drawn = [], [], []
    for result in check_sites(
        [(site, facts) for site in sites],
        on=on,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=kept.source,
    ):
        if isinstance(result, Refusal):
            refused.append({"zh": result.error.text.zh, "en": result.error.text.en})
        else:
            verdicts.append(json.loads(result.verdict.to_json()))
            shape = json.loads(shapely.to_geojson(shapely.simplify(result.footprint.lonlat, _DRAWN_DEGREES)))
            drawn.append({"id": result.footprint.site.id, "name": result.footprint.site.name, "geometry": shape})
    return {"verdicts": verdicts, "sites": drawn, "refused": refused}


TASKS: dict[str, Callable[[Kept, Mapping[str, Any]], Any]] = {"check": check}
