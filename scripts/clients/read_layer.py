"""Read all features of a published layer, page by page, into a GeoJSON file. Standard library only.

ZONING_TOKEN=zt_... python read_layer.py http://127.0.0.1:8010 drinking-water zones.geojson --bbox 112,35,113,36
"""

# ruff: noqa: S310 - the address is the one that whoever runs this has written
import argparse
import json
import os
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("layer")
    parser.add_argument("target", type=Path)
    parser.add_argument("--bbox", default="", help="west,south,east,north in degrees")
    parser.add_argument("--datetime", default="", help="the edition valid on a day, such as 2020-01-01")
    told = parser.parse_args()
    query = {name: value for name, value in (("bbox", told.bbox), ("datetime", told.datetime)) if value}
    here = f"{told.url}/ogc/collections/{told.layer}/items?{urllib.parse.urlencode({**query, 'limit': 500})}"
    features: list[Any] = []
    page: dict[str, Any] = {}
    while here:
        request = urllib.request.Request(here, headers={"Authorization": f"Bearer {os.environ['ZONING_TOKEN']}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = json.load(answer)
        features += page["features"]
        here = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    if len(features) != page["numberMatched"]:
        print("the layer changed while it was read: read it again", file=sys.stderr)
        return 1
    collection = {"type": "FeatureCollection", "features": features}
    told.target.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    print(len(features), "features")
    return 0


if __name__ == "__main__":
    sys.exit(main())
