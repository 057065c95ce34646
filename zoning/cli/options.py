"""The options that several commands share, declared once; their help speaks the language of this run."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.language import language_of
from zoning.cli.session import Session

LANGUAGE = language_of(sys.argv[1:], os.environ)
SESSION = Session(LANGUAGE)
"""This run of the command."""


def t(zh: str, en: str) -> str:
    """Return the help text in the language of this run."""
    return zh if LANGUAGE == "zh" else en


class OutputFormat(StrEnum):
    """How a result is printed."""

    text = "text"
    json = "json"


class SpokenLanguage(StrEnum):
    """The language of everything that is printed."""

    zh = "zh"
    en = "en"


Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        help=t("工作空间文件夹（含 zoning.yaml）", "folder of the workspace (with zoning.yaml)"),
    ),
]
Format = Annotated[OutputFormat, typer.Option("--format", help=t("输出格式", "how to print the result"))]
Lang = Annotated[SpokenLanguage | None, typer.Option("--lang", help=t("语言：zh 或 en", "language: zh or en"))]
Overwrite = Annotated[bool, typer.Option("--overwrite", help=t("覆盖已有的文件", "write over files that exist"))]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DATE",
        help=t("按哪一天的规则和图层版本检查（默认今天）", "day whose rules and editions hold (today)"),
    ),
]
Facts = Annotated[
    Path | None,
    typer.Option(
        "--facts", "-f", metavar="FILE", help=t("项目事实文件（YAML）", "file with the project's facts (YAML)")
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="FACT=VALUE", help=t("单项事实，可重复", "one fact; may be repeated")),
]
Encoding = Annotated[str | None, typer.Option("--encoding", help=t("文字编码，如 GBK", "text encoding, e.g. GBK"))]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help=t("写到此文件夹", "folder to write to"))]
SiteFile = Annotated[Path, typer.Argument(metavar="SITE", help=t("边界文件", "boundary file"))]
