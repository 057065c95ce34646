"""The files in deploy/ name options and packages that exist, and take away what the server does not need."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMMAND = re.compile(r"/opt/zoning/bin/zoning ((?:[a-z]+ ?)+)([^;&'\]]*)")


class Unit(configparser.RawConfigParser):
    """A systemd unit: names keep their case."""

    def optionxform(self, optionstr: str) -> str:
        """Return the name as it is."""
        return optionstr


def unit(name: str) -> Unit:
    found = Unit(strict=False, interpolation=None)
    found.read(DEPLOY / name, encoding="utf-8")
    return found


def commands() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return file, words of the command and its options, for every call of the program."""
    found = []
    for path in sorted(DEPLOY.iterdir()):
        for match in COMMAND.finditer(path.read_text(encoding="utf-8")):
            words = tuple(match[1].split())
            found.append((path.name, words, tuple(re.findall(r"--[a-z-]+", match[2]))))
    return found


def test_there_are_commands() -> None:
    assert {words for _, words, _ in commands()} == {
        ("serve",), ("init",), ("backup", "make"), ("backup", "verify")
    }  # fmt: skip


@pytest.mark.parametrize(("file", "words", "options"), commands())
def test_every_option_exists(file: str, words: tuple[str, ...], options: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "zoning", *words, "--help", "--lang", "en"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=None)
    told = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout)
    for option in options:
        assert re.search(rf"{option}\b", told), (file, option)


def test_the_service_is_confined() -> None:
    service = unit("zoning.service")["Service"]
    assert service["User"] == "zoning"
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "LockPersonality"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/srv/zoning"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == unit("backup.service")["Service"]["UMask"] == "0077"
    assert unit("backup.timer")["Timer"]["Unit"] == "backup.service"


def test_the_container_installs_extras_that_exist_from_wheels_only() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in re.search(r"zoning-check\[([a-z,]+)\]", text)[1].split(","):  # type: ignore[index]  # it is there
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE), extra
    assert "--no-index" in text
    assert text.index("USER zoning") < text.index("CMD")
