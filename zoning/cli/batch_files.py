"""The files that a batch is to write, and what speaks against them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zoning.cli.intake import STDIN
from zoning.errors import ContentError, UsageError

SUFFIXES = (".parquet", ".gpkg", ".csv")
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Files:
    """The files to write.

    Attributes
    ----------
    lines
        For whole verdicts, one JSON object per line.
    page
        For the map.
    wkt
        Whether a CSV holds the geometry.
    overwrite
        Whether files of these names are replaced.
    workbook
        For the results as an Excel workbook.
    reports, reports_to
        Folder for one report per site, and their format.
    report_maps
        Whether the reports hold the maps of the annex.
    """

    table: Path
    lines: Path | None = None
    page: Path | None = None
    wkt: bool = False
    overwrite: bool = False
    workbook: Path | None = None
    reports: Path | None = None
    reports_to: str = "docx"
    report_maps: bool = False

    @property
    def written(self) -> Iterator[Path]:
        """The paths, the table first."""
        return (path for path in (self.table, self.lines, self.page, self.workbook, self.reports) if path is not None)

    def as_plain(self) -> dict[str, object]:
        """Return what decides what is in them."""
        return {"table": self.table.suffix.lower(), "wkt": self.wkt, "lines": self.lines is not None}


def check_files(sites: Path, files: Files, *, resume: bool = False) -> None:
    """Do nothing when the files can be written as they are named.

    Parameters
    ----------
    resume
        Whether files that an interrupted run has written already are replaced.

    Raises
    ------
    UsageError
        For a suffix that tells no format, one name for two files, a folder that is not there.
    ContentError
        For a file that is there already.
    """
    _check_suffix("--out", files.table, SUFFIXES)
    from zoning.batch.folder import announced

    for option, path, suffixes in (
        ("--jsonl", files.lines, LINES),
        ("--map", files.page, (".html",)),
        ("--workbook", files.workbook, (".xlsx",)),
    ):
        if path is not None:
            _check_suffix(option, path, suffixes)
    if files.wkt and files.table.suffix.lower() != ".csv":
        raise UsageError(
            "--geometry 只用于 .csv；.parquet 和 .gpkg 总是带图形",
            "--geometry is for .csv; .parquet and .gpkg always hold it",
        )
    if resume and not files.overwrite:
        _check_unfinished(files.table)
    _check_named(sites, files, announced(files.table) if resume else [])
    if files.reports is not None:
        _check_folder(files.reports, overwrite=files.overwrite or resume)


def _check_named(sites: Path, files: Files, ours: list[str]) -> None:
    """Do nothing when all files have names of their own, and nothing but `ours` would be written over."""
    taken: dict[Path, str] = {} if str(sites) == STDIN else {sites.resolve(): "SITES"}
    named = (
        ("--out", files.table),
        ("--jsonl", files.lines),
        ("--map", files.page),
        ("--workbook", files.workbook),
    )
    for option, path in named:
        if path is None:
            continue
        other = taken.setdefault(path.resolve(), option)
        if other != option:
            raise UsageError(
                f"{option} 和 {other} 是同一个文件：{path}；请换一个名称",
                f"{option} and {other} are the same file: {path}; choose another name",
            )
        _check_place(path, overwrite=files.overwrite or str(path.resolve()) in ours)


def _check_unfinished(table: Path) -> None:
    from zoning.batch.folder import is_unfinished

    if table.is_file() and not is_unfinished(table):
        raise ContentError(
            f"{table}：文件已存在，没有未完成的运行可以继续；要重新计算，请换一个名称，或用 --overwrite 覆盖",
            f"{table}: the file exists, and there is no unfinished run to continue; to compute it anew choose "
            "another name, or replace it with --overwrite",
        )


def _check_folder(path: Path, *, overwrite: bool) -> None:
    if path.exists() and not path.is_dir():
        raise ContentError(f"--reports：{path} 不是文件夹", f"--reports: {path} is no folder")
    if path.is_dir() and any(path.iterdir()) and not overwrite:
        raise ContentError(
            f"--reports：{path} 不为空；请换一个文件夹，或用 --overwrite 覆盖",
            f"--reports: {path} is not empty; choose another folder, or replace what is in it with --overwrite",
        )


def _check_suffix(option: str, path: Path, suffixes: tuple[str, ...]) -> None:
    if path.suffix.lower() not in suffixes:
        zh, en = "、".join(suffixes), ", ".join(suffixes)
        raise UsageError(
            f"{option}：“{path.name}”的扩展名不表示一种格式；可用：{zh}",
            f"{option}: the suffix of '{path.name}' names no format; allowed: {en}",
        )


def _check_place(path: Path, *, overwrite: bool) -> None:
    if path.is_dir():
        raise ContentError(f"{path}：是文件夹；请写文件名", f"{path} is a folder; name a file")
    if not path.parent.is_dir():
        raise ContentError(
            f"{path.parent}：文件夹不存在；请先建立", f"{path.parent}: there is no such folder; make it first"
        )
    if path.exists() and not overwrite:
        raise ContentError(
            f"{path}：文件已存在；请换一个名称，或用 --overwrite 覆盖",
            f"{path}: the file exists; choose another name, or replace it with --overwrite",
        )
