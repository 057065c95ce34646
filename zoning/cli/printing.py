"""Lines of text at an indent, broken where the terminal ends."""

from zoning.cli.session import WIDTH, Session

INDENT = "  "


def print_line(session: Session, level: int, text: str) -> None:
    """Print a text at an indent of `level` steps; what follows its first line stands one step further in."""
    from zoning.cli.tables import folded

    before = INDENT * level
    lines = folded(text, WIDTH - len(INDENT) - len(before)).split("\n")
    for number, line in enumerate(lines):
        more = INDENT if number else ""
        session.console().print(f"{before}{more}{line}", markup=False, soft_wrap=True)
