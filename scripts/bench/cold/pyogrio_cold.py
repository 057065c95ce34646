"""A fresh process that overlays one site with windows of GeoPackages, read as plainly as pyogrio and shapely allow.

python pyogrio_cold.py SITE.wkb LAYER.gpkg ...
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely

if __name__ == "__main__":
    site = shapely.from_wkb(Path(sys.argv[1]).read_bytes())
    shapely.prepare(site)
    found = {}
    for path in sys.argv[2:]:
        _, fids, wkb, _ = pyogrio.raw.read(path, bbox=site.bounds, columns=[], return_fids=True)
        zones = shapely.from_wkb(wkb)
        meeting = np.flatnonzero(shapely.intersects(site, zones))
        areas = shapely.area(shapely.intersection(zones[meeting], site))
        found[Path(path).stem] = dict(zip((fids[meeting] - 1).tolist(), areas.tolist(), strict=True))
    print(json.dumps(found))
