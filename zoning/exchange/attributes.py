"""Id, name and attributes as fields of a table or properties of a feature."""

from collections.abc import Mapping, Sequence

from zoning.exchange.parcel import Parcel
from zoning.sites.where import printable

ID, NAME = "地块编号", "地块名称"
_SHORT = {
    ID: "DKBH",
    NAME: "DKMC",
    "地块用途": "DKYT",
    "图幅号": "TFH",
    "地类编码": "DLBM",
    "地块面积": "DKMJ",
    "界址点数": "JZDS",
}
_FIELD_BYTES = 10


def properties(parcel: Parcel) -> dict[str, str]:
    """Return the attributes; id and name come first, under the names that readers look for."""
    others = {key: printable(value) for key, value in parcel.attributes.items() if key not in (ID, NAME)}
    return {ID: parcel.id, NAME: printable(parcel.name), **others}


def field_names(parcels: Sequence[Parcel]) -> list[str]:
    """Return all names in their order."""
    return list(dict.fromkeys(name for parcel in parcels for name in properties(parcel)))


def short_names(names: Sequence[str], codec: str) -> Mapping[str, str]:
    """Return for every name one of at most ten bytes, which is all that a DBF table holds.

    >>> dict(short_names(["地块编号", "土地利用现状", "土地利用规划"], "gbk"))
    {'地块编号': 'DKBH', '土地利用现状': '土地利用现', '土地利用规划': '土地利用规'}
    """
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        wanted = _SHORT.get(name, name).strip() or "F"
        short, copy = _cut(wanted, codec, _FIELD_BYTES), 1
        while short.upper() in taken:
            copy += 1
            short = _cut(wanted, codec, _FIELD_BYTES - len(str(copy)) - 1) + f"_{copy}"
        taken.add(short.upper())
        made[name] = short
    return made


def _cut(text: str, codec: str, size: int) -> str:
    return text.encode(codec, errors="replace")[:size].decode(codec, errors="ignore")
