"""Strict YAML: every mistake is named with file, line, what was found and what to write instead.

All scalars stay text until the model types them, so `no` and `2007-01-01` are never turned into something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from zoning.errors import ContentError, os_reason
from zoning.mistakes import Key, Mistake, without_passwords
from zoning.texts import Text
from zoning.yaml_syntax import explain_syntax
from zoning.yaml_wording import FORMS, indented_too_little, refusal, unknown_key

__all__ = ["Key", "Mistake", "Problem", "YamlFile", "content_error", "load", "model_of", "read_model", "validate"]

M = TypeVar("M", bound=BaseModel)

MOST_BYTES = 4 << 20
"""No content file comes near this size."""
MOST_LEVELS = 40

_AS_MANY_AS_A_RULE = 3
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
    """The content of a YAML file with the line of every entry, and the bytes that it was read from."""

    path: Path
    value: Any
    lines: dict[Key, int]
    raw: bytes = field(default=b"", repr=False)

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
        zh="\n".join(f"{where(p)}：{without_passwords(p.text.zh)}" for p in problems),
        en="\n".join(f"{where(p)}: {without_passwords(p.text.en)}" for p in problems),
    )


def load(path: Path) -> YamlFile:
    """Read a YAML file.

    Raises
    ------
    ContentError
        When the file cannot be read, is too large, no UTF-8, no YAML, names a key twice, uses aliases, or is nested
        deeper than any content is.
    """
    raw = _read(path)
    text = _text(raw, path)
    reader = _Reader(path)
    try:
        value = reader.document(iter(yaml.parse(text, Loader=_LOADER)))
    except yaml.YAMLError as error:
        raise content_error([Problem(path, *explain_syntax(text, error))]) from error
    if reader.problems:
        raise content_error(reader.problems)
    return YamlFile(path, value, reader.lines, raw)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = os_reason(error)
        problem = Problem(path, 1, Text(f"无法读取（{reason.zh}）", f"cannot be read ({reason.en})"))
        raise content_error([problem]) from error
    if len(raw) > MOST_BYTES:
        size = MOST_BYTES >> 20
        text = Text(f"文件过大（超过 {size} MB），不是配置文件", f"larger than {size} MB: this is no settings file")
        raise content_error([Problem(path, 1, text)])
    return raw


def _text(raw: bytes, path: Path) -> str:
    try:
        # utf-8-sig: editors on Windows write a mark at the beginning.
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = Text(
            "无法读取（不是 UTF-8 编码）；请在编辑器中另存为 UTF-8",
            "cannot be read (not UTF-8): save it as UTF-8 in your editor",
        )
        problem = Problem(path, 1, text)
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
        self.repeated: list[str] = []

    def document(self, events: Iterator[Any]) -> Any:
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            return {}
        value = self._value(next(events), events, ())
        next(events)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            text = Text(
                "从这一行的“---”起是另一份内容；一个文件只写一份内容，请移到另一个文件",
                "something else begins at the '---' of this line: one file holds one piece of content, "
                "move it to another file",
            )
            raise self._refusal(after, text)
        self._two_in_one()
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
                raise self._refusal(
                    event, Text("键应为一个词，不能是列表或表", "a key is one word, no list and no table")
                )
            name, line = event.value, _line(event)
            if name in result:
                text = Text(
                    f"键“{name}”重复出现；请删去一个", f"the key '{name}' stands here twice: delete one of them"
                )
                self.problems.append(Problem(self.path, line, text))
                if not key:
                    self.repeated.append(name)
            result[name] = self._value(next(events), events, (*key, name))
            self.lines[(*key, name)] = line
        return result

    def _two_in_one(self) -> None:
        if len(self.repeated) < _AS_MANY_AS_A_RULE:
            return
        names = self.repeated[:3]
        text = Text(
            f"从这一行起 {'、'.join(names)} 等又出现一次；一个文件只写一条规则，请把后一条移到另一个文件",
            f"from here on {', '.join(names)} ... stand here again: one file holds one rule, "
            "move the second one to a file of its own",
        )
        self.problems = [Problem(self.path, self.problems[0].line, text)]

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
    return model_of(load(path), model, **extra)


def model_of(file: YamlFile, model: type[M], **extra: Any) -> M:
    """Turn a file that was read into a strict model; see `read_model`.

    Raises
    ------
    ContentError
        One sentence for each mistake, with its line.
    """
    if not isinstance(file.value, dict):
        raise content_error([Problem(file.path, 1, Text("应为键值表", "a table of keys and values is expected"))])
    return validate(file, model, {**file.value, **extra})


def validate(file: YamlFile, model: type[M], value: object, below: Key = ()) -> M:
    """Turn a part of a file into a strict model; `below` is the place of that part in the file.

    Raises
    ------
    ContentError
        One sentence for each mistake, with its line.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise content_error(_Refusals(file, below, model, value).problems(error.errors())) from error


@dataclass(frozen=True, slots=True)
class _Refusals:
    """Turns what a model refuses into problems: one sentence for each place of the file."""

    file: YamlFile
    below: Key
    model: type[BaseModel]
    value: object

    def problems(self, items: list[Any]) -> list[Problem]:
        places: dict[Key, list[Any]] = {}
        for item in items:
            places.setdefault(self._place(item), []).append(item)
        problems: list[Problem] = []
        meant: set[Key] = set()
        lacking: list[Key] = []
        for place, found in places.items():
            if found[0]["type"] == "missing":
                lacking.append(place)
            elif not (_is_form(found) and any(_is_below(other, place) for other in places)):
                # pydantic tries every form that a value may have; where one fits so far, the others are no news.
                text, at, key = self._sentence(place, found)
                problems.append(Problem(self.file.path, self.file.line((*self.below, *at)), text))
                meant |= {(*place[:-1], key)} if key is not None else set()
        problems.extend(self._missing(place) for place in lacking if place not in meant)
        return sorted(problems, key=lambda problem: problem.line)

    def _owner(self, place: Key) -> str | None:
        """Return the key above that stands empty, where the key at `place` belongs below it."""
        node = self._node(place[:-1])
        above: str | None = None
        for name, value in node.items():
            if name == place[-1]:
                break
            if value is None:
                above = name
            elif above is not None and name not in self._allowed((*place[:-1], above)):
                above = None
        return above if above is not None and place[-1] in self._allowed((*place[:-1], above)) else None

    def _node(self, place: Key) -> Any:
        node = self.file.value
        for part in (*self.below, *place):
            node = node[part]
        return node

    def _place(self, item: Any) -> Key:
        """Return the place of a refusal in the file: without the names that pydantic gives to the forms of a value."""
        node = self._node(())
        kept: list[str | int] = []
        for part in item["loc"]:
            inside = range(len(node)) if isinstance(node, list) else node if isinstance(node, dict) else ()
            if part in inside:
                node = node[part]
            elif item["type"] != "missing" or part != item["loc"][-1]:
                continue
            kept.append(part)
        return tuple(kept)

    def _sentence(self, place: Key, found: list[Any]) -> tuple[Text, Key, str | None]:
        """Return the sentence, its place, and the key that was meant where another one was written."""
        item = next((i for i in found if i["type"] == "value_error"), found[0])
        inner = item.get("ctx", {}).get("error")
        if isinstance(inner, Mistake):
            at = (*place, *inner.at)
            return _prefixed(self._spot(at), inner.text), at, None
        if item["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            owner = self._owner(place)
            if owner is not None:
                return indented_too_little(str(place[-1]), owner), place, None
            text, key = unknown_key(str(place[-1]), item["input"], self._allowed(place[:-1]))
            return text, place, key
        return _prefixed(place, refusal(found, self._allowed(place))), place, None

    def _spot(self, at: Key) -> Key:
        end = len(at)
        while end and (*self.below, *at[:end]) not in self.file.lines:
            end -= 1
        return at[:end]

    def _missing(self, place: Key) -> Problem:
        name = place[-1]
        text = Text(f"缺少“{name}”，请补上", f"'{name}' is missing: add it")
        return Problem(self.file.path, self.file.line((*self.below, *place)), _prefixed(place[:-1], text))

    def _allowed(self, place: Key) -> list[str]:
        """Return the keys that may stand at a place, without those that the program itself adds."""
        reached: list[Any] = [self.model]
        for part in place:
            reached = [inner for form in reached for inner in _inside(form, part)]
        names = list(dict.fromkeys(name for form in reached for name in _keys(form)))
        written = self._node(())
        if place or not isinstance(self.value, dict) or not isinstance(written, dict):
            return names
        return [name for name in names if name not in self.value or name in written]


def _is_form(found: list[Any]) -> bool:
    return all(item["type"] in FORMS or item["type"] in ("literal_error", "too_short") for item in found)


def _is_below(key: Key, place: Key) -> bool:
    return len(key) > len(place) and key[: len(place)] == place


def _prefixed(place: Key, text: Text) -> Text:
    where = ".".join(map(str, place))
    return Text(f"{where}：{text.zh}", f"{where}: {text.en}") if where else text


def _forms(annotation: Any) -> list[Any]:
    """Return the forms that an annotation allows: the members of a union, without remarks to pydantic."""
    if get_origin(annotation) is Annotated:
        return _forms(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [form for part in get_args(annotation) for form in _forms(part)]
    return [annotation]


def _inside(form: Any, part: str | int) -> list[Any]:
    if isinstance(form, type) and issubclass(form, BaseModel):
        names = {info.alias or name: info.annotation for name, info in form.model_fields.items()}
        return _forms(names[part]) if isinstance(part, str) and part in names else []
    arguments = [argument for argument in get_args(form) if argument is not ...]
    if not arguments:
        return []
    if get_origin(form) is dict and isinstance(part, str):
        return _forms(arguments[1])
    return _forms(arguments[0]) if isinstance(part, int) else []


def _keys(form: Any) -> list[str]:
    if isinstance(form, type) and issubclass(form, BaseModel):
        return [info.alias or name for name, info in form.model_fields.items()]
    if is_dataclass(form):
        return [item.name for item in fields(form)]
    # One table may stand where the model holds a list of them.
    inner = [part for argument in get_args(form) if argument is not ... for part in _forms(argument)]
    return [name for part in inner for name in _keys(part)] if get_origin(form) in (tuple, list) else []
