"""JSON of strangers: parsed without surprises (NaN, endless depth, broken characters), or refused."""

import json
from typing import Any, Final, NoReturn

from zoning.texts import Text
from zoning.web.refusals import Refused

DEEPEST: Final = 40
_MOST_VALUES: Final = 5_000_000


def bad_request(zh: str, en: str) -> Refused:
    """Return the refusal of a request that cannot be understood."""
    return Refused(400, Text(zh, en))


def parse_json(data: bytes) -> Any:
    """Return the value of JSON in UTF-8.

    Raises
    ------
    Refused
        400.
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise bad_request("内容不是有效的 JSON（UTF-8）", "the content is no valid JSON in UTF-8") from None
    _walk(value)
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _walk(value: Any) -> None:
    """Refuse what is nested too deep, too much, or holds numbers and characters that cannot be written again."""
    level, depth, count = [value], 0, 0
    while level:
        depth += 1
        count += len(level)
        if depth > DEEPEST or count > _MOST_VALUES:
            raise bad_request("JSON 嵌套过深或内容过多", "the JSON is nested too deep or holds too much")
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below.extend(one.keys())
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
            elif isinstance(one, str):
                _demand_text(one)
            elif isinstance(one, float) and one in (float("inf"), float("-inf")):
                raise bad_request("数值过大", "a number is too large")
        level = below


def _demand_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise bad_request("文字中有无效字符", "a text holds a character that does not exist") from None
    if "\x00" in text:
        raise bad_request("文字中有无效字符", "a text holds a character that does not exist")
