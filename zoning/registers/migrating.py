"""Brings the tables of a register up to date; makes them where there are none."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from zoning.registers import failures
from zoning.registers.database import Database
from zoning.registers.schema import APPLICATION_ID, HEAD, VERSION_TABLE
from zoning.registers.upgrade import Upgrade, copy_before_upgrade

FOLDER = Path(__file__).parent / "migrations"
_CREATE_VIEW = """
CREATE VIEW register_map AS
SELECT r.kind, r.id, r.name, r.territory, r.state, r.since, r.version, r.data::jsonb AS data,
  {schema}.ST_GeomFromWKB(s.wkb, 4490)::{schema}.geometry(Geometry, 4490) AS geom
FROM register_record r LEFT JOIN register_shape s ON s.sha256 = r.shape
"""


def bring_up_to_date(database: Database, *, create: bool, upgrade: bool = False) -> Upgrade | None:
    """Make or upgrade the tables; nothing is written where they are current.

    A file is copied beside itself first. A database cannot be: there it must be asked for.

    Parameters
    ----------
    upgrade
        Tables of an earlier version in a database are brought up to date too.

    Returns
    -------
    What was done to tables of an earlier version; None where there were none.

    Raises
    ------
    UsageError
        When there are none and none are to be made.
    ContentError
        When the file or database is something else, newer than this program, or older and nobody asked for an upgrade.
    """
    with database.reading() as connection:
        revision = _revision(connection, database)
    if revision is None and not create:
        raise failures.missing(database.name)
    if revision == HEAD and not create:
        return None
    if revision not in (None, HEAD) and database.path is None and not upgrade:
        raise failures.older(database.name, str(revision), HEAD)
    with database.changing_tables() as connection:
        # Somebody else may have done it in the meantime.
        found = _revision(connection, database)
        done = None if found in (None, HEAD) else _before_upgrade(database, str(found))
        if found != HEAD:
            _upgrade(connection)
        _add_map_view(connection, database)
    return done


def _before_upgrade(database: Database, found: str) -> Upgrade:
    copy = None if database.path is None else copy_before_upgrade(database.path, found)
    return Upgrade(database.name, found, HEAD, copy)


def _revision(connection: Connection, database: Database) -> str | None:
    """Return the revision of the tables; None where there is nothing yet."""
    tables = set(inspect(connection).get_table_names())
    if database.path is not None:
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if mark != APPLICATION_ID and (tables or mark):
            raise failures.no_register(database.name)
    if VERSION_TABLE not in tables:
        if any(name.startswith("register_") for name in tables):
            raise failures.no_register(database.name)
        return None
    found = str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one())  # noqa: S608 - ours
    # Of a current one nothing of the program has to be looked up.
    if found != HEAD and found not in known_revisions():
        raise failures.newer(database.name, found, HEAD)
    return found


def known_revisions() -> tuple[str, ...]:
    """Return the revisions that this program knows, oldest first: the names of the files begin with them."""
    return tuple(sorted(path.stem.split("_")[1] for path in (FOLDER / "versions").glob("revision_*.py")))


def _upgrade(connection: Connection, revision: str = "head") -> None:
    # Alembic's own entry, `env.py`, would read settings from files and the environment: there are none here.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(FOLDER)
    steps = script._upgrade_revs  # noqa: SLF001 - what alembic.command.upgrade uses
    context = EnvironmentContext(Config(), script, fn=lambda found, _: steps(revision, found))
    with context:
        context.configure(connection=connection, version_table=VERSION_TABLE)
        context.run_migrations()


def _add_map_view(connection: Connection, database: Database) -> None:
    """Offer the records as a table with real geometry, where the server has PostGIS, for QGIS and map servers.

    PostGIS may come later than the register: `zoning register create` looks again.
    """
    if database.path is not None:
        return
    found = connection.exec_driver_sql(
        "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        "WHERE e.extname = 'postgis'"
    ).scalar()
    there = connection.exec_driver_sql("SELECT to_regclass('register_map')").scalar()
    if found is not None and there is None:
        connection.exec_driver_sql(_CREATE_VIEW.format(schema=found))
