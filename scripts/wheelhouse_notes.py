"""Write what goes with the wheels of a wheelhouse: requirements with digests, licences, a bill of materials, a note.

python scripts/wheelhouse_notes.py FOLDER --extras serve,postgis,oidc [--python-version 3.12]

Refuses a folder in which something is missing that the program needs: nobody is to find out without a network.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dependencies import EXTRAS, components, in_wheels, name_of, sha256_of, wanted
from licences import page
from sbom import NAME, of_wheels, write

_NOTE = """\
# zoning-check {version}：不联网安装 · installing without network

给 Python {python}（{count} 个安装包，含可选部分 {extras}）。把整个文件夹复制到目标计算机，然后：

For Python {python} ({count} wheels, with the extras {extras}). Copy the whole folder to the computer, then:

```text
./install /opt/zoning
/opt/zoning/bin/zoning --help
/opt/zoning/bin/zoning init /srv/zoning/office
/opt/zoning/bin/zoning serve --workspace /srv/zoning/office
```

- `install` 只从本文件夹安装，逐个核对 `requirements.txt` 中的 SHA-256，不读取本机的 pip 设置。
  `install` takes wheels from this folder only, compares each with its SHA-256 in `requirements.txt`, and reads no
  settings of pip.
- 系统须有 Python {python}（带 venv）；打印地图和报告需要中文字体和 Pango：
  The computer needs Python {python} (with venv); printed maps and reports need Chinese fonts and Pango:
  `apt install python3-venv fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0`
- Windows：`py -m venv C:\\zoning`，然后 · then
  `C:\\zoning\\Scripts\\pip install --no-index --find-links . --no-deps --require-hashes -r requirements.txt`
  （文件夹须用 `--platform win_amd64` 收集 · the folder has to be collected with `--platform win_amd64`）
- 升级：先备份（`zoning backup make`），再对同一文件夹执行 `./install`；见 UPGRADING.md。
  To upgrade: make a backup (`zoning backup make`), then run `./install` on the same folder; see UPGRADING.md.
- 许可证：LICENSES.md、LICENSE、NOTICE；物料清单：sbom.cdx.json（CycloneDX 1.6）。
  Licences: LICENSES.md, LICENSE, NOTICE; bill of materials: sbom.cdx.json (CycloneDX 1.6).
"""


def requirements(folder: Path, python: str, extras: Sequence[str]) -> str:
    """Return one line for each wheel, with its digest; the first line says for which Python they are.

    Raises
    ------
    SystemExit
        When something is missing that the program needs.
    """
    found = in_wheels(folder)
    try:
        needed = {NAME, *(one.name for one in components(found, wanted(extras)))}
    except KeyError as error:
        sys.exit(f"{folder}: there is no wheel of {error.args[0]}")
    more = sorted(found.keys() - needed)
    if more:
        sys.exit(f"{folder}: nothing needs {', '.join(more)}")
    lines = [f"# Python {python}"]
    for path in sorted(folder.glob("*.whl"), key=lambda one: name_of(one.name.partition("-")[0])):
        name = name_of(path.name.partition("-")[0])
        lines.append(f"{name}=={found[name].version} --hash=sha256:{sha256_of(path)}")
    return "\n".join([*lines, ""])


def write_notes(folder: Path, python: str, extras: Sequence[str]) -> None:
    """Write all of them."""
    found = in_wheels(folder)
    (folder / "requirements.txt").write_text(requirements(folder, python, extras), encoding="utf-8")
    (folder / "LICENSES.md").write_text(page(components(found, wanted(extras))), encoding="utf-8")
    write(folder / "sbom.cdx.json", of_wheels(folder, extras))
    count = len(list(folder.glob("*.whl")))
    note = _NOTE.format(version=found[NAME].version, python=python, count=count, extras="、".join(extras))
    (folder / "README.md").write_text(note, encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Write the notes of the folder that is named."""
    parser = argparse.ArgumentParser(description="what goes with the wheels of a wheelhouse")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--extras", default=",".join(EXTRAS))
    parser.add_argument("--python-version", default=f"{sys.version_info[0]}.{sys.version_info[1]}")
    given, _ = parser.parse_known_args(arguments)
    write_notes(given.folder, given.python_version, given.extras.split(","))


if __name__ == "__main__":
    main(sys.argv[1:])
