"""`zoning report`: the explained verdict as a document to be handed in, and its verification."""

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.results import Writer
from zoning.errors import ContentError, UsageError, os_reason
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.cli.check import CheckRequest
    from zoning.cli.session import Session
    from zoning.report.verify import Verification

_MOST_BYTES = 300_000_000


class ReportFormat(StrEnum):
    """The formats of a report."""

    docx = "docx"
    pdf = "pdf"
    html = "html"
    xlsx = "xlsx"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The options of one report; see `zoning report --help`."""

    check: "CheckRequest"
    to: tuple[ReportFormat, ...] = (ReportFormat.pdf,)
    template: Path | None = None
    maker: str = ""
    applicant: str = ""
    maps: bool = True


def run_report(session: "Session", request: ReportRequest) -> int:
    """Check a file, write the reports of its footprints and print their paths; return the exit code.

    Raises
    ------
    UsageError
        When a template is named without Word, one file is named for several reports, or its suffix is that of another
        format; see also `zoning.cli.check.prepare`.
    ContentError
        When the template cannot be used, or a report cannot be written.
    SiteError, CRSError
        When the boundary file cannot be read; a footprint that cannot be measured is told and counted instead.
    LayerError
        When a layer or the relief of the maps cannot be read.
    """
    from zoning.atomic_write import write_whole
    from zoning.cli.check import Tally, examined, prepare
    from zoning.cli.report_making import reporter_of

    if request.template is not None and ReportFormat.docx not in request.to:
        raise UsageError(
            "--template 是 Word 模板，须与 --to docx 一起用", "--template is for Word: it goes with --to docx"
        )
    job = prepare(session, request.check)
    reporter = reporter_of(session, job.workspace, maker=request.maker, template=request.template, maps=request.maps)
    single = _single_file(request, job.total)
    folder = request.check.out or Path("out")
    names = Writer(session, job.workspace, folder, job.total)
    tally = Tally()
    for examination in examined(session, job, tally):
        report = reporter.report(examination, applicant=request.applicant)
        stem = names.stem(examination.footprint.site)
        for to in request.to:
            path = single or folder / f"{stem}-report.{to}"
            write_whole(path, reporter.write(report, to.value))
            sys.stdout.write(f"{path}\n")
    return tally.refused or 0


def _single_file(request: ReportRequest, total: int) -> Path | None:
    """Return the file that `--out` names; None where it is a folder."""
    out = request.check.out
    if out is None or out.is_dir() or out.suffix.lower() not in {f".{to}" for to in ReportFormat}:
        return None
    if total != 1 or len(request.to) != 1:
        raise UsageError(
            f"--out：{out.name} 是一个文件，而要写 {total * len(request.to)} 份报告；请给出文件夹",
            f"--out: {out.name} is one file, and {total * len(request.to)} reports are to be written: name a folder",
        )
    if out.suffix.lower() != f".{request.to[0]}":
        raise UsageError(
            f"--out：{out.name} 的扩展名与 --to {request.to[0]} 不符",
            f"--out: the suffix of {out.name} is not that of --to {request.to[0]}",
        )
    return out


def run_verify(session: "Session", path: Path, workspace: Path | None, *, replay: bool) -> int:
    """Say whether report and verdict belong together; exit 0 when they do, 1 when not.

    Raises
    ------
    ContentError
        When the file cannot be read or is too large, is no report and no verdict, or the workspace has mistakes.
    ZoningError
        When the footprint of the verdict cannot be checked any more.
    """
    from zoning.report.verify import verify_report, verify_verdict

    content = _read(path)
    if path.suffix.lower() == ".json":
        found = verify_verdict(content.decode("utf-8", errors="replace"), path.name)
    else:
        found = verify_report(content, path.name)
    for text in found.sentences:
        sys.stdout.write(text.get(session.language) + "\n")
    if not replay or found.verdict is None:
        return 0 if found.genuine else 1
    return max(0 if found.genuine else 1, _replay(session, found, workspace))


def _replay(session: "Session", found: "Verification", folder: Path | None) -> int:
    from zoning.replay import replay_verdict

    if found.verdict is None:
        return 1
    workspace = session.open_workspace(folder)
    result = replay_verdict(
        found.verdict,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=session.source(workspace),
    )
    if result.same:
        text = Text("用当前工作空间重新运行，结论逐字节相同。", "Run again in this workspace: the same bytes came out.")
        sys.stdout.write(text.get(session.language) + "\n")
        return 0
    text = Text("用当前工作空间重新运行，结论不同：", "Run again in this workspace, another verdict came out:")
    sys.stdout.write(text.get(session.language) + "\n")
    for line in (*result.causes, *result.effects):
        sys.stdout.write(f"  {line.get(session.language)}\n")
    return 1


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ContentError(f"{path.name}：文件过大", f"{path.name}: the file is too large")
        return path.read_bytes()
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：不能读取（{reason.zh}）", f"{path}: cannot be read ({reason.en})") from error
