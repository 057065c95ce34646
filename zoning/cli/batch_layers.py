"""Layers are prepared before a batch: it asks for them thousands of times."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session
from zoning.errors import ContentError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.batch.folder import WorkFolder
    from zoning.batch.job import Job
    from zoning.overlay.prepared.outcome import Prepared, Step
    from zoning.workspace import Workspace

_WORLD = (-180.0, -90.0, 180.0, 90.0)


def with_layers(session: Session, workspace: "Workspace", job: "Job", folder: "WorkFolder", *, prepare: bool) -> "Job":
    """Return the job with layers that can be trusted, and say which ones have no data.

    Parameters
    ----------
    folder
        What it holds may rest on a prepared layer that is found to be damaged: it is given up then.
    prepare
        Whether what is missing, stale or damaged is prepared; where it is not, sources are read.

    Raises
    ------
    LayerError, CRSError
        When a layer holds something that its definition does not know: better now than at the first footprint near it.
    """
    from zoning.batch.running import damaged_layers

    _tell_missing(session, workspace, job)
    usable = not prepare or _prepare(session, workspace, job)
    damaged = damaged_layers(workspace, job) if usable else []
    if damaged:
        folder.discard()
        session.say(
            Text(
                f"预处理图层已损坏：{'、'.join(damaged)}；重新建立，全部地块重新计算；请检查磁盘",
                f"damaged prepared layers: {', '.join(damaged)}; they are made anew, and all footprints are computed "
                "anew; check the disk",
            )
        )
        usable = (not prepare or _prepare(session, workspace, job)) and not damaged_layers(workspace, job)
    return job if usable else replace(job, prepared=None)


def _tell_missing(session: Session, workspace: "Workspace", job: "Job") -> None:
    """Say which databases cannot be read, before a night is spent on a table without their layers."""
    from zoning.batch.identity import NOWHERE, has_data
    from zoning.layers.reader import LayerStore, Unavailable

    reader = LayerStore(workspace.catalogue)
    for name, layer in workspace.catalogue.layers.items():
        found = layer.edition_on(job.on)
        if found is None or found[1].file is not None or has_data(job.identity, name, reader):
            continue
        window = reader.read_window(name, on=job.on, bounds=NOWHERE)
        if isinstance(window, Unavailable):
            session.say(
                Text(
                    f"{name}：没有数据（{window.reason.zh}）；全部地块的这一图层都将是“数据缺失，未核查”",
                    f"{name}: no data ({window.reason.en}); every footprint will have this layer as not checked",
                )
            )


def _prepare(session: Session, workspace: "Workspace", job: "Job") -> bool:
    """Prepare what is missing or stale for the day; return whether prepared layers can be used at all.

    Raises
    ------
    LayerError, CRSError
        When a layer holds something that its definition does not know: better now than at the first footprint near it.
    """
    from zoning.cli.prepare import Watch
    from zoning.layers.reader import LayerStore
    from zoning.overlay.plane import MeasuringPlane
    from zoning.overlay.prepared.store import PreparedStore

    folder = Path(str(job.prepared))
    store = PreparedStore(folder, workspace.catalogue, MeasuringPlane(workspace.file.latitude))
    watch = Watch(session)

    def tell(event: "Step | Prepared") -> None:
        # What is there already is not worth a line.
        if getattr(event, "state", "") not in {"current", "elsewhere"}:
            watch(event)

    try:
        outcomes = store.prepare(on=job.on, progress=tell)
    except ContentError as error:
        session.say(error.text)
        session.say(
            Text(
                "图层未能预处理，改为逐次读取图层文件（较慢）", "without prepared layers, their files are read (slower)"
            )
        )
        return False
    reader = LayerStore(workspace.catalogue)
    for outcome in outcomes:
        if outcome.state == "refused" and outcome.edition is not None:
            reader.read_window(outcome.layer, on=job.on, bounds=_WORLD)
    return True
