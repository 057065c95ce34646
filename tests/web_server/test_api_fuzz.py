"""The short form of scripts/fuzz_api.py: no answer of the interfaces is a fault, and REST keeps what it promises."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_server import Lent, listening
from long_runs import times
from web_programs import token
from web_world import World, world
from zoning.web.workers.pool import Pool

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
from fuzz_api import fuzz

_SECONDS = {"/openapi.json": times(10, 14), "/ogc/openapi": 6}


@pytest.fixture(scope="module")
def office_of_module(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("fuzz"), Lent(shared_pool)) as found:  # type: ignore[arg-type]  # stands for a pool
        yield found


@pytest.mark.parametrize("document", _SECONDS)
def test_no_request_ends_in_a_fault(office_of_module: World, document: str, tmp_path: Path) -> None:
    with listening(office_of_module) as url:
        good, report = fuzz(url, token(office_of_module, "boss"), document, seconds=_SECONDS[document], folder=tmp_path)
    assert good, report
    assert "Failures" not in report
    assert "passed" in report
