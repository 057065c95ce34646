"""What a finished report said: its visible text, kept inside the file, so that a later change can be named."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

SCHEMA = "zoning.report/1"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Seal:
    """The visible text of a report, line by line, and the digest of its verdict.

    Attributes
    ----------
    complete
        Whether the report says all that it can; the template of an office may leave sections out.
    """

    digest: str
    language: str
    lines: tuple[str, ...]
    complete: bool = True

    @property
    def text_sha256(self) -> str:
        """The hash of the lines."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()

    def to_json(self) -> str:
        """Return the seal as JSON text."""
        content = {
            "schema": SCHEMA,
            "verdict_sha256": self.digest,
            "language": self.language,
            "complete": self.complete,
            "text_sha256": self.text_sha256,
            "lines": list(self.lines),
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Seal":
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            When it is no seal, or its lines are not those of its hash.
        """
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("schema") != SCHEMA:
            raise ValueError(SCHEMA)
        digest, language, complete = content["verdict_sha256"], content["language"], content["complete"]
        seal = cls(str(digest), str(language), tuple(map(str, content["lines"])), complete=complete is True)
        if seal.text_sha256 != content["text_sha256"]:
            raise ValueError("text_sha256")
        return seal


def plain_lines(texts: Iterable[str]) -> tuple[str, ...]:
    r"""Return texts without their white space, empty ones left out: programs that save a file anew change no more.

    >>> plain_lines(["1.5891 公顷", " ", "a\u00a0b"])
    ('1.5891公顷', 'ab')
    """
    return tuple(line for text in texts if (line := _SPACE.sub("", text)))
