"""What is switched off says why on its line: `noqa`, `type: ignore`, tests that are skipped or expected to fail."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from house.sources import Source

_MARK = re.compile(
    r"#\s*(?:(?:ruff|flake8):\s*)?(?P<what>noqa|type:\s*ignore)\b(?P<codes>:?\s*\[[^\]]*\]|:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?"
)
_REASON = re.compile(r"\s*(?:-|#)\s*(?P<words>.*\w.*)")
_SKIPS = {"skip": 0, "skipif": 1, "xfail": 0, "importorskip": None}


def marks_without_reason(source: Source) -> list[str]:
    """Return comments that switch a rule off and do not say which one, or do not say why.

    The forms are `# noqa: X - reason` and `# type: ignore[x]  # reason`; of two on one line the last tells for both.
    """
    suspects = [number for number, line in enumerate(source.lines, 1) if "noqa" in line or "type: ignore" in line]
    unexplained = [number for number in suspects if not _explained(source.lines[number - 1])]
    comments = _comments(source.text) if unexplained else {}
    found = [number for number in unexplained if number in comments and not _explained(comments[number])]
    return [f"{source.path}:{number} {comments[number]}" for number in found]


def _comments(text: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _explained(comment: str) -> bool:
    marks = list(_MARK.finditer(comment))
    if not marks:
        return True
    reason = _REASON.fullmatch(comment[marks[-1].end() :])
    return reason is not None and all(mark["codes"] for mark in marks)


def marks(sources: list[Source]) -> int:
    """Return on how many lines a rule is switched off."""
    return sum(1 for source in sources for line in source.lines if _MARK.search(line))


def skips_without_reason(source: Source) -> list[str]:
    """Return tests that are skipped or expected to fail, and do not say why."""
    if not any(word in source.text for word in _SKIPS):
        return []
    return [f"{source.path}:{node.lineno} {name}" for name, node in _skips(source) if not _has_reason(name, node)]


def _skips(source: Source) -> Iterator[tuple[str, ast.expr]]:
    called = {id(node.func): node for node in source.nodes if isinstance(node, ast.Call)}
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _SKIPS and _of_pytest(node.value):
            yield node.attr, called.get(id(node), node)


def _of_pytest(node: ast.expr) -> bool:
    return ast.unparse(node) in {"pytest", "pytest.mark", "mark"}


def _has_reason(name: str, node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    said = [word.value for word in node.keywords if word.arg == "reason"]
    if name == "skip":
        said += node.args[:1]
    return any(not isinstance(value, ast.Constant) or bool(value.value) for value in said)
