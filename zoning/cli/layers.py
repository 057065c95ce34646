"""`zoning layers`: list, describe, check."""

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import plain_table, print_json
from zoning.cli.session import Session
from zoning.errors import UsageError, ZoningError
from zoning.texts import Text

if TYPE_CHECKING:
    from datetime import date

    from zoning.layers.catalogue import Layer
    from zoning.layers.reader import LayerStore
    from zoning.workspace import Workspace


_HEADS = (
    Text("图层", "layer"),
    Text("名称", "title"),
    Text("类别", "classes"),
    Text("版本", "edition"),
    Text("精度 m", "accuracy m"),
    Text("覆盖", "coverage"),
)


def list_layers(session: Session, folder: Path | None, on: str | None, *, as_json: bool) -> int:
    """Print all layers with the edition of the day, accuracy and coverage."""
    workspace = session.open_workspace(folder)
    day = session.day(on)
    layers = workspace.catalogue.layers.values()
    if as_json:
        entries = [{**_plain(layer), "edition_on": str(day), "edition": _edition_id(layer, day)} for layer in layers]
        print_json(entries)
        return 0
    table = plain_table(*_HEADS, language=session.language)
    for layer in layers:
        classes = "、".join(item.title.get(session.language) for item in layer.classes.values())
        coverage = _coverage(layer)
        edition = _edition_id(layer, day) or Text("无有效版本", "none valid").get(session.language)
        table.add_row(layer.id, layer.title.get(session.language), classes, edition, f"{layer.accuracy_m:g}", coverage)
    session.console().print(table)
    return 0


def describe_layer(session: Session, folder: Path | None, name: str, *, as_json: bool) -> int:
    """Print everything that is known of one layer.

    Raises
    ------
    UsageError
        When there is no such layer, with the nearest name.
    ContentError
        When the workspace has mistakes.
    """
    from zoning.layers.reader import LayerStore

    workspace = session.open_workspace(folder)
    layer = find_layer(workspace, name)
    if as_json:
        print_json(_plain(layer))
        return 0
    console = session.console()
    language = session.language
    store = LayerStore(workspace.catalogue)

    def line(label: Text, value: str) -> None:
        console.print(f"  {session.labelled(label, value)}", markup=False)

    console.print(f"{layer.title.get(language)}  ({layer.id})", style="bold", markup=False)
    line(Text("主管部门", "authority"), layer.authority.get(language))
    line(Text("来源", "source"), layer.source.get(language))
    line(Text("坐标系", "coordinate system"), layer.crs)
    line(Text("位置精度", "accuracy"), f"{layer.accuracy_m:g} m")
    line(Text("覆盖范围", "coverage"), _coverage(layer))
    for class_id, item in layer.classes.items():
        line(Text("类别", "class"), f"{class_id}  {item.title.get(language)}  [{', '.join(item.codes)}]")
    for edition_id, edition in layer.editions.items():
        until = edition.valid_to or "…"
        place = edition.file if edition.source is None else edition.origin
        line(Text("版本", "edition"), f"{edition_id}  {edition.valid_from} – {until}  {place}")
        unread = Text("数据无法读取，原因见 zoning layers check", "the data cannot be read: see zoning layers check")
        line(Text("摘要 sha256", "sha256"), store.edition_sha256(layer.id, edition_id) or unread.get(language))
    if layer.schematic:
        line(Text("性质", "nature"), Text("示意数据，非法定边界", "schematic data, no legal boundary").get(language))
    for note in layer.notes:
        line(Text("说明", "note"), note.get(language))
    return 0


def check_layers(session: Session, folder: Path | None, on: str | None) -> int:
    """Read every layer whole; exit 0 when all can be used, 11 when one cannot."""
    from zoning.errors import LayerError
    from zoning.layers.reader import LayerStore

    workspace = session.open_workspace(folder)
    day = session.day(on)
    store = LayerStore(workspace.catalogue)
    bad = 0
    for layer in workspace.catalogue.layers.values():
        mistake, zones = _read_whole(store, layer, day)
        if mistake is None:
            session.console().print(f"✓ {layer.id}  {layer.title.get(session.language)}  {zones}", markup=False)
            _tell_shapeless(session, store, layer, day)
        else:
            bad += 1
            session.console().print(f"× {layer.id}  {mistake.get(session.language)}", markup=False)
    session.say(
        Text(
            f"{bad} 个图层有问题" if bad else "全部图层可用",
            f"{bad} layers have problems" if bad else "all layers can be used",
        )
    )
    return LayerError.exit_code if bad else 0


def find_layer(workspace: "Workspace", name: str) -> "Layer":
    """Return a layer by its id.

    Raises
    ------
    UsageError
        When there is none, with the nearest name.
    """
    layer = workspace.catalogue.layers.get(name)
    if layer is None:
        near = get_close_matches(name, list(workspace.catalogue.layers), n=1)
        hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?") if near else ("", "")
        raise UsageError(f"没有图层“{name}”{hint_zh}", f"there is no layer '{name}'{hint_en}")
    return layer


def _read_whole(store: "LayerStore", layer: "Layer", day: "date") -> tuple[Text | None, int]:
    from zoning.layers.datum import WORLD
    from zoning.layers.reader import NOT_HERE, Unavailable

    try:
        found = store.read_window(layer.id, on=day, bounds=WORLD)
    except ZoningError as error:
        return error.text, 0
    if isinstance(found, Unavailable):
        return found.reason, 0
    if found.coverage.is_empty:
        return NOT_HERE, len(found.ids)
    return None, len(found.ids)


def _tell_shapeless(session: Session, store: "LayerStore", layer: "Layer", day: "date") -> None:
    """Say how many records have no shape: nobody will find what they stand for."""
    from zoning.layers.shapeless import shapeless_records

    found = layer.edition_on(day)
    if found is None or found[1].file is None:
        return
    count = shapeless_records(store.path(found[1].file), found[1].table)
    if count:
        told = Text(
            f"{count} 条记录没有图形，研判时不起作用；请补上图形，或从数据中删去",
            f"{count} records have no shape and take no part in any check: add their shapes, or remove them",
        )
        session.console().print(f"  {told.get(session.language)}", markup=False)


def _edition_id(layer: "Layer", day: "date") -> str | None:
    found = layer.edition_on(day)
    return found[0] if found else None


def _coverage(layer: "Layer") -> str:
    stated = layer.coverage
    return ", ".join(stated.territories) or str(stated.file or stated.table)


def _plain(layer: "Layer") -> dict[str, object]:
    return layer.model_dump(mode="json")
