"""Measure the reading of boundary files: speed, and what hostile files cost. Each in a process of its own.

Run alone with `.venv/bin/python scripts/bench intake`; `make bench` shows the same rows.
"""

import json
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.machine import peak_mb
from bench.rows import Row, show

TXT_FILES = 1_000
TXT_PER_SECOND = 200
ONE_POLYGON_S = 1.0
MEMORY_MB = 1_000
LONGEST_S = 30.0
EXPECTED = (112.0, 35.1, 112.95, 35.75)
PARCELS = 100_000


@dataclass(frozen=True, slots=True)
class Read:
    """What one process did with its files: seconds of reading alone, the most memory, and what came of the last."""

    seconds: float
    peak_mb: float
    result: str


def measure_intake(folder: Path) -> Iterator[tuple[str, str, str, bool | None]]:
    """Yield what was measured: what, figure, target, whether it was met."""
    for name, make in SPEED.items():
        path = make(folder)
        done = _in_process(path)
        if path.is_dir():
            rate = TXT_FILES / done.seconds
            yield f"reading {name}", f"{rate:,.0f} files/s", f">= {TXT_PER_SECOND} files/s", rate >= TXT_PER_SECOND
        else:
            yield f"reading {name}", f"{done.seconds:.2f} s", f"< {ONE_POLYGON_S:.0f} s", done.seconds < ONE_POLYGON_S
    for name, make in HOSTILE.items():
        with _made(folder, make) as path:
            done = _in_process(path)
        met = done.seconds < LONGEST_S and done.peak_mb < MEMORY_MB
        yield name, f"{done.seconds:.2f} s, {done.peak_mb:.0f} MB", f"< {LONGEST_S:.0f} s, {MEMORY_MB} MB", met
        yield f"    {done.result[:110]}", "", "", None


@contextmanager
def _made(folder: Path, make: Callable[[Path], Path]) -> Iterator[Path]:
    path = make(folder)
    try:
        yield path
    finally:
        for file in folder.glob(f"{path.stem}.*"):
            file.unlink()


def _in_process(path: Path) -> Read:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent), "read", str(path)], capture_output=True, check=False
    )
    if done.returncode:
        return Read(0.0, 0.0, f"DIED with {done.returncode}: {done.stderr[-300:].decode(errors='replace')}")
    return Read(**json.loads(done.stdout))


def read(path: Path) -> None:
    """Read one file, or every file of a folder, and print what it took."""
    from zoning.errors import ZoningError
    from zoning.sites import read_sites

    # Loading the libraries is not reading.
    warm = path.parent / "warm.geojson"
    warm.write_bytes(geojson_head() + geojson_ring(_ring(5)) + geojson_tail())
    read_sites(warm, expected=EXPECTED)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    start = time.perf_counter()
    try:
        found = [len(read_sites(file, expected=EXPECTED)) for file in files]
        result = f"read: {sum(found):,} footprints"
    except ZoningError as error:
        result = f"refused: {error.text.en}"
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "result": result}))


def _ring(vertices: int) -> np.ndarray:
    """Return a closed ring in degrees, (vertices, 2), that does not cross itself."""
    angle = np.linspace(0, 2 * np.pi, vertices)
    radius = 0.1 + 0.01 * np.sin(25 * angle)
    ring = np.column_stack([112.45 + radius * np.cos(angle), 35.45 + radius * np.sin(angle)])
    ring[-1] = ring[0]
    return ring


def geojson_head() -> bytes:
    """Return the beginning of a collection."""
    return b'{"type":"FeatureCollection","features":['


def geojson_tail() -> bytes:
    """Return its end."""
    return b"]}"


def geojson_ring(ring: np.ndarray, name: str = "a") -> bytes:
    """Return a polygon as a feature."""
    points = ",".join(f"[{x:.9f},{y:.9f}]" for x, y in ring.tolist())
    start = f'{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[['
    return f"{start}{points}]]}}}}".encode()


def _geojson(vertices: int) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / f"ring{vertices}.geojson"
        path.write_bytes(geojson_head() + geojson_ring(_ring(vertices)) + geojson_tail())
        return path

    return make


def _txt_text(ring: np.ndarray) -> Iterator[str]:
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(ring[:, 0], ring[:, 1])
    yield (
        "[属性描述]\n格式版本号=1.01版本\n数据产生单位=某测绘公司\n数据产生日期=2025-3-1\n坐标系=2000国家大地坐标系\n"
        "几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=37\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n"
        f"{len(ring)},,DK01,一号地块,面,,工业用地,0601,@\n"
    )
    last = len(ring) - 1
    for number, (east, north) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        yield f"J{1 if number == last else number + 1},1,{north:.3f},{east:.3f}\n"


def _txt(vertices: int) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / f"ring{vertices}.txt"
        with path.open("w", encoding="gb18030") as file:
            file.writelines(_txt_text(_ring(vertices)))
        return path

    return make


def _many_txt(folder: Path) -> Path:
    many = folder / "many"
    many.mkdir()
    for number in range(TXT_FILES):
        ring = _ring(12 + number % 40) + np.array([0, number * 1e-6])
        (many / f"{number}.txt").write_text("".join(_txt_text(ring)), encoding="gb18030")
    return many


def _wkb(vertices: int) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / f"ring{vertices}.wkb"
        head = struct.pack("<BIIII", 1, 3 | 0x20000000, 4490, 1, vertices)
        path.write_bytes(head + _ring(vertices).astype("<f8").tobytes())
        return path

    return make


def _shapefile(vertices: int) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        from pyproj import CRS

        ring = _ring(vertices)[::-1]
        box = struct.pack("<4d", *ring.min(axis=0), *ring.max(axis=0))
        content = struct.pack("<i", 5) + box + struct.pack("<3i", 1, vertices, 0) + ring.astype("<f8").tobytes()
        path = folder / f"shape{vertices}.shp"
        record = struct.pack(">2i", 1, len(content) // 2)
        for suffix, body in ((".shp", record + content), (".shx", struct.pack(">2i", 50, len(content) // 2))):
            head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2) + struct.pack("<2i", 1000, 5)
            path.with_suffix(suffix).write_bytes(head + box + bytes(32) + body)
        path.with_suffix(".prj").write_text(CRS.from_epsg(4490).to_wkt("WKT1_ESRI"), encoding="ascii")
        return path

    return make


def _large_geojson(folder: Path) -> Path:
    path = folder / "large.geojson"
    feature = geojson_ring(_ring(400))
    with path.open("wb") as file:
        file.write(geojson_head() + feature)
        while file.tell() < 100_000_000:
            file.write(b"," + feature)
        file.write(geojson_tail())
    return path


def _parcels_geojson(folder: Path) -> Path:
    path = folder / "parcels.geojson"
    with path.open("wb") as file:
        file.write(geojson_head() + b",".join(geojson_ring(ring, f"p{n}") for n, ring in enumerate(_squares())))
        file.write(geojson_tail())
    return path


def _squares() -> Iterator[np.ndarray]:
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * 1e-4
    for number in range(PARCELS):
        yield square + np.array([112.1 + number % 300 * 2e-4, 35.2 + number // 300 * 2e-4])


def _parcels_txt(folder: Path) -> Path:
    path = folder / "parcels.txt"
    head = "".join(_txt_text(_ring(5))).split("5,,DK01")[0]
    with path.open("w", encoding="gb18030") as file:
        file.write(head)
        for number, ring in enumerate(_squares()):
            parcel = "".join(_txt_text(ring)).partition("5,,DK01")[2]
            file.write(f"5,,DK{number}{parcel}")
    return path


def _attribute(folder: Path) -> Path:
    path = folder / "attribute.geojson"
    path.write_bytes(geojson_head() + geojson_ring(_ring(5), "x" * 150_000_000) + geojson_tail())
    return path


def _deep(folder: Path) -> Path:
    path = folder / "deep.geojson"
    opened = b'{"type":"GeometryCollection","geometries":['
    path.write_bytes(opened * 500_000 + b"]}" * 500_000)
    return path


def _deep_wkb(folder: Path) -> Path:
    path = folder / "deep.wkb"
    path.write_bytes(struct.pack("<BII", 1, 7, 1) * 2_000_000)
    return path


def _tangle(folder: Path) -> Path:
    path = folder / "tangle.wkb"
    ring = np.random.default_rng(1).uniform([112.3, 35.3], [112.5, 35.5], (1_000_000, 2))
    ring[-1] = ring[0]
    path.write_bytes(struct.pack("<BIIII", 1, 3 | 0x20000000, 4490, 1, len(ring)) + ring.astype("<f8").tobytes())
    return path


def _bomb(folder: Path) -> Path:
    """Write a ZIP of 10 GB of blanks: one deflated block, repeated."""
    path = folder / "bomb.zip"
    deflate = zlib.compressobj(9, wbits=-15)
    block = deflate.compress(b" " * 10_000_000) + deflate.flush(zlib.Z_FULL_FLUSH)
    packed, size = len(block) * 1_000 + 2, 10_000_000_000
    name = b"doc.kml"
    extra = struct.pack("<2H2Q", 1, 16, size, packed)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 45, 0, 8, 0, 33, 0, 2**32 - 1, 2**32 - 1, len(name), len(extra))
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 45, 45, 0, 8, 0, 33, 0, 2**32 - 1, 2**32 - 1, len(name), len(extra), 0, 0, 0, 0, 0
    )
    with path.open("wb") as file:
        file.write(local + name + extra)
        for _ in range(1_000):
            file.write(block)
        file.write(b"\3\0")
        start = file.tell()
        file.write(central + name + extra)
        file.write(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central + name + extra), start, 0))
    return path


def _nested(folder: Path) -> Path:
    inner = _bomb(folder)
    path = folder / "nested.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20):
            archive.write(inner, f"{number}.zip")
    inner.unlink()
    return path


def _overlapping(folder: Path) -> Path:
    """Write a ZIP whose directory lists the same 100 MB member 1,000 times."""
    path = folder / "overlapping.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * 100_000_000)
    data = path.read_bytes()
    start = data.rindex(b"PK\1\2")
    end = data.rindex(b"PK\5\6")
    entry = data[start:end]
    entries = b"".join(entry.replace(b"doc.kml", f"d{number:05d}l".encode()) for number in range(1_000))
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1_000, 1_000, len(entries), start, 0)
    path.write_bytes(data[:start] + entries + tail)
    return path


def _entities(name: str, root: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
        external = '<!ENTITY x SYSTEM "file:///etc/passwd">'
        path.write_text(f'<?xml version="1.0"?><!DOCTYPE a [{external}{laughs}]>{root}', encoding="utf-8")
        return path

    return make


SPEED: dict[str, Callable[[Path], Path]] = {
    f"{TXT_FILES:,} TXT files": _many_txt,
    "100,000 vertices, TXT": _txt(100_000),
    "100,000 vertices, GeoJSON": _geojson(100_000),
    "100,000 vertices, WKB": _wkb(100_000),
    "100,000 vertices, Shapefile": _shapefile(100_000),
}
_KML = "<kml><Document><name>&l11;&x;</name></Document></kml>"
_GML = '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2">&l11;&x;</gml:FeatureCollection>'
HOSTILE: dict[str, Callable[[Path], Path]] = {
    "GeoJSON of 100 MB": _large_geojson,
    "100,000 parcels, GeoJSON": _parcels_geojson,
    "100,000 parcels, TXT": _parcels_txt,
    "4,000,000 vertices (the limit), GeoJSON": _geojson(4_000_000),
    "4,000,000 vertices, TXT": _txt(4_000_000),
    "4,000,000 vertices, WKB": _wkb(4_000_000),
    "4,000,000 vertices, Shapefile": _shapefile(4_000_000),
    "5,000,000 vertices, GeoJSON": _geojson(5_000_000),
    "5,000,000 vertices, TXT": _txt(5_000_000),
    "5,000,000 vertices, WKB": _wkb(5_000_000),
    "5,000,000 vertices, Shapefile": _shapefile(5_000_000),
    "10,000,000 vertices, WKB": _wkb(10_000_000),
    "1,000,000 vertices in random order, WKB": _tangle,
    "an attribute of 150 MB, GeoJSON": _attribute,
    "500,000 collections in each other, GeoJSON": _deep,
    "2,000,000 collections in each other, WKB": _deep_wkb,
    "ZIP of 10 GB": _bomb,
    "ZIP of 20 ZIPs of 10 GB": _nested,
    "ZIP of 1,000 members in one place": _overlapping,
    "KML with entities": _entities("entities.kml", _KML),
    "GML with entities": _entities("entities.gml", _GML),
}


def report() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        for row in measure_intake(Path(folder)):
            show([Row(*row)])
