"""`zoning backup`: make, verify, restore."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.registers.backup.restore import Verified

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class BackupRequest:
    """Where the register is; see `zoning backup make --help`."""

    where: RegisterRequest
    out: Path | None = None


def run_make(session: Session, request: BackupRequest) -> int:
    """Write a backup; say what proves it later.

    Raises
    ------
    UsageError
        When there is no workspace or no register.
    ContentError
        When the register or a file cannot be read, or the backup not be written.
    """
    from zoning.cli.register_opening import FOLDER, place_of, tell_upgrade
    from zoning.registers.backup.archive import make_backup
    from zoning.registers.canonical import moment
    from zoning.registers.store import open_store
    from zoning.workspace import find_workspace

    address, folder, types = place_of(session, request.where)
    root, is_builtin = find_workspace(request.where.workspace, session.environ, Path.cwd())
    now = datetime.now(UTC)
    out = request.out or Path(f"zoning-backup-{now:%Y%m%d-%H%M%S}.tar")
    with open_store(address, types, create=False, files=folder) as store:
        tell_upgrade(session, store)
        files = store.files or (None if is_builtin else root / FOLDER)
        manifest = make_backup(store.database, files, None if is_builtin else root, out, made=moment(now))
    session.say(
        Text(
            f"已写出 {out}：{len(manifest.members):,} 个文件，日志 {manifest.events:,} 行，末行摘要 {manifest.head}",
            f"written: {out}: {len(manifest.members):,} files, {manifest.events:,} rows of the log, last hash "
            f"{manifest.head}",
        )
    )
    session.say(
        Text(
            f"内含账号和个人信息，请妥善保管；核对：zoning backup verify {out}",
            f"accounts and personal data are in it: keep it safe. To check it: zoning backup verify {out}",
        )
    )
    return 0


def run_verify(session: Session, file: Path) -> int:
    """Prove that a backup is whole; 0 when it is, 1 when the register in it has faults.

    Raises
    ------
    ContentError
        When it is no backup or damaged.
    """
    from zoning.registers.backup.restore import verify_backup

    return _tell(session, file, verify_backup(file))


def run_restore(session: Session, file: Path, target: Path, register: str | None) -> int:
    """Bring a backup back.

    Raises
    ------
    UsageError
        When `target` is in use, or the address of the register cannot be meant.
    ContentError
        When it is no backup or damaged, the database is not empty, or something cannot be written.
    """
    from zoning.registers.backup.restore import restore_backup

    found = restore_backup(file, target, register=register)
    more = "" if register is None else " --register URL --files register-files"
    session.say(
        Text(
            f"已恢复到 {target}；启动：zoning serve --workspace {target}{more}",
            f"restored to {target}; start it: zoning serve --workspace {target}{more}",
        )
    )
    return _tell(session, file, found)


def _tell(session: Session, file: Path, found: "Verified") -> int:
    manifest, audit = found.manifest, found.audit
    day = manifest.made[:19].replace("T", " ")
    session.say(
        Text(
            f"{file}：{day} UTC，{len(manifest.members):,} 个文件，日志 {audit.events:,} 行，末行摘要 {audit.head}",
            f"{file}: {day} UTC, {len(manifest.members):,} files, {audit.events:,} rows of the log, last hash "
            f"{audit.head}",
        )
    )
    for fault in audit.faults[:_SHOWN]:
        session.say(fault.text)
    if not found.is_whole:
        return 1
    session.say(Text("完整，台账与日志一致", "whole: the register agrees with its log"))
    return 0
