"""Which bytes mean which characters: UTF-8 and GBK are told apart by what each refuses, statements are checked."""

import codecs
from pathlib import Path

import pytest

from zoning.errors import SiteError, UsageError
from zoning.sites.encodings import (
    Statement,
    TableTexts,
    codec_name,
    decode_cut,
    settled_codec,
    stated_codec,
    text_codec,
)
from zoning.sites.where import Where
from zoning.texts import Text

HERE = Where("地块.dbf")
YANGCHENG = "阳城县 ㎡"
"""Three characters of three bytes and a blank: no GBK text has these bytes."""

GBK, UTF_8 = YANGCHENG.encode("gbk"), YANGCHENG.encode()


# --- Names of codecs ---


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("GBK", "gb18030"),
        ("gb2312", "gb18030"),
        ("GB-18030", "gb18030"),
        ("cp936", "gb18030"),
        ("936", "gb18030"),
        ("ANSI 936", "gb18030"),
        ("HZ-GB-2312", "gb18030"),
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        (" utf_8 ", "utf-8"),
        ("65001", "utf-8"),
        ("CP65001", "utf-8"),
        ("Big5", "big5"),
        ("ISO-8859-1", "iso8859-1"),
        ("8859-1", None),
        ("windows-1252", "cp1252"),
        ("1252", "cp1252"),
        ("cp437", "cp437"),
        ("utf-16", "utf-16"),
        ("nonsense", None),
        ("", None),
        ("   ", None),
        ("中文", None),
        ("utf\0", None),
    ],
)
def test_names_of_codecs(stated: str, name: str | None) -> None:
    assert codec_name(stated) == name


def test_a_codec_that_nobody_knows_is_wrong_usage() -> None:
    with pytest.raises(UsageError) as caught:
        stated_codec("GBQ")
    assert caught.value.get("en") == "the character encoding “GBQ” is unknown; use UTF-8, GBK or GB18030"
    assert caught.value.get("zh") == "不认识的字符编码 “GBQ”；可用 UTF-8、GBK、GB18030"
    assert stated_codec("GBK") == "gb18030"


# --- Files of text ---


def file(folder: Path, content: bytes) -> Path:
    path = folder / "a.txt"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        (b"", "utf-8-sig"),
        (b"J1,1,3900000,500000", "utf-8-sig"),
        (UTF_8, "utf-8-sig"),
        (codecs.BOM_UTF8 + UTF_8, "utf-8-sig"),
        (GBK, "gb18030"),
        ("阳城𠮷".encode("gb18030"), "gb18030"),
        (codecs.BOM_UTF16_LE + YANGCHENG.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + YANGCHENG.encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_codec_of_a_text(tmp_path: Path, content: bytes, codec: str) -> None:
    path = file(tmp_path, content)
    assert text_codec(path, HERE, None) == codec
    path.read_text(encoding=codec)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xff\xff",
        b"PK\x03\x04\0\0",
        b"abc\0def",
        GBK + b"\xff",
        UTF_8[:-1] + b"\xff",
        codecs.BOM_UTF16_LE + b"\x00\xd8",  # half a pair
        YANGCHENG.encode("utf-16-le") + b"\0\0",
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SiteError) as caught:
        text_codec(file(tmp_path, content), HERE, None)
    assert caught.value.get("en") == "地块.dbf: it is neither UTF-8 nor GBK text; export it again as a text file"
    assert caught.value.get("zh") == "地块.dbf：内容既不是 UTF-8 也不是 GBK 文本；请重新导出为文本文件"


@pytest.mark.parametrize(
    ("content", "stated", "codec"),
    [
        (GBK, "GBK", "gb18030"),
        (UTF_8, "UTF-8", "utf-8-sig"),
        (UTF_8, "65001", "utf-8-sig"),
        ("陽城縣".encode("big5"), "big5", "big5"),
        (b"caf\xe9", "latin1", "iso8859-1"),
        (codecs.BOM_UTF16_LE + "a".encode("utf-16-le"), "GBK", "utf-16"),  # the mark says more than the user
    ],
)
def test_the_codec_that_the_user_states(tmp_path: Path, content: bytes, stated: str, codec: str) -> None:
    assert text_codec(file(tmp_path, content), HERE, stated) == codec


@pytest.mark.parametrize(("content", "stated"), [(GBK, "utf-8"), (UTF_8 + b"\xff", "GBK"), (b"a\0b", "latin1")])
def test_a_text_that_is_not_in_the_stated_codec(tmp_path: Path, content: bytes, stated: str) -> None:
    with pytest.raises(SiteError) as caught:
        text_codec(file(tmp_path, content), HERE, stated)
    assert caught.value.get("en") == (
        f"地块.dbf: the text is not in {stated}; leave --encoding out or state the right one"
    )
    assert caught.value.get("zh") == f"地块.dbf：内容不是 {stated} 编码；请去掉 --encoding 或改为正确的编码"


def test_an_unknown_codec_is_wrong_usage_for_a_text_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="“klingon” is unknown"):
        text_codec(file(tmp_path, b"a"), HERE, "klingon")


@pytest.mark.parametrize("before", range(1, 4))
def test_a_character_across_two_pieces_of_a_file_is_whole(tmp_path: Path, before: int) -> None:
    """Files are read in pieces of 1 MiB."""
    start = b"a" * ((1 << 20) - before)
    assert text_codec(file(tmp_path, start + "阳".encode() + b"b"), HERE, None) == "utf-8-sig"
    assert text_codec(file(tmp_path, start + "𠮷".encode("gb18030") + b"b"), HERE, None) == "gb18030"


def test_what_is_wrong_far_behind_is_found(tmp_path: Path) -> None:
    content = UTF_8 + b"a" * (1 << 20)
    assert text_codec(file(tmp_path, content), HERE, None) == "utf-8-sig"
    with pytest.raises(SiteError):
        text_codec(file(tmp_path, content + b"\xe9"), HERE, None)


# --- Tables ---


def codec_of(values: list[bytes], stated: str | None = None) -> str | None:
    texts = TableTexts(stated)
    texts.add(values)
    return texts.codec


@pytest.mark.parametrize(
    ("values", "stated", "codec"),
    [
        ([], None, "utf-8"),
        ([b"abc"], None, "utf-8"),
        ([UTF_8], None, "utf-8"),
        ([GBK], None, "gb18030"),
        ([UTF_8, GBK], None, None),
        ([b"\xff\xff\xff\xffabc"], None, None),
        ([UTF_8], "gb18030", "utf-8"),
        ([GBK], "utf-8", "gb18030"),
        (["陽城".encode("big5")], "big5", "big5"),
        ([b"\xe9t\xe9 fin"], "iso8859-1", "iso8859-1"),
        ([UTF_8], "iso8859-1", "utf-8"),  # fits any bytes and proves nothing
        ([GBK], "cp1252", "gb18030"),
        ([b"abc"], "gb18030", "gb18030"),
        ([b"abc"], "big5", "big5"),
        ([b"abc"], "iso8859-1", "utf-8"),
    ],
)
def test_the_codec_of_a_table(values: list[bytes], stated: str | None, codec: str | None) -> None:
    assert codec_of(values, stated) == codec


# An even number of Chinese characters in UTF-8 can be read as GB18030 as well: garbled, and nothing is refused.


@pytest.mark.parametrize("text", ["阳城", "润城北留"])
def test_of_a_few_characters_nobody_can_tell_and_the_file_is_believed(text: str) -> None:
    assert codec_of([text.encode()], "gb18030") == "gb18030"
    assert text.encode().decode("gb18030") != text


def test_texts_that_are_utf_8_to_the_last_of_many_characters_are_utf_8_whatever_the_file_says() -> None:
    values = [text.encode() for text in ("润城北留", "阳城")]
    assert codec_of(values, "gb18030") == "utf-8"
    assert codec_of(values[:1], "gb18030") == "gb18030"
    assert codec_of([*values, GBK], "gb18030") == "gb18030"


def test_many_characters_in_gbk_stay_gbk() -> None:
    values = [text.encode("gbk") for text in ("山西省晋城市阳城县", "润城镇", "北留镇", "延河泉域重点保护区")]
    assert codec_of(values, "gb18030") == "gb18030"


@pytest.mark.parametrize("cut", [1, 2])
def test_the_last_character_of_a_field_may_be_cut(cut: int) -> None:
    assert codec_of([UTF_8[:-cut]]) == "utf-8"
    assert codec_of(["阳城县城".encode("gbk")[:-1]]) == "gb18030"


def test_a_character_that_is_cut_within_the_text_is_wrong() -> None:
    text = "阳城".encode()
    assert codec_of([text[:2] + text[3:] + b" abc"]) != "utf-8"
    assert codec_of([b"abc" + text[:1]]) == "utf-8"


def test_texts_may_come_in_pieces() -> None:
    texts = TableTexts(None)
    texts.add([b"abc"])
    assert (texts.ascii, texts.codec) == (True, "utf-8")
    texts.add([GBK])
    assert (texts.ascii, texts.codec) == (False, "gb18030")
    texts.add([b"abc", b""])
    assert (texts.ascii, texts.codec) == (False, "gb18030")


@pytest.mark.parametrize(
    ("raw", "codec", "text"),
    [
        (b"  abc  ", "utf-8", "abc"),
        ("阳城".encode()[:-1], "utf-8", "阳"),
        ("阳城".encode("gbk")[:-1] + b"", "gb18030", "阳"),
        (b"", "utf-8", ""),
    ],
)
def test_a_cut_character_is_left_out(raw: bytes, codec: str, text: str) -> None:
    assert decode_cut(raw, codec) == text


# --- What is said about a table ---

CPG = Text("文件 .cpg 写的是 GBK", "the .cpg states GBK")


def settle(
    values: list[bytes], asked: str | None = None, codec: str | None = None, source: Text | None = CPG
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    said = Statement(asked, codec, Text("属性表", "the table is"), Text("属性表的文字", "texts of the table"), source)
    texts = TableTexts(said.wanted)
    texts.add(values)
    name, warnings = settled_codec(texts, said, HERE)
    return name, tuple(text.zh for text in warnings), tuple(text.en for text in warnings)


@pytest.mark.parametrize(
    ("values", "codec", "source", "found"),
    [
        ([UTF_8], None, None, "utf-8"),
        ([GBK], "gb18030", CPG, "gb18030"),
        ([GBK], None, CPG, "gb18030"),  # a word that nobody knows
        ([b"abc"], "big5", CPG, "big5"),
        ([b"abc"], "iso8859-1", CPG, "utf-8"),  # letters only: nothing to tell
        ([GBK], "utf-8", None, "gb18030"),
    ],
)
def test_what_goes_without_saying(values: list[bytes], codec: str | None, source: Text | None, found: str) -> None:
    assert settle(values, codec=codec, source=source) == (found, (), ())


def test_a_cpg_that_is_wrong_of_texts_that_are_both_by_chance_is_told() -> None:
    found, zh, en = settle(["润城北留".encode(), "阳城".encode()], codec="gb18030")
    assert found == "utf-8"
    assert zh == ("地块.dbf：文件 .cpg 写的是 GBK，文字实为 utf-8，已按后者读取",)
    assert en == ("地块.dbf: the .cpg states GBK but the texts are utf-8; taken as the latter",)


def test_a_cpg_that_is_wrong_is_told() -> None:
    assert settle([UTF_8], codec="gb18030") == (
        "utf-8",
        ("地块.dbf：文件 .cpg 写的是 GBK，文字实为 utf-8，已按后者读取",),
        ("地块.dbf: the .cpg states GBK but the texts are utf-8; taken as the latter",),
    )


def test_texts_that_nobody_can_read_are_told() -> None:
    assert settle([UTF_8, GBK]) == (
        "gb18030",
        ("地块.dbf：属性表的文字无法识别，已用 � 代替",),
        ("地块.dbf: texts of the table could not be decoded and hold � instead",),
    )


def test_the_user_decides_where_the_texts_allow_it() -> None:
    assert settle([GBK], "GBK", codec="utf-8") == ("gb18030", (), ())


@pytest.mark.parametrize(("asked", "codec"), [("latin1", "iso8859-1"), ("big5", "big5"), ("GBK", "gb18030")])
def test_plain_letters_are_in_every_encoding_that_has_them(asked: str, codec: str) -> None:
    assert settle([b"A-17"], asked) == (codec, (), ())


def test_plain_letters_are_not_in_an_encoding_that_means_others_by_them() -> None:
    with pytest.raises(SiteError):
        settle([b"A-17"], "cp037")


def test_the_user_is_contradicted_where_the_texts_are_in_another() -> None:
    with pytest.raises(SiteError) as caught:
        settle([UTF_8], "GBK")
    assert caught.value.get("en") == "地块.dbf: the table is not in GBK; leave --encoding out or state the right one"
    assert caught.value.get("zh") == "地块.dbf：属性表不是 GBK 编码；请去掉 --encoding 或改为正确的编码"


def test_what_is_wanted_first() -> None:
    words = Text("属性表", "the table is"), Text("文字", "texts")
    assert Statement(None, None, *words).wanted is None
    assert Statement(None, "big5", *words).wanted == "big5"
    assert Statement("GBK", "utf-8", *words).wanted == "gb18030"
    with pytest.raises(UsageError):
        _ = Statement("klingon", "utf-8", *words).wanted
