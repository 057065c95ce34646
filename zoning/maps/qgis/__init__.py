"""A map as a QGIS project: a GeoPackage that opens styled, and a project with relative paths."""
