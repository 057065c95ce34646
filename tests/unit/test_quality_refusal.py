"""`--on-invalid refuse` as a plain function: what is refused, in which words, what passes."""

import pytest
import shapely

from broken_shapes import SHAPES, site_of
from zoning.errors import SiteError
from zoning.quality.refusal import refuse_invalid
from zoning.sites.site import Site

WRONG = [name for name, (_, faults) in SHAPES.items() if any(severity == "error" for _, severity, _ in faults)]


@pytest.mark.parametrize("name", SHAPES)
def test_only_errors_are_refused(name: str) -> None:
    site = site_of(SHAPES[name][0])
    if name in WRONG:
        with pytest.raises(SiteError, match="with --on-invalid refuse nothing is repaired"):
            refuse_invalid([site])
    else:
        refuse_invalid([site])


def test_the_sentence_counts_all_the_others() -> None:
    star = shapely.Polygon([(0, 100), (59, -81), (-95, 31), (95, 31), (-59, -81)])
    with pytest.raises(SiteError) as caught:
        refuse_invalid([site_of(shapely.box(0, 0, 10, 10)), site_of(star, name="五角星")])
    assert caught.value.get("zh").startswith("site.txt：地块“五角星”图形有错：第 1 圈：第 1–2 点的边与")
    assert "；另有 4 处错误；" in caught.value.get("zh")
    assert "; 4 more errors;" in caught.value.get("en")


def test_a_place_in_degrees() -> None:
    bow = shapely.Polygon([(112.40, 35.50), (112.42, 35.52), (112.42, 35.50), (112.40, 35.52)])
    with pytest.raises(SiteError) as caught:
        refuse_invalid([Site("1", "甲", bow, "EPSG:4490", "a.kml")])
    assert "（112.4100000°E，35.5100000°N）" in caught.value.get("zh")
