"""Register and analyses -> the content of the dashboard."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zoning.mines.dashboard.content import Card, Chart, Curve, Dashboard, Due, Photo, Section, Theme
from zoning.mines.dashboard.kinds import state_kinds
from zoning.mines.dashboard.photos import small_picture
from zoning.mines.dashboard.sections import due_text, register_sections
from zoning.mines.dossier import Dossier
from zoning.overlay.plane import MeasuringPlane
from zoning.registers.entries import ATTACHMENT_KINDS, Attachment, AttachmentKind
from zoning.registers.types import RegisterType
from zoning.texts import Text

LONLAT = "EPSG:4490"
_STEP_M = 10.0
_PICTURES: tuple[AttachmentKind, ...] = ("before", "after", "photo")
_MOST_PICTURES = 4
_NO_GROUP = Text("未填", "not stated")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one analysis adds, each by the id of the thing."""

    themes: tuple[Theme, ...] = ()
    charts: tuple[Chart, ...] = ()
    sections: Mapping[str, tuple[Section, ...]] = field(default_factory=dict)
    curves: Mapping[str, tuple[Curve, ...]] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the cards: whose desk it is and on which day."""

    title: Text
    on: date
    notice: Text
    schematic: bool
    outlines: Sequence[tuple[str, Sequence[Sequence[tuple[float, float]]]]] = ()
    personal: bool = False


def make_dashboard(
    dossiers: Sequence[Dossier],
    kind: RegisterType,
    frame: Frame,
    *,
    contributions: Sequence[Contribution] = (),
    remarks: Sequence[Text] = (),
    files: Path | None = None,
    plane: MeasuringPlane,
) -> Dashboard:
    """Return the content of the page.

    Parameters
    ----------
    files
        Folder with the copies of photos; None: no pictures.
    plane
        Areas are measured in it, on the ellipsoid.
    """
    cards = [_card(dossier, kind, frame, contributions, files, plane) for dossier in dossiers]
    states = {dossier.record.id: dossier.record.state for dossier in dossiers}
    kinds = state_kinds(kind.workflow)
    return Dashboard(
        title=frame.title,
        item=kind.item,
        on=frame.on,
        notice=frame.notice,
        schematic=frame.schematic,
        cards=cards,
        themes=(
            Theme("state", Text("进度", "Progress"), kinds, states),
            *(theme for one in contributions for theme in one.themes),
        ),
        charts=(
            *_charts(dossiers, cards, kind),
            *(chart for one in contributions for chart in one.charts),
        ),
        remarks=tuple(remarks),
        outlines=frame.outlines,
    )


def _card(
    dossier: Dossier,
    kind: RegisterType,
    frame: Frame,
    contributions: Sequence[Contribution],
    files: Path | None,
    plane: MeasuringPlane,
) -> Card:
    record = dossier.record
    due: Due = "" if not dossier.dues else "overdue" if dossier.dues[0].days < 0 else "soon"
    sections = [section for one in contributions for section in one.sections.get(record.id, ())]
    return Card(
        id=record.id,
        name=record.name,
        group=_group(dossier, kind),
        geometry=record.geometry,
        area_m2=_area_m2(dossier, plane),
        rank=next((one.ranks[record.id] for one in contributions if record.id in one.ranks), None),
        due=due,
        due_text=due_text(dossier.dues[0]) if dossier.dues else None,
        sections=(*sections, *register_sections(dossier, kind, personal=frame.personal)),
        curves=tuple(curve for one in contributions for curve in one.curves.get(record.id, ())),
        photos=tuple(_photos(dossier, files)) if files is not None else (),
    )


def _group(dossier: Dossier, kind: RegisterType) -> str:
    value = dossier.record.values.get(kind.group_field) if kind.group_field else None
    return str(value) if value else ""


def _area_m2(dossier: Dossier, plane: MeasuringPlane) -> float | None:
    geometry = dossier.record.geometry
    if geometry is None or geometry.is_empty or geometry.area == 0:
        return None
    return plane.area_m2(geometry, LONLAT, step_m=_STEP_M)


def _photos(dossier: Dossier, files: Path) -> list[Photo]:
    found = []
    for attachment in _pictures(dossier.attachments):
        jpeg = small_picture(files / attachment.path)
        if jpeg is None:
            continue
        word, taken = ATTACHMENT_KINDS[attachment.kind], f" {attachment.taken}" if attachment.taken else ""
        found.append(Photo(Text(f"{word.zh}{taken}", f"{word.en}{taken}"), jpeg))
        if len(found) == _MOST_PICTURES:
            break
    return found


def _pictures(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Return the first picture before, the last one after, and the others from the newest on."""
    of = {kind: [one for one in attachments if one.kind == kind] for kind in _PICTURES}
    first = [*of["before"][:1], *of["after"][-1:]]
    rest = [one for kind in reversed(_PICTURES) for one in reversed(of[kind]) if one not in first]
    return first + rest


def _charts(dossiers: Sequence[Dossier], cards: Sequence[Card], kind: RegisterType) -> tuple[Chart, ...]:
    kinds = state_kinds(kind.workflow)
    counts = Counter((card.group, dossier.record.state) for card, dossier in zip(cards, dossiers, strict=True))
    areas: defaultdict[tuple[str, str], float] = defaultdict(float)
    for card, dossier in zip(cards, dossiers, strict=True):
        areas[card.group, dossier.record.state] += card.area_m2 or 0.0
    groups = sorted({card.group for card in cards}, key=lambda group: (not group, group))
    item = kind.item
    if len(groups) < 2:  # noqa: PLR2004 - one bar compares nothing
        return tuple(_by_year(dossiers, kind))
    return (
        Chart(
            Text(f"各乡镇{item.zh}的进度", "Progress by township"),
            Text(f"{item.zh}个数", f"{item.en}s"),
            kinds,
            tuple((group or _NO_GROUP, tuple(float(counts[group, one.name]) for one in kinds)) for group in groups),
        ),
        Chart(
            Text("各乡镇的面积", "Area by township"),
            Text("公顷", "ha"),
            kinds,
            tuple((group or _NO_GROUP, tuple(areas[group, one.name] / 1e4 for one in kinds)) for group in groups),
            decimals=2,
        ),
        *_by_year(dossiers, kind),
    )


def _by_year(dossiers: Sequence[Dossier], kind: RegisterType) -> list[Chart]:
    """Return in which years how many came into which state."""
    years: Counter[tuple[int, str]] = Counter()
    for dossier in dossiers:
        for event in dossier.moves:
            years[int(str(event.details["on"])[:4]), str(event.details["to"])] += 1
    if not years:
        return []
    kinds = state_kinds(kind.workflow)[1:-1]
    first, last = min(year for year, _ in years), max(year for year, _ in years)
    bars = tuple((str(year), tuple(float(years[year, one.name]) for one in kinds)) for year in range(first, last + 1))
    title = Text("每年进入各步骤的个数", "Steps reached in each year")
    return [Chart(title, Text("次", "steps"), kinds, bars)]
