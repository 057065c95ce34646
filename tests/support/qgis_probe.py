"""Run by the Python of QGIS, not by ours: opens what was written, draws it, and says on standard output what it saw."""

# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201, FBT003 - bindings without types

import json
import sys

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsLayerTreeModel,
    QgsLayoutExporter,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize


def layer_state(layer):
    """Return what QGIS understood of the style of a vector layer."""
    renderer = layer.renderer()
    labels = layer.labeling().settings() if layer.labeling() else None
    symbols = renderer.legendSymbolItems() if renderer else []
    halo = None
    if labels:
        # Each object must outlive what is asked of its parts.
        written = labels.format()
        rim = written.buffer()
        halo = rim.size()
    return {
        "name": layer.name(),
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "renderer": renderer.type() if renderer else None,
        "legend": [item.label() for item in symbols],
        "parts": [[part.layerType() for part in item.symbol().symbolLayers()] for item in symbols if item.symbol()],
        "colours": [
            [part.color().name() for part in item.symbol().symbolLayers()] for item in symbols if item.symbol()
        ],
        "dashes": [
            [list(part.customDashVector()) for part in item.symbol().symbolLayers() if part.layerType() == "SimpleLine"]
            for item in symbols
            if item.symbol()
        ],
        "scales": [layer.hasScaleBasedVisibility(), layer.minimumScale(), layer.maximumScale()],
        "label": labels.fieldName if labels and layer.labelsEnabled() else None,
        "label_scales": [labels.scaleVisibility, labels.minimumScale, labels.maximumScale] if labels else None,
        "halo": halo,
    }


def tree_state(node):
    """Return the layer tree as nested lists."""
    return [
        [child.name(), child.itemVisibilityChecked(), tree_state(child) if child.nodeType() == 0 else None]
        for child in node.children()
    ]


def draw(layers, crs, extent, size, background, path):
    """Render layers to a PNG; return the messages of what could not be drawn."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(*size))
    settings.setBackgroundColor(background)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(path)
    seen = settings.visibleExtent()
    return [error.message for error in job.errors()], [
        seen.xMinimum(), seen.yMinimum(), seen.xMaximum(), seen.yMaximum(),
    ]  # fmt: skip


def project(path, picture, size, *, export=True):
    """Open a project, draw its view, export its print layout."""
    opened = QgsProject.instance()
    read = opened.read(path)
    root = opened.layerTreeRoot()
    shown = [layer for layer in root.layerOrder() if root.findLayer(layer.id()).isVisible()]
    extent = opened.viewSettings().defaultViewExtent()
    errors, seen = draw(shown, opened.crs(), extent, size, opened.backgroundColor(), picture)
    layouts = opened.layoutManager().layouts()
    exported = [
        QgsLayoutExporter(layout).exportToPdf(f"{picture}.pdf", QgsLayoutExporter.PdfExportSettings())
        for layout in (layouts if export else [])
    ]
    model = QgsLayerTreeModel(root)
    legend = {
        layer.name(): [str(node.data(0)) for node in model.layerLegendNodes(root.findLayer(layer.id()))]
        for layer in shown
    }
    items = {item.id(): item for item in layouts[0].items() if hasattr(item, "id")} if layouts else {}
    return {
        "read": read,
        "title": opened.title(),
        "crs": opened.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "seen": seen,
        "errors": errors,
        "order": [layer.name() for layer in root.layerOrder()],
        "tree": tree_state(root),
        "legend": legend,
        "layers": {
            layer.name(): layer_state(layer)
            for layer in opened.mapLayers().values()
            if isinstance(layer, QgsVectorLayer)
        },
        "valid": {layer.name(): layer.isValid() for layer in opened.mapLayers().values()},
        "layouts": [layout.name() for layout in layouts],
        "exported": exported,
        "layout_scale": items["map"].scale() if "map" in items else None,
    }


def tables(path, names):
    """Open tables of a GeoPackage as a user does who drags the file into QGIS."""
    layers = [QgsVectorLayer(f"{path}|layername={name}", name, "ogr") for name in names]
    return {layer.name(): layer_state(layer) for layer in layers}


def style(data, files):
    """Load style files into one table after the other."""
    found = {}
    for file in files:
        layer = QgsVectorLayer(data, "table", "ogr")
        message, loaded = layer.loadNamedStyle(file) if file.endswith(".qml") else layer.loadSldStyle(file)
        found[file] = {**layer_state(layer), "loaded": loaded, "message": message}
    return found


def picture(path, name, extent, size, out):
    """Draw one table alone on white."""
    from qgis.PyQt.QtGui import QColor

    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    errors, _ = draw([layer], layer.crs(), QgsRectangle(*extent), size, QColor("white"), out)
    return {"errors": errors}


def main():
    """Do what the arguments say (JSON) and print the answer (JSON)."""
    application = QgsApplication([], False)
    application.initQgis()
    ask = json.loads(sys.argv[1])
    doing = {"project": project, "tables": tables, "style": style, "picture": picture}
    answer = {"version": Qgis.QGIS_VERSION, **doing[ask.pop("do")](**ask)}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))
    sys.stdout.flush()
    # Leaving by the interpreter's own way would crash in the clean-up of Qt.
    import os

    os._exit(0)


if __name__ == "__main__":
    main()
