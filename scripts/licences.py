"""Write LICENSES.md: every dependency with its licence, and what others made that stands in the wheel.

python scripts/licences.py            # write it
python scripts/licences.py --check    # exit code 1 when it is not what would be written
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from dependencies import ROOT, VENDORED, Component, Vendored, components, installed, wanted
from licence_words import is_permissive

PAGE = ROOT / "LICENSES.md"
_HEAD = """\
# 许可证清单 · Licences

由 `python scripts/licences.py` 按各软件包自带的元数据写成（版本见 constraints.txt）。
本程序自身为 Apache-2.0（LICENSE、NOTICE）。

Written by `python scripts/licences.py` from the metadata that the packages bring (versions: constraints.txt).
The program itself is under Apache-2.0 (LICENSE, NOTICE).

"""
_SHIPPED = """\
## 随程序分发的他人文件 · Files of others in the wheel

| 名称 · name | 版本 · version | 许可证 · licence | 文件 · files | 许可证文本 · text | 主页 · home |
|---|---|---|---|---|---|
"""
_TESTS = """
仅供测试，不在安装包中 · For tests only, in no wheel:

| 名称 · name | 版本 · version | 许可证 · licence | 文件 · files | 许可证文本 · text | 主页 · home |
|---|---|---|---|---|---|
"""
_NEEDED = """
## 依赖 · Dependencies

安装时一并安装，不在本程序的安装包中；含可选部分 cluster、postgis、serve、oidc（Linux，Python 3.11）。
各包的许可证全文在其安装目录（`*.dist-info`）中；编译好的包还带有所含库（GEOS、PROJ、GDAL、libpq 等）的许可证。

Installed beside the program and not in its wheel; with the extras cluster, postgis, serve, oidc (Linux, Python
3.11). The text of each licence lies in the folder of the package (`*.dist-info`); compiled packages bring the
licences of the libraries in them too (GEOS, PROJ, GDAL, libpq ...).

"""
_TABLE = "| 名称 · name | 版本 · version | 许可证 · licence | 主页 · home |\n|---|---|---|---|\n"
_OWN_TERMS = """
### 另有条件的许可证 · Licences with terms of their own

下列软件包的许可证对修改后再分发另有要求；它们作为独立的软件包安装，可以替换，本程序没有改动也没有收入它们。

The licences of these ask for something when they are handed on changed. They are installed as packages of their
own, can be replaced, and are neither changed nor taken into the program.

"""


def page(found: Sequence[Component], vendored: Sequence[Vendored] = VENDORED) -> str:
    """Return the whole page."""
    shipped = [one for one in vendored if one.shipped]
    others = [one for one in vendored if not one.shipped]
    free = [one for one in found if is_permissive(one.licence)]
    own = [one for one in found if not is_permissive(one.licence)]
    parts = [_HEAD, _SHIPPED, *map(_vendored_row, shipped), _TESTS, *map(_vendored_row, others)]
    parts += [_NEEDED, _TABLE, *_rows(free), _OWN_TERMS, _TABLE, *_rows(own)]
    return "".join(parts)


def _rows(found: Iterable[Component]) -> Iterable[str]:
    return (f"| {one.name} | {one.version} | {one.licence or '?'} | {one.home} |\n" for one in found)


def _vendored_row(one: Vendored) -> str:
    files = ", ".join(f"`{one.folder}/{name}`" for name in one.files)
    holds = "".join(f"; {part}" for part in one.holds)
    return (
        f"| {one.name} | {one.version} | {one.licence}{holds} | {files} | [{one.text}]({one.folder}/{one.text}) | "
        f"{one.home} |\n"
    )


def main(target: Path, *, check: bool) -> int:
    """Write the page, or say whether it is current."""
    text = page(components(installed(), wanted()))
    if not check:
        target.write_text(text, encoding="utf-8")
        return 0
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return 0
    print(f"{target.name} is not current: python scripts/licences.py")
    return 1


if __name__ == "__main__":
    sys.exit(main(PAGE, check=sys.argv[1:] == ["--check"]))
