"""The report of one parcel: the conformity report of its land, with all that the desk knows of it in front."""

import io
from collections.abc import Iterator
from dataclasses import replace

from zoning.mines.curve_picture import CAPTION, curve_png
from zoning.mines.dashboard.content import Card, Photo
from zoning.report.document import Block, Column, Paragraph, Picture, Report, Table
from zoning.texts import Language, Text

_SUBTITLE = Text("矿山图斑修复档案", "Dossier of a mine parcel")
_DESK = Text("图斑档案", "Dossier of the parcel")
_RANK = Text("优先顺序第 {rank} 位", "priority {rank}")
_CURVE_MM, _PHOTO_MM = 160.0, 80.0


def with_desk(report: Report, card: Card) -> Report:
    """Return a report with the dossier of the parcel at the beginning of its first section."""
    blocks = tuple(desk_blocks(card, report.language))
    first, *others = report.sections
    opened = replace(first, blocks=(*blocks, *first.blocks))
    return replace(report, subtitle=_SUBTITLE.get(report.language), sections=(opened, *others))


def desk_blocks(card: Card, language: Language) -> Iterator[Block]:
    """Yield deadline, rank, curves, pictures and every section of a card."""
    yield Paragraph(_DESK.get(language), "heading")
    if card.due_text is not None:
        yield Paragraph(card.due_text.get(language), "warning")
    if card.rank is not None:
        yield Paragraph(_RANK.get(language).format(rank=card.rank))
    for number, section in enumerate(card.sections, start=1):
        yield Paragraph(section.title.get(language), "heading")
        rows = tuple((_said(label, language), _said(value, language)) for label, value in section.rows)
        if rows:
            columns = (Column("", weight=1.4), Column("", weight=3.6))
            yield Table(f"desk-{number}", columns, rows, pairs=True)
        if section.note is not None:
            yield Paragraph(section.note.get(language), "note")
    for number, curve in enumerate(card.curves, start=1):
        png = curve_png(curve)
        yield Paragraph(curve.title.get(language), "heading")
        if curve.word is not None:
            yield Paragraph(curve.word.get(language))
        if png is not None:
            caption = CAPTION.get(language).format(title=curve.title.get(language))
            yield Picture(f"curve-{number}", png, caption, width_mm=_CURVE_MM)
    for number, photo in enumerate(card.photos, start=1):
        yield Picture(f"photo-{number}", _png(photo), photo.caption.get(language), width_mm=_PHOTO_MM)


def _said(value: Text | str, language: Language) -> str:
    return value if isinstance(value, str) else value.get(language)


def _png(photo: Photo) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    with Image.open(io.BytesIO(photo.jpeg)) as picture:
        picture.convert("RGB").save(made, "PNG", optimize=True)
    return made.getvalue()
