"""Nature reserves and nature parks of 阳城县 and, as far as named, of the other territories."""

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
import shapely.ops
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from demo_data.land import Land
from demo_data.plane import HECTARE, LonLat, box_of, dms, lonlat
from demo_data.shapes import blob, fitted, framed_to, ragged, ring, rounded, surface
from demo_data.zones import Zone


@dataclass(frozen=True, slots=True)
class Extent:
    """A shape with documented extent and area."""

    name: str
    frame: tuple[float, float, float, float]
    hectares: float
    outline: tuple[LonLat, ...]

    def shape(self) -> Polygon:
        """Return the shape: exactly this extent and area."""
        raw = ring(self.outline, self.name, roughness=0.1, step=120)
        return framed_to(raw, box_of(*self.frame), self.hectares * HECTARE)


MANGHE = Extent(
    "蟒河猕猴国家级自然保护区",
    (dms(112, 22, 10), dms(35, 12, 50), dms(112, 31, 35), dms(35, 17, 20)),
    5573.0,
    (
        (112.3694, 35.240), (112.383, 35.258), (112.40, 35.264), (112.425, 35.2889), (112.445, 35.283),
        (112.465, 35.265),
        (112.49, 35.262), (112.5264, 35.256), (112.515, 35.235), (112.49, 35.228), (112.465, 35.222),
        (112.445, 35.2139),
        (112.42, 35.224), (112.40, 35.225), (112.385, 35.226)),
)  # fmt: skip
YANSHAN = Extent(
    "崦山省级自然保护区",
    (dms(112, 16, 47), dms(35, 34, 12), dms(112, 27, 59), dms(35, 41, 13)),
    8892.6,
    (
        (112.2797, 35.623), (112.30, 35.639), (112.325, 35.664), (112.36, 35.6869), (112.41, 35.678), (112.44, 35.665),
        (112.4664, 35.638), (112.462, 35.61), (112.447, 35.586), (112.437, 35.57), (112.42, 35.588), (112.39, 35.602),
        (112.36, 35.622), (112.325, 35.615), (112.30, 35.612)),
)  # fmt: skip
HUAYANG = Extent(
    "华阳山省级森林公园",
    (dms(112, 34, 32), dms(35, 29, 45), dms(112, 36, 57), dms(35, 32, 5)),
    825.6,
    (
        (112.5756, 35.516), (112.582, 35.526), (112.595, 35.5347), (112.608, 35.530), (112.6158, 35.520),
        (112.612, 35.505),
        (112.60, 35.4958), (112.588, 35.502), (112.58, 35.508)),
)  # fmt: skip
YANGGUANG = Extent(
    "阳光省级森林公园",
    (dms(112, 35), dms(35, 20), dms(112, 38), dms(35, 22)),
    1540.0,
    (
        (112.5834, 35.348), (112.5838, 35.3575), (112.592, 35.3655), (112.606, 35.3667), (112.623, 35.3662),
        (112.632, 35.358),
        (112.6333, 35.347), (112.6318, 35.3395), (112.624, 35.3340), (112.607, 35.3333), (112.592, 35.3345),
        (112.585, 35.340)),
)  # fmt: skip

_LISHAN = (
    (112.0, 35.30), (112.06, 35.288), (112.085, 35.31), (112.098, 35.345), (112.085, 35.375), (112.10, 35.405),
    (112.075, 35.425), (112.0, 35.43))  # fmt: skip
_ZHONGTIAO = (
    (112.10, 35.30), (112.135, 35.315), (112.15, 35.36), (112.135, 35.395), (112.15, 35.415), (112.12, 35.425),
    (112.095, 35.38), (112.085, 35.33))  # fmt: skip
_XICHENG = (
    (112.175, 35.345), (112.195, 35.362), (112.225, 35.358), (112.25, 35.335), (112.24, 35.305), (112.21, 35.29),
    (112.185, 35.305), (112.17, 35.325))  # fmt: skip
_CITY_PARKS = (
    ("阳高泉森林公园", (112.392, 35.513), 96.0), ("东坡头森林公园", (112.432, 35.512), 60.0), ("虎头山森林公园",
    (112.372, 35.502), 72.0),
    ("骏马岭森林公园", (112.42, 35.463), 64.0), ("美韵森林公园", (112.448, 35.492), 30.0), ("凤西森林公园",
    (112.378, 35.486), 42.0),
)  # fmt: skip

Reserve = tuple[str, str, str, Polygon | MultiPolygon]  # name, level, class code, surface


def within_border() -> BaseGeometry:
    """Return what the border of 阳城县 must hold."""
    return shapely.union_all([e.shape() for e in (MANGHE, YANSHAN, HUAYANG, YANGGUANG)])


def _manghe_zones() -> tuple[MultiPolygon, MultiPolygon, MultiPolygon]:
    whole = MANGHE.shape()
    deep = whole.buffer(-170)
    middle = whole.centroid
    west = shapely.affinity.translate(middle, -2900, -150)
    east = shapely.affinity.translate(middle, 2500, 100)
    lobes = [blob(lonlat(spot), 1e6, f"蟒河 core {i}", stretch=1.5) for i, spot in enumerate((west, east))]

    def core(size: float) -> BaseGeometry:
        grown = [shapely.affinity.scale(lobe, size, size, origin=lobe.centroid) for lobe in lobes]
        return shapely.intersection(shapely.union_all(grown), deep)

    inner = fitted(core, 3398 * HECTARE, 0.5, 9.0)
    buffer = fitted(
        lambda d: shapely.difference(shapely.intersection(rounded(inner, d), whole), inner), 419 * HECTARE, 5.0, 500.0
    )
    outer = surface(shapely.difference(shapely.difference(whole, inner), buffer))
    return inner, buffer, outer


def _lishan(land: Land) -> MultiPolygon:
    return surface(shapely.intersection(ring(_LISHAN, "历山", roughness=0.1, step=150), land.outline))


def reserves_1994(land: Land) -> list[Zone]:
    """Return the reserves in the classes of the older regulation."""
    core, buffer, outer = _manghe_zones()
    lishan = _lishan(land)
    inner = surface(rounded(lishan, -1100))
    middle = surface(shapely.difference(rounded(lishan, -650), inner))
    rest = surface(shapely.difference(shapely.difference(lishan, inner), middle))
    national, name = (("level", "国家级"),), "历山国家级自然保护区（阳城部分）"
    return [
        Zone(MANGHE.name, "HXQ", core, national),
        Zone(MANGHE.name, "HCQ", buffer, national),
        Zone(MANGHE.name, "SYQ", outer, national),
        Zone(name, "HXQ", inner, national),
        Zone(name, "HCQ", middle, national),
        Zone(name, "SYQ", rest, national),
        Zone(YANSHAN.name, "WFQ", YANSHAN.shape(), (("level", "省级"),)),
    ]


def reserves_2026(land: Land) -> list[Zone]:
    """Return the reserves in the classes of the regulation of 2026: drawn anew, not carried over class by class."""
    found = []
    for name, level, whole, depth in (
        (MANGHE.name, "国家级", MANGHE.shape(), 420.0),
        ("历山国家级自然保护区（阳城部分）", "国家级", _lishan(land), 800.0),
        (YANSHAN.name, "省级", YANSHAN.shape(), 900.0),
    ):
        core = surface(_bent(rounded(whole, -depth), f"{name} 2026"), 30 * HECTARE)
        core = surface(shapely.intersection(core, whole))
        found.append(Zone(name, "HXBHQ", core, (("level", level),)))
        found.append(Zone(name, "YBKZQ", surface(shapely.difference(whole, core)), (("level", level),)))
    return found


def _bent(shape: BaseGeometry, name: str) -> BaseGeometry:
    """Cut a shape along a ragged belt, so that a valley with a road stays outside."""
    x0, y0, x1, y1 = shape.bounds
    line = np.array(
        [[x0 - 200, y0 + (y1 - y0) * 0.35], [(x0 + x1) / 2, (y0 + y1) / 2], [x1 + 200, y0 + (y1 - y0) * 0.62]]
    )
    return shapely.difference(shape, LineString(ragged(line, name, roughness=0.16, step=200)).buffer(160, quad_segs=2))


def parks_yangcheng(land: Land) -> list[Zone]:
    """Return forest parks, geopark and wetland parks of 阳城县."""
    lishan = _lishan(land)
    zhongtiao = surface(shapely.difference(ring(_ZHONGTIAO, "中条山", roughness=0.1), rounded(lishan, 60)))
    whole = YANGGUANG.shape()
    planned = fitted(lambda d: rounded(whole, -d), 400 * HECTARE, 1600, 0)
    outer = surface(shapely.difference(whole, planned))
    note = (("planned_ha", 0.0),)
    found = [
        Zone("中条山国家森林公园（阳城部分）", "national-forest-park", zhongtiao, note),
        Zone(HUAYANG.name, "provincial-forest-park", HUAYANG.shape(), (("planned_ha", HUAYANG.hectares),)),
        Zone(f"{YANGGUANG.name}（规划区）", "provincial-forest-park", planned, (("planned_ha", 400.0),)),
        Zone(f"{YANGGUANG.name}（外围控制区）", "provincial-forest-park", outer, (("planned_ha", 1140.0),)),
        Zone("析城山省级地质公园（核心景区）", "geopark", ring(_XICHENG, "析城山", roughness=0.11), note),
    ]
    found += [
        Zone(name, "city-forest-park", blob(place, size * HECTARE, name), (("planned_ha", size),))
        for name, place, size in _CITY_PARKS
    ]
    return found + _wetlands_yangcheng(land)


def _along(land: Land, river: str, start: float, end: float) -> BaseGeometry:
    """Return a part of a river's line, shares of its length from the source."""
    line = next(w.line for w in land.rivers if w.name == river)
    return shapely.ops.substring(line, start, end, normalized=True)


def riverside(land: Land, river: str, part: tuple[float, float], hectares: float) -> MultiPolygon:
    """Return a strip on both banks of a part of a river, the river left out, with exact area."""
    line = _along(land, river, *part)
    water = land.water()

    def strip(width: float) -> BaseGeometry:
        both = line.buffer(width, quad_segs=2, cap_style="flat").simplify(3)
        return shapely.intersection(shapely.difference(both, water), land.outline)

    return fitted(strip, hectares * HECTARE, 5.0, 1500.0)


def _wetlands_yangcheng(land: Land) -> list[Zone]:
    return [
        Zone(name, "wetland-park", riverside(land, river, part, size), (("planned_ha", size),))
        for name, river, part, size in (
            ("沁河湿地（润城段）", "沁河", (0.29, 0.36), 61.47),
            ("小东河湿地", "西小河", (0.75, 0.85), 1.52),
            ("芦苇河湿地", "芦苇河", (0.9, 0.93), 3.86),
        )
    ]


def parks_xinjiang(land: Land) -> list[Zone]:
    """Return the four nature parks of 新绛县; their sizes are not documented."""
    forest = blob((111.178, 35.69), 260 * HECTARE, "鼓水流域森林公园", stretch=1.6)
    sanquan = blob((111.262, 35.67), 58 * HECTARE, "三泉湿地公园")
    return [
        Zone("汾河省级湿地公园", "wetland-park", riverside(land, "汾河", (0.47, 0.56), 210.0), (("planned_ha", 0.0),)),
        Zone("浍河湿地公园", "wetland-park", riverside(land, "浍河", (0.55, 0.7), 96.0), (("planned_ha", 0.0),)),
        Zone("鼓水流域森林公园", "provincial-forest-park", forest, (("planned_ha", 0.0),)),
        Zone("三泉湿地公园", "wetland-park", sanquan, (("planned_ha", 0.0),)),
    ]


_SMALL_PARKS = {
    "140502": (
        ("晋城环城森林公园（白马寺片，示意）", "city-forest-park", (112.815, 35.553), 310.0),
        ("晋城环城森林公园（吴王山片，示意）", "city-forest-park", (112.79, 35.523), 240.0),
        ("白马寺生态区（风景名胜，示意）", "scenic-area", (112.832, 35.562), 120.0),
    ),
    "1403": (
        ("药岭山森林公园（示意）", "provincial-forest-park", (113.30, 38.0), 2100.0),
        ("诸龙山森林公园（示意）", "provincial-forest-park", (113.20, 38.29), 2600.0),
        ("娘子关风景名胜区（示意）", "scenic-area", (113.885, 37.94), 900.0),
    ),
}


def small_parks(land: Land) -> list[Zone]:
    """Return schematic parks of a territory whose documents name them without figures."""
    return [
        Zone(
            name,
            kind,
            surface(shapely.intersection(blob(place, size * HECTARE, name), land.outline)),
            (("planned_ha", 0.0),),
        )
        for name, kind, place, size in _SMALL_PARKS.get(land.facts.code, ())
    ]
