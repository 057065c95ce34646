"""The register of checked sites: verdicts as they were written, or a boundary file with its facts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.errors import ContentError, UsageError, os_reason
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.cli.compare_sides import Side
    from zoning.cli.session import Session
    from zoning.planning.compare.verdict_diff import RegisteredSite

_SCHEMA = "zoning.verdict/1"
_FILES = (".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class RegisterRequest:
    """The options that say which sites there are and what is known of them."""

    path: Path
    facts: Path | None
    sets: tuple[str, ...]
    crs: str | None


def read_register(session: "Session", request: RegisterRequest, side: "Side") -> "tuple[RegisteredSite, ...]":
    """Read the sites; the facts of a boundary file are those of the options, those of a verdict its own.

    Raises
    ------
    UsageError
        When options go with a boundary file only.
    ContentError, SiteError, CRSError
        When a file cannot be read.
    """
    if not request.path.exists():
        raise UsageError(f"文件不存在：{request.path}", f"there is no file {request.path}")
    verdicts = list(_verdicts(request.path))
    if not verdicts:
        return _boundary(request, side)
    if request.facts or request.sets or request.crs:
        raise UsageError(
            "--facts、--set、--crs 只用于边界文件；结论中已有项目事实和坐标系",
            "--facts, --set and --crs go with a boundary file; verdicts hold their facts and coordinate systems",
        )
    found: list[RegisteredSite] = []
    skipped = 0
    for name, document in verdicts:
        entry = _entry(name, document, len(found) + skipped + 1)
        if entry is None:
            skipped += 1
        else:
            found.append(entry)
    if skipped:
        session.say(Text(f"跳过 {skipped} 条未研判的记录", f"{skipped} records without a verdict are left out"))
    return tuple(found)


def _verdicts(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the documents of a file or folder of verdicts; nothing where it is no such file."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.suffix.lower() in _FILES and not file.name.startswith("."):
                yield from _verdicts(file)
        return
    if path.suffix.lower() not in _FILES:
        return
    try:
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines() if path.suffix.lower() == ".jsonl" else [text]
        documents = [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：{reason.zh}", f"{path}: {reason.en}") from error
    except (ValueError, RecursionError):
        if path.suffix.lower() == ".jsonl":
            raise ContentError(f"{path}：不是可读的 JSON", f"{path}: no readable JSON") from None
        return
    listed = documents[0] if len(documents) == 1 and isinstance(documents[0], list) else documents
    if any(isinstance(one, dict) and one.get("schema") == _SCHEMA for one in listed):
        yield from ((path.name, one) for one in listed)


def _entry(name: str, document: Any, number: int) -> "RegisteredSite | None":
    from zoning.planning.compare.verdict_diff import RegisteredSite
    from zoning.replay import site_of_verdict, verdict_of

    if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
        return None
    old = verdict_of(document, f"{name} {number}")
    return RegisteredSite(number, site_of_verdict(old), old.trace.facts, old.decision)


def _boundary(request: RegisterRequest, side: "Side") -> "tuple[RegisteredSite, ...]":
    from zoning.cli.check import CheckRequest, read_told
    from zoning.cli.intake import Intake, read_intake
    from zoning.planning.compare.verdict_diff import RegisteredSite

    content = side.content
    extent = side.workspace.extent(content.on, content.source)
    sites = read_intake(request.path, Intake(crs=request.crs), extent)
    told = read_told(CheckRequest(request.path, request.facts, request.sets, None, None), content.rulebook.vocabulary)
    told.check_names(sites)
    return tuple(
        RegisteredSite(number, site, told.of(site, content.rulebook.vocabulary).as_plain())
        for number, site in enumerate(sites, start=1)
    )
