"""Check project sites against restriction zones: exact areas, rules with citations, reasons anyone can re-run.

The whole way, on the schematic data that come with the program; with your own, open the folder of your workspace.

>>> from datetime import date
>>> from zoning import Verdict, Workspace, builtin_root, read_sites
>>> workspace = Workspace.open(builtin_root())
>>> school, = read_sites(builtin_root() / "examples" / "school.geojson", expected=None)
>>> found = workspace.check(school, {"activity": "other"}, on=date(2026, 6, 1))
>>> found.verdict.decision
'undetermined'
>>> [entry.layer for entry in found.verdict.layers if entry.status == "affected"][:2]
['land-zones', 'livestock-zones']

The verdict as JSON, and from it once more:

>>> text = found.verdict.to_json()
>>> workspace.replay(Verdict.from_json(text)).same
True

Why each rule came out as it did, and a map that needs no network:

>>> [one.finding.rule for one in workspace.explain(found)["140522"] if one.finding.outcome == "applies"][:2]
['EEZ24-1', 'ERL22-2']
>>> page = workspace.site_map(found, "en")
>>> page.startswith("<!DOCTYPE html>")
True

Reports, advice, batches and registers are commands: see `zoning --help`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from zoning.version import __version__ as __version__

if TYPE_CHECKING:
    from zoning.check import Examination, Refusal, check_site, check_sites
    from zoning.errors import ZoningError
    from zoning.replay import Replay, replay_verdict
    from zoning.rules.facts import FactSheet, parse_facts
    from zoning.rules.verdict import Verdict, verdict_schema
    from zoning.settings import Settings
    from zoning.sites import read_sites
    from zoning.sites.site import Site
    from zoning.texts import Text
    from zoning.workspace import Workspace, builtin_root

# Where each public name lives: loaded on first use, so that `import zoning` costs nothing.
_HOMES = {
    "Examination": "zoning.check",
    "FactSheet": "zoning.rules.facts",
    "Refusal": "zoning.check",
    "Replay": "zoning.replay",
    "Settings": "zoning.settings",
    "Site": "zoning.sites.site",
    "Text": "zoning.texts",
    "Verdict": "zoning.rules.verdict",
    "Workspace": "zoning.workspace",
    "ZoningError": "zoning.errors",
    "builtin_root": "zoning.workspace",
    "check_site": "zoning.check",
    "check_sites": "zoning.check",
    "parse_facts": "zoning.rules.facts",
    "read_sites": "zoning.sites",
    "replay_verdict": "zoning.replay",
    "verdict_schema": "zoning.rules.verdict",
}

__all__ = [
    "Examination",
    "FactSheet",
    "Refusal",
    "Replay",
    "Settings",
    "Site",
    "Text",
    "Verdict",
    "Workspace",
    "ZoningError",
    "builtin_root",
    "check_site",
    "check_sites",
    "parse_facts",
    "read_sites",
    "replay_verdict",
    "verdict_schema",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'zoning' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)
