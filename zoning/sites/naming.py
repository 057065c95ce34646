"""Id and name of every footprint: from the fields that people fill in, else its number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from zoning.sites.raw import RawSite
from zoning.sites.where import Where, printable
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


class Labelled(Protocol):
    """What a record says of itself, whether or not its shape can be read; `RawSite` does."""

    @property
    def where(self) -> Where:
        """The record."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """The values of its fields."""

    @property
    def stated_id(self) -> str:
        """An id that stands beside the fields; may be empty."""

    @property
    def stated_name(self) -> str:
        """A name that stands beside the fields; may be empty."""


class Ids(Protocol):
    """The ids given so far."""

    def take(self, wanted: str) -> bool:
        """Take an id; tell whether it was free."""

    def copies(self, wanted: str) -> int:
        """Return the number from which to look for a free copy of an id that was taken: 2, or what was noted."""

    def note(self, wanted: str, copies: int) -> None:
        """Remember how far the copies of an id were counted, for files with one id throughout."""


class IdsInMemory:
    """Ids of a file whose records are all in memory."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._copies: dict[str, int] = {}

    def take(self, wanted: str) -> bool:
        """Take an id; tell whether it was free."""
        free = wanted not in self._taken
        self._taken.add(wanted)
        return free

    def copies(self, wanted: str) -> int:
        """Return the number from which to look for a free copy."""
        return self._copies.get(wanted, 2)

    def note(self, wanted: str, copies: int) -> None:
        """Remember how far the copies of an id were counted."""
        self._copies[wanted] = copies


class Namer:
    """Gives the records of a file, in their order, an id that no other has.

    Parameters
    ----------
    stem
        Name of the file without suffix, for records without a name.
    alone
        Whether the file holds a single record.
    """

    def __init__(self, stem: str, ids: Ids, *, alone: bool) -> None:
        self._stem, self._ids, self._alone = stem, ids, alone

    def name(self, number: int, record: Labelled) -> Named:
        """Name record `number`, counted from 1."""
        fields = _fields(record.attributes)
        wanted = _id(record, fields) or str(number)
        unique = self._unique(wanted)
        name = _name(record, fields) or (self._stem if self._alone else f"{self._stem} {unique}")
        warnings = () if unique == wanted else (_renamed(record, wanted, unique),)
        return Named(unique, name, warnings)

    def pass_over(self, number: int, record: Labelled) -> None:
        """Take the id of a record whose name nobody wants."""
        self._unique(_id(record, _fields(record.attributes)) or str(number))

    def _unique(self, wanted: str) -> str:
        if self._ids.take(wanted):
            return wanted
        copy = self._ids.copies(wanted)
        while not self._ids.take(f"{wanted}-{copy}"):
            copy += 1
        self._ids.note(wanted, copy + 1)
        return f"{wanted}-{copy}"


def name_sites(sites: Sequence[RawSite], stem: str) -> list[Named]:
    """Give every record of a file that is in memory its name; see `Namer`."""
    namer = Namer(stem, IdsInMemory(), alone=len(sites) == 1)
    return [namer.name(number, site) for number, site in enumerate(sites, 1)]


def says_ids(fields: Iterable[str]) -> bool:
    """Tell whether one of these fields may hold ids; else every record is called by its number."""
    return not {name.strip().lower() for name in fields}.isdisjoint((*_IDS, *_PLAIN_IDS))


def _renamed(site: Labelled, wanted: str, unique: str) -> Text:
    return site.where.sentence(f"编号 {wanted} 重复，改称 {unique}", f"the id {wanted} is taken, it is called {unique}")


def _fields(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.strip().lower(): value for name, value in attributes.items()}


def _id(record: Labelled, fields: Mapping[str, str]) -> str:
    plain = _first(fields, _PLAIN_IDS)
    # ArcGIS adds a field Id and leaves it 0.
    return _first(fields, _IDS) or _short(record.stated_id) or ("" if plain == "0" else plain)


def _name(record: Labelled, fields: Mapping[str, str]) -> str:
    return _short(record.stated_name) or _first(fields, _NAMES)


def _first(fields: Mapping[str, str], names: Sequence[str]) -> str:
    return next((text for name in names if (value := fields.get(name)) and (text := _short(value))), "")


def _short(text: str) -> str:
    """Return a text for one line: an attribute of a hostile file may be as long as the file."""
    line = printable(text.strip()[: 4 * _LONGEST])
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
