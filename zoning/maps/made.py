"""Who made a map or a report, on which day, with which program: told by the caller, for only it knows the clock."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """What a sheet says of its own making.

    Attributes
    ----------
    on
        The date that is printed, ISO 8601. Also the only date inside the file: two runs give the same bytes.
    version
        Of the program.
    maker
        Office or person; may be empty, then the sheet leaves a line for it.
    """

    on: str
    version: str
    maker: str = ""
