"""An edition as the text of its file: the same list always gives the same bytes."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from zoning.rules.access.clauses import AccessList, Clause, UnitRecord

Raw = Mapping[str, Any]
"""A table of a content file as it stands there: all scalars are text."""

_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_NULL = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"
_LINE = 1 << 20  # a text stands in one line, however long


class _Dumper(_BASE):  # type: ignore[misc]  # C or Python, whichever is there
    """Writes dates and numbers without quotes: the reader keeps all scalars as text."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        tag = self.resolve(yaml.ScalarNode, text, (True, False))
        style = "|" if "\n" in text and all(_plain(line) for line in text.split("\n")) else None
        node: yaml.ScalarNode = self.represent_scalar(_TEXT if tag == _NULL or style else tag, text, style=style)
        return node

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the reader takes none
        return True


_Dumper.add_representer(str, _Dumper.represent_text)


def _plain(line: str) -> bool:
    return line == line.strip() and line.isprintable()


def edition_text(edition: AccessList, kept: Mapping[int, Raw] | None = None, lead: str = "") -> str:
    """Return the content of the edition's file.

    Parameters
    ----------
    kept
        Index of a clause -> keys of its file entry that were written by hand and go with it.
    lead
        A remark at the beginning, without `#`.
    """
    kept = kept or {}
    head = _head(edition)
    units = [_unit(record) for record in edition.units]
    clauses = [_clause(clause, kept.get(index, {})) for index, clause in enumerate(edition.clauses)]
    remark = "".join(f"# {line}\n" for line in lead.splitlines())
    blocks = [_dump(head), *(_dump({name: part}) for name, part in (("units", units), ("clauses", clauses)) if part)]
    return remark + "".join(blocks)


def _head(edition: AccessList) -> dict[str, Any]:
    head: dict[str, Any] = {
        "title": {"zh": edition.title.zh, "en": edition.title.en},
        "issuer": {"zh": edition.issuer.zh, "en": edition.issuer.en},
        "number": edition.number,
        "territories": list(edition.territories),
        "valid_from": edition.valid_from.isoformat(),
        "valid_to": edition.valid_to.isoformat() if edition.valid_to else "",
        "superseded_by": edition.superseded_by or "",
        "schematic": "true" if edition.schematic else "",
        "former_codes": dict(edition.former_codes),
    }
    if edition.source is not None:
        source = edition.source
        head["source"] = _filled(
            {
                "file": source.file,
                "sheets": [name for name in source.sheets if name],
                "sha256": source.sha256,
                "imported": source.imported.isoformat(),
            }
        )
    if edition.note is not None:
        head["note"] = {"zh": edition.note.zh, "en": edition.note.en}
    return _filled(head)


def _unit(record: UnitRecord) -> dict[str, Any]:
    return _filled(
        {
            "code": record.code,
            "name": record.name,
            "class": record.class_ or "",
            "province": record.province or "",
            "city": record.city or "",
            "county": record.county or "",
            "no_clause": dict(record.no_clause),
        }
    )


def _clause(clause: Clause, kept: Raw) -> dict[str, Any]:
    table = {
        "number": clause.number,
        "level": clause.level,
        "unit": clause.unit or "",
        "classes": list(clause.classes),
        "dimension": clause.dimension,
        "printed": clause.printed,
        "text": clause.text,
    }
    return _filled({**table, **kept})


def _filled(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in ("", [], {}, None)}


def _dump(value: Mapping[str, Any] | Iterable[Any]) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_LINE, default_flow_style=False
    )
    return text


def one_line(table: Raw) -> str:
    """Return a table of a content file in one line, as it can be pasted back.

    >>> one_line({"complies_when": {"construction": ["none"]}})
    '{complies_when: {construction: [none]}}'
    """
    text: str = yaml.dump(
        table, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_LINE, default_flow_style=True
    )
    return text.strip()
