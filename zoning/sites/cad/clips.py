"""Blocks of which a drawing shows a part only (XCLIP in the CAD program).

The clip hangs on the INSERT: extension dictionary, ACAD_FILTER, SPATIAL, SPATIAL_FILTER (Autodesk's DXF reference).
Whether it is switched off does not count: what is to be seen is for people to say.
"""

from zoning.sites.cad.tags import Tags, Value

_NAMES = (b"ACAD_FILTER", b"SPATIAL")
_NAME, _OWNER, _MEMBERS = 3, 330, (350, 360)


class Clips:
    """Takes the objects of a drawing one by one, and tells who owns a clip."""

    def __init__(self) -> None:
        self._filters: set[str] = set()
        self._owners: dict[str, set[str]] = {}

    def take(self, tags: Tags) -> None:
        """Take the next object; only clips and the dictionaries on the way to them are kept."""
        own = handle_of(tags.find(5))
        if tags.kind == "SPATIAL_FILTER":
            self._filters.add(own)
        elif tags.kind != "DICTIONARY" or not any(_is_name(tags, index) for index in range(len(tags.codes))):
            return
        for index, (code, value) in enumerate(zip(tags.codes, tags.values, strict=True)):
            if code == _OWNER:
                self._owners.setdefault(own, set()).add(handle_of(value))
            elif code in _MEMBERS and _is_name(tags, index - 1):
                self._owners.setdefault(handle_of(value), set()).add(own)

    def clipped(self) -> frozenset[str]:
        """Return the handles of everything above a clip: the INSERT and its extension dictionary are among them."""
        found: set[str] = set()
        waiting = list(self._filters)
        while waiting:
            for owner in self._owners.get(waiting.pop(), ()):
                if owner not in found:
                    found.add(owner)
                    waiting.append(owner)
        return frozenset(found - {""})


def _is_name(tags: Tags, index: int) -> bool:
    value = tags.values[index] if index >= 0 else b""
    return tags.codes[index] == _NAME and isinstance(value, bytes) and value.strip().upper() in _NAMES


def handle_of(value: Value | None) -> str:
    """Return a handle as it is compared: hexadecimal digits in capitals, empty for none and for 0."""
    return value.strip().decode("latin-1").upper().lstrip("0") if isinstance(value, bytes) else ""
