"""`zoning check` and `zoning map`: read footprints and facts, check them one by one."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from zoning.cli.intake import Intake, read_intake
from zoning.cli.results import Printer, Writer
from zoning.cli.session import Session
from zoning.cli.writing import say_written
from zoning.errors import ContentError, UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from datetime import date

    from zoning.check import Checker, Examination, Refusal
    from zoning.overlay.source import LayerSource
    from zoning.rules.facts import FactSheet, Vocabulary
    from zoning.rules.told import Told
    from zoning.rules.verdict import Decision
    from zoning.sites.site import Site
    from zoning.workspace import Workspace

T = TypeVar("T")
_EXIT_OF: "Mapping[Decision, int]" = {"permitted": 0, "restricted": 1, "prohibited": 1, "undetermined": 3}
_PLAIN = Intake()
_WORTH_A_PROCESS = 128
"""So many footprints take longer than it takes to start another process."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The options of one check."""

    site: Path | None
    facts: Path | None
    sets: tuple[str, ...]
    on: str | None
    workspace: Path | None
    intake: Intake = _PLAIN
    out: Path | None = None
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What a request comes to: footprints in their order, each examined or refused when it is asked for.

    Nothing is held back: the geometry of a footprint can go when its verdict is written.
    """

    workspace: "Workspace"
    total: int
    results: Iterator["Examination | Refusal"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request with everything read that it names."""

    workspace: "Workspace"
    source: "LayerSource"
    on: "date"
    work: "list[tuple[Site, FactSheet]]"

    def checker(self) -> "Checker":
        """Return what checks the footprints in this process."""
        from zoning.check import Checker

        workspace = self.workspace
        return Checker(
            on=self.on,
            catalogue=workspace.catalogue,
            rulebook=workspace.rulebook,
            settings=workspace.settings,
            source=self.source,
        )


@dataclass(slots=True)
class Tally:
    """The exit code so far: that of the first refusal, else that of the strictest decision."""

    refused: int | None = None
    strictest: "Decision" = "permitted"

    def refuse(self, refusal: "Refusal") -> None:
        """Take a refusal into account."""
        self.refused = self.refused or refusal.error.exit_code

    def decide(self, decision: "Decision") -> None:
        """Take a decision into account."""
        from zoning.rules.verdict import strictest

        self.strictest = strictest((self.strictest, decision))

    def exit_code(self) -> int:
        """Return the exit code."""
        return self.refused or _EXIT_OF[self.strictest]


def run_check(session: Session, request: CheckRequest, *, as_json: bool) -> int:
    """Check a file and print its verdicts; return the exit code.

    Raises
    ------
    UsageError
        When an explanation is asked for as JSON; see also `prepare`.
    ContentError
        When a map or a verdict cannot be written.
    LayerError
        When a layer holds something that its definition does not know; what is wrong with one footprint is told and
        counted instead.
    SiteError, CRSError
        When the boundary file cannot be read.
    """
    if request.explain and as_json:
        raise UsageError(
            "--explain 是给人读的，只用于文字输出；JSON 中每条判定都有 reasons 和 citation",
            "--explain is for people and goes with text only; in JSON every finding has reasons and citation",
        )
    asked = _read(session, request)
    processes = 1 if request.explain or request.out else _processes(len(asked.work))
    if processes > 1:
        return _run_many(session, asked, processes, as_json=as_json)
    job = _job(asked)
    tally = Tally()
    printer = Printer(session, job.total, as_json=as_json, facts=job.workspace.rulebook.vocabulary.facts)
    writer = Writer(session, job.workspace, request.out, job.total) if request.out is not None else None
    for examination in examined(session, job, tally):
        printer.show(examination.verdict)
        if request.explain:
            from zoning.cli.explain import print_explanation

            print_explanation(session.console(), examination, job.workspace, session.language)
        for path in writer.write(examination, with_json=True) if writer else ():
            say_written(session, path)
    printer.close()
    return tally.exit_code()


def _processes(count: int) -> int:
    """Return how many processes so many footprints are worth."""
    if count < 2 * _WORTH_A_PROCESS:
        return 1
    from zoning.worker_processes import cores

    return min(cores(), count // _WORTH_A_PROCESS)


def _run_many(session: Session, asked: _Asked, processes: int, *, as_json: bool) -> int:
    """Check footprints in several processes and print their verdicts; return the exit code."""
    from zoning.batch.verdicts import Base, box_around, verdicts_of
    from zoning.cli.prepared_folder import prepared_folder

    root, work = asked.workspace.root.resolve(), asked.work
    base = Base(root, prepared_folder(root, session.environ), asked.on, box_around(site for site, _ in work))
    tally = Tally()
    printer = Printer(session, len(work), as_json=as_json, facts=asked.workspace.rulebook.vocabulary.facts)
    with closing(verdicts_of(work, base, processes, asked.checker())) as results:
        for written in _without_refused(session, results, len(work), tally):
            tally.decide(written.decision)
            printer.show_written(written.document)
    printer.close()
    return tally.exit_code()


def run_map(session: Session, request: CheckRequest) -> int:
    """Check a file and write one map per footprint; print their paths.

    Raises
    ------
    UsageError
        When no boundary file is named; see also `prepare`.
    ContentError
        When a map cannot be written.
    LayerError
        When a layer holds something that its definition does not know; what is wrong with one footprint is told and
        counted instead.
    SiteError, CRSError
        When the boundary file cannot be read.
    """
    job = prepare(session, request)
    tally = Tally()
    writer = Writer(session, job.workspace, request.out or Path("out"), job.total)
    for examination in examined(session, job, tally):
        for path in writer.write(examination, with_json=False):
            sys.stdout.write(f"{path}\n")
    return tally.refused or 0


def examined(session: Session, job: Job, tally: Tally) -> Iterator["Examination"]:
    """Yield the footprints that can be checked; say why the others are refused, and how far the work is."""
    for examination in _without_refused(session, job.results, job.total, tally):
        tally.decide(examination.verdict.decision)
        yield examination


def _without_refused(session: Session, results: "Iterator[T | Refusal]", total: int, tally: Tally) -> Iterator[T]:
    from zoning.check import Refusal

    step = max(total // 10, 100)
    for count, result in enumerate(results, start=1):
        if total > step and count % step == 0:
            session.say(Text(f"已检查 {count}/{total}", f"checked {count}/{total}"))
        if isinstance(result, Refusal):
            tally.refuse(result)
            session.say(Text(f"zoning: {result.error.text.zh}", f"zoning: {result.error.text.en}"))
        else:
            yield result


def run_replay(session: Session, path: Path, workspace_folder: Path | None, *, as_json: bool) -> int:
    """Run verdicts again from their traces; exit 0 when all come out byte-equal, 1 when one differs.

    Raises
    ------
    ContentError
        When the file cannot be read as JSON, holds no verdict or something else, or the workspace has mistakes.
    ZoningError
        When the footprint of a verdict cannot be checked any more.
    """
    from zoning.replay import replay_verdict, verdict_of

    workspace = session.open_workspace(workspace_folder)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ContentError(f"{path}：不是可读的 JSON 文件", f"{path}: no readable JSON file") from error
    documents = raw if isinstance(raw, list) else [raw]
    if not documents:
        raise ContentError(f"{path}：不含研判结论", f"{path}: no verdict is in it")
    same = True
    source = session.source(workspace)
    printer = Printer(session, len(documents), as_json=True)
    for document in documents:
        old = verdict_of(document, path.name)
        result = replay_verdict(
            old,
            catalogue=workspace.catalogue,
            rulebook=workspace.rulebook,
            settings=workspace.settings,
            source=source,
        )
        same = same and result.same
        if as_json:
            printer.show(result.verdict)
        _tell_replay(session, old.site.name, result.causes, result.effects, same=result.same)
    if as_json:
        printer.close()
    return 0 if same else 1


def prepare(session: Session, request: CheckRequest) -> Job:
    """Read everything that the request names; the check itself runs when the results are asked for.

    Raises
    ------
    UsageError
        When no boundary file is named, or an option cannot be meant.
    ContentError
        When the workspace has mistakes, a fact is unknown or does not allow its value, or facts are told of a footprint
        that the file does not hold.
    SiteError, CRSError
        When the boundary file cannot be read.
    """
    return _job(_read(session, request))


def _job(asked: _Asked) -> Job:
    return Job(asked.workspace, len(asked.work), asked.checker().check(asked.work))


def _read(session: Session, request: CheckRequest) -> _Asked:
    if request.site is None:
        raise UsageError("请给出边界文件：zoning check SITE", "name a boundary file: zoning check SITE")
    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    source = session.source(workspace)
    sites = read_request_sites(request, workspace, on, source)
    vocabulary = workspace.rulebook.vocabulary
    told = read_told(request, vocabulary)
    told.check_names(sites)
    return _Asked(workspace, source, on, [(site, told.of(site, vocabulary)) for site in sites])


def read_request_sites(
    request: CheckRequest, workspace: "Workspace", on: "date", source: "LayerSource"
) -> tuple["Site", ...]:
    """Read the boundary file of a request; footprints that overlap another one of the file say so.

    Raises
    ------
    UsageError, SiteError, CRSError, ContentError
        As `zoning.cli.intake.read_intake`.
    """
    from zoning.quality.neighbours import with_overlap_warnings

    extent = workspace.extent(on, source)
    return with_overlap_warnings(read_intake(Path(str(request.site)), request.intake, extent))


def read_told(request: CheckRequest, vocabulary: "Vocabulary") -> "Told":
    """Read the facts file and the `--set` options; the options win.

    Raises
    ------
    UsageError
        When an option is not written as fact=value, or gives a fact two values.
    ContentError
        When the facts file cannot be read, or an option names an unknown fact or a value that the fact does not allow.
    """
    from zoning.rules.facts import parse_facts, read_facts_file
    from zoning.rules.told import Told

    common: Mapping[str, object] = {}
    single: Mapping[str, Mapping[str, object]] = {}
    options: dict[str, object] = {}
    if request.facts is not None:
        common, single = read_facts_file(vocabulary, request.facts)
    for item in request.sets:
        name, equals, value = (part.strip() for part in item.partition("="))
        if not equals:
            raise UsageError(f"--set：“{item}”应写成 事实=值", f"--set: write '{item}' as fact=value")
        answer = [word for word in value.split(",") if word] if "," in value else value
        if options.setdefault(name, answer) != answer:
            raise UsageError(f"--set：{name} 给出了两个不同的值", f"--set: {name} is given twice with different values")
        parse_facts(vocabulary, {name: answer}, "--set")
    return Told(common, single, options, request.facts.name if request.facts else "--set")


def _tell_replay(
    session: Session, name: str, causes: tuple[Text, ...], effects: tuple[Text, ...], *, same: bool
) -> None:
    if same:
        session.say(Text(f"{name}：重新运行结果逐字节相同", f"{name}: the same bytes came out again"))
        return
    session.say(Text(f"{name}：重新运行结果不同", f"{name}: another result came out"))
    for label, texts in ((Text("原因", "cause"), causes), (Text("变化", "change"), effects)):
        for text in texts:
            session.say(Text(f"  {label.zh}：{text.zh}", f"  {label.en}: {text.en}"))
