import io
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from zoning.errors import ZoningError
from zoning.maps import fonts
from zoning.maps.fonts import cjk_fonts, clean, require_glyphs, typeface

CONVENTIONS = "生态环境管控单元 ㎡ 公顷 亩 ① ′ ″ ≥ 汾沁漳 喆镕 㙍 𠮷"
NO_FONT_ZH = (
    "没有找到中文字体，不能输出（汉字会变成方框）：请安装系统字体包 apt install fonts-noto-cjk，"
    "或不需要管理员权限的字体包 pip install manimgx-fonts-cjk"
)
NO_FONT_EN = (
    "no font for Chinese was found, and boxes are not printed: install one with apt install fonts-noto-cjk, "
    "or without administrator rights with pip install manimgx-fonts-cjk"
)


def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "font_files", list)


def test_the_best_family_comes_first_and_regular_before_bold() -> None:
    found = cjk_fonts()

    assert found[0].family == "Noto Sans CJK SC"
    weights = [face.weight for face in found if face.family == "Noto Sans CJK SC"]
    assert weights == sorted(weights)
    assert {400, 700} <= set(weights)


def test_rare_characters_and_signs_are_found() -> None:
    faces = require_glyphs([CONVENTIONS], "zh")

    assert faces.missing(CONVENTIONS) == ()
    assert faces.family == "Noto Sans CJK SC"


def test_a_chinese_product_without_a_chinese_font_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    no_fonts(monkeypatch)

    with pytest.raises(ZoningError) as caught:
        typeface("zh")

    assert caught.value.text.zh == NO_FONT_ZH
    assert caught.value.text.en == NO_FONT_EN


def test_an_english_product_needs_a_chinese_font_only_for_chinese_names(monkeypatch: pytest.MonkeyPatch) -> None:
    no_fonts(monkeypatch)

    assert require_glyphs(["Scale 1:10 000, 12.3 m², 35°12′"], "en").family == "DejaVu Sans"
    with pytest.raises(ZoningError) as caught:
        require_glyphs(["Zoning map · 阳城县"], "en")
    assert caught.value.text.en == NO_FONT_EN


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(ZoningError) as caught:
        require_glyphs(["阳城县", "村名\ue123西"], "zh")

    assert caught.value.text.zh == (
        "已安装的字体都没有字符 \ue123 (U+E123)（如在“村名\ue123西”中）："
        "请安装字形更全的字体，如 apt install fonts-noto-cjk"
    )
    assert caught.value.text.en == (
        "no installed font has \ue123 (U+E123) (as in '村名\ue123西'): "
        "install a font with more characters, such as apt install fonts-noto-cjk"
    )


def test_signs_that_are_no_characters_need_no_font() -> None:
    assert clean("a\tb\u200b\nc\ufeff") == "a b c"
    require_glyphs(["阳城县\u200b\r\n"], "zh")


def test_an_installed_font_wheel_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    system = next(face.path for face in cjk_fonts())
    package = tmp_path / "manimgx_fonts_cjk"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / system.name).symlink_to(system)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda **_: [])

    assert {face.path.parent for face in cjk_fonts()} == {package}
    assert "manimgx_fonts_cjk" not in sys.modules


def test_a_damaged_font_file_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "NotoSansCJK-Regular.ttc"
    broken.write_bytes(b"ttcf\0\1\0\0no font at all")
    monkeypatch.setattr(fonts, "font_files", lambda: [broken])

    assert cjk_fonts() == ()


def test_the_embedded_font_is_truetype_and_holds_what_is_used() -> None:
    faces = typeface("zh")

    font = TTFont(io.BytesIO(faces.font_of(["生态 ㎡𠮷"], bold=False)))

    assert "glyf" in font
    assert "CFF " not in font
    assert sorted(font.getBestCmap()) == sorted(ord(sign) for sign in " 生态㎡𠮷")
    assert font["hmtx"][font.getBestCmap()[ord("生")]][0] == 1000


def test_the_embedded_font_is_the_same_every_time() -> None:
    faces = typeface("zh")

    font = faces.font_of(["一二三"], bold=True)

    assert font == faces.font_of(["三二一"], bold=True)
    head = TTFont(io.BytesIO(font))["head"]
    assert head.created == head.modified == 66 * 365 * 86_400 + 17 * 86_400  # 1904 to 1970


def test_width_is_the_sum_of_advances() -> None:
    faces = typeface("zh")

    assert faces.width_pt("生态环境", 10.0) == pytest.approx(40.0)
