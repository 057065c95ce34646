"""Tables and headings of the manual's pages."""

import re
from collections.abc import Iterable, Sequence

from zoning.rules.proofreading.table_files import markdown_cell
from zoning.texts import Language, Text

_AFTER_CHINESE = re.compile(
    "(?<=[\u3001-\u9fff\uff01-\uff5e”])\n(?=[\u3001-\u9fff\uff01-\uff5e“])|(?<=[，。；：、])\n(?=[A-Za-z`])"
)
MADE = "<!-- 由 scripts/write_docs.py 生成，请勿手改 · made by scripts/write_docs.py: do not edit -->"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown already."""
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    lines.extend(f"| {' | '.join(row)} |" for row in rows)
    return "\n".join(lines)


def said(label: Text, text: Text | str | None, language: Language) -> list[str]:
    """Return `label: text` as a line of a cell, nothing where there is no text."""
    shown = text.get(language) if isinstance(text, Text) else text
    colon = "：" if language == "zh" else ": "
    return [f"*{label.get(language)}*{colon}{markdown_cell(shown)}"] if shown else []


def wide(title: str, width: int) -> str:
    """Return the title of a column that is to stay at least so many spaces wide."""
    return f"{title}<br>{'&nbsp;' * width}"


def page(*blocks: str) -> str:
    """Return a page of blocks, one empty line between them.

    A line end between Chinese characters would be shown as a space.
    """
    text = "\n\n".join((MADE, *(block for block in blocks if block))) + "\n"
    return _AFTER_CHINESE.sub("", text)
