"""Files of new editions for tests, and editions that wait without their audit having been run."""

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.editions import drafts
from zoning.web.editions.drafts import hand_in, layer_of, preview
from zoning.web.editions.settings import Settings
from zoning.web.editions.store import change, get_edition
from zoning.web.editions.switching import settings_of
from zoning.web.server import Server

ADMIN = Who("admin", "管理", frozenset({"admin"}))
BOX = (112.40, 35.45, 112.45, 35.50)
"""Inside Yangcheng."""
DAY = date(2026, 6, 1)


def collection(shapes: Sequence[Any], properties: Mapping[str, Any] | None = None, crs: str | None = None) -> bytes:
    """Return GeoJSON of shapes, each with an id and a name."""
    features = [
        {
            "type": "Feature",
            "properties": {"zone_id": f"z{n}", "name": f"区{n}", "class": "protection", **(properties or {})},
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for n, shape in enumerate(shapes)
    ]
    told: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs is not None:
        told["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(told).encode()


def square() -> Any:
    """Return `BOX` as a polygon."""
    return shapely.box(*BOX)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def waiting(server: Server, folder: Path, layer: str, content: bytes, edition: str, begins: date = DAY) -> str:
    """Hand in an edition and mark it as audited; return its id. Its audit and comparison are not run."""
    file = folder / f"{edition}.geojson"
    file.write_bytes(content)
    made = hand_in(server, ADMIN, layer_of(server, layer), edition, begins, file)
    described(server, made)
    found = get_edition(server, made)
    with server.store.database.writing() as connection:
        change(connection, found, {"state": "audited"})
    return made


def described(server: Server, made: str, **values: Any) -> None:
    """Describe an upload as it is prefilled, with other values where they are given; no job is started."""
    found = get_edition(server, made)
    told: dict[str, Any] = {"source": Text("测试通知〔2026〕1号", "test notice 1"), **values}
    typed = Settings(**{**_fields(settings_of(found)), **told})
    with pytest.MonkeyPatch.context() as quick:
        # The jobs have a test of their own.
        quick.setattr(drafts, "_jobs", lambda *_: {})
        preview(server, ADMIN, made, found.version, typed, "zh")


def _fields(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def empty_geopackage() -> bytes:
    """Return a GeoPackage with the fields of the layer and no zones."""
    import numpy as np
    import pyogrio.raw

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.gpkg"
        nothing = [np.empty(0, dtype=object)] * 3
        pyogrio.raw.write(
            path,
            np.empty(0, dtype=object),
            nothing,
            ["zone_id", "name", "class"],
            layer="zones",
            driver="GPKG",
            geometry_type="Polygon",
            crs="EPSG:4490",
        )
        return path.read_bytes()
