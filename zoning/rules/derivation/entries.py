"""What stands after `derive:` of a fact: how it follows from another fact, or from a list that the user supplies."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import Mistake

Words = Annotated[tuple[str, ...], BeforeValidator(lambda raw: (raw,) if isinstance(raw, str) else raw)]
"""One word, or a list of words."""


class Derive(Content):
    """How a fact follows from another one, or from a list that the user supplies.

    Attributes
    ----------
    from_, codes, words
        The fact that it follows from, and its codes (levels of the classification) or words.
    list_
        A file of `rules/lists/`, without its suffix.
    value
        What follows: words, `yes`, `no` or a number.
    suggests
        Words that the code could mean: a hint beside the question, never an answer.
    basis
        Why it follows.
    """

    from_: str | None = Field(default=None, alias="from")
    codes: Words = ()
    words: Words = ()
    list_: str | None = Field(default=None, alias="list")
    value: Words = ()
    suggests: Words = ()
    basis: Text | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "Derive":
        if self.list_ is not None:
            if self.from_ or self.codes or self.words or self.value or self.suggests or self.basis:
                raise Mistake(Text("写了 list 就不再写别的键", "beside 'list' there is no other key"), ("list",))
            return self
        if self.from_ is None or bool(self.codes) == bool(self.words):
            raise Mistake(
                Text("须写 from，以及 codes 或 words 之一", "'from' is needed, with either 'codes' or 'words'"),
                ("from",),
            )
        if bool(self.value) == bool(self.suggests) or self.basis is None:
            raise Mistake(
                Text("须写 basis，以及 value 或 suggests 之一", "'basis' is needed, with either 'value' or 'suggests'")
            )
        return self
