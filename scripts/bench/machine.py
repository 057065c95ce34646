"""What the figures were measured on, and how much memory a process held."""

import os
import platform
import sys
from importlib import metadata
from pathlib import Path

BYTES_PER_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_LIBRARIES = ("numpy", "numba", "shapely", "geopandas", "pyogrio", "duckdb", "sedonadb", "psycopg")


def description() -> dict[str, object]:
    """Return cores, memory, processor, system and versions; no name of the machine."""
    import shapely

    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "processor": _processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "geos": ".".join(map(str, shapely.geos_version)),
        **versions,
    }


def peak_mb() -> float:
    """Return the most memory this process held; Linux counts that of the process before it in `ru_maxrss`."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_RSS_UNIT / 1e6


def mapped_mb() -> float:
    """Return how much of the memory of this process are pages of files: the system may take them back at any time."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return int(status.read_text(encoding="ascii").split("RssFile:")[1].split()[0]) / 1024


def load_average() -> float | None:
    """Return how many processes wanted a core in the last minute: figures of a busy machine are worth less."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
