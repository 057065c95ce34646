"""Fonts for paper: found on the computer, checked character by character, never replaced by boxes.

Every text is checked before it is drawn: a Chinese font is needed for Chinese, and each character must be in one of the
faces at hand. What is embedded is a small TrueType font of the characters that are used, made from those faces: viewers
and printers take it as it is, whatever kind of outlines the original has.
"""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.errors import ZoningError
from zoning.texts import Language

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
)
"""Simplified Chinese, the best first: the same characters of another country's font look wrong."""

PACKAGE, WHEEL = "fonts-noto-cjk", "manimgx-fonts-cjk"
"""What a user can install: the Debian package, and the wheel for those who may not use apt."""

_FILES = ("notosanscjk", "notosanssc", "sourcehansans", "msyh", "pingfang", "wqy", "wenquanyi", "simhei")
_BOLD = 700
_REGULAR = 400
_EM = 1000
_NAME_IDS = (1, 16)
_MOST_NAMED = 8
_CURVE_ERROR = 0.6
_NO_TIME = 2_082_844_800  # 1970-01-01, counted from 1904 as fonts do


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file.

    Attributes
    ----------
    number
        Its place in a collection (.ttc), else 0.
    weight
        400 regular, 700 bold; a variable font is listed once per weight.
    """

    family: str
    path: Path
    number: int
    weight: int
    variable: bool = False


def clean(text: str) -> str:
    """Return a text without signs that are no characters: control signs become spaces, invisible ones go.

    >>> clean("阳城县" + chr(10) + chr(0x200B) + "测试")
    '阳城县 测试'
    """
    kinds = ((sign, unicodedata.category(sign)) for sign in text)
    return "".join(" " if kind == "Cc" else sign for sign, kind in kinds if kind != "Cf")


def font_files() -> list[Path]:
    """Return the font files of this computer and of installed font wheels that may hold Chinese, judged by name."""
    from importlib.util import find_spec

    from matplotlib.font_manager import findSystemFonts

    spec = find_spec(WHEEL.replace("-", "_"))
    folders = [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []
    wheel = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".ttc", ".otf", ".ttf"}]
    found = {*map(Path, findSystemFonts(fontext="ttf")), *wheel}
    return sorted(path for path in found if _plain(path.name).startswith(_FILES) and path.is_file())


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")


def cjk_fonts() -> tuple[Face, ...]:
    """Return the faces that show simplified Chinese, the best family first, regular before bold; () for none."""
    faces = [face for path in font_files() for face in _faces_of(path)]
    return tuple(sorted(faces, key=lambda face: (FAMILIES.index(face.family), face.weight, face.variable, face.path)))


@lru_cache(maxsize=64)
def _faces_of(path: Path) -> tuple[Face, ...]:
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        with path.open("rb") as file:
            fonts = TTCollection(file, lazy=True).fonts if _is_collection(path) else [TTFont(file, lazy=True)]
            return tuple(face for number, font in enumerate(fonts) for face in _weights(font, path, number))
    except (TTLibError, OSError, KeyError, AssertionError, struct.error):
        # A damaged file is no font; whether another one is there shows in the end.
        return ()


def _is_collection(path: Path) -> bool:
    return path.suffix.lower() == ".ttc"


def _weights(font: "TTFont", path: Path, number: int) -> Iterator[Face]:
    names = {record.toUnicode() for record in font["name"].names if record.nameID in _NAME_IDS}
    family = next((name for name in FAMILIES if name in names), None)
    if family is None:
        return
    if "fvar" in font:
        yield Face(family, path, number, _REGULAR, variable=True)
        yield Face(family, path, number, _BOLD, variable=True)
        return
    weight = int(font["OS/2"].usWeightClass)
    if weight in {_REGULAR, 500, 600, _BOLD}:
        yield Face(family, path, number, _BOLD if weight > 500 else _REGULAR)  # noqa: PLR2004 - 500 is "medium"


def _latin(weight: int) -> Face:
    import matplotlib as mpl

    name = "DejaVuSans-Bold.ttf" if weight == _BOLD else "DejaVuSans.ttf"
    return Face("DejaVu Sans", Path(mpl.get_data_path()) / "fonts" / "ttf" / name, 0, weight)


class _Outlines:
    """What is read of a face: which characters it has, how wide they are, how they look."""

    def __init__(self, face: Face) -> None:
        from fontTools.ttLib import TTFont

        # From memory: a file that stays open cannot be replaced by an update of the fonts on every system.
        self._font = TTFont(BytesIO(face.path.read_bytes()), fontNumber=face.number, lazy=True)
        location = {"wght": face.weight} if face.variable else None
        self.characters: dict[int, str] = self._font.getBestCmap()
        self.glyphs: Any = self._font.getGlyphSet(location=location)
        self.scale = _EM / self._font["head"].unitsPerEm
        self.quadratic = "glyf" in self._font
        self._drawn: dict[int, Any] = {}

    def width(self, code: int) -> float:
        """Return the advance of a character, in thousandths of the size."""
        return float(self.glyphs[self.characters[code]].width * self.scale)

    def glyph(self, code: int) -> Any:
        """Return a character as TrueType draws it; the sheets of a process have most of them in common."""
        if code not in self._drawn:
            self._drawn[code] = _glyph(self, code)
        return self._drawn[code]


@lru_cache(maxsize=16)
def _outlines(face: Face) -> _Outlines:
    return _Outlines(face)


class Typeface:
    """What the texts of a sheet are set in: faces per weight; each character comes from the first that has it.

    Parameters
    ----------
    regular, bold
        Faces in the order of preference.
    """

    def __init__(self, regular: tuple[Face, ...], bold: tuple[Face, ...]) -> None:
        self._chains = {False: regular, True: (*bold, *regular)}
        self._found: dict[tuple[int, bool], _Outlines | None] = {}
        self._advances: dict[tuple[str, bool], float] = {}

    @property
    def family(self) -> str:
        """The family most characters come from."""
        return self._chains[False][0].family

    def _holder(self, code: int, *, bold: bool) -> _Outlines | None:
        key = (code, bold)
        if key not in self._found:
            chain = (_outlines(face) for face in self._chains[bold])
            self._found[key] = next((face for face in chain if code in face.characters), None)
        return self._found[key]

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the characters that no face has, each once."""
        return tuple(dict.fromkeys(sign for sign in text if self._holder(ord(sign), bold=False) is None))

    def width_pt(self, text: str, size_pt: float, *, bold: bool = False) -> float:
        """Return how wide a text is set, in points. Characters stand side by side: nothing is kerned."""
        return sum(self._advance(sign, bold=bold) for sign in text) * size_pt / _EM

    def _advance(self, sign: str, *, bold: bool) -> float:
        key = (sign, bold)
        if key not in self._advances:
            face = self._holder(ord(sign), bold=bold)
            self._advances[key] = 0.0 if face is None else face.width(ord(sign))
        return self._advances[key]

    def font_of(self, texts: Iterable[str], *, bold: bool) -> bytes:
        """Return a TrueType font that holds the characters of the texts and nothing else."""
        codes = sorted({ord(sign) for text in texts for sign in text} | {0x20})
        held = {code: face for code in codes if (face := self._holder(code, bold=bold)) is not None}
        return _built(held, self.family, bold=bold)


def _built(held: dict[int, _Outlines], family: str, *, bold: bool) -> bytes:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = {code: f"u{code:05X}" for code in held}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": (_EM, 0)}
    for code, face in held.items():
        glyphs[names[code]] = face.glyph(code)
        widths[names[code]] = (round(face.width(code)), 0)
    builder = FontBuilder(_EM, isTTF=True)
    # A font knows the second it was made in; the same texts shall give the same bytes.
    builder.updateHead(created=_NO_TIME, modified=_NO_TIME)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    metrics = {
        name: (width, getattr(builder.font["glyf"][name], "xMin", 0) or 0) for name, (width, _) in widths.items()
    }
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=_EM * 116 // 100, descent=-_EM * 29 // 100)
    style = "Bold" if bold else "Regular"
    postscript = f"{family.replace(' ', '')}-{style}"
    builder.setupNameTable({"familyName": family, "styleName": style, "psName": postscript, "fullName": family})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWeightClass=_BOLD if bold else _REGULAR, fsType=0)
    builder.setupPost()
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


def _glyph(face: _Outlines, code: int) -> Any:
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    record = DecomposingRecordingPen(face.glyphs)
    face.glyphs[face.characters[code]].draw(record)
    pen = TTGlyphPen(None)
    # Cubic outlines run the other way round than TrueType ones.
    curves = Cu2QuPen(pen, _CURVE_ERROR, reverse_direction=not face.quadratic)
    record.replay(TransformPen(curves, (face.scale, 0, 0, face.scale, 0, 0)))
    return pen.glyph()


def typeface(language: Language) -> Typeface:
    """Return the faces that texts are set in.

    Raises
    ------
    ZoningError
        When the product is Chinese and no Chinese font is found.
    """
    found = cjk_fonts()
    if not found and language == "zh":
        raise no_chinese_font()
    families = tuple(dict.fromkeys(face.family for face in found))
    regular = (*_first_of_each(found, families, _REGULAR), _latin(_REGULAR))
    bold = _first_of_each(found, families[:1], _BOLD) + (() if found else (_latin(_BOLD),))
    return Typeface(regular, bold)


def _first_of_each(found: tuple[Face, ...], families: tuple[str, ...], weight: int) -> tuple[Face, ...]:
    firsts = (next((f for f in found if f.family == name and f.weight == weight), None) for name in families)
    return tuple(face for face in firsts if face is not None)


def no_chinese_font() -> ZoningError:
    """Return the error for a computer without a Chinese font."""
    return ZoningError(
        f"没有找到中文字体，不能输出（汉字会变成方框）：请安装系统字体包 apt install {PACKAGE}，"
        f"或不需要管理员权限的字体包 pip install {WHEEL}",
        f"no font for Chinese was found, and boxes are not printed: install one with apt install {PACKAGE}, "
        f"or without administrator rights with pip install {WHEEL}",
    )


def require_glyphs(texts: Iterable[str], language: Language) -> Typeface:
    """Return the faces to set the texts in when every character of every text can be shown.

    Raises
    ------
    ZoningError
        When no Chinese font is found and one is needed, or a character is in no font: the sentence names it.
    """
    faces = typeface(language)
    lacking: dict[str, str] = {}
    for text in texts:
        for sign in faces.missing(clean(text)):
            lacking.setdefault(sign, text)
    if not lacking:
        return faces
    if not cjk_fonts():
        raise no_chinese_font()
    raise _missing_characters(lacking)


def _missing_characters(lacking: dict[str, str]) -> ZoningError:
    named = [f"{sign} (U+{ord(sign):04X})" for sign in list(lacking)[:_MOST_NAMED]]
    text = clean(next(iter(lacking.values())))[:40]
    more = len(lacking) - len(named)
    more_zh, more_en = (f" 等 {len(lacking)} 个", f" and {more} more") if more else ("", "")
    return ZoningError(
        f"已安装的字体都没有字符 {'、'.join(named)}{more_zh}（如在“{text}”中）："
        f"请安装字形更全的字体，如 apt install {PACKAGE}",
        f"no installed font has {', '.join(named)}{more_en} (as in '{text}'): "
        f"install a font with more characters, such as apt install {PACKAGE}",
    )
