"""The menu: every part names its entries."""

from dataclasses import dataclass

from zoning.texts import Text
from zoning.web.access import Access


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu, shown to those whom `access` admits; `place` orders them."""

    place: int
    path: str
    title: Text
    access: Access
