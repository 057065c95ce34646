"""The order of a file's axes, and which of its records lie where the workspace's territories lie."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import shapely

import chinese_systems as cs
from zoning.errors import CRSError, SiteError, ZoningError
from zoning.sites.crs.extent import Extent, Piece, boxes_of
from zoning.sites.crs.identify import Identified, identify
from zoning.sites.crs.placing import Placement, assume_lonlat, misfits, place, place_most
from zoning.sites.raw import RawSite
from zoning.sites.where import Where

HERE = Where("a.shp")
EXPECTED = (112.0, 35.0, 113.0, 36.0)
Box = tuple[float, float, float, float]

HOME: Box = (112.3, 35.4, 112.4, 35.5)
TURNED: Box = (35.4, 112.3, 35.5, 112.4)
ELSEWHERE: Box = (100.0, 35.0, 100.1, 35.1)
LONG: Box = (112.3, 35.4, 119.0, 35.5)
"""From the territories 6° to the east."""

EXCHANGED = "the two coordinates are in the opposite order (decided by magnitude and territory); they were exchanged"


def extent(*boxes: Box, sizes: Sequence[int] = ()) -> Extent:
    """Return the extent of a file, in one piece or in pieces of these sizes."""
    ends = np.cumsum(sizes or [len(boxes)]).tolist()
    pieces = [
        Piece(np.arange(start, end), np.array(boxes[start:end], dtype=float).reshape(-1, 4))
        for start, end in zip([0, *ends], ends, strict=False)
    ]
    return Extent(lambda: pieces, HERE.at_record)


def system(code: str = "EPSG:4490") -> Identified:
    return identify(code, HERE)


def in_plane(code: str, turn: Callable[[cs.Point], cs.Point], box: Box = HOME) -> tuple[Identified, Box]:
    (x0, y0), (x1, y1) = turn(box[:2]), turn(box[2:])
    return system(code), (x0, y0, x1, y1)


def turned(box: Box) -> Box:
    x0, y0, x1, y1 = box
    return y0, x0, y1, x1


# --- A file that is read whole ---


@pytest.mark.parametrize("how", [place, place_most])
def test_records_within_the_territories_stay_as_they_are(how: Callable[..., Placement]) -> None:
    assert how(extent(HOME, HOME), system(), EXPECTED, HERE) == Placement(swap=False, warnings=())


@pytest.mark.parametrize("how", [place, place_most])
def test_axes_are_exchanged_where_every_record_fits_only_so(how: Callable[..., Placement]) -> None:
    found = how(extent(TURNED, TURNED), system(), EXPECTED, HERE)
    assert found.swap
    assert [text.en for text in found.warnings] == [f"a.shp: {EXCHANGED}"]
    assert [text.zh for text in found.warnings] == [
        "a.shp：两列坐标的次序相反（按数值大小和所在区域判定），已对调读取",
    ]


@pytest.mark.parametrize(
    ("code", "turn"),
    [
        ("EPSG:4525", lambda point: cs.zone_plane(point, 111, 37.5e6)),
        ("EPSG:4547", lambda point: cs.zone_plane(point, 114, 5e5)),
        ("EPSG:3857", cs.web_mercator),
        ("EPSG:32649", lambda point: cs.utm(point, 49)),
    ],
)
def test_metres_are_exchanged_as_well(code: str, turn: Callable[[cs.Point], cs.Point]) -> None:
    crs, box = in_plane(code, turn)
    assert not place(extent(box), crs, EXPECTED, HERE).swap
    assert place(extent(turned(box)), crs, EXPECTED, HERE).swap


def test_an_empty_file_has_nothing_to_exchange() -> None:
    assert place(extent(), system(), EXPECTED, HERE) == Placement()
    assert place_most(extent(), system(), EXPECTED, HERE) == Placement()


def test_without_territories_anything_on_earth_fits() -> None:
    assert place(extent(HOME, ELSEWHERE, LONG), system(), None, HERE) == Placement()


def test_without_territories_the_order_is_told_by_what_is_possible_on_earth() -> None:
    assert place(extent(TURNED), system(), None, HERE).swap
    both_possible = (35.0, 80.0, 35.1, 80.1)
    assert not place(extent(both_possible), system(), None, HERE).swap


def test_one_record_elsewhere_is_named_by_its_number() -> None:
    with pytest.raises(SiteError) as caught:
        place(extent(HOME, HOME, ELSEWHERE, HOME), system(), EXPECTED, HERE)
    said = caught.value.get("en")
    assert said.startswith("a.shp, record 2: read as EPSG:4490 (CGCS2000 longitude and latitude) it lies at longitude")
    assert "outside every territory of the workspace (112.00–113.00°E, 35.00–36.00°N)" in said


@pytest.mark.parametrize("sizes", [(4,), (1, 3), (2, 2), (3, 1), (1, 1, 1, 1)])
def test_the_number_does_not_depend_on_the_pieces(sizes: tuple[int, ...]) -> None:
    with pytest.raises(SiteError, match=r"^a\.shp, record 3: "):
        place(extent(HOME, HOME, HOME, ELSEWHERE, sizes=sizes), system(), EXPECTED, HERE)


def test_one_record_in_the_other_order_refuses_the_file() -> None:
    with pytest.raises(CRSError, match=r"^a\.shp, record 1: .*EPSG:4490 .* with the two coordinates exchanged"):
        place(extent(HOME, TURNED), system(), EXPECTED, HERE)


def test_nothing_is_exchanged_where_one_record_fits_in_neither_order() -> None:
    with pytest.raises(CRSError, match=r"^a\.shp, record 0: .* with the two coordinates exchanged"):
        place(extent(TURNED, ELSEWHERE), system(), EXPECTED, HERE)


def test_numbers_of_x_and_y_that_are_alike_are_not_exchanged() -> None:
    """Territories near 40°E 41°N: what lies 3° too far north would fit exchanged, but so it would by chance."""
    expected = (43.0, 39.0, 44.0, 40.0)
    one, other = (39.5, 43.5, 39.6, 43.6), (38.8, 42.6, 42.9, 42.7)
    with pytest.raises(ZoningError, match=r"record 0"):
        place(extent(one, other), system(), expected, HERE)
    assert place(extent(one), system(), expected, HERE).swap


@pytest.mark.parametrize("meeting", [39.6, 42.6])
def test_columns_whose_numbers_meet_in_one_are_not_apart(meeting: float) -> None:
    """The largest x is the least y, or it is just below it."""
    expected = (42.0, 39.0, 44.0, 40.0)
    box = (39.5, 42.6, meeting, 43.6)
    if meeting == 42.6:
        with pytest.raises(ZoningError, match="record 0"):
            place(extent(box), system(), expected, HERE)
    else:
        assert place(extent(box), system(), expected, HERE).swap


def test_a_vertex_far_beyond_the_territories_is_mistyped() -> None:
    with pytest.raises(SiteError) as caught:
        place(extent(HOME, LONG), system(), EXPECTED, HERE)
    assert caught.value.get("en") == (
        "a.shp, record 1: it reaches from longitude 112.3000°, latitude 35.4000° to longitude 119.0000°, latitude "
        "35.5000°, far beyond the workspace's territories; correct the mistyped point"
    )
    assert caught.value.get("zh") == (
        "a.shp 第 1 个图形：范围从 经度 112.3000°、纬度 35.4000° 伸展到 经度 119.0000°、纬度 35.5000°，"
        "有界址点远在工作空间区域之外；请改正写错的点"
    )


def test_a_mistyped_vertex_is_found_in_the_exchanged_order_too() -> None:
    with pytest.raises(SiteError, match=r"record 0: it reaches from longitude 112\.3000°, latitude 35\.4000° to"):
        place(extent(turned(LONG)), system(), EXPECTED, HERE)


def test_of_several_mistyped_records_the_first_is_named() -> None:
    with pytest.raises(SiteError, match="record 2: it reaches"):
        place(extent(HOME, HOME, LONG, LONG, sizes=(1, 3)), system(), EXPECTED, HERE)


def test_another_zone_is_proposed() -> None:
    crs, box = system("EPSG:4525"), in_plane("EPSG:4526", lambda point: cs.zone_plane(point, 114, 38.5e6))[1]
    with pytest.raises(CRSError, match=r"if it were EPSG:4526 .*: correct the file, or state the system with --crs"):
        place(extent(box), crs, EXPECTED, HERE)


# --- A file that is read in slices: what does not fit is refused alone ---


def test_most_records_fit_and_the_others_are_left_for_later() -> None:
    assert place_most(extent(HOME, ELSEWHERE, LONG), system(), EXPECTED, HERE) == Placement()


def test_one_fitting_record_forbids_to_exchange_the_others() -> None:
    assert not place_most(extent(TURNED, TURNED, HOME, TURNED), system(), EXPECTED, HERE).swap


def test_most_records_fit_exchanged() -> None:
    found = place_most(extent(ELSEWHERE, TURNED, TURNED), system(), EXPECTED, HERE)
    assert found.swap
    assert found.warnings[0].en == f"a.shp: {EXCHANGED}"


def test_where_none_fits_the_first_is_named() -> None:
    with pytest.raises(SiteError, match=r"^a\.shp, record 0: .* outside every territory"):
        place_most(extent(ELSEWHERE, ELSEWHERE), system(), EXPECTED, HERE)


def test_most_are_not_exchanged_where_the_columns_have_numbers_in_common() -> None:
    expected = (43.0, 39.0, 44.0, 40.0)
    one, other = (39.5, 43.5, 39.6, 43.6), (38.8, 42.6, 42.9, 42.7)
    with pytest.raises(ZoningError, match=r"record 0"):
        place_most(extent(one, other), system(), expected, HERE)


ZONE_38 = in_plane("EPSG:4526", lambda point: cs.zone_plane(point, 114, 38.5e6))[1]
ZONE_37 = in_plane("EPSG:4525", lambda point: cs.zone_plane(point, 111, 37.5e6))[1]
NOWHERE: Box = (38_900_000.0, 5_000_000.0, 38_900_100.0, 5_000_100.0)


def test_a_file_of_which_more_fits_in_another_system_is_refused() -> None:
    with pytest.raises(CRSError, match=r"^a\.shp, record 1: .* if it were EPSG:4526 "):
        place_most(extent(ZONE_37, ZONE_38, ZONE_38), system("EPSG:4525"), EXPECTED, HERE)


def test_as_many_in_another_system_do_not_refuse_the_file() -> None:
    found = place_most(extent(ZONE_37, ZONE_38), system("EPSG:4525"), EXPECTED, HERE)
    assert found == Placement()


def test_the_other_system_is_looked_for_in_every_piece() -> None:
    boxes = (ZONE_37, NOWHERE, NOWHERE, ZONE_38, ZONE_38)
    with pytest.raises(CRSError, match=r"^a\.shp, record 3: .* if it were EPSG:4526 "):
        place_most(extent(*boxes, sizes=(3, 2)), system("EPSG:4525"), EXPECTED, HERE)


def test_a_piece_in_which_all_fit_is_passed_over() -> None:
    boxes = (ZONE_37, ZONE_37, ZONE_38, ZONE_38, ZONE_38)
    with pytest.raises(CRSError, match=r"^a\.shp, record 2: "):
        place_most(extent(*boxes, sizes=(2, 3)), system("EPSG:4525"), EXPECTED, HERE)


def test_a_system_that_several_pieces_suggest_is_counted_once_over_the_whole_file() -> None:
    boxes = (ZONE_37, ZONE_37, ZONE_38, ZONE_38)
    assert place_most(extent(*boxes, sizes=(3, 1)), system("EPSG:4525"), EXPECTED, HERE) == Placement()


def test_without_territories_chance_is_not_asked() -> None:
    impossible = (200.0, 100.0, 201.0, 101.0)
    assert place_most(extent(HOME, impossible, impossible), system(), None, HERE) == Placement()


def test_exchanged_records_are_compared_in_their_own_order() -> None:
    boxes = [turned(ZONE_37), turned(ZONE_38), turned(ZONE_38)]
    with pytest.raises(CRSError, match="EPSG:4526"):
        place_most(extent(*boxes), system("EPSG:4525"), EXPECTED, HERE)


# --- What is said of each record ---


AS_WRITTEN = Placement()


def found_in(
    boxes: Sequence[Box], placement: Placement = AS_WRITTEN, expected: Box | None = EXPECTED
) -> dict[int, str]:
    wheres = [HERE.at_record(number) for number in range(1, len(boxes) + 1)]
    errors = misfits(np.array(boxes), wheres, placement, system(), expected)
    return {row: error.get("en") for row, error in errors.items()}


def test_misfits_are_named_by_their_position() -> None:
    found = found_in([HOME, ELSEWHERE, HOME, LONG, (200.0, 95.0, 201.0, 96.0)])
    assert list(found) == [1, 3, 4]
    assert found[1].startswith("a.shp, record 2: read as EPSG:4490")
    assert found[3].startswith("a.shp, record 4: it reaches from longitude 112.3000°")
    assert found[4].startswith("a.shp, record 5: the coordinates (200, 95) are impossible in EPSG:4490")


def test_misfits_of_exchanged_axes() -> None:
    swapped = Placement(swap=True)
    assert found_in([TURNED, TURNED], swapped) == {}
    found = found_in([TURNED, HOME, turned(LONG)], swapped)
    assert list(found) == [1, 2]
    assert "record 2: read as EPSG:4490 (CGCS2000 longitude and latitude) it lies at longitude 112.3500°" in found[1]
    assert "record 3: it reaches from longitude 112.3000°" in found[2]


def test_no_misfits_without_records_or_without_territories() -> None:
    assert misfits(np.empty((0, 4)), [], Placement(), system(), EXPECTED) == {}
    assert found_in([HOME, ELSEWHERE, LONG], expected=None) == {}


def test_boxes_are_not_changed() -> None:
    boxes = np.array([TURNED, ELSEWHERE])
    before = boxes.copy()
    misfits(boxes, [HERE, HERE], Placement(swap=True), system(), EXPECTED)
    assert np.array_equal(boxes, before)


# --- Numbers without a coordinate system ---


@pytest.mark.parametrize(
    ("boxes", "expected", "degrees"),
    [
        ([HOME], EXPECTED, True),
        ([TURNED], EXPECTED, True),
        ([HOME, HOME], EXPECTED, True),
        ([HOME, TURNED], EXPECTED, False),
        ([HOME, ELSEWHERE], EXPECTED, False),
        ([ZONE_37], EXPECTED, False),
        ([HOME], None, False),
        ([(113.5, 35.4, 113.6, 35.5)], EXPECTED, True),
        ([(113.51, 35.4, 113.6, 35.5)], EXPECTED, False),
    ],
)
def test_degrees_are_assumed_only_where_every_record_fits(
    boxes: list[Box], expected: Box | None, *, degrees: bool
) -> None:
    assert assume_lonlat(extent(*boxes), expected) is degrees


# --- The boxes of all records ---


def test_the_extent_of_records_in_memory() -> None:
    sites = [RawSite(HERE.at_record(n), shapely.box(n, 2 * n, n + 1, 2 * n + 3)) for n in (1, 2)]
    found = Extent.of(sites)
    (piece,) = found.pieces()
    assert piece.numbers.tolist() == [0, 1]
    assert piece.boxes.tolist() == [[1, 2, 2, 5], [2, 4, 3, 7]]
    assert found.where_of(1) == HERE.at_record(2)


@pytest.mark.parametrize("asks", [True, False])
def test_an_extent_knows_whether_it_was_asked(*, asks: bool) -> None:
    found = Extent.of([RawSite(HERE, shapely.box(0, 0, 1, 1))])
    if asks:
        found.pieces()
    assert found.asked is asks


def test_an_extent_can_be_asked_again() -> None:
    found = Extent.of([RawSite(HERE, shapely.box(0, 0, 1, 1))])
    assert [len(list(found.pieces())) for _ in range(3)] == [1, 1, 1]


def test_the_first_box() -> None:
    first = extent(HOME, TURNED).first()
    assert first is not None
    assert first.tolist() == list(HOME)
    assert Extent.of([]).first() is None
    assert extent(HOME, TURNED, sizes=(0, 1, 1)).first() is not None


def test_to_ask_for_the_first_box_counts_as_asking() -> None:
    one = Extent.of([RawSite(HERE, shapely.box(0, 0, 1, 1))])
    one.first()
    assert one.asked


def test_boxes_of_no_record_have_four_columns() -> None:
    assert boxes_of([]).shape == (0, 4)


def test_the_box_of_an_empty_shape_is_not_finite() -> None:
    boxes = boxes_of([RawSite(HERE, shapely.Polygon()), RawSite(HERE, shapely.Point(1, 2))])
    assert np.isnan(boxes[0]).all()
    assert boxes[1].tolist() == [1, 2, 1, 2]
