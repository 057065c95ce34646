"""Id and name of every footprint: from the fields that people fill in, else its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zoning.sites.raw import RawSite
from zoning.sites.where import printable
from zoning.texts import Text

# Shapefiles cut names of fields to 10 bytes: in UTF-8 three characters stay.
_IDS = ("地块编号", "地块编", "dkbh", "项目编号", "项目编", "xmbh", "图斑编号", "图斑编", "tbbh", "编号")
_PLAIN_IDS = ("id", "fid", "objectid", "bsm", "code")
_LONGEST = 200
_NAMES = ("地块名称", "地块名", "dkmc", "项目名称", "项目名", "xmmc", "名称", "name", "title")


@dataclass(frozen=True, slots=True)
class Named:
    """Id, name and what had to be changed for the id to be unique."""

    id: str
    name: str
    warnings: tuple[Text, ...] = ()


def name_sites(sites: Sequence[RawSite], stem: str) -> list[Named]:
    """Give every record of a file an id that no other has.

    Parameters
    ----------
    stem
        Name of the file without suffix, for records without a name.
    """
    taken: set[str] = set()
    copies: dict[str, int] = {}
    named = []
    for number, site in enumerate(sites, 1):
        wanted = _id(site) or str(number)
        unique = _unique(wanted, taken, copies)
        taken.add(unique)
        name = _name(site) or (stem if len(sites) == 1 else f"{stem} {unique}")
        warnings = () if unique == wanted else (_renamed(site, wanted, unique),)
        named.append(Named(unique, name, warnings))
    return named


def _renamed(site: RawSite, wanted: str, unique: str) -> Text:
    return site.where.sentence(f"编号 {wanted} 重复，改称 {unique}", f"the id {wanted} is taken, it is called {unique}")


def _unique(wanted: str, taken: set[str], copies: dict[str, int]) -> str:
    """Return an id that is free; `copies` remembers how far each was counted, for files with one id throughout."""
    if wanted not in taken:
        return wanted
    copy = copies.get(wanted, 2)
    while f"{wanted}-{copy}" in taken:
        copy += 1
    copies[wanted] = copy + 1
    return f"{wanted}-{copy}"


def _id(site: RawSite) -> str:
    plain = _first(site.attributes, _PLAIN_IDS)
    # ArcGIS adds a field Id and leaves it 0.
    return _first(site.attributes, _IDS) or _short(site.stated_id) or ("" if plain == "0" else plain)


def _name(site: RawSite) -> str:
    return _short(site.stated_name) or _first(site.attributes, _NAMES)


def _first(attributes: Mapping[str, str], names: Sequence[str]) -> str:
    fields = {name.strip().lower(): value for name, value in attributes.items()}
    return next((text for name in names if (text := _short(fields.get(name, "")))), "")


def _short(text: str) -> str:
    """Return a text for one line: an attribute of a hostile file may be as long as the file."""
    line = printable(text.strip()[: 4 * _LONGEST])
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
