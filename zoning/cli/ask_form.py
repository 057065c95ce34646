"""The form of `zoning rules ask --form`: a facts file with a question above every empty answer."""

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zoning.rules.facts import Fact, FactSheet, FactValue, Vocabulary
from zoning.texts import Text

_PLAIN_PATH = re.compile(r"[\w./+:@-]+")


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question of a form.

    Attributes
    ----------
    number
        Its place in the order in which the questions are best answered.
    hints
        What the answer may rest on.
    """

    number: int
    rules: tuple[str, ...]
    sites: tuple[str, ...]
    hints: tuple[Text, ...]


def form_text(
    vocabulary: Vocabulary,
    questions: Mapping[str, FormQuestion],
    known: FactSheet,
    sites: Mapping[str, FactSheet],
    *,
    site: str,
    on: date,
    usually: int,
) -> str:
    """Return the form: what is known, then the open questions under the headings of their themes.

    Parameters
    ----------
    known, sites
        The facts that were told, for all footprints and for single ones.
    """
    lines = list(_head(site, on, len(questions), usually))
    if known.values:
        lines += ["", "# ===== 已知 · known"]
        lines += [f"{name}: {plain_answer(value)}" for name, value in known.values.items()]
    for title, facts in vocabulary.themed(questions):
        heading = title or Text("其他", "other")
        lines += ["", f"# ===== {heading.zh} · {heading.en}"]
        for name in facts:
            lines += ["", *_question(name, vocabulary.facts[name], questions[name])]
    if sites:
        lines += ["", "# ===== 单个地块的事实 · facts of single footprints", "sites:"]
        for footprint, sheet in sites.items():
            lines.append(f"  {_quoted(footprint)}:")
            lines += [f"    {name}: {plain_answer(value)}" for name, value in sheet.values.items()]
    return "\n".join(lines) + "\n"


def answer_text(fact: Fact) -> Text:
    """Return in a few words how a fact is answered."""
    if fact.kind == "yes_no":
        return Text("yes 是 / no 否", "yes / no")
    if fact.kind == "number":
        return Text(f"数字（{fact.unit}）", f"a number ({fact.unit})")
    if fact.kind == "code":
        listed = ", ".join(fact.examples)
        return Text(f"代码，如 {listed}", f"a code such as {listed}")
    if fact.kind == "choices":
        return Text("一个或几个词，写成 [a, b]", "one word or several, as [a, b]")
    return Text("一个词", "one word")


def _head(site: str, on: date, most: int, usually: int) -> Iterable[str]:
    yield f"# 项目事实表 · Facts of the project: {site}, {on}"
    yield "# 答案写在冒号后面；空着就是“不知道”，从不当作“否”。"
    yield "# Write the answer after the colon; left empty it is unknown, and unknown never counts as “no”."
    if not most:
        yield "# 没有要补充的事实。 · There is nothing left to ask."
        return
    yield f"# 最多 {most} 个问题，一般约 {usually} 个：按编号先答几个，运行下面第二条命令，不必再答的问题会消失。"
    count = f"{most} question{'s' if most > 1 else ''}"
    yield f"# Up to {count}, usually about {usually}: answer a few in the order of their numbers, then run the"
    yield "# second command: questions that need no answer any more are gone."
    # Ready to be copied, whatever the name of the file.
    quoted = site if _PLAIN_PATH.fullmatch(site) else shlex.quote(site)
    yield f"#   zoning check {quoted} --facts FILE"
    yield f"#   zoning rules ask {quoted} --facts FILE --form FILE"


def _question(name: str, fact: Fact, question: FormQuestion) -> Iterable[str]:
    yield f"# {question.number}. {fact.question.zh}"
    yield f"#    {fact.question.en}"
    how = answer_text(fact)
    yield f"#    {how.zh} · {how.en}"
    for word, text in fact.values.items():
        yield f"#      {word}  {text.zh} · {text.en}"
    for hint in (*((fact.note,) if fact.note else ()), *question.hints):
        yield f"#    * {hint.zh} · {hint.en}"
    if question.sites:
        yield f"#    只涉及地块 · only footprints: {', '.join(question.sites)}"
    yield f"#    {', '.join(question.rules)}"
    yield f"{name}:"


def plain_answer(value: FactValue, joint: str = ", ") -> str:
    """Return a value as it is written in a facts file, or behind `--set` with `joint` a comma."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    words = [_quoted(str(word)) for word in value]
    if len(words) == 1 or joint == ",":
        return joint.join(words)
    return f"[{joint.join(words)}]"


def _quoted(text: str) -> str:
    # What a code or the name of a footprint holds must not be read as YAML.
    return text if text.replace("-", "").isalnum() and text.isascii() else json.dumps(text, ensure_ascii=False)
