"""A fresh process that overlays one site with prepared layers, as a check does: engine_cold.py SITE.wkb LAYER ...

Compiled functions are not loaded: for one site that would take longer than the answer (`zoning.overlay.kernel`).
"""

import json
import sys
from pathlib import Path

import shapely

from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.meeting import meet
from zoning.overlay.prepared.container import open_arrays

if __name__ == "__main__":
    site = shapely.from_wkb(Path(sys.argv[1]).read_bytes())
    shapely.prepare(site)
    found = {}
    for path in sys.argv[2:]:
        layer = PackedZones.from_arrays(open_arrays(Path(path))[0])
        near = layer.meeting(site.bounds)
        zones = layer.geometries(near)
        meeting = meet(zones, site)
        areas = shapely.area(shapely.intersection(zones[meeting], site))
        found[Path(path).stem] = dict(zip(near[meeting].tolist(), areas.tolist(), strict=True))
    print(json.dumps(found))
