"""Forms of cases: fields by their kind, facts by the vocabulary."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from zoning.errors import ContentError, UsageError
from zoning.registers.record import Value
from zoning.registers.types import FieldSpec, RegisterType
from zoning.rules.facts import Fact, Vocabulary
from zoning.texts import Text

MOST_FILES = 20


async def form_of(request: Request) -> FormData:
    """Return the form of a request; for `Depends`."""
    return await request.form(max_files=64, max_fields=2000)


def text_of(form: FormData, name: str, most: int = 20_000) -> str:
    """Return a text of a form.

    Raises
    ------
    UsageError
        When it is longer than anything that is meant.
    """
    value = form.get(name, "")
    told = value if isinstance(value, str) else ""
    if len(told) > most:
        raise UsageError(f"“{name}”过长（最多 {most} 字）", f"'{name}' is too long ({most} characters at most)")
    return told.replace("\r\n", "\n")


def number_of(form: FormData, name: str) -> int:
    """Return a whole number of a form; -1 where there is none.

    Raises
    ------
    UsageError
        When what was sent is longer than any number that is meant.
    """
    told = text_of(form, name, 20)
    return int(told) if told.isascii() and told.isdecimal() else -1


def files_of(form: FormData, name: str) -> list[UploadFile]:
    """Return the files of a form that were chosen.

    Raises
    ------
    UsageError
        When there are more than 20.
    """
    found = [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]
    if len(found) > MOST_FILES:
        raise UsageError(f"一次最多 {MOST_FILES} 个文件", f"{MOST_FILES} files at most at a time")
    return found


def told_fields(form: FormData, kind: RegisterType) -> dict[str, str]:
    """Return the fields as they were typed.

    Raises
    ------
    UsageError
        When one is longer than anything that is meant.
    """
    return {
        name: text_of(form, f"f-{name}").strip()
        for name in kind.fields
        if name != kind.id_field and f"f-{name}" in form
    }


def values_of(told: Mapping[str, str], kind: RegisterType) -> dict[str, Value]:
    """Return the values of what was typed.

    Raises
    ------
    ContentError
        Naming the fields that cannot hold it.
    """
    values: dict[str, Value] = {}
    wrong: list[Text] = []
    for name, text in told.items():
        spec = kind.fields[name]
        try:
            values[name] = _value(spec, text)
        except ValueError:
            wrong.append(Text(f"{spec.title.zh}：“{text[:40]}”不对", f"{spec.title.en}: '{text[:40]}' is not possible"))
    if wrong:
        raise ContentError("；".join(one.zh for one in wrong), "; ".join(one.en for one in wrong))
    return values


def _value(spec: FieldSpec, text: str) -> Value:
    if not text:
        return None
    readers: dict[str, Any] = {"date": date.fromisoformat, "number": float, "integer": int, "flag": _flag}
    if spec.kind == "codes":
        return tuple(text.split(","))
    value: Value = readers.get(spec.kind, str)(text)
    return value


def _flag(text: str) -> bool:
    return {"yes": True, "no": False}[text] if text in ("yes", "no") else bool(int(text))


def typed(values: Mapping[str, Value]) -> dict[str, str]:
    """Return values as a form shows them."""
    return {name: _typed(value) for name, value in values.items()}


def _typed(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def facts_of(form: FormData, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the facts of a form; what was left open is left out."""
    facts: dict[str, Any] = {}
    for name, fact in vocabulary.facts.items():
        told = [str(one).strip() for one in form.getlist(f"fact-{name}") if isinstance(one, str) and one.strip()]
        if told:
            facts[name] = told if fact.kind == "choices" else told[0]
    return facts


def asked_facts(
    vocabulary: Vocabulary, told: Mapping[str, Any], missing: Iterable[str]
) -> list[tuple[str, Fact, list[str]]]:
    """Return the facts that a form shows with what is told of them: first those that are missing, then those told."""
    names = [name for name in dict.fromkeys((*missing, *told)) if name in vocabulary.facts]
    return [(name, vocabulary.facts[name], told_words(told.get(name))) for name in names]


def told_words(value: object) -> list[str]:
    """Return what is told of a fact as the words of a form."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [str(value)]
