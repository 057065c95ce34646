"""What follows when the content of the workspace has changed: read it again, prepare layers, look at the cases."""

import logging
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from zoning.errors import ZoningError
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.editions.store import Uploaded, change, edition_in
from zoning.web.jobs import Job, start_job, when_ended
from zoning.web.refusals import Refused
from zoning.web.server import Server

_LOG = logging.getLogger("zoning.web.editions")
_RECHECK: Final = "zoning.web.cases.recheck"


def after_change(server: Server, found: Uploaded, doing: str, by: str) -> None:
    """Let pages, workers, prepared layers and cases follow an edition that went live or was taken back.

    What was begun is forgotten only when all were told, so that a server that ends in between does it again at its
    next start.

    Parameters
    ----------
    by
        Who has done it.

    Raises
    ------
    ZoningError
        When the workspace cannot be read again: pages and workers keep the content that they have.
    RegisterFailedError
        When what was begun cannot be forgotten now; all were told.
    """
    server.reload()
    who = Who(name=by)
    prepare(server, who, found.layer)
    recheck(server, who, layer=found.layer, edition=found.edition, doing=doing)
    with server.store.database.writing() as connection:
        change(connection, edition_in(connection, found.id), {}, {"intent": None})


def prepare(server: Server, who: Who, layer: str) -> str:
    """Prepare a layer anew, as a job; return its id, "" where it could not be started.

    Until it has ended checks read the data themselves: the answers are the same, only slower.
    """
    title = Text(f"预处理图层 {layer}", f"prepare layer {layer}")
    try:
        return start_job(server, who, "prepare", title, ["layers", "prepare", layer])
    except (Refused, ZoningError, OSError):
        _LOG.exception("layers not prepared")
        return ""


@when_ended("prepare")
def use_prepared(server: Server, job: Job) -> None:
    """Let pages and workers open the layers that were prepared."""
    if job.state == "done":
        server.reload()


def recheck(server: Server, who: Who, **told: Any) -> None:
    """Let the cases be looked at again, in a thread; nothing happens where there is no register of cases.

    Parameters
    ----------
    told
        `layer`, `edition` and `doing` of an edition, or `rules=True`.
    """
    module = _cases()
    if module is not None:
        module.content_changed(server, who, **told)


def cases_of_preview(server: Server, folder: Path, on: date) -> list[dict[str, Any]]:
    """Return the cases that would come out otherwise with the content of a folder; none where there is no register."""
    module = _cases()
    found: list[dict[str, Any]] = [] if module is None else module.preview(server, folder, on)
    return found


def _cases() -> Any:
    if find_spec("zoning.web.cases") is None or find_spec(_RECHECK) is None:
        return None
    return import_module(_RECHECK)
