"""What workers do besides commands: a check with all that the page shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.workspace import Workspace

Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class Kept:
    """What a keeper holds open: workspace, source of layers, extent of the territories by day."""

    workspace: "Workspace"
    source: "LayerSource"
    extents: dict[date, Bounds]

    def extent(self, on: date) -> Bounds:
        """Return the lon/lat box of the territories on a day."""
        if on not in self.extents:
            self.extents[on] = self.workspace.extent(on, self.source)
        return self.extents[on]

    @property
    def asks_databases(self) -> bool:
        """Whether layers are in databases: then a keeper must never read them, because copies would share the line."""
        layers = self.workspace.catalogue.layers.values()
        return any(edition.source is not None for layer in layers for edition in layer.editions.values())


def later(module: str, name: str) -> Callable[[Kept, Mapping[str, Any]], Any]:
    """Return a task of another module, which is imported when the task is done first."""

    def task(kept: Kept, told: Mapping[str, Any]) -> Any:
        return getattr(import_module(module), name)(kept, told)

    return task


TASKS: dict[str, Callable[[Kept, Mapping[str, Any]], Any]] = {
    "check": later("zoning.web.workers.checking", "check"),
    "questions": later("zoning.web.workers.checking", "questions"),
    "content": later("zoning.web.workers.recheck", "content"),
    "reached": later("zoning.web.workers.recheck", "reached"),
    "recheck": later("zoning.web.workers.recheck", "recheck"),
    "compare-verdicts": later("zoning.web.workers.recheck", "compare_verdicts"),
    "edition-look": later("zoning.web.editions.work", "look"),
    "edition-convert": later("zoning.web.editions.work", "convert"),
    "layer-drawing": later("zoning.web.editions.work", "drawing"),
    "photo": later("zoning.web.parcels.work", "photo"),
    "record-place": later("zoning.web.parcels.work", "record_place"),
}
