"""Industry codes of GB/T 4754-2017: section letter, division (2 digits), group (3), class (4). Codes are text.

`0610` without its zero is another code, so a code is never a number. Where a group is not divided, its class ends in 0.
"""

import re
import unicodedata
from pathlib import Path

from pydantic import model_validator

from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import Mistake, read_model

CODES = "industry-codes.yaml"
"""The file of `rules/` with the titles of the classification."""
SECTIONS: dict[str, tuple[int, int]] = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}
"""First and last division of each section (GB/T 4754-2017; amendment No. 1 of 2019 left both levels as they were)."""

_CODE = re.compile(r"([A-Z]?)(\d+)", re.ASCII)
_LEVEL = re.compile(r"([A-Z]?)(\d{2,4})", re.ASCII)
_SECTION_OF = {
    f"{division:02}": letter for letter, (first, last) in SECTIONS.items() for division in range(first, last + 1)
}
_CLASS_DIGITS = 4


class IndustryCode(str):
    """A class of the classification, written with its letter: `C2521`.

    >>> IndustryCode("C2521").levels
    ('C', '25', 'C25', '252', 'C252', '2521', 'C2521')
    """

    __slots__ = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """All levels that the class lies under, itself included, each as it may be written in a condition."""
        letter, digits = self[0], self[1:]
        parts = (digits[:2], digits[:3], digits)
        return (letter, *(spelling for part in parts for spelling in (part, letter + part)))


def read_code(text: str) -> IndustryCode:
    """Return the class that a text means: `C2521`, `2521`, `c 2521`, `Ｃ２５２１`.

    Raises
    ------
    Mistake
        When it is no class: too short or too long, a division that does not exist, a letter of another section.
    """
    plain = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", text)).upper()
    match = _CODE.fullmatch(plain)
    if match is None:
        raise _no_code(text)
    letter, digits = match.groups()
    if len(digits) < _CLASS_DIGITS:
        raise _too_short(text, letter, digits)
    if len(digits) > _CLASS_DIGITS:
        raise _no_code(text)
    return IndustryCode(_section(text, letter, digits) + digits)


def level_mistake(text: str) -> Text | None:
    """Return why a text cannot stand for a level of the classification in a condition or list; None when it can.

    A section (`C`), division (`25`, `C25`), group (`252`) or class (`2521`); letters are capitals here.
    """
    if text in SECTIONS:
        return None
    match = _LEVEL.fullmatch(text)
    if match is None:
        return _no_level(text)
    letter, digits = match.groups()
    try:
        _section(text, letter, digits)
    except Mistake as mistake:
        return mistake.text
    return None


def codes_under(level: str) -> tuple[IndustryCode, ...]:
    """Return every class that a level could hold, whether the classification uses it or not.

    >>> codes_under("252")[1], len(codes_under("252"))
    ('C2521', 10)
    """
    if level in SECTIONS:
        first, last = SECTIONS[level]
        return tuple(code for division in range(first, last + 1) for code in codes_under(f"{division:02}"))
    digits = level.lstrip("ABCDEFGHIJKLMNOPQRST")
    free = _CLASS_DIGITS - len(digits)
    tails = (f"{tail:0{free}}" for tail in range(10**free)) if free else ("",)
    letter = _SECTION_OF[digits[:2]]
    return tuple(IndustryCode(f"{letter}{digits}{tail}") for tail in tails)


class Section(Content):
    """A section of the classification with its divisions."""

    title: Text
    divisions: dict[str, Text]


class IndustryTable(Content):
    """Titles of the classification: all sections and divisions, and the groups and classes that the facts speak of."""

    title: Text
    source: Text
    verified: bool
    note: Text
    sections: dict[str, Section]
    groups: dict[str, Text]
    classes: dict[str, Text]

    @model_validator(mode="after")
    def _whole(self) -> "IndustryTable":
        for letter, (first, last) in SECTIONS.items():
            wanted = {f"{division:02}" for division in range(first, last + 1)}
            if letter not in self.sections or self.sections[letter].divisions.keys() != wanted:
                text = f"{first:02}–{last:02}"
                raise Mistake(
                    Text(f"门类 {letter} 应有大类 {text}", f"section {letter} has the divisions {text}"),
                    ("sections", letter),
                )
        for level in (*self.groups, *self.classes):
            wrong = level_mistake(level)
            if wrong is not None:
                raise Mistake(wrong, ("groups" if level in self.groups else "classes", level))
        return self

    @classmethod
    def read(cls, path: Path) -> "IndustryTable":
        """Read `rules/industry-codes.yaml`.

        Raises
        ------
        ContentError
            With every mistake in it.
        """
        return read_model(path, cls)

    def title_of(self, level: str) -> Text | None:
        """Return the title of a level; of an unlisted class that of its group; None when neither is listed.

        A group that is not divided has one class, which bears its title.
        """
        if level in self.sections:
            return self.sections[level].title
        digits = level.lstrip("ABCDEFGHIJKLMNOPQRST")
        divisions = self.sections[_SECTION_OF[digits[:2]]].divisions
        return self.classes.get(digits) or self.groups.get(digits[:3]) or divisions.get(digits)


def _section(text: str, letter: str, digits: str) -> str:
    division = digits[:2]
    found = _SECTION_OF.get(division)
    if found is None:
        raise Mistake(
            Text(
                f"“{text}”：GB/T 4754-2017 没有大类 {division}（01–97）",
                f"'{text}': GB/T 4754-2017 has no division {division} (01-97)",
            )
        )
    if letter and letter != found:
        raise Mistake(
            Text(
                f"“{text}”：大类 {division} 属于门类 {found}，不属于 {letter}；请写 {found}{digits} 或核对代码",
                f"'{text}': division {division} belongs to section {found}, not {letter}; "
                f"write {found}{digits}, or check the code",
            )
        )
    return found


def _no_code(text: str) -> Mistake:
    return Mistake(
        Text(
            f"“{text}”不是行业代码；请写 GB/T 4754-2017 的四位小类代码，如 2521 或 C2521",
            f"'{text}' is no industry code; write the four-digit class of GB/T 4754-2017, such as 2521 or C2521",
        )
    )


def _too_short(text: str, letter: str, digits: str) -> Mistake:
    zh = f"“{text}”不足四位：请写到小类，如 2521；未细分的中类末位补 0，如 3110"
    en = f"'{text}' has fewer than four digits: write the class, such as 2521; an undivided group ends in 0, as in 3110"
    lost = f"0{digits}"
    if not letter and len(lost) == _CLASS_DIGITS:
        zh += f"；若表格软件丢掉了开头的 0，请写 {lost}"
        en += f"; if a spreadsheet dropped the leading 0, write {lost}"
    return Mistake(Text(zh, en))


def _no_level(text: str) -> Text:
    return Text(
        f"“{text}”不是行业分类的层级；写门类 C、大类 25、中类 252 或小类 2521（可带门类字母）",
        f"'{text}' is no level of the classification; write a section C, division 25, group 252 or class 2521 "
        "(with its letter, if you like)",
    )
