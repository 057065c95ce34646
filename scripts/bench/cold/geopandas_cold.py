"""A fresh process that overlays one site with windows of GeoPackages, as most people write it with geopandas.

python geopandas_cold.py SITE.wkb LAYER.gpkg ...
"""

import json
import sys
from pathlib import Path

import geopandas
import shapely

if __name__ == "__main__":
    site = shapely.from_wkb(Path(sys.argv[1]).read_bytes())
    found = {}
    for path in sys.argv[2:]:
        zones = geopandas.read_file(path, bbox=site.bounds, fid_as_index=True)
        zones = zones[zones.intersects(site)]
        areas = zones.intersection(site).area
        found[Path(path).stem] = dict(zip((zones.index - 1).tolist(), areas.tolist(), strict=True))
    print(json.dumps(found))
