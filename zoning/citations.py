"""Where a rule stands: the document and the place in it."""

from datetime import date
from typing import Literal

from pydantic import model_validator

from zoning.mistakes import Mistake
from zoning.strict_models import Content
from zoning.texts import Text

Weight = Literal["plan", "scheme", "policy", "regulation", "law"]
"""From a plan of a county to a law: what a citation rests on."""

EVERYWHERE = "CN"
_PROVINCE_DIGITS = 2


def binds_in(territories: tuple[str, ...], code: str) -> bool:
    """Tell whether something that holds in `territories` holds in the territory with this code.

    A code covers all codes that begin with it (GB/T 2260: province, city, county); CN covers all.

    >>> binds_in(("14",), "140522"), binds_in(("CN",), "1403"), binds_in(("140522",), "1403")
    (True, True, False)
    """
    return any(territory == EVERYWHERE or code.startswith(territory) for territory in territories)


def is_local(code: str) -> bool:
    """Tell whether a code names a city or county, not a province or the country."""
    return code != EVERYWHERE and len(code) > _PROVINCE_DIGITS


class SourceText(Content):
    """Where the text of a document lies that citations count lines in: SHA-256 of the file, first and last line."""

    sha256: str
    lines: tuple[int, int]


class Document(Content):
    """One source document. The same number can belong to two issuers: issuer and number together name it.

    `abbreviation` begins the ids of the rules of a law. `verified` is false where the text itself could not be read:
    its rules are shown as 待核实 and never decide alone.
    """

    title: Text
    number: str = ""
    abbreviation: str | None = None
    issuer: Text
    issued: date
    weight: Weight
    territories: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    superseded_by: str | None = None
    verified: bool = True
    text: SourceText | None = None
    note: Text | None = None


class Citation(Content):
    """The place in a document that a rule rests on.

    `anchor` is a short string that occurs there, so that anyone can find the place again; `lines` are those of the
    text that was read. Both are left out where an article names the place. `verified` is false where the number of the
    article, or what it says, is not certain.
    """

    document: str
    section: str
    lines: str = ""
    anchor: str = ""
    verified: bool = True

    @model_validator(mode="after")
    def _found_again(self) -> "Citation":
        if bool(self.lines) != bool(self.anchor):
            raise Mistake(
                Text("行号 lines 和查找用语 anchor 要一起写", "'lines' and 'anchor' belong together"),
                ("anchor",) if self.lines else ("lines",),
            )
        return self
