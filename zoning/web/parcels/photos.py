"""Photos of records: what may be handed in as one, and the pictures of it that people see.

A page never shows the file that came: it shows a picture that a worker made of it, without the place, time and owner
that cameras write into photos. The file itself goes only to those who may read what is personal.
"""

from datetime import date
from pathlib import Path
from typing import Final, Literal

from zoning.atomic_write import write_whole
from zoning.errors import ContentError, UsageError
from zoning.registers.entries import Attachment, AttachmentKind, Stamp
from zoning.registers.files import Copy, keep_copy
from zoning.registers.place import Place
from zoning.registers.register import Register
from zoning.web.parcels.asking import asked
from zoning.web.server import Server

Size = Literal["large", "small"]
SIZES: Final[tuple[Size, ...]] = ("large", "small")
PHOTOS: Final[tuple[AttachmentKind, ...]] = ("before", "after", "photo")
MOST_BYTES: Final = 20_000_000
"""Of one photo: phones make 3 to 12 MB."""
SUFFIXES: Final = {"jpeg": (".jpg", ".jpeg"), "png": (".png",), "webp": (".webp",), "heic": (".heic", ".heif")}
_HEAD: Final = 16
_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def kind_of(path: Path) -> str:
    """Return what the first bytes of a file say that it is: jpeg, png, webp, heic; "" for anything else."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return "heic" if head[4:8] == b"ftyp" and head[8:12] in _HEIC else ""


def demand_photo(path: Path) -> str:
    """Return the kind of a photo that was handed in.

    Raises
    ------
    ContentError
        When it is none, is called like something else, or is too large.
    """
    kind, name = kind_of(path), path.name
    if not kind or path.suffix.lower() not in SUFFIXES[kind]:
        raise ContentError(
            f"“{name}”不是照片（JPEG、PNG、WebP、HEIC），没有保存",
            f"'{name}' is no photo (JPEG, PNG, WebP, HEIC) and was not kept",
        )
    if (size := path.stat().st_size) > MOST_BYTES:
        raise ContentError(
            f"“{name}”有 {size / 1e6:.1f} MB，超过每张 {MOST_BYTES // 1_000_000} MB 的上限，没有保存",
            f"'{name}' has {size / 1e6:.1f} MB, more than the {MOST_BYTES // 1_000_000} MB of a photo: it was not kept",
        )
    return kind


def look_at(server: Server, copy: Copy, kind: str) -> None:
    """Make the pictures of a kept photo.

    No worker can open HEIC: such a photo is kept, and shown to nobody as a picture.

    Raises
    ------
    ContentError
        When it is damaged.
    """
    if kind != "heic" and not all(_picture(server, copy.sha256, size).is_file() for size in SIZES):
        make_pictures(server, copy.sha256, server.settings.files / copy.path)


def make_pictures(server: Server, sha256: str, path: Path) -> None:
    """Let a worker make the pictures of a photo."""
    with asked(server, "photo", {"file": str(path)}) as (_, folder):
        for size in SIZES:
            write_whole(_picture(server, sha256, size), (folder / f"{size}.jpg").read_bytes())


def picture_of(server: Server, attachment: Attachment, size: Size) -> Path | None:
    """Return where the picture of a photo lies; None where there is none.

    Raises
    ------
    ContentError
        When the photo is damaged.
    """
    original = server.settings.files / attachment.path
    if not original.is_file() or kind_of(original) in ("", "heic"):
        return None
    path = _picture(server, attachment.sha256, size)
    if not path.is_file():
        make_pictures(server, attachment.sha256, original)
    return path


def is_shown(server: Server, attachment: Attachment) -> bool:
    """Tell whether there can be a picture of an attachment."""
    original = server.settings.files / attachment.path
    return original.is_file() and kind_of(original) not in ("", "heic")


def keep_photos(
    server: Server, place: Place, record: str, paths: list[Path], what: AttachmentKind, taken: date | None, stamp: Stamp
) -> int:
    """Keep photos for a record: all of them or none; return how many are new.

    Raises
    ------
    ContentError, UsageError
        When one of them is refused.
    """
    if what not in PHOTOS:
        raise UsageError(
            "请选择照片类型：修复前、修复后或现场", "say what the photo shows: before, after, or the place"
        )
    kinds = [demand_photo(path) for path in paths]
    named = []
    for path, kind in zip(paths, kinds, strict=True):
        # The same photo called .jpg and .jpeg is one.
        named.append(path.rename(path.with_suffix(SUFFIXES[kind][0])))
        look_at(server, keep_copy(server.settings.files, named[-1]), kind)
    register = Register(place)
    before = len(register.attachments(record))
    for path in named:
        register.attach(record, path, what, taken, stamp)
    return len(register.attachments(record)) - before


def _picture(server: Server, sha256: str, size: Size) -> Path:
    return server.folder("photos") / f"{sha256}-{size}.jpg"
