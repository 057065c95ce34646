"""What layers have to do with each other: the strict model of `plans/audit.yaml`."""

import re
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from zoning.citations import Citation
from zoning.layers.catalogue import Catalogue
from zoning.mistakes import Mistake
from zoning.quantities import Area, Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "plans/audit.yaml"


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise Mistake(
            Text(f"“{text}”不是正则表达式：{error}", f"'{text}' is no regular expression: {error}")
        ) from error
    return text


Pattern = Annotated[str, BeforeValidator(_pattern)]


class Parameters(Content):
    """From where on something is an issue; the documents define none of these.

    Attributes
    ----------
    least_area
        Pieces below it are not listed one by one; their sum is compared with it as well.
    sliver_width
        Mean width (twice the area by the border) below which a gap or an overlap is called a sliver.
    area_share
        By how much of the stated area a layer may differ.
    border_reach, border_tolerance
        How far apart borders of neighbours are still meant to be one; how far they may be apart.
    shift_reach, shift_least
        The largest shift that is looked for, and the smallest that is told.
    closing
        Ends of a line that are nearer than this are meant to meet.
    """

    least_area: Area = 1.0
    sliver_width: Length = 0.5
    area_share: Annotated[float, Field(gt=0, lt=1)] = 0.01
    border_reach: Length = 30.0
    border_tolerance: Length = 0.1
    shift_reach: Length = 60.0
    shift_least: Length = 1.0
    closing: Length = 20.0


class Selector(Content):
    """Zones of a layer: all, or those of some classes, or whose names or attributes hold an expression."""

    layer: str
    classes: tuple[str, ...] = ()
    names: Pattern | None = None
    where: dict[str, str] = Field(default_factory=dict)


class Apart(Content):
    """Two layers that must not overlap, and which of them gives way as the documents say."""

    first: Selector
    second: Selector
    territories: tuple[str, ...] = ()
    advice: Text
    citations: tuple[Citation, ...] = ()


class Inside(Content):
    """Zones that must lie inside others (any of `within`), because a document says so."""

    zones: Selector
    within: tuple[Selector, ...]
    territories: tuple[str, ...] = ()
    says: Text
    citation: Citation


class Partition(Content):
    """A layer that fills the territories that it covers, without gap and without overlap."""

    layer: str
    citation: Citation | None = None


class Codes(Content):
    """A layer whose ids are codes of management units: their class digit and county are compared."""

    layer: str
    digits: dict[str, str]


class Stated(Content):
    """An area as a document states it; layers are compared with it by shares, so that it is never nought."""

    area: Annotated[Area, Field(gt=0)]
    citation: Citation


class StatedArea(Content):
    """Zones whose sum documents state; several figures where they contradict each other.

    `edition`: only that edition is compared. `territory`: only what lies in it counts.
    """

    title: Text
    zones: Selector
    edition: str | None = None
    territory: str | None = None
    stated: Annotated[tuple[Stated, ...], Field(min_length=1)]
    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    note: Text | None = None


class Neighbours(Content):
    """Two layers of neighbouring territories whose outer borders meet."""

    first: str
    second: str


class SharedBorders(Content):
    """Two layers that are drawn on the same borders, so that a systematic shift between them can be told."""

    first: Selector
    second: Selector


class AuditPlan(Content):
    """What is demanded of the layers beside sound geometry.

    Attributes
    ----------
    apart, inside, partitions, areas, codes, neighbours, shared_borders
        See their models.
    may_overlap
        Layers whose zones of one class may overlap each other by their nature.
    attributes
        Layer -> fields that every zone must have filled, beside id and class; `name` is the field of names.
    borders
        Line layers that are borders: a line of them ends where it began.
    """

    id: str = "audit"
    title: Text = Text("图层审核", "audit of layers")
    parameters: Parameters = Parameters()
    apart: tuple[Apart, ...] = ()
    inside: tuple[Inside, ...] = ()
    partitions: tuple[Partition, ...] = ()
    may_overlap: tuple[str, ...] = ()
    codes: tuple[Codes, ...] = ()
    attributes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    areas: tuple[StatedArea, ...] = ()
    neighbours: tuple[Neighbours, ...] = ()
    shared_borders: tuple[SharedBorders, ...] = ()
    borders: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()

    def selectors(self) -> Iterator[Selector]:
        """Yield every selection of zones."""
        for pair in self.apart:
            yield from (pair.first, pair.second)
        for demand in self.inside:
            yield demand.zones
            yield from demand.within
        yield from (one.zones for one in self.areas)
        for shared in self.shared_borders:
            yield from (shared.first, shared.second)

    def citations(self) -> Iterator[Citation]:
        """Yield every citation."""
        yield from (citation for pair in self.apart for citation in pair.citations)
        yield from (demand.citation for demand in self.inside)
        yield from (part.citation for part in self.partitions if part.citation is not None)
        yield from (stated.citation for one in self.areas for stated in one.stated)

    def mistakes(self, catalogue: Catalogue, documents: Container[str]) -> list[Text]:
        """Return what does not fit the layers and the documents of a workspace.

        A layer that is not there is none: what is demanded of it is told as not audited.
        """
        found = []
        for selector in self.selectors():
            layer = catalogue.layers.get(selector.layer)
            if layer is None:
                continue
            found += [_no_class(selector.layer, name) for name in selector.classes if name not in layer.classes]
            found += [_no_field(selector.layer, name) for name in selector.where if name not in layer.attributes]
        for layer_id, fields in self.attributes.items():
            layer = catalogue.layers.get(layer_id)
            if layer is not None:
                known = {"name", *layer.attributes}
                found += [_no_field(layer_id, name) for name in fields if name not in known]
        found += [
            _no_document(name) for name in dict.fromkeys(c.document for c in self.citations()) if name not in documents
        ]
        return list(dict.fromkeys(found))


def _no_class(layer: str, name: str) -> Text:
    return Text(f"{FILE}：图层 {layer} 没有类“{name}”", f"{FILE}: layer {layer} has no class '{name}'")


def _no_field(layer: str, name: str) -> Text:
    return Text(f"{FILE}：图层 {layer} 没有属性“{name}”", f"{FILE}: layer {layer} has no attribute '{name}'")


def _no_document(name: str) -> Text:
    return Text(f"{FILE}：documents.yaml 中没有文件“{name}”", f"{FILE}: documents.yaml has no document '{name}'")


def read_plan(path: Path) -> AuditPlan:
    """Read `plans/audit.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, AuditPlan, id=path.stem)
