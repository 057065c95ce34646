"""The fact that follows from the access lists: prohibited, restricted or not listed."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from access_world import (
    CITY,
    CONDITIONS,
    GENERAL,
    KEY,
    UNITS,
    VOCABULARY,
    WIDER,
    check,
    class_overlap,
    clause,
    edition_text,
    lists,
    overlap,
    zone,
)
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.access.derive import derive_unit_access_list, with_access_fact
from zoning.rules.access.entries import UnitComparison
from zoning.rules.access.lists import AccessLists
from zoning.rules.facts import FactSheet, FactValue


def derived(
    folder: Path, clauses: str, facts: Mapping[str, FactValue], units: LayerOverlap | None = None
) -> tuple[str | None, str]:
    found = derive_unit_access_list(check(lists(folder, own=edition_text(clauses)), units, facts))
    return found.value, found.because.zh


WELL = clause("1-1", complies_when="{well: no}")
RESTRICT = clause("1-2", complies_when="{construction: none}", effect="restrict")
DUTY = clause("1-3", complies_when="{water: {at_most: 100}}", effect="require")
NEW: Mapping[str, FactValue] = {"construction": ("new",)}


@pytest.mark.parametrize(
    ("clauses", "facts", "value", "because"),
    [
        (WELL, {"well": True}, "prohibited", f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 不符合"),
        (WELL, {"well": False}, "not-listed", f"单元 {GENERAL} 的准入清单逐条对照，均为符合或不涉及"),
        (WELL, {}, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 需进一步核实"),
        (WELL + RESTRICT, {"well": False, **NEW}, "restricted", f"单元 {GENERAL}：《某县清单》空间布局约束 1-2 不符合"),
        (WELL + RESTRICT, NEW, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 需进一步核实"),
        (WELL + RESTRICT, {"well": True, **NEW}, "prohibited", f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 不符合"),
        (RESTRICT + DUTY, NEW, "restricted", f"单元 {GENERAL}：《某县清单》空间布局约束 1-2 不符合"),
        (DUTY, {"water": 200.0}, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-3 不符合"),
        (DUTY, {"water": 50.0}, "not-listed", f"单元 {GENERAL} 的准入清单逐条对照，均为符合或不涉及"),
        (clause(), {"well": False}, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 需进一步核实"),
    ],
)
def test_the_derived_fact(
    tmp_path: Path, clauses: str, facts: Mapping[str, FactValue], value: str | None, because: str
) -> None:
    assert derived(tmp_path, clauses, facts) == (value, because)


def test_a_unit_that_is_only_possibly_hit_decides_nothing(tmp_path: Path) -> None:
    possible = overlap(class_overlap("general", zone(GENERAL, 0.0), certainty="possible"), covered_m2=0.0)
    assert derived(tmp_path, WELL, {"well": True}, possible) == (
        None,
        f"单元 {GENERAL}（精度内可能涉及）：《某县清单》空间布局约束 1-1 不符合",
    )


def test_a_unit_without_a_list_leaves_the_fact_unknown(tmp_path: Path) -> None:
    two = overlap(class_overlap("general", zone(GENERAL, 6000.0)), class_overlap("key", zone(KEY, 4000.0)))
    value, because = derived(tmp_path, WELL, {"well": False}, two)
    assert value is None
    assert because.startswith("缺清单，未核查：")
    # A prohibition in the other unit stands whatever the missing list says.
    assert derived(tmp_path, WELL, {"well": True}, two)[0] == "prohibited"
    assert derive_unit_access_list(()).value is None


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "construction": st.sampled_from([("new",), ("none",)]),
        "activity": st.sampled_from([("steel",), ("hotel",), ("hotel", "coking")]),
        "well": st.booleans(),
        "water": st.sampled_from([50.0, 150.0]),
    },
)
CLAUSES = st.lists(st.sampled_from(sorted(CONDITIONS)), min_size=1, max_size=4)
EFFECTS = st.lists(st.sampled_from(["prohibit", "restrict", "require"]), min_size=4, max_size=4)
RANK = {"not-listed": 0, "restricted": 1, "prohibited": 2}


@given(CLAUSES, EFFECTS, FACTS, FACTS)
def test_more_facts_never_take_an_answer_back(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    effects: list[str],
    few: dict[str, FactValue],
    more: dict[str, FactValue],
) -> None:
    text = "".join(
        clause(f"1-{n}", **(CONDITIONS[name] | {"effect": effect}))
        for n, (name, effect) in enumerate(zip(names, effects, strict=False), 1)
    )
    found = lists(tmp_path_factory.mktemp("lists"), own=edition_text(text))
    (before,), (after,) = check(found, facts=few), check(found, facts={**more, **few})
    fine = ("complies", "not_concerned")
    for old, new, name in zip(before.clauses, after.clauses, names, strict=True):
        if old.result != "to_verify":
            assert (old.result in fine) == (new.result in fine)
        if "complies_when" not in CONDITIONS[name]:
            assert "complies" not in (old.result, new.result)
            assert "violates" not in (old.result, new.result)
    known = derive_unit_access_list((before,)).value
    if known is not None:
        assert derive_unit_access_list((after,)).value == known


def test_the_order_of_editions_and_zones_does_not_matter(tmp_path: Path) -> None:
    zones = [class_overlap("general", zone(GENERAL, 6000.0)), class_overlap("key", zone(KEY, 4000.0))]
    found = lists(tmp_path, own=edition_text(clause()), city=CITY, prov=WIDER)
    turned = AccessLists({name: found.editions[name] for name in reversed(list(found.editions))}, found.sha256)
    seen = {
        tuple(entry.model_dump_json() for entry in check(which, overlap(*order)))
        for which, order in itertools.product((found, turned), itertools.permutations(zones))
    }
    assert len(seen) == 1


def test_entries_go_through_json(tmp_path: Path) -> None:
    entries = check(lists(tmp_path, own=edition_text(clause(**CONDITIONS["steel"])), city=CITY))
    adapter = TypeAdapter(tuple[UnitComparison, ...])
    assert adapter.validate_json(adapter.dump_json(entries)) == entries
    assert UNITS.classes["general"].title == entries[0].class_title


# --- the fact joins the others


def test_the_derived_fact_joins_the_facts(tmp_path: Path) -> None:
    entries = check(lists(tmp_path, own=edition_text(WELL)), facts={"well": True})
    found = with_access_fact(VOCABULARY, FactSheet({"well": True}), entries)
    assert found.sheet.values == {"well": True, "unit_access_list": ("prohibited",)}
    (entry,) = found.derivations
    assert (entry.fact, entry.value, entry.from_, entry.because) == (
        "unit_access_list",
        ("prohibited",),
        "access-lists",
        (f"own/{GENERAL}/1-1",),
    )
    assert entry.basis.zh == f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 不符合"
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("told", "well", "counts", "warnings"),
    [
        ("prohibited", True, "prohibited", 0),
        ("guided", True, "prohibited", 1),
        ("restricted", True, "prohibited", 1),
        ("guided", False, "guided", 0),
        ("not-listed", False, "not-listed", 0),
        ("prohibited", False, "prohibited", 1),
    ],
)
def test_the_stricter_counts_and_a_contradiction_is_said(
    tmp_path: Path, told: str, well: FactValue, counts: str, warnings: int
) -> None:
    sheet = FactSheet({"well": well, "unit_access_list": (told,)})
    found = with_access_fact(VOCABULARY, sheet, check(lists(tmp_path, own=edition_text(WELL)), facts={"well": well}))
    assert found.sheet.get("unit_access_list") == (counts,)
    assert (found.derivations, len(found.warnings)) == ((), warnings)


def test_the_contradiction_word_for_word(tmp_path: Path) -> None:
    facts: Mapping[str, FactValue] = {"well": True, "unit_access_list": ("guided",)}
    entries = check(lists(tmp_path, own=edition_text(WELL)), facts=facts)
    (warning,) = with_access_fact(VOCABULARY, FactSheet(facts), entries).warnings
    assert warning.zh == (
        "所填“清单结论”与准入清单的对照不一致，按对照结果判断，请核对："
        "单元 ZH14052230001：《某县清单》空间布局约束 1-1 不符合（对照结果为“prohibited”）"
    )
    assert warning.en == (
        "what was told of 'what the list says' contradicts the access lists; the comparison counts, verify it: "
        "unit ZH14052230001: 'list of some county', spatial layout 1-1 is not complied with (follows: prohibited)"
    )


def test_an_open_answer_adds_nothing(tmp_path: Path) -> None:
    found = with_access_fact(VOCABULARY, FactSheet({}), check(lists(tmp_path, own=edition_text(WELL))))
    assert (found.sheet.values, found.derivations, found.warnings) == ({}, (), ())
