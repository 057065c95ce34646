"""Several layers in one file, several files in one folder or archive: the user says which."""

from collections.abc import Sequence

from zoning.sites.refusals import NO_FEATURES
from zoning.sites.where import Where
from zoning.texts import Text

_MOST_LISTED = 20


def choose(filled: Sequence[str], stated: str | None, where: Where, *, others: Sequence[str] = ()) -> str:
    """Return the one layer that holds shapes, or the one stated.

    Parameters
    ----------
    filled
        Names of the layers with shapes.
    others
        Names of layers that can be stated but hold nothing.

    Raises
    ------
    SiteError
        When none or several could be meant.
    """
    if stated is not None:
        if stated in filled or stated in others:
            return stated
        raise no_such_layer(stated, [*filled, *others], where)
    if not filled:
        raise where.error_of(NO_FEATURES)
    if len(filled) > 1:
        names = listed(filled)
        raise where.error(
            f"有 {len(filled)} 个图层；请用 --layer 指定一个：{names.zh}",
            f"it holds {len(filled)} layers; choose one with --layer: {names.en}",
        )
    return filled[0]


def no_such_layer(stated: str, names: Sequence[str], where: Where) -> Exception:
    """Return the error about a layer that is not there."""
    there = listed(names)
    return where.error(f"没有图层 {stated}；可选：{there.zh}", f"there is no layer {stated}; there are: {there.en}")


def listed(names: Sequence[str]) -> Text:
    """Return the names in one line, the first twenty of many.

    >>> listed(["东区", "西区"]).en
    '东区, 西区'
    """
    shown, rest = names[:_MOST_LISTED], len(names) - _MOST_LISTED
    zh, en = "、".join(shown), ", ".join(shown)
    return Text(f"{zh} 等 {len(names)} 个", f"{en} and {rest} more") if rest > 0 else Text(zh, en)
