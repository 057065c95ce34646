"""The page of the facts: every question with its answers, and the words that a group stands for."""

from collections.abc import Iterator

from manual.markdown import page, table, wide
from zoning.rules.facts import Fact, Vocabulary
from zoning.rules.proofreading.table_files import markdown_cell
from zoning.rules.wording.words import unit_text
from zoning.texts import Text

_INTRODUCTION = """\
规则可以询问的全部事实。没有回答的就是“不知道”，绝不当作“否”。命令行写等宽字体的编号，例如 `--set construction=new`。

All facts that rules may ask for. What is not answered is unknown, never “no”. The command line takes the words in
monospace, such as `--set construction=new`. [规则手册 · rule manual](README.md)"""


def facts_page(vocabulary: Vocabulary) -> str:
    """Return the page."""
    blocks = ["# 项目事实 · Facts", _INTRODUCTION]
    titles = (wide("事实 Fact", 30), wide("问题 Question", 66), "答案 Answer")
    for title, facts in vocabulary.themed(vocabulary.facts):
        rows = [_row(name, vocabulary) for name in facts]
        blocks += [f"## {title.zh} · {title.en}" if title else "", table(titles, rows)]
    blocks += ["## 词组 · Groups of words", "规则里写一个词组，等于写它的全部词。 A group stands for all of its words."]
    blocks.append(table(("事实 Fact", "词组 Group", "所含的词 Words"), _groups(vocabulary)))
    return page(*blocks)


def _row(name: str, vocabulary: Vocabulary) -> tuple[str, str, str]:
    fact = vocabulary.facts[name]
    note = f"<br>*{markdown_cell(fact.note.zh)}*<br>*{markdown_cell(fact.note.en)}*" if fact.note else ""
    return (
        f"{_both(fact.title)}<br>`{name}`",
        f"{markdown_cell(fact.question.zh)}<br>{markdown_cell(fact.question.en)}{note}",
        _answer(fact) + _derived(fact, vocabulary),
    )


def _derived(fact: Fact, vocabulary: Vocabulary) -> str:
    """Say what the fact can follow from where it is not told."""
    sources = dict.fromkeys(entry.from_ for entry in fact.derive if entry.from_ is not None and entry.value)
    titles = [vocabulary.facts[name].title for name in sources]
    titles += [Text(f"名录 {entry.list_}", f"list {entry.list_}") for entry in fact.derive if entry.list_ is not None]
    if not titles:
        return ""
    zh, en = "、".join(title.zh for title in titles), ", ".join(title.en for title in titles)
    return f"<br>*可推断，依据：{markdown_cell(zh)}*<br>*can follow from: {markdown_cell(en)}*"


def _answer(fact: Fact) -> str:
    if fact.kind == "yes_no":
        return "是 / 否<br>`yes` / `no`"
    if fact.kind == "number":
        unit = unit_text(fact.unit or "")
        return f"数值（{unit.zh}）<br>number ({unit.en})"
    if fact.kind == "code":
        return f"代码，如 · code such as<br>{', '.join(f'`{code}`' for code in fact.examples)}"
    several = "可多选 · one or several:<br>" if fact.kind == "choices" else ""
    return several + "；".join(f"{markdown_cell(text.zh)} `{word}`" for word, text in fact.values.items())


def _both(text: Text) -> str:
    return f"{markdown_cell(text.zh)}<br>{markdown_cell(text.en)}"


def _groups(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    for fact in vocabulary.facts.values():
        for name, group in fact.groups.items():
            zh = "、".join(fact.values[word].zh for word in group.words)
            en = ", ".join(fact.values[word].en for word in group.words)
            words = f"{markdown_cell(zh)}<br>{markdown_cell(en)}"
            yield _both(fact.title), f"{_both(group.title)}<br>`{name}`", words
