"""The commands that bring ledgers in and take them out, for `zoning register` and `zoning mines`."""

import typer

from zoning.cli.register_export_app import add_as_layer, add_export, add_template
from zoning.cli.register_import_app import add_import


def add_ledger_commands(app: typer.Typer, kind: str | None) -> None:
    """Add all of them; `kind` None leaves it to an option."""
    for add in (add_import, add_export, add_template, add_as_layer):
        add(app, kind)
