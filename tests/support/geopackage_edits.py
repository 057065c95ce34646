"""Changing what a GeoPackage says, as a careless program would."""

import sqlite3
from contextlib import closing
from pathlib import Path

Statement = tuple[str, tuple[object, ...]]


def changed_geopackage(path: Path, *statements: Statement) -> Path:
    """Change a GeoPackage behind the back of its spatial index."""
    with closing(sqlite3.connect(path)) as connection, connection:
        # The triggers of the spatial index need functions that only GDAL has.
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement, values in statements:
            connection.execute(statement, values)
    return path
