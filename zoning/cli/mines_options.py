"""What the analyses of the mine desk are told alike: which parcels, which elevation model, where the results go."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.option_groups import takes_options
from zoning.cli.options import Format, Lang, On, OutputFormat, Workspace, t

if TYPE_CHECKING:
    from zoning.cli.mines_parcels import ParcelsRequest
    from zoning.cli.mines_priority_desk import DeskRequest

ParcelsFile = Annotated[
    Path | None,
    typer.Option(
        "--parcels",
        "-p",
        metavar="FILE",
        help=t("图斑边界文件（默认：台账）", "boundary file of the parcels (default: the register)"),
    ),
]
RegisterPlace = Annotated[
    str | None,
    typer.Option("--register", "-r", metavar="FILE|URL", help=t("台账文件或数据库地址", "file or URL of the register")),
]
Design = Annotated[
    str,
    typer.Option(
        "--design",
        metavar="rim|LEVEL|FILE",
        help=t(
            "设计面：rim 为坑沿拟合平面，数字为设计标高（米），或另一个高程模型",
            "design surface: rim (plane fitted to the rim), a level in metres, or another elevation model",
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Where the results go, on which day, in which workspace, how they are printed."""

    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help=t("写到此文件夹", "folder to write to"))
    ] = None
    on: On = None
    workspace: Workspace = None
    output: Format = OutputFormat.text
    lang: Lang = None
    """Read before the help is built."""

    @property
    def as_json(self) -> bool:
        """Whether the result is printed as JSON."""
        return self.output is OutputFormat.json


@dataclass(frozen=True, slots=True)
class ParcelOptions:
    """Which parcels: a file, or the register, of one territory."""

    parcels: ParcelsFile = None
    territory: Annotated[
        str | None,
        typer.Option(
            "--territory", "-t", metavar="CODE", help=t("台账中只取此辖区", "of the register, only this territory")
        ),
    ] = None
    register: RegisterPlace = None

    def which(self, intake: Intake) -> "ParcelsRequest":
        """Return which parcels are meant."""
        from zoning.cli.mines_parcels import ParcelsRequest

        return ParcelsRequest(self.parcels, self.territory, intake, self.register)


@dataclass(frozen=True, slots=True)
class DeskOptions(ParcelOptions):
    """The parcels and the elevation model of their land."""

    dem: Annotated[
        Path | None,
        typer.Option("--dem", metavar="FILE", help=t("高程模型（GeoTIFF，带坐标系）", "elevation model (GeoTIFF)")),
    ] = None

    def request(self, intake: Intake, run: RunOptions) -> "DeskRequest":
        """Return what priority, volumes and works are told."""
        from zoning.cli.mines_priority_desk import DeskRequest

        return DeskRequest(self.which(intake), self.dem, run.out, run.on, run.workspace)


OPTIONS = takes_options(desk=DeskOptions, run=RunOptions, intake=Intake)
"""Gives them to a command, as its parameters `desk`, `run` and `intake`."""
