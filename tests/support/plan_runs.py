"""`zoning plan units` on the workspace of `plan_world.plan_workspace`, run in this process."""

import json
from pathlib import Path
from typing import Any

import shapely

import tiny_workspace
from trapezoid import area_m2
from zoning.cli.plan_units import PlanRequest, run_plan
from zoning.cli.session import Session

DAY = "2024-01-01"
FOLDER = "140522"
GRID = 0.01
"""Square metres: borders of some kilometres move by less than the precision grid of 0.001 mm."""


def area(box: tiny_workspace.Box) -> float:
    """Return the area of a box of degrees in m²."""
    return area_m2(shapely.box(*box), "EPSG:4490")


def plan(root: Path, territory: str = FOLDER, *, as_json: bool = False, **options: Any) -> int:
    """Make the units of a territory; return the exit code."""
    told = {"on": DAY, "workspace": root, **options}
    return run_plan(Session("en", {}), PlanRequest("management-units", territory, **told), as_json=as_json)


def made(root: Path, **options: Any) -> dict[str, Any]:
    """Make the units into the folder `out`; return what was written of the first territory."""
    plan(root, out=root / "out", **options)
    found: dict[str, Any] = json.loads((root / "out" / FOLDER / "management-units.json").read_text("utf-8"))
    return found
