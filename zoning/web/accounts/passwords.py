"""Passwords: kept as argon2id hashes, never as they are."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from zoning.errors import UsageError

SHORTEST = 10


@cache
def _hasher() -> PasswordHasher:
    # RFC 9106, second recommended option: 64 MiB, three passes; one lane, because sign-ins must not take all cores.
    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")


def hashed(password: str) -> str:
    """Return the hash of a password.

    Raises
    ------
    UsageError
        When it is shorter than `SHORTEST` characters, or one character again and again.
    """
    if len(password) < SHORTEST or len(set(password)) < 4:  # noqa: PLR2004 - aaaaaaaaaa
        raise UsageError(
            f"密码至少 {SHORTEST} 个字符，且不能是重复的同一字符",
            f"a password has at least {SHORTEST} characters, and not the same one again and again",
        )
    return _hasher().hash(password)


def fits(kept: str, password: str) -> bool:
    """Tell whether a password is the one of a hash; takes as long when there is no hash."""
    try:
        _hasher().verify(kept or _nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return bool(kept)
