"""What the head of a VCT file says of its coordinate system against itself and against the coordinates: refusals."""

import pytest

from both_languages import both
from zoning.errors import CRSError
from zoning.sites.limits import Bounds
from zoning.sites.vct.crs import System, system
from zoning.sites.vct.head import Head
from zoning.sites.where import Where

HERE = Where("图.vct")
STATED = {"CoordinateSystemType": "P", "Spheroid": "CGCS2000,6378137,298.257222101", "Projection": "高斯-克吕格"}
NORTH = 3_919_746.0
PLAIN, ZONE_37, ZONE_19 = 618_082.0, 37_618_082.0, 19_618_082.0
# Lines: the type is in the 2nd, the spheroid in the 3rd, the projection in the 4th, what a case adds from the 5th on.


def head(entries: dict[str, str]) -> Head:
    lines = {name.lower(): (value, n) for n, (name, value) in enumerate({**STATED, **entries}.items(), 2)}
    return Head(HERE, lines, ",", 2, north_first=False)


def box(east: float, north: float = NORTH, *, wide: float = 1.0, line: int = 50) -> tuple[Where, Bounds]:
    return HERE.at_line(line), (east, north, east + wide, north + 1)


def settled(east: float, **entries: str) -> System:
    return system(head(entries), [box(east)])


def declared(east: float, **entries: str) -> str:
    found = settled(east, **entries).declared
    assert found is not None
    assert not found.implied
    return found.crs


def refused(east: float, **entries: str) -> tuple[str, str]:
    return both(lambda: settled(east, **entries), CRSError)


# --- prime meridian ---


@pytest.mark.parametrize(
    "text", ["", "Greenwich", "GREENWICH", "格林尼治", "格林威治", "Greenwich,0", " Greenwich ", "0", "0.0", "-0"]
)
def test_greenwich_in_every_spelling(text: str) -> None:
    assert declared(PLAIN, PrimeMeridian=text, Parameters="111") == "EPSG:4546"


@pytest.mark.parametrize("text", ["Paris", "巴黎", "2.337", "nan", "Greenwich Village"])
def test_another_prime_meridian_is_refused(text: str) -> None:
    assert refused(PLAIN, PrimeMeridian=text) == (
        f"图.vct:5：首子午线是 “{text}”，只读取格林尼治；请改正",
        f"图.vct:5: the prime meridian is “{text}”, only Greenwich is read; correct it",
    )


# --- spheroid ---


@pytest.mark.parametrize(
    ("spheroid", "crs"),
    [
        ("2000国家大地坐标系", "EPSG:4490"),
        ("CGCS2000", "EPSG:4490"),
        ("CGCS2000,,", "EPSG:4490"),
        ("CGCS2000,6378137", "EPSG:4490"),
        ("CGCS2000,6378137,6356752.314", "EPSG:4490"),
        ("CGCS2000,6378137,298.267222", "EPSG:4490"),
        ("wgs 84", "EPSG:4326"),
        ("WGS84,6378137.4,298.257223563", "EPSG:4326"),
        ("西安80", "EPSG:4610"),
        ("Xian", "EPSG:4610"),
        ("1980", "EPSG:4610"),
        ("IUGG 1975,6378140,298.257", "EPSG:4610"),
        ("IAG", "EPSG:4610"),
        ("北京54", "EPSG:4214"),
        ("Beijing", "EPSG:4214"),
        ("1954", "EPSG:4214"),
        ("Krassovsky_1940,6378245,298.3", "EPSG:4214"),
        ("Krasovsky", "EPSG:4214"),
        ("克拉索夫斯基,6378245.0,298.3", "EPSG:4214"),
        # Without a known name the figures decide.
        ("椭球,6378140", "EPSG:4610"),
        ("椭球,6378140.49", "EPSG:4610"),
        ("椭球,6378245,298.3", "EPSG:4214"),
        ("椭球,6378137,298.257222101", "EPSG:4490"),
        ("椭球,6378137,298.2572221", "EPSG:4490"),
        ("椭球,6378137,298.257223563", "EPSG:4326"),
        ("GRS 1980,6378137,298.257222101", "EPSG:4490"),
    ],
)
def test_the_datum_of_degrees(spheroid: str, crs: str) -> None:
    found = system(head({"CoordinateSystemType": "D", "Spheroid": spheroid}), [box(112.3, 35.4)])
    assert found.declared is not None
    assert found.declared.crs == crs


@pytest.mark.parametrize(
    "spheroid",
    [
        "",
        "Clarke",
        "GRS 1980",
        "GRS80,,298.257222101",
        "椭球,6378137",
        "椭球,6378137,298.257",
        "椭球,6378000,298.3",
        "椭球,x,298.3",
        "椭球,inf",
    ],
)
def test_a_spheroid_that_tells_no_datum_leaves_it_open(spheroid: str) -> None:
    found = system(head({"CoordinateSystemType": "D", "Spheroid": spheroid}), [box(112.3, 35.4)])
    assert (found.declared, found.may_be_degrees, found.warnings) == (None, False, ())
    assert (found.silence.zh, found.silence.en) == (
        f"不认识文件头的参考椭球 “{spheroid}”",
        f"the spheroid “{spheroid}” of the head is unknown",
    )


@pytest.mark.parametrize(
    ("spheroid", "axis", "behind"),
    [
        ("CGCS2000", "6378140", ("（", " (")),
        ("西安80", "6378137", ("（", " (")),
        ("北京54", "6378140", ("（", " (")),
        ("北京54", "6378200", ("；", ";")),
        ("CGCS2000", "6378137.5", ("；", ";")),
    ],
)
def test_name_and_axis_must_mean_the_same(spheroid: str, axis: str, behind: tuple[str, str]) -> None:
    zh, en = refused(PLAIN, Spheroid=f"{spheroid},{axis},298.3")
    assert zh.startswith(f"图.vct:3：参考椭球写的是 {spheroid}，长半轴却是 {axis}{behind[0]}")
    assert en.startswith(f"图.vct:3: the spheroid is named {spheroid} but its major axis is {axis}{behind[1]}")
    assert zh.endswith("；请核对后改正")


@pytest.mark.parametrize(
    ("spheroid", "stated", "right"),
    [
        ("CGCS2000,6378137", "298.3", "298.257"),
        ("CGCS2000,6378137", "251", "298.257"),
        ("CGCS2000,6378137", "349", "298.257"),
        ("北京54,6378245", "298.257", "298.3"),
        ("椭球,6378140", "298.3", "298.257"),
    ],
)
def test_another_flattening_is_another_ellipsoid(spheroid: str, stated: str, right: str) -> None:
    zh, en = refused(PLAIN, Spheroid=f"{spheroid},{stated}")
    assert f"扁率倒数却是 {float(stated):g}，应为 {right}；请核对后改正" in zh
    assert f"its inverse flattening is {float(stated):g} and not {right}; check and correct it" in en


@pytest.mark.parametrize("stated", ["0.00335281", "6356752.3", "250", "350", "-298.3"])
def test_what_is_no_inverse_flattening_says_nothing(stated: str) -> None:
    assert declared(ZONE_37, Spheroid=f"CGCS2000,6378137,{stated}") == "EPSG:4525"


# --- type and unit ---


@pytest.mark.parametrize("text", ["D", "d", "Degrees"])
def test_the_first_letter_of_the_type_counts(text: str) -> None:
    found = system(head({"CoordinateSystemType": text}), [box(112.3, 35.4)])
    assert found.declared is not None
    assert found.declared.crs == "EPSG:4490"


@pytest.mark.parametrize(
    ("kind", "unit", "east"),
    [("P", "M", PLAIN), ("P", "metre", PLAIN), ("P", "", PLAIN), ("D", "D", 112.0), ("D", "degree", 112.0)],
)
def test_the_unit_that_fits_the_type(kind: str, unit: str, east: float) -> None:
    north = 35.0 if kind == "D" else NORTH
    found = system(head({"CoordinateSystemType": kind, "XYUnit": unit, "Parameters": "111"}), [box(east, north)])
    assert found.declared is not None


@pytest.mark.parametrize(("kind", "unit"), [("P", "D"), ("D", "M"), ("P", "km"), ("D", "S")])
def test_a_unit_that_contradicts_the_type(kind: str, unit: str) -> None:
    assert refused(PLAIN, CoordinateSystemType=kind, XYUnit=unit) == (
        f"图.vct:5：坐标单位 XYUnit 是 {unit}，与坐标系类型 {kind} 不符；D 用度，P 用米，请改正",
        (
            f"图.vct:5: the unit XYUnit is {unit} and does not fit the type {kind}; "
            "D is in degrees, P in metres, correct it"
        ),
    )


@pytest.mark.parametrize("bounds", [(112.0, 35.0, 113.0, 36.0), (-180.0, -90.0, 180.0, 90.0)])
def test_degrees_in_a_plane_are_refused(bounds: Bounds) -> None:
    zh, en = both(lambda: system(head({}), [(HERE.at_line(50), bounds)]), CRSError)
    x, y = f"{bounds[0]:g}", f"{bounds[1]:g}"
    assert zh == f"图.vct:50：坐标 ({x}, {y}) 是度数，文件头却写明单位是米；请改正文件头或重新导出"
    assert en == (
        f"图.vct:50: the coordinates ({x}, {y}) are degrees but the head states metres; correct the head or export it "
        "again"
    )


@pytest.mark.parametrize(
    "bounds",
    [
        (181.0, 35.0, 181.5, 36.0),
        (112.0, 35.0, 180.5, 36.0),
        (-181.0, 0.0, 1.0, 1.0),
        (0.0, -181.0, 1.0, 1.0),
        (0.0, 0.0, 1.0, 181.0),
    ],
)
def test_metres_under_a_head_of_degrees_are_refused(bounds: Bounds) -> None:
    zh, en = both(lambda: system(head({"CoordinateSystemType": "D"}), [(HERE.at_line(50), bounds)]), CRSError)
    assert "不是度数，文件头却写明单位是度" in zh
    assert "are no degrees but the head states degrees" in en


# --- zones ---


@pytest.mark.parametrize(("zone", "crs"), [(25, "EPSG:4513"), (45, "EPSG:4533"), (13, "EPSG:4491"), (23, "EPSG:4501")])
def test_the_first_and_last_zones(zone: int, crs: str) -> None:
    assert declared(zone * 1_000_000 + 500_000.0) == crs


@pytest.mark.parametrize("zone", [1, 12, 24, 46, 99])
def test_a_zone_outside_china(zone: int) -> None:
    assert refused(zone * 1_000_000 + 100.0) == (
        f"图.vct:50：东坐标的带号 {zone} 既不是 3 度带（25–45）也不是 6 度带（13–23）；请核对坐标",
        (
            f"图.vct:50: the zone {zone} of the eastings is neither a 3-degree zone (25-45) nor a 6-degree zone (13-23)"
            "; check the coordinates"
        ),
    )


@pytest.mark.parametrize(
    ("boxes", "line", "first", "second"),
    [
        ([box(ZONE_37), box(38_618_082.0, line=60)], 60, "37", "38"),
        ([box(ZONE_37), box(PLAIN, line=60)], 60, "37", "无"),
        ([box(PLAIN), box(ZONE_37, line=60)], 60, "无", "37"),
        ([box(37_999_999.5)], 50, "37", "38"),
    ],
)
def test_eastings_of_two_zones(boxes: list[tuple[Where, Bounds]], line: int, first: str, second: str) -> None:
    zh, en = both(lambda: system(head({}), boxes), CRSError)
    assert zh == f"图.vct:{line}：东坐标的带号不一致（{first} 和 {second}）；请换算到同一带后导出"
    named = [word.replace("无", "none") for word in (first, second)]
    assert f"begin with different zones ({named[0]} and {named[1]})" in en


def test_a_northing_in_front_is_not_taken_for_a_zone() -> None:
    found = system(head({}), [(HERE.at_line(50), (NORTH, ZONE_37, NORTH + 1, ZONE_37 + 1))])
    assert found.declared is not None
    assert found.declared.crs == "EPSG:4525"


# --- parameters against the zone ---


@pytest.mark.parametrize(
    ("east", "parameters", "name", "found", "zone", "own"),
    [
        (ZONE_37, "114,1,37500000,0,3,37", ("中央经线", "central meridian"), "114", 37, "111"),
        (ZONE_37, "111,1,38500000,0,3,37", ("东偏移的带号", "zone of the false easting"), "38", 37, "111"),
        (ZONE_37, "111,1,37500000,0,3,38", ("带号", "zone"), "38", 37, "111"),
        (ZONE_37, "111,1,37500000,0,6,37", ("分带", "width of the zones"), "6", 37, "111"),
        (ZONE_19, "111,1,19500000,0,3,19", ("分带", "width of the zones"), "3", 19, "111"),
        (ZONE_19, "114,1,19500000,0,6,19", ("中央经线", "central meridian"), "114", 19, "111"),
    ],
)
def test_parameters_that_contradict_the_eastings(
    east: float, parameters: str, name: tuple[str, str], found: str, zone: int, own: str
) -> None:
    assert refused(east, Parameters=parameters) == (
        f"图.vct:5：文件头 Parameters 的{name[0]}是 {found}，东坐标的带号却是 {zone}（中央经线 {own}°）；请核对后改正",
        (
            f"图.vct:5: the {name[1]} in the Parameters is {found} but the eastings begin with zone {zone} "
            f"(meridian {own}°); check and correct one of them"
        ),
    )


@pytest.mark.parametrize(
    ("parameters", "zone", "own"),
    [("114,1,500000,0,3,37", 37, "111"), ("111,1,38500000,0", 38, "114"), ("114,1,500000,0,6,19", 19, "111")],
)
def test_parameters_that_contradict_each_other(parameters: str, zone: int, own: str) -> None:
    zh, en = refused(PLAIN, Parameters=parameters)
    meridian = parameters.partition(",")[0]
    assert zh == (
        f"图.vct:5：文件头 Parameters 的中央经线是 {meridian}，带号却是 {zone}（中央经线 {own}°）；请核对后改正"
    )
    assert f"is {meridian} but the zone is {zone} (meridian {own}°)" in en


def test_the_zone_alone_gives_the_meridian() -> None:
    assert declared(PLAIN, Parameters="0,1,500000,0,3,37") == "EPSG:4546"
    assert declared(PLAIN, Parameters="0,1,37500000,0") == "EPSG:4546"


def test_a_false_easting_with_zone_over_eastings_without_is_told() -> None:
    found = settled(PLAIN, Parameters="111,1,37500000,0,3,37")
    assert found.declared is not None
    assert found.declared.crs == "EPSG:4546"
    assert [(text.zh, text.en) for text in found.warnings] == [
        (
            "图.vct:5：文件头的东偏移 37500000 带有带号，坐标却不带；按不带带号读取",
            (
                "图.vct:5: the false easting 37500000 of the head holds the zone, the coordinates do not; read "
                "without zone"
            ),
        )
    ]


def test_another_false_easting_is_kept() -> None:
    assert "+lon_0=111.0 +k=1 +x_0=300000.0" in declared(PLAIN, Parameters="111,1,300000,0")
    assert settled(PLAIN, Parameters="111,1,500000,0").warnings == ()


@pytest.mark.parametrize(
    ("text", "meridian"),
    [
        ("111", "111.0"),
        ("112.5", "112.5"),
        ("1113000", "111.5"),
        ("1110030", "111.00833333333334"),
        ("60", "60.0"),
        ("150", "150.0"),
    ],
)
def test_meridians_in_degrees_or_packed(text: str, meridian: str) -> None:
    assert f"+lon_0={meridian} " in declared(PLAIN, Parameters=f"{text},1,400000,0")


@pytest.mark.parametrize("parameters", ["59.9,1,500000,0", "150.1,1,500000,0", "", ",1,500000,0", "x,1,500000"])
def test_without_a_meridian_it_stays_open(parameters: str) -> None:
    found = settled(PLAIN, Parameters=parameters)
    assert found.declared is None
    assert found.silence.en == "the Parameters of the head hold no central meridian and the eastings no zone"


@pytest.mark.parametrize("parameters", ["111,0.9996,500000,0", "111,1,500000,10000000", "111,1,500000,-3000000"])
def test_what_is_no_gauss_zone_stays_open(parameters: str) -> None:
    found = settled(ZONE_37, Parameters=parameters)
    assert found.declared is None
    assert found.silence.en == f"the Parameters “{parameters}” of the head are no zone of Gauss-Krüger"


@pytest.mark.parametrize("name", ["高斯", "Gauss_Kruger", "GAUSS-KRUGER", "Transverse_Mercator", "横轴墨卡托投影"])
def test_names_of_the_projection(name: str) -> None:
    assert declared(ZONE_37, Projection=name) == "EPSG:4525"


@pytest.mark.parametrize("name", ["", "Lambert", "UTM", "墨卡托"])
def test_other_projections_stay_open(name: str) -> None:
    found = settled(ZONE_37, Projection=name)
    assert (found.declared, found.silence.zh) == (None, f"文件头的投影 “{name}” 不是高斯-克吕格")


@pytest.mark.parametrize(
    ("spheroid", "ending"),
    [
        ("CGCS2000", "+ellps=GRS80 +units=m +no_defs +type=crs"),
        ("WGS84", "+datum=WGS84 +units=m +no_defs +type=crs"),
        ("西安80", "+a=6378140 +rf=298.257 +units=m +no_defs +type=crs"),
        ("北京54", "+ellps=krass +units=m +no_defs +type=crs"),
    ],
)
def test_a_plane_without_code_keeps_its_ellipsoid(spheroid: str, ending: str) -> None:
    assert declared(PLAIN, Spheroid=spheroid, Parameters="112.5,1,500000,0").endswith(ending)


def test_a_file_without_objects_has_no_zone() -> None:
    found = system(head({"Parameters": "111,1,500000,0"}), [])
    assert found.declared is not None
    assert found.declared.crs == "EPSG:4546"
