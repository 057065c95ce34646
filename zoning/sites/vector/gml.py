"""GML 2, 3.1 and 3.2 as files and services write it; neither schemas nor anything that is linked is ever fetched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from zoning.sites.drawing import Drawing, MalformedError
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import Declared, RawFile, RawSite
from zoning.sites.records import raw_site
from zoning.sites.refusals import LINKED
from zoning.sites.site import Repair
from zoning.sites.vector.choosing import choose
from zoning.sites.vector.gml_geometry import BOXES, GEOMETRIES, GeometryBuilder
from zoning.sites.vector.gml_systems import System, east_first, system
from zoning.sites.vector.position_text import SPACES_LEFT_OUT
from zoning.sites.vector.vector_files import CURVE_TO_LINE
from zoning.sites.vector.xml_walk import local_name, walk
from zoning.sites.where import Where
from zoning.texts import Text

_GML = "http://www.opengis.net/gml"
_CITY = "http://www.opengis.net/citygml"
_COLLECTIONS = ("http://www.opengis.net/", "http://ogr.maptools.org/")
_MEMBERS = frozenset({"featureMember", "featureMembers", "member", "members"})
_MOST_ATTRIBUTES = 1_000


@dataclass(slots=True)
class _Shape:
    """One geometry with the property that holds it."""

    property: str
    drawings: list[Drawing]
    systems: tuple[str, ...]
    curved: bool
    spaced: bool


@dataclass(slots=True)
class _Element:
    """An element that is still open."""

    name: str
    identifier: str = ""
    is_member: bool = False
    is_feature: bool = False
    has_children: bool = False
    has_features: bool = False
    linked: bool = False
    direct: list[_Shape] = field(default_factory=list)
    shapes: list[_Shape] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Feature:
    kind: str
    identifier: str
    shapes: list[_Shape]
    texts: dict[str, str]
    linked: bool = False


@dataclass(slots=True)
class _Handler:
    """Collects features: the elements two steps above a geometry, and all members of a collection."""

    where: Where
    tally: Tally
    done: list[_Feature] = field(default_factory=list)
    box_systems: dict[str, None] = field(default_factory=dict)
    stack: list[_Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    builder: GeometryBuilder | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        self.text.clear()
        plain = {local_name(key): value for key, value in attributes.items()}
        name = local_name(tag)
        if self.builder is None:
            self._enter(tag, name, plain)
        else:
            self._build(name, plain)

    def _enter(self, tag: str, name: str, attributes: dict[str, str]) -> None:
        if tag.startswith(_CITY):
            raise self.where.error(
                "是 CityGML 三维城市模型，不是项目范围；请导出平面范围（如 GML 面、Shapefile）",
                "it is a CityGML city model, not a footprint; export the outline as polygons (GML, Shapefile)",
            )
        parent = self.stack[-1] if self.stack else None
        if parent is not None:
            parent.has_children = True
            parent.linked = parent.linked or "href" in attributes
        if tag.startswith(_GML) and name in GEOMETRIES:
            self.builder = GeometryBuilder(self.tally, self.where)
            self._build(name, attributes)
            return
        if name in BOXES and "srsName" in attributes:
            self.box_systems[attributes["srsName"].strip()] = None
        self.stack.append(
            _Element(
                name,
                attributes.get("id") or attributes.get("fid") or "",
                is_member=name in _MEMBERS and tag.startswith(_COLLECTIONS),
                is_feature=parent is not None and parent.is_member,
            )
        )

    def _build(self, name: str, attributes: dict[str, str]) -> None:
        assert self.builder is not None  # noqa: S101 - for the type checker
        try:
            self.builder.start(name, attributes)
        except MalformedError as error:
            raise self._here().error_of(error.text) from error

    def characters(self, text: str) -> None:
        """Keep the text of the element that is open."""
        self.text.append(text)

    def end(self, tag: str) -> None:
        """Leave an element."""
        text = "".join(self.text).strip()
        self.text.clear()
        if self.builder is None:
            self._leave(text)
            return
        try:
            whole = self.builder.end(local_name(tag), text)
        except MalformedError as error:
            raise self._here().error_of(error.text) from error
        if whole:
            made, self.builder = self.builder, None
            holder = self.stack[-1] if self.stack else None
            name = holder.name if holder else ""
            shape = _Shape(name, made.drawings, tuple(made.systems), made.curved, made.spaced)
            if holder is None or holder.is_member:
                self._finish(_Feature(local_name(tag), "", [shape], {}))
            else:
                holder.direct.append(shape)

    def _leave(self, text: str) -> None:
        element = self.stack.pop()
        parent = self.stack[-1] if self.stack else None
        if element.is_feature or element.shapes or (parent is None and element.direct):
            # A member that only wraps features has none of its own.
            shapes = [*element.shapes, *element.direct]
            if shapes or not element.has_features:
                self._finish(_Feature(element.name, element.identifier, shapes, element.texts, element.linked))
            if parent is not None:
                parent.has_features = True
        elif element.has_features and parent is not None:
            parent.has_features = True
        elif element.direct and parent is not None:
            parent.shapes += element.direct
        elif parent is not None and text and not element.has_children and len(parent.texts) < _MOST_ATTRIBUTES:
            parent.texts.setdefault(element.name, text)

    def _finish(self, feature: _Feature) -> None:
        self.done.append(feature)
        self.tally.count("records", 1, self.where)

    def _here(self) -> Where:
        return self.where.at_record(len(self.done) + 1)


def read_gml(path: Path, options: Options) -> RawFile:
    """Read every feature with a geometry; `--layer` chooses among kinds of features.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    handler = _Handler(where, Tally(options.limits))
    walk(path, handler, where, "GML")
    kind = _kind(handler.done, options, where)
    numbered = [(n, feature) for n, feature in enumerate(handler.done, 1) if feature.kind == kind]
    stated = _system([feature for _, feature in numbered], handler, where)
    sites = tuple(_site(feature, stated, where.at_record(n), options) for n, feature in numbered)
    return RawFile(
        sites,
        None if stated is None else Declared(stated.crs),
        silence=Text("GML 没有写 srsName", "the GML has no srsName"),
        may_be_degrees=True,
    )


def _kind(features: list[_Feature], options: Options, where: Where) -> str:
    """Return the kind of features to read: the only one with geometries, or the one stated."""
    kinds = dict.fromkeys(feature.kind for feature in features)
    filled = dict.fromkeys(feature.kind for feature in features if feature.shapes)
    if not filled and any(feature.linked for feature in features):
        raise where.error_of(LINKED)
    return choose(list(filled), options.layer, where, others=[kind for kind in kinds if kind not in filled])


def _system(features: list[_Feature], handler: _Handler, where: Where) -> System | None:
    """Return the one system of all geometries; those without take that of the box around the collection."""
    shapes = [shape for feature in features for shape in feature.shapes]
    names = dict.fromkeys(name for shape in shapes for name in shape.systems)
    if any(not shape.systems for shape in shapes):
        names |= handler.box_systems
    found = list(dict.fromkeys(system(name) for name in names))
    if len(found) > 1:
        listed = "、".join(names), ", ".join(names)
        raise where.crs_error(
            f"各图形的 srsName 不一致（{listed[0]}）；一个文件只能有一个坐标系",
            f"its geometries differ in srsName ({listed[1]}); a file has one system only",
        )
    return found[0] if found else None


def _site(feature: _Feature, stated: System | None, where: Where, options: Options) -> RawSite:
    _check_properties(feature, where)
    drawings = [drawing for shape in feature.shapes for drawing in shape.drawings]
    if stated is not None and stated.north_first:
        drawings = east_first(drawings)
    return raw_site(
        drawings,
        where,
        options,
        attributes=feature.texts,
        stated_id=feature.identifier,
        repairs=tuple(_curve_repair(feature)),
        warnings=tuple(_spaces(feature, where)),
    )


def _spaces(feature: _Feature, where: Where) -> Iterator[Text]:
    if any(shape.spaced for shape in feature.shapes):
        yield where.sentence(SPACES_LEFT_OUT.zh, SPACES_LEFT_OUT.en)


def _curve_repair(feature: _Feature) -> Iterator[Repair]:
    count = sum(shape.curved for shape in feature.shapes)
    if count:
        yield Repair("curve-to-line", count, 0.0, CURVE_TO_LINE)


def _check_properties(feature: _Feature, where: Where) -> None:
    if feature.linked and not feature.shapes:
        raise where.error_of(LINKED)
    areas = dict.fromkeys(
        shape.property for shape in feature.shapes if any(drawing.kind == "polygon" for drawing in shape.drawings)
    )
    if len(areas) > 1:
        raise where.error(
            f"有 {len(areas)} 个面状几何属性（{'、'.join(areas)}），不知道哪一个是项目范围；请只导出一个",
            f"it has {len(areas)} properties with polygons ({', '.join(areas)}), the footprint is unknown; export one",
        )
