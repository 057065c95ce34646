"""Every error a user can meet, one class per cause.

ZoningError
├── UsageError                     2   the command was called wrongly
├── ContentError                  10   a file of the workspace or of the user says something impossible
│   ├── WorkspaceNotFoundError    10
│   ├── CaseConflictError         10   somebody else has changed the case since it was read
│   ├── RecordConflictError       10   the same of another record
│   ├── ChangedMeanwhileError     10   the same of an account
│   ├── NoRoomError               10   the disk, or the share of it that may be used, is full
│   ├── RegisterFailedError       10   the file or the database of the register does not answer
│   │   └── UnknownEndError       10   the database was lost while a change was being kept
│   └── SiteError                 10   a boundary file cannot be read as a footprint
│       └── TangledError          10   its border meets itself more often than any boundary does
├── LayerError                    11   a layer cannot be read at all
│   └── _BrokenWorkspaceError     11   no worker can open the content of the server
├── NoAnswerError                 10   a worker of the server passed a limit, or died
├── NotComputedError              10   a worker of the server refused what it was to compute
├── NotYetError                   10   a case was to be made of a check that has not come to its end
├── TilesError                    10   the tiles of a large layer could not be made
├── FaultError                    70   the program met a fault of its own at one footprint of a batch
├── ProcessEndedError             70   the computation of one footprint of a batch ended its process
└── CRSError                      12   the coordinate system is unknown, contradicts itself or does not fit
    └── CRSMismatchError          12   two geometries in different coordinate systems were to be combined

The number is the exit code of the command line; `http_status` serves the web page.
"""

import errno
from collections.abc import Iterable
from typing import ClassVar

from zoning.texts import Language, Text, joined


class ZoningError(Exception):
    """Base of all errors that are shown as one sentence, never as a traceback.

    Parameters
    ----------
    zh, en
        The sentence: where, what was found, what is allowed, what to do.

    Examples
    --------
    >>> error = UsageError("请给出边界文件", "name a boundary file")
    >>> error.get("zh"), error.exit_code, error.http_status
    ('请给出边界文件', 2, 400)
    """

    exit_code: ClassVar[int] = 10
    http_status: ClassVar[int] = 400

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)

    def __reduce__(self) -> tuple[type["ZoningError"], tuple[str, str]]:
        """Keep both languages on the way from one process to another."""
        return type(self), (self.text.zh, self.text.en)

    def get(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.text.get(language)


class UsageError(ZoningError):
    """The command was called wrongly."""

    exit_code = 2


class ContentError(ZoningError):
    """A file says something that cannot be meant."""

    http_status = 422


class WorkspaceNotFoundError(ContentError):
    """No folder with `zoning.yaml` was found where one was expected."""

    http_status = 404


class NoRoomError(ContentError):
    """The disk, or the share of it that may be used, is full: nothing was written."""

    http_status = 507


class SiteError(ContentError):
    """A boundary file cannot be read as a footprint."""


class TangledError(SiteError):
    """What is drawn meets itself more often than any boundary does; `zoning.sites.reading` adds the file."""


class LayerError(ZoningError):
    """A layer cannot be read at all."""

    exit_code = 11
    http_status = 503


class CRSError(ZoningError):
    """The coordinate system is unknown, contradicts itself or does not fit."""

    exit_code = 12
    http_status = 422


class CRSMismatchError(CRSError):
    """Two geometries in different coordinate systems were to be combined."""

    http_status = 500


def every_mistake(texts: Iterable[Text]) -> ContentError:
    """Return one error that says all of them, a line for each."""
    said = joined(texts, "\n", "\n")
    return ContentError(said.zh, said.en)


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_OS_REASONS = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "同名文件已存在",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "超出文件大小上限",
    errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "文件名过长",
}


def is_want_of_room(error: BaseException) -> bool:
    """Tell whether an operating system error says that the disk, or somebody's share of it, is full."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def not_written(error: OSError, zh: str, en: str) -> ContentError:
    """Return the error for what could not be written: `NoRoomError` where the disk is full."""
    return (NoRoomError if is_want_of_room(error) else ContentError)(zh, en)


def os_reason(error: OSError) -> Text:
    """Return why the operating system refused, in Chinese where the reason is a common one."""
    other = error.strerror or str(error) or type(error).__name__
    return Text(_OS_REASONS.get(error.errno or 0, other), other)


_COLLECTED = ("serve", "postgis", "oidc")
"""Extras whose libraries `make wheelhouse` collects."""


def how_to_install(extra: str) -> Text:
    """Return how the libraries of an extra are installed: the program comes from its sources, not from an index.

    Examples
    --------
    >>> how_to_install("cluster").en
    'run pip install ".[cluster]" in the folder of the sources'
    """
    told = Text(
        f'请在本程序的源码文件夹执行 pip install ".[{extra}]"',
        f'run pip install ".[{extra}]" in the folder of the sources',
    )
    if extra not in _COLLECTED:
        return told
    return Text(
        f"{told.zh}；不能上网时用 make wheelhouse 收集的文件夹安装（见 docs/server.md）",
        f"{told.en}; without a network install from the folder that make wheelhouse collects (docs/server.en.md)",
    )
