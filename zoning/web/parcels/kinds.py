"""Which registers there are, and who may do what with them."""

from typing import Final

from zoning.errors import UsageError
from zoning.registers.case_rows import KIND as CASES
from zoning.registers.place import Place
from zoning.registers.record import Record
from zoning.registers.register import Register
from zoning.registers.types import RegisterType, Transition
from zoning.web.access import REGISTER_EDITORS, Who, only
from zoning.web.refusals import not_found
from zoning.web.server import Server

EDITORS: Final = only(*REGISTER_EDITORS)
MINES: Final = "mine-parcels"
_RAMP: Final = ("#7a1f6b", "#b23a30", "#c2622a", "#d08a1e", "#b9a32b", "#8db84a", "#5e9e52", "#2e7d4f", "#143f75")


def kinds_of(server: Server) -> dict[str, RegisterType]:
    """Return the kinds of registers of the workspace by id, the mine parcels first, without the cases."""
    names = sorted(server.store.types.keys() - {CASES}, key=lambda one: (one != MINES, one))
    return {name: server.store.types[name] for name in names}


def place_of(server: Server, kind: str) -> Place:
    """Return the register of a kind.

    Raises
    ------
    Refused
        404, for the cases too: they have pages of their own.
    """
    missing = not_found("没有这类台账", "there is no such register")
    if kind == CASES:
        raise missing
    try:
        return Place(server.store.database, server.store.register(kind).type, server.settings.files)
    except UsageError:
        raise missing from None


def record_of(place: Place, record: str) -> Record:
    """Return a record.

    Raises
    ------
    Refused
        404.
    """
    found = Register(place).get(record) if record and "\x00" not in record else None
    if found is None:
        raise not_found(f"没有这条记录（{place.type.item.zh}）", f"there is no such {place.type.item.en}")
    return found


def sees_persons(who: Who) -> bool:
    """Tell whether somebody may read names and telephone numbers, and open documents and photos as they came."""
    return who.has(*REGISTER_EDITORS)


def colours_of(kind: RegisterType) -> dict[str, str]:
    """Return the colour of each state: from what is not begun to what is closed."""
    states = list(kind.workflow.states)
    last = max(1, len(states) - 1)
    return {state: _RAMP[round(number * (len(_RAMP) - 1) / last)] for number, state in enumerate(states)}


def steps_of(kind: RegisterType, state: str, who: Who) -> list[Transition]:
    """Return the steps of the workflow that somebody may take from a state."""
    return [
        step
        for step in kind.workflow.transitions
        if step.source == state and (not step.roles or not who.roles.isdisjoint(step.roles))
    ]
