"""Blocks put into a drawing: where their copies lie, on which layer, what is hidden, and what would be too many."""

from collections.abc import Sequence
from dataclasses import replace
from math import pi
from typing import Any

import numpy as np
import pytest

from both_languages import both
from drawn_lines import path, straight
from zoning.errors import SiteError
from zoning.sites.cad.blocks import Blocks, Drawn, visibility
from zoning.sites.cad.shapes import Block, Entity, Filling, Insert, Mark, Note, Path, Unread
from zoning.sites.limits import Limits, Tally
from zoning.sites.where import Where

HERE = Where("地块.dxf")
EYE = np.eye(3)
UNIT = straight((0, 0), (1, 0))


def vector(x: float, y: float, z: float = 0.0) -> Any:
    return np.array([x, y, z])


def mark(layer: str = "L", *, handle: str = "A1", kind: str = "LINE", hidden: bool = False) -> Mark:
    return Mark(layer.encode(), kind, handle, 1, hidden)


def line(layer: str = "L", *, handle: str = "A1", hidden: bool = False, filling: Filling | None = None) -> Path:
    """Return a line from 0, 0 to 1, 0."""
    return replace(path(UNIT, filling=filling), mark=mark(layer, handle=handle, hidden=hidden))


def insert(name: str, x: float = 0.0, y: float = 0.0, layer: str = "L", **more: Any) -> Insert:
    usual = {"scale": (1.0, 1.0, 1.0), "turn": 0.0, "axes": EYE, **more}
    return Insert(mark(layer, kind="INSERT"), name.encode(), vector(x, y), **usual)


def block(name: str, *entities: Entity, base: tuple[float, float] = (0, 0), external: bool = False) -> Block:
    return Block(name.encode(), vector(*base), external, list(entities))


def drawn(
    entities: Sequence[Entity],
    *blocks: Block,
    layers: dict[str, tuple[bool, bool]] | None = None,
    limits: Limits | None = None,
) -> Drawn:
    veiled, frozen = visibility(layers or {}, bytes.decode)
    made = Blocks(blocks, bytes.decode, veiled, frozen, Tally(limits or Limits()), HERE)
    return made.drawn(entities)


def ends(made: Drawn) -> list[list[list[float]]]:
    return [np.round(one.ends, 9).tolist() for one in made.paths]


def refused(entities: Sequence[Entity], *blocks: Block, limits: Limits | None = None) -> tuple[str, str]:
    return both(lambda: drawn(entities, *blocks, limits=limits), SiteError)


# --- Places ---


@pytest.mark.parametrize(
    ("made", "base", "start", "end"),
    [
        (insert("b", 5, 6), (0, 0), [5, 6], [6, 6]),
        (insert("b", 5, 6), (1, 2), [4, 4], [5, 4]),
        (insert("b", 5, 6, turn=pi / 2), (0, 0), [5, 6], [5, 7]),
        (insert("b", 5, 6, turn=pi / 2), (1, 2), [7, 5], [7, 6]),
        (insert("b", 5, 6, scale=(3.0, 1.0, 1.0)), (1, 2), [2, 4], [5, 4]),
        (insert("b", 5, 6, scale=(-2.0, 1.0, 1.0)), (0, 0), [5, 6], [3, 6]),
        # Scaled first, then turned.
        (insert("b", scale=(3.0, 1.0, 1.0), turn=pi / 2), (0, 0), [0, 0], [0, 3]),
        # Seen from below: the plane is mirrored, and so is the place.
        (insert("b", 5, 6, axes=np.diag([-1.0, 1.0, -1.0])), (0, 0), [-5, 6], [-6, 6]),
    ],
)
def test_where_a_block_lies(made: Insert, base: tuple[float, float], start: list[float], end: list[float]) -> None:
    assert ends(drawn([made], block("b", line(), base=base))) == [[start, end]]


def test_rows_and_columns() -> None:
    made = insert("b", rows=2, columns=3, spacing=(10.0, 100.0))
    found = drawn([made], block("b", line()))
    assert [one[0] for one in ends(found)] == [[0, 0], [100, 0], [200, 0], [0, 10], [100, 10], [200, 10]]


def test_rows_and_columns_turn_but_are_not_scaled() -> None:
    made = insert("b", columns=2, spacing=(0.0, 100.0), turn=pi / 2, scale=(5.0, 5.0, 5.0))
    assert ends(drawn([made], block("b", line()))) == [[[0, 0], [0, 5]], [[0, 100], [0, 105]]]


def test_blocks_in_blocks() -> None:
    inner = block("i", line(), base=(1, 0))
    outer = block("o", insert("i", 10, 0, scale=(2.0, 2.0, 2.0)), line())
    found = drawn([insert("o", 0, 5, turn=pi / 2)], inner, outer)
    assert ends(found) == [[[0, 13], [0, 15]], [[0, 5], [0, 6]]]


def test_a_symbol_lies_where_the_outermost_block_is_inserted() -> None:
    inner, outer = block("i", line()), block("o", insert("i", 10, 0), line(), base=(1, 1))
    found = drawn([insert("o", 5, 6), line()], inner, outer)
    places = [None if one.symbol_at is None else one.symbol_at.tolist() for one in found.paths]
    assert places == [[5, 6], [5, 6], None]


def test_copies_of_a_hatch_are_told_apart() -> None:
    hatched = block("b", line(filling=Filling(7, 0, 0)))
    found = drawn([insert("b"), insert("b", 9, 9), line(filling=Filling(8, 0, 0))], hatched)
    copies = [None if one.filling is None else one.filling.copy for one in found.paths]
    assert len(set(copies)) == 3
    assert copies[2] == 0


def test_names_of_blocks_differ_in_case_only_by_mistake() -> None:
    assert len(drawn([insert("GATE")], block("Gate", line())).paths) == 1


def test_what_cannot_be_read_moves_with_its_block() -> None:
    unread = Unread(mark(kind="REGION"), np.array([[1.0, 2.0, 0.0]]))
    found = drawn([insert("b", 5, 6, scale=(2.0, 2.0, 2.0)), unread], block("b", unread))
    assert [one.points.tolist() for one in found.unread] == [[[7, 10, 0]], [[1, 2, 0]]]


def test_texts_count_outside_of_blocks_only() -> None:
    note, veiled = Note(mark("T"), vector(0, 0), b"x"), Note(mark("T", hidden=True), vector(0, 0), b"y")
    assert drawn([note, veiled, insert("b")], block("b", note)).notes == [note]
    assert drawn([note], layers={"t": (False, True)}).notes == []


# --- Layers ---


def test_layer_0_in_a_block_is_the_layer_of_the_block() -> None:
    inner = block("i", line("0", handle="1"), line("R", handle="2"))
    outer = block("o", insert("i", layer="0"), insert("i", layer="M"))
    found = drawn([insert("o", layer="红线"), line("0")], inner, outer)
    assert [one.mark.layer.decode() for one in found.paths] == ["红线", "R", "M", "R", "0"]
    assert [one.mark.handle for one in found.paths[:2]] == ["1", "2"]


# Frozen or off; hidden: the line on layer 0 of the block, that on layer R.
@pytest.mark.parametrize(
    ("layers", "hidden"),
    [
        ({}, [False, False]),
        ({"b": (True, False)}, [True, True]),  # the whole block
        ({"b": (False, True)}, [True, False]),  # what takes its layer from it
        ({"r": (True, False)}, [False, True]),
        ({"r": (False, True)}, [False, True]),
        ({"0": (True, True)}, [False, False]),
    ],
)
def test_layers_that_are_frozen_or_off(layers: dict[str, tuple[bool, bool]], hidden: list[bool]) -> None:
    found = drawn([insert("b", layer="B")], block("b", line("0"), line("R")), layers=layers)
    assert [one.mark.hidden for one in found.paths] == hidden


def test_an_invisible_insert_hides_all_of_it() -> None:
    unseen = replace(insert("b"), mark=mark(hidden=True))
    assert [one.mark.hidden for one in drawn([unseen], block("b", line(), line("R"))).paths] == [True, True]
    nested = drawn([unseen], block("b", insert("c")), block("c", line()))
    assert [one.mark.hidden for one in nested.paths] == [True]


def test_visibility_by_folded_name() -> None:
    veiled, frozen = visibility({"a": (True, False), "b": (False, True), "c": (False, False)}, bytes.decode)
    assert [(veiled(name), frozen(name)) for name in (b"A", b"b", b"C", b"d")] == [
        (True, True),
        (True, False),
        (False, False),
        (False, False),
    ]


# --- What is not read ---


def test_a_block_that_is_not_there_may_have_been_the_boundary() -> None:
    (unread,) = drawn([insert("b")]).unread
    assert (unread.mark.kind, len(unread.points)) == ("INSERT", 0)


def test_a_drawing_that_is_only_referred_to() -> None:
    found = drawn([insert("底图"), insert("底图")], block("底图", external=True))
    assert [one.mark.kind for one in found.unread] == ["XREF", "XREF"]
    assert found.external == {"底图"}


def test_of_a_clipped_block_the_layers_are_marked() -> None:
    parts = block(
        "b", line("M"), line("M"), line("R"), line("H", hidden=True), Unread(mark(kind="REGION"), np.empty((0, 3)))
    )
    found = drawn([insert("b", clipped=True), line()], parts)
    assert [(one.mark.layer, one.mark.kind, one.clipped) for one in found.unread] == [
        (b"L", "REGION", ""),
        (b"M", "XCLIP", "b"),
        (b"R", "XCLIP", "b"),
    ]
    assert [one.mark.layer for one in found.paths] == [b"H", b"L"]


def test_a_clipped_block_that_refers_to_another_drawing() -> None:
    found = drawn([insert("b", clipped=True)], block("b", insert("x")), block("x", external=True))
    assert found.external == {"x"}
    assert [one.mark.kind for one in found.unread] == ["XREF"]


# --- Refusals ---


def test_a_block_that_is_defined_twice() -> None:
    zh, en = refused([], block("B", line()), block("b", line()))
    assert zh == "地块.dxf：块 b 定义了两次；请在 CAD 中检查（AUDIT）后重新导出"
    assert en == "地块.dxf: the block b is defined twice; check the drawing (AUDIT) and export it again"
    assert len(drawn([insert("b")], block("b", line()), block("b")).paths) == 1


@pytest.mark.parametrize(
    "blocks",
    [
        [block("a", insert("A"))],
        [block("a", insert("b")), block("b", insert("a"))],
        [block("a", line(), insert("b")), block("b", insert("c")), block("c", insert("b"))],
    ],
)
def test_a_block_that_contains_itself(blocks: list[Block]) -> None:
    zh, en = refused([insert("a")], *blocks)
    assert zh.endswith(" 引用了自身；请在 CAD 中改正后重新导出")
    assert en.endswith(" contains itself; correct the drawing and export it again")


def chain(length: int) -> list[Block]:
    return [block(f"b{i}", insert(f"b{i + 1}")) for i in range(length - 1)] + [block(f"b{length - 1}", line())]


def test_blocks_that_are_nested_too_deeply() -> None:
    limits = Limits(nesting=4)
    assert len(drawn([insert("b0")], *chain(4), limits=limits).paths) == 1
    zh, en = refused([insert("b0")], *chain(5), limits=limits)
    assert zh == "地块.dxf：块的嵌套超过 4 层；请分解（EXPLODE）后重新导出，或用 --limit nesting=… 提高上限"
    assert en.startswith("地块.dxf: blocks are nested more than 4 deep; explode them")


@pytest.mark.parametrize(("columns", "allowed"), [(5_000, True), (5_001, False)])
def test_arrays_that_stand_for_too_much_are_refused_before_they_are_drawn(columns: int, *, allowed: bool) -> None:
    """Ten thousand is always allowed; a copy counts as its block and its line."""
    array = insert("b", columns=columns, spacing=(0.0, 1.0))
    if allowed:
        assert len(drawn([array], block("b", line())).paths) == columns
        return
    zh, en = refused([array], block("b", line()))
    assert zh == (
        "地块.dxf：图块和阵列展开后有 10002 个图形，超过允许的 10000 个；请分解（EXPLODE）并只保留边界后重新导出"
    )
    assert en.startswith("地块.dxf: blocks and arrays stand for 10002 entities, more than the allowed 10000;")


def test_blocks_of_blocks_multiply() -> None:
    tenfold = [block(f"b{i}", *[insert(f"b{i + 1}")] * 10) for i in range(8)]
    zh, _ = refused([insert("b0")], *tenfold, block("b8", line()))
    assert "展开后有 211111111 个图形" in zh


def test_what_blocks_stand_for_counts_against_the_limits() -> None:
    zh, _ = refused([insert("b"), insert("b")], block("b", line()), limits=Limits(parts=3))
    assert zh.startswith("地块.dxf：超过 3 个部分的上限")
    assert len(drawn([insert("b"), insert("b")], block("b", line()), limits=Limits(parts=4)).paths) == 2


def test_scales_that_multiply_beyond_all_places() -> None:
    huge = (1e9, 1.0, 1.0)
    zh, en = refused([insert("a", scale=huge)], block("a", insert("b", scale=huge)), block("b", line()))
    assert zh == "地块.dxf：块 b 的插入比例或位置不可能；请在 CAD 中检查（AUDIT）后重新导出"
    assert en.startswith("地块.dxf: the scale or place of the block b is impossible; check the drawing (AUDIT)")
