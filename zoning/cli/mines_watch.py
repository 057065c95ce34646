"""`zoning mines watch`: change on protected land."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.mines_parcels import ParcelsRequest, parcels, parcels_of_file
from zoning.cli.mines_recovery_series import SeriesRequest, scenes_of
from zoning.cli.printing import print_line, print_rest
from zoning.cli.register_opening import optional_day
from zoning.cli.session import Session
from zoning.cli.telling import Told
from zoning.cli.writing import write_all
from zoning.errors import UsageError, every_mistake
from zoning.texts import Text

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from zoning.mines.rasters import Scene
    from zoning.mines.watch.memory import WatchState
    from zoning.mines.watch.running import Watch, WatchRequest
    from zoning.mines.watch.settings import WatchSettings
    from zoning.workspace import Workspace

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class WatchCall:
    """What the command is told."""

    parcels: ParcelsRequest
    series: SeriesRequest
    territories: tuple[str, ...] = ()
    before: str | None = None
    after: str | None = None
    permitted: Path | None = None
    marks: tuple[str, ...] = ()
    note: str = ""
    out: Path | None = None
    resume: bool = False
    on: str | None = None
    workspace: Path | None = None


def run_watch_command(session: Session, call: WatchCall, *, as_json: bool) -> int:
    """Watch; return the exit code: 0 whatever is found, for nothing is decided here.

    Raises
    ------
    UsageError
        When results are to be gone on with or marked without a folder, a mark is not written as id=mark or not allowed,
        a day is no date, there are no rasters to compare, or a file of parcels that was named holds none.
    ContentError
        When the settings, a list of rasters or what is kept of earlier runs cannot be read, or a file cannot be
        written.
    SiteError
        When a file of parcels or of permitted sites cannot be read.
    LayerError, CRSError
        When a raster or a layer cannot be read.
    """
    from zoning.check import Checker
    from zoning.mines.watch.document import to_json
    from zoning.mines.watch.memory import STATE_FILE, WatchState, marked, read_state
    from zoning.mines.watch.running import run_watch

    if call.out is None and (call.resume or call.marks):
        raise UsageError("--resume 和 --mark 须与 --out 一起使用", "--resume and --mark go with --out")
    workspace = session.open_workspace(call.workspace)
    settings = _settings(workspace)
    scenes = scenes_of(call.series, settings.change.possible)
    on = session.day(call.on)
    state = WatchState() if call.out is None else read_state(call.out / STATE_FILE)
    state = marked(state, _marks(call.marks), call.note)
    request = _request(session, call, scenes, workspace.root)
    checker = Checker(
        on=on,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=session.source(workspace),
    )
    key = "" if call.out is None else _key(call, settings, state, request, workspace, on)
    if call.resume and call.out is not None and _is_current(call.out, key):
        return _tell_kept(session, call.out, as_json=as_json)
    session.say(Text(f"{len(scenes)} 景栅格", f"{len(scenes)} rasters"))
    watch = run_watch(request, settings, checker, state, tell=Told(session, Text("已比较", "compared")))
    if call.out is not None:
        _write(session, watch, call.out, key)
    if as_json:
        sys.stdout.write(to_json(watch))
    else:
        _print(session, watch)
    return 0


def _request(session: Session, call: WatchCall, scenes: "Sequence[Scene]", root: Path) -> "WatchRequest":
    """Return what is to be compared, and the sites that are known."""
    from zoning.mines.watch.running import WatchRequest

    return WatchRequest(
        scenes,
        call.territories,
        optional_day(call.before, "--before"),
        optional_day(call.after, "--after"),
        {} if call.permitted is None else _shapes(call.permitted, call),
        _known(session, call, root),
    )


def _tell_kept(session: Session, folder: Path, *, as_json: bool) -> int:
    session.say(Text("栅格和设置未变，沿用已有结果", "nothing has changed since: the result stands"))
    if as_json:
        sys.stdout.write((folder / "watch.json").read_text(encoding="utf-8"))
    return 0


def _settings(workspace: "Workspace") -> "WatchSettings":
    from zoning.mines.watch.settings import FILE, read_watch_settings

    path = workspace.own_or_builtin(FILE)
    settings = read_watch_settings(path)
    mistakes = settings.mistakes(workspace.catalogue)
    if mistakes:
        raise every_mistake(mistakes)
    return settings


def _marks(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in given:
        patch, sign, mark = one.partition("=")
        if not sign:
            raise UsageError(
                f"--mark：“{one}”应写成 编号=结果，如 W0003=confirmed",
                f"--mark: write '{one}' as ID=MARK, e.g. W0003=confirmed",
            )
        found[patch.strip()] = mark.strip()
    return found


def _shapes(path: Path, call: WatchCall) -> "dict[str, BaseGeometry]":
    return {one.id: one.geometry for one in parcels_of_file(path, call.parcels.intake) if one.geometry is not None}


def _known(session: Session, call: WatchCall, root: Path) -> "Mapping[str, BaseGeometry]":
    """Return the known parcels: those of a file, or of the register where there is one."""
    named = call.parcels.file is not None or call.parcels.register is not None
    if not named and not (session.environ.get("ZONING_REGISTER") or (root / "register.sqlite").is_file()):
        return {}
    try:
        records = parcels(session, call.workspace, call.parcels)
    except UsageError as error:
        if named:
            raise
        # Nobody asked for the register; patches of parcels that it may hold are then not told as such.
        told = error.text
        session.say(Text(f"未与台账图斑对照：{told.zh}", f"not compared with the parcels of a register: {told.en}"))
        return {}
    return {one.id: one.geometry for one in records if one.geometry is not None and not one.geometry.is_empty}


def _key(
    call: WatchCall,
    settings: "WatchSettings",
    state: "WatchState",
    request: "WatchRequest",
    workspace: "Workspace",
    on: date,
) -> str:
    """Return what a result rests on: two runs with the same key list the same."""
    from zoning.layers.digests import content_sha256, file_sha256
    from zoning.version import __version__

    files = [scene.path for scene in request.scenes]
    files += [scene.cloud.path for scene in request.scenes if scene.cloud is not None and scene.cloud.path is not None]
    sites = [{name: shape.wkb_hex for name, shape in some.items()} for some in (request.permitted, request.parcels)]
    return content_sha256(
        {
            "on": on.isoformat(),
            "program": __version__,
            "settings": settings.model_dump(mode="json"),
            "workspace": [workspace.rulebook.sha256, _layer_digests(workspace, on)],
            "marks": {patch.id: [patch.mark, patch.note] for patch in state.patches},
            "files": [[path.name, file_sha256(path)] for path in files],
            "sites": sites,
            "options": [list(call.territories), call.before, call.after, repr(call.series)],
        }
    )


def _layer_digests(workspace: "Workspace", on: date) -> dict[str, list[str | None]]:
    """Return the digests of definition and data of every layer: the rules of a patch may ask any of them."""
    from zoning.layers.reader import LayerStore

    store = LayerStore(workspace.catalogue)
    found: dict[str, list[str | None]] = {}
    for name, layer in workspace.catalogue.layers.items():
        edition = layer.edition_on(on)
        data = None if edition is None else store.edition_sha256(name, edition[0])
        found[name] = [store.definition_sha256(name), data]
    return found


_KEY_FILE = ".watch-key"


def _is_current(folder: Path, key: str) -> bool:
    path = folder / _KEY_FILE
    return path.is_file() and path.read_text(encoding="utf-8") == key and (folder / "watch.json").is_file()


def _write(session: Session, watch: "Watch", folder: Path, key: str) -> None:
    """Write the files; each whole or not at all, what is remembered last."""
    from zoning.atomic_write import write_whole
    from zoning.cli.mines_watch_tables import TITLE, gpkg_of, notes_of, sheets_of
    from zoning.cli.plan_statistics_tables import workbook
    from zoning.maps.made import Made
    from zoning.mines.watch.document import chip_name, to_json
    from zoning.mines.watch.memory import STATE_FILE
    from zoning.version import __version__

    language = session.language
    made = Made(session.today().isoformat(), __version__)
    notes = [text.get(language) for text in notes_of(watch)]
    (folder / _KEY_FILE).unlink(missing_ok=True)
    for patch, picture in watch.chips.items():
        write_whole(folder / chip_name(patch), picture)
    files: dict[str, str | bytes] = {
        "watch.gpkg": gpkg_of(watch, language, made),
        "watch.xlsx": workbook(sheets_of(watch), TITLE.get(language), notes, language, made),
        "watch.json": to_json(watch),
        STATE_FILE: watch.state.to_json(),
    }
    write_all(session, folder, files)
    write_whole(folder / _KEY_FILE, key)


def _print(session: Session, watch: "Watch") -> None:
    from rich.table import Table

    from zoning.cli.mines_watch_tables import notes_of, rules_of, where_of
    from zoning.mines.watch.memory import MARKS, STATES

    language = session.language
    count = len(watch.suspected)
    print_line(session, 0, Text(f"疑似图斑 {count} 个", f"suspected patches: {count}").get(language))
    table = Table(box=None, pad_edge=False)
    heads = (
        *(Text("编号", "id"), Text("状态", "state"), Text("区内 m²", "inside m²"), Text("变化", "change")),
        *(Text("所在分区", "zones"), Text("可能适用的规则", "rules that could apply"), Text("核查", "mark")),
    )
    for head in heads:
        table.add_column(head.get(language), overflow="fold", no_wrap=head.zh == "编号")
    for one in watch.listed[:_SHOWN]:
        suspect, known = one.suspect, one.known
        figures = ("—", "—", "—", "—")
        if suspect is not None:
            change = f"{suspect.raw.before:.2f} → {suspect.raw.after:.2f}"
            figures = (f"{suspect.inside_m2:,.0f}", change, where_of(suspect, language), rules_of(suspect))
        table.add_row(known.id, STATES[known.state].get(language), *figures, MARKS[known.mark].get(language))
    if watch.listed:
        session.console().print(table)
    print_rest(session, len(watch.listed) - _SHOWN)
    for note in notes_of(watch):
        print_line(session, 0, note.get(language))
