"""What a tool is: the fields of its form, and the command line that they become."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from zoning.errors import UsageError
from zoning.texts import Text
from zoning.web.server import Server

Kind = Literal["choice", "choices", "file", "text", "flag"]
Choices = Mapping[str, Text]

AREA: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?(m2|ha|mu|km2|亩|公顷|平方米)")
NUMBER: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
LEVEL: Final = re.compile(r"rim|[0-9]{1,4}(\.[0-9]{1,3})?")
LONLAT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?,[0-9]{1,2}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    choices
        What may be chosen; told per server, because layers and territories are those of its workspace.
    pattern
        The whole of a text has to be like this: nothing that was typed can become another option of the command.
    suffixes
        Of a file.
    """

    name: str
    title: Text
    kind: Kind
    choices: Callable[[Server], Choices] | None = None
    required: bool = False
    default: str = ""
    hint: Text | None = None
    pattern: re.Pattern[str] | None = None
    suffixes: tuple[str, ...] = ()
    empty: Text | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody chose.

    Attributes
    ----------
    values
        By field; only what was told, checked.
    files
        Field -> place in the command line (`{0}`).
    """

    values: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return the value of a field; "" for none."""
        return (self.values.get(name) or ("",))[0]

    def has(self, name: str) -> bool:
        """Tell whether something is told."""
        return bool(self.values.get(name)) or name in self.files

    def options(self, *names: str) -> list[str]:
        """Return `--name=value` for every value of the fields."""
        return [f"--{name}={value}" for name in names for value in self.values.get(name, ())]


@dataclass(frozen=True, slots=True)
class Tool:
    """One card of a page.

    Attributes
    ----------
    id
        Kind of its jobs.
    command
        Makes the arguments of the command line `zoning ...`.
    """

    id: str
    title: Text
    text: Text
    fields: tuple[Field, ...]
    command: Callable[[Server, Given], Sequence[str]]
    more: tuple[str, ...] = ()
    """Names of the fields that stand behind "more options"."""

    @property
    def first(self) -> list[Field]:
        """The fields that are seen at once."""
        return [one for one in self.fields if one.name not in self.more]

    @property
    def rest(self) -> list[Field]:
        """The others."""
        return [one for one in self.fields if one.name in self.more]


def checked(server: Server, tool: Tool, told: Mapping[str, Sequence[str]], files: Mapping[str, Path]) -> Given:
    """Return what a form says.

    Raises
    ------
    UsageError
        When something is missing, is none of the choices, or is written wrongly.
    """
    values: dict[str, tuple[str, ...]] = {}
    places: dict[str, str] = {}
    for one in tool.fields:
        if one.kind == "file":
            if one.name in files:
                _demand_suffix(one, files[one.name])
                places[one.name] = f"{{{len(places)}}}"
            elif one.required:
                raise _missing(one)
            continue
        found = tuple(value.strip() for value in told.get(one.name, ()) if value.strip())
        if one.required and not found:
            raise _missing(one)
        for value in found:
            _demand(server, one, value)
        if found:
            values[one.name] = found if one.kind == "choices" else found[:1]
    return Given(values, places)


def _demand(server: Server, one: Field, value: str) -> None:
    if one.kind == "flag":
        if value == "yes":
            return
    elif one.choices is not None:
        if value in one.choices(server):
            return
    elif one.pattern is not None and one.pattern.fullmatch(value):
        return
    shown = value[:40]
    raise UsageError(f"{one.title.zh}：“{shown}”不对", f"{one.title.en}: '{shown}' is not possible")


def _demand_suffix(one: Field, file: Path) -> None:
    if one.suffixes and file.suffix.lower() not in one.suffixes:
        names = " ".join(one.suffixes)
        raise UsageError(f"{one.title.zh}：文件应为 {names}", f"{one.title.en}: the file has to be {names}")


def _missing(one: Field) -> UsageError:
    return UsageError(f"请填写：{one.title.zh}", f"fill in: {one.title.en}")
