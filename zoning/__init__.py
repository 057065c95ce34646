"""Check project sites against restriction zones: exact areas, rules with citations, reasons anyone can re-run.

>>> from zoning import Text
>>> Text("地块", "site").get("en")
'site'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoning.check import Examination, Refusal, Settings, check_site, check_sites
    from zoning.errors import ZoningError
    from zoning.replay import replay_verdict
    from zoning.rules.facts import FactSheet, parse_facts
    from zoning.rules.verdict import Verdict, verdict_schema
    from zoning.sites import read_sites
    from zoning.sites.site import Site
    from zoning.texts import Text
    from zoning.workspace import Workspace, builtin_root

__version__ = "0.6.0"

# Where each public name lives: loaded on first use, so that `import zoning` costs nothing.
_HOMES = {
    "Examination": "zoning.check",
    "FactSheet": "zoning.rules.facts",
    "Refusal": "zoning.check",
    "Settings": "zoning.check",
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
