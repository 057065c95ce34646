"""What one run of the command knows: language, workspace, where to print."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.errors import UsageError
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from rich.console import Console

    from zoning.overlay.source import LayerSource
    from zoning.workspace import Workspace

WIDTH = 100
_CHINA = timezone(timedelta(hours=8))


@dataclass
class Session:
    """Language, environment and the variables of a foreign PROJ that were taken away at the start."""

    language: Language
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    foreign_proj: Mapping[str, str] = field(default_factory=dict)
    kept: "tuple[Workspace, LayerSource] | None" = None
    """A workspace that a worker of the server has opened already, with the source of its layers."""
    sources: "list[tuple[Workspace, LayerSource]]" = field(default_factory=list)
    """The sources of the workspaces that this run has opened: verdict, map and report look at the same layers."""

    def say(self, text: Text) -> None:
        """Talk to the user beside the result, on stderr."""
        sys.stderr.write(text.get(self.language) + "\n")

    def labelled(self, label: Text, value: str) -> str:
        """Return `label: value` with the colon of the language."""
        return f"{label.get(self.language)}{'：' if self.language == 'zh' else ': '}{value}"

    def console(self) -> "Console":
        """Return a console on stdout, at most 100 columns wide; texts are printed as they stand.

        Names of zones and footprints come from strangers: to Rich `[/]` in one would be the end of a style, and a
        verdict would end in an error.
        """
        from rich.console import Console

        class PipeConsole(Console):
            """Rich would leave with code 1, which means `prohibited`, when the reader of a pipe has left."""

            def on_broken_pipe(self) -> None:
                raise BrokenPipeError

        wide = Console()
        return PipeConsole(
            width=min(wide.width, WIDTH) if wide.is_terminal else WIDTH,
            highlight=False,
            soft_wrap=False,
            markup=False,
            emoji=False,
        )

    def open_workspace(self, folder: Path | None) -> "Workspace":
        """Open the workspace that is meant; the built-in one is said aloud when it is taken for want of another.

        Raises
        ------
        ContentError
            When it has mistakes; `WorkspaceNotFoundError` where a folder that was named is none.
        """
        from zoning.workspace import Workspace, find_workspace

        root, fallback = find_workspace(folder, self.environ, Path.cwd())
        if fallback:
            self.say(
                Text(
                    "未指定工作空间，使用内置示范数据（示意，非法定边界）",
                    "no workspace given: using the built-in schematic data",
                )
            )
        if self.kept is not None and self.kept[0].root == root:
            return self.kept[0]
        return Workspace.open(root)

    def source(self, workspace: "Workspace") -> "LayerSource":
        """Return where the layers of a workspace come from: prepared ones where they are current."""
        from zoning.cli.prepared_folder import prepared_folder

        known = [*([] if self.kept is None else [self.kept]), *self.sources]
        found = next((source for opened, source in known if opened is workspace), None)
        if found is None:
            found = workspace.source(prepared_folder(workspace.root, self.environ))
            self.sources.append((workspace, found))
        return found

    def today(self) -> date:
        """Return the day in China: the law that is asked for changes at midnight there."""
        return datetime.now(UTC).astimezone(_CHINA).date()

    def day(self, text: str | None) -> date:
        """Return the day of the check.

        Raises
        ------
        UsageError
            When `text` is no date.
        """
        if text is None:
            return self.today()
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise UsageError(
                f"--on：“{text}”不是日期；写成 2026-11-22 的形式",
                f"--on: '{text}' is no date; write it like 2026-11-22",
            ) from error
