"""`zoning register`: things that an office follows for years, one kind of register like the other."""

import typer

from zoning.cli.mines_dashboard_app import add_dashboard
from zoning.cli.options import t
from zoning.cli.register_commands import add_register_commands
from zoning.cli.register_ledger_app import add_ledger_commands

register_app = typer.Typer(
    help=t(
        "台账：矿山图斑、尾矿库、排污口、污染地块、问题清单（类型见 layers/registers/）",
        "registers: mine parcels, tailings ponds, outlets, plots, problems (kinds in layers/registers/)",
    ),
    no_args_is_help=True,
)

add_register_commands(register_app, None)
add_ledger_commands(register_app, None)
add_dashboard(register_app, None)
