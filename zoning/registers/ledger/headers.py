"""Which header of a ledger means which field: the titles, the name of the column, and the aliases of the type."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from zoning.mistakes import nearest
from zoning.registers.ledger.columns import export_columns, short_column_names
from zoning.registers.types import RESERVED, FieldSpec, RegisterType

_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|〔([^〔〕]*)〕")
_STARS = re.compile(r"[*:]+")
SHAPE = "wkt"
"""What the column with shapes (WKT, EPSG:4490) is called; no field may bear this name."""

_OWN = (*RESERVED, "状态", "进入状态日期", "版本", "序号", "导入错误", "import errors")
_SHAPES = (SHAPE, "图形", "图形(wkt)", "wkt(epsg:4490)", "geometry(wkt)")


def same_header(text: str) -> str:
    """Return a header in the form in which headers are compared: half width, no blanks, no star, lower case.

    >>> same_header(" ＴＢ编号 *"), same_header("图斑面积（m²）")
    ('tb编号', '图斑面积(m2)')
    """
    plain = unicodedata.normalize("NFKC", text)
    return _STARS.sub("", "".join(plain.split())).lower()


def split_unit(text: str) -> tuple[str, str]:
    """Return a header without what stands in brackets, and that: mostly a unit.

    >>> split_unit("图斑面积（亩）"), split_unit("经度")
    (('图斑面积', '亩'), ('经度', ''))
    """
    header = same_header(text)
    inner = [next(part for part in found.groups() if part is not None) for found in _BRACKETED.finditer(header)]
    return _BRACKETED.sub("", header), inner[-1] if inner else ""


def header_words(name: str, spec: FieldSpec) -> tuple[str, ...]:
    """Return every header that means a field."""
    return (name, spec.title.zh, spec.title.en, *spec.aliases)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header means: a field and the unit that stands in the header; `field` is "" for columns of our own."""

    field: str
    unit: str = ""


@dataclass(frozen=True)
class HeaderBook:
    """Every header that a type understands."""

    kind: RegisterType

    @cached_property
    def words(self) -> dict[str, str]:
        """Field by header, in the form of `same_header`; "" for columns that exports add."""
        found = dict.fromkeys(_OWN, "") | dict.fromkeys(_SHAPES, SHAPE)
        columns = export_columns(self.kind)
        # The words beside codes are for people: codes count.
        found |= {same_header(word): "" for column in columns if column.words
                  for word in (column.name, column.title.zh, column.title.en)}  # fmt: skip
        for name, spec in self.kind.fields.items():
            for word in header_words(name, spec):
                found[same_header(word)] = name
        for name, spec in self.kind.fields.items():
            for word in header_words(name, spec):
                found.setdefault(split_unit(word)[0], name)
        for column, short in short_column_names(self.kind).items():
            found.setdefault(same_header(short), found[same_header(column)])
        return found

    def meaning(self, header: str) -> Meaning | None:
        """Return what a header means, None where the type does not know it."""
        whole = self.words.get(same_header(header))
        if whole is not None:
            return Meaning(whole)
        bare, unit = split_unit(header)
        field = self.words.get(bare)
        return None if field is None else Meaning(field, unit)

    def near(self, header: str) -> str | None:
        """Return the title of the field that a header was probably meant to be."""
        words = {same_header(word): spec.title.zh for name, spec in self.kind.fields.items()
                 for word in header_words(name, spec)}  # fmt: skip
        found = nearest(split_unit(header)[0], words)
        return None if found is None else words[found]
