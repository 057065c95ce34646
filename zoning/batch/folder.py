"""The work folder of a batch: what was finished before an interruption, and proof that it belongs to this run.

RESULTS.parquet.parts/
    lock             held by the process that works here
    manifest.json    what decides the results, and how many footprints go into a task
    announced.json   the files that were about to appear when the run was interrupted
    0000000012-<sha256>.arrow   a finished part: it is there whole, or not at all
    results.parquet  the table, half-written
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from zoning.atomic_write import json_text, write_whole
from zoning.batch.identity import differences
from zoning.batch.job import Part
from zoning.batch.lock import LockedError, locked
from zoning.errors import ContentError, UsageError, ZoningError, os_reason
from zoning.texts import Text, joined

SUFFIX = ".parts"
SCHEMA = "zoning.batch-work/1"
_MANIFEST, _LOCK, _ANNOUNCED = "manifest.json", "lock", "announced.json"
_PART = re.compile(r"(\d{10})-([0-9a-f]{64})\.arrow")
MERGED = "results"
"""Name of the table that is being written, without its suffix."""
_WHOLE = rf"(?:{re.escape(_MANIFEST)}|{re.escape(_ANNOUNCED)}|\d{{10}}-[0-9a-f]{{64}}\.arrow)"
_OURS = re.compile(rf"{_LOCK}|{_WHOLE}|\.{_WHOLE}\.[a-z0-9_]{{8}}|\.?{MERGED}\..+")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a work folder says of itself.

    Attributes
    ----------
    identity
        Digests of all that decides; see `zoning.batch.identity`.
    task
        Footprints per task; a run that is taken up again cuts as the first one did.
    sites
        How many records the boundary file has, where that was known at the start.
    """

    identity: Mapping[str, str]
    task: int
    sites: int | None

    def to_json(self) -> str:
        """Return the manifest as JSON text."""
        content = {"schema": SCHEMA, "task": self.task, "sites": self.sites, "identity": dict(self.identity)}
        return json_text(content)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            When it is anything else.
        """
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("schema") != SCHEMA:
            raise ValueError(SCHEMA)
        identity, task, sites = content.get("identity"), content.get("task"), content.get("sites")
        if not isinstance(identity, dict) or not all(isinstance(value, str) for value in identity.values()):
            raise ValueError(SCHEMA)
        if not isinstance(task, int) or task < 1 or not isinstance(sites, int | None):
            raise ValueError(SCHEMA)
        return cls(identity, task, sites)


@dataclass(slots=True)
class WorkFolder:
    """The work folder of one run, locked.

    Attributes
    ----------
    parts
        Finished parts by number.
    """

    path: Path
    out: Path
    manifest: Manifest
    parts: dict[int, Path] = field(default_factory=dict)

    def save(self, part: Part) -> None:
        """Keep a finished part.

        Raises
        ------
        ContentError
            When it cannot be written; what was finished before is not touched.
        """
        digest = hashlib.sha256(part.arrow).hexdigest()
        path = self.path / f"{part.number:010d}-{digest}.arrow"
        try:
            write_whole(path, part.arrow)
        except ContentError as error:
            raise (with_resume(error, self.out) if self.parts else error) from error
        self.parts[part.number] = path

    def read(self, number: int) -> pa.Table:
        """Return a finished part, mapped and not copied.

        Raises
        ------
        ContentError
            When it is not what was written.
        """
        path = self.parts[number]
        if not _is_whole(path):
            raise ContentError(
                f"{path}：文件已损坏；请加 --resume 重新运行，损坏的部分会重新计算",
                f"{path}: the file is damaged; run again with --resume, what is damaged is computed again",
            )
        with pa.memory_map(str(path)) as mapped:
            return pa.ipc.open_file(mapped).read_all()

    def announce(self, path: Path) -> None:
        """Note that a file of the results is about to appear: after an interruption it may be replaced.

        Raises
        ------
        ContentError
            When it cannot be noted.
        """
        known = [*announced(self.out), str(path.resolve())]
        write_whole(self.path / _ANNOUNCED, json.dumps(known, ensure_ascii=False))

    def discard(self) -> None:
        """Give up all finished parts.

        Raises
        ------
        ContentError
            When one cannot be removed.
        """
        for path in self.parts.values():
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                reason = os_reason(error)
                raise ContentError(
                    f"{path}：不能删除（{reason.zh}）；请检查权限，再用 --restart 从头开始",
                    f"{path}: cannot be removed ({reason.en}); check permissions, then begin anew with --restart",
                ) from error
        self.parts.clear()

    def remove(self) -> None:
        """Remove the folder with all parts; files that others have put there stay, and then the folder does.

        As long as a part is left, what says whose it is and the note of what has appeared are there as well.
        """
        for kept in ((_MANIFEST, _ANNOUNCED, _LOCK), (_ANNOUNCED, _LOCK), (_LOCK,), ()):
            for file in _ours(self.path, but=kept):
                with suppress(OSError):
                    file.unlink()
        with suppress(OSError):
            self.path.rmdir()


def folder_of(out: Path) -> Path:
    """Return where the work folder of a file of results lies: beside it."""
    return out.with_name(out.name + SUFFIX)


def is_unfinished(out: Path) -> bool:
    """Tell whether there is a finished part of a run that has not come to its end."""
    with suppress(OSError):
        return any(_PART.fullmatch(file.name) for file in folder_of(out).iterdir())
    return False


def announced(out: Path) -> list[str]:
    """Return the files that an interrupted run was about to write beside its table."""
    with suppress(OSError, ValueError):
        found = json.loads((folder_of(out) / _ANNOUNCED).read_text(encoding="utf-8"))
        return [str(path) for path in found] if isinstance(found, list) else []
    return []


@contextmanager
def work_folder(out: Path, manifest: Manifest, *, resume: bool, restart: bool) -> Iterator[WorkFolder]:
    """Open the work folder of `out` for this process alone.

    Parameters
    ----------
    manifest
        Of this run; of a run that is resumed, size of tasks and number of records are taken over.

    Raises
    ------
    UsageError
        When there is one already and neither `resume` nor `restart` is said; when what decides the results has
        changed; when another process works there.
    ContentError
        When the folder cannot be made or read.
    """
    path = folder_of(out)
    with ExitStack() as held:
        try:
            path.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(path / _LOCK))
            folder = _opened(path, out, manifest, resume=resume, restart=restart)
        except LockedError as error:
            raise UsageError(
                f"{path}：另一个 zoning batch 正在写 {out.name}；请等它结束，或换一个 --out",
                f"{path}: another zoning batch is writing {out.name}; wait until it has ended, or choose another --out",
            ) from error
        except OSError as error:
            reason = os_reason(error)
            raise ContentError(
                f"{path}：工作文件夹不可用（{reason.zh}）；请检查权限和磁盘空间",
                f"{path}: the work folder cannot be used ({reason.en}); check permissions and disk space",
            ) from error
        try:
            yield folder
        except ZoningError:
            if not folder.parts:
                folder.remove()
            raise


def _ours(path: Path, *, but: tuple[str, ...]) -> list[Path]:
    """Return what a batch has written into its folder, not what others have put there."""
    with suppress(OSError):
        return [file for file in path.iterdir() if _OURS.fullmatch(file.name) and file.name not in but]
    return []


def with_resume(error: ContentError, out: Path) -> ContentError:
    """Return an error about writing with what to do next."""
    return ContentError(
        f"{error.text.zh}。已完成的部分都在 {folder_of(out)}，排除问题后加 --resume 继续",
        f"{error.text.en}. What was finished is kept in {folder_of(out)}: remove the cause and continue with --resume",
    )


def _opened(path: Path, out: Path, manifest: Manifest, *, resume: bool, restart: bool) -> WorkFolder:
    # A folder without a finished part is nobody's loss.
    if any(_PART.fullmatch(file.name) for file in path.iterdir()) and not restart:
        return _resumed(path, out, manifest, resume=resume)
    for old in _ours(path, but=(_LOCK,)):
        old.unlink()
    write_whole(path / _MANIFEST, manifest.to_json())
    return WorkFolder(path, out, manifest)


def _resumed(path: Path, out: Path, manifest: Manifest, *, resume: bool) -> WorkFolder:
    try:
        old = Manifest.from_json((path / _MANIFEST).read_text(encoding="utf-8"))
    except (ValueError, FileNotFoundError) as error:
        raise ContentError(
            f"{path / _MANIFEST}：无法读取，不知道其中的部分属于哪次运行；请加 --restart 从头开始",
            f"{path / _MANIFEST}: it cannot be read, so nobody knows which run the parts belong to; "
            "begin anew with --restart",
        ) from error
    if not resume:
        raise _unfinished(path, old)
    changed = differences(old.identity, manifest.identity)
    if changed:
        raise _changed(path, changed)
    folder = WorkFolder(path, out, old)
    folder.parts.update(_whole_parts(path))
    return folder


def _whole_parts(path: Path) -> Iterator[tuple[int, Path]]:
    """Yield the parts that are what was written; the others go."""
    for file in sorted(path.iterdir()):
        match = _PART.fullmatch(file.name)
        if match is None:
            continue
        if _is_whole(file):
            yield int(match[1]), file
        else:
            file.unlink()


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == path.stem.partition("-")[2]


def _unfinished(path: Path, manifest: Manifest) -> UsageError:
    done = sum(_size(file) for _, file in _whole_parts(path))
    of = Text("", "") if manifest.sites is None else Text(f"（共 {manifest.sites:,} 个）", f" of {manifest.sites:,}")
    return UsageError(
        f"{path}：有一次运行的成果，已完成 {done:,} 个地块{of.zh}；加 --resume 继续，或加 --restart 从头开始",
        f"{path}: it holds the work of another run, {done:,}{of.en} footprints are done; continue with --resume, or "
        "begin anew with --restart",
    )


def _size(part: Path) -> int:
    with pa.memory_map(str(part)) as mapped:
        return int(pa.ipc.open_file(mapped).read_all().num_rows)


def _changed(path: Path, changed: tuple[Text, ...]) -> UsageError:
    named = joined(changed)
    return UsageError(
        f"{path}：不能继续，上次运行之后有变化：{named.zh}；请恢复原样后再用 --resume，或用 --restart 从头开始",
        f"{path}: it cannot be continued, this has changed since: {named.en}; put it back and use --resume again, or "
        "begin anew with --restart",
    )
