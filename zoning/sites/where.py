"""The place in a user's file that a sentence speaks of."""

from dataclasses import dataclass

from zoning.errors import CRSError, SiteError
from zoning.texts import Text


def printable(text: str) -> str:
    r"""Return the text on one line, without control characters.

    >>> printable("a\x1b[31m\n b")
    'a [31m b'
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


_LONGEST, _HEAD, _TAIL = 2_000, 1_500, 400


def _line(sentence: str) -> str:
    # What a hostile file puts into a sentence must not push its end, which says what to do, out of sight.
    if len(sentence) > _LONGEST:
        sentence = f"{sentence[:_HEAD]} … {sentence[-_TAIL:]}"
    return printable(sentence)


class PlacelessError(Exception):
    """What is wrong in a file, in both languages; whoever catches it knows the place."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Where:
    """A file, or a line or a record in it (both counted from 1)."""

    file: str
    record: int | None = None
    line: int | None = None

    def at_record(self, number: int) -> "Where":
        """Return the place of record `number` in the same file."""
        return Where(self.file, number)

    def at_line(self, number: int) -> "Where":
        """Return the place of line `number` in the same file."""
        return Where(self.file, None, number)

    @property
    def text(self) -> Text:
        """Name the place.

        >>> Where("a.kml").at_record(3).text.en
        'a.kml, record 3'
        """
        if self.line is not None:
            return Text(f"{self.file}:{self.line}", f"{self.file}:{self.line}")
        if self.record is not None:
            return Text(f"{self.file} 第 {self.record} 个图形", f"{self.file}, record {self.record}")
        return Text(self.file, self.file)

    def sentence(self, zh: str, en: str) -> Text:
        """Return the sentence with the place in front.

        What it quotes from the file stays on the line and sends nothing to the terminal.
        """
        place = self.text
        return Text(_line(f"{place.zh}：{zh}"), _line(f"{place.en}: {en}"))

    def error(self, zh: str, en: str) -> SiteError:
        """Return an error about what the file holds."""
        text = self.sentence(zh, en)
        return SiteError(text.zh, text.en)

    def error_of(self, text: Text) -> SiteError:
        """Return an error about what the file holds, said without the place."""
        return self.error(text.zh, text.en)

    def crs_error(self, zh: str, en: str) -> CRSError:
        """Return an error about the coordinate system of the file."""
        text = self.sentence(zh, en)
        return CRSError(text.zh, text.en)
