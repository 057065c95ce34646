"""The layer tree of the page: every layer that was asked, with what was found; what was not checked looks different."""

from collections.abc import Mapping
from dataclasses import dataclass

from zoning.layers.catalogue import Group
from zoning.maps.content import MapContent, MapLayer
from zoning.maps.wording import WORDS, amount_text, share_text
from zoning.quantities import format_length
from zoning.rules.verdict import Decision, Finding
from zoning.rules.wording.words import STATUSES
from zoning.styles.legend import class_key
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text


@dataclass(frozen=True, slots=True)
class TreeClass:
    """A class in the tree: what the site has of it."""

    key: str
    title: str
    drawn: bool
    figures: str


@dataclass(frozen=True, slots=True)
class TreeLayer:
    """A layer in the tree.

    Attributes
    ----------
    drawn
        There is something to switch on: zones, or land without data.
    partly
        It says nothing of a part of the sheet, though it was checked for the site.
    """

    id: str
    title: str
    status: str
    status_word: str
    remark: str
    drawn: bool
    on: bool
    partly: bool
    classes: tuple[TreeClass, ...]
    about: str


@dataclass(frozen=True, slots=True)
class TreeGroup:
    """A heading of the tree; `touched` layers are counted, so that a closed heading says what is in it."""

    title: str
    layers: tuple[TreeLayer, ...]
    touched: int
    missing: int


def tree(
    content: MapContent, stylebook: Stylebook, groups: Mapping[Group, Text], language: Language
) -> tuple[TreeGroup, ...]:
    """Return the tree: groups in the order of the product, in each the touched layers first."""
    found = []
    for group, title in groups.items():
        members = [layer for layer in content.layers if layer.layer.group == group]
        layers = tuple(_layer(layer, stylebook, content, language) for layer in sorted(members, key=_rank))
        if layers:
            touched = sum(layer.status in ("affected", "possible") for layer in layers)
            missing = sum(layer.status == "no_data" for layer in layers)
            found.append(TreeGroup(title.get(language), layers, touched, missing))
    return tuple(found)


def _rank(layer: MapLayer) -> tuple[int, float]:
    order = ("affected", "possible", "no_data", "not_affected")
    return order.index(layer.entry.status), layer.entry.nearest_m or 0.0


def starts_on(layer: MapLayer, content: MapContent, stylebook: Stylebook) -> bool:
    """Tell whether the map opens with the layer switched on."""
    visible = stylebook.of_layer(layer.layer.id).visible
    if visible in ("always", "asked"):
        return visible == "always"
    if visible == "touched" and layer.entry.status in ("affected", "possible"):
        return True
    if layer.uncovered is not None and layer.layer.id in content.verdict.missing_layers:
        return True
    return any(_rests_on(finding, layer, content.verdict.decision) for finding in content.verdict.findings)


def _rests_on(finding: Finding, layer: MapLayer, decision: Decision) -> bool:
    """Tell whether the decision rests on what the finding says of the layer; of open ones only what could prohibit."""
    if finding.layer != layer.layer.id or finding.class_ is None or finding.decision != decision:
        return False
    return decision in ("prohibited", "restricted") or finding.blocked or "prohibit" in finding.possible_effects


def _layer(layer: MapLayer, stylebook: Stylebook, content: MapContent, language: Language) -> TreeLayer:
    entry = layer.entry
    drawn = bool(layer.zones) or layer.uncovered is not None
    return TreeLayer(
        id=layer.layer.id,
        title=layer.layer.title.get(language),
        status=entry.status,
        status_word=STATUSES[entry.status].get(language),
        remark=_remark(layer, language),
        drawn=drawn,
        on=drawn and starts_on(layer, content, stylebook),
        partly=layer.uncovered is not None and entry.status != "no_data",
        classes=tuple(_class(layer, name, language) for name in _names(layer)),
        about=_about(layer, language),
    )


def _names(layer: MapLayer) -> list[str]:
    shown = {*layer.drawn_classes, *(entry.class_ for entry in layer.entry.classes)}
    return [name for name in layer.layer.classes if name in shown]


def _class(layer: MapLayer, name: str, language: Language) -> TreeClass:
    entry = layer.class_entry(name)
    figures = ""
    if entry is not None:
        amount = amount_text(entry.overlap_m2, entry.length_m, language)
        share = share_text(entry.share) if entry.share else ""
        figures = " · ".join(text for text in (amount, share) if text) or WORDS["possibly"].get(language)
    return TreeClass(
        class_key(layer.layer.id, name),
        layer.layer.classes[name].title.get(language),
        name in layer.drawn_classes,
        figures,
    )


def _remark(layer: MapLayer, language: Language) -> str:
    entry = layer.entry
    if entry.status in ("no_data", "possible") and entry.reason is not None:
        return entry.reason.get(language)
    if entry.status != "not_affected":
        return ""
    if entry.nearest_m is not None:
        return f"{WORDS['nearest'].get(language)} {format_length(entry.nearest_m)}"
    reach = f"{entry.searched_m / 1000:g} km" if entry.searched_m >= 1000 else f"{entry.searched_m:g} m"  # noqa: PLR2004 - one kilometre
    return (
        f"{reach} {WORDS['none_within'].get(language)}"
        if language == "zh"
        else f"{WORDS['none_within'].get(language)} {reach}"
    )


def _about(layer: MapLayer, language: Language) -> str:
    parts = [layer.layer.authority.get(language)]
    if layer.entry.edition:
        parts.append(f"{WORDS['edition'].get(language)} {layer.entry.edition}")
    parts.append(f"{WORDS['accuracy'].get(language)} {layer.entry.accuracy_m:g} m")
    return " · ".join(parts)
