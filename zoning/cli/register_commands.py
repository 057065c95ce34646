"""The commands of the register machine, for `zoning register` and, with the kind fixed, `zoning mines`."""

import typer

from zoning.cli.register_lists_app import add_audit, add_due, add_history
from zoning.cli.register_parts_app import add_attach, add_payment, add_problem, add_work
from zoning.cli.register_records_app import add_add, add_create, add_kinds, add_list, add_move, add_set, add_show


def add_register_commands(app: typer.Typer, kind: str | None) -> None:
    """Add all of them; `kind` None leaves it to an option."""
    for add in (
        add_create,
        add_kinds,
        add_list,
        add_show,
        add_add,
        add_set,
        add_move,
        add_attach,
        add_problem,
        add_work,
        add_payment,
        add_due,
        add_history,
        add_audit,
    ):
        add(app, kind)
