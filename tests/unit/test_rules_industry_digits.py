"""Industry codes and levels are written in plain digits and end there: another spelling would match no rule."""

import pytest

from zoning.rules.derivation.industry import SECTIONS, codes_under, level_mistake, read_code
from zoning.yaml_files import Mistake


@pytest.mark.parametrize(
    "text", ["25\n", "C25\n", "252\n", " 25", "25 ", "２５", "25\u0662", "C\u0662\u0665", "c25", "CC", ""]
)
def test_a_level_that_no_code_lies_under_is_refused(text: str) -> None:
    told = level_mistake(text)
    assert told is not None
    assert told.zh.startswith(f"“{text}”不是行业分类的层级")
    assert told.en.startswith(f"'{text}' is no level of the classification")


@pytest.mark.parametrize("text", ["25\u0662\u0661", "\u0662\u0665\u0662\u0661", "C25\u096821"])
def test_a_code_in_digits_of_another_script_is_refused(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        read_code(text)
    assert caught.value.text.zh.startswith(f"“{text}”不是行业代码")
    assert caught.value.text.en.startswith(f"'{text}' is no industry code")


@pytest.mark.parametrize(("text", "code"), [("２５２１", "C2521"), ("Ｃ２５２１", "C2521"), ("2521\n", "C2521")])
def test_full_width_digits_and_blanks_mean_the_plain_code(text: str, code: str) -> None:
    assert read_code(text) == code


@pytest.mark.parametrize("letter", SECTIONS)
def test_the_first_and_the_last_division_of_a_section_lie_in_it(letter: str) -> None:
    for division in SECTIONS[letter]:
        assert level_mistake(f"{letter}{division:02}") is None
        assert read_code(f"{division:02}10")[0] == letter
        assert all(letter in code.levels for code in codes_under(f"{division:02}"))
