"""What is made of a check when somebody asks for it: its questions, its maps, its verdict as a file, its command line.

Everything but the verdict itself is kept in the folder of what may be lost, by digest, and made again when it is gone.
"""

import json
import os
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from zoning.atomic_write import as_item, write_whole
from zoning.registers.canonical import canonical, sha256
from zoning.rules.verdict import Verdict
from zoning.texts import Language, Text
from zoning.web.checks import Check, demand_ended, told_of
from zoning.web.refusals import Refused, not_found
from zoning.web.server import Server
from zoning.web.workers.asking import task_folder, written_answer
from zoning.web.workers.handing import hand_over
from zoning.web.workers.work import NoAnswerError, Task, demand_done

INTAKE: Final[Mapping[str, str]] = {
    "width_m": "--width",
    "radius_m": "--radius",
    "area_m2": "--area",
    "encoding": "--encoding",
    "crs": "--crs",
    "layer": "--layer",
}
"""Options of `zoning.sites.read_sites` and of the command line."""
_BESIDE = threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) // 2))
"""Maps and questions leave room for checks: who waits for an answer goes first."""

_NOT_DRAWN: Final = Text(
    "这个地块的地图没有画出；请重试，若再次出现请告知管理员",
    "the map of this footprint was not drawn: try again, and tell the administrator if it happens again",
)


def questions_of(server: Server, check: Check, language: Language) -> dict[str, Any]:
    """Return what is still to be asked; see `zoning.web.workers.checking.questions`.

    Raises
    ------
    Refused
        409 when the check has not come to its end; 422 when the file cannot be read.
    NoAnswerError, NoRoomError
        When no worker could find out.
    """
    demand_ended(check)
    key = _key(server, check, "questions")
    path = server.folder("questions") / f"{key}.json"
    if not path.exists():
        told = told_of(server, check.request, check.day, check.facts)
        quotas = server.settings.quotas
        with task_folder(server, "tasks") as folder:
            task = Task(folder, "questions", told, language, seconds=quotas.check_s, memory_mb=quotas.memory_mb)
            _run(server, task)
            answer = written_answer(task)
            if "error" in answer:
                raise Refused(422, Text(answer["error"]["zh"], answer["error"]["en"]))
            write_whole(path, (folder / "answer.json").read_bytes())
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def map_of(server: Server, check: Check, number: int, language: Language) -> Path:
    """Return the page with the map of a footprint, as `zoning map` writes it.

    Parameters
    ----------
    number
        Of the footprint among those that were checked, from 0.

    Raises
    ------
    Refused
        404 when there is no such footprint; 409 when the check has not come to its end.
    NoAnswerError, NoRoomError
        When no worker could draw it.
    """
    demand_ended(check)
    if number >= len((check.answer or {}).get("verdicts", [])):
        raise not_found("没有这个地块的地图", "there is no map of this footprint")
    home = server.folder("maps") / f"{_key(server, check, 'map')}-{language}"
    if not home.is_dir():
        with task_folder(server, "tasks") as folder:
            file = hand_over(server.settings.files / check.request["path"], folder / "in", check.request["name"])
            _run(server, Task(folder, "command", ["map", str(file), *arguments_of(check), "--out", "out"], language))
            _keep_maps(folder, home)
    path = home / f"{number}.html"
    if not path.exists():
        raise NoAnswerError(_NOT_DRAWN.zh, _NOT_DRAWN.en)
    return path


def _keep_maps(folder: Path, home: Path) -> None:
    """Put the maps in place together, numbered in the order of their footprints."""
    ready = folder / "ready"
    ready.mkdir()
    lines = (folder / "stdout").read_text(encoding="utf-8").splitlines()
    maps = [line for line in lines if line.endswith(".html")]
    for number, line in enumerate(maps):
        (folder / line).replace(ready / f"{number}.html")
    if not maps:
        return
    try:
        ready.rename(home)
    except OSError:
        if not home.is_dir():  # somebody else made the same in the meantime: that is as good
            raise


def arguments_of(check: Check) -> list[str]:
    """Return the options with which the command line reads, judges and dates as the check did."""
    found = []
    for name, value in check.request["options"].items():
        text = words_of(value)[0]
        found += [INTAKE[name], f"{text}m2" if name == "area_m2" else text]
    for fact, value in sorted(check.facts.items()):
        found += ["--set", f"{fact}={','.join(words_of(value))}"]
    return [*found, "--on", check.day.isoformat()]


def words_of(value: Any) -> list[str]:
    """Return an answer as it is written into a form or on the command line: programs hand in numbers and yes or no.

    >>> words_of(["new"]), words_of(True), words_of(12.0), words_of("steel")
    (['new'], ['yes'], ['12'], ['steel'])
    """
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, int | float):
        return [repr(float(value)).removesuffix(".0")]
    return [str(word) for word in value] if isinstance(value, list | tuple) else [str(value)]


def command_of(check: Check) -> str:
    """Return the command that comes to the same verdict."""
    return shlex.join(["zoning", "check", check.request["name"], *arguments_of(check), "--format", "json"])


def verdict_json(check: Check) -> bytes:
    """Return the verdicts of a check: the bytes that `zoning check --format json` writes.

    Raises
    ------
    Refused
        404 when there are none; 409 when the check has not come to its end.
    """
    demand_ended(check)
    if check.answer is None:
        raise not_found("这次检查没有结论", "this check has no verdict")
    texts = [Verdict.from_plain(verdict).to_json() for verdict in check.answer["verdicts"]]
    if len(texts) + len(check.answer["refused"]) == 1:
        return "".join(texts).encode()
    inner = ",\n".join(as_item(text) for text in texts)
    return f"[\n{inner}\n]\n".encode() if texts else b"[]\n"


def _run(server: Server, task: Task) -> None:
    with _BESIDE:
        outcome = server.pool.run(task)
    demand_done(outcome, task)


def _key(server: Server, check: Check, what: str) -> str:
    """Return what stands for everything that is made of: the answer, the content that it is made with, the kind."""
    content = server.workspace.rulebook.sha256
    said = canonical({"answer": check.digest, "rules": content, "options": check.request, "facts": check.facts})
    return sha256(f"{what}:{check.day}:{said}".encode())
