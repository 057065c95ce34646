"""Zones by name, zones mixed up, and accuracies: what holds for all of them."""

from dataclasses import replace
from math import cos, radians, sin
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

import boundary_writers as bw
import chinese_systems as cs
import overlay_world as ow
from overlay_world import PLANE, box_m, features
from zoning.errors import ZoningError
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import PlaneLayer, measure
from zoning.sites import read_sites
from zoning.sites.crs.names import spoken
from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980, ZONES_3, ZONES_6, Family

ANY_ZONE = st.sampled_from([*ZONES_3, *ZONES_6])
NAMES = {
    CGCS2000.lonlat: ("CGCS2000", "2000国家大地坐标系", "国家2000"),
    XIAN_1980.lonlat: ("西安80", "1980西安坐标系"),
    BEIJING_1954.lonlat: ("北京54", "1954北京坐标系"),
}


@given(family=st.sampled_from([CGCS2000, XIAN_1980, BEIJING_1954]), zone=ANY_ZONE, data=st.data())
def test_a_zone_is_understood_however_it_is_said(family: Family, zone: int, data: st.DataObject) -> None:
    datum = data.draw(st.sampled_from(NAMES[family.lonlat]))
    width = 3 if zone in ZONES_3 else 6
    said = data.draw(
        st.sampled_from([f"{zone}带", f"第 {zone} 带", f"{width}度带 {zone}带", f"{width}°分带 第{zone}带"])
    )
    for ending, prefixed in (("", True), (" 带带号", True), (" 不带带号", False)):
        found = spoken(f"{datum} {said}{ending}")
        assert found is not None
        assert found.code == family.code(zone, prefixed=prefixed)
        assert found.plain == (family.code(zone, prefixed=False) if not ending else None)


@given(
    true=st.sampled_from([36, 37, 38, 39]),
    stated=st.sampled_from([36, 37, 38, 39]),
    prefixed=st.booleans(),
    exchanged=st.booleans(),
)
def test_the_true_zone_is_always_among_the_causes(true: int, stated: int, *, prefixed: bool, exchanged: bool) -> None:
    ring = [cs.zone_plane(point, 3 * true, true * 1e6 + 5e5 if prefixed else 5e5) for point in bw.SQUARE]
    ring = [(y, x) for x, y in ring] if exchanged else ring
    code = CGCS2000.code(stated, prefixed=prefixed)
    with TemporaryDirectory() as folder:
        path = bw.write(Path(folder) / "a.geojson", bw.geojson(bw.polygon([ring]), crs=bw.named_crs(code)))
        if true == stated:
            assert read_sites(path, expected=bw.EXPECTED)[0].crs == code
            return
        with pytest.raises(ZoningError) as caught:
            read_sites(path, expected=bw.EXPECTED)
    told = CGCS2000.code(true, prefixed=prefixed)
    # Meridians 3.5° beside the territory are no likely cause.
    if true in (37, 38):
        assert f"若为 {told}（" in caught.value.get("zh") or f" 或 {told}（" in caught.value.get("zh")
        assert ("（两列坐标对调）" in caught.value.get("zh")) == exchanged


@given(
    layer_m=st.sampled_from([0.0, 3.0]),
    site_m=st.sampled_from([0.5, 5.0, 10.0]),
    edge=st.floats(-30, 130),
    share=st.floats(0, 0.98),
    azimuth=st.floats(0, 360),
)
def test_no_displacement_within_the_accuracy_makes_the_answer_wrong(
    layer_m: float, site_m: float, edge: float, share: float, azimuth: float
) -> None:
    """The true place lies anywhere within the accuracy: what is denied stays untouched, what is certain touched."""
    zones = features([(box_m(edge, -300, 400, 400), "level-1")], crs="EPSG:4525", accuracy_m=layer_m)
    layer = PlaneLayer.of(zones, PLANE)
    site = replace(ow.site(box_m(0, 0, 100, 100), "EPSG:4525"), accuracy_m=site_m)
    status = measure(Footprint.of(site, PLANE), layer, search_m=500.0, tolerance_m2=1.0).status
    far = share * site_m
    true = affinity.translate(site.geometry, far * sin(radians(azimuth)), far * cos(radians(azimuth)))
    common = shapely.intersection(true, box_m(edge, -300, 400, 400)).area
    if status == "not_affected":
        assert common < 1.0 + 1e-3
    elif status == "affected":
        assert common > 1.0 - 1e-3
