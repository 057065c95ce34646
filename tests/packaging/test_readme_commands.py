"""What README.md and docs/ say can be done: every command is run as a reader would, every name is looked up.

Commands of pages about planning are run by test_readme_planning.py. Lines that call `make` are left out here: .ci/run
calls them in a fresh copy of the repository.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from page_commands import BLOCK, DONE, PLANNING, PROGRAMS, Desk, commands, pages, subjects
from zoning.cli.app import app

INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)#]+)\)")
SUBJECTS = [subject for subject in subjects(Path(__file__).resolve().parents[2]) if subject not in PLANNING]


def command_tree() -> Iterator[tuple[str, Any]]:
    """Return all commands that do something, by their words."""
    waiting: list[tuple[str, Any]] = [("zoning", typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop()
        children = getattr(command, "commands", None)
        if children is None:
            yield words, command
        else:
            waiting.extend((f"{words} {name}", child) for name, child in children.items())


TREE = dict(command_tree())


def long_options(command: Any) -> set[str]:
    names = [name for option in command.params for name in (*option.opts, *option.secondary_opts)]
    return {name for name in names if name.startswith("--")} - {"--help"}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_command_of_a_page_runs_one_after_the_other(followed: Callable[[str], Desk], subject: str) -> None:
    assert followed(subject).folder.is_dir()


def test_pages_show_what_can_be_run(repository_root: Path) -> None:
    assert {"README", "docs/first-verdict", "docs/reviewers"} <= set(SUBJECTS)
    assert len(commands(pages(repository_root)["README.md"])) >= 12


def test_the_replay_of_the_readme_gives_the_same_bytes(repository_root: Path, followed: Callable[[str], Desk]) -> None:
    desk = followed("README")
    lines = commands(pages(repository_root)["README.md"])
    first = next(number for number, line in enumerate(lines) if "verdict.json" in line)
    assert "--replay" in lines[first + 1]
    assert desk.codes[lines[first + 1]] == 0


def test_pages_hold_only_blocks_that_are_run_or_named_otherwise(repository_root: Path) -> None:
    for page, text in pages(repository_root).items():
        opening = re.findall(r"^```(.*)$", text, re.MULTILINE)[::2]
        assert all(opening), f"{page}: a block without the name of its language"
        for block in BLOCK.findall(text):
            for line in block.splitlines():
                words = line.split("#")[0].split()
                assert not words or words[0] in (*PROGRAMS, "make", "git", "scripts/check"), f"{page}: {line}"


def test_targets_of_make_exist(repository_root: Path) -> None:
    makefile = (repository_root / "Makefile").read_text(encoding="utf-8")
    for page, text in pages(repository_root).items():
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


def test_links_lead_somewhere(repository_root: Path) -> None:
    for page, text in pages(repository_root).items():
        for target in LINK.findall(text):
            if "://" not in target:
                assert ((repository_root / page).parent / target).exists(), f"{page}: {target}"


def test_commands_and_options_that_are_named_exist(repository_root: Path) -> None:
    known = set().union(*(long_options(command) for command in TREE.values())) | {"--help"}
    beginnings = {" ".join(words.split()[:n]) for words in TREE for n in (1, 2, 3)}
    for page in ("README.md", "docs/commands.md"):
        text = pages(repository_root)[page]
        spans = [*INLINE.findall(text), *commands(text)]
        for span in spans:
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", span):
                assert option in known, f"{page}: {option}"
            if re.match(r"zoning [a-z]", span):
                words = span.split()
                named = " ".join(words[: 3 if words[1] in ("layers", "rules", "plan", "register", "mines") else 2])
                assert named in beginnings, f"{page}: {span}"


def test_files_that_the_readme_names_exist(repository_root: Path, followed: Callable[[str], Desk]) -> None:
    desk = followed("README").folder
    text = pages(repository_root)["README.md"]
    made = {"out/", "my-county", ".venv/", ".venv/bin/zoning", "verdict.json"}
    for span in INLINE.findall(text):
        if re.fullmatch(r"[\w./-]+", span) and ("/" in span or span.endswith((".yaml", ".md"))):
            assert span in made or (repository_root / span).exists() or (desk / span).exists(), span


@pytest.mark.parametrize("words", sorted(TREE))
def test_every_command_has_its_section_with_all_its_options(repository_root: Path, words: str) -> None:
    sections = re.split(r"^## ", pages(repository_root)["docs/commands.md"], flags=re.MULTILINE)
    section = next((part for part in sections if part.splitlines()[0] == words), None)
    assert section is not None, f"docs/commands.md has no section '{words}'"
    for option in long_options(TREE[words]):
        assert f"`{option}`" in section, f"{words} {option}"


def test_the_page_of_commands_names_every_exit_code(repository_root: Path) -> None:
    from zoning import cli, errors

    text = pages(repository_root)["docs/commands.md"]
    classes = [value for value in vars(errors).values() if isinstance(value, type) and hasattr(value, "exit_code")]
    codes = {*DONE, cli.FAULT, cli.INTERRUPTED, cli.READER_LEFT, *(found.exit_code for found in classes)}
    for code in codes:
        assert re.search(rf"(?:: |· |^){code} ", text, re.MULTILINE), code
