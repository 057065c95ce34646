"""Texts, classes, attributes and repairs out of arrays: any text comes back, and arrays that do not fit are refused."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from zoning.overlay.prepared.container import DamagedError
from zoning.overlay.prepared.sequences import Attributes, ClassIds, Repairs, Strings
from zoning.sites.site import Repair
from zoning.texts import Text

TEXTS = ("沁河", "", "a", "𠮷水", "line\nbreak", "\ud800", "")
FIRST = Repair("self-crossing", 2, -1.5, Text("自相交", "crosses itself"))
SECOND = Repair("ring-roles", 1, 0.0, Text("“环”的角色", "roles of rings"))


def strings(*texts: str) -> Strings:
    return Strings.of(Strings.arrays_of(texts))


def ints(*numbers: int) -> NDArray[np.int64]:
    return np.asarray(numbers, dtype=np.int64)


def chars(text: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(text, dtype=np.uint8)


@pytest.mark.parametrize("texts", [(), ("",), ("a",), ("", ""), TEXTS, ("x" * 10_000, "y")])
def test_texts_come_back_one_by_one_and_all_together(texts: tuple[str, ...]) -> None:
    found = strings(*texts)
    assert len(found) == len(texts)
    assert tuple(found) == texts
    assert tuple(found[index] for index in range(len(texts))) == texts


@pytest.mark.parametrize("index", range(-len(TEXTS), len(TEXTS)))
def test_a_text_is_found_from_both_ends(index: int) -> None:
    assert strings(*TEXTS)[index] == TEXTS[index]


@pytest.mark.parametrize("index", [len(TEXTS), -len(TEXTS) - 1, 1000])
def test_a_text_beyond_the_ends_is_none(index: int) -> None:
    with pytest.raises(IndexError):
        strings(*TEXTS)[index]


@pytest.mark.parametrize(
    "part", [slice(None), slice(2, 5), slice(-3, None), slice(None, None, -1), slice(5, 2), slice(0, 99, 2)]
)
def test_a_part_of_the_texts_is_that_of_a_tuple(part: slice) -> None:
    found: Sequence[str] = strings(*TEXTS)[part]
    assert found == TEXTS[part]


def test_the_arrays_of_texts_are_their_bytes_and_ends() -> None:
    arrays = Strings.arrays_of(["沁", "", "ab"])
    assert arrays["ends"].tolist() == [3, 3, 5]
    assert arrays["text"].tobytes() == "沁ab".encode()
    assert arrays["ends"].dtype == np.int64
    assert arrays["text"].dtype == np.uint8


@pytest.mark.parametrize(
    ("ends", "text", "said"),
    [
        (np.asarray([3], dtype=np.int32), chars(b"abc"), "texts of another kind"),
        (ints(3), np.asarray([1, 2, 3], dtype=np.int64), "texts of another kind"),
        (ints(3).reshape(1, 1), chars(b"abc"), "texts of another kind"),
        (ints(3), chars(b"abc").reshape(1, 3), "texts of another kind"),
        (ints(2), chars(b"abc"), "texts of another length"),
        (ints(4), chars(b"abc"), "texts of another length"),
        (ints(), chars(b"abc"), "texts of another length"),
        (ints(1, 2), chars(b"abc"), "texts of another length"),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_refused(
    ends: NDArray[np.int64], text: NDArray[np.uint8], said: str
) -> None:
    with pytest.raises(DamagedError, match=said):
        Strings.of({"ends": ends, "text": text})


@pytest.mark.parametrize("ends", [(3, 1, 5), (-1, 5), (0, 4, 3, 5)])
def test_texts_that_end_before_they_begin_are_found_out(ends: tuple[int, ...]) -> None:
    damaged = Strings.of({"ends": ints(*ends), "text": chars(b"abcde")})
    with pytest.raises(DamagedError, match="texts that end before they begin"):
        damaged.check()


@pytest.mark.parametrize("ends", [(), (0,), (0, 0, 5), (5,), (1, 2, 3, 4, 5)])
def test_sound_texts_pass_the_look_at_all_of_them(ends: tuple[int, ...]) -> None:
    text = b"abcde"[: ends[-1] if ends else 0]
    Strings.of({"ends": ints(*ends), "text": chars(text)}).check()


@pytest.mark.parametrize(
    ("numbers", "classes"),
    [((), ()), ((0,), ("core",)), ((2, 0, 1, 2), ("general", "core", "buffer", "general"))],
)
def test_the_class_of_a_zone_is_found_by_its_number(numbers: tuple[int, ...], classes: Sequence[str]) -> None:
    found = ClassIds(("core", "buffer", "general"), ints(*numbers))
    assert (len(found), tuple(found)) == (len(numbers), tuple(classes))
    assert found[:] == tuple(classes)


def test_the_attributes_of_a_zone_are_its_texts_of_every_column() -> None:
    columns = {"河长": strings("张三", ""), "office": strings("水务局", "office 2")}
    found = Attributes(columns, 2)
    assert len(found) == 2
    assert found[0] == {"河长": "张三", "office": "水务局"}
    assert found[-1] == {"河长": "", "office": "office 2"}
    assert list(found[0]) == ["河长", "office"]


def test_zones_without_attributes_have_empty_ones() -> None:
    assert list(Attributes({}, 3)) == [{}, {}, {}]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {0: (FIRST,)},
        {7: (FIRST, SECOND), 3: (SECOND,), 1_000_000: ()},
    ],
)
def test_repairs_come_back_by_zone(told: dict[int, tuple[Repair, ...]]) -> None:
    found = Repairs.of(Repairs.arrays_of(told))
    found.check()
    assert dict(found) == told
    assert list(found) == sorted(told)
    assert len(found) == len(told)


@pytest.mark.parametrize("zone", [-1, 0, 2, 4, 8, 10**9])
def test_a_zone_that_was_not_repaired_has_no_entry(zone: int) -> None:
    found = Repairs.of(Repairs.arrays_of({3: (FIRST,), 7: (SECOND,)}))
    assert zone not in found
    with pytest.raises(KeyError):
        found[zone]


@pytest.mark.parametrize("zones", [ints(), ints(3), ints(3, 7, 9), np.asarray([3, 7], dtype=np.int32)])
def test_repairs_of_another_number_or_kind_of_zones_are_refused(zones: NDArray[np.int64]) -> None:
    arrays = {**Repairs.arrays_of({3: (FIRST,), 7: (SECOND,)}), "zones": zones}
    with pytest.raises(DamagedError, match="repairs of another length"):
        Repairs.of(arrays)


def test_damaged_texts_of_repairs_are_found_out() -> None:
    arrays = Repairs.arrays_of({3: (FIRST,), 7: (SECOND,)})
    ends = arrays["ends"].copy()
    ends[0] = ends[1] + 1
    with pytest.raises(DamagedError, match="end before they begin"):
        Repairs.of({**arrays, "ends": ends}).check()
