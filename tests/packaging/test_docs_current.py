"""The pages of docs/ that are made from content: they say what the content says, and their links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

from zoning.workspace import Workspace

LINK = re.compile(r"\]\(([^)]+)\)")


def made_pages(root: Path) -> dict[Path, str]:
    paths = [*(root / "docs" / "rules").glob("*.md"), root / "docs" / "rule-language.md"]
    return {path: path.read_text(encoding="utf-8") for path in paths}


def test_the_pages_are_those_of_the_content(repository_root: Path) -> None:
    command = [sys.executable, "scripts/write_docs.py", "--check"]
    done = subprocess.run(command, cwd=repository_root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"run: python scripts/write_docs.py\n{done.stdout}{done.stderr}"


def test_every_rule_has_one_row_in_each_language(repository_root: Path) -> None:
    rulebook = Workspace.open(repository_root).rulebook
    for rule in rulebook.rules:
        page = (repository_root / "docs" / "rules" / f"{rule.citation.document}.md").read_text(encoding="utf-8")
        rows = [line for line in page.splitlines() if re.match(rf'\| (<a id="[^"]*"></a>)?{rule.id}(<br>| \|)', line)]
        assert len(rows) == 2, rule.id
        assert f"**{rule.title.zh}**" in rows[0].replace("\\", "")
        assert rule.says.en.replace("<", "&lt;") in rows[1].replace("\\", "").replace("&amp;", "&")
        assert ("待核实**" in rows[0].split(" | ")[0]) is not rulebook.is_verified(rule)


def test_rows_have_as_many_cells_as_their_heading(repository_root: Path) -> None:
    for path, text in made_pages(repository_root).items():
        cells = 0
        for line in text.splitlines():
            if line.startswith("|---"):
                cells = line.count("|")
            elif line.startswith("|") and cells:
                assert len(re.findall(r"(?<!\\)\|", line)) == cells, f"{path.name}: {line[:60]}"
            elif not line.startswith("|"):
                cells = 0


def test_links_of_made_pages_lead_somewhere(repository_root: Path) -> None:
    pages = made_pages(repository_root)
    for path, text in pages.items():
        for link in LINK.findall(text):
            target, _, anchor = link.partition("#")
            file = (path.parent / target).resolve() if target else path
            assert file.is_file(), f"{path.name}: {link}"
            if anchor:
                assert f'<a id="{anchor}"></a>' in pages[file], f"{path.name}: {link}"
