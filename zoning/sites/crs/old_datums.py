"""The datums before CGCS2000: recognised in any dress, refused, or led on by the user's own parameters."""

from dataclasses import dataclass

from pyproj import CRS

from zoning.sites.crs.zones import BEIJING_1954, XIAN_1980
from zoning.texts import Text

NEW_BEIJING = Text("新 1954 北京坐标系", "New Beijing 1954")
_KRASSOVSKY, _IAG_1975 = 6_378_245.0, 6_378_140.0
_NAMES = (
    ("newbeijing", NEW_BEIJING),
    ("beijing1954new", NEW_BEIJING),
    ("xian", XIAN_1980.title),
    ("beijing", BEIJING_1954.title),
    # Domestic programs write the name in Chinese, some of them beside the ellipsoid of CGCS2000.
    ("西安80", XIAN_1980.title),
    ("西安1980", XIAN_1980.title),
    ("1980西安", XIAN_1980.title),
    ("北京54", BEIJING_1954.title),
    ("北京1954", BEIJING_1954.title),
    ("1954北京", BEIJING_1954.title),
    ("1954年北京", BEIJING_1954.title),
)
_BY_AXIS = {_KRASSOVSKY: BEIJING_1954.title, _IAG_1975: XIAN_1980.title}


@dataclass(frozen=True, slots=True)
class OldDatum:
    """An old datum.

    Attributes
    ----------
    named
        Its name was found; otherwise it is only known by its ellipsoid, which other datums have as well.
    """

    title: Text
    named: bool


def old_datum(crs: CRS) -> OldDatum | None:
    """Return the old datum that a coordinate system rests on, None when it is none of them."""
    ellipsoid, datum = crs.ellipsoid, crs.datum
    name = f"{datum.name if datum else ''} {crs.name}".lower()
    name = "".join(sign for sign in name if sign.isalnum())
    named = next((title for word, title in _NAMES if word in name), None)
    if named is not None:
        return OldDatum(named, named=True)
    guessed = _BY_AXIS.get(ellipsoid.semi_major_metre) if ellipsoid else None
    return None if guessed is None else OldDatum(guessed, named=False)


def old_datum_refusal(name: Text) -> Text:
    """Return the sentence that refuses coordinates of the old datum `name`."""
    return Text(
        zh=f"坐标属于 {name.zh}，与 2000 国家大地坐标系之间没有公开的转换参数，直接套用会偏差数十至上百米；"
        "请测绘单位转换为 2000 国家大地坐标系后再提交，或用 --datum-shift 给出转换参数文件",
        en=f"the coordinates are in {name.en}; no public parameters lead from it to CGCS2000 and taking them as they "
        "are would be wrong by tens of metres or more; have the surveyor convert them to CGCS2000, or give a file of "
        "parameters with --datum-shift",
    )
