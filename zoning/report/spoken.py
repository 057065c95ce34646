"""Small words that change with a number."""

from zoning.texts import Text


def count_text(count: int) -> Text:
    """Return how many things are wrong.

    >>> count_text(1).en, count_text(2).zh
    ('1 difference', '2 处问题')
    """
    return Text(f"{count} 处问题", f"{count} difference{'' if count == 1 else 's'}")
