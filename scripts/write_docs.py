"""Write the pages of docs/ that are made from content: `python scripts/write_docs.py [--check]`.

docs/rules/ holds the manual of the built-in rules, docs/rule-language.md the words of the rule language. Run it after
rules, documents, facts or tests/spec/rule_language have changed.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from manual.facts import facts_page  # noqa: E402 - tests/support holds what reads the words of the language
from manual.language import language_page  # noqa: E402 - after the path is set
from manual.rules import Manual, rule_pages  # noqa: E402 - after the path is set
from rule_language import read_words  # noqa: E402 - after the path is set
from zoning.rules.wording.territories import read_territories  # noqa: E402 - after the path is set
from zoning.workspace import Workspace  # noqa: E402 - after the path is set

DOCS = ROOT / "docs"


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every page with its content."""
    workspace = Workspace.open(ROOT)
    manual = Manual(workspace, read_territories(ROOT / "rules"))
    for name, content in rule_pages(manual):
        yield DOCS / "rules" / name, content
    yield DOCS / "rules" / "facts.md", facts_page(workspace.rulebook.vocabulary)
    yield DOCS / "rule-language.md", language_page(read_words(), workspace)


def stale(wanted: dict[Path, str]) -> list[Path]:
    """Return pages that are missing, that say something else, or whose document is gone."""
    there = set((DOCS / "rules").glob("*.md"))
    different = [
        path for path, content in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != content
    ]
    return sorted({*different, *(there - wanted.keys())})


def main() -> int:
    """Write or check the pages."""
    parser = argparse.ArgumentParser(description="write the pages that are made from content")
    parser.add_argument("--check", action="store_true", help="compare with the pages that are there; write nothing")
    options = parser.parse_args()
    wanted = dict(pages())
    changed = stale(wanted)
    for path in changed:
        if not options.check and path not in wanted:
            path.unlink()
        elif not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        print(f"{'differs' if options.check else 'written'}: {path.relative_to(ROOT)}")
    print(f"{len(wanted)} pages, {len(changed)} {'differ' if options.check else 'written'}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
