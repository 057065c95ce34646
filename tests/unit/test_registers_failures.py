"""What is said when file or database fail: above all whether a change was written, was not, or may have been."""

import errno
from typing import Any

import psycopg
import pytest
from psycopg import errors

from zoning.errors import ContentError, NoRoomError
from zoning.layers.postgis.address import parse_address
from zoning.registers.failures import (
    FOR_STRANGERS,
    RegisterFailedError,
    Told,
    UnknownEndError,
    all_busy,
    missing,
    newer,
    no_register,
    older,
    os_failure,
    postgres_failure,
    sqlite_failure,
)
from zoning.texts import Text

ADDRESS = parse_address("postgresql://reader:s3cret@host/land")
TOLD = Told(Text("数据库 land", "database land"))
FILE = Told(Text("r.sqlite", "r.sqlite"))


@pytest.mark.parametrize(
    ("code", "kind", "zh", "en"),
    [
        (
            "SQLITE_FULL",
            NoRoomError,
            "磁盘已满，这次更改没有写入",
            "the disk is full: nothing of this change was written",
        ),
        (
            "SQLITE_IOERR",
            RegisterFailedError,
            "磁盘读写出错",
            "the disk failed, or a quota is used up: nothing of this",
        ),
        ("SQLITE_IOERR_WRITE", RegisterFailedError, "磁盘读写出错", "the disk failed"),
        ("SQLITE_BUSY", RegisterFailedError, "另一个程序正在写台账", "another program is writing it"),
        ("SQLITE_BUSY_SNAPSHOT", RegisterFailedError, "另一个程序正在写台账", "another program is writing it"),
        ("SQLITE_LOCKED", RegisterFailedError, "另一个程序正在写台账", "another program is writing it"),
        (
            "SQLITE_READONLY_DBMOVED",
            RegisterFailedError,
            "文件或它所在的文件夹只读，没有写入",
            "the file or its folder can",
        ),
        ("SQLITE_CANTOPEN", RegisterFailedError, "打不开", "it cannot be opened"),
        ("SQLITE_NOTADB", RegisterFailedError, "不是台账", "this is no register"),
        ("SQLITE_CORRUPT_VTAB", RegisterFailedError, "台账文件已损坏", "the file is damaged"),
        ("SQLITE_MISUSE", ContentError, "台账读写失败（odd）", "the register failed (odd)"),
        ("", ContentError, "台账读写失败（odd）", "the register failed (odd)"),
    ],
)
def test_a_failure_of_a_file_has_its_sentence(code: str, kind: type[ContentError], zh: str, en: str) -> None:
    found = sqlite_failure(FILE, code, "odd")
    assert type(found) is kind
    assert found.text.zh.startswith(f"r.sqlite：{zh}")
    assert found.text.en.startswith(f"r.sqlite: {en}")


def test_strangers_are_told_neither_the_place_nor_what_the_system_said() -> None:
    found = sqlite_failure(FOR_STRANGERS, "", "unable to open /srv/land/r.sqlite")
    assert (found.text.zh, found.text.en) == ("台账：台账读写失败", "the register: the register failed")
    gone = postgres_failure(FOR_STRANGERS, ADDRESS, psycopg.OperationalError("connection to host failed"))
    assert type(gone) is RegisterFailedError
    assert gone.text.en == (
        "the register: its database cannot be reached now; nothing was written: try again in a moment, and tell the "
        "administrator if it lasts"
    )
    assert gone.text.zh == "台账：数据库暂时连接不上，没有写入；请稍后重试，若持续请告知管理员"


def lost(**told: Any) -> ContentError:
    return postgres_failure(TOLD, ADDRESS, psycopg.OperationalError("server closed the connection"), **told)


def test_a_connection_lost_before_the_end_wrote_nothing() -> None:
    found = lost()
    assert type(found) is RegisterFailedError
    assert found.text.zh == (
        "数据库 land 连接不上或连接中断（server closed the connection），没有写入；请核对 --register、网络和数据库"
    )
    assert found.text.en == (
        "database land cannot be reached, or the connection was lost (server closed the connection); nothing was "
        "written: check --register, the network and the server"
    )


def test_a_connection_lost_while_changes_are_kept_leaves_it_open() -> None:
    found = lost(commits=True)
    assert type(found) is UnknownEndError
    assert found.text.zh == "数据库 land：提交时连接中断，不知道这次更改是否已写入；请刷新核对后再决定是否重做"
    assert found.text.en == (
        "database land: the connection was lost while the change was being kept: it may have been written or not. Look "
        "before you do it again"
    )


@pytest.mark.parametrize(
    ("error", "is_open"),
    [
        (psycopg.OperationalError(), True),
        (psycopg.InterfaceError(), True),
        (psycopg.InternalError(), True),
        (errors.AdminShutdown(), True),  # 57P01
        (errors.CrashShutdown(), True),  # 57P02
        (errors.ConnectionFailure(), True),  # 08006
        (errors.DiskFull(), False),  # the server answered: it was not written
        (errors.LockNotAvailable(), False),
        (errors.UniqueViolation(), False),
        (psycopg.ProgrammingError(), False),
    ],
)
def test_whether_it_was_written_is_open_only_where_the_connection_was_lost(error: psycopg.Error, is_open: bool) -> None:
    found = postgres_failure(TOLD, ADDRESS, error, commits=True)
    assert isinstance(found, UnknownEndError) is is_open
    assert not isinstance(postgres_failure(TOLD, ADDRESS, error), UnknownEndError)


@pytest.mark.parametrize(
    ("error", "kind", "zh", "en"),
    [
        (
            errors.AdminShutdown(),
            RegisterFailedError,
            "数据库正在重启或停止，没有写入",
            "it is being stopped or started; nothing",
        ),
        (
            errors.CannotConnectNow(),
            RegisterFailedError,
            "数据库正在重启或停止，没有写入",
            "it is being stopped or started",
        ),
        (
            errors.DiskFull(),
            NoRoomError,
            "磁盘已满，这次更改没有写入",
            "its disk is full: nothing of this change was written",
        ),
        (
            errors.LockNotAvailable(),
            RegisterFailedError,
            "另一个程序正在写台账",
            "another program is writing the register",
        ),
        (errors.InsufficientPrivilege(), RegisterFailedError, "当前用户没有所需的权限", "this user lacks a right"),
        (errors.ReadOnlySqlTransaction(), RegisterFailedError, "数据库只读，没有写入", "the database can only be read"),
        (errors.UniqueViolation("twice"), ContentError, "读写失败（twice）", "it failed (twice)"),
    ],
)
def test_a_failure_of_a_database_has_its_sentence(
    error: psycopg.Error, kind: type[ContentError], zh: str, en: str
) -> None:
    found = postgres_failure(TOLD, ADDRESS, error)
    assert type(found) is kind
    assert found.text.zh.startswith(f"数据库 land：{zh}")
    assert found.text.en.startswith(f"database land: {en}")


def test_what_the_server_said_is_told_without_the_password() -> None:
    found = postgres_failure(TOLD, ADDRESS, psycopg.OperationalError("no entry for reader:s3cret\nmore"))
    assert "(no entry for reader:***)" in found.text.en
    assert "more" not in found.text.en


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, NoRoomError), (errno.EDQUOT, NoRoomError), (errno.EACCES, RegisterFailedError)]
)
def test_a_file_beside_the_register_that_cannot_be_written(number: int, kind: type[ContentError]) -> None:
    found = os_failure(FILE, OSError(number, "why"))
    assert type(found) is kind
    assert found.text.en == "r.sqlite: why; nothing of this change was written"
    assert found.text.zh.endswith("，这次更改没有写入")


def test_all_connections_in_use_wrote_nothing() -> None:
    found = all_busy(TOLD)
    assert type(found) is RegisterFailedError
    assert found.text.zh == "数据库 land：数据库连接都被占用，等待后仍未空出，没有写入；请稍后重试"
    assert found.text.en == (
        "database land: all connections to the database are in use and none became free in time; nothing was written: "
        "try again soon"
    )


def test_a_register_that_does_not_answer_is_not_the_fault_of_what_was_asked() -> None:
    # HTTP: 503 Service Unavailable, RFC 9110.
    assert {lost().http_status, lost(commits=True).http_status, all_busy(TOLD).http_status} == {503}


def test_registers_of_other_versions_and_other_files_are_left_as_they_are() -> None:
    assert missing("r").text.en == (
        "r: there is no register; check where it is, or make one with: zoning register create"
    )
    for error in (no_register("r"), newer("r", "0009", "0002"), older("r", "0001", "0002")):
        assert ("没有改动它" in error.text.zh, "left as it" in error.text.en) == (True, True)
    assert "(tables 0009; this one knows up to 0002)" in newer("r", "0009", "0002").text.en
    assert "（0001，本程序为 0002）" in older("r", "0001", "0002").text.zh
