"""The project file of QGIS: layers with relative paths and styles, the tree by theme, the view, a print layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from zoning.maps.qgis.geopackage import CRS
from zoning.maps.qgis.ground import Plane, Window
from zoning.maps.qgis.tables import Table
from zoning.styles.qml import VERSION, fill_layer

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_CHECKED, _UNCHECKED = "Qt::Checked", "Qt::Unchecked"


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the layer tree; `missing` are the layers that it names without having any data of them."""

    title: str
    tables: tuple[Table, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReliefFile:
    """The picture under the map: name of the file and title."""

    file: str
    title: str


@dataclass(frozen=True, slots=True)
class Project:
    """What a project says. `file` is the name of the GeoPackage beside it; `abstract` its remarks, one a line."""

    title: str
    abstract: str
    file: str
    plane: Plane
    view: Window
    paper: str
    groups: tuple[Group, ...]
    relief: ReliefFile | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables of the tree."""
        return tuple(table for group in self.groups for table in group.tables)


def layer_id(key: str) -> str:
    """Return the id of a layer in the project: the same in every project and language.

    >>> layer_id("drinking-water")
    'drinking_water_6df25262'
    """
    return f"{key.replace('-', '_')}_{uuid5(NAMESPACE_URL, key).hex[:8]}"


def document(project: Project, layout: Element | None) -> str:
    """Return the project file; the same project always gives the same bytes."""
    root = Element("qgis", {"version": VERSION, "projectname": project.title})
    SubElement(root, "homePath", {"path": ""})
    SubElement(root, "title").text = project.title
    SubElement(root, "projectCrs").append(_crs(project.plane.crs))
    root.append(_tree(project))
    root.append(_canvas(project))
    layers = SubElement(root, "projectlayers")
    for table in project.tables:
        layers.append(_layer(table, project.file))
    if project.relief is not None:
        layers.append(_raster(project.relief))
    order = SubElement(root, "layerorder")
    for name in _stack(project):
        SubElement(order, "layer", {"id": name})
    _properties(root, project)
    if layout is not None:
        SubElement(root, "Layouts").append(layout)
    indent(root, " ")
    return _DOCTYPE + tostring(root, encoding="unicode") + "\n"


def _stack(project: Project) -> list[str]:
    """Return the ids of all drawn layers, the top one first: by order of the styles, whatever theme they belong to."""
    drawn = [table for table in project.tables if table.geometries is not None]
    names = [layer_id(table.key) for table in sorted(drawn, key=lambda one: -one.order)]
    return [*names, layer_id("relief")] if project.relief else names


def _tree(project: Project) -> Element:
    root = Element("layer-tree-group")
    for group in project.groups:
        shown = any(table.shown for table in group.tables)
        look = {"name": group.title, "expanded": "1", "checked": _CHECKED if shown else _UNCHECKED}
        branch = SubElement(root, "layer-tree-group", look)
        for table in group.tables:
            _leaf(branch, layer_id(table.key), table.title, _source(project.file, table), "ogr", shown=table.shown)
        for title in group.missing:
            SubElement(branch, "layer-tree-group", {"name": title, "expanded": "0", "checked": _UNCHECKED})
    if project.relief is not None:
        relief = project.relief
        leaf = _leaf(root, layer_id("relief"), relief.title, f"./{relief.file}", "gdal", shown=True)
        _leave_out_of_legend(leaf)
    order = SubElement(root, "custom-order", {"enabled": "1"})
    for name in _stack(project):
        SubElement(order, "item").text = name
    return root


def _leaf(branch: Element, name: str, title: str, source: str, provider: str, *, shown: bool) -> Element:
    look = {"id": name, "name": title, "source": source, "providerKey": provider, "expanded": "0"}
    return SubElement(branch, "layer-tree-layer", {**look, "checked": _CHECKED if shown else _UNCHECKED})


def _leave_out_of_legend(leaf: Element) -> None:
    """Hide the title and the colour bands of a picture."""
    properties = SubElement(leaf, "customproperties")
    options = SubElement(properties, "Option", {"type": "Map"})
    for name, value in (("legend/node-order", "empty"), ("legend/title-style", "hidden")):
        SubElement(options, "Option", {"type": "QString", "name": name, "value": value})
        SubElement(properties, "property", {"key": name, "value": value})


def _source(file: str, table: Table) -> str:
    return f"./{file}|layername={table.name}"


def _layer(table: Table, file: str) -> Element:
    kind = _kind(table)
    layer = Element("maplayer", {"type": "vector", "geometry": kind, "styleCategories": "AllStyleCategories"})
    SubElement(layer, "id").text = layer_id(table.key)
    SubElement(layer, "datasource").text = _source(file, table)
    SubElement(layer, "layername").text = table.title
    SubElement(layer, "shortname").text = table.key
    if table.geometries is not None:
        SubElement(layer, "srs").append(_crs(CRS))
    about = SubElement(layer, "resourceMetadata")
    SubElement(about, "title").text = table.name
    SubElement(about, "abstract").text = table.description
    SubElement(layer, "provider", {"encoding": "UTF-8"}).text = "ogr"
    if table.drawing is not None:
        fill_layer(layer, table.drawing)
        SubElement(layer, "previewExpression").text = f'"{table.fields[min(1, len(table.fields) - 1)]}"'
    return layer


def _kind(table: Table) -> str:
    if table.geometries is None or table.drawing is None:
        return "No geometry"
    return "Line" if table.drawing.geometry == "line" else "Polygon"


def _raster(relief: ReliefFile) -> Element:
    layer = Element("maplayer", {"type": "raster", "hasScaleBasedVisibilityFlag": "0"})
    SubElement(layer, "id").text = layer_id("relief")
    SubElement(layer, "datasource").text = f"./{relief.file}"
    SubElement(layer, "layername").text = relief.title
    SubElement(layer, "srs").append(_crs("EPSG:3857"))
    SubElement(layer, "provider").text = "gdal"
    pipe = SubElement(layer, "pipe")
    bands = {"redBand": "1", "greenBand": "2", "blueBand": "3", "alphaBand": "4", "opacity": "1"}
    SubElement(pipe, "rasterrenderer", {"type": "multibandcolor", **bands})
    SubElement(pipe, "rasterresampler", {"zoomedInResampler": "bilinear", "maxOversampling": "2"})
    return layer


def _canvas(project: Project) -> Element:
    canvas = Element("mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    SubElement(canvas, "units").text = "degrees" if project.plane.zone is None else "meters"
    extent = SubElement(canvas, "extent")
    for name, value in _corners(project).items():
        SubElement(extent, name).text = value
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(_crs(project.plane.crs))
    return canvas


def _corners(project: Project) -> dict[str, str]:
    view, digits = project.view, 7 if project.plane.zone is None else 3
    corners = {"xmin": view.west, "ymin": view.south, "xmax": view.east, "ymax": view.north}
    return {name: f"{value:.{digits}f}" for name, value in corners.items()}


def _properties(root: Element, project: Project) -> None:
    properties = SubElement(root, "properties")
    SubElement(SubElement(properties, "Paths"), "Absolute", {"type": "bool"}).text = "false"
    # Without this QGIS leaves the coordinate system of the project unread.
    enabled = SubElement(SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", {"type": "int"})
    enabled.text = "1"
    gui = SubElement(properties, "Gui")
    for part, value in zip(("Red", "Green", "Blue"), _parts(project.paper), strict=True):
        SubElement(gui, f"CanvasColor{part}Part", {"type": "int"}).text = str(value)
    measure = SubElement(properties, "Measure")
    # Areas measured in QGIS then lie on the ellipsoid too, and not in the plane.
    SubElement(measure, "Ellipsoid", {"type": "QString"}).text = "EPSG:7024"
    settings = SubElement(root, "ProjectViewSettings", {"UseProjectScales": "0"})
    SubElement(settings, "Scales")
    SubElement(settings, "DefaultViewExtent", _corners(project)).append(_crs(project.plane.crs))
    about = SubElement(root, "projectMetadata")
    SubElement(about, "title").text = project.title
    SubElement(about, "abstract").text = project.abstract


def _parts(colour: str) -> Sequence[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


@cache
def _described(code: str) -> tuple[tuple[str, str], ...]:
    import pyproj

    system = pyproj.CRS.from_user_input(code)
    return (
        ("wkt", system.to_wkt("WKT2_2019")),
        ("srid", code.partition(":")[2]),
        ("authid", code),
        ("description", system.name),
        ("geographicflag", str(system.is_geographic).lower()),
    )


def _crs(code: str) -> Element:
    system = Element("spatialrefsys")
    for name, value in _described(code):
        SubElement(system, name).text = value
    return system
