"""`zoning demo`: the example files one by one, then all answers in one table."""

import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session
from zoning.errors import CRSError, SiteError
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as Styled

    from zoning.rules.verdict import Verdict

DEMO_DAY = "2026-06-01"
_FORMATS = {
    ".txt": Text("坐标 TXT", "coordinate TXT"),
    ".zip": Text("Shapefile (zip)", "Shapefile (zip)"),
    ".kml": Text("KML", "KML"),
    ".geojson": Text("GeoJSON", "GeoJSON"),
    ".gpkg": Text("GeoPackage", "GeoPackage"),
}
_COLON = Text("：", ": ")
_REASON_WIDTH = 38


@dataclass(frozen=True, slots=True)
class Example:
    """One example file with its facts."""

    site: Path
    facts: Path | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table at the end: what was checked, what came out, why, and the map (None when refused)."""

    file: str
    answer: "Styled"
    reason: str
    page: Path | None


def find_examples(folder: Path) -> tuple[Example, ...]:
    """Return the example files, each with the facts file of the same name beside it."""
    examples: list[Example] = []
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".facts.yaml", ".md")) or path.name.startswith("."):
            continue
        facts = path.with_name(f"{path.name.split('.')[0]}.facts.yaml")
        examples.append(Example(path, facts if facts.is_file() else None))
    return tuple(examples)


def run_demo(session: Session, out: Path) -> int:
    """Check all examples, write maps and verdicts, say what to open.

    Raises
    ------
    ContentError
        When the examples are not there, or a file cannot be written.
    """
    from zoning.workspace import examples_folder

    console = session.console()
    examples = find_examples(examples_folder())
    rows = [row for example in examples for row in _show_example(session, console, example, out)]
    _print_rows(console, rows, out, session.language)
    _print_next(console, examples, out, session.language)
    return 0


def _show_example(session: Session, console: "Console", example: Example, out: Path) -> list[Row]:
    from rich.text import Text as Styled

    from zoning.cli.check import CheckRequest, Tally, examined, prepare
    from zoning.cli.results import Writer
    from zoning.cli.tables import answer, print_reasons
    from zoning.workspace import builtin_root

    language = session.language
    kind = _FORMATS[example.site.suffix].get(language) if example.site.suffix in _FORMATS else ""
    console.rule(" · ".join(text for text in (example.site.name, kind) if text), align="left", style="dim")
    request = CheckRequest(example.site, example.facts, (), DEMO_DAY, builtin_root())
    try:
        job = prepare(session, request)
    except (SiteError, CRSError) as error:
        refused = Styled(Text("– 拒绝", "- refused").get(language), style="bold")
        console.print(Styled.assemble(refused, f"   {error.get(language)}\n"))
        sentence = error.get(language)
        return [Row(example.site.name, refused, sentence.partition(_COLON.get(language))[2] or sentence, None)]
    writer = Writer(session, job.workspace, out, job.total)
    rows: list[Row] = []
    for examination in examined(session, job, Tally()):
        verdict = examination.verdict
        print_reasons(console, verdict, language, facts=job.workspace.rulebook.vocabulary.facts)
        pages = [path for path in writer.write(examination, with_json=True) if path.suffix == ".html"]
        name = example.site.name if job.total == 1 else f"{example.site.name} {verdict.site.id}"
        rows.append(Row(name, answer(verdict, language), _reason(verdict, language), pages[0]))
    return rows


def _reason(verdict: "Verdict", language: Language) -> str:
    """Return in a few words what the answer rests on: the rule of the largest overlap, or the first question."""
    if verdict.decision == "undetermined" and verdict.missing_facts:
        return verdict.missing_facts[0].question.get(language)
    moving = [f for f in verdict.findings if f.decision == verdict.decision != "permitted"]
    if not moving:
        return verdict.summary.get(language)
    first = max(moving, key=lambda finding: (finding.outcome == "applies", finding.overlap_m2 or 0.0))
    return Text(f"{first.title.zh}（{first.rule}）", f"{first.title.en} ({first.rule})").get(language)


def _print_rows(console: "Console", rows: list[Row], out: Path, language: Language) -> None:
    from rich.table import Table

    from zoning.cli.tables import folded

    console.rule(Text("结论一览", "all answers").get(language), align="left", style="bold")
    table = Table(box=None, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    page = Text(f"地图（在 {out}/ 中）", f"map in {out}/")
    for title in (Text("文件", "file"), Text("结论", "answer"), Text("主要原因", "main reason"), page):
        table.add_column(title.get(language), no_wrap=title is not page, overflow="fold")
    for row in rows:
        table.add_row(row.file, row.answer, folded(row.reason, _REASON_WIDTH), row.page.name if row.page else "")
    console.print(table)


def _print_next(console: "Console", examples: tuple[Example, ...], out: Path, language: Language) -> None:
    """Say what to open, and how to read one verdict in full."""
    example = next((item for item in examples if item.facts is not None), None)
    told = Text(
        f"\n地图是单个 HTML 文件，用浏览器打开即可，无需网络；{out}/ 中同名的 .json 是完整结论。",
        f"\nMaps are single HTML files: open one in a browser, no network needed. The .json beside it in {out}/ is the "
        "whole verdict.",
    )
    console.print(told.get(language), markup=False)
    if example is not None and example.facts is not None:
        command = shlex.join(
            (_command(), "check", _shown(example.site), "--facts", _shown(example.facts), "--on", DEMO_DAY)
        )
        console.print(Text("完整结论：", "One verdict in full:").get(language))
        console.print(f"  {command}", markup=False, soft_wrap=True)


def _command() -> str:
    return "zoning" if shutil.which("zoning") else _shown(Path(sys.argv[0]))


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else str(path)
