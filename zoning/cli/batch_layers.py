"""Layers are prepared before a batch: it asks for them thousands of times."""

from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session
from zoning.errors import ContentError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.batch.job import Job
    from zoning.overlay.prepared.outcome import Prepared, Step
    from zoning.workspace import Workspace

_WORLD = (-180.0, -90.0, 180.0, 90.0)


def prepare_layers(session: Session, workspace: "Workspace", job: "Job") -> bool:
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
        if getattr(event, "state", "") != "current":
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
