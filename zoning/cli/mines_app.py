"""`zoning mines`: the desk of those who restore abandoned mines."""

import typer

from zoning.cli.mines_dashboard_app import add_dashboard, add_desk_plan, add_parcel_report
from zoning.cli.mines_mode_app import add_mode
from zoning.cli.mines_priority_app import add_priority
from zoning.cli.mines_recovery_app import add_recovery
from zoning.cli.mines_volumes_app import add_volumes
from zoning.cli.mines_watch_app import add_watch
from zoning.cli.mines_works_app import add_works
from zoning.cli.options import t
from zoning.cli.register_commands import add_register_commands
from zoning.cli.register_ledger_app import add_ledger_commands
from zoning.cli.register_options import DEFAULT_KIND

mines_app = typer.Typer(
    help=t(
        "矿山修复工作台：台账、修复方向、优先顺序、恢复监测、工程量",
        "mine-restoration desk: register, restoration mode, priority, recovery, works",
    ),
    no_args_is_help=True,
)

add_register_commands(mines_app, DEFAULT_KIND)
add_ledger_commands(mines_app, DEFAULT_KIND)
add_priority(mines_app)
add_volumes(mines_app)
add_works(mines_app)
add_mode(mines_app)
add_recovery(mines_app)
add_watch(mines_app)
add_dashboard(mines_app, DEFAULT_KIND)
add_parcel_report(mines_app, DEFAULT_KIND)
add_desk_plan(mines_app, DEFAULT_KIND)
