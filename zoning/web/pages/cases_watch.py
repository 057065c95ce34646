"""While the server runs: cases are checked again when layers, rules or the law in force change."""

from collections.abc import Callable

from zoning.web.cases.recheck import Watch
from zoning.web.server import Server


def watch(server: Server) -> Callable[[], None]:
    """Begin to look once a minute; return what ends it."""
    return Watch(server).start()


BACKGROUND = (watch,)
