"""Which language the command speaks."""

from collections.abc import Mapping, Sequence

from zoning.texts import Language


def language_of(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """Return the language: `--lang`, then `$ZONING_LANG`, then an English locale, else Chinese.

    >>> language_of(["check", "a.txt", "--lang", "en"], {}), language_of([], {"LANG": "en_GB.UTF-8"})
    ('en', 'en')
    >>> language_of([], {})
    'zh'
    """
    for index, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        if value:
            return "en" if value == "en" else "zh"
    told = environ.get("ZONING_LANG")
    if told:
        return "en" if told == "en" else "zh"
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "zh"
