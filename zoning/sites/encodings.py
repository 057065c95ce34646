"""Which bytes mean which characters: surveyors' files are UTF-8 or GBK and seldom say which.

Strict UTF-8 refuses GBK text and strict GB18030 refuses Chinese UTF-8 at once, so trying them in this order decides.
GB18030 reads everything that GBK and GB2312 write.
"""

import codecs
from collections.abc import Iterable
from pathlib import Path

from zoning.errors import UsageError
from zoning.sites.where import Where

UTF_8, GB18030, UTF_16 = "utf-8", "gb18030", "utf-16"
_CHUNK = 1 << 20
_CHINESE = ("gbk", "gb2312", "cp936", "936", "gb18030", "ansi936", "hzgb2312")
_MULTIBYTE = frozenset({UTF_8, GB18030, "big5"})


def codec_name(stated: str) -> str | None:
    """Return Python's name of a codec stated by a user or a .cpg file, None when it is unknown.

    >>> codec_name("GBK"), codec_name("65001"), codec_name("nonsense")
    ('gb18030', 'utf-8', None)
    """
    word = stated.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    if word in _CHINESE:
        return GB18030
    if word in ("65001", "cp65001"):
        return UTF_8
    for name in (word, stated.strip(), f"cp{word}"):
        try:
            return codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
    return None


def stated_codec(encoding: str) -> str:
    """Return Python's name of the codec that the user asked for.

    Raises
    ------
    UsageError
        When there is no such codec.
    """
    name = codec_name(encoding)
    if name is None:
        raise UsageError(
            f"不认识的字符编码 “{encoding}”；可用 UTF-8、GBK、GB18030",
            f"the character encoding “{encoding}” is unknown; use UTF-8, GBK or GB18030",
        )
    return name


def text_codec(path: Path, where: Where, encoding: str | None) -> str:
    """Return the codec of a text file, read through once in small pieces.

    Raises
    ------
    SiteError
        When the bytes are no text in any of the allowed codecs, or not in the stated one.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _decodes(path, UTF_16):
        return UTF_16
    if encoding is not None:
        name = stated_codec(encoding)
        if not _decodes(path, name):
            raise where.error(
                f"内容不是 {encoding} 编码；请去掉 --encoding 或改为正确的编码",
                f"the text is not in {encoding}; leave --encoding out or state the right one",
            )
        return "utf-8-sig" if name == UTF_8 else name
    if _decodes(path, UTF_8):
        return "utf-8-sig"
    if _decodes(path, GB18030):
        return GB18030
    raise where.error(
        "内容既不是 UTF-8 也不是 GBK 文本；请重新导出为文本文件",
        "it is neither UTF-8 nor GBK text; export it again as a text file",
    )


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


class TableTexts:
    """Finds the codec of a DBF table from its texts, which may come in pieces.

    Parameters
    ----------
    stated
        Codec named by the .cpg file or the user. A single-byte one fits any bytes and proves nothing, so it comes last.
    """

    def __init__(self, stated: str | None) -> None:
        self._fitting = [UTF_8, GB18030]
        if stated in _MULTIBYTE:
            self._fitting.insert(0, stated)
        elif stated is not None:
            self._fitting.append(stated)
        self.ascii = True

    def add(self, values: Iterable[bytes]) -> None:
        """Take note of some texts."""
        texts = {value for value in values if not value.isascii()}
        self.ascii &= not texts
        self._fitting = [codec for codec in self._fitting if all(_fits(text, codec) for text in texts)]

    @property
    def codec(self) -> str | None:
        """The first codec that fits all texts, None when none does."""
        return self._fitting[0] if self._fitting else None


def table_codec(values: Iterable[bytes], stated: str | None) -> str | None:
    """Return the codec of a DBF table from its texts; see `TableTexts`."""
    texts = TableTexts(stated)
    texts.add(values)
    return texts.codec


def _fits(text: bytes, codec: str) -> bool:
    try:
        text.decode(codec)
    except UnicodeDecodeError as error:
        # Fields have a fixed width in bytes: the last character may be cut.
        return error.end >= len(text) and error.start >= len(text) - 3
    return True


def decode_cut(text: bytes, codec: str) -> str:
    """Decode a text of fixed width, leaving out a character that was cut at its end."""
    return text.decode(codec, errors="ignore").strip()
