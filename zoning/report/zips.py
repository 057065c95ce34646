"""Packed files (docx, xlsx) with the same bytes for the same content: their parts bear no clock."""

import io
import re
import zipfile
from datetime import date

_CREATED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_CORE = "docProps/core.xml"
_FIRST = "[Content_Types].xml"
_EARLIEST = 1980


def with_fixed_dates(content: bytes, day: str) -> bytes:
    """Return a packed file whose parts all bear one day (ISO 8601), in a fixed order."""
    made = date.fromisoformat(day)
    moment = (max(made.year, _EARLIEST), made.month, made.day, 0, 0, 0)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST, name)):
            data = source.read(name)
            if name == _CORE:
                data = _CREATED.sub(rb"\g<1>" + f"{day}T00:00:00Z".encode() + rb"\g<3>", data)
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, data)
    return packed.getvalue()
