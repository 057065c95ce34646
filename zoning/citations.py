"""Where a rule stands: the document and the place in it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from zoning.texts import Text

Weight = Literal["plan", "scheme", "regulation", "law", "policy"]


class Document(BaseModel):
    """One source document. The same number can belong to two issuers: issuer and number together name it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text
    number: str
    issuer: Text
    issued: date
    weight: Weight
    territories: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    note: Text | None = None


class Citation(BaseModel):
    """The place in a document that a rule rests on.

    `anchor` is a short string that occurs there, so that anyone can find the place again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    section: str
    lines: str
    anchor: str
