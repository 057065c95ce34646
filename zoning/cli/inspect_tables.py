"""A quality report as a person reads it on the terminal: state, what was read, faults, repairs, notes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from zoning.cli.tables import folded
from zoning.quality.faults import Fault
from zoning.quality.kinds import Severity
from zoning.quality.pictures.listing import form_text, heading_of, place_text, step_text, tally_of, tally_text
from zoning.quality.site_quality import titles_of
from zoning.quantities import format_area
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.quality.inspection import Inspected
    from zoning.quality.site_quality import SiteQuality

_SIGNS: dict[Severity | None, tuple[str, str]] = {
    "error": ("×", "#C8324A"),
    "warning": ("!", "#C98A1A"),
    "note": ("i", "#5B8FC0"),
    None: ("✓", "#1FA58B"),
}
_MOST_FAULTS = 20
_MOST_FOOTPRINTS = 20
_BETWEEN = 8


def print_inspection(console: Console, inspected: "Inspected", language: Language) -> None:
    """Print the report of one file."""
    _print_state(console, inspected, language)
    overlaps = [pair.fault for pair in inspected.overlaps.pairs]
    if overlaps:
        _print_faults(console, overlaps, inspected.overlaps.counts, language)
    faulty = [quality for quality in inspected.qualities if quality.faults or quality.steps]
    several = len(inspected.qualities) > 1
    for quality in faulty[:_MOST_FOOTPRINTS]:
        if several:
            _print_name(console, quality, language)
        _print_faults(console, quality.faults, quality.counts, language)
        _print_steps(console, quality, language)
    left = len(faulty) - _MOST_FOOTPRINTS
    if left > 0:
        text = Text(
            f"另有 {left} 个地块有问题，未列出（--format json 可查看）",
            f"{left} more footprints have faults (see --format json)",
        )
        _block(console, text.get(language))
    warnings = dict.fromkeys(text for quality in inspected.qualities for text in quality.site.warnings)
    for text in list(warnings)[:_MOST_FAULTS]:
        _block(console, f"· {text.get(language)}", style="yellow")


def _print_state(console: Console, inspected: "Inspected", language: Language) -> None:
    heading, file = heading_of(inspected), inspected.report.file
    sign, colour = _SIGNS[next(iter(heading.tally), None)]
    state = Styled(f"{sign} {tally_text(heading.tally).get(language)}", style=f"bold {colour}")
    console.print(Styled.assemble(state, f"   {heading.title}"))
    form = [form_text(file), file.layer or "", file.crs_name.get(language), file.crs_decision.get(language)]
    _block(console, " · ".join(part for part in form if part))
    if file.conversion is not None:
        _block(console, file.conversion.get(language))
    area, _, counts = heading.facts
    _block(console, f"{counts.get(language)} · {area.get(language)}{_plane(inspected).get(language)}")
    console.print()


def _plane(inspected: "Inspected") -> Text:
    """Say how the area in the plane differs, where there is one footprint."""
    excess = inspected.qualities[0].plane_excess_ppm
    if len(inspected.qualities) > 1 or excess is None:
        return Text("", "")
    plane = inspected.qualities[0].plane_area_m2 or 0.0
    return Text(
        f"（平面面积 {plane:,.2f} 平方米，{excess:+.0f} ppm）", f" (in the plane {plane:,.2f} m², {excess:+.0f} ppm)"
    )


def _print_name(console: Console, quality: "SiteQuality", language: Language) -> None:
    sign, colour = _SIGNS[quality.severity]
    area = format_area(quality.area_after_m2).get(language)
    line = Styled(f"{sign} {quality.site.name} ({quality.site.id})", style=f"bold {colour}")
    tally = tally_text(tally_of(quality.faults)).get(language)
    console.print(Styled.assemble(line, f"   {area}   {tally}"))


def _print_faults(console: Console, faults: Sequence[Fault], counts: dict[str, int], language: Language) -> None:
    shown = faults[:_MOST_FAULTS]
    if not shown:
        return
    table = Table(box=None, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    for title in (Text("问题", "fault"), Text("说明", "what"), Text("位置", "where")):
        table.add_column(title.get(language), no_wrap=True)
    places = [_places(fault, language) for fault in shown]
    where = max((cell_len(line) for place in places for line in place.split("\n")), default=0)
    kind = max(cell_len(fault.title.get(language)) for fault in shown) + 2
    width = max(20, console.width - where - kind - _BETWEEN)
    for fault, place in zip(shown, places, strict=True):
        sign, colour = _SIGNS[fault.severity]
        name = Styled(f"{sign} {fault.title.get(language)}", style=colour)
        table.add_row(name, folded(fault.text.get(language), width), place)
    console.print(Padding(table, (0, 0, 0, 2), expand=False))
    left = sum(counts.values()) - len(shown)
    if left > 0:
        total = titles_of(counts)
        _block(console, Text(f"… 共 {total.zh}", f"... in all {total.en}").get(language))
    console.print()


def _places(fault: Fault, language: Language) -> str:
    """Return the coordinates of a fault; a line of the file stands below them."""
    found = dict.fromkeys(place_text(place).get(language) for place in fault.places[:1])
    return "\n".join(text.replace("  文件第", "\n文件第").replace("  line ", "\nline ") for text in found)


def _print_steps(console: Console, quality: "SiteQuality", language: Language) -> None:
    if not quality.steps:
        return
    console.print(f"  {Text('修复：', 'repairs:').get(language)}", style="bold")
    for step in quality.steps:
        _block(console, f"· {step_text(step).get(language)}")
    console.print()


def _block(console: Console, text: str, *, style: str = "") -> None:
    console.print(Padding(Styled(folded(text, console.width - 4), style=style), (0, 0, 0, 2), expand=False))
