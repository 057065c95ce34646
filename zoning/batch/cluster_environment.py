"""What decides the digits of an answer on a computer: versions, the code itself, and a calculation done on it.

A worker whose digits could be others than those of this computer takes no part: the same sites must give the same bytes
wherever they are checked.
"""

import hashlib
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from zoning.texts import Text

_PACKAGE = Path(__file__).resolve().parents[1]
_LATITUDE = 36.0  # any plane will do, as long as all use the same
_CODE, _YARDSTICK = "code", "calculation"
_SAID = {
    _CODE: Text("zoning 的程序代码", "the code of zoning"),
    _YARDSTICK: Text("对照计算的结果", "the outcome of the reference calculation"),
    "machine": Text("处理器类型", "the kind of processor"),
}

Entries = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Environment:
    """Name -> version or digest of everything that decides digits; two that are equal give the same bytes."""

    entries: Entries

    def differences(self, other: "Environment") -> tuple[Text, ...]:
        """Return one phrase for each entry that `other` has otherwise: what it has there, and what this one has.

        >>> Environment((("GEOS", "3.13.1"),)).differences(Environment((("GEOS", "3.12.0"),)))[0].en
        'GEOS 3.12.0 (here 3.13.1)'
        """
        theirs = dict(other.entries)
        return tuple(
            _difference(name, value, theirs.get(name, "-"))
            for name, value in self.entries
            if theirs.get(name, "-") != value
        )


def _difference(name: str, here: str, there: str) -> Text:
    said = _SAID.get(name, Text(name, name))
    if name in (_CODE, _YARDSTICK):
        return Text(f"{said.zh}不同（{there[:8]}，本机 {here[:8]}）", f"{said.en} ({there[:8]}, here {here[:8]})")
    return Text(f"{said.zh} {there}（本机 {here}）", f"{said.en} {there} (here {here})")


@cache
def environment() -> Environment:
    """Return the environment of this process; the reference calculation takes about a tenth of a second."""
    import numpy as np
    import pyproj
    import shapely

    from zoning.version import __version__

    return Environment(
        (
            ("zoning", __version__),
            (_CODE, _code_sha256()),
            ("Python", ".".join(platform.python_version_tuple()[:2])),
            ("machine", platform.machine()),
            ("NumPy", np.__version__),
            ("Shapely", shapely.__version__),
            ("GEOS", shapely.geos_version_string),
            ("pyproj", pyproj.__version__),
            ("PROJ", pyproj.proj_version_str),
            ("Numba", version("numba")),
            ("PyArrow", version("pyarrow")),
            ("Pydantic", version("pydantic")),
            (_YARDSTICK, _yardstick()),
        )
    )


def _code_sha256() -> str:
    """Return the digest of all code of the package: a version number does not tell two checkouts apart."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE).as_posix()
        digest.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _yardstick() -> str:
    """Return the digest of a calculation of every kind that a verdict rests on.

    Equal versions do not make equal digits: mathematical libraries choose other instructions on other processors.
    """
    import numpy as np
    import shapely

    from zoning.overlay.plane import MeasuringPlane

    chance = np.random.default_rng(20260101)
    plane = MeasuringPlane(_LATITUDE)
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    ragged = [
        shapely.Polygon(
            np.column_stack([111.0 + size * np.cos(angles), 35.5 + size * np.sin(angles)])
            + chance.normal(0, 1e-3, (720, 2))
        )
        for size in (0.10, 0.13)
    ]
    one, other = plane.to_plane([shapely.make_valid(shape) for shape in ragged], "EPSG:4490", step_m=85.0)
    moved = shapely.transform(one, lambda xy: xy + np.array([5000.0, 3000.0]))
    common = shapely.intersection(moved, other)
    points = shapely.get_coordinates(other)[::40]
    distances = [plane.distance_m(points[0], point) for point in points[1:]]
    digest = hashlib.sha256()
    for numbers in (
        np.sin(angles) * np.exp(angles) + np.arctan2(angles, 2.0) + np.log1p(angles),
        shapely.get_coordinates(one),
        shapely.get_coordinates(plane.one_to_lonlat(one)),
        shapely.get_coordinates(common),
        np.asarray([common.area, shapely.buffer(common, 50.0).area]),
        np.asarray(distances),
    ):
        digest.update(np.ascontiguousarray(numbers).tobytes())
    return digest.hexdigest()
