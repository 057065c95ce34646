"""`zoning mines mode` as a user runs it: text, files, maps, both languages, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from openpyxl import load_workbook

from suitability_world import CELL, NORTH, WEST, cells_box, raster
from zoning.cli.mines_mode import ModeRequest, run_mode
from zoning.cli.mines_parcels import ParcelsRequest
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.mines.decision_words import DECISIONS
from zoning.workspace import builtin_root

ON = "2026-11-22"
SHAPES = {"一号坑": cells_box(2, 2, 5, 5), "二号坑": cells_box(7.5, 7.5, 10.5, 11), "三号坑": cells_box(18, 18, 22, 22)}
DAMAGE = {"一号坑": "1", "二号坑": "1", "三号坑": "1,2"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parcels, a model that rises to the north by 10 m per row, and a cover of bare ground with grass in the east."""
    made = tmp_path_factory.mktemp("mode")
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "STWT": DAMAGE[name]},
            "geometry": shapely.geometry.mapping(shape),
        }
        for name, shape in SHAPES.items()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    (made / "parcels.geojson").write_text(text, encoding="utf-8")
    raster(made / "dem.tif", [[1000.0 - 10 * row] * 20 for row in range(20)])
    raster(made / "cover.tif", [[7.0] * 8 + [4.0] * 12 for _ in range(20)])
    return made


def request(folder: Path, **more: Any) -> ModeRequest:
    told: dict[str, Any] = {
        "parcels": ParcelsRequest(folder / "parcels.geojson"),
        "dem": folder / "dem.tif",
        "cover": folder / "cover.tif",
        "on": ON,
        "workspace": builtin_root(),
    }
    return ModeRequest(**told | more)


@pytest.fixture(scope="module")
def written(folder: Path) -> Path:
    out = folder / "out"
    assert run_mode(Session("zh", {}), request(folder, out=out, maps=True), as_json=False) == 0
    return out


def test_the_document_holds_every_number_with_its_trace(written: Path) -> None:
    document = json.loads((written / "mode.json").read_text(encoding="utf-8"))
    assert document["schema"] == "zoning.mines.mode/1"
    assert document["on"] == ON
    assert set(document["sources"]["files"]) == {"dem", "cover"}
    assert len(document["sources"]["files"]["dem"]["sha256"]) == 64
    assert [parcel["name"] for parcel in document["parcels"]] == list(SHAPES)
    weights = document["parameters"]["suitability"]["modes"]
    for parcel in document["parcels"]:
        for mode, score in parcel["scores"].items():
            parts = score["parts"]
            for part in parts:
                assert part["weight"] == weights[mode]["uses"][part["criterion"]]["weight"]
                if part["weight"]:
                    # Rounded to six digits each.
                    assert part["adds"] == pytest.approx([part["weight"] * end for end in part["membership"]], abs=2e-6)
            total = [sum(part["adds"][end] for part in parts if part["weight"]) for end in (0, 1)]
            if not score["knocked_out_by"]:
                assert score["if_passed"] == pytest.approx(total, abs=1e-5)
                assert score["score"][0] == pytest.approx(0 if score["open_limits"] else total[0], abs=1e-5)
        for ruling in parcel["law"].values():
            for reason in ruling["reasons"]:
                assert document["rules"][reason["rule"]]["citation"]["zh"]
            for fact in ruling["questions"]:
                assert document["questions"][fact]["zh"]
    # The model rises by 10 m in 0.001 degrees of latitude, 110.95 m here: 5.15 degrees, looking south.
    first, _, third = (parcel["values"] for parcel in document["parcels"])
    assert first["slope"]["mean"] == pytest.approx(5.15, abs=0.01)
    assert first["from-south"]["mean"] == pytest.approx(0.0, abs=1e-4)
    assert first["cover"]["shares"] == {"bare": pytest.approx(1.0, abs=1e-5)}
    # Of the sixteen cells of the third four lie on the model, and one of these not at its edge.
    assert third["slope"]["covered"] == pytest.approx(1 / 16, abs=1e-5)
    assert first["soil-depth"]["not_known"]["en"] == "no raster was given (--raster)"


def test_an_open_decision_is_never_recommended_without_its_questions(written: Path) -> None:
    document = json.loads((written / "mode.json").read_text(encoding="utf-8"))
    seen = set()
    for parcel in document["parcels"]:
        for group in ("target", "way"):
            found = parcel[group]
            assert found["mode"] is not None
            ruling = parcel["law"][found["mode"]]
            seen.add(ruling["decision"])
            assert ruling["decision"] == found["decision"] != "prohibited"
            if found["decision"] == "undetermined":
                assert found["questions"] or found["missing_layers"]
    assert "undetermined" in seen


def test_workbook_and_geopackage_hold_the_same(written: Path) -> None:
    document = json.loads((written / "mode.json").read_text(encoding="utf-8"))
    book = load_workbook(written / "mode.xlsx")
    assert book.sheetnames == ["说明", "建议", "得分", "评分依据", "合规性核查", "权重敏感性"]
    sheet = book["建议"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=2)]
    table = pyogrio.read_dataframe(written / "mode.gpkg", layer=0).set_index("id")
    for row, parcel in zip(rows, document["parcels"], strict=True):
        target = parcel["target"]
        assert row["图斑编号"] == parcel["id"]
        assert row["最低分"] == pytest.approx(target["score"][0], abs=1e-6)
        assert row["合规性"] == DECISIONS[target["decision"]].zh
        there = table.loc[parcel["id"]]
        assert there["target"] == target["mode"]
        assert there["score_high"] == pytest.approx(target["score"][1], abs=1e-4)
        assert (
            there["way_code"]
            == {"natural": "1", "assisted": "2", "reconstruction": "3", "transform": "4"}[parcel["way"]["mode"]]
        )
    trace = book["评分依据"]
    assert trace.max_row - 1 == sum(len(s["parts"]) for p in document["parcels"] for s in p["scores"].values())


def test_the_same_inputs_give_the_same_bytes(folder: Path, written: Path, tmp_path: Path) -> None:
    assert run_mode(Session("zh", {}), request(folder, out=tmp_path), as_json=False) == 0
    for name in ("mode.json", "mode.xlsx", "mode.gpkg"):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes(), name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mode.gpkg", "mode.json", "mode.xlsx"]


def test_maps_hold_what_the_parcels_are_scored_with(written: Path) -> None:
    document = json.loads((written / "mode.json").read_text(encoding="utf-8"))
    maps = sorted(path.name for path in written.glob("*.tif"))
    assert maps == [f"score-{mode}.tif" for mode in ("cropland", "fishery", "forest", "grass", "landscape")]
    with rasterio.open(written / "score-grass.tif") as file:
        assert file.descriptions == ("lowest", "highest")
        assert file.nodata == -1.0
        low, high = file.read(1), file.read(2)
        assert (file.transform.c, file.transform.f, file.transform.a) == (WEST, NORTH, CELL)
    # Grass has raster criteria only and no limit is met: the first parcel covers whole cells away from the edge.
    first = document["parcels"][0]["scores"]["grass"]["score"]
    assert float(low[2:5, 2:5].mean()) == pytest.approx(first[0], abs=1e-3)
    assert float(high[2:5, 2:5].mean()) == pytest.approx(first[1], abs=1e-3)
    # The second covers parts of cells: their shares weigh.
    shares = np.outer([0.5, 1, 1, 1], [0.5, 1, 1, 0.5])
    second = document["parcels"][1]["scores"]["grass"]["score"]
    assert float((low[7:11, 7:11] * shares).sum() / shares.sum()) == pytest.approx(second[0], abs=1e-3)
    # At the edge slope and relief are not known: the interval is wide.
    assert ((high - low)[0, 1:-1] > (high - low)[10, 1:-1]).all()
    # Old-mine water is not known: fishery may be out everywhere, and could be well suited.
    with rasterio.open(written / "score-fishery.tif") as file:
        assert (file.read(1) == 0).all()
        assert (file.read(2) > 0).all()


def test_the_text_names_what_is_open_and_what_is_barred(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_mode(Session("en", {}), request(folder), as_json=False) == 0
    out, err = capsys.readouterr()
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == "restoration mode of 3 parcels"
    assert any(line.startswith("target: ") for line in lines)
    assert any(line.startswith("? ") for line in lines)
    assert any(line.startswith("also required: Old-mine water") for line in lines)
    # The third has a geological problem (STWT 2).
    assert [line for line in lines if line.startswith("out by a limit")] == [
        "out by a limit: natural recovery: damage (STWT)"
    ]
    assert "sensitivity: of 500 random sets of weights" in out
    assert err.splitlines() == ["scores 3/3", "law 3/3"]
    assert run_mode(Session("zh", {}), request(folder), as_json=False) == 0
    out = capsys.readouterr().out
    assert out.startswith("修复方向建议：3 个图斑\n")
    assert "同时要求：老窑水调查和一矿一策治理（R206" in out


def test_answers_are_taken_from_options(folder: Path, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = json.loads((written / "mode.json").read_text(encoding="utf-8"))["parcels"][0]["law"]["forest"]
    fact = before["questions"][0]
    # What a mode is cannot be answered away.
    sets = (f"{fact}=no", "restoration_target=grass")
    facts = folder / "told.yaml"
    facts.write_text(f"sites:\n  四号坑: {{{fact}: yes}}\n", encoding="utf-8")
    assert run_mode(Session("en", {}), request(folder, sets=sets, facts=facts), as_json=True) == 0
    said = capsys.readouterr()
    assert "told.yaml: there is no parcel 四号坑 here: the facts that are told of it are not used" in said.err
    after = json.loads(said.out)["parcels"][0]["law"]["forest"]
    assert after["facts"][fact] is False
    assert fact not in after["questions"]
    assert after["facts"]["restoration_target"] == ["forest"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"maps": True}, "--maps goes with --out"),
        ({"rasters": ("soil-depth",)}, "--raster: write 'soil-depth' as CRITERION=FILE, each criterion once"),
        ({"rasters": ("slope=a.tif",)}, "--raster: there is no criterion 'slope'; allowed: soil-depth"),
        (
            {"vectors": ("vilage=a.gpkg",)},
            (
                "--vector: there is no criterion 'vilage' - did you mean 'village'?; "
                "allowed: water, road, village, irrigation, town, old-mine-water, strict-control"
            ),
        ),
        ({"sets": ("uses_coal",)}, "--set: write 'uses_coal' as fact=value"),
    ],
)
def test_what_cannot_be_meant_is_refused(folder: Path, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        run_mode(Session("en", {}), request(folder, **more), as_json=False)
    assert refused.value.text.en == sentence


def test_maps_need_a_raster_and_results_a_folder(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        run_mode(Session("en", {}), request(folder, dem=None, cover=None, out=tmp_path, maps=True), as_json=False)
    assert refused.value.text.en == "--maps: give --dem or --cover"
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(ContentError) as wrong:
        run_mode(Session("en", {}), request(folder, out=blocked), as_json=False)
    assert wrong.value.text.en == f"{blocked}: this is no folder"
