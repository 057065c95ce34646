"""A fresh process that overlays one site with prepared layers: python engine_cold.py SITE.wkb LAYER.zones ..."""

import json
import sys
from pathlib import Path

import shapely

from zoning.overlay.kernel import engine
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.prepared.container import open_arrays

if __name__ == "__main__":
    site = Shapes.of([shapely.from_wkb(Path(sys.argv[1]).read_bytes())])
    found = {}
    for path in sys.argv[2:]:
        pairs = engine.overlay(site, PackedZones.from_arrays(open_arrays(Path(path))[0]))
        found[Path(path).stem] = dict(zip(pairs.zones.tolist(), pairs.areas_m2.tolist(), strict=True))
    print(json.dumps(found))
