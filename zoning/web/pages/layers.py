"""The pages of layers: what there is, where it holds, where nobody knows anything."""

import json
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse

from zoning.errors import LayerError
from zoning.layers.catalogue import GROUPS
from zoning.registers.canonical import digest
from zoning.texts import Text
from zoning.web.access import only, signed_in
from zoning.web.editions.drafts import layer_of, run_task
from zoning.web.editions.listing import class_colours, layer_row, layer_rows, territory_names
from zoning.web.editions.store import OPEN, STATES, history, list_editions
from zoning.web.navigation import Entry
from zoning.web.rendering import render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.workers.asking import task_folder
from zoning.web.workers.work import NoAnswerError, Task, demand_done

routes = Routes()
EDITORS: Final = only("planner", "admin")
NAVIGATION = (Entry(40, "/layers", Text("图层", "Layers"), signed_in()),)
_LIST_S: Final = 120.0
_NOT_LISTED = Text(
    "图层的预处理状态无法读出；请告知管理员，用 zoning layers prepare --list 查看原因",
    "which layers are prepared cannot be told: let the administrator look with zoning layers prepare --list",
)


@routes.get("/layers", access=signed_in())
def layers_page(request: Request, on: Annotated[date | None, Query()] = None) -> Response:
    """Show all layers on a day."""
    server, who = server_of(request), who_of(request)
    day = on or server.today()
    waiting = [one for one in list_editions(server) if one.state in OPEN] if EDITORS.admits(who) else []
    return render(
        request,
        "layers.html.j2",
        rows=layer_rows(server, day),
        groups=GROUPS,
        territories=territory_names(server),
        day=day,
        today=server.today(),
        waiting=waiting,
        titles={name: layer.title for name, layer in server.workspace.catalogue.layers.items()},
        states=STATES,
    )


@routes.get("/layers/prepared", access=signed_in())
def prepared(request: Request) -> Response:
    """Return the state of preparation of every layer, for the script of the pages: layer -> edition -> state.

    Raises
    ------
    NoAnswerError, NoRoomError
        When no worker could find out.
    LayerError
        When no worker can open the workspace.
    """
    server = server_of(request)
    arguments = ["layers", "prepare", "--list", "--format", "json"]
    with task_folder(server, "editions") as folder:
        task = Task(folder, "command", arguments, "en", seconds=_LIST_S)
        outcome = server.pool.run(task)
        demand_done(outcome, task)
        if outcome.code != 0:
            raise NoAnswerError(_NOT_LISTED.zh, _NOT_LISTED.en)
        entries = json.loads((folder / "stdout").read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry["edition"] and entry["state"] != "left-over":
            found.setdefault(entry["layer"], {})[entry["edition"]] = entry["state"]
    return JSONResponse(found)


@routes.get("/layers/{layer}", access=signed_in())
def layer_page(request: Request, layer: str, on: Annotated[date | None, Query()] = None) -> Response:
    """Show everything that is known of a layer."""
    server = server_of(request)
    found = layer_of(server, layer)
    day = on or server.today()
    names = territory_names(server)
    uploads = list_editions(server, layer)
    return render(
        request,
        "layer.html.j2",
        row=layer_row(server, found, tuple(names), day),
        layer=found,
        groups=GROUPS,
        territories=names,
        day=day,
        today=server.today(),
        uploads=uploads,
        uploaded={one.edition: one for one in uploads if one.state == "active"},
        states=STATES,
        colours=class_colours(server, found),
        log=history(server, tuple(one.id for one in uploads)),
        titles={one.id: one.edition for one in uploads},
    )


@routes.get("/layers/{layer}/map", access=signed_in())
def layer_map(request: Request, layer: str, on: Annotated[date | None, Query()] = None) -> Response:
    """Show the zones of a layer in their territories, as a drawing within a page."""
    server = server_of(request)
    found = layer_of(server, layer)
    day = (on or server.today()).isoformat()
    key = digest([server.source.definition_sha256(layer), layer, day])
    answer = drawn(server, key, {"layer": layer, "on": day})
    titles = {name: one.title for name, one in found.classes.items()}
    return render(
        request,
        "layer-map.html.j2",
        drawing=answer,
        colours=class_colours(server, found),
        titles=titles,
        is_line=found.geometry == "line",
        label=found.title,
    )


def drawn(server: Server, key: str, told: dict[str, Any]) -> dict[str, Any]:
    """Return a drawing; one that was made before of the same content is not made again.

    Raises
    ------
    LayerError
        When the layer cannot be read.
    NoAnswerError, NoRoomError
        When no worker could draw it.
    """
    kept = server.folder("drawings") / f"{key[:40]}.json"
    try:
        read: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        with task_folder(server, "editions") as folder:
            read = run_task(server, folder, "layer-drawing", told, refuse=LayerError)
            if "reason" not in read:
                (folder / "answer.json").replace(kept)
    return read
