"""What can go wrong with the file or the database of a register, in sentences. None of them holds a password."""

from dataclasses import dataclass
from typing import ClassVar

from zoning.errors import ContentError, NoRoomError, UsageError, how_to_install, is_want_of_room, os_reason
from zoning.layers.postgis.address import Address
from zoning.layers.postgis.failures import detail_of
from zoning.texts import Text


class RegisterFailedError(ContentError):
    """The file or the database of a register does not answer, or not as it should: what is asked is not at fault."""

    http_status: ClassVar[int] = 503


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


def older(name: str, found: str, known: str) -> ContentError:
    """Return the error where tables of a database wait for somebody to ask for their upgrade."""
    return ContentError(
        f"{name} 的表结构是早先版本的（{found}，本程序为 {known}），没有改动它；请先备份数据库（pg_dump），再用 "
        "zoning register create --register 地址 升级；升级后早先版本的程序不再能打开它",
        f"{name} has tables of an earlier version ({found}; this program has {known}) and was left as it is: make a "
        "backup of the database (pg_dump), then bring them up to date with zoning register create --register URL; "
        "earlier versions of the program no longer open it afterwards",
    )


class UnknownEndError(RegisterFailedError):
    """The database was lost while a change was being kept: it may have been kept or not."""


@dataclass(frozen=True, slots=True)
class Told:
    """How sentences call a register, and whether they may say what the system said: it may name folders and hosts."""

    name: Text
    is_open: bool = True

    def about(self, said: str) -> Text:
        """Return what the system said, in brackets; nothing for strangers."""
        return Text(f"（{said}）", f" ({said})") if self.is_open else Text("", "")


FOR_STRANGERS = Told(Text("台账", "the register"), is_open=False)


def sqlite_failure(told: Told, code: str, said: str) -> ContentError:
    """Return the sentence for an error of SQLite by the name of its code."""
    name, more = told.name, told.about(said)
    for begin, zh, en in _SQLITE:
        if code.startswith(begin):
            kind = NoRoomError if begin == "SQLITE_FULL" else RegisterFailedError
            return kind(f"{name.zh}：{zh}", f"{name.en}: {en}")
    return ContentError(f"{name.zh}：台账读写失败{more.zh}", f"{name.en}: the register failed{more.en}")


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


def postgres_failure(told: Told, address: Address, error: BaseException, *, commits: bool = False) -> ContentError:
    """Return the sentence for an error of PostgreSQL or of the way to it.

    Parameters
    ----------
    commits
        Whether it came while changes were being kept: where the connection is lost then, nobody can tell whether they
        were.
    """
    name, state = told.name, getattr(error, "sqlstate", None) or ""
    more = told.about(detail_of(address, error))
    is_lost = (not state and type(error).__name__ in _LOST) or state.startswith(_ENDED)
    if commits and is_lost:
        return UnknownEndError(
            f"{name.zh}：提交时连接中断，不知道这次更改是否已写入；请刷新核对后再决定是否重做",
            f"{name.en}: the connection was lost while the change was being kept: it may have been written or not. "
            "Look before you do it again",
        )
    for begin, zh, en in _POSTGRES:
        if state.startswith(begin):
            kind = NoRoomError if begin == "53100" else RegisterFailedError
            return kind(f"{name.zh}：{zh}", f"{name.en}: {en}")
    if is_lost:
        return _unreachable(told, more)
    return ContentError(f"{name.zh}：读写失败{more.zh}", f"{name.en}: it failed{more.en}")


def _unreachable(told: Told, more: Text) -> RegisterFailedError:
    name = told.name
    if not told.is_open:
        return RegisterFailedError(
            f"{name.zh}：数据库暂时连接不上，没有写入；请稍后重试，若持续请告知管理员",
            f"{name.en}: its database cannot be reached now; nothing was written: try again in a moment, and tell the "
            "administrator if it lasts",
        )
    return RegisterFailedError(
        f"{name.zh} 连接不上或连接中断{more.zh}，没有写入；请核对 --register、网络和数据库",
        f"{name.en} cannot be reached, or the connection was lost{more.en}; nothing was written: check --register, the "
        "network and the server",
    )


def os_failure(told: Told, error: OSError) -> ContentError:
    """Return the sentence where a file that belongs to a change could not be read or written."""
    name, why = told.name, os_reason(error)
    kind = NoRoomError if is_want_of_room(error) else RegisterFailedError
    return kind(f"{name.zh}：{why.zh}，这次更改没有写入", f"{name.en}: {why.en}; nothing of this change was written")


def all_busy(told: Told) -> RegisterFailedError:
    """Return the error where no connection to a database became free in time."""
    return RegisterFailedError(
        f"{told.name.zh}：数据库连接都被占用，等待后仍未空出，没有写入；请稍后重试",
        f"{told.name.en}: all connections to the database are in use and none became free in time; nothing was "
        "written: try again soon",
    )


_LOST = ("OperationalError", "InterfaceError", "InternalError", "ConnectionTimeout")
"""Classes of psycopg for what is wrong with the connection, where the server gives no code."""
_ENDED = ("57P", "08")
_POSTGRES = (
    (
        "57P",
        "数据库正在重启或停止，没有写入；请稍后重试",
        "it is being stopped or started; nothing was written: try again in a moment",
    ),
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
    how = how_to_install("postgis")
    return UsageError(
        f"台账放在 PostgreSQL 中需要 psycopg，未安装；{how.zh}",
        f"a register in PostgreSQL needs psycopg, which is not installed: {how.en}",
    )
