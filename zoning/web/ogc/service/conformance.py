"""The conformance classes that the services keep. Each is covered by a test that names it; others are not claimed.

Left out on purpose: HTML (no pages here), OpenAPI 3.0 of Common beyond what the two standards ask, callbacks (the
server would call addresses that strangers name), features filtering (Part 3) beyond equal values.
"""

from typing import Final

FEATURES: Final = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
FEATURES_CRS: Final = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf"
PROCESSES: Final = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf"
COMMON: Final = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf"
COMMON_COLLECTIONS: Final = "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf"

CLASSES: Final[tuple[str, ...]] = (
    f"{COMMON}/core",
    f"{COMMON}/json",
    f"{COMMON}/landing-page",
    f"{COMMON_COLLECTIONS}/collections",
    f"{FEATURES}/core",
    f"{FEATURES}/geojson",
    f"{FEATURES}/oas30",
    f"{FEATURES_CRS}/crs",
    f"{PROCESSES}/core",
    f"{PROCESSES}/dismiss",
    f"{PROCESSES}/job-list",
    f"{PROCESSES}/json",
    f"{PROCESSES}/oas30",
    f"{PROCESSES}/ogc-process-description",
)
