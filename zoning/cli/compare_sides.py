"""What is compared with what: two workspaces, two files of a layer, two editions, two days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.candidates import standing_in
from zoning.cli.layers import find_layer
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.advice.ground import Content
    from zoning.layers.catalogue import Layer
    from zoning.workspace import Workspace

_SAME_DAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class SidesRequest:
    """The options that say what is compared."""

    one: Path | None
    other: Path | None
    layers: tuple[str, ...]
    from_: str | None
    to: str | None
    on: str | None
    workspace: Path | None


@dataclass(frozen=True, slots=True)
class Side:
    """One state.

    Attributes
    ----------
    begins
        Layer -> first day of the edition, where a day stands behind it.
    """

    label: str
    workspace: "Workspace"
    content: "Content"
    begins: Mapping[str, date | None]


@dataclass(frozen=True, slots=True)
class Sides:
    """Both states, and the layers to compare."""

    before: Side
    after: Side
    layers: tuple[str, ...]


def sides_of(session: Session, request: SidesRequest) -> Sides:
    """Find out what is compared with what.

    Raises
    ------
    UsageError
        When the options do not go together.
    """
    if request.one is None and request.other is None:
        if request.from_ is None or request.to is None:
            raise _incomplete()
        return _editions(session, request)
    if request.one is None or request.other is None or request.from_ or request.to:
        raise _incomplete()
    folders = [path for path in (request.one, request.other) if (path / "zoning.yaml").is_file()]
    if len(folders) == 2:  # noqa: PLR2004 - both of them
        return _workspaces(session, request, request.one, request.other)
    if folders:
        raise UsageError(
            f"{folders[0]} 是工作空间，另一个不是；请给出两个工作空间，或两个图层文件",
            f"{folders[0]} is a workspace, the other is not: name two workspaces, or two layer files",
        )
    return _files(session, request, request.one, request.other)


def _incomplete() -> UsageError:
    return UsageError(
        "请给出 A 和 B（两个工作空间，或两个图层文件加 --layer），或用 --layer 加 --from 和 --to 指明两个版本",
        "name A and B (two workspaces, or two layer files with --layer), or two editions with --layer, --from and --to",
    )


def _workspaces(session: Session, request: SidesRequest, one: Path, other: Path) -> Sides:
    on = session.day(request.on)
    sides = []
    for folder in (one, other):
        workspace = session.open_workspace(folder)
        content = _content(workspace, on)
        begins = {name: _begin(layer, on) for name, layer in workspace.catalogue.layers.items()}
        sides.append(Side(str(folder), workspace, content, begins))
    known = dict.fromkeys([*sides[0].content.catalogue.layers, *sides[1].content.catalogue.layers])
    for name in request.layers:
        if name not in known:
            find_layer(sides[1].workspace, name)
    return Sides(sides[0], sides[1], request.layers or tuple(known))


def _begin(layer: "Layer", on: date) -> date | None:
    found = layer.edition_on(on)
    return None if found is None else found[1].valid_from


def _content(workspace: "Workspace", on: date, layers: "Mapping[str, Layer] | None" = None) -> "Content":
    from zoning.advice.ground import Content
    from zoning.overlay.plane import MeasuringPlane
    from zoning.overlay.source import LayerSource

    catalogue = workspace.catalogue
    if layers:
        catalogue = replace(catalogue, layers={**catalogue.layers, **layers})
    source = LayerSource(catalogue, MeasuringPlane(workspace.file.latitude))
    return Content(on, catalogue, workspace.rulebook, workspace.settings, source)


def _files(session: Session, request: SidesRequest, one: Path, other: Path) -> Sides:
    if len(request.layers) != 1:
        raise UsageError(
            "比较两个文件时，用一个 --layer 说明它们是哪个图层的版本（类别和字段按图层定义）",
            "two files need one --layer: whose classes and fields they have",
        )
    workspace = session.open_workspace(request.workspace)
    layer = find_layer(workspace, request.layers[0])
    on = session.day(request.on)
    sides = []
    for path in (one, other):
        made = standing_in(layer, path)
        sides.append(Side(str(path), workspace, _content(workspace, on, {layer.id: made}), {layer.id: None}))
    return Sides(sides[0], sides[1], (layer.id,))


def _editions(session: Session, request: SidesRequest) -> Sides:
    workspace = session.open_workspace(request.workspace)
    texts = str(request.from_), str(request.to)
    if not request.layers:
        days = [_day(text) for text in texts]
        sides = []
        for text, day in zip(texts, days, strict=True):
            if day is None:
                raise UsageError(
                    f"“{text}”不是日期；没有 --layer 时，--from 和 --to 是日期（如 2024-01-01）",
                    f"'{text}' is no date: without --layer, --from and --to are days such as 2024-01-01",
                )
            begins = {name: _begin(layer, day) for name, layer in workspace.catalogue.layers.items()}
            sides.append(Side(text, workspace, _content(workspace, day), begins))
        return Sides(sides[0], sides[1], tuple(workspace.catalogue.layers))
    on = session.day(request.on)
    layers = [find_layer(workspace, name) for name in request.layers]
    made = []
    for text in texts:
        pinned, begins = {}, {}
        for layer in layers:
            name = _edition(layer, text)
            begins[layer.id] = layer.editions[name].valid_from
            pinned[layer.id] = _pinned(layer, name)
        made.append(Side(text, workspace, _content(workspace, on, pinned), begins))
    return Sides(made[0], made[1], request.layers)


def _edition(layer: "Layer", text: str) -> str:
    if text in layer.editions:
        return text
    day = _day(text)
    found = None if day is None else layer.edition_on(day)
    if found is None:
        listed = ", ".join(layer.editions)
        why = (
            Text("没有版本", "has no edition") if day is None else Text("没有在这一天有效的版本：", "has none valid on")
        )
        raise UsageError(
            f"图层 {layer.id} {why.zh}“{text}”；可用：{listed}",
            f"layer {layer.id} {why.en} '{text}'; its editions: {listed}",
        )
    return found[0]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _pinned(layer: "Layer", name: str) -> "Layer":
    """Return a layer with one edition that holds on every day."""
    edition = layer.editions[name].model_copy(update={"valid_from": _SAME_DAY, "valid_to": None, "superseded_by": None})
    return layer.model_copy(update={"editions": {name: edition}})
