"""Words for what the log says of a record: fields, states, lists of parts."""

from collections.abc import Sequence

from zoning.registers.entries import Event
from zoning.registers.types import RegisterType
from zoning.texts import Text, joined


def field_words(event: Event, kind: RegisterType, place: Text, *, persons: bool) -> list[Text]:
    """Return what became of the fields, and `place` where the geometry changed.

    Parameters
    ----------
    persons
        Whether values of personal fields may be read; else only their titles are told.
    """
    texts = []
    for name, (_, after) in event.fields.items():
        spec = kind.fields.get(name)
        if spec is None:
            continue
        if spec.personal and not persons:
            texts.append(spec.title)
            continue
        told = spec.codes[after].title if isinstance(after, str) and after in spec.codes else None
        plain = "、".join(map(str, after)) if isinstance(after, list) else str(after if after is not None else "—")
        value = told or Text(plain, plain)
        texts.append(Text(f"{spec.title.zh}“{value.zh}”", f"{spec.title.en} '{value.en}'"))
    if event.geometry is not None:
        texts.append(place)
    return texts


def state_word(kind: RegisterType, state: str) -> Text:
    """Return the title of a state; the state itself where the kind no longer has it."""
    known = kind.workflow.states.get(state)
    return known.title if known is not None else Text(state, state)


def with_parts(verb: Text, parts: Sequence[Text]) -> Text:
    """Return `verb: part, part`."""
    if not parts:
        return verb
    named = joined(parts)
    return Text(f"{verb.zh}：{named.zh}", f"{verb.en}: {named.en}")
