"""What the ledger says of a drawn parcel: codes of the national list, chosen with fixed random numbers."""

from demo_data.plane import LonLat
from demo_data.shapes import generator

_CITIES = {"1405": "晋城市"}
_COUNTIES = {"140522": "阳城县", "140502": "城区"}

# Class of the parcel (TBDL/TBXL) and how often; 11 and 12 are what the government answers for.
_CLASSES = (("11", 46), ("12", 20), ("21", 8), ("22", 9), ("31", 3), ("32", 4), ("35", 2), ("41", 4), ("43", 4))
# What was dug there: word in the name, way of digging, what the parcel is.
_DIGGINGS = (
    ("石料厂", "A", "1"),
    ("砖瓦粘土坑", "A", "1"),
    ("铁矿采坑", "C", "1"),
    ("矸石堆场", "B", "3"),
    ("井口场地", "B", "6"),
)
_LAND = ("0602", "0602", "0602", "0602", "1206", "1207", "0404", "0305")
_PLANTED_LAND = {"permanent-basic-farmland": "0103", "farmland-quality": "0103"}
_RESERVES = {"nature-reserves-2026:HXBHQ": ("2", "1"), "nature-reserves-2026:YBKZQ": ("2", "1")}
_WAYS = ("1", "2", "2", "3", "3", "4")
_AIMS = ("forest", "forest", "grass", "cropland", "landscape", "fishery")
_TREATED_SHARE = 0.2


def values_of(
    parcel: str, township: str, *, area_m2: float, centre: LonLat, planted: str
) -> dict[str, str | int | float | tuple[str, ...]]:
    """Return the values of a parcel by field of the kind `mine-parcels`."""
    random = generator(f"values {parcel}")
    territory, number = parcel[:6], int(parcel[6:])
    weights = [weight for _, weight in _CLASSES]
    detail = _CLASSES[random.choice(len(_CLASSES), p=[w / sum(weights) for w in weights])][0]
    digging, way, what = _DIGGINGS[random.integers(len(_DIGGINGS))]
    if detail.startswith("4"):
        digging, way, what = "采煤沉陷地", "B", "5"
    treated = bool(random.random() < _TREATED_SHARE)
    kind, level = _RESERVES.get(planted, ("5", "5"))
    land = _PLANTED_LAND.get(planted.partition(":")[0], str(_LAND[random.integers(len(_LAND))]))
    issues = tuple(
        sorted({"1", *(str(code) for code in random.choice(["2", "3"], int(random.integers(0, 3)), replace=False))})
    )
    owned = detail in ("21", "22", "31", "32")
    values: dict[str, str | int | float | tuple[str, ...]] = {
        "id": parcel,
        "TBMC": f"{township}{digging}{number:03d}",
        "XZQDM": territory,
        "xzs": _CITIES[territory[:4]],
        "xzx": _COUNTIES[territory],
        "XZ": township,
        "kfx": round(centre[0], 6),
        "kfy": round(centre[1], 6),
        "tbmj": area_m2,
        "TBDL": f"{detail[0]}0",
        "TBXL": detail,
        "BHDLX": kind,
        "BHDJB": level,
        "KCFS": way,
        "GBND": int(random.integers(1998, 2019)),
        "HDYDSX": "B" if detail == "11" else "A",
        "HFZLQK": "B" if treated else "A",
        "TBSX": what,
        "SDDL": (land,),
        "SYQ": "B",
        "STWT": issues,
        "NXFFS": str(_WAYS[random.integers(len(_WAYS))]),
        "NXFFX": str(_AIMS[random.integers(len(_AIMS))]),
        "NXFSJD": "A",
        "BZ": "示意数据，非真实图斑",
    }
    if owned:
        values["ztbh"] = f"ZT{territory}{number:04d}"
        values["FKYWR"] = f"示意企业{number:03d}"
    if treated:
        values["SDZLMJ"] = round(area_m2 * float(random.uniform(0.4, 1.0)), 1)
    return values
