"""The options that `zoning serve` and `zoning account` share."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import t

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help=t("服务设置（默认工作空间的 server.yaml）", "settings of the server (server.yaml of the workspace)"),
    ),
]
Register = Annotated[
    str | None,
    typer.Option(
        "--register",
        "-r",
        metavar="FILE|URL",
        help=t(
            "台账文件，或 postgresql:// 地址（默认工作空间的 register.sqlite）",
            "file of the register, or postgresql:// address (register.sqlite of the workspace)",
        ),
    ),
]
Files = Annotated[
    Path | None,
    typer.Option(
        "--files",
        metavar="DIR",
        help=t("存放上传文件的文件夹（默认在台账旁）", "folder of uploads (beside the register)"),
    ),
]
