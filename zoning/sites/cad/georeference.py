"""What a drawing says about its coordinate system: seldom anything; a .prj beside it, a GIS's note inside, GEODATA."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from zoning.sites.cad.contents import Contents
from zoning.sites.cad.tags import Tags
from zoning.sites.encodings import GB18030
from zoning.sites.raw import Declared
from zoning.sites.where import Where
from zoning.texts import Text

NOTHING = Text("DXF 没有坐标系", "a DXF states no coordinate system")

_OLD_DATUM = re.compile(
    r"西安\s*(?:19)?80|80\s*年?\s*西安|北京\s*(?:19)?54|54\s*年?\s*北京"
    r"|(?<!\d)(?:19)?(?:80|54)\s*年?\s*(?:国家(?:大地)?)?坐标系"
    r"|xi'?an[\s_-]*(?:19)?80|(?:beijing|bj)[\s_-]*(?:19)?54",
    re.IGNORECASE,
)
_GRIDS = (1, 2)  # of its own with two points that match, projected
_EPSG_ALIAS = re.compile(
    r"<Alias\s+id=\"(\d{4,6})\"\s+type=\"CoordinateSystem\"\s*>(?:(?!</Alias>).)*?"
    r"<Namespace>\s*EPSG Code\s*</Namespace>",
    re.DOTALL,
)
_LONGEST_DEFINITION = 100_000
_QUOTED = 40


def declared(path: Path, contents: Contents, where: Where) -> tuple[Declared | None, tuple[Text, ...]]:
    """Return the coordinate system that the drawing states, and where that is written."""
    beside = _beside(path)
    if beside is not None:
        return Declared(beside), (
            where.sentence(
                f"坐标系取自同名的 {path.stem}.prj", f"the coordinate system was taken from {path.stem}.prj beside it"
            ),
        )
    if contents.wkt:
        return Declared(contents.wkt.decode("utf-8", errors="replace")), (
            where.sentence(
                "坐标系取自 GIS 软件写在图中的定义",
                "the coordinate system was taken from what a GIS wrote into the drawing",
            ),
        )
    codes = {code for tags in contents.geodata if (code := _geodata_code(tags)) is not None}
    if len(codes) != 1:
        return None, ()
    return Declared(f"EPSG:{codes.pop()}"), (
        where.sentence(
            "坐标系取自图中的地理位置（GEODATA）",
            "the coordinate system was taken from the drawing's geographic location (GEODATA)",
        ),
    )


def _beside(path: Path) -> str | None:
    """Return the text of the .prj of the same name, unless it belongs to a shapefile."""
    try:
        names = {file.suffix.lower(): file for file in path.parent.iterdir() if file.stem == path.stem}
        prj = names.get(".prj")
        if prj is None or ".shp" in names or not prj.is_file() or prj.stat().st_size > _LONGEST_DEFINITION:
            return None
        data = prj.read_bytes()
    except OSError:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(GB18030, errors="replace")
    return text.strip(" \t\r\n\0") or None


def _geodata_code(tags: Tags) -> int | None:
    """Return the EPSG number where the drawing's own numbers are the grid's: no shift, scale or turn in between.

    The design point is the same place in the drawing, the reference point in the grid (DXF reference, GEODATA).
    """
    try:
        plain = (
            tags.whole(70) in _GRIDS
            and tags.point(10)[:2] == tags.point(11)[:2]
            and tags.real(40, 1.0) == 1.0
            and (12 not in tags.codes or tags.point(12)[:2] == (0.0, 1.0))  # noqa: PLR2004 - DXF: the axis of the north
        )
    except ValueError:
        return None
    parts = (v for code, v in zip(tags.codes, tags.values, strict=True) if code in (301, 303) and isinstance(v, bytes))
    definition = b"".join(part.strip(b"\r\n") for part in parts)[:_LONGEST_DEFINITION]
    found = _EPSG_ALIAS.search(definition.decode("utf-8", errors="replace").replace("^J", "\n"))
    return int(found[1]) if plain and found else None


def old_datum_text(words: Iterable[bytes], decode: Callable[[bytes], str]) -> str | None:
    """Return a text of the drawing that names an old datum."""
    found = sorted(text for text in map(decode, words) if _OLD_DATUM.search(text))
    return found[0][:_QUOTED] if found else None


def silence(old: str | None) -> Text:
    """Say why there is no coordinate system."""
    if old is None:
        return NOTHING
    return Text(f"{NOTHING.zh}（图中文字写有“{old}”）", f"{NOTHING.en} (a text in it reads “{old}”)")


def old_datum_warning(where: Where, old: str) -> Text:
    """Warn that a text of the drawing names an old datum."""
    return where.sentence(
        f"图中文字写有“{old}”：坐标若属旧坐标系，会偏差数十至上百米；请向测绘单位核实",
        f"a text in the drawing reads “{old}”: coordinates of an old datum are off by tens of metres or more; ask the "
        "surveyor",
    )
