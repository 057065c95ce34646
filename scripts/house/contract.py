"""Whether the contract of imports in pyproject.toml places every module and lets none out."""

import tomllib
from pathlib import Path
from typing import Any

_EXCEPTIONS = ("ignore_imports", "exhaustive_ignores")


def exceptions(root: Path) -> list[str]:
    """Return what the contracts let through: imports, modules without a place, contracts that need not be complete."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings.get("tool", {}).get("importlinter", {}).get("contracts", [])
    if not any(contract.get("type") == "layers" for contract in contracts):
        return ["pyproject.toml: there is no contract of layers"]
    return [place for contract in contracts for place in _of_contract(contract)]


def _of_contract(contract: dict[str, Any]) -> list[str]:
    found = [f"pyproject.toml: {name}: {value}" for name in _EXCEPTIONS for value in contract.get(name, [])]
    if contract.get("type") == "layers" and not contract.get("exhaustive"):
        found.append(f"pyproject.toml: '{contract.get('name')}' need not place every module")
    return found
