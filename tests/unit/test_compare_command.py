"""`zoning compare`: what it takes, prints and writes; every sentence of a mistake."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import tiny_workspace
from zoning.cli.compare import CompareRequest, run_compare
from zoning.cli.compare_sides import SidesRequest
from zoning.cli.session import Session
from zoning.errors import UsageError, ZoningError
from zoning.texts import Language

SITE = (112.409, 35.509, 112.412, 35.511)  # across the corner of level 1, in level 2
FAR = (112.48, 35.41, 112.481, 35.411)


def two(tmp_path: Path) -> tuple[Path, Path]:
    """Return two workspaces: in the second level 1 reaches 0.002 degrees farther east."""
    one, other = tiny_workspace.build(tmp_path / "a"), tiny_workspace.build(tmp_path / "b")
    for root in (one, other):
        text = (root / "zoning.yaml").read_text(encoding="utf-8").replace("5 km", "300 m")
        (root / "zoning.yaml").write_text(text, encoding="utf-8")
    west, south, _, north = tiny_workspace.WATER["1"]
    water = {"1": (west, south, 112.412, north), "2": tiny_workspace.WATER["2"]}
    rows = [(f"W{code}", "下芹", code, box) for code, box in water.items()]
    tiny_workspace.geojson(other / "layers/data/water.geojson", rows)
    return one, other


def run(
    one: Path | None,
    other: Path | None,
    *,
    layers: tuple[str, ...] = (),
    from_: str | None = None,
    to: str | None = None,
    workspace: Path | None = None,
    language: Language = "en",
    as_json: bool = False,
    **more: Any,
) -> int:
    """Run the plain function behind the command."""
    sides = SidesRequest(one, other, layers, from_, to, "2024-01-01", workspace)
    options: dict[str, Any] = {
        "townships": "townships",
        "match_share": 0.5,
        "out": None,
        "register": None,
        "facts": None,
        "sets": (),
        "crs": None,
        "verify": 0,
        "resume": False,
        "restart": False,
    }
    return run_compare(Session(language, {}), CompareRequest(sides, **{**options, **more}), as_json=as_json)


def sites(tmp_path: Path) -> Path:
    """Return a boundary file with a site at the change and one far from it."""
    path = tiny_workspace.site_file(tmp_path / "sites.geojson", SITE)
    document = json.loads(path.read_text(encoding="utf-8"))
    far = {"id": "2", "name": "远处"}
    document["features"].append({"type": "Feature", "properties": far, "geometry": tiny_workspace.polygon(FAR)})
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_workspaces_are_compared_and_only_reached_sites_checked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = two(tmp_path)
    code = run(one, other, register=sites(tmp_path), sets=("construction=new",), verify=5, as_json=True)
    found = json.loads(capsys.readouterr().out)
    diff = found["verdicts"]
    assert (code, diff["sites"], diff["rechecked"], diff["layers"], diff["verified"]) == (1, 2, 1, ["water"], 1)
    (change,) = diff["changes"]
    assert (change["name"], change["before"], change["after"]) == ("地块一", "prohibited", "prohibited")
    assert {(c["what"], c["layer"], c["class_id"], c["rule"]) for c in change["changes"]} == {
        ("area", "water", "level-1", None),
        ("area", "water", "level-1", "R042"),
    }
    before = next(layer for layer in found["layers"] if layer["layer"] == "water")
    assert before["townships"]["off_by"] < 1e-9
    cells = {(c["before"], c["after"]) for c in before["territories"]["cells"]}
    assert cells == {("level-1", "level-1"), ("level-2", "level-1"), ("level-2", "level-2")}


def test_text_names_what_changed_and_what_did_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = two(tmp_path)
    assert run(one, other, language="zh") == 0
    text = capsys.readouterr().out
    assert "没有变化：基本农田、辖区" in text
    assert "（在各乡镇之外）：二级区 → 一级区" in text
    assert "区：新增 0，删除 0，改名 0，改变 1，未变 1" in text


def test_files_are_written_and_the_geopackage_has_its_style(tmp_path: Path) -> None:
    one, other = two(tmp_path)
    out = tmp_path / "out"
    run(one, other, layers=("water",), out=out, register=sites(tmp_path))
    assert sorted(path.name for path in out.iterdir()) == [
        "classes.csv",
        "comparison.json",
        "comparison.xlsx",
        "matrix.csv",
        "pieces.gpkg",
        "territories.csv",
        "verdicts.csv",
        "zones.csv",
    ]
    with sqlite3.connect(out / "pieces.gpkg") as database:
        styles = database.execute("SELECT f_table_name, useAsDefault FROM layer_styles").fetchall()
        kinds = database.execute(f'SELECT "change" FROM "{styles[0][0]}"').fetchall()  # noqa: S608 - our own table
    database.close()
    assert (styles, kinds) == ([("water 2020 - 2020", 1)], [("reclassified",)])
    head = (out / "matrix.csv").read_bytes()[:20]
    assert head.startswith(b"\xef\xbb\xbflayer,")


def test_two_files_take_classes_and_fields_from_the_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = two(tmp_path)
    files = one / "layers/data/water.geojson", other / "layers/data/water.geojson"
    assert run(*files, layers=("water",), workspace=one, as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert [layer["layer"] for layer in found["layers"]] == ["water"]
    assert [zone["id_a"] for zone in found["layers"][0]["zones"]] == ["W1"]


def with_editions(root: Path) -> None:
    """Give the water layer a second edition, in which level 1 is gone."""
    tiny_workspace.geojson(root / "layers/data/water-2023.geojson", [("W2", "下芹", "2", tiny_workspace.WATER["2"])])
    path = root / "layers/water.yaml"
    text = path.read_text(encoding="utf-8")
    more = '  "2023": {file: data/water-2023.geojson, valid_from: 2023-01-01}\n'
    path.write_text(text.replace("coverage:", f"{more}coverage:"), encoding="utf-8")


@pytest.mark.parametrize(("from_", "to"), [("2020", "2023"), ("2021-05-05", "2023-05-05")])
def test_editions_are_named_by_id_or_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], from_: str, to: str
) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    with_editions(root)
    code = run(
        None, None, layers=("water",), from_=from_, to=to, workspace=root, register=sites(tmp_path),
        sets=("construction=new",), as_json=True,
    )  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    (change,) = found["verdicts"]["changes"]
    assert (code, change["before"], change["after"]) == (1, "prohibited", "restricted")
    assert found["layers"][0]["before"]["edition"] == "2020"
    assert found["layers"][0]["after"]["edition"] == "2023"


def test_days_compare_the_whole_workspace_and_check_every_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    run(None, None, from_="2023-05-01", to="2024-05-01", workspace=root, register=sites(tmp_path), as_json=True)
    found = json.loads(capsys.readouterr().out)["verdicts"]
    assert (found["rechecked"], found["changes"]) == (2, [])
    assert found["everywhere"][0]["en"] == "the days of the check differ: 2023-05-01, 2024-05-01"


def test_verdicts_bring_their_own_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from zoning.cli.check import CheckRequest, run_check

    one, other = two(tmp_path)
    request = CheckRequest(sites(tmp_path), None, ("construction=new",), "2024-01-01", one)
    run_check(Session("en", {}), request, as_json=True)
    verdicts = json.loads(capsys.readouterr().out)
    folder = tmp_path / "verdicts"
    folder.mkdir()
    for number, verdict in enumerate(verdicts):
        (folder / f"{number}.json").write_text(json.dumps(verdict), encoding="utf-8")
    lines = tmp_path / "verdicts.jsonl"
    lines.write_text("\n".join(json.dumps(v) for v in [*verdicts, {"status": "refused"}]), encoding="utf-8")
    single = tmp_path / "all.json"
    single.write_text(json.dumps(verdicts), encoding="utf-8")
    told = []
    for register in (folder, lines, single):
        assert run(one, other, register=register, as_json=True) == 1
        told.append([change["number"] for change in json.loads(capsys.readouterr().out)["verdicts"]["changes"]])
    assert told == [[1]] * 3


def test_an_interrupted_diff_is_continued(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zoning.planning.compare.verdict_diff import Checked, Recheck, RegisteredSite

    one, other = two(tmp_path)
    many = tiny_workspace.site_file(tmp_path / "many.geojson", SITE)
    document = json.loads(many.read_text(encoding="utf-8"))
    document["features"] = [
        {**document["features"][0], "properties": {"id": str(n), "name": f"地块{n}"}} for n in range(60)
    ]
    many.write_text(json.dumps(document), encoding="utf-8")
    out = tmp_path / "out"
    whole = Recheck.check
    done: list[int] = []

    def check(self: Recheck, some: list[RegisteredSite]) -> Checked:
        done.append(len(some))
        if len(done) == 2:
            raise KeyboardInterrupt
        return whole(self, some)

    monkeypatch.setattr(Recheck, "check", check)
    with pytest.raises(KeyboardInterrupt):
        run(one, other, register=many, out=out)
    assert [path.name for path in out.iterdir()] == [".compare-parts"]
    with pytest.raises(UsageError) as refused:
        run(one, other, register=many, out=out)
    assert refused.value.get("en") == (
        f"{out / '.compare-parts'}: it holds the work of an interrupted run: continue with --resume, begin anew with "
        "--restart"
    )
    shutil.copytree(out, tmp_path / "changed")
    (other / "rules/plan/R083.yaml").touch()
    assert run(one, other, register=many, out=out, resume=True) == 1
    assert done == [25, 25, 25, 10]  # the first run was not repeated
    assert not (out / ".compare-parts").exists()
    found = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert len(found["verdicts"]["changes"]) == 60
    capsys.readouterr()
    text = (other / "rules/plan/R083.yaml").read_text(encoding="utf-8")
    (other / "rules/plan/R083.yaml").write_text(text.replace("第一章", "第二章"), encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        run(one, other, register=many, out=tmp_path / "changed", resume=True)
    assert refused.value.get("en") == (
        f"{tmp_path / 'changed' / '.compare-parts'}: it cannot be continued, this has changed since: after: rules; "
        "begin anew with --restart"
    )


def test_a_wrong_untouched_is_found_by_verification_and_everything_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zoning.planning.compare import verdict_diff

    one, other = two(tmp_path)
    monkeypatch.setattr(verdict_diff, "affected_sites", lambda *_: [])
    assert run(one, other, register=sites(tmp_path), verify=2, as_json=True) == 1
    captured = capsys.readouterr()
    found = json.loads(captured.out)["verdicts"]
    assert (found["contradicted"], found["rechecked"], len(found["changes"])) == ([1], 2, 1)
    assert "verification found sites wrongly taken for untouched (1)" in captured.err


@pytest.mark.parametrize(
    ("options", "zh"),
    [
        ({}, "请给出 A 和 B（两个工作空间，或两个图层文件加 --layer），或用 --layer 加 --from 和 --to 指明两个版本"),
        ({"from_": "2020", "to": "2023"}, "“2020”不是日期；没有 --layer 时，--from 和 --to 是日期（如 2024-01-01）"),
        ({"layers": ("water",), "from_": "2020", "to": "2031"}, "图层 water 没有版本“2031”；可用：2020"),
        (
            {"layers": ("water",), "from_": "2020", "to": "2019-01-01"},
            "图层 water 没有在这一天有效的版本：“2019-01-01”；可用：2020",
        ),
        ({"layers": ("watre",), "from_": "2020", "to": "2020"}, "没有图层“watre”；是否想写“water”？"),
        ({"layers": ("water",), "from_": "2020", "to": "2020", "resume": True}, "--resume 只用于 --sites"),
        (
            {"layers": ("water",), "from_": "2020", "to": "2020", "match_share": 0.4},
            "--match-share：须在 0.5 与 1 之间",
        ),
        ({"layers": ("water",), "from_": "2020", "to": "2020", "register": Path("no.json")}, "文件不存在：no.json"),
    ],
)
def test_mistakes_say_what_to_do(tmp_path: Path, options: dict[str, Any], zh: str) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    with pytest.raises(UsageError) as found:
        run(None, None, workspace=root, **options)
    assert found.value.get("zh") == zh


def test_a_workspace_and_a_file_do_not_go_together(tmp_path: Path) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    with pytest.raises(UsageError) as found:
        run(root, root / "layers/data/water.geojson")
    assert found.value.get("en") == (
        f"{root} is a workspace, the other is not: name two workspaces, or two layer files"
    )
    with pytest.raises(UsageError) as found:
        run(root / "layers/data/water.geojson", root / "layers/data/water.geojson", workspace=root)
    assert found.value.get("en") == "two files need one --layer: whose classes and fields they have"


def test_plans_that_name_what_is_not_there_are_refused(tmp_path: Path) -> None:
    one, other = two(tmp_path)
    (other / "plans").mkdir()
    (other / "plans/three-keeps.yaml").write_text(
        "title: {zh: 三不, en: keeps}\n"
        "rules:\n"
        "  K:\n"
        "    title: {zh: 某, en: some}\n"
        "    citation: {document: none, section: 一}\n"
        '    territories: ["140522"]\n'
        "    from: 2020-01-01\n"
        "    layers:\n"
        "      - {layer: water, classes: [level-9], function: use}\n",
        encoding="utf-8",
    )
    with pytest.raises(ZoningError) as found:
        run(one, other)
    assert found.value.get("en") == (
        "plans/three-keeps.yaml: K: there is no document 'none'; K: layer water has no class 'level-9'; "
        "K: layer water has no field 'use'"
    )


def test_the_built_in_plans_are_sound_and_cite_what_stands_in_the_register() -> None:
    from zoning.planning.compare.adjustments import AdjustmentRule, read_adjustments
    from zoning.planning.compare.keeps import KeepRule, read_keeps
    from zoning.workspace import Workspace, builtin_root

    workspace = Workspace.open(builtin_root())
    keeps = read_keeps(builtin_root() / "plans/three-keeps.yaml")
    register = read_adjustments(builtin_root() / "plans/boundary-adjustments.yaml")
    documents = workspace.rulebook.documents
    assert keeps.mistakes(workspace.catalogue, documents) == []
    assert register.mistakes(workspace.catalogue, documents) == []
    entries: list[tuple[str, KeepRule | AdjustmentRule]] = [*keeps.rules.items(), *register.rules.items()]
    for name, entry in entries:
        rule = workspace.rulebook.get(name)
        if rule is not None:
            places = [(c.document, c.section, c.lines, c.anchor) for c in rule.citations]
            cited = entry.citation
            assert (cited.document, cited.section, cited.lines, cited.anchor) in places, name
            assert entry.territories == rule.territories
            assert entry.from_ == rule.in_force.from_
