"""Results as files: each is written whole or not at all, and said."""

from collections.abc import Mapping
from pathlib import Path

from zoning.cli.session import Session
from zoning.texts import Text


def say_written(session: Session, path: Path) -> None:
    """Say where a file was written."""
    session.say(Text(f"已写出 {path}", f"written: {path}"))


def write_all(session: Session, folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write files into a folder by their names, and say where each of them lies.

    Raises
    ------
    ContentError
        When a file cannot be written.
    """
    from zoning.atomic_write import write_whole

    for name, content in contents.items():
        write_whole(folder / name, content)
        say_written(session, folder / name)
