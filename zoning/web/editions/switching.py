"""Putting an edition into force, and taking it back: always the old state or the new one, also after a crash.

The layer's YAML file decides: it is replaced in one step. Before, everything that the new state needs is on the disk,
and what is about to happen is written down (`intent`). The row of the database follows in the transaction around the
replacement; where a crash comes between, `recover` reads from the file which of the two states holds, at the next
start.
"""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection

from zoning.errors import ZoningError
from zoning.layers.catalogue import Layer
from zoning.layers.edition_text import with_edition
from zoning.registers.canonical import moment
from zoning.registers.entries import Stamp
from zoning.registers.log import append
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.editions.changed import after_change
from zoning.web.editions.files import Replacement, clear_left, keep_bytes, kept_bytes, put_data, sha256_of
from zoning.web.editions.settings import Settings, addition_of, data_name, from_plain
from zoning.web.editions.staging import demand_open, stage
from zoning.web.editions.store import Uploaded, change, conflict, edition_in, entry, get_edition, list_editions
from zoning.web.hooks.announce import announce
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.yaml_files import read_model

Doing = Literal["activate", "rollback"]

_LOG = logging.getLogger("zoning.web.editions")
_ONE_AT_A_TIME: Final = threading.Lock()
_STATE: Final[Mapping[Doing, str]] = {"activate": "active", "rollback": "withdrawn"}


def layer_file(server: Server, layer: str) -> Path:
    """Return the file that describes a layer."""
    return server.settings.workspace / "layers" / f"{layer}.yaml"


def layer_sha256(server: Server, layer: str) -> str:
    """Return the SHA-256 of the file that describes a layer."""
    return sha256_of(layer_file(server, layer).read_bytes())


def new_text(server: Server, found: Uploaded) -> str:
    """Return the layer's file with an edition; see `zoning.layers.edition_text.with_edition`."""
    settings = settings_of(found)
    layer = server.workspace.catalogue[found.layer]
    addition = addition_of(layer, settings, found.told["data"]["sha256"], found.told["found"])
    return with_edition(layer_file(server, found.layer), addition)


def settings_of(found: Uploaded) -> Settings:
    """Return what is said about an upload."""
    return from_plain(found.told["settings"])


def data_file(server: Server, found: Uploaded) -> Path:
    """Return where the converted data are kept."""
    return server.settings.files / str(found.told["data"]["path"])


def staged(server: Server, found: Uploaded, text: str, name: str) -> Path:
    """Lay out the workspace as it would be; return its folder."""
    place = f"data/{data_name(found.layer, found.edition, found.told['data']['sha256'])}"
    return stage(
        server.settings.workspace,
        server.folder("editions") / found.id / name,
        {f"{found.layer}.yaml": text.encode("utf-8")},
        {place: data_file(server, found)},
    )


def activate(server: Server, who: Who, edition: str, version: int, note: str = "") -> None:
    """Put an edition into force.

    Raises
    ------
    Refused
        409 when somebody else changed the edition or the layer's file since the preview.
    ContentError
        When the models refuse what would come out, or something cannot be written: nothing is changed then.
    """
    with _ONE_AT_A_TIME:
        found = _demand(server, edition, version, "audited")
        if layer_sha256(server, found.layer) != found.told["base"]:
            raise Refused(409, _layer_changed(found))
        before = layer_file(server, found.layer).read_bytes()
        text = new_text(server, found)
        demand_nothing_else(server, found.layer, staged(server, found, text, "check"))
        copies = [keep_bytes(server, f"{found.layer}.yaml", one) for one in (before, text.encode("utf-8"))]
        target = server.settings.workspace / "layers" / "data" / _data_name(found)
        put_data(data_file(server, found), target, found.told["data"]["sha256"])
        stamp = server.stamp(who, note)
        values = {"content_before": copies[0].sha256, "content_after": copies[1].sha256}
        _begin(server, found, "activate", values, stamp)
        _switch(server, edition, "activate", stamp)
        after_change(server, edition, "activate")


def roll_back(server: Server, who: Who, edition: str, version: int, note: str = "") -> None:
    """Put the layer's file back to the bytes that it had before an edition; its data stay where they are.

    Raises
    ------
    Refused
        409 when the file was changed since, with who did it where that is known.
    """
    with _ONE_AT_A_TIME:
        found = _demand(server, edition, version, "active")
        if layer_sha256(server, found.layer) != found.content_after:
            raise Refused(409, _cannot_go_back(server, found))
        before = kept_bytes(server, found.content_before, ".yaml")
        folder = server.folder("editions") / found.id / "check"
        stage(server.settings.workspace, folder, {f"{found.layer}.yaml": before}, {})
        demand_nothing_else(server, found.layer, folder)
        stamp = server.stamp(who, note)
        _begin(server, found, "rollback", {}, stamp)
        _switch(server, edition, "rollback", stamp)
        after_change(server, edition, "rollback")


def demand_nothing_else(server: Server, layer: str, folder: Path) -> None:
    """Refuse a change that would load others with it: what people have edited in the files and nobody has loaded.

    Parameters
    ----------
    folder
        The workspace as it would be.

    Raises
    ------
    Refused
        409 when the rules, another layer or the layer itself are not as the server uses them.
    ContentError
        When the workspace cannot be opened.
    """
    coming, used = demand_open(folder), server.workspace
    here = read_model(layer_file(server, layer), Layer, id=layer)
    others = [name for name in {*coming.catalogue.layers, *used.catalogue.layers} if name != layer]
    is_same = (
        coming.rulebook.sha256 == used.rulebook.sha256
        and coming.file == used.file
        and here == used.catalogue.layers.get(layer)
        and all(coming.catalogue.layers.get(name) == used.catalogue.layers.get(name) for name in others)
    )
    if not is_same:
        raise Refused(
            409,
            Text(
                "工作空间的文件里还有没有载入的改动；请先在“规则 › 载入改动”中看过并载入，再做这一步",
                "the files of the workspace hold changes that were not loaded: look at them under Rules > Load changes "
                "and load them first",
            ),
        )


def _data_name(found: Uploaded) -> str:
    return data_name(found.layer, found.edition, found.told["data"]["sha256"])


def _demand(server: Server, edition: str, version: int, state: str) -> Uploaded:
    found = get_edition(server, edition)
    if found.version != version or found.state != state:
        raise conflict(found)
    return found


def _begin(server: Server, found: Uploaded, doing: Doing, values: Mapping[str, Any], stamp: Stamp) -> None:
    """Write down what is about to happen."""
    intent = {"do": doing, "by": stamp.actor, "at": moment(stamp.at), "note": stamp.note}
    with server.store.database.writing() as connection:
        change(connection, found, values, {"intent": intent})


def _switch(server: Server, edition: str, doing: Doing, stamp: Stamp) -> None:
    """Replace the layer's file, and say so in the register: both or neither, unless the machine stops in between."""
    found = get_edition(server, edition)
    wanted, there = found.content_after, found.content_before
    if doing == "rollback":
        wanted, there = there, wanted
    file = layer_file(server, found.layer)
    replacement: Replacement | None = None
    is_made = False
    try:
        replacement = Replacement(file, kept_bytes(server, wanted, ".yaml"))
        with server.store.database.writing() as connection:
            if layer_sha256(server, found.layer) != there:
                raise Refused(409, _layer_changed(found))  # noqa: TRY301 - what was begun is forgotten below
            _settle(connection, edition_in(connection, edition), doing, stamp)
            replacement.make()
            is_made = True
    except BaseException:
        if replacement is not None and is_made:
            replacement.undo()
        _forget(server, edition)
        raise
    finally:
        if replacement is not None:
            replacement.clear()


def _forget(server: Server, edition: str) -> None:
    """Take back what was written down, as far as the register can be written; else the next start does it."""
    try:
        with server.store.database.writing() as connection:
            change(connection, edition_in(connection, edition), {}, {"intent": None})
    except ZoningError:
        _LOG.exception("intent not cleared", extra={"edition": edition})


def _settle(connection: Connection, found: Uploaded, doing: Doing, stamp: Stamp, *, recovered: bool = False) -> None:
    values = {"state": _STATE[doing], "answered_by": stamp.actor, "answered_at": moment(stamp.at), "note": stamp.note}
    version = change(connection, found, values)
    payload = {
        "what": doing,
        "layer": found.layer,
        "edition": found.edition,
        "valid_from": found.valid_from.isoformat(),
        "data": found.told["data"]["sha256"],
        "before": found.content_before,
        "after": found.content_after,
    }
    append(connection, [entry(found.id, version, {**payload, "recovered": recovered})], stamp)
    told = {
        "layer": found.layer,
        "edition": found.edition,
        "valid_from": found.valid_from.isoformat(),
        "sha256": found.told["data"]["sha256"],
        "rolled_back": doing == "rollback",
    }
    announce(connection, "edition.activated", told, stamp)


def recover(server: Server) -> int:
    """Finish, or forget, what a server before this one had begun; return how many editions were touched.

    The layer's file says what holds: with the wanted content the change has happened and is written down, with the
    content of before it has not. With any other content somebody has edited the file since; that is logged, and the
    edition stays as the register knows it.
    """
    touched = 0
    for one in list_editions(server):
        doing: Doing | None = one.intent.get("do")
        if doing is None:
            continue
        touched += 1
        clear_left(layer_file(server, one.layer))
        try:
            _recover(server, one, doing)
        except (ZoningError, Refused, OSError):
            _LOG.exception("edition not recovered", extra={"edition": one.id})
    return touched


def _recover(server: Server, found: Uploaded, doing: Doing) -> None:
    done = found.state == _STATE[doing]
    if not done:
        file = layer_file(server, found.layer)
        present = sha256_of(file.read_bytes()) if file.is_file() else ""
        wanted = found.content_after if doing == "activate" else found.content_before
        if present != wanted:
            _LOG.warning("edition: %s was begun and did not happen", doing, extra={"edition": found.id})
            with server.store.database.writing() as connection:
                change(connection, found, {}, {"intent": None})
            return
        stamp = Stamp(str(found.intent["by"]), server.now(), str(found.intent["note"]))
        with server.store.database.writing() as connection:
            _settle(connection, found, doing, stamp, recovered=True)
    after_change(server, found.id, doing)


def _layer_changed(found: Uploaded) -> Text:
    return Text(
        f"预览之后 layers/{found.layer}.yaml 已被改动；请重新预览再生效",
        f"layers/{found.layer}.yaml was changed after the preview: preview it again before it goes live",
    )


def _cannot_go_back(server: Server, found: Uploaded) -> Text:
    later = [one for one in list_editions(server, found.layer) if one.content_before == found.content_after]
    active = next((one for one in later if one.state == "active" and one.id != found.id), None)
    if active is not None:
        return Text(
            f"此后 {active.answered_by} 又启用了版本 {active.edition}；请先回退它",
            f"{active.answered_by} has put edition {active.edition} into force since: take that one back first",
        )
    return Text(
        f"启用之后 layers/{found.layer}.yaml 又被改动（不是通过此页面），不能自动回退；请在文件中手工更改",
        f"layers/{found.layer}.yaml was changed since, not by this page: it cannot be put back automatically; "
        "change it by hand",
    )
