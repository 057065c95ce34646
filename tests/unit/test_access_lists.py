"""Editions of access lists: which one holds on a day, and what an imported file becomes."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from access_world import GENERAL, HEADER, KEY, ON, PRIORITY, VOCABULARY, clause, edition_text, lists, workbook
from zoning.errors import UsageError
from zoning.rules.access.clauses import AccessList, Clause
from zoning.rules.access.editing import EditionFacts, NewEdition, new_edition
from zoning.rules.access.importing import import_table
from zoning.rules.access.lists import foreign_counties, read_access_lists, read_edition
from zoning.rules.access.tables import read_table_file
from zoning.rules.access.unit_codes import class_in, codes_in, county_in, is_unit_code
from zoning.rules.access.writing import edition_text as written
from zoning.rules.conditions import OneOf
from zoning.rules.facts import Vocabulary
from zoning.workspace import builtin_root
from zoning.yaml_files import load

FACTS = EditionFacts("county-2024", "某县清单", "某县", date(2024, 1, 1), date(2026, 11, 22))
ROWS = [
    HEADER,
    (PRIORITY, "甲", "阳城县", "优先", "1.禁止甲。2.限制乙。", "排放。", "无", ""),
    (GENERAL, "乙", "阳城县", "一般", "禁止丙。", "", "", ""),
]


def made(
    folder: Path, rows: Sequence[tuple[str, ...]] = ROWS, facts: EditionFacts = FACTS, old: Path | None = None
) -> NewEdition:
    table = read_table_file(workbook(folder / "a.xlsx", rows))
    return new_edition(facts, table, import_table(table, "unit"), load(old) if old is not None else None)


# --- codes


def test_codes_of_units() -> None:
    assert class_in("ZH14052210001") == "priority"
    assert class_in("ZH14052230001") == "general"
    assert (class_in("HY14052210001"), county_in("HY14052210001")) == (None, None)
    assert county_in("ZH14052210001") == "140522"
    assert is_unit_code("HY1405220001")
    wrong = ["ZH14052200001", "ZH1405221000", "ZH140522100011", "zh14052210001", "ZH１４０５２２１０００１", ""]
    assert not any(is_unit_code(code) for code in wrong)


def test_codes_in_a_cell() -> None:
    assert codes_in("  zh14052210001\n") == (("ZH14052210001",), "")
    assert codes_in("ZH14052210001ZH14052210002") == ((), "ZH14052210001ZH14052210002")
    assert codes_in("ZH14052210001\nZH14052210002") == (("ZH14052210001", "ZH14052210002"), "")
    assert codes_in("ZH1405221") == ((), "ZH1405221")


# --- days


def test_the_edition_of_the_day(tmp_path: Path) -> None:
    found = lists(
        tmp_path,
        old_list=edition_text(clause(), valid_from="2021-01-01", superseded_by="new-list"),
        new_list=edition_text(clause(), valid_from="2024-12-20"),
        ended=edition_text(clause(unit=KEY), valid_to="2022-06-30"),
    )
    names = {
        day: [edition.id for edition in found.in_force(date.fromisoformat(day))]
        for day in ("2020-12-31", "2021-01-01", "2022-06-30", "2022-07-01", "2024-12-19", "2024-12-20")
    }
    assert names == {
        "2020-12-31": [],
        "2021-01-01": ["ended", "old-list"],
        "2022-06-30": ["ended", "old-list"],
        "2022-07-01": ["old-list"],
        "2024-12-19": ["old-list"],
        "2024-12-20": ["new-list"],
    }


def test_a_folder_that_is_not_there_holds_no_list(tmp_path: Path) -> None:
    assert read_access_lists(tmp_path / "none", VOCABULARY).editions == {}


def test_the_digest_changes_with_a_word(tmp_path: Path) -> None:
    before = lists(tmp_path, one=edition_text(clause())).sha256
    assert lists(tmp_path, one=edition_text(clause())).sha256 == before
    assert lists(tmp_path, one=edition_text(clause(text="禁止别的事。"))).sha256 != before


def test_conditions_are_read_against_the_project(tmp_path: Path) -> None:
    text = clause(applies_when="{activity: [industry]}", complies_when="{activity: [hotel]}")
    (found,) = lists(tmp_path, one=edition_text(text)).editions["one"].clauses
    assert isinstance(found.applies_when, OneOf)
    assert isinstance(found.complies_when, OneOf)
    # A group stands for its words; one industrial activity concerns the project, all of them must be hotels to comply.
    assert (found.applies_when.words, found.applies_when.every) == (("steel", "coking"), False)
    assert (found.complies_when.words, found.complies_when.every) == (("hotel",), True)


def test_county_codes_of_the_past_are_told_unless_a_table_explains_them(tmp_path: Path) -> None:
    units = "  - {code: ZH14042110001}\n  - {code: ZH14052210001}\n"
    plain = edition_text(clause(unit="ZH14042110001"), units)
    explained = edition_text(clause(unit="ZH14042110001"), units, former_codes='{"140421": "140522"}')
    assert foreign_counties(lists(tmp_path / "a", one=plain).editions["one"]) == ("140421",)
    assert foreign_counties(lists(tmp_path / "b", one=explained).editions["one"]) == ()


def test_the_built_in_lists_are_schematic_and_say_so_in_every_clause() -> None:
    root = builtin_root()
    found = read_access_lists(root / "rules" / "access-lists", Vocabulary.read(root / "rules" / "facts.yaml"))
    assert {code[2:6] for e in found.editions.values() for code in e.records} == {"1403", "1405", "1408"}
    for edition in found.editions.values():
        assert edition.schematic
        assert "示意" in edition.title.zh
        assert "schematic" in edition.title.en
        assert all(entry.text.startswith("（示意）") for entry in edition.clauses)
        assert foreign_counties(edition) == ()


# --- an imported file


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    new = made(tmp_path)
    path = tmp_path / "county-2024.yaml"
    path.write_text(new.text, encoding="utf-8")
    assert read_edition(load(path), VOCABULARY) == new.edition
    assert new.edition.territories == ("140522",)
    assert new.edition.source is not None
    assert new.edition.source.file == "a.xlsx"


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    table = read_table_file(workbook(tmp_path / "a.xlsx", ROWS))
    one, two = (new_edition(FACTS, table, import_table(table, "unit")).text for _ in range(2))
    assert one == two


def test_the_content_of_the_file(tmp_path: Path) -> None:
    rows = [("编码", "空间布局约束"), (GENERAL, "1.禁止甲\n和乙。\n2.限制丙。")]
    new = made(tmp_path, rows)
    _, _, body = new.text.partition("title:")
    head, _, clauses = body.partition("source:")
    assert head == (
        "\n  zh: 某县清单\n  en: 某县清单\nissuer:\n  zh: 某县\n  en: 某县\n"
        "territories:\n- 140522\nvalid_from: 2024-01-01\n"
    )
    assert clauses.endswith(
        "units:\n- code: ZH14052230001\n  class: general\nclauses:\n"
        "- number: 1-1\n  level: unit\n  unit: ZH14052230001\n  dimension: spatial-layout\n  printed: 1.\n"
        "  text: |-\n    禁止甲\n    和乙。\n"
        "- number: 1-2\n  level: unit\n  unit: ZH14052230001\n  dimension: spatial-layout\n  printed: 2.\n"
        "  text: 限制丙。\n"
    )


@pytest.mark.parametrize(
    ("codes", "territories"),
    [
        ([PRIORITY, GENERAL], ("140522",)),
        (["ZH14052210001", "ZH14050210001"], ("1405",)),
        (["ZH14052210001", "ZH14030210001"], ("14",)),
    ],
)
def test_territories_follow_from_the_codes(tmp_path: Path, codes: list[str], territories: tuple[str, ...]) -> None:
    rows = [("编码", "空间布局约束"), *((code, "禁止甲。") for code in codes)]
    assert made(tmp_path, rows).edition.territories == territories


def test_without_codes_the_territory_must_be_told(tmp_path: Path) -> None:
    table = read_table_file(workbook(tmp_path / "a.xlsx", [("管控维度", "管控要求"), ("空间布局约束", "禁止甲。")]))
    with pytest.raises(UsageError, match="state with --territory where the list holds: 14"):
        new_edition(FACTS, table, import_table(table, "city"))


BY_HAND = """\
  applies_when: {activity: [industry]}
  complies_when: {well: no}
  effect: restrict
  note: {zh: 某人写的, en: by hand}
"""


def edited(folder: Path, text: str, after: str, addition: str = BY_HAND) -> Path:
    assert after in text
    path = folder / "county-2024.yaml"
    path.write_text(text.replace(after, after + addition, 1), encoding="utf-8")
    read_edition(load(path), VOCABULARY)
    return path


def test_what_was_written_by_hand_survives_a_new_import(tmp_path: Path) -> None:
    path = edited(tmp_path, made(tmp_path).text, "  text: 限制乙。\n")
    again = made(tmp_path, old=path)
    assert (again.kept, [r for r in again.ledger.remarks if r.kind == "condition_lost"]) == (1, [])
    path.write_text(again.text, encoding="utf-8")
    found = next(c for c in read_edition(load(path), VOCABULARY).clauses if c.text == "限制乙。")
    assert (found.effect, found.applies_when is not None, found.complies_when is not None) == ("restrict", True, True)
    assert found.note is not None
    assert found.note.zh == "某人写的"
    assert without_digest(made(tmp_path, old=path).text) == without_digest(again.text)


def without_digest(text: str) -> str:
    """Return the text without the hash of the workbook: written again it bears another time."""
    return "\n".join(line for line in text.splitlines() if "sha256:" not in line)


def test_white_space_in_the_new_file_does_not_matter(tmp_path: Path) -> None:
    path = edited(tmp_path, made(tmp_path).text, "  text: 限制乙。\n")
    rows = [ROWS[0], (*ROWS[1][:4], "1.禁止甲。\n2. 限制 乙。", *ROWS[1][5:]), ROWS[2]]
    assert made(tmp_path, rows, old=path).kept == 1


def test_a_condition_whose_clause_was_reworded_is_told_in_full(tmp_path: Path) -> None:
    path = edited(tmp_path, made(tmp_path).text, "  text: 限制乙。\n")
    rows = [ROWS[0], (*ROWS[1][:4], "1.禁止甲。2.严格限制乙。", *ROWS[1][5:]), ROWS[2]]
    again = made(tmp_path, rows, old=path)
    assert again.kept == 0
    (lost,) = (remark.what for remark in again.ledger.remarks if remark.kind == "condition_lost")
    assert lost == (
        "unit ZH14052210001 1-2 {applies_when: {activity: [industry]}, complies_when: {well: no}, effect: restrict, "
        "note: {zh: 某人写的, en: by hand}}"
    )
    assert "某人写的" not in again.text


def test_the_head_of_the_old_file_is_kept_where_the_import_says_nothing(tmp_path: Path) -> None:
    text = made(tmp_path).text.replace("  en: 某县清单\n", "  en: list of some county\n")
    path = edited(
        tmp_path, text, "valid_from: 2024-01-01\n", 'valid_to: 2027-12-31\nformer_codes: {"140421": "140522"}\n'
    )
    again = made(tmp_path, old=path).edition
    assert again.title.en == "list of some county"
    assert (again.valid_to, again.former_codes) == (date(2027, 12, 31), {"140421": "140522"})


SIGNS = st.one_of(
    st.sampled_from("是否null~yes1.5-#:'\"|> &*!%@`{}[],?=\n\t 禁止"), st.characters(exclude_categories=["Cs"])
)


@given(
    st.lists(st.text(SIGNS, min_size=1, max_size=40).filter(lambda text: bool(text.strip())), min_size=1, max_size=4)
)
def test_any_text_survives_the_file(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    clauses = [
        Clause(number=f"1-{n}", level="city", dimension="spatial-layout", text=text, printed=text[:3])
        for n, text in enumerate(texts)
    ]
    edition = AccessList.model_validate(
        {
            "id": "any",
            "title": {"zh": texts[0], "en": texts[0]},
            "issuer": {"zh": "某", "en": "some"},
            "territories": ["14"],
            "valid_from": "2021-01-01",
            "clauses": clauses,
        }
    )
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_bytes(written(edition).encode())
    assert read_edition(load(path), VOCABULARY) == edition
    # Any other reader of YAML takes it too.
    assert len(yaml.safe_load(path.read_bytes())["clauses"]) == len(texts)


def test_a_schematic_list_gives_way_to_a_real_one_for_the_unit(tmp_path: Path) -> None:
    found = lists(tmp_path, sketch=edition_text(clause(), schematic="true"), real=edition_text(clause()))
    assert [edition.id for edition in found.for_unit(GENERAL, ON)] == ["real"]
    assert {edition.id for edition in found.for_unit(PRIORITY, ON)} == {"sketch", "real"}
