"""Damaged files: bytes flipped, cut, repeated and spliced, numbers and words exchanged, archives packed anew."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from fuzz_seeds import Input

_LARGEST = 300_000
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_WORD = re.compile(rb"[^\s,;<>\"'\[\]{}()=]+")
_NUMBERS = (
    b"0", b"-0", b"-1", b"1e308", b"-1e308", b"1e-320", b"NaN", b"Infinity", b"-inf", b"1e400", b"9" * 400, b"1_0",
    b"2147483648", b"4294967295", b"18446744073709551616", b"37618097.5759", b"3919746.7832", b"112.3", b"35.4",
    b"0.1.2", b"\xef\xbc\x91\xef\xbc\x92", b"1e3", b"0x10", b"+5", b"1,2", b"112\xc2\xb030'15\"",
)  # fmt: skip
_WORDS = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"&lol;", b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    b"../../x", b"/vsicurl/http://localhost/a", b"\x1b[2J", "\u202e".encode(), "面".encode("gbk"), "线".encode(),
    b"[" * 3000, b"(" * 3000, b'{"a":' * 500, b"POLYGON", b"EMPTY", b"null", b"true", b"@", b"\r", b"\n\n", b"%s%n",
)  # fmt: skip
_BINARY = tuple(
    struct.pack(order + code, value)
    for order in "<>"
    for code, values in (
        ("d", (float("nan"), float("inf"), 1e308, -0.0, 5e-324, 1e9, 112.3)),
        ("i", (0, -1, 1, 2**31 - 1, -(2**31), 100_000_000)),
        ("q", (-1, 2**63 - 1, 2**40)),
        ("h", (-1, 0, 2**15 - 1)),
    )
    for value in values
)
Change = Callable[[bytes, random.Random], bytes]


def damaged(seeds: Sequence[Input], chance: random.Random) -> Input:
    """Return one of the seeds with one to four changes."""
    seed, alike = _chosen(seeds, chance)
    files = dict(seed.files)
    names = sorted(files)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        name = chance.choice(names)
        if chance.random() < 0.08:
            files[name] = _spliced(files[name], chance.choice(alike), name, chance)
        else:
            files[name] = _changed(files[name], chance)[:_LARGEST]
    main = seed.main
    if chance.random() < 0.02 and main in files:
        main = str(Path(main).with_suffix(Path(chance.choice(seeds).main).suffix))
        files[main] = files.pop(seed.main)
    return replace(seed, main=main, files=files)


def _chosen(seeds: Sequence[Input], chance: random.Random) -> tuple[Input, list[Input]]:
    """Return a seed and all of its format: no format is rare, and most seeds can be read as they are."""
    formats = sorted({seed.format for seed in seeds})
    by_format = chance.choice(formats) if chance.random() < 0.5 else chance.choice(seeds).format
    alike = [seed for seed in seeds if seed.format == by_format]
    readable = [seed for seed in alike if seed.readable]
    return chance.choice(readable if readable and chance.random() < 0.85 else alike), alike


def _changed(data: bytes, chance: random.Random) -> bytes:
    if data.startswith(b"PK") and chance.random() < 0.7:
        return _repacked(data, chance)
    text = b"\0" not in data[:1_000]
    changes = (*_ANY, *_TEXT, *_TEXT) if text else (*_ANY, *_BYTES)
    return chance.choice(changes)(data, chance) if data else bytes(chance.choices(range(256), k=8))


def _place(data: bytes, chance: random.Random) -> int:
    # Heads and tables of contents decide more than coordinates.
    return chance.randrange(min(len(data), 200 if chance.random() < 0.4 else len(data)))


def _flipped(data: bytes, chance: random.Random) -> bytes:
    result = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        result[_place(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(result)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _shortened(data: bytes, chance: random.Random) -> bytes:
    start = _place(data, chance)
    return data[:start] + data[start + chance.randint(1, 1 + len(data) // 4) :]


def _repeated(data: bytes, chance: random.Random) -> bytes:
    start = _place(data, chance)
    piece = data[start : start + chance.randint(1, 2_000)]
    return data[:start] + piece * chance.choice((2, 2, 3, 50, 1_000)) + data[start:]


def _moved(data: bytes, chance: random.Random) -> bytes:
    first, second = sorted((_place(data, chance), _place(data, chance)))
    return data[second:] + data[first:second] + data[:first]


def _overwritten(data: bytes, chance: random.Random) -> bytes:
    new, start = chance.choice(_BINARY), _place(data, chance)
    return data[:start] + new + data[start + len(new) :]


def _renumbered(data: bytes, chance: random.Random) -> bytes:
    return _exchanged(data, _NUMBER, _NUMBERS, chance)


def _reworded(data: bytes, chance: random.Random) -> bytes:
    return _exchanged(data, _WORD, _WORDS, chance)


def _exchanged(data: bytes, pattern: re.Pattern[bytes], hostile: Sequence[bytes], chance: random.Random) -> bytes:
    """Put something hostile, or another piece of the same kind, in the place of a number or a word."""
    start = _place(data, chance)
    found = pattern.search(data, start) or pattern.search(data)
    if found is None:
        return data
    other = pattern.search(data, _place(data, chance))
    new = other[0] if other is not None and chance.random() < 0.4 else chance.choice(hostile)
    return data[: found.start()] + new + data[found.end() :]


def _relined(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines[at:at] = [lines[other]] * chance.choice((1, 2, 500))
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines[at] = lines[at].rstrip(b"\r\n")
    return b"".join(lines)


def _recoded(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return text.encode(chance.choice(("gb18030", "utf-16", "utf-8-sig", "big5", "utf-32")), errors="replace")


def _spliced(data: bytes, other: Input, name: str, chance: random.Random) -> bytes:
    suffix = Path(name).suffix
    pieces = [content for path, content in other.files.items() if Path(path).suffix == suffix and content]
    if not pieces or not data:
        return data
    piece = chance.choice(pieces)
    return (data[: _place(data, chance)] + piece[_place(piece, chance) :])[:_LARGEST]


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """Change a member of an archive, or its name, and pack again: the inner format is reached only so."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        return _flipped(data, chance)
    if not members:
        return data
    at = chance.randrange(len(members))
    name, content = members[at]
    kind = chance.random()
    if kind < 0.75:
        members[at] = (name, _changed(content, chance) if not content.startswith(b"PK") else content)
    elif kind < 0.85:
        del members[at]
    elif kind < 0.95:
        members[at] = (chance.choice((f"../{name}", f"/{name}", name.upper(), f"a/{name}", f"{name}.zip", "")), content)
    else:
        members += [(f"{number}-{name}", content) for number in range(chance.choice((1, 3, 40)))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in dict(members).items():
            archive.writestr(name or "x", content)
    return packed.getvalue()


_ANY: tuple[Change, ...] = (_flipped, _flipped, _cut, _shortened, _repeated, _moved)
_TEXT: tuple[Change, ...] = (_renumbered, _reworded, _relined, _renumbered, _relined, _reworded, _recoded)
_BYTES: tuple[Change, ...] = (_overwritten, _overwritten, _overwritten, _flipped)
