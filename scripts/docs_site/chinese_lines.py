"""Chinese has no spaces between words: where a paragraph goes on in the next line, a browser would show one."""

import re

_SIGNS = "\u3001-\u303f\u3400-\u9fff\uff01-\uffef"
# A heading ends with its line.
_BREAK = re.compile(rf"^(?!#)(.*[{_SIGNS}])\n *(?=[{_SIGNS}“])|^(?!#)(.*[{_SIGNS}].*”)\n *(?=[{_SIGNS}])", re.MULTILINE)
_FENCED = re.compile(r"^( *```.*?^ *```$)", re.MULTILINE | re.DOTALL)


def joined(text: str) -> str:
    r"""Return a page in which lines that end and go on in Chinese are one line; blocks of code stay as they are.

    >>> joined("# 标题\n涉及哪些管控区、\n泉域、\n红线。\n\n- 第一，\n  第二\n")
    '# 标题\n涉及哪些管控区、泉域、红线。\n\n- 第一，第二\n'
    >>> joined("中文。\nEnglish\nwords\n```text\n甲\n乙\n```\n")
    '中文。\nEnglish\nwords\n```text\n甲\n乙\n```\n'
    """
    parts = _FENCED.split(text)
    return "".join(part if number % 2 else _joined(part) for number, part in enumerate(parts))


def _joined(text: str) -> str:
    while (found := _BREAK.sub(lambda line: line[1] or line[2], text)) != text:
        text = found
    return text
