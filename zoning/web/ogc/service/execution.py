"""What an execution request says, read strictly. OGC API - Processes Part 1 (18-062r2), sections 7.11 and 7.12."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from zoning.web.api.content.handed_in import KEYS, HandedIn, handed_in
from zoning.web.api.content.strict_json import parse_json
from zoning.web.ogc.service.refusing import bad
from zoning.web.ogc.service.site_check import OUTPUT

_KEYS: Final = ("inputs", "outputs", "response", "mode")
_QUALIFIED: Final = {"value", "mediaType", "encoding", "schema"}


@dataclass(frozen=True, slots=True)
class Execution:
    """What is to be done.

    Attributes
    ----------
    is_document
        Whether the outputs are wanted by name, in one document.
    """

    told: HandedIn
    is_document: bool
    is_async: bool


def execution(data: bytes, prefer: str) -> Execution:
    """Return what a request asks for.

    Parameters
    ----------
    prefer
        Header of that name.

    Raises
    ------
    Refused
        400. Callbacks (`subscriber`) and inputs by reference (`href`) are refused: the server would call addresses
        that strangers name.
    """
    body = parse_json(data)
    if not isinstance(body, dict):
        raise bad("内容应为 JSON 对象", "the content has to be a JSON object")
    if "subscriber" in body:
        raise bad("不支持 subscriber（回调）", "subscriber (callbacks) is not supported")
    for key in body:
        if key not in _KEYS:
            listed = ", ".join(_KEYS)
            raise bad(f"没有“{key[:40]}”；可用：{listed}", f"there is no '{key[:40]}'; allowed: {listed}")
    inputs = body.get("inputs", {})
    if not isinstance(inputs, dict):
        raise bad("inputs 应为对象", "inputs has to be an object")
    _check_outputs(body.get("outputs"))
    response = body.get("response", "raw")
    if response not in ("raw", "document"):
        raise bad("response 应为 raw 或 document", "response is raw or document")
    mode = body.get("mode", "auto")
    if mode not in ("auto", "sync", "async"):
        raise bad("mode 应为 auto、sync 或 async", "mode is auto, sync or async")
    wants_async = "respond-async" in [part.strip().lower() for part in prefer.split(",")]
    told = handed_in({key: _value(key, value) for key, value in inputs.items()})
    return Execution(told, response == "document", mode == "async" or (mode == "auto" and wants_async))


def _value(key: str, value: Any) -> Any:
    """Return the value of an input, which may be told as it is or with what it is."""
    if isinstance(value, list) and len(value) == 1 and key in KEYS:
        value = value[0]
    if isinstance(value, dict):
        if "href" in value:
            raise bad(f"{key[:40]}：不支持按地址取数", f"{key[:40]}: inputs by reference are not supported")
        if "value" in value and set(value) <= _QUALIFIED:
            return value["value"]
    return value


def _check_outputs(value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or not set(value) <= {OUTPUT}:
        raise bad(f"outputs：只有 {OUTPUT}", f"outputs: there is only {OUTPUT}")
    wanted: Mapping[str, Any] = value.get(OUTPUT) or {}
    if not isinstance(wanted, dict) or wanted.get("transmissionMode", "value") != "value":
        raise bad("transmissionMode 只能为 value", "transmissionMode can only be value")
