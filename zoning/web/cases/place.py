"""The register of cases of a server, and where its documents lie."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zoning.errors import ContentError, UsageError
from zoning.registers.case_rows import KIND
from zoning.registers.files import Copy, digest_of
from zoning.registers.place import Place
from zoning.web.access import CASE_EDITORS, CASE_READERS, Who
from zoning.web.server import Server


def case_place(server: Server) -> Place:
    """Return the register of cases.

    Raises
    ------
    UsageError
        When the workspace has no such kind of register.
    """
    return Place(server.store.database, server.store.register(KIND).type, server.settings.files)


def has_cases(server: Server) -> bool:
    """Tell whether the workspace has a register of cases."""
    try:
        server.store.register(KIND)
    except UsageError:
        return False
    return True


def reads_cases(who: Who) -> bool:
    """Tell whether somebody may read cases at all."""
    return who.has(*CASE_READERS)


def sees_persons(who: Who) -> bool:
    """Tell whether somebody may read names and telephone numbers."""
    return who.has(*CASE_EDITORS)


def document_path(server: Server, sha256: str) -> Path:
    """Return where the JSON of a verdict lies."""
    return server.settings.files / f"{sha256[:2]}/{sha256}.json"


def read_document(server: Server, sha256: str) -> Mapping[str, Any]:
    """Return a kept verdict.

    Raises
    ------
    ContentError
        When it is gone, or is no longer what was kept.
    """
    path = document_path(server, sha256)
    if not path.is_file() or digest_of(path) != sha256:
        raise ContentError(
            f"结论文件 {sha256[:12]} 不在或被改动，请从备份恢复",
            f"the document of verdict {sha256[:12]} is gone or was changed: bring it back from a backup",
        )
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def copy_of(request: Mapping[str, Any], server: Server) -> Copy:
    """Return the kept boundary file of a check."""
    path = str(request["path"])
    size = (server.settings.files / path).stat().st_size
    return Copy(str(request["name"]), str(request["sha256"]), size, path)
