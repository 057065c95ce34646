"""The page of all commands with all options, from the same code that prints `zoning --help`."""

import json
import os
import subprocess
import sys
from typing import Any

WORDS = {
    "zh": {
        "title": "命令参考",
        "intro": "本页由程序生成，与 `zoning 命令 --help` 相同。每个命令做什么、退出码和例子见"
        "[命令一览](../commands.md)。",
        "options": "选项",
        "default": "默认",
        "repeat": "可重复",
        "required": "必填",
        "between": "、",
    },
    "en": {
        "title": "Command reference",
        "intro": "This page is made from the program and says what `zoning COMMAND --help` says. What each command "
        "does, its exit codes and examples: [all commands](../commands.md).",
        "options": "options",
        "default": "default",
        "repeat": "may be repeated",
        "required": "required",
        "between": ", ",
    },
}


def command_page(language: str) -> str:
    """Return the page in one language ("zh" or "en")."""
    words = WORDS[language]
    parts = [f"# {words['title']}\n", f"{words['intro']}\n"]
    for command in _commands(language):
        usage = " ".join([command["name"], *(f"[{one['label']}]" for one in command["arguments"])])
        parts += [f"## {command['name']}\n", f"{_cell(command['help'])}\n", f"```text\n{usage} [OPTIONS]\n```\n"]
        rows = [*command["arguments"], *command["options"]]
        if rows:
            parts.append(f"| {words['options']} | |\n|---|---|")
            parts += [_row(one, words) for one in rows]
            parts.append("")
    return "\n".join(parts)


def _row(option: dict[str, Any], words: dict[str, str]) -> str:
    told = [_cell(option["help"])]
    if option["required"]:
        told.append(words["required"])
    if option["repeat"] and words["repeat"] not in told[0]:
        told.append(words["repeat"])
    if option["default"]:
        told.append(f"{words['default']} `{option['default']}`")
    names = words["between"].join(f"`{name}`" for name in option["names"])
    takes = f" {_cell(option['takes'])}" if option["takes"] else ""
    return f"| {names}{takes} | {' · '.join(one for one in told if one)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _commands(language: str) -> list[dict[str, Any]]:
    """Ask a process of its own: the language of the help is decided when the commands are imported."""
    said = subprocess.run(
        [sys.executable, __file__],
        env={**os.environ, "ZONING_LANG": language, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(said.stdout)
    return found


def _tell() -> None:
    import typer.main

    from zoning.cli.app import app

    found: list[dict[str, Any]] = []
    waiting: list[tuple[str, Any]] = [("zoning", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop(0)
        children = getattr(command, "commands", None)
        if children is not None:
            waiting[:0] = [(f"{name} {word}", child) for word, child in children.items()]
            continue
        told = [_told(one) for one in command.params if not getattr(one, "hidden", False) and one.name != "help"]
        found.append(
            {
                "name": name,
                "help": command.help or "",
                "arguments": [one for one in told if one["label"]],
                "options": [one for one in told if not one["label"]],
            }
        )
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


def _told(option: Any) -> dict[str, Any]:
    is_option = any(name.startswith("-") for name in option.opts)
    label = "" if is_option else option.metavar or option.name.upper()
    kind = getattr(option.type_descriptor, "annotation", None)
    default = getattr(option.default, "value", option.default)
    return {
        "label": label,
        "names": [*option.opts, *option.secondary_opts] if is_option else [label],
        "takes": (option.metavar or "|".join(_choices(kind))) if is_option and not option.is_flag else "",
        "help": option.help or "",
        "required": bool(option.required) and is_option,
        "repeat": bool(option.multiple) or option.nargs == -1,
        "default": "" if isinstance(default, bool) or default in (None, [], ()) or callable(default) else str(default),
    }


def _choices(kind: Any) -> list[str]:
    """Return the words that an option takes; none where it is not one of a few."""
    members: dict[str, Any] = getattr(kind, "__members__", {})
    return [str(one.value) for one in members.values()]


if __name__ == "__main__":
    _tell()
