"""How much a boundary file may ask of the machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sane upper ends; a file beyond them is refused with a sentence, never read in part.

    Attributes
    ----------
    file_bytes
        Size of the file itself.
    unpacked_bytes
        Size of everything in an archive together, as unpacked.
    members
        Number of files in an archive.
    ratio
        Unpacked over packed size of an archive, tested from 20 MB on.
    """

    file_bytes: int = 200_000_000
    unpacked_bytes: int = 400_000_000
    members: int = 1_000
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said about the file."""

    width_m: float | None = None
    encoding: str | None = None
    crs: str | None = None
    layer: str | None = None
    limits: Limits = Limits()
