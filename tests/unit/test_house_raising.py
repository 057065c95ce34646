"""Which errors leave a function, and whether its docstring names them: on modules of a few lines."""

import pytest

from house.measure import Measure
from house.raising import raises_told
from house.sources import Source

ERRORS = Source(
    "zoning/errors.py",
    '''"""Errors."""


class ZoningError(Exception):
    """Base."""


class ContentError(ZoningError):
    """A file says something impossible."""


class SiteError(ContentError):
    """A site cannot be read."""


class LayerError(ZoningError):
    """A layer cannot be read."""


def not_written(error: OSError) -> ContentError:
    """Return the error."""
    return ContentError()


class Where:
    """A place."""

    def error_of(self, text: str) -> SiteError:
        """Return the error."""
        return SiteError(text)
''',
)
SAID = '"""Return x.\n\n    Raises\n    ------\n    {}\n        Always.\n    """'


def measured(code: str) -> tuple[Measure, Measure]:
    told, named = raises_told([ERRORS, Source("zoning/sites.py", f'"""Sites."""\n\n{code}')])
    return told, named


def silent(code: str) -> list[str]:
    """Return the functions that errors leave and that do not say so."""
    return [place.split()[1] for place in measured(code)[0].places]


def one(*steps: str) -> str:
    body = "".join(f"    {step}\n" for step in steps)
    return f'def one(x: int) -> int:\n    """Return x."""\n{body}\n\n'


@pytest.mark.parametrize(
    "steps",
    [
        ["raise SiteError"],
        ["raise SiteError(x) from None"],
        ["raise errors.LayerError(x)"],
        ["raise Where().error_of(x)"],
        ["return _inner(x)"],
        ["if x:", "    return [_inner(y) for y in x]"],
        ["return x or _through(x)"],
        ["raise not_written(x)"],
        ["raise _made(x)"],
        ["return Site.of(x)"],
        ["try:", "    return _inner(x)", "except LayerError:", "    return 1"],
        ["try:", "    return _inner(x)", "except OSError:", "    return 1"],
        ["try:", "    return 1", "finally:", "    _inner(x)"],
        ["try:", "    return 1", "except OSError as error:", "    raise SiteError from error"],
        ["try:", "    return _inner(x)", "except SiteError:", "    raise", "except ZoningError:", "    return 1"],
        ["with suppress(LayerError):", "    _inner(x)"],
        ["def act() -> int:", "    raise SiteError", "return 1 + act()"],
        ["return acted(lambda: _inner(x))"],
    ],
)
def test_what_raises_has_to_say_so(steps: list[str]) -> None:
    assert silent(one(*steps) + MORE) == ["one"]


@pytest.mark.parametrize(
    "steps",
    [
        ["raise ValueError(x)"],
        ["raise other_error(x)"],
        ["return SiteError(x)"],
        ["return _made(x)"],
        ["return Site().other(x)"],
        ["def act() -> int:", "    raise SiteError", "return acted(act)"],
        ["try:", "    return _inner(x)", "except ContentError:", "    return 1"],
        ["try:", "    return _inner(x)", "except (OSError, ZoningError):", "    return 1"],
        ["try:", "    return _inner(x)", "except:", "    return 1"],
        ["try:", "    return _inner(x)", "except LayerError:", "    raise", "except Exception:", "    return 1"],
        ["with suppress(OSError, SiteError):", "    _inner(x)"],
    ],
)
def test_what_raises_nothing_of_ours_has_nothing_to_say(steps: list[str]) -> None:
    assert silent(one(*steps) + MORE) == []


MORE = '''
from zoning.errors import not_written


def _inner(x: int) -> int:
    raise SiteError(x)


def _through(x: int) -> int:
    return _inner(x)


def _made(x: int) -> SiteError:
    return SiteError(x)


class Site:
    """A site."""

    @classmethod
    def of(cls, x: int) -> int:
        """Return x.

        Raises
        ------
        SiteError
            Always.
        """
        raise SiteError(x)

    def other(self, x: int) -> int:
        """Return x."""
        return self._kept(x)

    def _kept(self, x: int) -> int:
        return x


class Layer:
    """A layer."""

    def _kept(self, x: int) -> int:
        raise LayerError(x)
'''


ZONE = '''


class Zone(Layer):
    """A zone."""

    def one(self) -> int:
        """Return x."""
        return self._kept(1)
'''
KEPT = """
    def _kept(self, x: int) -> int:
        return x
"""


def test_methods_are_those_of_their_own_class_or_of_the_one_above() -> None:
    assert silent(MORE + ZONE) == ["Zone.one"]
    assert silent(MORE + ZONE + KEPT) == []


@pytest.mark.parametrize(
    ("said", "unnamed"),
    [
        ("SiteError", []),
        ("ZoningError", []),
        ("LayerError, ContentError", []),
        ("LayerError", ["SiteError"]),
        ("ValueError", ["SiteError"]),
    ],
)
def test_the_section_names_the_class_or_one_above_it(said: str, unnamed: list[str]) -> None:
    code = one("raise SiteError").replace('"""Return x."""', SAID.format(said))
    told, named = measured(code)
    assert (told.kept, told.figure) == (True, "100 % of 1")
    assert [place.split()[2] for place in named.places] == unnamed


def test_what_stands_behind_the_section_names_no_error() -> None:
    docstring = SAID.format("LayerError").removesuffix('    """') + '\n    Notes\n    -----\n    SiteError\n    """'
    _, named = measured(one("raise SiteError").replace('"""Return x."""', docstring))
    assert named.places == ("zoning/sites.py:3 one SiteError",)


def test_commands_and_private_functions_are_left_out() -> None:
    assert silent('@app.command()\ndef one(x: int) -> int:\n    """Help."""\n    raise SiteError\n') == []
    assert silent('def _one(x: int) -> int:\n    """Return x."""\n    raise SiteError\n') == []
