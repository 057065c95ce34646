"""What installs without network: every wheel is compared with its digest, and nothing but the folder is asked.

With small wheels made here; the real folder is made by `make wheelhouse`, which then installs and uses it with the
network cut.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import wheelhouse_notes
from dependencies import components, in_wheels

PROGRAM = "zoning-check"


def write_wheel(folder: Path, name: str, version: str, body: str, *needs: str, script: str = "") -> Path:
    """Write a wheel of one module."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = [
        f"Name: {name}",
        f"Version: {version}",
        "License-Expression: MIT",
        *(f"Requires-Dist: {n}" for n in needs),
    ]
    files = {
        f"{module}.py": body,
        f"{info}/METADATA": "\n".join(["Metadata-Version: 2.4", *metadata, ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{script}\n" if script else "",
    }
    rows = [f"{path},sha256={record(text)},{len(text.encode())}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""])
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name_in, text in files.items():
            archive.writestr(name_in, text)
    return path


def record(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def house(tmp_path: Path, repository_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    body = "import a_part\n\n\ndef main():\n    print(a_part.WORD)\n"
    write_wheel(folder, PROGRAM, "1.0", body, "a-part>=2", script="zoning = zoning_check:main")
    write_wheel(folder, "a-part", "2.1", "WORD = 'from the folder'\n")
    shutil.copy(repository_root / "deploy" / "install", folder / "install")
    monkeypatch.setattr(wheelhouse_notes, "wanted", lambda _: [Requirement("a-part>=2")])
    monkeypatch.setattr("sbom.wanted", lambda _: [Requirement("a-part>=2")])
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wheelhouse_notes.write_notes(folder, version, ["serve"])
    return folder


def install(house: Path, target: Path) -> "subprocess.CompletedProcess[str]":
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Nobody answers there: an installation that asked would fail.
    environ |= {"PYTHON": sys.executable, "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "0"}
    return subprocess.run(["sh", house / "install", target], env=environ, capture_output=True, text=True, check=False)


def test_it_installs_from_the_folder_alone_and_refuses_what_was_changed(house: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    done = install(house, target)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == f"installed: {target}/bin/zoning"
    run = subprocess.run([target / "bin" / "zoning"], capture_output=True, text=True, check=True)
    assert run.stdout == "from the folder\n"
    # The same environment again, with a newer wheel that was changed on the way.
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    write_wheel(
        house, PROGRAM, "1.1", "def main():\n    print('newer')\n", "a-part>=2", script="zoning = zoning_check:main"
    )
    (house / "zoning_check-1.0-py3-none-any.whl").unlink()
    wheelhouse_notes.write_notes(house, version, ["serve"])
    write_wheel(house, PROGRAM, "1.1", "def main():\n    print('changed')\n", script="zoning = zoning_check:main")
    done = install(house, target)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("not installed: a wheel is missing or differs from its SHA-256")
    run = subprocess.run([target / "bin" / "zoning"], capture_output=True, text=True, check=True)
    assert run.stdout == "from the folder\n"


def test_a_folder_for_another_python_and_a_folder_in_use_are_refused(house: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "work.txt").write_text("mine", encoding="utf-8")
    done = install(house, taken)
    assert done.returncode == 1
    assert done.stderr.endswith(f"{taken} exists and is no environment; it was left as it is\n")
    assert [path.name for path in taken.iterdir()] == ["work.txt"]
    wheelhouse_notes.write_notes(house, "3.99", ["serve"])
    done = install(house, tmp_path / "new")
    assert done.returncode == 1
    assert "the wheels in this folder are for Python 3.99, found was 3." in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_folder_in_which_something_is_missing_is_not_finished(house: Path) -> None:
    next(house.glob("a_part*.whl")).unlink()
    with pytest.raises(SystemExit, match="there is no wheel of a-part"):
        wheelhouse_notes.write_notes(house, "3.11", ["serve"])
    write_wheel(house, "a-part", "2.1", "")
    write_wheel(house, "stray", "1.0", "")
    with pytest.raises(SystemExit, match="nothing needs stray"):
        wheelhouse_notes.write_notes(house, "3.11", ["serve"])


def test_what_goes_with_it_tells_of_every_wheel(house: Path) -> None:
    lines = (house / "requirements.txt").read_text(encoding="utf-8").splitlines()[1:]
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in house.glob("*.whl")}
    assert lines == [
        f"a-part==2.1 --hash=sha256:{digests['a_part-2.1-py3-none-any.whl']}",
        f"zoning-check==1.0 --hash=sha256:{digests['zoning_check-1.0-py3-none-any.whl']}",
    ]
    bill = (house / "sbom.cdx.json").read_text(encoding="utf-8")
    assert all(digest in bill for digest in digests.values())
    assert "| a-part | 2.1 | MIT |" in (house / "LICENSES.md").read_text(encoding="utf-8")
    note = (house / "README.md").read_text(encoding="utf-8")
    assert "zoning-check 1.0：不联网安装 · installing without network" in note
    assert "{" not in note
    found = components(in_wheels(house), [Requirement("a-part")])
    assert [(one.name, one.licence, one.needs) for one in found] == [("a-part", "MIT", ())]


def test_no_script_of_the_release_names_a_place_in_a_network(repository_root: Path) -> None:
    names = (
        "scripts/wheelhouse",
        "scripts/check_wheelhouse",
        "scripts/build_wheel",
        "scripts/check_versions",
        "deploy/install",
    )
    for name in names:
        text = (repository_root / name).read_text(encoding="utf-8")
        assert [word for word in text.split() if "://" in word and "127.0.0.1" not in word] == [], name
