"""Verdicts of schema `zoning.verdict/1` that version 0.1.0 wrote: they lack keys that came with 0.2.0."""

from collections.abc import Mapping
from typing import Any

_FINDING: Mapping[str, Any] = {"verified": True, "also": (), "overridden_by": None}
"""0.1.0 knew one citation for each rule, no precedence, and let every rule decide as a verified one."""


def completed(content: Any) -> Any:
    """Return what a JSON reader made of a verdict, with the keys that 0.1.0 did not know; others stay as they are.

    >>> completed({"findings": [], "trace": {"facts": {}}})
    {'access_lists': (), 'findings': [], 'trace': {'derived': (), 'facts': {}}}
    >>> completed({"findings": [], "trace": {"derived": []}})
    {'findings': [], 'trace': {'derived': []}}
    """
    if not isinstance(content, Mapping) or not isinstance(content.get("trace"), Mapping):
        return content
    if "derived" in content["trace"] or not isinstance(content.get("findings"), list):
        return content
    findings = [_completed_finding(finding) for finding in content["findings"]]
    return {"access_lists": (), **content, "findings": findings, "trace": {"derived": (), **content["trace"]}}


def _completed_finding(finding: Any) -> Any:
    if not isinstance(finding, Mapping):
        return finding
    found = {**_FINDING, **finding}
    if isinstance(finding.get("citation"), Mapping):
        found["citation"] = {"verified": True, **finding["citation"]}
    return found
