"""The options of `zoning plan units` and `zoning plan zones`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning.cli.option_groups import takes_options
from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Overwrite, Workspace, t

if TYPE_CHECKING:
    from zoning.cli.plan_units import PlanRequest

_UNITS = t(
    "划定生态环境管控单元：按成员图层和优先次序，无缝无重叠，沿用旧编码",
    "build the management units of a territory from member layers: no gap, no overlap, codes kept",
)
_ZONES = t(
    "划定国土空间规划分区（五类用地区及其子区）",
    "build the land zones of a territory with their sub-zones: no gap, no overlap, codes kept",
)
_EPILOG = t(
    "退出码：0 完成；3 完成，但有成员图层数据缺失（已说明）；2 用法错误；10 内容错误；11 图层不可读。",
    "Exit codes: 0 done; 3 done, but a member layer had no data (it is said); 2 wrong usage; 10 content error; "
    "11 layer unreadable.",
)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What the two commands are told alike; every field is an option."""

    territory: Annotated[
        str,
        typer.Option(
            "--territory",
            "-t",
            metavar="CODE|NAME|all",
            help=t("行政区代码或名称，all 为全部", "code or name of a territory; all: every one"),
        ),
    ]
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="ID", help=t("方案 plans/ID.yaml", "the composition: plans/ID.yaml")),
    ] = None
    on: On = None
    workspace: Workspace = None
    output: Format = OutputFormat.text
    lang: Lang = None
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help=t("写到此文件夹，每个行政区一个子文件夹", "folder to write to, one folder in it per territory"),
        ),
    ] = None
    grid: Annotated[
        str, typer.Option("--grid", metavar="LENGTH", help=t("精度格网，默认 0.000001m", "precision grid (0.000001m)"))
    ] = "0.000001 m"
    minimum: Annotated[
        str | None,
        typer.Option(
            "--minimum",
            metavar="AREA",
            help=t("最小单元面积，默认按方案，0 为不并", "smallest piece; of the scheme; 0: none is joined"),
        ),
    ] = None
    previous: Annotated[
        str | None,
        typer.Option(
            "--previous",
            metavar="EDITION|FILE|none",
            help=t(
                "沿用哪个版本的编码（默认图层的现行版本），none 为重新编码",
                "whose codes are kept (the present edition of the layer); none: number anew",
            ),
        ),
    ] = None
    overwrite: Overwrite = False
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help=t(
                "继续：输入未变的行政区不再计算",
                "continue: territories whose inputs are the same are not computed again",
            ),
        ),
    ] = False

    def request(self, scheme: str) -> "PlanRequest":
        """Return what the builder is told; `scheme` where no other is named."""
        from zoning.cli.plan_units import PlanRequest

        return PlanRequest(
            scheme=self.scheme or scheme,
            territory=self.territory,
            on=self.on,
            workspace=self.workspace,
            out=self.out,
            grid=self.grid,
            minimum=self.minimum,
            previous=self.previous,
            overwrite=self.overwrite,
            resume=self.resume,
        )


def add_units(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="units", help=_UNITS, epilog=_EPILOG)(units)


def add_zones(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="zones", help=_ZONES, epilog=_EPILOG)(zones)


@takes_options(plan=PlanOptions)
def units(plan: PlanOptions) -> None:
    """Build management units."""
    _build(plan, "management-units")


@takes_options(plan=PlanOptions)
def zones(plan: PlanOptions) -> None:
    """Build land zones."""
    _build(plan, "land-zones")


def _build(plan: PlanOptions, scheme: str) -> None:
    from zoning.cli.plan_units import run_plan

    raise typer.Exit(run_plan(SESSION, plan.request(scheme), as_json=plan.output is OutputFormat.json))
