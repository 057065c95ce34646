"""A sentence in both languages of the product."""

from collections.abc import Iterable
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

    def plain(self) -> dict[str, str]:
        """Return both languages as a document keeps them.

        >>> Text("地块", "site").plain()
        {'zh': '地块', 'en': 'site'}
        """
        return {"zh": self.zh, "en": self.en}


def joined(texts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    """Return texts as one, with signs between them.

    >>> joined([Text("耕地", "farmland"), Text("林地", "forest")])
    Text(zh='耕地、林地', en='farmland, forest')
    """
    listed = list(texts)
    return Text(zh.join(text.zh for text in listed), en.join(text.en for text in listed))
