"""How GDAL is held: no network, no file that the user did not name, no repair behind the user's back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

CLOSED = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "CPL_VSIL_CURL_USE_HEAD": "NO",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OGR_SQLITE_STATIC_VIRTUAL_OGR": "NO",
    "SHAPE_RESTORE_SHX": "NO",
    "USE_OSR_FIND_MATCHES": "NO",
}
"""Configuration for the time a file is open. The readers pin the driver as well; nothing is opened by guess.

Of a shapefile zoning reads the .prj itself: GDAL need not search its whole database for the like of it, 0.15 s a file.
"""

# A database in WAL mode would otherwise get two files beside it.
OPEN_OPTIONS = {"GPKG": {"IMMUTABLE": "YES"}}
"""Options for opening, by driver."""


@contextmanager
def undecodable_messages() -> Iterator[list[str]]:
    """Collect what GDAL says in bytes that are no UTF-8: fiona loses such an error, and prints a traceback."""
    usual, said = (sys.excepthook, sys.unraisablehook), list[str]()
    # Cython calls both, the one with the traceback first.
    sys.excepthook = lambda *_: None
    sys.unraisablehook = lambda unraisable: said.append(str(unraisable.exc_value))
    try:
        yield said
    finally:
        sys.excepthook, sys.unraisablehook = usual


def raise_lost(said: list[str]) -> None:
    """Raise what fiona has lost.

    Raises
    ------
    UnicodeError
    """
    if said:
        raise UnicodeError(said[0])
