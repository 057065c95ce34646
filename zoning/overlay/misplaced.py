"""A footprint that lies in no territory: how far off, and what its coordinates would have to be to lie in one."""

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.errors import CRSError
from zoning.overlay import beside
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import Floats
from zoning.overlay.plane_layer import PlaneLayer
from zoning.sites.crs.causes import MARS_REACH_M, likely_causes, mars_causes
from zoning.sites.crs.misfit import bearing
from zoning.texts import Text


def misplaced(footprint: Footprint, territories: PlaneLayer) -> CRSError:
    """Return the error for a footprint outside every territory, with the likely causes.

    Whether a footprint *inside* a territory is shifted by 0.1 to 1.5 km (GCJ-02, BD-09) cannot be told from its
    coordinates: there every place is as plausible as the one beside it.
    """
    site = footprint.site
    lon, lat = footprint.lonlat.centroid.coords[0]
    names = "、".join(dict.fromkeys(territories.names))
    away, metres = _away(footprint, territories)
    causes = _causes(footprint, territories, metres)
    zh, en = "；请检查坐标系、带号和坐标顺序", "; check coordinate system, zone and axis order"
    if causes:
        zh = f"；若为 {' 或 '.join(text.zh for text in causes)}，则落在辖区之内，请更正文件，或用 --crs 说明坐标系"
        en = (
            f"; it would lie in one if it were {' or '.join(text.en for text in causes)}: correct the file, or state "
            "the system with --crs"
        )
    return CRSError(
        f"{site.source}：地块“{site.name}”（{lon:.4f}°E, {lat:.4f}°N）不在工作空间的任何辖区之内{away.zh}；"
        f"本工作空间的辖区：{names}{zh}",
        f"{site.source}: footprint '{site.name}' ({lon:.4f}°E, {lat:.4f}°N) lies outside every territory of the "
        f"workspace{away.en}; its territories: {names}{en}",
    )


def _away(footprint: Footprint, territories: PlaneLayer) -> tuple[Text, float]:
    """Say how far the footprint lies from the nearest territory, and on which side; 0 where they touch."""
    if not len(territories.geometries):
        return Text("", ""), float("inf")
    links = shapely.shortest_line(territories.whole(), footprint.geometry)
    link = links[int(np.argmin(shapely.length(links)))]
    ends = shapely.get_coordinates(link)
    metres = footprint.plane.distance_m(ends[0], ends[1])
    if metres == 0:
        return Text("", ""), 0.0
    (start, end) = shapely.get_coordinates(footprint.plane.one_to_lonlat(link)).tolist()
    text = bearing((start[0], start[1]), (end[0], end[1]))
    return Text(f"（最近的辖区{text.zh}）", f" ({text.en} of the nearest one)"), metres


def _causes(footprint: Footprint, territories: PlaneLayer, metres: float) -> list[Text]:
    if not len(territories.geometries):
        return []
    plane = footprint.plane
    area = beside.union(territories.whole())
    west, south, east, north = plane.one_to_lonlat(area).bounds

    def inside(lonlat: Floats) -> NDArray[np.bool_]:
        found = np.zeros(len(lonlat), dtype=bool)
        x, y = lonlat.T
        near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        points = plane.to_plane(np.asarray(shapely.points(lonlat[near]), dtype=object), "EPSG:4490", step_m=1000.0)
        found[near] = shapely.intersects(area, points)
        return found

    site = footprint.site
    found: list[Text] = []
    if site.conversion is None and metres <= MARS_REACH_M:
        found = mars_causes(shapely.get_coordinates(footprint.lonlat), inside)
    x0, y0, x1, y1 = site.geometry.bounds
    return [*found, *likely_causes((x0, y0, x1, y1), site.crs, (west, south, east, north), inside)]
