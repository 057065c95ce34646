"""`zoning check` and `zoning map`: read footprints and facts, check, print, write."""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from datetime import date

    from zoning.check import Examination, Refusal
    from zoning.rules.facts import FactSheet, Vocabulary
    from zoning.rules.verdict import Verdict
    from zoning.sites.site import Site
    from zoning.workspace import Workspace

_EXIT_OF = {"permitted": 0, "restricted": 1, "prohibited": 1, "undetermined": 3}
_STRICTEST_LAST = ("permitted", "restricted", "undetermined", "prohibited")
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The options of one check."""

    site: Path | None
    facts: Path | None
    sets: tuple[str, ...]
    on: str | None
    workspace: Path | None
    crs: str | None = None
    layer: str | None = None
    width: float | None = None
    encoding: str | None = None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a request."""

    workspace: "Workspace"
    results: tuple["Examination | Refusal", ...]

    @property
    def examinations(self) -> tuple["Examination", ...]:
        """The footprints that were checked."""
        from zoning.check import Examination

        return tuple(result for result in self.results if isinstance(result, Examination))

    @property
    def refusals(self) -> tuple["Refusal", ...]:
        """The footprints that were refused."""
        from zoning.check import Refusal

        return tuple(result for result in self.results if isinstance(result, Refusal))

    def exit_code(self) -> int:
        """Return the code of the first refusal, else of the strictest decision."""
        for refusal in self.refusals:
            return refusal.error.exit_code
        decisions = [examination.verdict.decision for examination in self.examinations]
        return _EXIT_OF[max(decisions, key=_STRICTEST_LAST.index)]


def run_check(session: Session, request: CheckRequest, *, as_json: bool) -> int:
    """Check a file and print its verdicts; return the exit code."""
    run = perform(session, request)
    verdicts = [examination.verdict for examination in run.examinations]
    if as_json:
        sys.stdout.write(as_json_text(verdicts))
    else:
        from zoning.cli.tables import print_verdict

        for verdict in verdicts:
            print_verdict(session.console(), verdict, session.language)
    if request.out is not None:
        for path in write_results(session, run, request.out, with_json=True):
            session.say(Text(f"已写出 {path}", f"written: {path}"))
    _report_refusals(session, run)
    return run.exit_code()


def run_map(session: Session, request: CheckRequest) -> int:
    """Check a file and write one map per footprint; print their paths."""
    run = perform(session, request)
    for path in write_results(session, run, request.out or Path("out"), with_json=False):
        sys.stdout.write(f"{path}\n")
    _report_refusals(session, run)
    refusals = run.refusals
    return refusals[0].error.exit_code if refusals else 0


def run_replay(session: Session, path: Path, workspace_folder: Path | None, *, as_json: bool) -> int:
    """Run verdicts again from their traces; exit 0 when all come out byte-equal, 1 when one differs."""
    from zoning.replay import read_verdict, replay

    workspace = session.open_workspace(workspace_folder)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(f"{path}：不是可读的 JSON 文件", f"{path}: no readable JSON file") from error
    documents = raw if isinstance(raw, list) else [raw]
    same = True
    for document in documents:
        old = read_verdict(json.dumps(document, ensure_ascii=False), path.name)
        result = replay(old, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings)
        same = same and result.same
        if as_json:
            sys.stdout.write(result.verdict.to_json())
        _tell_replay(session, old.site.name, result.same, result.causes, result.effects)
    return 0 if same else 1


def perform(session: Session, request: CheckRequest) -> Run:
    """Read and check everything that the request names."""
    from zoning.check import check_sites

    if request.site is None:
        raise UsageError("请给出边界文件：zoning check SITE", "name a boundary file: zoning check SITE")
    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    sites = read_request_sites(request, workspace, on)
    vocabulary = workspace.rulebook.vocabulary
    told = read_told(request, vocabulary)
    work = [(site, told.of(site, vocabulary)) for site in sites]
    results = check_sites(
        work, on=on, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings
    )
    return Run(workspace, tuple(_with_progress(session, results, len(work))))


def read_request_sites(request: CheckRequest, workspace: "Workspace", on: "date") -> tuple["Site", ...]:
    """Read the boundary file of a request."""
    from zoning.sites import read_sites

    if request.width is not None and not 0 < request.width <= 10_000:  # noqa: PLR2004
        raise UsageError("--width：宽度须在 0 与 10000 米之间", "--width: the width must lie between 0 and 10000 m")
    return read_sites(
        Path(str(request.site)),
        expected=workspace.extent(on),
        width_m=request.width,
        encoding=request.encoding,
        crs=request.crs,
        layer=request.layer,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """The facts as they were told: for all footprints of the file, and for single ones by id or name."""

    common: Mapping[str, object]
    single: Mapping[str, Mapping[str, object]]
    where: str

    def of(self, site: "Site", vocabulary: "Vocabulary") -> "FactSheet":
        """Return the facts of one footprint."""
        from zoning.rules.facts import parse_facts

        own = self.single.get(site.id) or self.single.get(site.name) or {}
        return parse_facts(vocabulary, {**self.common, **own}, self.where)


def read_told(request: CheckRequest, vocabulary: "Vocabulary") -> Told:
    """Read the facts file and the `--set` options; the options win."""
    from zoning.rules.facts import parse_facts, read_facts_file

    common: dict[str, object] = {}
    single: Mapping[str, Mapping[str, object]] = {}
    if request.facts is not None:
        common, single = read_facts_file(vocabulary, request.facts)
    for item in request.sets:
        name, equals, value = item.partition("=")
        if not equals:
            raise UsageError(f"--set：“{item}”应写成 事实=值", f"--set: write '{item}' as fact=value")
        common[name.strip()] = [word for word in value.split(",") if word] if "," in value else value
        parse_facts(vocabulary, {name.strip(): common[name.strip()]}, "--set")
    return Told(common, single, request.facts.name if request.facts else "--set")


def write_results(session: Session, run: Run, folder: Path, *, with_json: bool) -> Iterator[Path]:
    """Write a map, and the verdict as JSON when asked, per footprint; yield the paths."""
    from zoning.atomic_write import write_whole
    from zoning.cli.maps import map_of

    for examination, stem in zip(run.examinations, _stems(run.examinations), strict=True):
        if with_json:
            write_whole(folder / f"{stem}.json", examination.verdict.to_json())
            yield folder / f"{stem}.json"
        write_whole(folder / f"{stem}.html", map_of(examination, run.workspace, session))
        yield folder / f"{stem}.html"


def as_json_text(verdicts: list["Verdict"]) -> str:
    """Return one JSON object for one verdict, an array for several."""
    if len(verdicts) == 1:
        return verdicts[0].to_json()
    documents = [json.loads(verdict.to_json()) for verdict in verdicts]
    return json.dumps(documents, ensure_ascii=False, indent=2) + "\n"


def _stems(examinations: tuple["Examination", ...]) -> list[str]:
    stems: list[str] = []
    for examination in examinations:
        site = examination.footprint.site
        stem = _UNSAFE.sub("_", Path(site.source).name.rsplit(".", 1)[0])
        if len(examinations) > 1:
            stem = f"{stem}-{_UNSAFE.sub('_', site.id)}"
        count = sum(1 for earlier in stems if earlier == stem or earlier.startswith(f"{stem}~"))
        stems.append(f"{stem}~{count + 1}" if count else stem)
    return stems


def _with_progress(
    session: Session, results: Iterator["Examination | Refusal"], total: int
) -> Iterator["Examination | Refusal"]:
    step = max(total // 10, 100)
    for count, result in enumerate(results, start=1):
        if total > step and count % step == 0:
            session.say(Text(f"已检查 {count}/{total}", f"checked {count}/{total}"))
        yield result


def _report_refusals(session: Session, run: Run) -> None:
    for refusal in run.refusals:
        session.say(Text(f"zoning: {refusal.error.text.zh}", f"zoning: {refusal.error.text.en}"))


def _tell_replay(session: Session, name: str, same: bool, causes: tuple[Text, ...], effects: tuple[Text, ...]) -> None:  # noqa: FBT001
    if same:
        session.say(Text(f"{name}：重新运行结果逐字节相同", f"{name}: the same bytes came out again"))
        return
    session.say(Text(f"{name}：重新运行结果不同", f"{name}: another result came out"))
    for label, texts in ((Text("原因", "cause"), causes), (Text("变化", "change"), effects)):
        for text in texts:
            session.say(Text(f"  {label.zh}：{text.zh}", f"  {label.en}: {text.en}"))
