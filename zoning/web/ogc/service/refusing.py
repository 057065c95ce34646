"""Refusals of the OGC services: problem documents that also bear the codes of the standards."""

import json
from typing import Final

from starlette.responses import Response

from zoning.texts import Text
from zoning.web.refusals import Refused

_PROCESSES: Final = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
NO_SUCH_PROCESS: Final = f"{_PROCESSES}no-such-process"
NO_SUCH_JOB: Final = f"{_PROCESSES}no-such-job"
RESULT_NOT_READY: Final = f"{_PROCESSES}result-not-ready"
_CODES: Final = {
    400: "InvalidParameterValue",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    422: "InvalidParameterValue",
}


class OgcRefused(Refused):
    """A refusal whose type is one that a standard names."""

    def __init__(self, status: int, text: Text, kind: str = "about:blank") -> None:
        super().__init__(status, text)
        self.kind = kind


def bad(zh: str, en: str) -> OgcRefused:
    """Return the refusal of a request that cannot be understood."""
    return OgcRefused(400, Text(zh, en))


def missing(zh: str, en: str, kind: str = "about:blank") -> OgcRefused:
    """Return the refusal for what is not there, or may not be known to be there."""
    return OgcRefused(404, Text(zh, en), kind)


def refusal(status: int, text: Text, kind: str = "about:blank") -> Response:
    """Return the problem document."""
    content = {
        "type": kind,
        "title": text.en,
        "status": status,
        "detail": f"{text.zh} / {text.en}",
        "code": _CODES.get(status, "NoApplicableCode"),
        "description": text.en,
        "zh": text.zh,
        "en": text.en,
    }
    return Response(json.dumps(content, ensure_ascii=False), status, media_type="application/problem+json")
