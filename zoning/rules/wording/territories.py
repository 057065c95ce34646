"""Names of the territories that rules name by code: `rules/territories.yaml`. Nothing is decided by them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from zoning.citations import EVERYWHERE
from zoning.strict_models import Content
from zoning.texts import Text, joined
from zoning.yaml_files import read_model


class _File(Content):
    territories: dict[str, Text]


def read_territories(folder: Path) -> Mapping[str, Text]:
    """Return code -> name from a folder of rules; empty without the file: codes then stand for themselves.

    Raises
    ------
    ContentError
        When the file has mistakes.
    """
    path = folder / "territories.yaml"
    return read_model(path, _File).territories if path.is_file() else {}


def territories_text(codes: Iterable[str], names: Mapping[str, Text]) -> Text:
    """Return territories with name and code.

    >>> territories_text(["140522", "1403"], {"140522": Text("阳城县", "Yangcheng County")})
    Text(zh='阳城县（140522）、1403', en='Yangcheng County (140522), 1403')
    """
    listed = [_named(code, names) for code in codes]
    return joined(listed)


def _named(code: str, names: Mapping[str, Text]) -> Text:
    name = names.get(code)
    if name is None:
        return Text(code, code)
    return name if code == EVERYWHERE else Text(f"{name.zh}（{code}）", f"{name.en} ({code})")
