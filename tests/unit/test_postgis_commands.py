"""`zoning` on layers that live in a database, as a user runs it; and `scripts/with-postgis` itself."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

import tiny_workspace
from command_here import run_here
from long_runs import times
from postgis_world import ROOT, Cluster, postgis_cluster, run_cluster, run_sql, tables_of, tcp_url

SECRET = "Geheim-7fq@x"  # noqa: S105 - of a server that lives as long as this test
IN_LEVEL_1 = (112.404, 35.504, 112.405, 35.505)
WITH_POSTGIS = ROOT / "scripts" / "with-postgis"


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    yield from run_cluster(unavailable)


@pytest.fixture
def root(cluster: Cluster, tmp_path: Path) -> Path:
    """Make a workspace whose layers are read by a role with a password that stands in the YAML files."""
    root = tables_of(cluster, tiny_workspace.build(tmp_path / "w"), tcp_url(cluster, "viewer", SECRET))
    run_sql(
        cluster,
        f"DO $$ BEGIN CREATE ROLE viewer LOGIN PASSWORD '{SECRET}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "GRANT USAGE ON SCHEMA gis TO viewer",
        "GRANT SELECT ON ALL TABLES IN SCHEMA gis TO viewer",
    )
    return root


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zoning", *map(str, arguments)]
    env = {**os.environ, "ZONING_LANG": "en"}
    return without_secret(
        subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=env, check=False)
    )


def here(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return without_secret(run_here(*arguments, cwd=cwd, language="en"))


def without_secret(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert "Traceback" not in done.stderr
    for secret in (SECRET, "Geheim-7fq"):
        assert secret not in done.stdout + done.stderr
    return done


def test_the_commands_read_tables_as_they_read_files(root: Path, cluster: Cluster) -> None:
    where = f"127.0.0.1:{cluster.port}/zoning"
    assert "Geheim-7fq%40x" in (root / "layers" / "water.yaml").read_text(encoding="utf-8")
    site = tiny_workspace.site_file(root / "site.geojson", IN_LEVEL_1)
    checked = run("check", site, "--set", "construction=new", "--on", "2026-06-01", "--format", "json", cwd=root)
    assert (checked.returncode, checked.stderr) == (1, "")
    verdict = json.loads(checked.stdout)
    assert verdict["decision"] == "prohibited"
    described = here("layers", "describe", "water", cwd=root)
    assert f"2020-01-01 – …  {where}:gis.water" in described.stdout
    # What is printed here is what an edition may state, and what a verdict rests on.
    assert verdict["digests"]["layers"]["water"] in described.stdout
    listed = json.loads(here("layers", "list", "--format", "json", cwd=root).stdout)
    assert {layer["editions"]["2020"]["source"] for layer in listed} == {f"postgresql://{where}"}
    all_well = here("layers", "check", cwd=root)
    assert (all_well.returncode, all_well.stdout.count("✓")) == (0, 3)
    (root / "verdict.json").write_text(checked.stdout, encoding="utf-8")
    assert here("check", "--replay", "verdict.json", cwd=root).returncode == 0


def test_a_wrong_password_is_told_and_not_shown(root: Path, cluster: Cluster) -> None:
    file = root / "layers" / "water.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Geheim-7fq%40x", "Geheim-7fq-old"), encoding="utf-8")
    said = f"database 127.0.0.1:{cluster.port}/zoning: it refused the login: check user and password"
    checked = run("layers", "check", cwd=root)
    assert checked.returncode == 11
    assert said in " ".join(checked.stdout.split())
    assert "the data cannot be read: see zoning layers check" in here("layers", "describe", "water", cwd=root).stdout
    site = tiny_workspace.site_file(root / "site.geojson", (112.33, 35.43, 112.331, 35.431))
    done = here("check", site, "--set", "construction=new", "--on", "2026-06-01", "--format", "json", cwd=root)
    assert done.returncode == 3
    verdict = json.loads(done.stdout)
    assert (verdict["decision"], verdict["missing_layers"]) == ("undetermined", ["water"])
    assert [entry["reason"]["en"] for entry in verdict["layers"] if entry["layer"] == "water"] == [said]


def test_an_address_with_a_raw_at_sign_is_told_and_not_shown(root: Path) -> None:
    file = root / "layers" / "water.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Geheim-7fq%40x", SECRET), encoding="utf-8")
    done = run("layers", "list", cwd=root)
    assert done.returncode == 10
    assert "water.yaml:15: editions.2020.source: this is no correct postgresql:// address" in done.stderr


def test_the_cluster_is_there_for_the_command_and_gone_afterwards(cluster: Cluster) -> None:
    assert cluster.port
    told = 'echo "$ZONING_TEST_POSTGIS"; exit 5'
    done = subprocess.run([str(WITH_POSTGIS), "sh", "-c", told], check=False, capture_output=True, text=True)
    assert done.returncode == 5
    other = Cluster.running(done.stdout.strip())
    assert other.folder != cluster.folder
    assert not other.folder.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP][: times(1, 3)])
def test_nothing_stays_when_it_is_interrupted(cluster: Cluster, number: signal.Signals) -> None:
    assert cluster.port
    command = [str(WITH_POSTGIS), "sh", "-c", 'echo "$ZONING_TEST_POSTGIS"; exec sleep 60']
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        other = Cluster.running(process.stdout.readline().strip())
        process.send_signal(number)
        assert process.wait() == 128 + number
    assert not other.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(other.url)
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(tcp_url(other, "postgres", "x"))


def program(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{content}\n", encoding="utf-8")
    path.chmod(0o755)


def test_what_is_missing_is_said_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(postgis_cluster, "_DEBIAN", tmp_path / "postgresql")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["with-postgis", "true"])
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        assert postgis_cluster.main() == 77
        assert capsys.readouterr().err.endswith(
            "PostgreSQL is not installed; run: apt install postgresql postgresql-postgis\n"
        )
        for name in ("initdb", "pg_ctl", "psql"):
            program(tmp_path / "postgresql" / "15" / "bin" / name, "exit 1")
        program(tmp_path / "postgresql" / "15" / "bin" / "pg_config", f"echo {tmp_path}")
        assert postgis_cluster.main() == 77
        assert "PostGIS is not installed" in capsys.readouterr().err
        (tmp_path / "extension").mkdir()
        (tmp_path / "extension" / "postgis.control").touch()
        assert postgis_cluster.find_binaries() == tmp_path / "postgresql" / "15" / "bin"
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
