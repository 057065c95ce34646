"""Keep the data of another PROJ installation out of this process.

QGIS, conda and OSGeo4W set PROJ_DATA or PROJ_LIB for their own PROJ. The libraries used here carry their own copy,
and rasterio and fiona fail when they are pointed at a foreign one. Nothing heavy may be imported here:
the variables must be gone before the first import of pyproj, rasterio or fiona.
"""

from collections.abc import MutableMapping

VARIABLES = ("PROJ_DATA", "PROJ_LIB")


def unset_foreign_proj(environ: MutableMapping[str, str]) -> dict[str, str]:
    """Take PROJ_DATA and PROJ_LIB out of `environ`; return what was taken, for `zoning doctor` to report.

    >>> variables = {"PROJ_LIB": "/opt/other/share/proj", "HOME": "/home/li"}
    >>> unset_foreign_proj(variables), variables
    ({'PROJ_LIB': '/opt/other/share/proj'}, {'HOME': '/home/li'})
    """
    return {name: environ.pop(name) for name in VARIABLES if name in environ}
