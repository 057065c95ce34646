"""`zoning mines`: the desk of those who restore abandoned mines."""

import typer

from zoning.cli.options import t

mines_app = typer.Typer(
    help=t(
        "矿山修复工作台：台账、修复方向、优先顺序、恢复监测、工程量",
        "mine-restoration desk: register, restoration mode, priority, recovery, works",
    ),
    no_args_is_help=True,
)
