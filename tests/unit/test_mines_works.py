"""Quantities and cost: formulas, what applies, what is not known, sums."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from zoning.errors import ContentError
from zoning.mines.formulas import parse_formula
from zoning.mines.volumes import Slopes, Volume
from zoning.mines.works import FILE, Works, read_works, totals_of, works_of
from zoning.mistakes import Mistake
from zoning.registers.record import Record
from zoning.texts import Text
from zoning.workspace import builtin_root

TITLE = {"zh": "甲", "en": "a"}
PRICES = """\
prices:
  backfill: {value: 20, source: {zh: 某局, en: some office}}
  drain: {value: 150.5, sample: true, source: {zh: 样例, en: a sample}}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3 * 4", 14.0),
        ("(2 + 3) * -4 / 8", -2.5),
        ("min(7, a, 3) + max(b, 1)", 3.0 + 4.0),
        ("a - b - 1", 5.0 - 4.0 - 1.0),
        ("a / (b - 4)", None),
        ("a * c", None),
    ],
)
def test_formulas(text: str, expected: float | None) -> None:
    assert parse_formula(text).value({"a": 5.0, "b": 4.0, "c": None}) == expected


NUMBERS = st.integers(-50, 50)
TREES = st.recursive(
    NUMBERS.map(lambda n: f"({n})") | st.sampled_from(["a", "b"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})")
    ),
    max_leaves=8,
)


@given(text=TREES, a=NUMBERS, b=NUMBERS)
def test_formulas_mean_what_python_means(text: str, a: int, b: int) -> None:
    try:
        expected = eval(text, {"__builtins__": {}, "a": a, "b": b, "min": min, "max": max})  # noqa: S307 - the oracle
    except ZeroDivisionError:
        expected = None
    found = parse_formula(text).value({"a": float(a), "b": float(b)})
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.b", "a[0]", "a ** 2", "a if b else c", "True", "'x'", "f(a)", "min()", "max(a, key=b)", "",
     "a; b", "1e99", "9" * 301, "填方", "lambda: 1", "a < b", "+ a", "[a]"],
)  # fmt: skip
def test_nothing_but_a_formula_is_read(text: str) -> None:
    with pytest.raises(Mistake, match=r"is no formula; numbers, names, \+ - \* /, brackets, min\(\) and max\(\) only"):
        parse_formula(text)


def test_a_formula_shows_its_numbers() -> None:
    formula = parse_formula("max(0, area_m2 - 2 * steep_m2) * min(a, area_m2)")
    inputs = {"area_m2": 1_234_567.25, "steep_m2": 40.5, "a": None}
    assert formula.filled(inputs) == "max(0, 1,234,567.25 - 2 * 40.5) * min(?, 1,234,567.25)"
    assert formula.missing(inputs) == ("a",)


def content(items: Mapping[str, Mapping[str, Any]], **more: Any) -> Works:
    """Return works with one measure."""
    stated = {
        "title": TITLE,
        "note": TITLE,
        "most_unknown": 0.05,
        "most_unknown_source": TITLE,
        "slopes": {"flat": {"title": TITLE, "to": 10}, "steep": {"title": TITLE}},
        "figures": {"depth_m": {"title": TITLE, "value": 0.5, "unit": "m", "source": TITLE}},
        "measures": {"one": {"title": TITLE, "items": {name: dict(item) for name, item in items.items()}}},
    }
    return Works.model_validate({**stated, **more})


def item(quantity: str, **more: Any) -> dict[str, Any]:
    """Return an item as a file holds it."""
    return {"title": TITLE, "unit": "m³", "quantity": quantity, "source": TITLE, **more}


PRICE = {"value": 20, "source": TITLE}
PARCEL = shapely.box(112.40, 35.50, 112.41, 35.51)


def volume(fill: float | None = 900.0, known: float = 1_000.0) -> Volume:
    """Return a volume of a parcel of 1,000 m2."""
    return Volume(1_000.0, known, fill, 100.0, 3.0, 1.0, None)


def slopes(unknown: float = 0.0) -> Slopes:
    """Return slopes of a parcel of 1,000 m2."""
    return Slopes({"flat": 700.0, "steep": 300.0 - unknown}, unknown, 9.0)


def one(works: Works, values: Mapping[str, Any] | None = None, **found: Any) -> Any:
    """Return the works on one parcel."""
    given_: dict[str, Any] = {"area": 1_000.0, "volume": volume(), "slopes": slopes(), "geometry": PARCEL, **found}
    parcel = Record("p", "parcel", "", given_["geometry"], dict(values or {}))
    return works_of([parcel], [given_["area"]], [given_["volume"]], [given_["slopes"]], works)[0]


def test_a_bill_by_hand() -> None:
    # fill 900 x 0.5 = 450 m3 at 20 yuan = 9,000; steep 300 x 2 = 600 m2 at 1.5 yuan = 900
    works = content(
        {
            "fill": item("fill_m3 * depth_m", price=PRICE),
            "steep": item("steep_m2 * 2", price={"value": 1.5, "source": TITLE}),
        }
    )
    found = one(works)
    assert [(q.quantity, q.cost) for q in found.quantities] == [(450.0, 9_000.0), (600.0, 900.0)]
    assert (found.cost, found.known_cost) == (9_900.0, 9_900.0)
    assert found.quantities[0].filled == "900 * 0.5"


def test_without_a_price_the_cost_is_not_known_and_no_zero() -> None:
    works = content({"fill": item("fill_m3"), "cut": item("cut_m3", price=PRICE), "none": item("fill_m3 * 0")})
    found = one(works)
    assert [(q.quantity, q.cost) for q in found.quantities] == [(900.0, None), (100.0, 2_000.0), (0.0, 0.0)]
    assert (found.cost, found.known_cost) == (None, 2_000.0)
    assert found.quantities[0].reason == Text("没有单价", "there is no unit price")


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"volume": None}, "fill_m3"),
        ({"volume": volume(None, 0.0)}, "fill_m3"),
        ({"volume": volume(900.0, 940.0)}, "fill_m3"),
        ({"slopes": None}, "steep_m2"),
        ({"slopes": slopes(60.0)}, "steep_m2"),
        ({"geometry": None}, "perimeter_m"),
        ({"area": None}, "area_m2, steep_m2"),
    ],
)
def test_what_is_not_known_makes_the_quantity_not_known(stated: dict[str, Any], missing: str) -> None:
    works = content({"all": item("fill_m3 + perimeter_m + area_m2 + steep_m2", price=PRICE)})
    (found,) = one(works, **stated).quantities
    assert (found.quantity, found.cost) == (None, None)
    assert found.reason is not None
    assert found.reason.en == f"not known: {missing}"


def test_a_small_gap_is_taken_for_the_whole() -> None:
    works = content({"all": item("fill_m3 + steep_m2", price=PRICE)})
    found = one(works, volume=volume(900.0, 955.0), slopes=slopes(45.0))
    assert found.quantities[0].quantity == 900.0 + 255.0


def test_conditions_are_three_valued() -> None:
    works = content({"fill": item("fill_m3", price=PRICE, when={"TBSX": ("1", "5"), "NXFFS": ("2",)})})
    yes = one(works, {"TBSX": "5", "NXFFS": ("2", "3")}).quantities[0]
    assert (yes.applies, yes.quantity) == ("yes", 900.0)
    no = one(works, {"TBSX": "3"}).quantities[0]
    assert (no.applies, no.quantity, no.cost) == ("no", 0.0, 0.0)
    assert no.reason == Text("不需要：TBSX = 3", "not needed: TBSX = 3")
    open_ = one(works, {"TBSX": "1"}).quantities[0]
    assert (open_.applies, open_.quantity, open_.cost) == ("not known", None, None)
    assert open_.reason == Text("是否需要未知：NXFFS 未填", "whether it is needed is not known: NXFFS is empty")


def test_sums_say_how_many_parcels_are_not_in_them() -> None:
    works = content({"fill": item("fill_m3", price=PRICE, when={"TBSX": ("1",)}), "cut": item("cut_m3")})
    values: tuple[dict[str, str], ...] = ({"TBSX": "1"}, {}, {"TBSX": "2"}, {"TBSX": "1"})
    parcels = [Record(str(n), "", "", PARCEL, dict(one_)) for n, one_ in enumerate(values)]
    found = works_of(parcels, [1e3] * 4, [volume(), volume(), volume(), None], [slopes()] * 4, works)
    fill, cut = totals_of(found)
    assert (fill.quantity, fill.parcels, fill.unknown, fill.cost, fill.cost_unknown) == (900.0, 1, 2, 18_000.0, 2)
    assert (cut.quantity, cut.parcels, cut.unknown, cut.cost, cut.cost_unknown) == (300.0, 3, 1, 0.0, 4)
    assert [one_.cost for one_ in found] == [None] * 4


def test_what_would_be_negative_is_nothing() -> None:
    works = content({"flat": item("flat_m2 - area_m2", price=PRICE)})
    assert one(works).quantities[0].quantity == 0.0


def test_the_shipped_content_has_the_seven_measures_and_no_price() -> None:
    shipped = read_works(builtin_root() / FILE)
    assert [one_.title.zh for one_ in shipped.measures.values()] == [
        "地质灾害治理",
        "采坑回填",
        "渣堆清理",
        "地表整形",
        "覆土绿化",
        "截排水沟",
        "挡土墙",
    ]
    items = [item_ for one_ in shipped.measures.values() for item_ in one_.items.values()]
    assert all(item_.price is None for item_ in items)
    assert [kind.up_to for kind in shipped.slope_classes] == [6.0, 15.0, 25.0, None]


def test_an_office_gives_its_own_prices(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(PRICES, encoding="utf-8")
    priced = read_works(builtin_root() / FILE, path)
    prices = {name: i.price for one_ in priced.measures.values() for name, i in one_.items.items() if i.price}
    assert {name: (price.value, price.sample) for name, price in prices.items()} == {
        "backfill": (20.0, False),
        "drain": (150.5, True),
    }
    path.write_text(PRICES.replace("drain", "drains"), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_works(builtin_root() / FILE, path)
    assert caught.value.text.en.startswith(f"{path}:3: there is no item 'drains'; allowed: backfill, drain, heap")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "quantity: cut_m3",
            "quantity: cut_m2",
            "nothing is called 'cut_m2'; allowed: area_m2, backfill_share, cut_m3",
        ),
        ("quantity: cut_m3", "quantity: cut_m3 **2", "'cut_m3 **2' is no formula"),
        ('steep: {title: {zh: "陡坡（≥ 25°）", en: "steep (≥ 25°)"}}', "", "slopes rise from class to class"),
        ("to: 15}", "to: 5}", "slopes rise from class to class"),
        ("      soil-grass:\n", "      drain:\n", "the item drain stands here twice"),
    ],
)
def test_mistakes_of_the_content_are_told_with_their_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = (builtin_root() / FILE).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "works.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_works(path)
    assert "works.yaml:" in caught.value.text.en
    assert sentence in caught.value.text.en
