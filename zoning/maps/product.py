"""What a map product shows and how: the strict model of `maps/*.yaml`."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from zoning.layers.catalogue import Group
from zoning.quantities import Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

Share = Annotated[float, Field(ge=0, le=1)]


class Sheet(Content):
    """How much of the surroundings is drawn.

    The sheet reaches `margin` beyond the site, or `times` the longer side of the site if that is more, but not more
    than `most` (a road of 40 km needs no 40 km on each side), and is widened to `proportion` (width by height).
    """

    margin: Length
    times: Annotated[float, Field(ge=0)]
    most: Length | None = None
    proportion: Annotated[float, Field(gt=0)]


class Detail(Content):
    """How exactly zones are drawn: the display only, never site and conflict pieces.

    `touched` and `others` are the largest displacement of a boundary, on the ground.
    """

    touched: Length
    others: Length


class Relief(Content):
    """The shaded relief under the zones.

    `azimuth` and `altitude` are the place of the light in degrees, `strength` how dark the darkest slope gets (0 to 1),
    `pixels` the longer side of the picture.
    """

    azimuth: float
    altitude: Annotated[float, Field(gt=0, le=90)]
    exaggeration: Annotated[float, Field(gt=0)]
    strength: Share
    pixels: Annotated[int, Field(ge=64, le=4096)]


class BaseMap(Content):
    """A tile service that the reader may ask for. `{key}` in the address is replaced by the key of the caller."""

    title: Text
    address: str
    host: str
    credit: Text
    max_zoom: Annotated[int, Field(ge=1, le=22)]


class SiteMap(Content):
    """The interactive map of one site.

    `template` is the page, beside this file; `groups` are the headings of the layer tree in their order; `folder` is
    where the file stands.
    """

    id: str
    folder: Path
    title: Text
    template: str
    sheet: Sheet
    detail: Detail
    relief: Relief
    groups: dict[Group, Text]
    base_maps: dict[str, BaseMap] = Field(default_factory=dict)


def read_site_map(path: Path) -> SiteMap:
    """Read the definition of a site map, such as `maps/site-map.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, SiteMap, id=path.stem, folder=path.parent)
