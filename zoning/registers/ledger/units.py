"""Units that ledgers write behind numbers and in headers, and how they become those of the type."""

import unicodedata

_FAMILIES: tuple[dict[str, float], ...] = (
    {"m²": 1.0, "m2": 1.0, "㎡": 1.0, "平方米": 1.0, "sqm": 1.0,
     "亩": 10_000 / 15, "mu": 10_000 / 15, "万亩": 100_000_000 / 15,
     "ha": 10_000.0, "hm2": 10_000.0, "公顷": 10_000.0,
     "km²": 1_000_000.0, "km2": 1_000_000.0, "平方公里": 1_000_000.0, "平方千米": 1_000_000.0},
    {"m": 1.0, "米": 1.0, "km": 1_000.0, "公里": 1_000.0, "千米": 1_000.0},
    {"m³": 1.0, "m3": 1.0, "立方米": 1.0, "方": 1.0,
     "万m³": 10_000.0, "万m3": 10_000.0, "万立方米": 10_000.0, "万方": 10_000.0},
    {"元": 1.0, "万元": 10_000.0, "亿元": 100_000_000.0},
    {"t": 1.0, "吨": 1.0, "万吨": 10_000.0, "万t": 10_000.0},
    {"°": 1.0, "度": 1.0},
    {"%": 1.0},
    {"年": 1.0},
    {"个": 1.0, "眼": 1.0, "口": 1.0},
)  # fmt: skip


def _same(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).strip().lower()


_BY_UNIT = {_same(unit): (number, size) for number, family in enumerate(_FAMILIES) for unit, size in family.items()}


def is_unit(text: str) -> bool:
    """Tell whether a text is a unit that ledgers write.

    >>> is_unit("㎡"), is_unit("必填")
    (True, False)
    """
    return _same(text) in _BY_UNIT


def factor(written: str, wanted: str) -> float | None:
    """Return by what a number in the unit `written` is multiplied to be in `wanted`; None when they do not go together.

    >>> factor("公顷", "m²"), factor("亩", "万元"), factor("", "m²")
    (10000.0, None, 1.0)
    """
    if not written or _same(written) == _same(wanted):
        return 1.0
    source, target = _BY_UNIT.get(_same(written)), _BY_UNIT.get(_same(wanted))
    # Years and pieces stand behind numbers whose field has no unit: they say nothing more.
    if not wanted and source is not None and source[1] == 1.0:
        return 1.0
    if source is None or target is None or source[0] != target[0]:
        return None
    return source[1] / target[1]
