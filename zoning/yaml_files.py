"""Strict YAML: every mistake is named with file, line and, where one is near, the word that was meant.

All scalars stay text until the model types them, so `no` and `2007-01-01` are never turned into something else.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from zoning.errors import ContentError
from zoning.texts import Text

M = TypeVar("M", bound=BaseModel)
Key = tuple[str | int, ...]

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
        When the file cannot be read, is no UTF-8, no YAML, or names a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        problem = Problem(path, 1, Text(f"无法读取（{reason}）", f"cannot be read ({reason})"))
        raise content_error([problem]) from error
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not YAML"
        problem = Problem(path, mark.line + 1 if mark else 1, Text(f"YAML 语法错误：{reason}", f"no YAML: {reason}"))
        raise content_error([problem]) from error
    lines: dict[Key, int] = {}
    problems: list[Problem] = []
    value = _convert(node, (), lines, problems, path) if node is not None else {}
    if problems:
        raise content_error(problems)
    return YamlFile(path, value, lines)


def _convert(node: yaml.Node, key: Key, lines: dict[Key, int], problems: list[Problem], path: Path) -> Any:
    lines[key] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in _NULLS else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_convert(item, (*key, i), lines, problems, path) for i, item in enumerate(node.value)]
    result: dict[str, Any] = {}
    for name_node, value_node in node.value:
        name = str(name_node.value)
        if name in result:
            text = Text(f"键“{name}”重复出现", f"the key '{name}' stands here twice")
            problems.append(Problem(path, name_node.start_mark.line + 1, text))
        result[name] = _convert(value_node, (*key, name), lines, problems, path)
        lines[(*key, name)] = name_node.start_mark.line + 1
    return result


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
