"""`zoning report` as a user runs it: formats, files, sentences, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tiny_workspace
from command_process import run_zoning
from report_world import IN_LEVEL_1
from zoning.cli.check import CheckRequest
from zoning.cli.report import ReportFormat, ReportRequest, run_report, run_verify
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError

ON = "2026-06-01"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tiny_workspace.site_file(tmp_path / "site.geojson", IN_LEVEL_1)


def command(*arguments: str | Path, cwd: Path, language: str = "zh") -> subprocess.CompletedProcess[str]:
    return run_zoning("report", *arguments, cwd=cwd, language=language)


def request(site: Path, root: Path, out: Path, *to: str, template: Path | None = None) -> ReportRequest:
    check = CheckRequest(site, None, ("construction=new",), ON, root, out=out)
    return ReportRequest(check, tuple(ReportFormat(one) for one in to), template, maker="某局", maps=False)


def test_all_formats_in_one_call_and_each_verified(root: Path, site: Path, tmp_path: Path) -> None:
    options = (
        "-w",
        root,
        "--set",
        "construction=new",
        "--on",
        ON,
        "--no-maps",
        "--maker",
        "某局",
        "--applicant",
        "某公司",
    )
    formats = ("--to", "docx", "--to", "html", "--to", "xlsx")
    done = command(site, *formats, "--out", tmp_path / "out", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert [path.name for path in paths] == ["site-report.docx", "site-report.html", "site-report.xlsx"]
    for path in paths:
        verified = command("--verify", path, "-w", root, "--replay", cwd=tmp_path)
        assert verified.returncode == 0
        first, second = verified.stdout.splitlines()
        assert first.startswith("报告与研判结论一致：“地块一”，核对码 ")
        assert second == "用当前工作空间重新运行，结论逐字节相同。"


def test_a_changed_report_leaves_with_1(
    root: Path, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session("en", environ={})
    out = tmp_path / "r.html"
    assert run_report(session, request(site, root, out, "html")) == 0
    visible, script, embedded = out.read_text(encoding="utf-8").partition("<script")
    out.write_text(visible.replace("Prohibited", "Permitted") + script + embedded, encoding="utf-8")
    capsys.readouterr()
    assert run_verify(session, out, root, replay=False) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("Report and verdict do not belong together: the file was changed after it was made (")
    assert "“Prohibited” was changed to “Permitted”." in told


def test_other_data_give_another_verdict(
    root: Path, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session("zh", environ={})
    out = tmp_path / "r.xlsx"
    run_report(session, request(site, root, out, "xlsx"))
    tiny_workspace.geojson(root / "layers" / "data" / "water.geojson", [])
    capsys.readouterr()
    assert run_verify(session, out, root, replay=True) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("报告与研判结论一致：")
    assert told[1] == "用当前工作空间重新运行，结论不同："
    assert any("水源" in line for line in told[2:])


def test_a_kept_verdict_is_told_by_its_code(root: Path, site: Path, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "zoning", "check", str(site), "-w", str(root), "--on", ON, "--format", "json"]
    done = subprocess.run(line, capture_output=True, check=False)
    kept = tmp_path / "verdict.json"
    kept.write_bytes(done.stdout)
    told = command("--verify", kept, cwd=tmp_path)
    assert told.returncode == 0
    assert told.stdout.startswith("研判结论“地块一”的核对码：")


def test_several_footprints_need_a_folder(root: Path, tmp_path: Path) -> None:
    first, second = tiny_workspace.polygon(IN_LEVEL_1), tiny_workspace.polygon((112.35, 35.55, 112.352, 35.5515))
    features = [
        {"type": "Feature", "properties": {"id": str(n), "name": "甲"}, "geometry": shape}
        for n, shape in enumerate((first, second), start=1)
    ]
    file = tmp_path / "two.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    session = Session("zh", environ={})
    with pytest.raises(UsageError) as caught:
        run_report(session, request(file, root, tmp_path / "one.html", "html"))
    assert caught.value.text.zh == "--out：one.html 是一个文件，而要写 2 份报告；请给出文件夹"
    assert run_report(session, request(file, root, tmp_path / "out", "html")) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["two-1-report.html", "two-2-report.html"]


def test_wrong_calls_are_said_before_anything_is_written(root: Path, site: Path, tmp_path: Path) -> None:
    session = Session("zh", environ={})
    cases = [
        (request(site, root, tmp_path / "r.pdf", "html"), UsageError, "--out：r.pdf 的扩展名与 --to html 不符"),
        (
            request(site, root, tmp_path / "out", "pdf", template=tmp_path / "t.docx"),
            UsageError,
            "--template 是 Word 模板，须与 --to docx 一起用",
        ),
        (
            request(site, root, tmp_path / "out", "docx", template=tmp_path / "t.docx"),
            ContentError,
            f"--template：{tmp_path / 't.docx'} 不存在",
        ),
    ]
    for asked, kind, sentence in cases:
        with pytest.raises(kind) as caught:
            run_report(session, asked)
        assert caught.value.text.zh == sentence
    assert not (tmp_path / "out").exists()
    done = command(cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "zoning: 请给出边界文件（zoning report SITE）或要核对的报告（--verify FILE），二者之一\n"
    done = command(site, "--replay", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "zoning: --replay 须与 --verify 一起用\n")


def test_a_report_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        run_verify(Session("zh", environ={}), tmp_path / "no.pdf", None, replay=False)
    assert caught.value.text.zh == f"{tmp_path / 'no.pdf'}：不能读取（不存在）"
