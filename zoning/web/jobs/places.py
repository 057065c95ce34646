"""What stands in a command line for the files of a job, and those files themselves."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from zoning.texts import Language
from zoning.web.jobs.folders import OUT

_PLACE = re.compile(r"[A-Za-z0-9_.=:,-]*\{(?P<what>[0-9]{1,2}|out)\}(?:/[^/\\]+)*")
_LONGEST = 200  # file systems take 255 bytes


def check_places(arguments: Sequence[str], count: int) -> None:
    """Refuse arguments that name an input that is not there.

    Raises
    ------
    ValueError
        For the first such argument.
    """
    for argument in arguments:
        match = _PLACE.fullmatch(argument)
        if match is not None and match["what"] != "out" and int(match["what"]) >= count:
            raise ValueError(argument)


def filled(arguments: Sequence[str], folder: Path, inputs: Sequence[Path]) -> list[str]:
    """Return arguments with the paths that they stand for."""
    return [_filled(argument, folder, inputs) for argument in arguments]


def _filled(argument: str, folder: Path, inputs: Sequence[Path]) -> str:
    match = _PLACE.fullmatch(argument)
    if match is None or ".." in argument.split("/"):
        return argument
    what = match["what"]
    place = folder / OUT if what == "out" else inputs[int(what)]
    return argument.replace(f"{{{what}}}", str(place), 1)


def inputs_of(given: str) -> tuple[list[dict[str, str]], Language]:
    """Return the files and the language of a row."""
    told = json.loads(given)
    return told["files"], told["language"]


def hand_over(files: Path, folder: Path, number: int, file: Mapping[str, str]) -> Path:
    """Copy an input into the folder of a job under its own name, as its results will call it; return the copy.

    It is a copy, not a link: some readers write into the file that they read, and what people handed in must stay.
    """
    home = folder / "in" / str(number)
    home.mkdir(parents=True, exist_ok=True)
    path = home / plain_name(file["name"])
    shutil.copyfile(files / file["path"], path)
    return path


def plain_name(name: str) -> str:
    """Return the name of a file without what file systems or commands could mistake."""
    bare = "".join(one for one in Path(name.replace("\\", "/")).name if one.isprintable()).strip(". ")
    while len(bare.encode()) > _LONGEST:
        stem, dot, suffix = bare.rpartition(".")
        bare = f"{stem[:-1]}{dot}{suffix}" if stem else bare[1:]
    return bare or "file"
