"""Which of two columns is east and which north: by the size of the numbers, never by the headings alone."""

from typing import Any

import pytest

from table_tracks import Pair, numbers_of, track_of
from zoning.errors import SiteError
from zoning.sites.limits import Bounds
from zoning.sites.tables.axes import Placed, in_degrees, place_degrees, place_metres, unpacked

TERRITORY: Bounds = (112.0, 35.1, 112.95, 35.75)
DEGREES: list[Pair] = [("112.30001°", "35.40001°"), ("112.30002°", "35.40002°")]
METRES: list[Pair] = [("3919746.783", "37618082.987"), ("3919846.783", "37618182.98")]


def back(pairs: list[Pair]) -> list[Pair]:
    return [(second, first) for first, second in pairs]


def degrees(pairs: list[Pair], expected: Bounds | None = TERRITORY, *, alone: bool = True, **how: Any) -> Placed:
    numbers = numbers_of(pairs, **how)
    return place_degrees(track_of(numbers), numbers, expected, alone=alone)


def metres(pairs: list[Pair], *, stated: bool = False, **how: Any) -> Placed:
    numbers = numbers_of(pairs, **how)
    return place_metres(track_of(numbers), numbers, stated=stated)


def said(placed: Placed) -> list[str]:
    return [text.en for text in placed.warnings]


# --- Degrees or metres ---


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        (DEGREES, True),
        (METRES, False),
        ([("180", "35")], True),
        ([("-180", "35")], True),
        ([("180.1", "35")], False),
        ([("-3919746", "500000")], False),
    ],
)
def test_numbers_up_to_180_are_degrees(pairs: list[Pair], *, found: bool) -> None:
    numbers = numbers_of(pairs)
    assert in_degrees(track_of(numbers), numbers) is found


@pytest.mark.parametrize(
    ("pairs", "zh", "en"),
    [
        (
            [*METRES, ("112.3", "35.4")],
            "拐点.csv:7：坐标 (112.3, 35.4) 是度，前面的点却是米；请统一",
            "拐点.csv:7: the coordinates (112.3, 35.4) are degrees but the points before are metres; use one of them",
        ),
        (
            [("112.3", "35.4"), *METRES],
            "拐点.csv:6：坐标 (3919746.783, 37618082.99) 是米，前面的点却是度；请统一",
            (
                "拐点.csv:6: the coordinates (3919746.783, 37618082.99) are metres but the points before are degrees; "
                "use one of them"
            ),
        ),
    ],
)
def test_degrees_among_metres_are_refused(pairs: list[Pair], zh: str, en: str) -> None:
    numbers = numbers_of(pairs)
    with pytest.raises(SiteError) as caught:
        in_degrees(track_of(numbers), numbers)
    assert (caught.value.get("zh"), caught.value.get("en")) == (zh, en)


# --- Degrees ---


@pytest.mark.parametrize("pairs", [DEGREES, back(DEGREES)])
@pytest.mark.parametrize("expected", [TERRITORY, None])
def test_without_headings_the_size_tells(pairs: list[Pair], expected: Bounds | None) -> None:
    found = degrees(pairs, expected)
    assert found.east.tolist() == [112.30001, 112.30002]
    assert found.north.tolist() == [35.40001, 35.40002]
    assert found.warnings == ()


def test_units_go_with_their_columns() -> None:
    pairs = [("35.400°", "112.30001°")]
    assert degrees(pairs).units == pytest.approx((1e-5, 1e-3))
    assert degrees(back(pairs)).units == pytest.approx((1e-5, 1e-3))


@pytest.mark.parametrize(
    ("pairs", "axes"),
    [
        (DEGREES, ("east", "north")),
        (DEGREES, ("east", "")),
        (DEGREES, ("", "north")),
        (back(DEGREES), ("north", "east")),
        (back(DEGREES), ("north", "")),
        (back(DEGREES), ("", "east")),
    ],
)
def test_headings_that_agree_with_the_size(pairs: list[Pair], axes: Pair) -> None:
    found = degrees(pairs, axes=axes)
    assert (found.east[0], found.north[0]) == (112.30001, 35.40001)
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("pairs", "axes"),
    [(back(DEGREES), ("east", "north")), (DEGREES, ("north", "east")), (back(DEGREES), ("east", ""))],
)
def test_headings_against_the_size_are_overruled_and_said(pairs: list[Pair], axes: Pair) -> None:
    found = degrees(pairs, axes=axes, names=("经度", "纬度"))
    assert (found.east[0], found.north[0]) == (112.30001, 35.40001)
    assert said(found) == [
        (
            "拐点.csv:5: the columns “经度” and “纬度” hold each other's numbers (decided by magnitude); they "
            "were exchanged"
        )
    ]
    assert found.warnings[0].zh == ("拐点.csv:5：“经度”与“纬度”两列的内容与名称相反（按数值大小判定），已对调读取")


def test_where_the_size_does_not_tell_the_headings_do() -> None:
    """50°E 10°N lies in no territory and not in China, in neither order."""
    assert degrees([("50.5°", "10.5°")], axes=("east", "north")).east.tolist() == [50.5]
    assert degrees([("50.5°", "10.5°")], axes=("north", "east")).east.tolist() == [10.5]


def test_without_headings_numbers_that_fit_nowhere_are_refused() -> None:
    with pytest.raises(SiteError) as caught:
        degrees([("50.5°", "10.5°")])
    assert caught.value.get("en") == (
        "拐点.csv:5: (50.5, 10.5) is neither longitude and latitude within China (73-136°E, 3-54°N) nor metres; check "
        "it, or add the headings 经度, 纬度 (longitude, latitude)"
    )
    assert caught.value.get("zh") == (
        "拐点.csv:5：(50.5, 10.5) 既不是我国范围内的经纬度（73–136°E，3–54°N），也不是米；请核对，"
        "或在表头写明 经度、纬度"
    )


def test_the_row_that_is_too_far_east_is_named() -> None:
    with pytest.raises(SiteError, match=r"^拐点\.csv:7: \(150\.1, 35\.1\) is neither"):
        degrees([("112.3°", "35.4°"), ("112.4°", "35.4°"), ("150.1°", "35.1°")])


def test_numbers_that_fit_in_both_orders_are_refused() -> None:
    territory = (35.0, 35.0, 36.0, 36.0)
    with pytest.raises(SiteError) as caught:
        degrees([("35.4°", "35.6°")], territory)
    assert caught.value.get("en") == (
        "拐点.csv:5: it is not clear which of (35.4, 35.6) is the longitude; add the headings 经度, 纬度 "
        "(longitude, latitude)"
    )
    assert caught.value.get("zh") == "拐点.csv:5：分不清 (35.4, 35.6) 哪一个是经度；请在表头写明 经度、纬度"
    assert degrees([("35.4°", "35.6°")], territory, axes=("east", "north")).east.tolist() == [35.4]
    assert degrees([("35.4°", "35.6°")], territory, axes=("north", "east")).east.tolist() == [35.6]


@pytest.mark.parametrize(("lon", "fits"), [("10.5", True), ("10.49", False), ("12.5", True), ("12.51", False)])
def test_a_territory_reaches_half_a_degree_farther(lon: str, *, fits: bool) -> None:
    territory = (11.0, 50.0, 12.0, 51.0)
    if fits:
        assert degrees([(f"{lon}°", "50.5°")], territory).east.tolist() == [float(lon)]
        return
    with pytest.raises(SiteError, match="is neither"):
        degrees([(f"{lon}°", "50.5°")], territory)


@pytest.mark.parametrize(
    ("lon", "lat", "fits"),
    [
        ("73", "35", True), ("72.9", "35", False), ("136", "35", True), ("136.1", "35", False),
        ("112", "3", True), ("112", "2.9", False), ("112", "54", True), ("112", "54.1", False),
    ],
)  # fmt: skip
def test_china_reaches_from_73_to_136_and_from_3_to_54(lon: str, lat: str, *, fits: bool) -> None:
    if fits:
        assert degrees([(f"{lat}°", f"{lon}°")], None).east.tolist() == [float(lon)]
        return
    with pytest.raises(SiteError, match="is neither"):
        degrees([(f"{lat}°", f"{lon}°")], None)


def test_every_point_has_to_fit() -> None:
    with pytest.raises(SiteError, match="is neither"):
        degrees([("112.3°", "35.4°"), ("35.4°", "112.3°")])


# --- Decimal degrees, or degrees.minutes-seconds ---

PACKED: list[Pair] = [("112.1830", "35.2430")]
"""As decimals 112.183°, as 度.分秒 112°18′30″."""


@pytest.mark.parametrize("pairs", [PACKED, back(PACKED), [("112.18301234", "35.24301234")]])
def test_numbers_that_may_be_minutes_and_seconds_are_refused(pairs: list[Pair]) -> None:
    with pytest.raises(SiteError) as caught:
        degrees(pairs)
    said = caught.value.get("en")
    assert said.startswith("拐点.csv:5: the numbers may be decimal degrees or ddd.mmss (112.183")
    assert "may be 112°18′30" in said
    assert said.endswith(
        "write the heading 经度（度） (decimal) or 经度（度.分秒） (ddd.mmss), or a ° behind every number"
    )
    assert "（112.183" in caught.value.get("zh")
    assert "请在表头写明 经度（度）或 经度（度.分秒），或在每个数后写上 °" in caught.value.get("zh")


@pytest.mark.parametrize(
    ("pairs", "how"),
    [
        (PACKED, {"decimal_stated": True}),
        ([("112.1830°", "35.2430°")], {}),
        ([("112.183", "35.243")], {}),  # three decimals: nobody writes seconds so
        ([("112.183012345", "35.243012345")], {}),  # nine: a machine's float
        ([("112.6130", "35.2430")], {}),  # 61 minutes
        ([("112.1860", "35.2430")], {}),  # 60 seconds
        ([("112.1830", "35.2430"), ("112.1831", "35.6030")], {}),  # one of them has 60 minutes
    ],
)
def test_numbers_that_can_only_be_decimals(pairs: list[Pair], how: dict[str, Any]) -> None:
    assert degrees(pairs, **how).east[0] == pytest.approx(float(pairs[0][0].rstrip("°")))


def test_a_reading_outside_of_the_territories_is_not_meant() -> None:
    """35.5959 as 35°59′59″ lies half a degree and more beyond them."""
    assert degrees([("112.1830", "35.5959")], (112.0, 35.1, 112.95, 35.4)).north.tolist() == [35.5959]
    with pytest.raises(SiteError, match="may be decimal degrees"):
        degrees([("112.1830", "35.5959")], (112.0, 35.1, 112.95, 35.6))


def test_without_territories_the_country_decides() -> None:
    with pytest.raises(SiteError, match="may be decimal degrees"):
        degrees(PACKED, None)


def test_metres_beside_them_will_prove_it() -> None:
    assert degrees(PACKED, alone=False).east.tolist() == [112.183]


def test_degrees_that_the_heading_calls_packed() -> None:
    assert degrees(PACKED, packed=True).east.tolist() == pytest.approx([112 + 18 / 60 + 30 / 3600])


@pytest.mark.parametrize("pairs", [PACKED, back(PACKED)])
def test_the_other_reading_has_the_same_axes(pairs: list[Pair]) -> None:
    numbers = numbers_of(pairs)
    decimal = place_degrees(track_of(numbers), numbers, TERRITORY, alone=False)
    other = unpacked(numbers, decimal)
    assert other is not None
    assert other.east.tolist() == pytest.approx([112 + 18 / 60 + 30 / 3600])
    assert other.north.tolist() == pytest.approx([35 + 24 / 60 + 30 / 3600])
    assert other.units == decimal.units


@pytest.mark.parametrize(
    ("pairs", "how"),
    [(PACKED, {"decimal_stated": True}), ([("112.1830°", "35.2430°")], {}), ([("112.6130", "35.2430")], {})],
)
def test_where_there_is_no_other_reading(pairs: list[Pair], how: dict[str, Any]) -> None:
    numbers = numbers_of(pairs, **how)
    assert unpacked(numbers, place_degrees(track_of(numbers), numbers, TERRITORY)) is None


# --- Metres ---


@pytest.mark.parametrize("pairs", [METRES, back(METRES)])
@pytest.mark.parametrize("names", [("纵坐标", "横坐标"), ("A", "B")])
def test_seven_digits_are_north_and_eight_are_east(pairs: list[Pair], names: Pair) -> None:
    found = metres(pairs, names=names)
    assert found.north.tolist() == [3919746.783, 3919846.783]
    assert found.east.tolist() == [37618082.987, 37618182.98]
    assert found.units == pytest.approx((1e-3, 1e-3))
    assert found.warnings == ()


def test_units_of_metres_go_with_their_columns() -> None:
    assert metres([("3919746.7", "618082.987")]).units == pytest.approx((1e-3, 1e-1))
    assert metres([("618082.987", "3919746.7")]).units == pytest.approx((1e-3, 1e-1))


@pytest.mark.parametrize("axes", [("north", "east"), ("north", ""), ("", "east"), ("", "")])
def test_headings_that_agree_with_the_metres(axes: Pair) -> None:
    assert metres(METRES, axes=axes).warnings == ()
    assert metres(back(METRES), axes=(axes[1], axes[0]), names=("A", "B")).warnings == ()


@pytest.mark.parametrize("axes", [("east", "north"), ("east", ""), ("", "north")])
def test_headings_against_the_metres_are_overruled_and_said(axes: Pair) -> None:
    found = metres(METRES, axes=axes, names=("横坐标", "纵坐标"))
    assert found.north[0] == 3919746.783
    assert said(found) == [
        (
            "拐点.csv:5: the columns “横坐标” and “纵坐标” hold each other's numbers (decided by magnitude); they were "
            "exchanged"
        )
    ]
    other = metres(back(METRES), axes=(axes[1], axes[0]), names=("北", "东"))
    assert other.north[0] == 3919746.783
    assert "“北” and “东” hold each other's numbers" in said(other)[0]


@pytest.mark.parametrize(
    ("names", "told"), [(("X", "Y"), True), ((" x坐标", "y坐标"), True), (("Y", "X"), False), (("A", "B"), False)]
)
def test_an_x_that_is_east_is_said(names: Pair, *, told: bool) -> None:
    found = metres(back(METRES), names=names)
    expected = f"拐点.csv:5: “{names[0]}” is east and “{names[1]}” is north (decided by magnitude)"
    assert said(found) == ([expected] if told else [])
    assert metres(METRES, names=names).warnings == ()


def test_an_x_that_the_heading_calls_east_is_not_said() -> None:
    assert metres(back(METRES), names=("X东坐标", "Y北坐标"), axes=("east", "north")).warnings == ()


@pytest.mark.parametrize(
    ("north", "east", "plane"),
    [
        ("1000000", "500000", True), ("999999.9", "500000", False), ("5999999.9", "500000", True),
        ("6000000", "500000", False), ("3919746", "100000", True), ("3919746", "99999.9", False),
        ("3919746", "999999.9", True), ("3919746", "12999999", False), ("3919746", "13000000", True),
        ("3919746", "23999999", True), ("3919746", "24500000", False), ("3919746", "25000000", True),
        ("3919746", "45999999", True), ("3919746", "46000000", False),
    ],
)  # fmt: skip
def test_which_sizes_a_plane_has(north: str, east: str, *, plane: bool) -> None:
    if plane:
        assert metres([(north, east)]).north.tolist() == [float(north)]
        assert metres([(east, north)]).north.tolist() == [float(north)]
        return
    with pytest.raises(SiteError, match="are not as they should be"):
        metres([(north, east)])


def test_numbers_of_no_plane_are_named() -> None:
    with pytest.raises(SiteError) as caught:
        metres([*METRES, ("391974.6", "37618082.987")])
    assert caught.value.get("en") == (
        "拐点.csv:7: the coordinates (391974.6, 37618082.99) are not as they should be: north has 7 digits, east 8 "
        "with the zone or 6 without; correct them, or state another coordinate system with --crs"
    )
    assert caught.value.get("zh") == (
        "拐点.csv:7：坐标 (391974.6, 37618082.99) 不合规定：北坐标整数 7 位，东坐标整数 8 位（含带号）或 6 位；"
        "请改正；若是其他坐标系，请用 --crs 说明"
    )


def test_the_order_may_not_change_within_a_table() -> None:
    with pytest.raises(SiteError) as caught:
        metres([*METRES, *back(METRES)])
    assert caught.value.get("en") == (
        "拐点.csv:7: X and Y are in the opposite order to the points before; use one order"
    )
    assert caught.value.get("zh") == "拐点.csv:7：X、Y 的次序与前面的点相反；请统一后提交"


MERCATOR: list[Pair] = [("12501178.1", "4220000.55")]


@pytest.mark.parametrize(
    ("axes", "east"),
    [
        (("", ""), 12501178.1),
        (("east", "north"), 12501178.1),
        (("north", "east"), 4220000.55),
        (("north", ""), 4220000.55),
        (("", "east"), 4220000.55),
    ],
)
def test_of_a_stated_system_any_size_is_taken_as_the_headings_say(axes: Pair, east: float) -> None:
    found = metres(MERCATOR, stated=True, axes=axes)
    assert found.east.tolist() == [east]
    assert found.units == pytest.approx((0.01, 0.1) if east == 4220000.55 else (0.1, 0.01))


def test_of_a_stated_system_the_sizes_of_a_plane_still_count() -> None:
    assert metres(METRES, stated=True).east[0] == 37618082.987
