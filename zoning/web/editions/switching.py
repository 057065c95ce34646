"""Putting an edition into force, and taking it back: always the old state or the new one, also after a crash.

The layer's YAML file decides: it is replaced in one step. Before, everything that the new state needs is on the disk,
and what is about to happen is written down (`intent`). The row of the database follows in the transaction around the
replacement; where a crash comes between, or the database is lost while that transaction is being kept, `recover` brings
file and register together: at the next start, or as soon as the database is back.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zoning.errors import ZoningError
from zoning.layers.catalogue import Layer
from zoning.layers.edition_text import with_edition
from zoning.registers.canonical import moment
from zoning.registers.entries import Stamp
from zoning.registers.failures import RegisterFailedError, UnknownEndError
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.editions.changed import after_change
from zoning.web.editions.files import Replacement, keep_bytes, kept_bytes, put_data
from zoning.web.editions.recovering import (
    NOT_NOW,
    ONE_AT_A_TIME,
    Doing,
    contents_of,
    later_of,
    layer_file,
    layer_sha256,
    recover,
    write_down,
)
from zoning.web.editions.settings import Settings, addition_of, data_name, from_plain
from zoning.web.editions.staging import demand_open, stage
from zoning.web.editions.store import Uploaded, change, conflict, edition_in, get_edition, list_editions
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.yaml_files import read_model

_LOG = logging.getLogger("zoning.web.editions")


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
        When the models refuse what would come out, or something cannot be written: nothing is changed then, unless the
        sentence says that the file could not be put back.
    RegisterFailedError
        When the register does not answer before the layer's file is touched.
    UnknownEndError
        When it does not afterwards: the file is the new one, and the register follows by itself.
    """
    with ONE_AT_A_TIME:
        recover(server)
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
        _carry_out(server, found, "activate", values, stamp)


def roll_back(server: Server, who: Who, edition: str, version: int, note: str = "") -> None:
    """Put the layer's file back to the bytes that it had before an edition; its data stay where they are.

    Raises
    ------
    Refused
        409 when the file was changed since, with who did it where that is known.
    ContentError, RegisterFailedError, UnknownEndError
        As `activate` does.
    """
    with ONE_AT_A_TIME:
        recover(server)
        found = _demand(server, edition, version, "active")
        if layer_sha256(server, found.layer) != found.content_after:
            raise Refused(409, _cannot_go_back(server, found))
        before = kept_bytes(server, found.content_before, ".yaml")
        folder = server.folder("editions") / found.id / "check"
        stage(server.settings.workspace, folder, {f"{found.layer}.yaml": before}, {})
        demand_nothing_else(server, found.layer, folder)
        _carry_out(server, found, "rollback", {}, server.stamp(who, note))


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


def _carry_out(server: Server, found: Uploaded, doing: Doing, values: Mapping[str, Any], stamp: Stamp) -> None:
    """Do what was decided; what the database does not let come to its end now is recovered when it is back."""
    try:
        _begin(server, found, doing, values, stamp)
        is_known = _switch(server, found.id, doing, stamp)
        _follow(server, found, doing, stamp, is_known=is_known)
    except BaseException:
        later_of(server).begin()
        raise


def _follow(server: Server, found: Uploaded, doing: Doing, stamp: Stamp, *, is_known: bool) -> None:
    """Let all follow the layer's file.

    Where the register may lack what the file has, the content of the file is used all the same: pages, workers and
    those that start meanwhile then answer with one content.
    """
    try:
        if is_known:
            after_change(server, found, doing, stamp.actor)
            return
        server.reload()
    except ZoningError as error:
        if is_known and not isinstance(error, NOT_NOW):
            raise
        raise _half_told(found, doing) from error
    raise _half_told(found, doing)


def _begin(server: Server, found: Uploaded, doing: Doing, values: Mapping[str, Any], stamp: Stamp) -> None:
    """Write down what is about to happen."""
    intent = {"do": doing, "by": stamp.actor, "at": moment(stamp.at), "note": stamp.note}
    try:
        with server.store.database.writing() as connection:
            change(connection, found, values, {"intent": intent})
    except UnknownEndError as error:
        raise _not_begun(found) from error


def _switch(server: Server, edition: str, doing: Doing, stamp: Stamp) -> bool:
    """Replace the layer's file, and say so in the register: both or neither, unless the machine stops in between.

    Returns
    -------
    bool
        False where the database was lost while the register was being kept. The file stays replaced then: to put it
        back would be wrong where the register has kept the change, and what was decided can be carried through anyway.
    """
    found = get_edition(server, edition)
    there, wanted = contents_of(found, doing)
    replacement: Replacement | None = None
    try:
        replacement = Replacement(layer_file(server, found.layer), kept_bytes(server, wanted, ".yaml"))
        with server.store.database.writing() as connection:
            if layer_sha256(server, found.layer) != there:
                raise Refused(409, _layer_changed(found))  # noqa: TRY301 - what was begun is forgotten below
            write_down(connection, edition_in(connection, edition), doing, stamp)
            replacement.make()
    except UnknownEndError:
        _LOG.warning("edition: the end of %s is not known", doing, exc_info=True, extra={"edition": edition})
        return False
    except BaseException:
        if replacement is not None:
            replacement.undo()
        _forget(server, edition)
        raise
    finally:
        if replacement is not None:
            replacement.clear()
    return True


def _forget(server: Server, edition: str) -> None:
    """Take back what was written down, as far as the register can be written; else it is recovered later."""
    try:
        with server.store.database.writing() as connection:
            change(connection, edition_in(connection, edition), {}, {"intent": None})
    except ZoningError:
        _LOG.exception("intent not cleared", extra={"edition": edition})


def _not_begun(found: Uploaded) -> RegisterFailedError:
    return RegisterFailedError(
        f"台账：数据库连接中断，没有改动 layers/{found.layer}.yaml；请稍后打开该版本的页面重做",
        f"the register: its database was lost, and layers/{found.layer}.yaml was not touched: open the page of the "
        "edition in a moment and do it again",
    )


def _half_told(found: Uploaded, doing: Doing) -> UnknownEndError:
    done = Text("启用", "put into force") if doing == "activate" else Text("回退", "rolled back")
    return UnknownEndError(
        f"layers/{found.layer}.yaml 已改写（{done.zh}版本 {found.edition}），但数据库连接中断；数据库恢复后会自动补记，"
        "请勿重做，稍后到该版本的页面核对",
        f"layers/{found.layer}.yaml has been written (edition {found.edition} {done.en}), but the database was lost: "
        "the register follows by itself once it is back. Do not do it again; look at the page of the edition in a "
        "moment",
    )


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
