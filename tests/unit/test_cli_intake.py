"""What stands on standard input is read whole or refused: never a part of it."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from zoning.cli import intake
from zoning.errors import UsageError

MOST = 1_000_000


@pytest.fixture
def most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_MOST_STDIN", MOST)


def paste(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))


@pytest.mark.usefixtures("most")
def test_more_than_can_be_taken_is_refused_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    paste(monkeypatch, b"1" * (MOST + 1))
    with pytest.raises(UsageError) as refused, intake.boundary_file(Path("-")):
        pass
    assert refused.value.get("en") == "standard input holds more than 1 MB: save it as a file and name that"
    assert refused.value.get("zh") == "标准输入超过 1 MB；请存为文件，再写出文件名"


@pytest.mark.usefixtures("most")
def test_as_much_as_can_be_taken_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    paste(monkeypatch, b"1" * MOST)
    with intake.boundary_file(Path("-")) as file:
        assert file.stat().st_size == MOST
    assert not file.exists()


def test_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    paste(monkeypatch, b" \n")
    with pytest.raises(UsageError, match="nothing stands on standard input"), intake.boundary_file(Path("-")):
        pass
