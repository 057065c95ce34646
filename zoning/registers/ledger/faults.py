"""What is wrong with one cell of a ledger, in words that someone who keeps it can act on."""

from dataclasses import dataclass

from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class RowFault:
    """One mistake of a ledger.

    Attributes
    ----------
    row
        As the program that wrote the file counts.
    column
        Letters of a sheet's column, name of an attribute; "" where the whole row is meant.
    title
        The field, "" where none is meant.
    wrong
        What was found.
    allowed
        What may stand there, or what to do.
    """

    file: str
    sheet: str
    row: int
    column: str
    title: Text
    wrong: Text
    allowed: Text
    feature: bool = False

    @property
    def text(self) -> Text:
        """The whole sentence.

        >>> RowFault("a.xlsx", "图斑", 7, "J", Text("大类", "class"), Text("没有代码“9”", "no code '9'"),
        ...          Text("10", "10")).text.en
        "a.xlsx[图斑] row 7, column J (class): no code '9'; allowed: 10"
        """
        place = f"{self.file}[{self.sheet}]" if self.sheet else self.file
        zh_row, en_row = (f"第 {self.row} 个图形", f"feature {self.row}") if self.feature else (
            f"第 {self.row} 行", f"row {self.row}")  # fmt: skip
        zh_column = f" {self.column} {'属性' if self.feature else '列'}" if self.column else ""
        en_column = f", {'attribute' if self.feature else 'column'} {self.column}" if self.column else ""
        zh_title = f"“{self.title.zh}”" if self.title.zh else ""
        en_title = f" ({self.title.en})" if self.title.en else ""
        return Text(
            f"{place} {zh_row}{zh_column}{zh_title}：{self.wrong.zh}；应为：{self.allowed.zh}",
            f"{place} {en_row}{en_column}{en_title}: {self.wrong.en}; allowed: {self.allowed.en}",
        )
