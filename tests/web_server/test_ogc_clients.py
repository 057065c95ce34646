"""Clients of others use the services of a listening server: GDAL reads layers, owslib runs the process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from live_server import Lent, listening
from web_programs import program, token
from web_world import World, world
from zoning.rules.verdict import Verdict
from zoning.web.workers.pool import Pool

LAYER = "ecological-red-line"


@pytest.fixture(scope="module")
def office_of_module(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("ogc"), Lent(shared_pool)) as found:  # type: ignore[arg-type]  # stands for a pool
        found.server.clock = lambda: datetime(2026, 11, 23, 4, tzinfo=UTC)
        yield found


@pytest.fixture(scope="module")
def address(office_of_module: World) -> Iterator[str]:
    with listening(office_of_module) as url:
        yield f"{url}/ogc"


_READ = """
import json, sys, warnings
import pyogrio
told = json.loads(sys.stdin.read())
source, layer, out = told["source"], told["layer"], told["out"]
try:
    pyogrio.list_layers(source)
except pyogrio.errors.DataSourceError as error:
    refused = str(error)
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": told["token"]})
names = list(pyogrio.list_layers(source)[:, 0])
warnings.simplefilter("ignore")
for name, options in told["reads"].items():
    if "bbox" in options:
        options["bbox"] = tuple(options["bbox"])
    pyogrio.read_dataframe(source, layer=layer, **options).to_file(f"{out}/{name}.gpkg", driver="GPKG")
print(json.dumps({"refused": refused, "names": names}))
"""


@dataclass
class Gdal:
    """What GDAL said and read, in a process of its own: pyogrio holds the interpreter while it waits for the server."""

    refused: str
    names: list[str]
    folder: Path

    def read(self, name: str) -> Any:
        return pyogrio.read_dataframe(self.folder / f"{name}.gpkg")


def file_of(root: Path, edition: str) -> Any:
    return pyogrio.read_dataframe(root / "layers" / "data" / f"ecological-red-line-{edition}.gpkg")


def box_of(root: Path) -> tuple[float, float, float, float]:
    west, south, east, north = file_of(root, "2022").total_bounds
    return west, south, (west + east) / 2, (south + north) / 2


@pytest.fixture(scope="module")
def gdal(office_of_module: World, address: str, shared_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Gdal:
    folder = tmp_path_factory.mktemp("gdal")
    told = {
        "token": token(office_of_module, "reviewer"),
        "source": f"OAPIF:{address}",
        "layer": LAYER,
        "out": str(folder),
        "reads": {
            "pages": {"PAGE_SIZE": "7"},
            "box": {"bbox": box_of(shared_root), "PAGE_SIZE": "5"},
            "belt": {"CRS": "http://www.opengis.net/def/crs/EPSG/0/4547"},
        },
    }
    command = [sys.executable, "-c", _READ]
    done = subprocess.run(command, input=json.dumps(told), capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return Gdal(said["refused"], said["names"], folder)


def test_gdal_reads_every_feature_over_many_pages(gdal: Gdal, shared_root: Path) -> None:
    truth = file_of(shared_root, "2022")
    assert {LAYER, "drinking-water", "cases", "register-mine-parcels"} <= set(gdal.names)
    found = gdal.read("pages")
    assert len(found) == 31  # five pages
    assert list(found["zone_id"]) == list(truth["zone_id"])
    for one, other in zip(found.geometry, truth.geometry, strict=True):
        assert shapely.hausdorff_distance(one, other) < 1e-8


def test_gdal_reads_a_box(gdal: Gdal, shared_root: Path) -> None:
    truth = file_of(shared_root, "2022")
    expected = list(truth["zone_id"][truth.geometry.intersects(shapely.box(*box_of(shared_root)))])
    assert 0 < len(expected) < len(truth)
    assert list(gdal.read("box")["zone_id"]) == expected


def test_gdal_turns_the_axes_of_a_belt_the_right_way(gdal: Gdal, shared_root: Path) -> None:
    truth = file_of(shared_root, "2022").to_crs("EPSG:4547")
    found = gdal.read("belt")
    assert found.crs.to_epsg() == 4547
    for one, other in zip(found.geometry, truth.geometry, strict=True):
        assert shapely.hausdorff_distance(one, other) < 1e-3  # metres


def test_gdal_without_a_token_is_refused(gdal: Gdal) -> None:
    assert "401" in gdal.refused


def test_owslib_reads_features(office_of_module: World, address: str) -> None:
    from owslib.ogcapi.features import Features

    headers = {"Authorization": f"Bearer {token(office_of_module, 'restoration')}"}
    service = Features(f"{address}/", headers=headers)
    assert LAYER in service.feature_collections()
    assert "cases" not in service.feature_collections()
    page = service.collection_items(LAYER, limit=2, bbox=[112.0, 35.0, 113.0, 36.0])
    assert page["numberReturned"] == 2
    one = service.collection_item(LAYER, page["features"][1]["id"])
    assert one["properties"] == page["features"][1]["properties"]
    assert "conformsTo" in service.conformance()
    assert "paths" in service.api()


def test_owslib_runs_the_process_now_and_as_a_job(office_of_module: World, address: str, shared_root: Path) -> None:
    import time

    from owslib.ogcapi.processes import Processes

    headers = {"Authorization": f"Bearer {token(office_of_module, 'reviewer')}"}
    service = Processes(f"{address}/", headers=headers)
    assert [one["id"] for one in service.processes()] == ["site-check"]
    assert "site" in service.process("site-check")["inputs"]
    school = json.loads((shared_root / "examples" / "school.geojson").read_text(encoding="utf-8"))
    told = service.execute("site-check", inputs={"site": school})
    verdict = Verdict.model_validate_json(json.dumps(told["check"]["value"]["verdicts"][0]))
    assert verdict.decision == "undetermined"
    begun = service.execute("site-check", inputs={"site": school}, async_=True)
    http = program(office_of_module)
    status, tries = "accepted", 0
    while status in ("accepted", "running") and tries < 600:
        time.sleep(0.1)
        tries += 1
        status = http.get(f"/ogc/jobs/{begun['jobID']}").json()["status"]
    assert status == "successful"
    results = http.get(f"/ogc/jobs/{begun['jobID']}/results").json()["check"]["value"]
    assert Verdict.model_validate_json(json.dumps(results["verdicts"][0])).decision == "undetermined"
