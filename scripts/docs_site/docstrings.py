"""Docstrings in numpy style, as Markdown."""

import inspect
import re
from collections.abc import Iterator

_SECTION = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}\n", re.MULTILINE)
_OF_CODE = ("Examples",)
_OF_TEXT = ("Notes", "References", "See Also", "Warnings")


def markdown(docstring: str | None) -> str:
    r"""Return a docstring as Markdown.

    >>> print(markdown("Return it.\n\nParameters\n----------\nwidth\n    In metres.\n"))
    Return it.
    <BLANKLINE>
    **Parameters**
    <BLANKLINE>
    - `width`: In metres.
    >>> markdown("Say it.\n\n>>> 1 + 1\n2")
    'Say it.\n\n```pycon\n>>> 1 + 1\n2\n```'
    """
    first, *sections = _SECTION.split(inspect.cleandoc(docstring or ""))
    parts = [_text(first)]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        parts.append(f"**{title}**")
        parts.append(_text(body) if title in (*_OF_CODE, *_OF_TEXT) else "\n".join(_items(body)))
    return "\n\n".join(part for part in parts if part)


def _text(body: str) -> str:
    """Return paragraphs; lines of a session stand in a block of their own."""
    found = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        words, session = re.match(r"(.*?)(^>>> .*|\Z)", paragraph, re.DOTALL | re.MULTILINE).groups()  # type: ignore[union-attr]  # matches always
        found += [_escaped(words.strip())] if words.strip() else []
        found += [f"```pycon\n{session}\n```"] if session else []
    return "\n\n".join(found)


def _items(body: str) -> Iterator[str]:
    """Yield the entries of a section: what stands at the margin, and its description."""
    for entry in re.split(r"\n(?=\S)", body.strip()):
        head, _, text = entry.partition("\n")
        described = _escaped(" ".join(text.split()))
        yield f"- `{head}`: {described}" if described else f"- {_escaped(head)}"


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")
