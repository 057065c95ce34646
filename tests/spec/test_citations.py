"""Every citation can be found again, and every entry of the register of rules is a rule or has its reason.

The source documents are not part of this repository. Where their texts lie in a folder `sources` near the checkout, or
in the folder that $ZONING_SOURCES names, every anchor is looked up there; otherwise its place and form are checked.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from zoning.citations import Citation
from zoning.rules.rule import REGISTER_ID
from zoning.workspace import Workspace, builtin_root
from zoning.yaml_files import load

WORKSPACE = Workspace.open(builtin_root())
RULES = WORKSPACE.rulebook.rules
DOCUMENTS = WORKSPACE.rulebook.documents
COUNTED = [name for name, document in DOCUMENTS.items() if document.text is not None]
LONGEST_ANCHOR = 20
LINES = re.compile(r"L(\d+)(?:-(\d+))?")

# The entries of the register (R001-R208) that cite the document.
ROWS = {
    "yangcheng-2023-63": "017 036",
    "yangcheng-2023-43-a": """
        007 022 023 024 029 032 033 042 046 051 052 055 089 090 120 121 122 123 145 147 148 159 173 175 185 186 196
        197 205""",
    "yangcheng-2023-43-b": """
        006 007 010 013 014 015 016 017 019 020 021 028 038 052 063 064 065 066 067 074 079 080 081 089 093 094 095
        096 099 100 101 102 103 104 105 113 114 115 117 121 137 138 140 141 143 144 160 161 162 163 164 165 166 169
        170 175 176 177 178 179 180 181 182 192 193 196 200 204 206 207 208""",
    "yangquan-2025-23": "008 011 012 025 031 054 069 128 134 140 142 149 169 172 191 206",
    "jincheng-urban-2023-3": """
        001 002 003 004 005 017 026 027 035 037 040 041 042 043 044 045 047 048 049 050 056 057 058 059 060 061 062
        072 073 092 106 107 108 109 115 121 126 127 129 130 131 132 138 139 146 149 150 151 152 167 168 171 175 183
        184 189 190 194 198 199 200 201 205""",
    "xinjiang-2021-22": """
        009 018 030 034 039 053 068 070 071 075 076 077 078 082 083 084 085 086 087 088 091 097 098 110 111 112 116
        118 119 124 125 133 135 136 138 139 141 142 153 154 155 156 157 158 162 163 169 174 176 183 187 188 195 202
        203 207""",
}
# Entries that rest on several lines of one document.
SEVERAL_PLACES = {
    ("yangcheng-2023-43-b", "R165"): (1704, 1724),
    ("yangcheng-2023-43-b", "R180"): (1834, 1848),
    ("yangcheng-2023-43-b", "R208"): (1362, 1930),
    ("yangquan-2025-23", "R069"): (123, 159),
    ("xinjiang-2021-22", "R009"): (133, 382),
    ("xinjiang-2021-22", "R116"): (204, 250),
    ("xinjiang-2021-22", "R195"): (366, 374),
}


def citations(document: str) -> Iterator[tuple[str, Citation]]:
    """Yield every citation of a document with the rule that it stands in."""
    for rule in RULES:
        yield from ((rule.id, citation) for citation in rule.citations if citation.document == document)


def of_plans(document: str) -> Iterator[tuple[str, Citation]]:
    """Yield every citation of a document in the content of planners, wherever it stands there."""
    for path in sorted((WORKSPACE.root / "plans").rglob("*.yaml")):
        for number, found in enumerate(_cited(load(path).value)):
            citation = Citation.model_validate(found)
            if citation.document == document:
                yield f"{path.stem} {number}", citation


def _cited(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, dict) and {"document", "section"} <= set(value):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _cited(one)


def first_and_last(citation: Citation) -> tuple[int, int]:
    """Return the lines that a citation names."""
    found = LINES.fullmatch(citation.lines)
    assert found is not None, citation
    return int(found[1]), int(found[2] or found[1])


def not_encoded() -> Mapping[str, Mapping[str, str]]:
    """Return the entries of the register that are no rule, with the reasons."""
    listed: Mapping[str, Mapping[str, str]] = load(WORKSPACE.root / "rules" / "not-encoded.yaml").value["not_encoded"]
    return listed


def without_spaces(text: str) -> str:
    """Return the text as it reads when line breaks and spaces do not count."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def texts(repository_root: Path) -> Mapping[str, list[str]]:
    """Return the lines of the source texts by the SHA-256 of their files."""
    wanted = {document.text.sha256 for document in DOCUMENTS.values() if document.text is not None}
    named = os.environ.get("ZONING_SOURCES")
    near = [folder for parent in repository_root.parents[:3] for folder in (parent, *parent.glob("*"))]
    for folder in [Path(named)] if named else [folder / "sources" for folder in near]:
        files = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.glob("*.txt"))}
        if wanted & set(files):
            return {sha256: path.read_text(encoding="utf-8").split("\n") for sha256, path in files.items()}
    if named:
        pytest.fail(f"$ZONING_SOURCES names {named}, which holds none of the texts that documents.yaml names")
    pytest.skip("needs the texts of the source documents: name their folder in $ZONING_SOURCES")


# --- the citations


@pytest.mark.parametrize("name", COUNTED)
def test_every_anchor_stands_on_its_lines(texts: Mapping[str, list[str]], name: str) -> None:
    text = DOCUMENTS[name].text
    assert text is not None
    lines = texts[text.sha256]
    assert text.lines[1] <= len(lines)
    strayed = []
    for rule, citation in (*citations(name), *of_plans(name)):
        first, last = first_and_last(citation)
        passage = without_spaces("".join(lines[first - 1 : last]))
        if without_spaces(citation.anchor) not in passage:
            strayed.append((rule, citation.lines, citation.anchor))
    assert strayed == []


@pytest.mark.parametrize("name", COUNTED)
def test_a_place_in_a_counted_text_is_told_by_section_lines_and_anchor(name: str) -> None:
    text = DOCUMENTS[name].text
    assert text is not None
    found = [*citations(name), *of_plans(name)]
    assert found
    for rule, citation in found:
        first, last = first_and_last(citation)
        assert text.lines[0] <= first <= last <= text.lines[1], rule
        assert citation.section.strip(), rule
        assert 2 <= len(citation.anchor) <= LONGEST_ANCHOR, (rule, citation.anchor)


def test_the_content_of_planners_cites_documents_that_are_known() -> None:
    cited = [citation for name in DOCUMENTS for _, citation in of_plans(name)]
    every = [found for path in (WORKSPACE.root / "plans").rglob("*.yaml") for found in _cited(load(path).value)]
    assert len(cited) == len(every) > 100


def test_plans_and_schemes_have_a_counted_text_and_laws_are_cited_by_article() -> None:
    plans = [name for name, document in DOCUMENTS.items() if document.weight in ("plan", "scheme")]
    assert plans == COUNTED == list(ROWS)
    for name in sorted(set(DOCUMENTS) - set(plans)):
        for rule, citation in citations(name):
            assert citation.section.strip(), rule
            assert (citation.lines, citation.anchor) == ("", ""), rule


# --- the register


def test_every_entry_of_the_register_is_a_rule_or_has_its_reason() -> None:
    encoded = {rule.id[:4] for rule in RULES if REGISTER_ID.match(rule.id)}
    listed = not_encoded()
    assert encoded | set(listed) == {f"R{number:03}" for number in range(1, 209)}
    assert encoded.isdisjoint(listed)
    assert list(listed) == sorted(listed)
    assert [entry for entry, reason in listed.items() if not (reason["zh"] and reason["en"])] == []


@pytest.mark.parametrize("name", list(ROWS))
def test_every_entry_is_cited_from_each_document_that_states_it(name: str) -> None:
    rows = {f"R{number}" for number in ROWS[name].split()}
    assert {rule[:4] for rule, _ in citations(name)} == rows - set(not_encoded())


@pytest.mark.parametrize(("name", "row"), list(SEVERAL_PLACES))
def test_an_entry_that_stands_in_several_places_cites_them_all(name: str, row: str) -> None:
    cited = [first_and_last(citation) for rule, citation in citations(name) if rule[:4] == row]
    for line in SEVERAL_PLACES[name, row]:
        assert any(first <= line <= last for first, last in cited), line


def test_the_table_of_entries_is_whole() -> None:
    numbers = {number for rows in ROWS.values() for number in rows.split()}
    assert numbers == {f"{number:03}" for number in range(1, 209)}
