"""What the watch looks at: the strict model of mines/watch.yaml."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from zoning.layers.catalogue import Catalogue
from zoning.quantities import Area, Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "mines/watch.yaml"

Share = Annotated[float, Field(gt=0, le=1)]


class Protected(Content):
    """A layer whose zones are watched; all classes where none is named."""

    layer: str
    classes: tuple[str, ...] = ()


class Change(Content):
    """From where on a difference is a change. Lengths in metres, areas in m²."""

    possible: tuple[float, float]
    direction: Literal["loss", "gain", "both"]
    robust: Annotated[float, Field(gt=0)]
    least_change: Annotated[float, Field(ge=0)]
    least_area: Area
    opening: Length
    closing: Length
    season_days: Annotated[int, Field(ge=0, le=180)]
    newest_days: Annotated[int, Field(gt=0)]


class Match(Content):
    """When two patches are one, and when a site explains a patch."""

    same_patch: Share
    permitted: Share


class Chips(Content):
    """Size of the pictures."""

    margin: Length
    pixels: Annotated[int, Field(ge=60, le=1000)]


class WatchSettings(Content):
    """The whole file."""

    source: str
    layers: tuple[Protected, ...]
    change: Change
    match: Match
    chips: Chips

    def mistakes(self, catalogue: Catalogue) -> list[Text]:
        """Return what does not fit the layers of a workspace."""
        found = []
        for one in self.layers:
            layer = catalogue.layers.get(one.layer)
            if layer is None:
                found.append(Text(f"{FILE}：没有图层“{one.layer}”", f"{FILE}: there is no layer '{one.layer}'"))
                continue
            for name in one.classes:
                if name not in layer.classes:
                    listed = ", ".join(layer.classes)
                    found.append(
                        Text(
                            f"{FILE}：图层 {one.layer} 没有类别“{name}”；可用：{listed}",
                            f"{FILE}: layer {one.layer} has no class '{name}'; allowed: {listed}",
                        )
                    )
        return found


def read_watch_settings(path: Path) -> WatchSettings:
    """Read the file.

    Raises
    ------
    ContentError
        With file and line of every mistake.
    """
    return read_model(path, WatchSettings)
