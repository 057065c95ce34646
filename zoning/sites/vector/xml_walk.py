"""XML as boundary files use it (KML, GML), read by a parser that knows no document type, no entity and no link."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from zoning.errors import SiteError
from zoning.sites.where import Where

_GBK_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](gb[-\w]*|cp936)["']""", re.IGNORECASE)
_CHUNK = 1 << 20
_DEEPEST = 200
_MOST_ELEMENTS = 1_500_000  # about five seconds
_LONGEST_TAG = 1 << 22
SEPARATOR = " "
"""Stands between namespace and name of an element or attribute."""


class Events(Protocol):
    """What is told about the elements while the parser walks through the file; no tree is built."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter an element.

        Raises
        ------
        SiteError
            When the element cannot stand in such a file; likewise the others.
        """

    def characters(self, text: str) -> None:
        """Take a piece of text."""

    def end(self, tag: str) -> None:
        """Leave an element."""


def local_name(tag: str) -> str:
    """Return the name of an element or attribute without its namespace.

    >>> local_name("http://www.opengis.net/gml Polygon"), local_name("name")
    ('Polygon', 'name')
    """
    return tag.rpartition(SEPARATOR)[2]


@dataclass(slots=True)
class _Nested:
    """Passes elements on as long as they are not nested too deeply."""

    events: Events
    where: Where
    depth: int = 0
    count: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.count > _MOST_ELEMENTS:
            raise self.where.error(
                f"XML 元素超过 {_MOST_ELEMENTS} 个；请只导出项目范围",
                f"it has more than {_MOST_ELEMENTS} XML elements; export the footprint alone",
            )
        if self.depth > _DEEPEST:
            raise self.where.error(
                f"XML 元素嵌套超过 {_DEEPEST} 层；请重新导出",
                f"its XML elements are nested more than {_DEEPEST} deep; export it again",
            )
        self.events.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.events.end(tag)


def walk(path: Path, events: Events, where: Where, form: str) -> None:
    """Parse a file from its first to its last element.

    Parameters
    ----------
    form
        Name of the format, for sentences.

    Raises
    ------
    SiteError
        When the file is cut off, no XML, nested too deeply, not in its encoding, or declares a document type.
    """
    with path.open("rb") as file:
        gbk = _GBK_DECLARED.match(file.read(200)) is not None
        file.seek(0)
        # expat knows no GBK: the text is handed over as UTF-8 and its declaration overruled.
        parser = expat.ParserCreate("utf-8" if gbk else None, namespace_separator=SEPARATOR)
        parser.buffer_text = True
        nested = _Nested(events, where)
        parser.StartElementHandler = nested.start
        parser.EndElementHandler = nested.end
        parser.CharacterDataHandler = events.characters
        parser.StartDoctypeDeclHandler = _refuse_doctype(where, form)
        pieces = iter(lambda: file.read(_CHUNK), b"")
        try:
            given = 0
            for piece in _as_utf8(pieces) if gbk else pieces:
                parser.Parse(piece, False)  # noqa: FBT003 - expat takes no names
                given += len(piece)
                if given - parser.CurrentByteIndex > _LONGEST_TAG:
                    raise _long_tag(where)
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes no names
        except expat.ExpatError as error:
            raise where.at_line(error.lineno).error(
                "XML 在此处不完整或有误；请重新导出", "the XML is cut off or wrong here; export it again"
            ) from error
        except (UnicodeError, LookupError, ValueError) as error:
            raise where.error(
                "XML 的字符编码有误；请另存为 UTF-8", "the XML is not in the encoding it declares; save it as UTF-8"
            ) from error


def _long_tag(where: Where) -> SiteError:
    big = _LONGEST_TAG / 1e6
    return where.error(
        f"XML 有超过 {big:.0f} MB 的标签或注释；请重新导出",
        f"it has an XML tag or comment of more than {big:.0f} MB; export it again",
    )


def _as_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    for piece in pieces:
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def _refuse_doctype(where: Where, form: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise where.error(
            f"XML 带有 DOCTYPE/ENTITY 声明，可能引用外部内容；请重新导出不带声明的 {form}",
            f"the XML declares a DOCTYPE or ENTITY, which may pull in other content; export a {form} without it",
        )

    return refuse
