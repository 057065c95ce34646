"""Results in a GeoPackage open coloured by decision, and the same rows still give the same bytes."""

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import batch_world
from batch_world import Stops, World, outcomes
from qgis_runner import ask_qgis
from zoning.errors import ContentError, SiteError
from zoning.rules.verdict import DECISIONS

LEGENDS = {
    "结论": ["判定不通过", "待补充信息", "受限准入", "判定通过", "未研判"],
    "Decisions": ["prohibited", "undetermined", "restricted", "permitted", "Refused"],
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return batch_world.make_world(tmp_path, count=20)


def asked(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return list(database.execute(query))


def test_there_is_a_style_in_each_language_and_the_chinese_one_is_the_default(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.gpkg"
    world.run(out)
    found = asked(
        out,
        "SELECT f_table_name, f_geometry_column, styleName, useAsDefault, update_time FROM layer_styles ORDER BY id",
    )
    assert found == [
        ("results", "geometry", "Decisions", 0, "2026-06-01T00:00:00.000Z"),
        ("results", "geometry", "结论", 1, "2026-06-01T00:00:00.000Z"),
    ]
    for name, qml in asked(out, "SELECT styleName, styleQML FROM layer_styles"):
        renderer = ET.fromstring(qml).find("renderer-v2")  # noqa: S314 - our own file
        assert renderer is not None
        assert renderer.get("attr") == "decision"
        said = [(one.get("label"), one.get("value")) for one in renderer.iter("category")]
        assert [label.lower() for label, _ in said if label] == [label.lower() for label in LEGENDS[name]]
        assert [value for _, value in said] == [*reversed(DECISIONS), ""]
        for decision in DECISIONS:
            red, green, blue = (int(outcomes().decisions[decision].colour[i : i + 2], 16) for i in (1, 3, 5))
            assert f"{red},{green},{blue}" in qml


def test_what_a_kill_left_of_the_styling_is_not_taken_up(world: World, tmp_path: Path) -> None:
    plain, out = tmp_path / "plain.gpkg", tmp_path / "r.gpkg"
    world.run(plain)
    with pytest.raises(SiteError):
        world.run(out, executor=Stops(1, SiteError("停", "stop")))
    parts = tmp_path / "r.gpkg.parts"
    # A copy with a change that was not brought to its end, and the journal that would undo it.
    copy = parts / ".results.gpkg.styled"
    shutil.copyfile(plain, tmp_path / "w.gpkg")
    with closing(sqlite3.connect(tmp_path / "w.gpkg", isolation_level=None)) as database:
        database.execute("PRAGMA cache_spill = 1")
        database.execute("PRAGMA cache_size = 1")
        database.execute("BEGIN")
        database.execute("DELETE FROM results")
        shutil.copyfile(tmp_path / "w.gpkg", copy)
        shutil.copyfile(tmp_path / "w.gpkg-journal", parts / ".results.gpkg.styled-journal")
    world.run(out, resume=True)
    assert out.read_bytes() == plain.read_bytes()
    assert not parts.exists()


def test_the_remains_of_a_styling_do_not_keep_the_work_folder(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    parts = tmp_path / "r.csv.parts"
    parts.mkdir()
    (parts / ".results.gpkg.styled").write_bytes(b"x")
    world.run(out)
    assert not parts.exists()


def test_a_full_disk_leaves_nothing_half_written(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, out = tmp_path / "plain.gpkg", tmp_path / "r.gpkg"
    world.run(plain)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("zoning.maps.qgis.geopackage.shutil.copyfile", full)
        with pytest.raises(ContentError, match="--resume") as caught:
            world.run(out)
    assert caught.value.text.en.startswith(f"{out}: cannot be written (No space left on device)")
    assert not out.exists()
    assert not [path for path in (tmp_path / "r.gpkg.parts").iterdir() if "results" in path.name]
    world.run(out, resume=True)
    assert out.read_bytes() == plain.read_bytes()


def test_a_table_of_several_kinds_gets_no_style_that_would_hide_some(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoning.batch.running.are_areas", lambda _: False)
    out = tmp_path / "r.gpkg"
    world.run(out)
    assert asked(out, "SELECT geometry_type_name FROM gpkg_geometry_columns") == [("GEOMETRY",)]
    assert asked(out, "SELECT name FROM sqlite_master WHERE name = 'layer_styles'") == []


def test_qgis_opens_it_coloured(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.gpkg"
    world.run(out)
    found = ask_qgis(do="tables", path=str(out), names=["results"])["results"]
    assert found["legend"] == LEGENDS["结论"]
    assert found["features"] == 20
