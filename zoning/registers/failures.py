"""What can go wrong with the file or the database of a register, in sentences. None of them holds a password."""

from zoning.errors import ContentError, UsageError
from zoning.layers.postgis.address import Address

_LONGEST = 200


def missing(name: str) -> UsageError:
    """Return the error where there is no register."""
    return UsageError(
        f"{name}：没有台账；请核对位置，或用 zoning register create 建立",
        f"{name}: there is no register; check where it is, or make one with: zoning register create",
    )


def no_register(name: str) -> ContentError:
    """Return the error where a file or database is something else."""
    return ContentError(
        f"{name} 不是台账：它不是由 zoning register create 建立的，也没有改动它；请另指定文件或数据库",
        f"{name} is no register: it was not made by 'zoning register create', and was left as it is; name another one",
    )


def newer(name: str, found: str, known: str) -> ContentError:
    """Return the error where a later version of the program has written the tables."""
    return ContentError(
        f"{name} 由更新版本的程序写成（表结构 {found}，本程序只认识到 {known}）；请升级 zoning，没有改动它",
        f"{name} was written by a newer version of this program (tables {found}; this one knows up to {known}): update "
        "zoning; it was left as it is",
    )


def sqlite_failure(name: str, code: str, said: str) -> ContentError:
    """Return the sentence for an error of SQLite by the name of its code."""
    for begin, zh, en in _SQLITE:
        if code.startswith(begin):
            return ContentError(f"{name}：{zh}", f"{name}: {en}")
    return ContentError(f"{name}：台账读写失败（{said}）", f"{name}: the register failed ({said})")


_SQLITE = (
    (
        "SQLITE_FULL",
        "磁盘已满，这次更改没有写入（台账保持原样）；请腾出空间后重试",
        "the disk is full: nothing of this change was written, the register is as before; make room and try again",
    ),
    (
        "SQLITE_IOERR",
        "磁盘读写出错（或已超出配额），这次更改没有写入；请检查磁盘、配额或网络共享后重试",
        "the disk failed, or a quota is used up: nothing of this change was written; check disk, quota and share",
    ),
    (
        "SQLITE_BUSY",
        "另一个程序正在写台账，等待后仍未空出，没有写入；请稍后重试",
        "another program is writing it and did not finish in time; nothing was written: try again in a moment",
    ),
    (
        "SQLITE_LOCKED",
        "另一个程序正在写台账，等待后仍未空出，没有写入；请稍后重试",
        "another program is writing it and did not finish in time; nothing was written: try again in a moment",
    ),
    (
        "SQLITE_READONLY",
        "文件或它所在的文件夹只读，没有写入；请取得写入权限",
        "the file or its folder can only be read; nothing was written: get the right to write there",
    ),
    (
        "SQLITE_CANTOPEN",
        "打不开；请检查文件夹是否存在、是否有读写权限",
        "it cannot be opened: check that its folder is there and may be read and written",
    ),
    (
        "SQLITE_NOTADB",
        "不是台账（不是 SQLite 文件，或已损坏），没有改动它；请另指定文件",
        "this is no register (no SQLite file, or a damaged one), and was left as it is; name another file",
    ),
    (
        "SQLITE_CORRUPT",
        "台账文件已损坏；请换回备份，并保留此文件供检查",
        "the file is damaged: go back to a copy, and keep this one for examination",
    ),
)


def postgres_failure(address: Address, error: BaseException) -> ContentError:
    """Return the sentence for an error of PostgreSQL or of the way to it."""
    name, state = address.name, getattr(error, "sqlstate", None) or ""
    detail = _detail(address, error)
    for begin, zh, en in _POSTGRES:
        if state.startswith(begin):
            return ContentError(f"数据库 {name}：{zh}", f"database {name}: {en}")
    if not state:
        return ContentError(
            f"数据库 {name} 连接不上或连接中断（{detail}），没有写入；请核对 --register、网络和数据库",
            f"database {name} cannot be reached, or the connection was lost ({detail}); nothing was written: check "
            "--register, the network and the server",
        )
    return ContentError(f"数据库 {name}：读写失败（{detail}）", f"database {name}: it failed ({detail})")


_POSTGRES = (
    (
        "53100",
        "磁盘已满，这次更改没有写入（台账保持原样）；请腾出空间后重试",
        "its disk is full: nothing of this change was written, the register is as before; make room and try again",
    ),
    (
        "55P03",
        "另一个程序正在写台账，等待后仍未空出，没有写入；请稍后重试",
        "another program is writing the register and did not finish in time; nothing was written: try again soon",
    ),
    (
        "42501",
        "当前用户没有所需的权限，没有写入；请数据库管理员授权",
        "this user lacks a right that is needed; nothing was written: ask its administrator",
    ),
    (
        "25006",
        "数据库只读，没有写入",
        "the database can only be read; nothing was written",
    ),
)


def not_installed() -> UsageError:
    """Return the error where the library for PostgreSQL is missing."""
    return UsageError(
        '台账放在 PostgreSQL 中需要 psycopg，未安装；请执行：pip install "zoning-check[postgis]"',
        'a register in PostgreSQL needs psycopg, which is not installed: pip install "zoning-check[postgis]"',
    )


def _detail(address: Address, error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    text = lines[0].strip() if lines else type(error).__name__
    for secret in address.hidden:
        text = text.replace(secret, "***")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
