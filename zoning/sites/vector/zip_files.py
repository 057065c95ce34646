"""ZIP archives opened with care: members are listed first, and unpacked one by one under names of our own."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zoning.errors import SiteError
from zoning.sites.limits import Limits
from zoning.sites.vector.zip_structure import Entry, damaged, doubled, entries
from zoning.sites.where import Where

_RATIO_FROM = 20_000_000
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AES = 99
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_REMNANTS = ("._", "~$", ".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    Attributes
    ----------
    name
        Its path in the archive, with `/`.
    """

    name: str
    entry: Entry
    info: zipfile.ZipInfo

    @property
    def suffix(self) -> str:
        """The suffix in small letters."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive and its files."""

    file: zipfile.ZipFile
    members: tuple[Member, ...]
    where: Where
    limits: Limits

    def check_size(self, members: list[Member]) -> None:
        """Refuse members that are larger together than allowed, or packed more tightly than honest files are.

        Raises
        ------
        SiteError
            When they are.
        """
        full = sum(member.entry.size for member in members)
        packed = sum(member.entry.packed for member in members)
        limits = self.limits
        if full > limits.unpacked_bytes or (full > _RATIO_FROM and full > limits.ratio * max(packed, 1)):
            big, allowed = full / 1e6, limits.unpacked_bytes / 1e6
            raise self.where.error(
                f"压缩包解压后有 {big:.0f} MB（上限 {allowed:.0f} MB，压缩比上限 {limits.ratio}），不予解压；"
                "请只压缩项目范围",
                f"the archive unpacks to {big:.0f} MB (allowed: {allowed:.0f} MB, ratio {limits.ratio}) and is not "
                "unpacked; pack the footprint alone",
            )

    def unpack(self, member: Member, target: Path, most: int | None = None) -> None:
        """Write a member, or its first `most` bytes, to a file.

        Raises
        ------
        SiteError
            When it has a password, is packed in an unusual way, or damaged.
        """
        self._check_packing(member)
        wanted = member.entry.size if most is None else min(most, member.entry.size)
        try:
            with self.file.open(member.info) as source, target.open("wb") as file:
                # One byte more than stated is never asked for: the size may lie.
                while wanted > 0 and (chunk := source.read(min(_CHUNK, wanted))):
                    file.write(chunk)
                    wanted -= len(chunk)
                if most is None and source.read(1):
                    raise zipfile.BadZipFile  # noqa: TRY301 - told as what zipfile itself finds
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise damaged(self.where) from error
        if wanted > 0:
            raise damaged(self.where)

    def _check_packing(self, member: Member) -> None:
        if member.entry.flags & _ENCRYPTED or member.entry.method == _AES:
            raise self.where.error(
                "压缩包有密码；请去掉密码后重新压缩", "the archive has a password; pack it again without one"
            )
        if member.entry.method not in _METHODS:
            raise self.where.error(
                f"“{member.name}” 的压缩方法（{member.entry.method}）不能读取；请用普通 ZIP 方式（Deflate）重新压缩",
                f"“{member.name}” is packed by a method ({member.entry.method}) that is not read; pack it again as "
                "plain ZIP (Deflate)",
            )


@contextmanager
def opened_archive(path: Path, where: Where, limits: Limits) -> Iterator[Archive]:
    """Open an archive for as long as the block runs.

    Raises
    ------
    SiteError
        When it is damaged, too crowded, contradicts itself, or holds a path that leads out, a link or a device.
    """
    listed = entries(path, where, limits)
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged(where) from error
    with file:
        infos = file.infolist()
        if [info.header_offset for info in infos] != [entry.offset for entry in listed]:
            raise damaged(where)
        members = [
            _checked(entry, info, where) for entry, info in zip(listed, infos, strict=True) if not _is_folder(entry)
        ]
        twice = doubled([member.name for member in members])
        if twice is not None:
            raise where.error(
                f"压缩包内有两个 “{twice}”；请重新压缩", f"the archive holds “{twice}” twice; pack it again"
            )
        yield Archive(file, tuple(member for member in members if not _is_remnant(member)), where, limits)


def _is_folder(entry: Entry) -> bool:
    return entry.name.endswith(("/", "\\")) and entry.size == 0


def _is_remnant(member: Member) -> bool:
    """Tell what operating systems and office programs leave behind."""
    parts = PurePosixPath(member.name).parts
    return not parts or parts[0] == "__MACOSX" or parts[-1].lower().startswith(_REMNANTS)


def _checked(entry: Entry, info: zipfile.ZipInfo, where: Where) -> Member:
    name = entry.name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/") or ":" in name or "\0" in name:
        raise _leads_out(entry.name, where)
    if any(_DEVICES.match(part) for part in parts):
        raise where.error(
            f"压缩包内的 “{entry.name}” 是系统保留的设备名；请改名后重新压缩",
            f"“{entry.name}” in the archive is the name of a device; rename it and pack again",
        )
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise where.error(
            f"压缩包内的 “{entry.name}” 是链接，不是文件；请重新压缩文件本身",
            f"“{entry.name}” in the archive is a link, not a file; pack the file itself",
        )
    return Member(name, entry, info)


def _leads_out(name: str, where: Where) -> SiteError:
    return where.error(
        f"压缩包内的路径 “{name}” 指向包外；请重新压缩", f"the archived path “{name}” leads outside; pack it again"
    )
