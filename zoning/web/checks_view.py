"""A verdict as its page shows it: the same cards, places and figures as on the map and in the report.

No sentence about the law is made here: `zoning.maps.findings` and `zoning.maps.tree` are told what the verdict says.
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from shapely import Polygon

from zoning.maps.content import Box, MapContent, MapLayer
from zoning.maps.findings import FindingCard, Section, sections
from zoning.maps.product import SiteMap, read_site_map
from zoning.maps.tree import TreeGroup, tree
from zoning.maps.wording import area_text
from zoning.quantities import hectares, mu
from zoning.rules.verdict import Verdict
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language
from zoning.web.rendering import stylebook_of

if TYPE_CHECKING:
    from zoning.layers.catalogue import Catalogue
    from zoning.web.checks import Check
    from zoning.web.server import Server

_KEPT = 64


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict, ready to be shown.

    Attributes
    ----------
    area
        Of the footprint: 公顷 and 亩.
    tree
        Layers by group; those that were not checked say so.
    missing_layers, unchecked
        Names of the layers without data: those that the decision waits for, and all.
    """

    verdict: Verdict
    area: str
    ha: str
    mu: str
    sections: tuple[Section, ...]
    tree: tuple[TreeGroup, ...]
    missing_layers: tuple[str, ...]
    unchecked: tuple[str, ...]
    is_schematic: bool


def views_of(server: "Server", check: "Check", language: Language) -> tuple[VerdictView, ...]:
    """Return the verdicts of a check."""
    if check.answer is None:
        return ()
    return _views(check.digest, server.workspace.root, server.workspace.rulebook.sha256, language, _Held(server, check))


class _Held:
    """What views are made of. Two are equal while the workspace is the same: the cache looks at digests besides."""

    def __init__(self, server: "Server", check: "Check") -> None:
        self.catalogue: Catalogue = server.workspace.catalogue
        self.book: Stylebook = stylebook_of(server)
        self.verdicts = (check.answer or {}).get("verdicts", [])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.catalogue is self.catalogue

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=_KEPT)
def _views(_: str, root: Path, __: str, language: Language, held: _Held) -> tuple[VerdictView, ...]:
    verdicts = [Verdict.from_plain(verdict) for verdict in held.verdicts]
    return tuple(_view(verdict, held.catalogue, held.book, _product(root), language) for verdict in verdicts)


def _view(
    verdict: Verdict, catalogue: "Catalogue", book: Stylebook, product: SiteMap, language: Language
) -> VerdictView:
    content = _content(verdict, catalogue)
    titles = {entry.layer: entry.title.get(language) for entry in verdict.layers}
    site = verdict.site
    return VerdictView(
        verdict,
        area_text(site.area_m2, language),
        f"{hectares(site.area_m2):,.4f}",
        f"{mu(site.area_m2):,.2f}",
        tuple(_named(section, verdict, catalogue, language) for section in sections(content, language)),
        tree(content, book, product.groups, language),
        tuple(titles.get(name, name) for name in verdict.missing_layers),
        tuple(entry.title.get(language) for entry in verdict.layers if entry.status == "no_data"),
        any(entry.schematic for entry in verdict.layers),
    )


def _content(verdict: Verdict, catalogue: "Catalogue") -> MapContent:
    """Return what is known of the map without its shapes: which layers and classes the verdict speaks of."""
    known = [(entry, catalogue[entry.layer]) for entry in verdict.layers if entry.layer in catalogue.layers]
    nothing = Polygon()
    layers = tuple(MapLayer(layer, entry, (), {}) for entry, layer in known)
    return MapContent(verdict, nothing, Box(0, 0, 0, 0), layers, ())


def _named(section: Section, verdict: Verdict, catalogue: "Catalogue", language: Language) -> Section:
    """Name the places in layers that the workspace no longer has as the verdict names them."""
    gone = {entry.layer: entry for entry in verdict.layers if entry.layer not in catalogue.layers}
    if not gone:
        return section

    def placed(card: FindingCard) -> FindingCard:
        entry = gone.get(card.finding.layer or "")
        if entry is None:
            return card
        classes = {found.class_: found.title.get(language) for found in entry.classes}
        return replace(card, place=classes.get(card.finding.class_ or "", entry.title.get(language)))

    return replace(section, cards=tuple(placed(card) for card in section.cards))


@cache
def _product(root: Path) -> SiteMap:
    return read_site_map(root / "maps" / "site-map.yaml")
