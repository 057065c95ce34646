"""The neutral model of a report: every format is written from it, so that all of them say the same.

Texts are in one language. Figures are numbers until a format prints them: nothing is rounded before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zoning.maps.made import Made
from zoning.rules.verdict import Decision
from zoning.texts import Language

Tone = Literal[
    "plain",
    "strong",
    "quiet",
    "prohibited",
    "undetermined",
    "restricted",
    "permitted",
    "affected",
    "possible",
    "no_data",
]
"""How a word is to be seen: as a decision, as the status of a layer, or only louder or quieter than the rest."""

ParagraphKind = Literal["body", "heading", "note", "item", "warning", "answer"]
NOTHING = "—"
"""What stands where a figure has no meaning; an empty cell would look like one that was forgotten."""


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with as many decimals as are printed; its unit stands in the head of the column.

    >>> Number(15890.995057).text, Number(1.58909950, 4).text
    ('15,891.00', '1.5891')
    """

    value: float
    decimals: int = 2

    @property
    def text(self) -> str:
        """The figure as it is printed."""
        return f"{self.value:,.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is to be seen at once: a decision, a status."""

    text: str
    tone: Tone = "plain"


Cell = str | Number | Word


def cell_text(cell: Cell) -> str:
    """Return a cell as it is printed."""
    return cell if isinstance(cell, str) else cell.text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: figures stand to the right; `weight` is its share of the width."""

    title: str
    unit: str = ""
    numeric: bool = False
    weight: float = 1.0

    @property
    def head(self) -> str:
        """Title with the unit.

        >>> Column("面积", "m²").head, Column("备注").head
        ('面积 / m²', '备注')
        """
        return f"{self.title} / {self.unit}" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `pairs` tells that it has no head: names on the left, values on the right."""

    id: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    kind: ParagraphKind = "body"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG) with its caption, `width_mm` wide on paper; a `sheet` is a page of its own, at true size."""

    id: str
    png: bytes
    caption: str
    width_mm: float = 160.0
    height_mm: float | None = None
    sheet: bool = False


Block = Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter."""

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}".strip()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in it."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True, slots=True)
class Front:
    """The first page: it alone carries the answer.

    Attributes
    ----------
    word, colour, badge, sign
        Of the decision: its word, its colour, and the paths of its drawn sign in a box of 24 x 24.
    sentence
        What, where, how much, by which rule.
    facts
        Who, where, when: names and values.
    figures
        The figures that the answer rests on.
    rules
        The rules that the decision rests on, with their sources.
    scope
        How many layers were looked at, and what came out.
    missing
        What is still to be answered or supplied, or the sentence that nothing is.
    """

    decision: Decision
    word: str
    colour: str
    badge: str
    sign: str
    sentence: str
    facts: Table
    figures: Table
    rules_title: str
    rules: tuple[str, ...]
    missing_title: str
    missing: tuple[str, ...]
    scope: str
    notice: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says.

    Attributes
    ----------
    digest
        SHA-256 of the verdict's JSON: the same hash stands in the table of a batch.
    short
        Its beginning, as it is printed.
    words
        Further texts of the pages: names of fields in head and foot.
    """

    language: Language
    title: str
    subtitle: str
    site: str
    front: Front
    sections: tuple[Section, ...]
    digest: str
    short: str
    made: Made
    verdict_json: str
    words: dict[str, str]

    def section(self, section_id: str) -> Section:
        """Return a section by its id."""
        return next(section for section in self.sections if section.id == section_id)

    @property
    def pictures(self) -> Iterator[Picture]:
        """All pictures in their order."""
        return (block for section in self.sections for block in section.blocks if isinstance(block, Picture))
