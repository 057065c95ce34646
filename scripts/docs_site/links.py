"""Links of pages that are read in two places: beside each other on a code host, and on the site in one language."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import normpath, relpath

_LINK = re.compile(
    r"(?P<picture>!?)\[(?P<label>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)"
)
_FENCE = re.compile(r"(^ *```.*?^ *```)", re.MULTILINE | re.DOTALL)
_SWITCH = ("中文", "English")
_BETWEEN = r"[ \t]*(?:·[ \t]*)?"


def neutral(page: str) -> str:
    """Return the name of a page without its language.

    >>> neutral("docs/batch.en.md"), neutral("docs/batch.md")
    ('docs/batch.md', 'docs/batch.md')
    """
    return f"{page.removesuffix('.en.md')}.md" if page.endswith(".en.md") else page


def site_links(text: str, page: str, places: Mapping[str, str]) -> str:
    """Return a page with links as the site needs them.

    A link to a file that the site does not have leaves its words. The site turns a link to a page into one to the page
    in the reader's language, and has its own switch between languages: links from a page to itself in the other
    language go.

    Parameters
    ----------
    text
        Markdown of the page.
    page
        Path of its file in the repository.
    places
        Files of the repository (pages without their language) and where the site has them.

    Examples
    --------
    >>> site_links("[All](../GLOSSARY.md#a) [x](b.en.md)", "docs/a.en.md", {"docs/a.md": "a.md", "docs/b.md": "b.md",
    ... "GLOSSARY.md": "glossary.md"})
    '[All](glossary.md#a) [x](b.md)'
    """
    parts = _FENCE.split(text)
    return "".join(part if number % 2 else _replaced(part, page, places) for number, part in enumerate(parts))


def _replaced(text: str, page: str, places: Mapping[str, str]) -> str:
    here = places[neutral(page)]

    def replace(found: re.Match[str]) -> str:
        target, anchor = found["target"], found["anchor"] or ""
        if not target or "://" in target or target.startswith("mailto:"):
            return found[0]
        there = neutral(normpath(str(PurePosixPath(page).parent / target)))
        if there not in places:
            # Code and licences stand in the repository only.
            return found["label"]
        path = relpath(places[there], str(PurePosixPath(here).parent))
        return f"{found['picture']}[{found['label']}]({path}{anchor})"

    return _LINK.sub(replace, _without_switch(text, page))


def _without_switch(text: str, page: str) -> str:
    other = PurePosixPath(page)
    name = other.name.replace(".en.md", ".md") if other.name.endswith(".en.md") else f"{other.stem}.en.md"
    for word in _SWITCH:
        text = re.sub(rf"^\[{word}\]\({re.escape(name)}\){_BETWEEN}", "", text, count=1, flags=re.MULTILINE)
    return text
