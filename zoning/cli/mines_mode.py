"""`zoning mines mode`: parcels and rasters read, modes scored and checked, results printed and written."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from zoning.atomic_write import json_text
from zoning.cli.mines_parcels import ParcelsRequest, parcels
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.check import Checker
    from zoning.mines.suitability.content import Suitability
    from zoning.mines.suitability.inputs import Given
    from zoning.mines.suitability.run import Modes
    from zoning.registers.record import Record
    from zoning.rules.told import Told
    from zoning.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ModeRequest:
    """The options of one run, as they were typed."""

    parcels: ParcelsRequest
    dem: Path | None = None
    cover: Path | None = None
    rasters: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()
    facts: Path | None = None
    sets: tuple[str, ...] = ()
    on: str | None = None
    workspace: Path | None = None
    out: Path | None = None
    maps: bool = False


def run_mode(session: Session, request: ModeRequest, *, as_json: bool) -> int:
    """Score the modes of parcels, ask the law, print and write; return the exit code.

    Raises
    ------
    UsageError
        When maps are asked for without a folder or a raster, a criterion is not written as name=file or not there, a
        day is no date, a fact is told twice, or there is no parcel with a usable boundary.
    ContentError
        When `out` is no folder, the content, the register or the facts have mistakes, or a file cannot be written.
    LayerError, CRSError
        When a raster, a file of a criterion or a layer cannot be read.
    """
    from zoning.mines.suitability.document import document_of
    from zoning.mines.suitability.run import modes_of
    from zoning.version import __version__

    _check_out(request)
    workspace = session.open_workspace(request.workspace)
    content, law = _content(workspace)
    given = _given(request)
    given.check(content)
    checker = _checker(session, workspace, request)
    records = parcels(session, request.workspace, request.parcels)
    told = _told(workspace, request)
    _tell_unused(session, told, records)
    with _Steps(session, len(records)) as steps:
        modes = modes_of(
            content, law, records, given, checker, answers=lambda one: _answers(told, one), tick=steps.tell
        )
    sources = _sources(workspace, checker, given)
    document = document_of(modes, on=checker.on.isoformat(), sources=sources, program=__version__)
    if as_json:
        sys.stdout.write(json_text(document))
    else:
        from zoning.cli.mines_mode_text import print_modes

        print_modes(session, modes)
    if request.out is not None:
        _write(session, request, modes, json_text(document))
    if request.maps and request.out is not None:
        _maps(session, content, given, checker, modes, request.out)
    return 0


def _check_out(request: ModeRequest) -> None:
    """Refuse what could not be written, before anything is computed."""
    if request.maps and request.out is None:
        raise UsageError("--maps 须与 --out 一起用", "--maps goes with --out")
    if request.maps and request.dem is None and request.cover is None:
        raise UsageError("--maps：须给出 --dem 或 --cover", "--maps: give --dem or --cover")
    if request.out is not None and request.out.exists() and not request.out.is_dir():
        raise ContentError(f"{request.out}：不是文件夹", f"{request.out}: this is no folder")


def _content(workspace: "Workspace") -> "tuple[Suitability, Any]":
    from zoning.mines.modes_law import FILE as LAW
    from zoning.mines.modes_law import read_modes_law
    from zoning.mines.suitability.content import FILE, read_suitability

    return read_suitability(workspace.own_or_builtin(FILE)), read_modes_law(workspace.own_or_builtin(LAW))


def _given(request: ModeRequest) -> "Given":
    from zoning.mines.suitability.inputs import Given

    rasters, vectors = _named("--raster", request.rasters), _named("--vector", request.vectors)
    return Given(request.dem, request.cover, rasters, vectors)


def _named(option: str, texts: tuple[str, ...]) -> dict[str, Path]:
    """Read `name=file` options."""
    found: dict[str, Path] = {}
    for text in texts:
        name, equals, file = (part.strip() for part in text.partition("="))
        if not (name and equals and file) or name in found:
            raise UsageError(
                f"{option}：“{text}”应写成 准则=文件，每个准则一次",
                f"{option}: write '{text}' as CRITERION=FILE, each criterion once",
            )
        found[name] = Path(file)
    return found


def _checker(session: Session, workspace: "Workspace", request: ModeRequest) -> "Checker":
    from zoning.check import Checker

    return Checker(
        on=session.day(request.on),
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=session.source(workspace),
    )


def _told(workspace: "Workspace", request: ModeRequest) -> "Told":
    from zoning.cli.check import CheckRequest, read_told

    return read_told(CheckRequest(None, request.facts, request.sets, request.on, None), workspace.rulebook.vocabulary)


def _tell_unused(session: Session, told: "Told", records: "Sequence[Record]") -> None:
    """Say which parcels facts are told of that are not among these: else they would be lost without a word."""
    known = {name for one in records for name in (one.id, one.name)}
    unused = [str(name) for name in told.single if name not in known]
    if unused:
        zh, en = "、".join(unused), ", ".join(unused)
        session.say(
            Text(
                f"{told.where}：这里没有图斑 {zh}，写给它们的事实没有用到",
                f"{told.where}: there is no parcel {en} here: the facts that are told of it are not used",
            )
        )


def _answers(told: "Told", record: "Record") -> Mapping[str, object]:
    own = told.single.get(record.id) or told.single.get(record.name) or {}
    return {**told.common, **own, **told.options}


def _sources(workspace: "Workspace", checker: "Checker", given: "Given") -> dict[str, object]:
    from zoning.layers.digests import file_sha256

    return {
        "workspace": workspace.file.title.en,
        "rules": workspace.rulebook.sha256,
        "layers": dict(sorted(checker.definitions.items())),
        "files": {name: {"name": path.name, "sha256": file_sha256(path)} for name, path in given.files.items()},
    }


def _write(session: Session, request: ModeRequest, modes: "Modes", document: str) -> None:
    from zoning.atomic_write import write_whole
    from zoning.cli.mines_mode_files import geopackage_of, workbook_of

    folder = request.out or Path()
    last = folder / "mode.json"
    last.unlink(missing_ok=True)
    day = session.day(request.on).isoformat()
    write_whole(folder / "mode.xlsx", workbook_of(modes, session.language, day))
    write_whole(folder / "mode.gpkg", geopackage_of(modes, session.language, day))
    # Written last: with it the folder is finished.
    write_whole(last, document)
    session.say(
        Text(f"已写出 {folder}/：mode.json、mode.xlsx、mode.gpkg", f"written: {folder}/ mode.json, .xlsx, .gpkg")
    )


def _maps(
    session: Session, content: "Suitability", given: "Given", checker: "Checker", modes: "Modes", folder: Path
) -> None:
    from zoning.mines.modes_law import site_of
    from zoning.mines.suitability.inputs import opened
    from zoning.mines.suitability.score_maps import write_score_maps
    from zoning.overlay.footprint import Footprint

    footprints = [Footprint.of(site_of(one.record), checker.plane) for one in modes.parcels]
    with (
        _Steps(session, 0) as steps,
        opened(content, given, source=checker.source, footprints=footprints, on=checker.on) as inputs,
    ):
        paths = write_score_maps(inputs, given, list(content.of("target")), folder, checker.plane, tick=steps.maps)
    session.say(Text(f"得分图：{len(paths)} 幅", f"score maps: {len(paths)}"))


_FEW = 50
_TITLES = {
    "scores": Text("适宜性评分", "scores"),
    "law": Text("合规性核查", "law"),
    "maps": Text("得分图", "score maps"),
}


class _Steps:
    """Tells how far a run is: a line per step and tenth of it, rewritten on a terminal."""

    def __init__(self, session: Session, total: int) -> None:
        self._session, self._total = session, total
        self._told: tuple[str, int] = ("", -1)
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._terminal and self._told[0]:
            sys.stderr.write("\n")

    def tell(self, step: str, done: int) -> None:
        """Tell how many parcels of a step are done."""
        self._line(step, done, self._total)

    @property
    def maps(self) -> Callable[[int, int], None]:
        """What maps tell."""
        return lambda done, total: self._line("maps", done, total)

    def _line(self, step: str, done: int, total: int) -> None:
        tenth = done * 10 // max(total, 1)
        few = not self._terminal and done < total and (not tenth or total < _FEW)
        if few or (step, tenth) == self._told:
            return
        self._told = (step, tenth)
        line = f"{_TITLES[step].get(self._session.language)} {done}/{total}"
        sys.stderr.write(f"\r{line}\x1b[K" if self._terminal else f"{line}\n")
        sys.stderr.flush()
