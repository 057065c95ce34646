"""Strict YAML: every mistake is named with file, line and, where one is near, the word that was meant.

All scalars stay text until the model types them, so `no` and `2007-01-01` are never turned into something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from zoning.errors import ContentError, os_reason
from zoning.texts import Text

M = TypeVar("M", bound=BaseModel)
Key = tuple[str | int, ...]

MOST_BYTES = 4 << 20
"""No content file comes near this size."""
MOST_LEVELS = 40

_NULLS = ("", "null", "~")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a content file."""

    path: Path
    line: int
    text: Text


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The content of a YAML file with the line of every entry."""

    path: Path
    value: Any
    lines: dict[Key, int]

    def line(self, key: Key) -> int:
        """Return the line of `key`, or of the nearest entry above it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


class Mistake(ValueError):  # noqa: N818 - a mistake of an author, collected and shown with its line
    """Something in a content file that cannot be meant, with its sentence in two languages.

    Attributes
    ----------
    at
        Where it stands below the entry that is being read.
    """

    def __init__(self, text: Text, at: Key = ()) -> None:
        super().__init__(text.en)
        self.text = text
        self.at = at


def content_error(problems: list[Problem], root: Path | None = None) -> ContentError:
    """Return one error that lists all `problems`, paths relative to `root`."""

    def where(problem: Problem) -> str:
        path = problem.path
        if root is not None and path.is_relative_to(root):
            path = path.relative_to(root)
        return f"{path.as_posix()}:{problem.line}"

    return ContentError(
        zh="\n".join(f"{where(p)}：{p.text.zh}" for p in problems),
        en="\n".join(f"{where(p)}: {p.text.en}" for p in problems),
    )


def load(path: Path) -> YamlFile:
    """Read a YAML file.

    Raises
    ------
    ContentError
        When the file cannot be read, is too large, no UTF-8, no YAML, names a key twice, uses aliases, or is nested
        deeper than any content is.
    """
    text = _read(path)
    reader = _Reader(path)
    try:
        value = reader.document(iter(yaml.parse(text, Loader=_LOADER)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not YAML"
        problem = Problem(path, mark.line + 1 if mark else 1, Text(f"YAML 语法错误：{reason}", f"no YAML: {reason}"))
        raise content_error([problem]) from error
    if reader.problems:
        raise content_error(reader.problems)
    return YamlFile(path, value, reader.lines)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            size = MOST_BYTES >> 20
            text = Text(f"文件过大（超过 {size} MB），不是配置文件", f"larger than {size} MB: this is no settings file")
            raise content_error([Problem(path, 1, text)])
        # utf-8-sig: editors on Windows write a mark at the beginning.
        return raw.decode("utf-8-sig")
    except OSError as error:
        reason = os_reason(error)
        problem = Problem(path, 1, Text(f"无法读取（{reason.zh}）", f"cannot be read ({reason.en})"))
        raise content_error([problem]) from error
    except UnicodeDecodeError as error:
        problem = Problem(path, 1, Text("无法读取（不是 UTF-8 编码）", "cannot be read (not UTF-8)"))
        raise content_error([problem]) from error


class _Reader:
    """Builds the value from the events of the parser.

    An alias would let a small file stand for billions of values, and deep nesting would end the process: neither is
    needed in content, both are refused.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Key, int] = {}
        self.problems: list[Problem] = []

    def document(self, events: Iterator[Any]) -> Any:
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            return {}
        value = self._value(next(events), events, ())
        next(events)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refusal(after, Text("只允许一个 YAML 文档", "more than one YAML document"))
        return value

    def _value(self, event: Any, events: Iterator[Any], key: Key) -> Any:
        if isinstance(event, yaml.AliasEvent):
            text = Text("不支持 YAML 别名（*），请写出全文", "YAML aliases (*) are not read: write it out")
            raise self._refusal(event, text)
        if len(key) > MOST_LEVELS:
            text = Text(f"嵌套超过 {MOST_LEVELS} 层", f"nested deeper than {MOST_LEVELS} levels")
            raise self._refusal(event, text)
        self.lines[key] = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            return None if not event.style and event.value in _NULLS else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._value(event, events, (*key, len(items))))
            return items
        return self._table(events, key)

    def _table(self, events: Iterator[Any], key: Key) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refusal(event, Text("键应为一个词", "a key is one word"))
            name, line = event.value, _line(event)
            if name in result:
                text = Text(f"键“{name}”重复出现", f"the key '{name}' stands here twice")
                self.problems.append(Problem(self.path, line, text))
            result[name] = self._value(next(events), events, (*key, name))
            self.lines[(*key, name)] = line
        return result

    def _refusal(self, event: Any, text: Text) -> ContentError:
        return content_error([Problem(self.path, _line(event), text)])


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def read_model(path: Path, model: type[M], **extra: Any) -> M:
    """Read a YAML file into a strict model; `extra` are fields that the file does not hold (its id, its folder).

    Raises
    ------
    ContentError
        With every mistake of the file, each as `file:line: where: what`.
    """
    file = load(path)
    if not isinstance(file.value, dict):
        raise content_error([Problem(path, 1, Text("应为键值表", "a table of keys and values is expected"))])
    return validate(file, model, {**file.value, **extra})


def validate(file: YamlFile, model: type[M], value: object, below: Key = ()) -> M:
    """Turn a part of a file into a strict model; `below` is the place of that part in the file."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = [_problem(file, below, item, model) for item in error.errors()]
        raise content_error(problems) from error


def _problem(file: YamlFile, below: Key, item: Any, model: type[BaseModel]) -> Problem:
    place = tuple(item["loc"])
    key = (*below, *place)
    where = ".".join(str(part) for part in place if str(part) in _written(file, key) or isinstance(part, int))
    last = str(place[-1]) if place else ""
    kind = item["type"]
    found = item.get("input")
    if kind == "extra_forbidden":
        near = get_close_matches(last, _allowed(model, place), n=1)
        hint_zh = f"；是否想写“{near[0]}”？" if near else ""
        hint_en = f" - did you mean '{near[0]}'?" if near else ""
        text = Text(f"不认识的键“{last}”{hint_zh}", f"unknown key '{last}'{hint_en}")
    elif kind == "missing":
        above = ".".join(str(part) for part in place[:-1])
        at_zh, at_en = (f"{above}：", f"{above}: ") if above else ("", "")
        text = Text(f"{at_zh}缺少“{last}”", f"{at_en}'{last}' is missing")
    elif kind == "literal_error":
        allowed = item["ctx"]["expected"]
        near = get_close_matches(
            str(found), [part.strip("' ") for part in allowed.replace(" or ", ",").split(",")], n=1
        )
        hint_zh = f"；是否想写“{near[0]}”？" if near else ""
        hint_en = f" - did you mean '{near[0]}'?" if near else ""
        text = Text(
            f"{where}：“{found}”不在允许值 {allowed} 之中{hint_zh}",
            f"{where}: '{found}' is not one of {allowed}{hint_en}",
        )
    elif isinstance(inner := item.get("ctx", {}).get("error"), Mistake):
        key = (*key, *inner.at)
        spot = ".".join(str(part) for part in (*place, *inner.at) if part in key and str(part) in _written(file, key))
        text = Text(f"{spot}：{inner.text.zh}", f"{spot}: {inner.text.en}") if spot else inner.text
    else:
        reason = item["msg"].removeprefix("Value error, ")
        reason = reason[:1].lower() + reason[1:]
        shown = f"'{found}': " if isinstance(found, str) else ""
        text = Text(f"{where}：{shown}{reason}", f"{where}: {shown}{reason}")
    return Problem(file.path, file.line(key), text)


def _written(file: YamlFile, key: Key) -> set[str]:
    # pydantic adds the names of union members to the place; only what stands in the file is shown.
    names = {str(part) for line_key in file.lines for part in line_key}
    return names | {str(key[-1])} if key else names


def _allowed(model: type[BaseModel], place: Key) -> list[str]:
    names: list[str] = []
    for candidate in _models(model, set()):
        names.extend(info.alias or name for name, info in candidate.model_fields.items())
    top = [info.alias or name for name, info in model.model_fields.items()]
    return top if len(place) == 1 else names


def _models(model: type[BaseModel], seen: set[type[BaseModel]]) -> list[type[BaseModel]]:
    if model in seen:
        return []
    seen.add(model)
    found = [model]
    for info in model.model_fields.values():
        stack: list[Any] = [info.annotation]
        while stack:
            part = stack.pop()
            stack.extend(get_args(part))
            if isinstance(part, type) and not get_args(part) and issubclass(part, BaseModel):
                found.extend(_models(part, seen))
    return found
