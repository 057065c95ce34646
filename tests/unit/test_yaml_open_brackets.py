"""A content file that ends behind an opening bracket: the mistake is named by its line, there is no traceback."""

from pathlib import Path

import pytest

from zoning.errors import ContentError
from zoning.yaml_files import load


@pytest.mark.parametrize(
    ("text", "line", "opener", "closer"),
    [
        ("title: [", 1, "[", "]"),
        ("title: [\n", 1, "[", "]"),
        ("title: {", 1, "{", "}"),
        ("title: {\n\n\n", 1, "{", "}"),
        ("[", 1, "[", "]"),
        ("a: 1\nb: 2\ntitle: [", 3, "[", "]"),
        ("a: 1\r\ntitle: [\r\n", 2, "[", "]"),
        ("title: {\n# 说明\n", 1, "{", "}"),
        ("title: [1, [", 1, "[", "]"),
        ("title: {zh: [", 1, "[", "]"),
        ("title: [b,", 1, "[", "]"),
    ],
)
def test_a_bracket_at_the_end_of_a_file_is_named_as_open(
    tmp_path: Path, text: str, line: int, opener: str, closer: str
) -> None:
    path = tmp_path / "water.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(ContentError) as caught:
        load(path)
    told = caught.value.text
    assert told.zh.endswith(f"water.yaml:{line}：“{opener}”没有对应的“{closer}”；请在这一项的末尾补上")
    assert told.en.endswith(f"water.yaml:{line}: '{opener}' has no '{closer}': add it at the end of this entry")
