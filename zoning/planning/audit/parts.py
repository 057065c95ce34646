"""Finished checks of an audit that was interrupted: kept in a folder, each file whole or not at all."""

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from zoning.atomic_write import write_whole
from zoning.planning.audit.issue import Issue

FOLDER = ".audit-parts"
_ISSUES = TypeAdapter(tuple[Issue, ...])
_UNSAFE = re.compile(r"[^\w.-]+")


class Parts:
    """The folder beside the results; a part that belongs to other data or another plan is made again.

    Parameters
    ----------
    resume
        False: parts of an earlier run are left aside.
    """

    def __init__(self, out: Path, *, resume: bool) -> None:
        self._folder = out / FOLDER
        if not resume:
            self.clear()

    def get(self, check: str, digest: str) -> tuple[Issue, ...] | None:
        """Return the issues of a check that was finished with the same data; None where it was not."""
        try:
            content = json.loads(self._path(check).read_text(encoding="utf-8"))
            return _ISSUES.validate_python(content["issues"]) if content["digest"] == digest else None
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None

    def put(self, check: str, digest: str, issues: tuple[Issue, ...]) -> None:
        """Keep the issues of a check.

        Raises
        ------
        ContentError
            When they cannot be written.
        """
        content = {"digest": digest, "issues": _ISSUES.dump_python(issues, mode="json")}
        write_whole(self._path(check), json.dumps(content, ensure_ascii=False))

    def clear(self) -> None:
        """Remove all parts."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, check: str) -> Path:
        name = _UNSAFE.sub("_", check)[:60]
        return self._folder / f"{name}-{sha256(check.encode()).hexdigest()[:8]}.json"
