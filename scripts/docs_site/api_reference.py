"""The page of the Python interface: every public name with its signature and docstring."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import zoning
from docs_site.docstrings import markdown

_WIDTH = 88
# Modules in front of a type, and where one parameter ends and the next begins.
_HOME = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z])")
_BETWEEN = re.compile(r", (?=\*|\w+: )")

INTRO = {
    "zh": """# Python 接口

`import zoning` 之后可用的名称，由代码中的说明生成（英文）。未列在此的都是内部实现，可能随时改变。
""",
    "en": """# Python interface

What `import zoning` offers, made from the docstrings of the code. What is not listed here is internal and may change.
""",
}


def api_page(language: str) -> str:
    """Return the page in one language ("zh" or "en")."""
    parts = [INTRO[language]]
    for name in zoning.__all__:
        made = getattr(zoning, name)
        parts += [f"## {name}\n", *_described(name, made)]
        if inspect.isclass(made):
            for word, member in _members(made):
                parts += [f"### {name}.{word}\n", *_described(word, member)]
    return "\n".join(parts)


def _described(name: str, made: Any) -> Iterator[str]:
    shown = _signature(name, made)
    if shown:
        yield f"```python\n{shown}\n```\n"
    yield f"{markdown(made.__doc__)}\n"


def _members(made: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties that a class itself describes."""
    for word, member in vars(made).items():
        plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        is_shown = inspect.isfunction(plain) or isinstance(plain, property)
        if is_shown and not word.startswith("_") and plain.__doc__:
            yield word, plain


def _signature(name: str, made: Any) -> str:
    if isinstance(made, property):
        return ""
    try:
        found = inspect.signature(made)
    except (TypeError, ValueError):
        return ""
    shown = [one for one in found.parameters.values() if one.name not in ("self", "cls")]
    text = _HOME.sub("", f"{name}{found.replace(parameters=shown)}")
    return text if len(text) <= _WIDTH else _BETWEEN.sub(",\n    ", text).replace("(", "(\n    ", 1)
