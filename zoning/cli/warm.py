"""The command line for the workers of the server: imported and opened once, run many times in copies."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.texts import Language

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.workspace import Workspace


class WarmCommands:
    """See `zoning.web.workers.work.Commands`."""

    def open(self, root: Path) -> "tuple[Workspace, LayerSource]":
        """Import what checks need, open the workspace, read its rules."""
        import zoning.check
        import zoning.cli.app  # noqa: F401 - copies find it imported
        from zoning.cli.options import SESSION

        os.environ.setdefault("GDAL_HTTP_MAX_RETRY", "0")
        os.environ.setdefault("OPENPYXL_LXML", "False")
        SESSION.kept = None  # the server opens it again after a change: never what was open before
        workspace = SESSION.open_workspace(root)
        _ = workspace.rulebook
        SESSION.kept = workspace, SESSION.source(workspace)
        return SESSION.kept

    def today(self) -> date:
        """Return the day in China."""
        from zoning.cli.options import SESSION

        return SESSION.today()

    def run(self, arguments: Sequence[str], language: Language) -> int:
        """Run one command in the current folder; return its exit code. Called once in each copy."""
        from zoning.cli import run_arguments
        from zoning.cli.options import SESSION

        if SESSION.kept is not None:
            # This copy ends with the command: nothing else sees its environment.
            os.environ["ZONING_WORKSPACE"] = str(SESSION.kept[0].root)
        return run_arguments(arguments, language)
