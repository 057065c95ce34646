"""Whatever happens while layers are prepared: nothing that is not whole and right is ever opened."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import overlay_world as world
from prepared_world import DAY, assert_same, catalogue_in, content, ragged_zones, store_in, window
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.overlay.prepared.container import ArrayFile, open_arrays, write_arrays
from zoning.overlay.prepared.file_state import FileState
from zoning.overlay.prepared.folder import Folder
from zoning.overlay.prepared.stamps import Stamp, Stamps
from zoning.overlay.prepared.store import PreparedStore


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sources")
    catalogue_in(root)
    return root


@pytest.fixture
def root(sources: Path, tmp_path: Path) -> Path:
    shutil.copytree(sources, tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture(scope="module")
def undisturbed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    store = PreparedStore(folder, catalogue_in(sources), world.PLANE)
    assert len(store.prepare()) == 4
    return content(folder)


def preparing(root: Path, folder: Path | None = None, before: str = "") -> list[str]:
    """Return a command that prepares the layers in another process."""
    program = (
        f"import sys; sys.path.insert(0, {str(Path(world.__file__).parent)!r})\n"
        f"{before}\n"
        "from pathlib import Path; import overlay_world as world\n"
        "from prepared_world import catalogue_in\n"
        "from zoning.overlay.prepared.store import PreparedStore\n"
        "from zoning.errors import ZoningError\n"
        f"root = Path({str(root)!r}); print('ready', flush=True)\n"
        f"store = PreparedStore(Path({str(folder or root / '.prepared')!r}), catalogue_in(root), world.PLANE)\n"
        "try: print(sorted(outcome.state for outcome in store.prepare()))\n"
        "except ZoningError as error: print(type(error).__name__, error.text.zh, '|', error.text.en)\n"
    )
    return [sys.executable, "-c", program]


def ran(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.removeprefix("ready\n").strip()


# --- damage ------------------------------------------------------------------------------------------------------


def places(size: int) -> Iterator[int]:
    """Give places in all sections of a file: its head, byte by byte, and its data."""
    yield from range(0, 120, 3)
    yield from range(120, size, max(size // 40, 1))


def test_a_damaged_file_is_not_opened_and_built_again(root: Path) -> None:
    catalogue = catalogue_in(root)
    store_in(catalogue).prepare(["ponds"])
    (path,) = Folder(root / ".prepared").files()
    good = path.read_bytes()
    for place in places(len(good)):
        bad = bytearray(good)
        bad[place] ^= 0x20
        path.write_bytes(bad)
        assert store_in(catalogue).open("ponds", DAY) is None, place
    for length in (0, 1, 87, 88, 4096, len(good) // 2, len(good) - 1):
        path.write_bytes(good[:length])
        assert store_in(catalogue).open("ponds", DAY) is None, length
    assert [outcome.state for outcome in store_in(catalogue).prepare(["ponds"])] == ["built"]
    assert path.read_bytes() == good


def test_damage_that_leaves_no_trace_in_size_and_times_is_found_by_verifying(root: Path) -> None:
    """As a failing disk does it: the stamp still holds, so opening cannot know."""
    catalogue = catalogue_in(root)
    store_in(catalogue).prepare(["ponds"])
    (path,) = Folder(root / ".prepared").files()
    good = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(len(good) // 3)  # among the coordinates
        file.write(b"\x11")
    # The stamp of the damaged file, as if it had been intact at the time.
    with ArrayFile.open(path) as opened:
        state, digest = opened.state, opened.digest
    Stamps(path.parent).put(path.name, Stamp((("", state),), digest, state.changed_ns + 10**12))
    assert store_in(catalogue).open("ponds", DAY) is not None
    assert [outcome.state for outcome in store_in(catalogue).prepare(["ponds"])] == ["current"]
    assert [outcome.state for outcome in store_in(catalogue).prepare(["ponds"], verify=True)] == ["built"]
    assert path.read_bytes() == good


def test_a_file_that_nobody_has_read_for_a_week_is_read_in_full(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk can lose a bit without any sign: what was whole once is not believed for ever."""
    catalogue = catalogue_in(root)
    store_in(catalogue).prepare(["ponds"])
    (path,) = Folder(root / ".prepared").files()
    good = path.read_bytes()
    stamps = Stamps(path.parent)

    def stamp(days: float) -> None:
        """Write a stamp that is so many days old, of a file that was last changed long before."""
        with ArrayFile.open(path) as opened:
            state, digest = replace(opened.state, modified_ns=1, changed_ns=1), opened.digest
        stamps.put(path.name, Stamp((("", state),), digest, time.time_ns() - round(days * 86_400 * 1e9)))

    # Files that were changed just now have no old stamps: these tests cannot wait for a week.
    monkeypatch.setattr(FileState, "of", classmethod(lambda _, stat: FileState(stat.st_size, 1, 1, stat.st_ino)))
    stamp(8)
    assert store_in(catalogue).open("ponds", DAY) is not None
    # What was read is believed again.
    with path.open("r+b") as file:
        file.seek(len(good) // 3)
        file.write(b"\x11")
    assert store_in(catalogue).open("ponds", DAY) is not None
    stamp(6)
    assert store_in(catalogue).open("ponds", DAY) is not None
    stamp(8)
    assert store_in(catalogue).open("ponds", DAY) is None
    # Where no stamp can be kept, every process would have to read everything.
    with monkeypatch.context() as locked:
        locked.setattr(os, "access", lambda *_: False)
        assert store_in(catalogue).open("ponds", DAY) is not None
    assert [outcome.state for outcome in store_in(catalogue).prepare(["ponds"])] == ["built"]
    assert path.read_bytes() == good


def test_what_is_damaged_is_named_and_removed(root: Path) -> None:
    catalogue = catalogue_in(root)
    store = store_in(catalogue)
    assert store.damaged(DAY) == []
    store.prepare()
    assert store.damaged(DAY) == []
    paths = {path.name.partition(".")[0]: path for path in Folder(root / ".prepared").files()}
    for name, place in (("ponds", 2), ("woods", 3)):
        assert store.open(name, DAY) is not None
        size = paths[name].stat().st_size
        with paths[name].open("r+b") as file:
            file.seek(size // place)
            file.write(b"\x11\x12")
    assert store.damaged(DAY) == ["ponds", "woods"]
    assert sorted(path.name.partition(".")[0] for path in Folder(root / ".prepared").files()) == ["fields", "territory"]
    # What was open is not given again either.
    assert store.open("ponds", DAY) is None
    assert [outcome.state for outcome in store.prepare(["ponds", "fields"])] == ["built", "current"]
    assert store.damaged(DAY) == []


def test_a_file_under_the_name_of_another_is_not_that_other(root: Path) -> None:
    catalogue = catalogue_in(root)
    store_in(catalogue).prepare(["ponds", "woods"])
    ponds, woods = Folder(root / ".prepared").files()
    shutil.copy(woods, ponds)
    assert store_in(catalogue).open("ponds", DAY) is None
    assert store_in(catalogue).open("woods", DAY) is not None


def test_a_whole_file_whose_arrays_contradict_each_other_is_not_opened(root: Path) -> None:
    """All digests are right: whoever made it meant harm, and must not bring the process down."""
    catalogue = catalogue_in(root)
    store_in(catalogue).prepare(["ponds"])
    (path,) = Folder(root / ".prepared").files()
    arrays, meta = open_arrays(path)
    good = {name: array.copy() for name, array in arrays.items()}
    opened = []
    for name, array in good.items():
        for what, bad in (*_twisted(array), ("nothing", None)):
            others = {other: kept for other, kept in good.items() if other != name}
            write_arrays(path, others if bad is None else {**others, name: bad}, meta)
            path.with_name(f"{path.name}.stamp").unlink(missing_ok=True)
            if store_in(catalogue).open("ponds", DAY) is not None:
                opened.append((name, what))
    # Bytes have no shape: that leads nowhere.
    assert set(opened) <= {("coverage", "another shape")}
    for wrong in ({}, {**meta, "zones": 10**9}, {**meta, "classes": ["x"]}, {**meta, "key": "0" * 64}):
        write_arrays(path, good, wrong)
        assert store_in(catalogue).open("ponds", DAY) is None, wrong
    write_arrays(path, good, meta)
    assert store_in(catalogue).open("ponds", DAY) is not None


def _twisted(array: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give arrays of another length or type, and with entries that lead elsewhere."""
    if len(array):
        yield "shorter", array[:-1]
        yield "longer", np.concatenate([array, array[-1:]])
        yield "another type", array.astype(np.float32)
        yield "another shape", array.reshape(1, -1)
    if array.dtype == np.int64:
        # The head of each list of integers, and a few places of the lists themselves.
        for place in {*range(min(len(array), 3)), len(array) // 2, len(array) - 1} if len(array) else ():
            for value in (-1, -(2**62), 2**62, 10**6):
                bad = array.copy()
                bad[place] = value
                if array[place] != value:
                    yield f"{value} at {place}", bad


# --- killed, crowded, full ---------------------------------------------------------------------------------------


def test_one_process_opens_while_another_replaces(root: Path) -> None:
    catalogue = catalogue_in(root)
    store_in(catalogue).prepare(["ponds"])
    opened = store_in(catalogue).open("ponds", DAY)
    assert opened is not None
    plain = window(catalogue, "ponds", world.PLANE)
    world.write_zones(root / "layers/data/ponds.gpkg", ragged_zones(9))
    store_in(catalogue).prepare(["ponds"])
    assert len(Folder(root / ".prepared").files()) == 1
    # What was mapped before is still the layer of that time.
    assert_same(opened, plain)
    assert_same(store_in(catalogue).open("ponds", DAY), window(catalogue, "ponds", world.PLANE))


FULL = "预处理图层写入失败（{}）；没有留下不完整的文件"


def test_a_file_that_may_not_grow(root: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))"
    told = ran(preparing(root, before=limit))
    assert told.startswith("ContentError ")
    assert FULL.format("超出文件大小上限") in told
    assert "cannot be written (File too large); nothing half-written was left" in told
    assert all(path.stat().st_size < 200_000 for path in (root / ".prepared").iterdir())
    for path in Folder(root / ".prepared").files():
        with ArrayFile.open(path) as file:
            file.verify()
    assert not list((root / ".prepared").glob(".*.partial"))


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Return the function that gives a disk of a size, in memory; root alone may have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    on = []

    def of_size(size: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("needs a disk of its own: only root may mount a tmpfs")
        on.append(folder)
        return folder

    yield of_size
    for each in on:
        # What is still mapped keeps it busy.
        subprocess.run(["umount", "--lazy", str(each)], check=True)


def test_a_full_disk(root: Path, mounted: Callable[[str], Path]) -> None:
    catalogue, tiny_disk = catalogue_in(root), mounted("1m")
    store = PreparedStore(tiny_disk / "prepared", catalogue, world.PLANE)
    with pytest.raises(ContentError) as caught:
        store.prepare()
    assert FULL.format("磁盘已满") in caught.value.text.zh
    assert "(No space left on device)" in caught.value.text.en
    left = sorted(path.name for path in (tiny_disk / "prepared").iterdir())
    assert not [name for name in left if name.endswith(".partial")]
    for path in Folder(tiny_disk / "prepared").files():
        with ArrayFile.open(path) as file:
            file.verify()
    for name in catalogue.layers:
        found = PreparedStore(tiny_disk / "prepared", catalogue, world.PLANE).open(name, DAY)
        if found is not None:
            assert_same(found, window(catalogue, name, world.PLANE))


@pytest.mark.parametrize("place", ["file", "file/below", "dangling/below"])
def test_a_folder_that_cannot_be_made(root: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere" / "at all")
    store = PreparedStore(tmp_path / place, catalogue_in(root), world.PLANE)
    assert store.open("ponds", DAY) is None
    with pytest.raises(ContentError, match="cannot be written"):
        store.prepare()


def test_a_folder_that_may_only_be_read(
    root: Path, undisturbed: dict[str, bytes], mounted: Callable[[str], Path]
) -> None:
    """Another user has prepared it: it can be used, every time after reading it whole, and not be written."""
    disk = mounted("20m")
    catalogue = catalogue_in(root)
    PreparedStore(disk / "p", catalogue, world.PLANE).prepare()
    for path in (disk / "p").glob("*.stamp"):
        path.unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    before = sorted(path.name for path in (disk / "p").iterdir())
    for _ in range(2):
        assert PreparedStore(disk / "p", catalogue, world.PLANE).open("ponds", DAY) is not None
    assert content(disk / "p") == undisturbed
    assert {outcome.state for outcome in PreparedStore(disk / "p", catalogue, world.PLANE).prepare()} == {"current"}
    world.write_zones(root / "layers/data/ponds.gpkg", ragged_zones(8))
    assert PreparedStore(disk / "p", catalogue, world.PLANE).open("ponds", DAY) is None
    with pytest.raises(ContentError) as caught:
        PreparedStore(disk / "p", catalogue, world.PLANE).prepare()
    assert FULL.format("磁盘只读") in caught.value.text.zh
    assert sorted(path.name for path in (disk / "p").iterdir()) == before


# --- what else may lie in the folder -----------------------------------------------------------------------------


def test_only_what_preparing_wrote_is_ever_removed(root: Path, tmp_path: Path) -> None:
    catalogue = catalogue_in(root)
    (tmp_path / "dear").write_text("dear to me", encoding="utf-8")
    folder = root / ".prepared"
    folder.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    mine = ("notes.txt", ".profile", "a.zones", "x.0123.zones.stamp", "source-1.stamp", ".hidden.partial.bak")
    for name in mine:
        (folder / name).write_text("mine", encoding="utf-8")
    store_in(catalogue).prepare()
    (path, *_) = Folder(folder).files()
    path.unlink()
    path.symlink_to(tmp_path / "dear")
    # A link under the name of a prepared file is not opened; it is replaced, and what it points to left alone.
    assert [outcome.state for outcome in store_in(catalogue).prepare()].count("built") == 1
    assert not path.is_symlink()
    for name in mine:
        assert (folder / name).read_text(encoding="utf-8") == "mine"
    assert store_in(catalogue).clear() == 4
    assert sorted(each.name for each in (tmp_path / "elsewhere").iterdir()) == sorted(mine)
    assert (tmp_path / "dear").read_text(encoding="utf-8") == "dear to me"


def test_a_link_in_the_place_of_the_lock_is_not_followed(root: Path, tmp_path: Path) -> None:
    (root / ".prepared").mkdir()
    (root / ".prepared" / ".lock").symlink_to(tmp_path / "made")
    with pytest.raises(ContentError, match="cannot be written"):
        store_in(catalogue_in(root)).prepare()
    assert not (tmp_path / "made").exists()


def test_what_killed_processes_left_is_swept_away(root: Path) -> None:
    folder = root / ".prepared"
    folder.mkdir()
    for name in (".ponds.0123.zones.abc.partial", ".now.x.partial", ".ponds.zones.stamp.4z"):
        (folder / name).write_bytes(b"half")
    store_in(catalogue_in(root)).prepare(["ponds"])
    assert not [path for path in folder.iterdir() if "half" in path.read_text("latin-1")[:4]]


def test_files_of_layers_that_are_gone_are_left_over_until_all_are_prepared(root: Path) -> None:
    catalogue = catalogue_in(root)
    store_in(catalogue).prepare()
    fewer = Catalogue(root, {name: catalogue[name] for name in catalogue.layers if name != "ponds"}, "territory")
    listed = {(entry.layer, entry.state) for entry in store_in(fewer).listing()}
    assert listed == {("territory", "current"), ("fields", "current"), ("woods", "current"), ("ponds", "left-over")}
    store_in(fewer).prepare(["woods"])
    assert len(Folder(root / ".prepared").files()) == 4
    store_in(fewer).prepare()
    assert len(Folder(root / ".prepared").files()) == 3


def test_the_listing_tells_the_state_of_each(root: Path) -> None:
    catalogue = catalogue_in(root)
    assert {entry.state for entry in store_in(catalogue).listing()} == {"missing"}
    store_in(catalogue).prepare(["ponds", "woods", "territory"])
    ponds, _, woods = Folder(root / ".prepared").files()
    assert ponds.name.startswith("ponds.")
    ponds.write_bytes(b"damaged")
    world.write_zones(root / "layers/data/woods.gpkg", ragged_zones(7))
    listed = {entry.layer: entry.state for entry in store_in(catalogue).listing()}
    assert listed == {"territory": "current", "fields": "missing", "ponds": "damaged", "woods": "stale"}
    assert woods.exists()
