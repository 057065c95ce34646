"""All databases that the layers of a workspace live in, each read from one state of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from zoning.errors import LayerError
from zoning.layers.catalogue import Catalogue, origin
from zoning.layers.datum import Bounds
from zoning.layers.formats import Table, UnreadableError
from zoning.layers.postgis import failures
from zoning.layers.postgis.address import Address
from zoning.layers.postgis.contents import Columns, Content, content_of, system_of, window_of
from zoning.layers.postgis.relation import describe
from zoning.layers.postgis.snapshot import Snapshot

Window = Callable[[str | None], Bounds | None]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a database, and what is wanted of it."""

    source: Address
    table: str
    geometry: str | None
    fields: tuple[str, ...]

    @property
    def origin(self) -> str:
        """What sentences call it."""
        return origin(self.source, self.table)


@dataclass(slots=True)
class _Session:
    """One database: the state that is read, or why there is none.

    Attributes
    ----------
    told
        Who was told of the failure: who asks again wants it tried again.
    """

    tables: frozenset[str]
    snapshot: Snapshot | None = None
    failure: UnreadableError | None = None
    told: set[str] = field(default_factory=set)


class Databases:
    """Reads tables; a database is connected when first asked, and its state kept until it is lost."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._sessions = {address: _Session(tables) for address, tables in _tables(catalogue).items()}

    def read(self, place: Place, window: Window, asker: str | None) -> tuple[Table, str]:
        """Return the records that meet a window, and the SHA-256 of the whole table.

        Parameters
        ----------
        window
            Gives the box to read in the table's coordinate system, which it is told; None for the whole table.
        asker
            Who begins something new: a lost connection is then made once more. None goes on with the state that was
            begun, so that nothing of two states is mixed.

        Raises
        ------
        UnreadableError
            When the database does not answer, or the table or a column is missing.
        LayerError
            When the geometries are in several coordinate systems.
        """
        snapshot, columns, content = self._content(place, asker)
        least, most = content.srids or (columns.relation.declared[columns.geometry],) * 2
        if least != most:
            raise LayerError(
                f"{place.origin}：几何的 SRID 不一致（{least}、{most}）；请统一到图层登记的坐标系",
                f"{place.origin}: its geometries have several SRIDs ({least}, {most}); bring them into the coordinate "
                "system that the layer states",
            )
        box = window(_once(snapshot, ("system", least), lambda: system_of(snapshot, columns.relation, least)))
        return window_of(snapshot, columns, box, least, content), content.sha256

    def sha256(self, place: Place, asker: str | None) -> str:
        """Return the SHA-256 of what a table holds; see `read`."""
        return self._content(place, asker)[2].sha256

    def _content(self, place: Place, asker: str | None) -> tuple[Snapshot, Columns, Content]:
        snapshot = self._snapshot(place, asker)
        relation = _once(snapshot, ("relation", place.table), lambda: describe(snapshot, place.table))
        geometry = relation.geometry_column(place.geometry)
        relation.demand(place.fields)
        columns = Columns(relation, geometry, place.fields)
        content = _once(
            snapshot, ("content", place.table, geometry, place.fields), lambda: content_of(snapshot, columns)
        )
        return snapshot, columns, content

    def _snapshot(self, place: Place, asker: str | None) -> Snapshot:
        session = self._sessions.setdefault(place.source, _Session(frozenset({place.table})))
        if asker is not None:
            if session.snapshot is not None and not _is_good(session.snapshot, place.table):
                session.snapshot.close()
                session.snapshot = None
            if asker in session.told:
                session.failure = None
                session.told.clear()
        if session.snapshot is None and session.failure is None:
            # No state was begun: this begins one, whoever asks.
            try:
                session.snapshot = Snapshot(place.source, session.tables)
            except UnreadableError as error:
                session.failure = error.anew()
        if session.snapshot is None:
            if asker is not None:
                session.told.add(asker)
            raise session.failure.anew() if session.failure else failures.lost(place.source, place.origin)
        return session.snapshot


def _is_good(snapshot: Snapshot, table: str) -> bool:
    """Tell whether a state can be gone on with; it is taken anew for a table that somebody else had locked."""
    return table not in snapshot.failed and snapshot.is_alive()


def _tables(catalogue: Catalogue) -> dict[Address, frozenset[str]]:
    """Return all tables that the layers name, by database."""
    named: dict[Address, set[str]] = {}
    for layer in catalogue.layers.values():
        for edition in layer.editions.values():
            if edition.source is None:
                continue
            stated = edition.coverage or layer.coverage
            tables = (edition.table, stated.table if stated.in_database else None)
            named.setdefault(edition.source, set()).update(table for table in tables if table is not None)
    return {address: frozenset(tables) for address, tables in named.items()}


def _once(snapshot: Snapshot, key: object, find: Callable[[], Found]) -> Found:
    """Return what was found out about a state before, or find it out."""
    if key not in snapshot.kept:
        snapshot.kept[key] = find()
    found: Found = snapshot.kept[key]
    return found
