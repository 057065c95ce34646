"""A sentence in both languages of the product."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or title in Chinese and English.

    >>> Text("地块", "site").get("en")
    'site'
    """

    # Read by pydantic where a Text stands in a content file.
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    zh: str
    en: str

    def get(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en
