"""`zoning register`: things that an office follows for years, one kind of register like the other."""

import typer

from zoning.cli.options import t

register_app = typer.Typer(
    help=t(
        "台账：矿山图斑、尾矿库、排污口、污染地块、问题清单（类型见 layers/registers/）",
        "registers: mine parcels, tailings ponds, outlets, plots, problems (kinds in layers/registers/)",
    ),
    no_args_is_help=True,
)
