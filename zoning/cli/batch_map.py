"""The offline map of a batch."""

from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session
from zoning.cli.territory_outlines import territory_outlines

if TYPE_CHECKING:
    from zoning.batch.folder import WorkFolder
    from zoning.batch.job import Job
    from zoning.batch.overview.page import Subject
    from zoning.batch.tally import Tally
    from zoning.workspace import Workspace


def write_map(
    session: Session, workspace: "Workspace", job: "Job", folder: "WorkFolder", tally: "Tally", path: Path, name: str
) -> None:
    """Write the page; whole or not at all.

    Raises
    ------
    ContentError
        When it cannot be written, or a part is damaged.
    """
    from zoning.atomic_write import write_whole
    from zoning.batch.columns import layer_columns
    from zoning.batch.merging import merged
    from zoning.batch.overview.gathering import gather
    from zoning.batch.overview.page import render_overview
    from zoning.styles.stylebook import read_stylebook

    stylebook = read_stylebook(workspace.root / "styles", outcomes=workspace.own_or_builtin("styles/outcomes.yaml"))
    overview = gather(
        lambda: merged(folder, tally.sites),
        [
            columns
            for columns in layer_columns(workspace.catalogue)
            if columns.layer != workspace.catalogue.territory_layer
        ],
        total=tally.sites,
    )
    subject = _subject(session, workspace, job, name)
    write_whole(path, render_overview(overview, subject, tally, stylebook.outcomes, session.language))


def _subject(session: Session, workspace: "Workspace", job: "Job", name: str) -> "Subject":
    from zoning.batch.overview.page import Subject

    catalogue = workspace.catalogue
    return Subject(
        title=name,
        on=job.on.isoformat(),
        notice=workspace.settings.notice,
        schematic=any(layer.schematic for layer in catalogue.layers.values()),
        territories=list(territory_outlines(session.source(workspace), job.on)),
        # Every footprint lies in a territory.
        layers={name: layer.title for name, layer in catalogue.layers.items() if name != catalogue.territory_layer},
        rules={rule.id: rule.title for rule in workspace.rulebook.rules},
    )
