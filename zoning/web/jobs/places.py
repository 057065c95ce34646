"""What stands in a command line for the files of a job, and those files themselves."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from zoning.texts import Language
from zoning.web.jobs.folders import OUT

REGISTER: Final = "--register={register}"
"""The register of the server: its address may hold a password, which neither rows nor logs nor pages may know."""
_PLACE = re.compile(r"[A-Za-z0-9_.=:,-]*\{(?P<what>[0-9]{1,2}|out)\}(?:/[^/\\]+)*")


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


def uses_register(arguments: Sequence[str]) -> bool:
    """Tell whether a command line asks the register of the server; what stands behind `--` is never an option."""
    return REGISTER in _options(arguments)


def with_register(arguments: Sequence[str], address: str) -> list[str]:
    """Return arguments with the address of the register (a file or a postgresql:// URL) where it is asked for."""
    options = _options(arguments)
    named = f"--register={address if '://' in address else Path(address).absolute()}"
    return [named if one == REGISTER else one for one in options] + list(arguments[len(options) :])


def _options(arguments: Sequence[str]) -> list[str]:
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    return list(arguments[:end])


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
