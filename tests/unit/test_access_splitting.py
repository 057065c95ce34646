"""A cell of a list is cut where its own numbering says so, and nothing of it is lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zoning.rules.access.splitting import Piece, split_clauses

SIGNS = st.one_of(
    st.sampled_from("0123456789一二十①②③④（）()[]、.．。；：，\n \t-－第条禁止新建限制项目年万吨"),
    st.characters(exclude_categories=["Cs"]),
)
CELLS = st.text(SIGNS, max_size=200)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(CELLS)
@example("1.禁止甲\n2.限制乙。3.其他")
@example("（一）甲（二）乙；①丙②丁")
def test_no_sign_of_a_cell_is_lost(cell: str) -> None:
    pieces = split_clauses(cell)
    assert squeezed("".join(piece.mark + piece.text for piece in pieces)) == squeezed(cell)


@given(CELLS)
def test_a_piece_has_a_mark_or_words(cell: str) -> None:
    assert all(piece.mark or piece.text.strip() for piece in split_clauses(cell))


@pytest.mark.parametrize(
    ("cell", "marks"),
    [
        ("1.禁止甲。2.限制乙。3.其他丙。", ["1.", "2.", "3."]),
        ("1、禁止甲；2、限制乙；", ["1、", "2、"]),
        ("1.禁止甲\n2、限制乙\n3．其他", ["1.", "2、", "3．"]),
        ("1-1 禁止甲\n1-2 限制乙\n2-1 其他", ["1-1", "1-2", "2-1"]),
        ("1-1.禁止甲。1-2.限制乙。", ["1-1.", "1-2."]),
        ("1－1 禁止甲\n1－2 限制乙", ["1－1", "1－2"]),
        ("1.1 禁止甲\n1.2 限制乙", ["1.1", "1.2"]),
        ("（1）禁止甲。（2）限制乙。", ["（1）", "（2）"]),
        ("(1)禁止甲；(2)限制乙", ["(1)", "(2)"]),
        ("1）禁止甲；2）限制乙", ["1）", "2）"]),
        ("①禁止甲②限制乙③其他", ["①", "②", "③"]),
        ("一、禁止甲。二、限制乙。", ["一、", "二、"]),
        ("（一）禁止甲。\n（二）限制乙。", ["（一）", "（二）"]),
        ("第一条 禁止甲。第二条 限制乙。", ["第一条", "第二条"]),
        ("【1】禁止甲。【2】限制乙。", ["【1】", "【2】"]),
        ("十、禁止甲。十一、限制乙。", ["十、", "十一、"]),
    ],
)
def test_every_way_of_numbering(cell: str, marks: list[str]) -> None:
    assert [piece.mark for piece in split_clauses(cell)] == marks


@pytest.mark.parametrize(
    ("cell", "pieces"),
    [
        ("", []),
        ("  \n ", []),
        ("禁止甲。", ["禁止甲。"]),
        ("禁止甲。\n限制乙。", ["禁止甲。", "限制乙。"]),
        ("禁止甲、\n乙和丙。", ["禁止甲、\n乙和丙。"]),
        ("1.5万吨以上的项目禁止。", ["1.5万吨以上的项目禁止。"]),
        ("1-2年内完成改造。", ["1-2年内完成改造。"]),
        ("2025年底前完成。", ["2025年底前完成。"]),
        ("执行标准；2、3类区另行规定。", ["执行标准；2、3类区另行规定。"]),
        ("禁止下列项目：\n甲；\n乙。\n其他要求。", ["禁止下列项目：\n甲；\n乙。", "其他要求。"]),
        ("禁止下列项目：1.甲；2.乙。", ["禁止下列项目：1.甲；2.乙。"]),
        ("禁止类：\n1.甲\n2.乙\n限制类：\n1.丙", ["禁止类：\n1.甲\n2.乙", "限制类：\n1.丙"]),
        ("空间布局要求：1.甲。2.乙。", ["空间布局要求：", "甲。", "乙。"]),
        ("1.甲（1）子项；（2）子项。2.乙", ["甲（1）子项；（2）子项。", "乙"]),
        ("1.甲，见第3条；5.不是条号。2.乙", ["甲，见第3条；5.不是条号。", "乙"]),
        ("1.甲_x000D_\r\n2.乙\r3.丙", ["甲", "乙", "丙"]),
    ],
)
def test_what_is_a_clause_of_its_own(cell: str, pieces: list[str]) -> None:
    assert [piece.text for piece in split_clauses(cell)] == pieces


def test_a_number_without_words_stays() -> None:
    assert split_clauses("1.\n2.乙") == (Piece("1.", ""), Piece("2.", "乙"))
