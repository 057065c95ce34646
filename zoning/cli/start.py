"""`zoning init`, `schema`, `doctor`: what a newcomer runs first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from zoning.cli.printing import print_json
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text


def init_workspace(session: Session, folder: Path) -> int:
    """Copy the built-in workspace into a new folder.

    Raises
    ------
    UsageError, ContentError
        When the folder is in use, or cannot be written.
    """
    from zoning.workspace import builtin_root, copy_workspace

    copy_workspace(builtin_root(), folder)
    session.say(
        Text(
            f"已建立工作空间 {folder}；图层在 layers/，规则在 rules/。下一步：zoning layers list --workspace {folder}；"
            f"或打开工作台：zoning serve --workspace {folder}",
            f"made the workspace {folder}; layers are in layers/, rules in rules/. "
            f"Next: zoning layers list --workspace {folder}; or open the workbench: zoning serve --workspace {folder}",
        )
    )
    return 0


def published_schemas() -> dict[str, Callable[[], dict[str, Any]]]:
    """Return what makes each published JSON Schema, by its name."""
    from zoning.advice.entries import advice_schema
    from zoning.advice.selection.entries import selection_schema
    from zoning.planning.indicators.entries import indicators_schema
    from zoning.quality.inspection import inspection_schema
    from zoning.rules.verdict import verdict_schema

    return {
        "verdict": verdict_schema,
        "inspection": inspection_schema,
        "advice": advice_schema,
        "selection": selection_schema,
        "indicators": indicators_schema,
    }


def print_schema(name: str) -> int:
    """Print a published JSON Schema.

    Raises
    ------
    UsageError
        When there is no schema of this name.
    """
    schemas = published_schemas()
    if name not in schemas:
        raise UsageError(
            f"没有名为“{name}”的 Schema；可用：{'、'.join(schemas)}",
            f"there is no schema '{name}'; allowed: {', '.join(schemas)}",
        )
    print_json(schemas[name]())
    return 0


def run_doctor(session: Session) -> int:
    """Print what was found of the installation; exit 0 when it can work."""
    from zoning.doctor import examine

    report = examine(session.environ, removed=session.foreign_proj)
    signs = {"ok": "✓", "warning": "!", "problem": "×"}
    for check in report.checks:
        detail = check.detail.get(session.language)
        session.console().print(f"{signs[check.status]} {session.labelled(check.name, detail)}", markup=False)
    return ContentError.exit_code if any(check.status == "problem" for check in report.checks) else 0
