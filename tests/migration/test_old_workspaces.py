"""A workspace of every earlier version is opened as it is, and its examples come out as they did."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from old_versions import VERSIONS, lay_out_workspace, old_verdicts
from zoning.replay import UNEXPLAINED, Replay, read_verdict, replay_verdict
from zoning.rules.verdict import Verdict
from zoning.version import __version__
from zoning.workspace import Workspace, builtin_root

# Why this program says something else than an earlier one, for the same workspace, footprint, facts and day.
# The decision is never among it.
REASONS = {
    # Since 0.2.0 a rule that the facts rule out is not measured any more: the finding stays, without figures.
    "0.1.0": re.compile(r"rule \S+: does_not_apply( \([^)]*\))? -> does_not_apply"),
}
# Digests are of content as the program reads it: since 0.2.0 a rule has more keys, since 0.4.0 the order of the classes
# belongs to the definition of a layer.
DEFINED = "the definition of layer "
REDIGESTED = {
    "0.1.0": ("the rules have changed", DEFINED),
    "0.2.0": (DEFINED,),
    "0.3.0": (DEFINED,),
}
# The first and the last version answer for all examples, those between for two: each takes as long as a check.
FEW = ("haul-road", "school")
DECISIONS = {
    "coal-panels": ["prohibited", "restricted"],
    "lodge": ["undetermined"],
    "processing-plant": ["prohibited"],
    "school": ["permitted"],
}


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def workspace(version: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = lay_out_workspace(version, tmp_path_factory.mktemp("old") / "workspace", builtin_root())
    found = Workspace.open(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield found


def test_there_is_a_workspace_of_every_minor_version() -> None:
    major, minor = map(int, __version__.split(".")[:2])
    known = {tuple(map(int, name.split(".")[:2])) for name in VERSIONS}
    assert {(0, number) for number in range(1, 7)} <= known
    if major == 1:
        assert {(1, number) for number in range(minor)} <= known


def test_it_opens_with_all_its_layers_and_rules(workspace: Workspace, version: str) -> None:
    assert len(workspace.catalogue.layers) >= 28
    assert len(workspace.rulebook.rules) >= (230 if version == "0.1.0" else 300)


def test_its_examples_come_out_as_they_did(workspace: Workspace, version: str) -> None:
    told: dict[str, list[str]] = {}
    all_of_them = version in (VERSIONS[0], VERSIONS[-1])
    for name, documents in old_verdicts(version).items():
        for document in documents if all_of_them or name in FEW else ():
            replay = replayed(workspace, read_verdict(json.dumps(document), name))
            told.setdefault(name, []).append(replay.verdict.decision)
            assert replay.verdict.decision == document["decision"], name
            assert unexplained(replay, version) == [], name
    assert {name: told[name] for name in DECISIONS if name in told} == {
        name: decisions for name, decisions in DECISIONS.items() if all_of_them or name in FEW
    }


def unexplained(replay: Replay, version: str) -> list[str]:
    """Return what a replay says that has no reason here."""
    known = REASONS.get(version)
    effects = [line.en for line in replay.effects if known is None or not known.fullmatch(line.en)]
    begins = ("program version: ", *REDIGESTED.get(version, ()))
    if version == __version__:
        # Until its release a program bears the number of the last one: only sentences may be others, no effect.
        begins = (*begins, UNEXPLAINED.en)
    return [*effects, *(line.en for line in replay.causes if not line.en.startswith(begins))]


def replayed(workspace: Workspace, old: Verdict) -> Replay:
    return replay_verdict(old, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings)


def test_a_verdict_of_it_is_still_one_by_the_schema(version: str) -> None:
    documents: list[Any] = [document for found in old_verdicts(version).values() for document in found]
    assert len(documents) == 7
    assert {document["schema"] for document in documents} == {"zoning.verdict/1"}
    assert {document["digests"]["program"] for document in documents} == {f"zoning {version}"}
    assert all(Verdict.from_json(json.dumps(document)).decision == document["decision"] for document in documents)
