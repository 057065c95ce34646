"""The file of arrays: whole or not there, and never believed when a single bit of it is another."""

import hashlib
import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from zoning.overlay.prepared.container import (
    MAGIC,
    VERSION,
    ArrayFile,
    DamagedError,
    open_arrays,
    write_arrays,
)

HEAD = struct.Struct("<8sIIQ32s")
ARRAYS: dict[str, NDArray[Any]] = {
    "xy": np.linspace(0.0, 1.0, 34).reshape(17, 2),
    "starts": np.arange(5, dtype=np.int64),
    "small": np.asarray([1, 2, 3], dtype=np.int32),
    "flags": np.asarray([True, False, True]),
    "text": np.frombuffer("保护区".encode(), dtype=np.uint8),
    "one": np.asarray(7.5),
    "none": np.empty((0, 4)),
    "cube": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
}
META = {"layer": "水源", "zones": 5, "classes": ["一级", "二级"]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "a.zones"
    write_arrays(target, ARRAYS, META)
    return target


def read_whole(path: Path) -> dict[str, Any]:
    with ArrayFile.open(path) as file:
        file.verify()
        return {"arrays": file.arrays(), "meta": file.meta}


def forged(path: Path, header: bytes, data: bytes = bytes(64), *, size: int | None = None) -> Path:
    """Write a file whose digests are right, whatever its header says."""
    header += b" " * (-(HEAD.size + 32 + len(header)) % 64)
    whole = HEAD.size + 32 + len(header) + len(data) if size is None else size
    head = HEAD.pack(MAGIC, VERSION, len(header), whole, hashlib.sha256(data).digest())
    path.write_bytes(head + hashlib.sha256(head + header).digest() + header + data)
    return path


def test_what_was_written_is_mapped_again(path: Path) -> None:
    arrays, meta = open_arrays(path)
    assert meta == META
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert arrays[name].shape == array.shape
        np.testing.assert_array_equal(arrays[name], array)


def test_arrays_are_read_only_and_aligned_for_the_kernels(path: Path) -> None:
    for array in open_arrays(path)[0].values():
        assert not array.flags.writeable
        assert array.size == 0 or array.ctypes.data % 64 == 0


def test_what_is_mapped_stays_when_the_name_is_gone(path: Path) -> None:
    arrays, _ = open_arrays(path)
    path.unlink()
    np.testing.assert_array_equal(arrays["xy"], ARRAYS["xy"])


def test_the_same_content_gives_the_same_bytes_and_the_digest_tells_them_apart(path: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "b.zones", tmp_path / "c.zones"
    digest = write_arrays(again, ARRAYS, dict(reversed(META.items())))
    changed = write_arrays(other, {**ARRAYS, "one": np.asarray(7.25)}, META)
    assert again.read_bytes() == path.read_bytes()
    assert digest != changed
    with ArrayFile.open(path) as file:
        assert file.digest == digest


def test_arrays_that_do_not_lie_in_one_piece_are_written_as_they_read(tmp_path: Path) -> None:
    square = np.arange(16, dtype=np.int64).reshape(4, 4)
    write_arrays(tmp_path / "a", {"turned": square.T, "each other": square[::2], "big end": square.astype(">i8")}, {})
    arrays, _ = open_arrays(tmp_path / "a")
    np.testing.assert_array_equal(arrays["turned"], square.T)
    np.testing.assert_array_equal(arrays["each other"], square[::2])
    np.testing.assert_array_equal(arrays["big end"], square)


def test_a_file_without_arrays(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a", {}, {})
    assert read_whole(tmp_path / "a") == {"arrays": {}, "meta": {}}
    write_arrays(tmp_path / "b", {"none": np.empty(0)}, {})
    assert read_whole(tmp_path / "b")["arrays"]["none"].shape == (0,)


def test_every_flipped_bit_is_found(path: Path) -> None:
    """All bytes: magic, version, lengths, digests, header, data and what lies between them."""
    good = path.read_bytes()
    for place in range(len(good)):
        bad = bytearray(good)
        bad[place] ^= 1 << (place % 8)
        path.write_bytes(bad)
        with pytest.raises(DamagedError):
            read_whole(path)


def test_every_length_but_its_own_is_found_without_reading_the_data(path: Path) -> None:
    good = path.read_bytes()
    for length in (*range(700), *range(700, len(good), 97), len(good) - 1):
        path.write_bytes(good[:length])
        with pytest.raises(DamagedError):
            open_arrays(path)
    path.write_bytes(good + b"\0")
    with pytest.raises(DamagedError):
        open_arrays(path)


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"PK\x03\x04" * 400, MAGIC * 60, b"SQLite format 3\0" * 99])
def test_other_files_are_no_files_of_arrays(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DamagedError):
        open_arrays(tmp_path / "a")


def test_another_version_is_another_format(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8:12] = struct.pack("<I", VERSION + 1)
    path.write_bytes(content)
    with pytest.raises(DamagedError, match="version"):
        open_arrays(path)


def _header(*arrays: object, meta: object = None) -> bytes:
    return json.dumps({"arrays": arrays, "meta": {} if meta is None else meta}).encode()


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"arrays": 5, "meta": {}}',
        b'{"arrays": [], "meta": []}',
        _header(["a", "<f8", [8], 64]),  # beyond the end
        _header(["a", "<f8", [9], 0]),  # longer than the data
        _header(["a", "<f8", [7], 0]),  # something behind the last array
        _header(["a", "<f8", [4], 0], ["b", "<f8", [4], 0]),  # one on the other
        _header(["a", "<f8", [4], 0], ["b", "<f8", [4], 32]),  # not aligned
        _header(["a", "<f8", [8], 0], ["a", "<f8", [0], 64]),  # a name twice
        _header(["a", "<f8", [8], -64]),
        _header(["a", "<f8", [-8], 0]),
        _header(["a", "<f8", [1 << 61], 0]),
        _header(["a", "<f8", [1 << 32, 1 << 32], 0]),
        _header(["a", "<f8", [0, 1 << 62], 0]),
        _header(["a", "<f8", [10**400], 0]),
        _header(["a", "<f8", [8.0], 0]),
        _header(["a", "<f8", [True, 8], 0]),
        _header(["a", "<f8", ["8"], 0]),
        _header(["a", "<f8", 8, 0]),
        _header(["a", "<f8", [1, 1, 1, 1, 8], 0]),
        _header(["a", "|O", [8], 0]),  # pointers
        _header(["a", "<M8[s]", [8], 0]),
        _header(["a", ">f8", [8], 0]),
        _header(["a", ["<f8", "<f8"], [4], 0]),
        _header([1, "<f8", [8], 0]),
        _header(["a", "<f8", [8]]),
        _header(["a", "<f8", [8], 0, 0]),
        _header("abcd"),
    ],
)
def test_headers_that_lie_are_refused_even_with_right_digests(tmp_path: Path, header: bytes) -> None:
    with pytest.raises(DamagedError):
        open_arrays(forged(tmp_path / "a", header))


@pytest.mark.parametrize("size", [0, 1, 1 << 40, (1 << 64) - 1])
def test_a_file_that_states_another_size_is_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(DamagedError):
        open_arrays(forged(tmp_path / "a", _header(["a", "<f8", [8], 0]), size=size))


@pytest.mark.parametrize("length", [0, 1, 1 << 20, (1 << 32) - 1])
def test_a_header_of_another_length_is_refused(path: Path, length: int) -> None:
    content = bytearray(path.read_bytes())
    content[12:16] = struct.pack("<I", length)
    path.write_bytes(content)
    with pytest.raises(DamagedError):
        open_arrays(path)


def test_a_rightly_forged_file_can_be_read_so_that_the_refusals_above_say_something(tmp_path: Path) -> None:
    arrays, _ = open_arrays(forged(tmp_path / "a", _header(["a", "<f8", [8], 0])))
    np.testing.assert_array_equal(arrays["a"], np.zeros(8))


def test_links_pipes_and_folders_in_the_place_of_a_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(path)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder", "nothing"):
        with pytest.raises((DamagedError, OSError)):
            open_arrays(tmp_path / name)


def test_writing_replaces_a_link_and_not_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("dear to me", encoding="utf-8")
    (tmp_path / "a").symlink_to(tmp_path / "other")
    write_arrays(tmp_path / "a", ARRAYS, META)
    assert (tmp_path / "other").read_text(encoding="utf-8") == "dear to me"
    assert read_whole(tmp_path / "a")["meta"] == META


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    bad: list[Mapping[str, NDArray[Any]]] = [{"objects": np.asarray([None])}, {"words": np.asarray(["a"])}]
    for arrays in bad:
        with pytest.raises(TypeError):
            write_arrays(path, arrays, {})
    with pytest.raises(TypeError):
        write_arrays(path, ARRAYS, {"what": object()})
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_a_full_disk_leaves_the_old_file_and_nothing_else(path: Path, tmp_path: Path) -> None:
    program = (
        "import resource, sys, numpy as np; from pathlib import Path\n"
        "from zoning.overlay.prepared.container import write_arrays\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: write_arrays(Path(sys.argv[1]), {'a': np.arange(20_000.0)}, {})\n"
        "except OSError as error: print(type(error).__name__, error.errno)\n"
    )
    before = path.read_bytes()
    # The figures of coverage are larger than what may be written here.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=False, env=unmeasured
    )
    assert (done.stdout.strip(), done.stderr) == ("OSError 27", "")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before
