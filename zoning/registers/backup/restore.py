"""Proves that a backup is whole, and brings it back."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from zoning.errors import ContentError, UsageError, os_reason
from zoning.registers.audit import verify
from zoning.registers.backup.archive import CONTENT, FILES, REGISTER, Manifest, unpack
from zoning.registers.backup.snapshot import fill_database
from zoning.registers.database import open_database
from zoning.registers.entries import AuditReport, Fault
from zoning.registers.schema_cases import StoredNotice, StoredVerdict
from zoning.registers.schema_server import StoredCheck, StoredEdition
from zoning.texts import Text

_DIGESTS = (
    StoredVerdict.document,
    StoredVerdict.boundary,
    StoredNotice.document,
    StoredCheck.answer,
    StoredEdition.report,
    StoredEdition.content_before,
    StoredEdition.content_after,
)
"""Columns that name a file by its SHA-256."""
_FILES_OF_WORKSPACE = "register-files"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of a backup found: the manifest, and the audit of the register that comes out of it."""

    manifest: Manifest
    audit: AuditReport

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.audit.faults


def verify_backup(path: Path, *, within: Path | None = None) -> Verified:
    """Unpack a backup into a temporary folder and check the register in it, row by row and file by file.

    Parameters
    ----------
    within
        Where the temporary folder is made; it needs as much room as the backup.

    Raises
    ------
    ContentError
        When it is no backup or damaged.
    """
    with _unpacked(path, within or path.parent) as (folder, manifest):
        return Verified(manifest, _audit(folder / REGISTER, folder / FILES, manifest))


def restore_backup(path: Path, target: Path, *, register: str | None = None) -> Verified:
    """Bring a backup back as a workspace folder with its register; nothing is left when it fails.

    Parameters
    ----------
    target
        A folder that does not exist or is empty.
    register
        postgresql:// address of an empty database for the tables; None: `register.sqlite` in the folder.

    Raises
    ------
    UsageError
        When the folder is not empty.
    ContentError
        When the backup is damaged, its register has faults, or the database is not empty.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} 已存在且不为空；请恢复到新文件夹", f"{target} exists and is not empty: restore into a new folder"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with _unpacked(path, target.parent) as (folder, manifest):
        found = Verified(manifest, _audit(folder / REGISTER, folder / FILES, manifest))
        if not found.is_whole:
            fault = found.audit.faults[0].text
            raise ContentError(f"备份中的台账有误，没有恢复：{fault.zh}", f"nothing was restored: {fault.en}")
        if register is not None:
            with closing(open_database(register, create=True)) as database:
                fill_database(folder / REGISTER, database)
        _settle(folder, target, with_tables=register is None)
    return found


def _settle(folder: Path, target: Path, *, with_tables: bool) -> None:
    home = folder / CONTENT
    home.mkdir(exist_ok=True)
    if with_tables:
        (folder / REGISTER).rename(home / REGISTER)
    if (folder / FILES).is_dir():
        (folder / FILES).rename(home / _FILES_OF_WORKSPACE)
        for here, _, names in os.walk(home / _FILES_OF_WORKSPACE):
            for name in names:
                (Path(here) / name).chmod(0o444)
    try:
        if target.exists():
            target.rmdir()
        home.rename(target)
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(
            f"{target}：{reason.zh}，没有恢复", f"{target}: {reason.en}; nothing was restored"
        ) from error


@contextmanager
def _unpacked(path: Path, within: Path) -> Iterator[tuple[Path, Manifest]]:
    folder = Path(tempfile.mkdtemp(prefix=".restore-", dir=within))
    try:
        yield folder, unpack(path, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _audit(tables: Path, files: Path, manifest: Manifest) -> AuditReport:
    with closing(open_database(str(tables), create=False)) as database:
        report = verify(database, files, None)
        missing = []
        with database.reading() as connection:
            for column in _DIGESTS:
                for digest in connection.execute(select(column).distinct()).scalars():
                    if digest and not any((files / digest[:2]).glob(f"{digest}*")):
                        text = Text(f"文件 {digest[:12]} 不在备份中", f"the file {digest[:12]} is not in the backup")
                        missing.append(Fault(None, "", text))
    if (report.events, report.head) != (manifest.events, manifest.head):
        text = Text("台账与清单记载的末行不符", "the register does not end where the manifest says")
        missing.append(Fault(None, "", text))
    return AuditReport(report.events, report.head, (*report.faults, *missing), report.files)
