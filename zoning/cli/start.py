"""`zoning init`, `schema`, `demo`, `doctor`: what a newcomer runs first."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, ZoningError
from zoning.texts import Text

DEMO_DAY = "2026-06-01"


def init_workspace(session: Session, folder: Path) -> int:
    """Copy the built-in workspace into a new folder."""
    from zoning.workspace import builtin_root, copy_workspace

    copy_workspace(builtin_root(), folder)
    session.say(
        Text(
            f"已建立工作空间 {folder}；图层在 layers/，规则在 rules/。下一步：zoning layers list --workspace {folder}",
            f"made the workspace {folder}; layers are in layers/, rules in rules/. "
            f"Next: zoning layers list --workspace {folder}",
        )
    )
    return 0


def print_schema(name: str) -> int:
    """Print a published JSON Schema."""
    from zoning.rules.verdict import verdict_schema

    if name != "verdict":
        raise UsageError(f"没有名为“{name}”的 Schema；可用：verdict", f"there is no schema '{name}'; allowed: verdict")
    sys.stdout.write(json.dumps(verdict_schema(), ensure_ascii=False, indent=2) + "\n")
    return 0


def run_doctor(session: Session) -> int:
    """Print what was found of the installation; exit 0 when it can work."""
    from zoning.doctor import examine

    report = examine(session.environ, removed=session.foreign_proj)
    signs = {"ok": "✓", "warning": "!", "problem": "×"}
    for check in report.checks:
        detail = check.detail.get(session.language)
        session.console().print(f"{signs[check.status]} {check.name.get(session.language)}：{detail}", markup=False)
    return ContentError.exit_code if any(check.status == "problem" for check in report.checks) else 0


@dataclass(frozen=True, slots=True)
class Example:
    """One example file with its facts."""

    site: Path
    facts: Path | None


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
    """Check all examples, write maps and verdicts, say what to open."""
    from zoning.cli.check import CheckRequest, Tally, examined, prepare
    from zoning.cli.results import Writer
    from zoning.cli.tables import print_verdict
    from zoning.workspace import builtin_root, examples_folder

    console = session.console()
    maps: list[Path] = []
    for example in find_examples(examples_folder()):
        console.rule(example.site.name, align="left")
        request = CheckRequest(example.site, example.facts, (), DEMO_DAY, builtin_root())
        try:
            job = prepare(session, request)
        except ZoningError as error:
            refused = Text("拒绝", "refused").get(session.language)
            console.print(f"{refused}：{error.get(session.language)}\n", style="bold", markup=False)
            continue
        writer = Writer(session, job.workspace, out, job.total)
        for examination in examined(session, job, Tally()):
            print_verdict(console, examination.verdict, session.language)
            maps.extend(path for path in writer.write(examination, with_json=True) if path.suffix == ".html")
    console.rule()
    told = Text(
        f"{len(maps)} 个地块的地图和结论（JSON）已写到 {out}。用浏览器打开，无需网络：",
        f"maps and verdicts (JSON) of {len(maps)} footprints are in {out}. Open in a browser, no network needed:",
    )
    console.print(told.get(session.language), markup=False)
    for path in maps:
        console.print(f"  {path}", markup=False)
    return 0
