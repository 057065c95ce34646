"""Which bytes mean which characters: surveyors' files are UTF-8 or GBK and seldom say which.

Strict UTF-8 refuses GBK text, strict GB18030 most Chinese UTF-8: tried in this order, all but a few words are settled.
GB18030 reads everything that GBK and GB2312 write.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zoning.errors import UsageError
from zoning.sites.where import Where
from zoning.texts import Text

UTF_8, GB18030, UTF_16 = "utf-8", "gb18030", "utf-16"
_CHUNK = 1 << 20
_ASCII = "".join(map(chr, range(128)))
_CHINESE = ("gbk", "gb2312", "cp936", "936", "gb18030", "ansi936", "hzgb2312")
_CHINESE_UTF_8 = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}")
_MANY = 6
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
    UsageError
        When the stated one is unknown.
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
        self._chinese = 0
        if stated in _MULTIBYTE:
            self._fitting.insert(0, stated)
        elif stated is not None:
            self._fitting.append(stated)
        self.ascii = True

    def add(self, values: Iterable[bytes]) -> None:
        """Take note of some texts."""
        texts = {value for value in values if not value.isascii()}
        self.ascii &= not texts
        self._chinese += sum(len(_CHINESE_UTF_8.findall(text)) for text in texts)
        self._fitting = [codec for codec in self._fitting if all(_fits(text, codec) for text in texts)]

    @property
    def codec(self) -> str | None:
        """The codec that fits all texts, None when none does.

        Of several it is the stated one; but texts that are UTF-8 to the last of many Chinese characters are GB18030 by
        chance: such a text in GB18030 would be UTF-8 by chance in fewer than one in a million cases.
        """
        if self._fitting[:1] == [GB18030] and UTF_8 in self._fitting and self._chinese >= _MANY:
            return UTF_8
        return self._fitting[0] if self._fitting else None


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about the encoding of the texts of a file.

    Attributes
    ----------
    asked
        By the user; None for nothing.
    codec
        What the file names, as Python calls it; None for nothing, or for what nobody knows.
    subject, texts
        What sentences call the texts: `the table is`, `texts of the table`.
    source
        Where the file says so, `the .cpg states GBK`; None: it goes without saying that another one is taken.
    """

    asked: str | None
    codec: str | None
    subject: Text
    texts: Text
    source: Text | None = None

    @property
    def wanted(self) -> str | None:
        """The codec that is tried first.

        Raises
        ------
        UsageError
            When there is none of the name that the user gave.
        """
        return self.codec if self.asked is None else stated_codec(self.asked)


def settled_codec(texts: TableTexts, said: Statement, where: Where) -> tuple[str, tuple[Text, ...]]:
    """Return the codec of a table from all its texts, with what has to be told.

    Raises
    ------
    SiteError
        When the texts are not in the encoding that the user stated.
    """
    if said.asked is not None and said.wanted is not None:
        if texts.codec != said.wanted and not (texts.ascii and _keeps_ascii(said.wanted)):
            raise where.error(
                f"{said.subject.zh}不是 {said.asked} 编码；请去掉 --encoding 或改为正确的编码",
                f"{said.subject.en} not in {said.asked}; leave --encoding out or state the right one",
            )
        return said.wanted, ()
    if texts.codec is None:
        text = where.sentence(
            f"{said.texts.zh}无法识别，已用 � 代替", f"{said.texts.en} could not be decoded and hold � instead"
        )
        return GB18030, (text,)
    if said.source is not None and said.codec not in (None, texts.codec) and not texts.ascii:
        text = where.sentence(
            f"{said.source.zh}，文字实为 {texts.codec}，已按后者读取",
            f"{said.source.en} but the texts are {texts.codec}; taken as the latter",
        )
        return texts.codec, (text,)
    return texts.codec, ()


def _keeps_ascii(codec: str) -> bool:
    """Tell whether ASCII means the same in a codec: texts that are nothing else are in it as well."""
    try:
        return _ASCII.encode(codec) == _ASCII.encode("ascii")
    except (UnicodeEncodeError, LookupError):
        return False


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
