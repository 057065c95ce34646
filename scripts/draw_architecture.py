"""Draw docs/images/architecture.svg from the real imports: `python scripts/draw_architecture.py [--check]`.

The list of the stages in CONTRIBUTING.md is written as well.

One row and one column for each package, in the order of the stages in pyproject.toml; a dot where the row imports the
column. Nothing may stand below the diagonal: import-linter refuses it, here it is seen. The same bytes on every run.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import fill

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "architecture.svg"
BASE = "base"
BLOCK = re.compile(r"(architecture\.en\.md\)\.\n\n)(?:    .*\n)+")
TITLES: Mapping[str, tuple[str, str]] = {
    "cli": ("命令行", "the command"),
    "web": ("网页与接口", "pages and API"),
    "doctor": ("安装检查", "is it installed well"),
    "batch": ("批量研判", "many sites"),
    "workspace": ("工作空间", "opens the content"),
    "mines": ("矿山修复", "mine restoration"),
    "planning": ("规划编制与审核", "the zoning itself"),
    "report": ("报告", "reports"),
    "maps": ("地图", "maps"),
    "styles": ("图式", "styles"),
    "replay": ("重新运行", "runs a verdict again"),
    "advice": ("建议", "advice"),
    "check": ("研判流程", "the pipeline"),
    "registers": ("台账", "registers"),
    "settings": ("设定", "settings of a check"),
    "rules": ("规则与结论", "rules and verdict"),
    "quality": ("图形检查", "faults of a drawing"),
    "exchange": ("坐标文件转换", "boundary files out"),
    "overlay": ("叠加量算", "measuring"),
    "layers": ("图层", "layers"),
    "sites": ("地块", "boundary files in"),
    BASE: ("基础", "what all stand on"),
}
STOPS: Mapping[str, str] = {
    "cli": "1",
    "web": "2",
    "sites": "3",
    "layers": "4",
    "overlay": "5",
    "rules": "6, 7",
    "maps": "8",
    "report": "9",
    "registers": "10",
}
"""The stops of docs/architecture.md, by package."""
FEW, SOME = 3, 15
"""Files that import a package: up to here a small dot, up to here a middle one."""

ROW, LEFT, TOP, RIGHT, BOTTOM = 30, 398, 178, 24, 132
INK, QUIET, HAIR, PAPER, DOT = "#1D2A30", "#5C6B70", "#D9D6CC", "#FFFFFF", "#143F75"
FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"


@dataclass(slots=True)
class Use:
    """How many files of one package import another one, and whether one of them does so as soon as it is loaded."""

    files: int = 0
    at_once: bool = False


def stages(pyproject: Path) -> list[list[str]]:
    """Return the packages from the highest stage to the lowest; those of one stage do not know each other."""
    contract = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]
    rows = [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]
    return [row for row in rows if row != ["__main__"]]


def with_base(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the stages with all that the first readers of files stand on as one."""
    first = next(number for number, row in enumerate(rows) if "layers" in row) + 1
    return [*map(list, rows[:first]), [name for row in rows[first:] for name in row]]


def uses(package: Path, base: Sequence[str]) -> dict[tuple[str, str], Use]:
    """Return who imports whom; what all stand on counts as one."""
    found: dict[tuple[str, str], Use] = {}
    for path in sorted(package.rglob("*.py")):
        home = path.relative_to(package).with_suffix("").parts[0]
        if home.startswith("__"):
            continue
        named: dict[str, bool] = {}
        for module, at_once in _imports(ast.parse(path.read_text(encoding="utf-8"))):
            parts = module.split(".")
            if parts[0] == package.name and len(parts) > 1 and not parts[1].startswith("__"):
                one = BASE if parts[1] in base else parts[1]
                named[one] = named.get(one, False) or at_once
        for one, at_once in named.items():
            pair = (BASE if home in base else home, one)
            if pair[0] != pair[1]:
                use = found.setdefault(pair, Use())
                use.files += 1
                use.at_once = use.at_once or at_once
    return found


def _imports(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield every imported module, and whether loading the file imports it."""
    at_once = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, id(node) in at_once) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "zoning":
            yield from ((f"zoning.{name.name}", id(node) in at_once) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, id(node) in at_once


def drawn(rows: Sequence[Sequence[str]], found: Mapping[tuple[str, str], Use]) -> str:
    """Return the picture."""
    names = [*(name for row in rows[:-1] for name in row), BASE]
    width, height = LEFT + ROW * len(names) + RIGHT, TOP + ROW * len(names) + BOTTOM
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" font-size="14" fill="{INK}">',
        "<title>谁认识谁 · who knows whom</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        _text(24, 40, "谁认识谁", size=24, weight=700),
        _text(24, 64, "who knows whom", size=15, fill=QUIET),
        *_grid(rows, names),
        *(part for number, name in enumerate(names) for part in _labels(number, name)),
        *(_dot(names, pair, use) for pair, use in sorted(found.items())),
        *_legend(names, rows[-1], height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(rows: Sequence[Sequence[str]], names: Sequence[str]) -> Iterator[str]:
    """Yield the lines between the packages, and the diagonal: a block for each stage."""
    end = LEFT + ROW * len(names)
    for number in range(len(names) + 1):
        y, x = TOP + ROW * number, LEFT + ROW * number
        yield f'<path d="M24 {y}H{end}" stroke="{HAIR}"/>'
        yield f'<path d="M{x} {TOP}V{TOP + ROW * len(names)}" stroke="{HAIR}"/>'
    first = 0
    for row in rows:
        size = 1 if row is rows[-1] else len(row)
        x, y = LEFT + ROW * first, TOP + ROW * first
        yield f'<rect x="{x}" y="{y}" width="{ROW * size}" height="{ROW * size}" fill="{HAIR}"/>'
        first += size


def _labels(number: int, name: str) -> Iterator[str]:
    zh, en = TITLES[name]
    y, x = TOP + ROW * number + 20, LEFT + ROW * number + 15
    if name in STOPS:
        wide = 20 + 12 * (len(STOPS[name]) > 1) + 8 * (len(STOPS[name]) > len("10"))
        yield f'<rect x="{24}" y="{y - 15}" width="{wide}" height="20" rx="10" fill="{INK}"/>'
        yield _text(24 + wide / 2, y, STOPS[name], size=12, fill=PAPER, anchor="middle", weight=700)
    yield _text(74, y, name, weight=700)
    yield _text(164, y, zh)
    yield _text(LEFT - 8, y, en, size=11, fill=QUIET, anchor="end")
    yield f'<g transform="translate({x + 5} {TOP - 10}) rotate(-60)">{_text(0, 0, name, size=13)}</g>'


def _dot(names: Sequence[str], pair: tuple[str, str], use: Use) -> str:
    row, column = names.index(pair[0]), names.index(pair[1])
    x, y = LEFT + ROW * column + ROW // 2, TOP + ROW * row + ROW // 2
    return _circle(x, y, use, f"{pair[0]} → {pair[1]}")


def _circle(x: int, y: int, use: Use, title: str) -> str:
    radius = 4 if use.files <= FEW else 7 if use.files <= SOME else 11
    if use.at_once:
        return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{DOT}"><title>{escape(title)}</title></circle>'
    form = f'r="{radius - 1}" fill="{PAPER}" stroke="{DOT}" stroke-width="2"'
    return f'<circle cx="{x}" cy="{y}" {form}><title>{escape(title)}</title></circle>'


def _legend(names: Sequence[str], base: Sequence[str], height: int) -> Iterator[str]:
    top = TOP + ROW * (len(names) - 4)
    yield f'<rect x="{LEFT + ROW}" y="{top}" width="{ROW * 10}" height="{ROW * 2}" fill="{PAPER}" stroke="{HAIR}"/>'
    yield _text(LEFT + ROW + 14, top + 26, "此处必须空白：下面的不认识上面的", size=13, fill=QUIET)
    yield _text(LEFT + ROW + 14, top + 46, "must stay empty: below knows nothing above", size=12, fill=QUIET)
    y = height - BOTTOM + 30
    yield _text(24, y, "行 → 列：行中的文件导入列 · row → column: files of the row import the column", size=13)
    x = 30
    for use, said in (
        (Use(1, at_once=True), f"≤ {FEW} 个文件 files"),
        (Use(SOME, at_once=True), f"≤ {SOME}"),
        (Use(SOME + 1, at_once=True), f"> {SOME}"),
        (Use(SOME, at_once=False), "用到时才导入 only when it is needed"),
    ):
        yield _circle(x, y + 22, use, said)
        yield _text(x + 16, y + 27, said, size=12)
        x += 46 + sum(12 if sign > "ÿ" else 7 for sign in said)
    yield f'<rect x="{x}" y="{y + 12}" width="20" height="20" rx="10" fill="{INK}"/>'
    yield _text(x + 10, y + 27, "1", size=12, fill=PAPER, anchor="middle", weight=700)
    yield _text(x + 28, y + 27, "十站中的一站 a stop of the walk", size=12)
    half = (len(base) + 1) // 2
    yield _text(24, y + 60, f"基础 base: {' · '.join(base[:half])} ·", size=12, fill=QUIET)
    yield _text(24, y + 80, " · ".join(base[half:]), size=12, fill=QUIET)


def _text(
    x: float, y: float, text: str, *, size: float = 14, fill: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def directions(rows: Sequence[Sequence[str]]) -> str:
    """Return the stages, the lowest first, as CONTRIBUTING.md shows them.

    >>> print(directions([["cli"], ["layers", "sites"], ["texts"]]), end="")
        texts < layers, sites < cli
    """
    line = " < ".join(", ".join(row) for row in reversed(rows))
    return fill(line, 110, initial_indent="    ", subsequent_indent="    ") + "\n"


def contributing(text: str, rows: Sequence[Sequence[str]]) -> str:
    """Return CONTRIBUTING.md with the stages as they are."""
    return BLOCK.sub(lambda found: found[1] + directions(rows), text, count=1)


def picture(root: Path) -> str:
    """Return the picture of a repository."""
    rows = with_base(stages(root / "pyproject.toml"))
    return drawn(rows, uses(root / "zoning", rows[-1]))


def main() -> int:
    """Write or check the picture."""
    parser = argparse.ArgumentParser(description="draw who imports whom")
    parser.add_argument("--check", action="store_true", help="compare with the picture that is there; write nothing")
    options = parser.parse_args()
    page = ROOT / "CONTRIBUTING.md"
    listed = contributing(page.read_text(encoding="utf-8"), stages(ROOT / "pyproject.toml"))
    changed = 0
    for path, wanted in ((PICTURE, picture(ROOT)), (page, listed)):
        if path.is_file() and path.read_text(encoding="utf-8") == wanted:
            continue
        changed += 1
        print(f"{'differs' if options.check else 'written'}: {path.relative_to(ROOT)}")
        if not options.check:
            path.write_text(wanted, encoding="utf-8")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
