"""A new edition in the text of `layers/<layer>.yaml`: lines are added, all others stay as people wrote them.

The text is edited by the positions that the parser gives, not written anew: remarks, order and spelling stay. What
comes out is read again by the strict model and has to say exactly what was meant.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from zoning.errors import ContentError, UsageError, os_reason
from zoning.layers.catalogue import Coverage, Edition, Layer
from zoning.texts import Text
from zoning.yaml_files import MOST_BYTES, Problem, content_error, read_model

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*|\d{4}-\d{2}-\d{2}")
_LINES = re.compile(r"[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])")
"""A line with its end, as YAML counts lines."""
_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added to a layer.

    Attributes
    ----------
    edition
        The new edition; it has a file.
    accuracy_m
        Of the layer from now on, None: as it is.
    """

    id: str
    edition: Edition
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class _Put:
    """`text` takes the place of the characters from `begin` to `end`."""

    begin: int
    end: int
    text: str


def with_edition(path: Path, addition: Addition) -> str:
    """Return the text of a layer file with one more edition; the file is left alone.

    The edition before gets `superseded_by`, and ends the day before the new one begins at the latest.

    Parameters
    ----------
    path
        `layers/<layer>.yaml`; its stem is the id of the layer.

    Raises
    ------
    UsageError
        When there is such an edition, or one that begins on the day of the new one or later.
    ContentError
        When the file is refused by the strict model, or is written in a way that cannot be added to.
    """
    layer = read_model(path, Layer, id=path.stem)
    before = edition_before(layer, addition.id, addition.edition.valid_from)
    meant = _meant(layer, before, addition)
    text = _read(path)
    made = _edited(path, text, before, addition)
    _demand(path, made, meant)
    return made


def edition_before(layer: Layer, name: str, begins: date) -> str:
    """Return the id of the edition that a new one takes the place of.

    Raises
    ------
    UsageError
        As `with_edition`.
    """
    if name in layer.editions:
        raise UsageError(
            f"图层 {layer.id} 已有版本“{name}”；请换一个版本号",
            f"layer {layer.id} has an edition '{name}' already: choose another id",
        )
    last = max(layer.editions, key=lambda one: layer.editions[one].valid_from)
    if layer.editions[last].valid_from >= begins:
        raise UsageError(
            f"图层 {layer.id} 的版本 {last} 自 {layer.editions[last].valid_from} 起有效，新版本的生效日须晚于它；"
            "补录历史版本请直接编辑图层文件",
            f"edition {last} of layer {layer.id} begins on {layer.editions[last].valid_from}: a new one begins later; "
            "an edition of the past is written into the layer's file by hand",
        )
    other = layer.editions[last].superseded_by
    if other is not None:
        raise UsageError(
            f"图层 {layer.id} 的版本 {last} 已写明由 {other} 取代；请先核对图层文件",
            f"edition {last} of layer {layer.id} is said to be superseded by {other}: check the layer's file first",
        )
    return last


def _meant(layer: Layer, before: str, addition: Addition) -> Layer:
    last = layer.editions[before]
    ended = last.model_copy(update={"superseded_by": addition.id, "valid_to": _end(last, addition.edition.valid_from)})
    editions = {**layer.editions, before: ended, addition.id: addition.edition}
    accuracy = layer.accuracy_m if addition.accuracy_m is None else addition.accuracy_m
    return layer.model_copy(update={"editions": editions, "accuracy_m": accuracy})


def _end(last: Edition, begins: date) -> date:
    day = begins - timedelta(days=1)
    return day if last.valid_to is None else min(last.valid_to, day)


def _read(path: Path) -> str:
    # Bytes, so that line ends stay as they are; the mark of Windows editors stays as well.
    return path.read_bytes().decode("utf-8")


def _edited(path: Path, text: str, before: str, addition: Addition) -> str:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    root = yaml.compose(body, Loader=_LOADER)
    editions = _child(root, "editions")
    if editions is None or editions.flow_style or not editions.value:
        raise _cannot(
            path,
            1 if editions is None else editions.start_mark.line + 1,
            Text(
                "editions 写在一行的花括号里，不能自动添加；请把每个版本另起一行写",
                "'editions' stands in braces: write each edition on lines of its own, then one can be added",
            ),
        )
    newline = "\r\n" if "\r\n" in body else "\n"
    if not body.endswith(("\n", "\r")):
        body += newline
    lines = _LINES.findall(body)
    puts = [*_ending(lines, editions, before, addition, newline)]
    puts.append(_added(lines, editions, addition, newline))
    if addition.accuracy_m is not None:
        node = _child(root, "accuracy_m")
        puts.append(_Put(node.start_mark.index, node.end_mark.index, f"{addition.accuracy_m:g}"))
    made = body
    # From the end to the beginning; of two at one place the first comes out first.
    puts.sort(key=lambda one: one.begin)
    for put in puts[::-1]:
        made = made[: put.begin] + put.text + made[put.end :]
    return mark + made


def _ending(lines: Sequence[str], editions: Any, before: str, addition: Addition, newline: str) -> list[_Put]:
    """Return the edits that end the edition before."""
    node = _child(editions, before)
    ends, begins = _child(node, "valid_to"), _child(node, "valid_from")
    day = addition.edition.valid_from - timedelta(days=1)
    puts: list[_Put] = []
    added: list[str] = []
    if ends is None or not ends.value:
        added.append(f"valid_to: {day}")
    elif date.fromisoformat(ends.value) > day:
        puts.append(_Put(ends.start_mark.index, ends.end_mark.index, str(day)))
    named = f"superseded_by: {_scalar(addition.id)}"
    empty = [key for key, value in node.value if key.value in ("valid_to", "superseded_by") and not value.value]
    if empty:
        raise UsageError(
            f"版本 {before} 的 {empty[0].value} 是空的；请先在图层文件中删去这一行",
            f"'{empty[0].value}' of edition {before} is empty: delete that line of the layer's file first",
        )
    added.append(named)
    if node.flow_style:
        at = node.end_mark.index - 1
        puts.append(_Put(at, at, "".join(f", {one}" for one in added)))
        return puts
    after = begins if ends is None else ends
    at = _line_begin(lines, _last_line(lines, after, after.start_mark.column) + 1)
    indent = " " * node.start_mark.column
    puts.append(_Put(at, at, "".join(f"{indent}{one}{newline}" for one in added)))
    return puts


def _added(lines: Sequence[str], editions: Any, addition: Addition, newline: str) -> _Put:
    """Return the edit that puts the new edition behind the last one."""
    key, value = editions.value[-1]
    column = key.start_mark.column
    at = _line_begin(lines, _last_line(lines, value, column) + 1)
    outer, inner = " " * column, " " * (column + 2)
    told = [f"{outer}{_scalar(addition.id)}:", *(f"{inner}{one}" for one in _edition_lines(addition.edition))]
    return _Put(at, at, "".join(f"{one}{newline}" for one in told))


def _edition_lines(edition: Edition) -> list[str]:
    lines = [f"file: {_scalar(edition.file or '')}"]
    if edition.table is not None:
        lines.append(f"table: {_scalar(edition.table)}")
    lines.append(f"valid_from: {edition.valid_from}")
    if edition.sha256 is not None:
        lines.append(f"sha256: {_scalar(edition.sha256)}")
    if edition.classes:
        lines.append(f"classes: [{', '.join(map(_scalar, edition.classes))}]")
    if edition.coverage is not None:
        lines.append(f"coverage: {_coverage(edition.coverage)}")
    if edition.note is not None:
        lines.append(f"note: {{zh: {_scalar(edition.note.zh)}, en: {_scalar(edition.note.en)}}}")
    return lines


def _coverage(coverage: Coverage) -> str:
    if coverage.territories:
        return f"{{territories: [{', '.join(map(_scalar, coverage.territories))}]}}"
    table = "" if coverage.table is None else f", table: {_scalar(coverage.table)}"
    return f"{{file: {_scalar(coverage.file or '')}{table}}}"


def _scalar(text: str) -> str:
    """Return a text as YAML that every reader takes for this text: quoted unless it is a plain word or a day."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    # A string of JSON is one of YAML; the parser of YAML 1.1 does not know the escaped slash, which JSON never writes.
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\L").replace("\u2029", "\\P").replace("\x85", "\\N")


def _child(node: Any, name: str) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _last_line(lines: Sequence[str], node: Any, column: int) -> int:
    """Return the number of the last line that a value takes, from 0; `column`: where its key stands."""
    if isinstance(node, yaml.ScalarNode):
        if node.style not in ("|", ">"):
            return int(node.end_mark.line)
        # A block ends where the next word begins: blank lines and remarks between are not of it.
        last = min(int(node.end_mark.line), len(lines)) - (0 if node.end_mark.column else 1)
        while last > node.start_mark.line and _is_beside(lines[last], column):
            last -= 1
        return last
    if node.flow_style or not node.value:
        return int(node.end_mark.line) if node.flow_style else int(node.start_mark.line)
    final = node.value[-1]
    if isinstance(node, yaml.MappingNode):
        key, value = final
        return max(int(key.end_mark.line), _last_line(lines, value, key.start_mark.column))
    return _last_line(lines, final, node.start_mark.column)


def _is_beside(line: str, column: int) -> bool:
    told = line.strip()
    return not told or (told.startswith("#") and len(line) - len(line.lstrip(" ")) <= column)


def _line_begin(lines: Sequence[str], number: int) -> int:
    return sum(len(line) for line in lines[:number])


def _demand(path: Path, made: str, meant: Layer) -> None:
    """Refuse a text that does not say what was meant."""
    if len(made.encode()) > MOST_BYTES:
        text = Text("图层文件已满，不能再添加版本", "the layer's file is full: no edition can be added")
        raise _cannot(path, 1, text)
    try:
        found = _read_back(path, made)
    except OSError as error:
        why = os_reason(error)
        raise ContentError(
            f"没有地方核对改动：{why.zh}", f"there is no room to check what would be written: {why.en}"
        ) from error
    if found != meant or list(found.editions) != list(meant.editions):
        text = Text(
            "不能自动在此文件中添加版本（写法特殊）；请在编辑器中添加",
            "an edition cannot be added to this file by the program (it is written in an unusual way): add it by hand",
        )
        raise _cannot(path, 1, text)


def _read_back(path: Path, made: str) -> Layer:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(made.encode("utf-8"))
        try:
            return read_model(copy, Layer, id=path.stem)
        except ContentError as error:
            there, name = copy.as_posix(), f"layers/{path.name}"
            raise ContentError(error.text.zh.replace(there, name), error.text.en.replace(there, name)) from error


def _cannot(path: Path, line: int, text: Text) -> ContentError:
    return content_error([Problem(path, line, text)], path.parent.parent)


def changed_lines(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return what differs between two texts, line by line: sign (-, + or blank) and line, two of context."""
    import difflib

    told = difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
    return tuple((line[0], line[1:]) for line in told if not line.startswith(("---", "+++")))
