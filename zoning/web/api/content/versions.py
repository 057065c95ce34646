"""Versions as HTTP says them: ETag with what is read, If-Match with what is changed (RFC 9110, 8.8.3 and 13.1.1)."""

import re

from fastapi import Request, Response

from zoning.texts import Text
from zoning.web.refusals import Refused

_SCHEMA = {"type": "string", "pattern": '^"[0-9]{1,9}"$'}
IF_MATCH = {"name": "If-Match", "in": "header", "required": True, "schema": _SCHEMA}
"""The header in the OpenAPI document."""
_TAG = re.compile(r'"([0-9]{1,9})"')


def tag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def tagged(response: Response, version: int) -> None:
    """Say which version an answer tells."""
    response.headers["ETag"] = tag(version)


def wanted_version(request: Request, stands: int) -> int:
    """Return the version that a change rests on.

    Raises
    ------
    Refused
        428 when it is not told, 400 when it is no ETag of ours, 412 when it is no longer the version that stands.
    """
    told = request.headers.get("if-match")
    if told is None:
        raise Refused(
            428,
            Text("须用 If-Match 写明所依据的版本（读取时的 ETag）",
                 "say with If-Match which version the change rests on (the ETag that was read)"),
        )  # fmt: skip
    match = _TAG.fullmatch(told.strip())
    if match is None:
        raise Refused(
            400, Text('If-Match 应为读取时的 ETag，如 "3"', 'If-Match is the ETag that was read, such as "3"')
        )
    version = int(match[1])
    if version != stands:
        text = Text(
            f"已是第 {stands} 版，不是第 {version} 版；请重新读取",
            f"it is at version {stands}, not {version}: read it again",
        )
        raise Refused(412, text, {"ETag": tag(stands)})
    return version
