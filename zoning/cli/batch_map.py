"""The offline map of a batch."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.maps import own_or_builtin
from zoning.cli.session import Session

if TYPE_CHECKING:
    from zoning.batch.folder import WorkFolder
    from zoning.batch.job import Job
    from zoning.batch.overview.page import Subject
    from zoning.batch.tally import Tally
    from zoning.workspace import Workspace

_SIMPLE_DEGREES = 0.000_5  # of territories: fifty metres, a line on a map of the county


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

    stylebook = read_stylebook(workspace.root / "styles", outcomes=own_or_builtin(workspace, "styles/outcomes.yaml"))
    overview = gather(
        lambda: merged(folder, tally.sites),
        [
            columns
            for columns in layer_columns(workspace.catalogue)
            if columns.layer != workspace.catalogue.territory_layer
        ],
        total=tally.sites,
    )
    subject = _subject(workspace, job, name)
    write_whole(path, render_overview(overview, subject, tally, stylebook.outcomes, session.language))


def _subject(workspace: "Workspace", job: "Job", name: str) -> "Subject":
    from zoning.batch.overview.page import Subject

    catalogue = workspace.catalogue
    return Subject(
        title=name,
        on=job.on.isoformat(),
        notice=workspace.settings.notice,
        schematic=any(layer.schematic for layer in catalogue.layers.values()),
        territories=list(_territories(workspace, job)),
        # Every footprint lies in a territory.
        layers={name: layer.title for name, layer in catalogue.layers.items() if name != catalogue.territory_layer},
        rules={rule.id: rule.title for rule in workspace.rulebook.rules},
    )


def _territories(workspace: "Workspace", job: "Job") -> "Iterator[tuple[str, list[list[tuple[float, float]]]]]":
    """Yield name and rings of every territory; none where they cannot be read: the map does without."""
    import shapely

    from zoning.layers.datum import WORLD
    from zoning.layers.reader import Unavailable

    layer = workspace.source().layer(workspace.catalogue.territory_layer, on=job.on, bounds=WORLD)
    if isinstance(layer, Unavailable):
        return
    outlines = shapely.simplify(layer.plane.to_lonlat(layer.whole()), _SIMPLE_DEGREES)
    for name, zone_id, outline in zip(layer.names, layer.ids, outlines, strict=True):
        rings = [ring for ring in shapely.get_rings(outline) if len(ring.coords) > 3]  # noqa: PLR2004
        yield name or zone_id, [[(round(x, 5), round(y, 5)) for x, y in ring.coords] for ring in rings]
