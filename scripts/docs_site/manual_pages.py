"""Pages of the rule manual hold both languages one after the other: on the site each language has its own page."""

import re

_PAGE = re.compile(
    r"\A(?P<mark><!--.*?-->\n\n)?# (?P<title_zh>[^\n]+)\n\n\*\*(?P<title_en>[^*\n]+)\*\*(?P<links>[^\n]*)\n\n"
    r"## 规则\n(?P<zh>.*?)\n## Rules\n(?P<en>.*)\Z",
    re.DOTALL,
)
_RULE = re.compile(r"^\| (?P<id>[A-Z][A-Za-z0-9-]*)(?=[ <])", re.MULTILINE)


def in_each_language(text: str) -> dict[str, str]:
    r"""Return the pages of the site for a page, by ending: `.md` for Chinese or both, `.en.md` for English.

    >>> list(in_each_language("# A"))
    ['.md']
    >>> page = "# 水法\n\n**Water Law** · all\n\n## 规则\n\n| a |\n\n## Rules\n\n| W-1 | b |\n"
    >>> in_each_language(page)[".en.md"]
    '# Water Law\n\n水法 · all\n\n| <a id="w-1"></a>W-1 | b |\n'
    """
    found = _PAGE.match(text)
    if found is None:
        return {".md": text}
    english = _RULE.sub(lambda rule: f'| <a id="{rule["id"].lower()}"></a>{rule["id"]}', found["en"])
    return {
        ".md": f"# {found['title_zh']}\n\n{found['title_en']}{found['links']}\n{found['zh']}",
        ".en.md": f"# {found['title_en']}\n\n{found['title_zh']}{found['links']}\n{english}",
    }
