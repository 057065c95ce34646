"""The page of the rule language, written from the same files that the tests run."""

from collections.abc import Iterator, Mapping
from textwrap import dedent

from manual.markdown import page, table
from rule_language import FOLDER, SpecCase, SpecWord, rulebook_of, run
from zoning.rules.cases import Case
from zoning.rules.proofreading.table_files import markdown_cell
from zoning.rules.rulebook import Rulebook
from zoning.rules.wording.card import describe, rule_text
from zoning.rules.wording.cases import found_text, known_text
from zoning.rules.wording.words import DECISIONS, OUTCOMES
from zoning.texts import Text
from zoning.workspace import Workspace

_INTRODUCTION = """\
规则文件里可以写的词，逐个说明。例子由测试实际运行：程序对每个情形的回答就是表中写的。写规则的步骤见
[rules/README.md](../rules/README.md)，全部内置规则见[规则手册](rules/README.md)。

The words of a rule file, one by one. The tests run all examples: what the table says is what the program answers.
How to write a rule: [rules/README.md](../rules/README.md); all built-in rules: [rule manual](rules/README.md)."""


def language_page(words: Mapping[str, SpecWord], workspace: Workspace) -> str:
    """Return the page: every word explained, with rules and worked cases."""
    contents = [f"- [{word.title.zh} · {word.title.en}](#{_anchor(word)})" for word in words.values()]
    blocks = ["# 规则语言 · The rule language", _INTRODUCTION, "\n".join(contents)]
    for name, word in words.items():
        blocks += _section(name, word, workspace)
    return page(*blocks)


def _anchor(word: SpecWord) -> str:
    return f"word-{word.word.replace(' ', '-')}"


def _section(name: str, word: SpecWord, workspace: Workspace) -> Iterator[str]:
    rulebook = rulebook_of(word, workspace)
    yield f'## <a id="{_anchor(word)}"></a>{word.title.zh} · {word.title.en}'
    yield word.text.zh.strip()
    yield word.text.en.strip()
    yield f"```yaml\n{_as_written(name)}\n```"
    yield "\n".join(_read_aloud(rulebook, workspace))
    titles = ("例子 Case", "情形 Given", "结果 Comes out")
    yield table(titles, [_case(case, rulebook, workspace) for case in word.cases])


def _as_written(name: str) -> str:
    """Return the rules of a word as its file holds them."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    rules = text.split("\nrules:\n")[1].split("\ncases:\n")[0]
    return dedent(rules).strip("\n")


def _read_aloud(rulebook: Rulebook, workspace: Workspace) -> Iterator[str]:
    for rule in rulebook.rules:
        said = rule_text(describe(rule, rulebook, workspace.catalogue, {}))
        yield f"- {rule.id}：{markdown_cell(said.zh)}  \n  *{markdown_cell(said.en)}*"


def _case(case: SpecCase, rulebook: Rulebook, workspace: Workspace) -> tuple[str, str, str]:
    told = case.model_dump(include={"on", "territory", "site_area", "layers", "editions", "facts"})
    plain = Case.model_validate({**told, "name": case.name.en, "expect": "applies"})
    given = []
    if case.layers:
        given.append(found_text(plain, workspace.catalogue))
    if case.facts:
        given.append(known_text(plain, rulebook.vocabulary))
    result = run(case, rulebook, workspace.catalogue)
    came = [(name, OUTCOMES[finding.outcome]) for name, finding in result.findings.items()]
    missing = [(name, OUTCOMES["not in force"]) for name in case.expect if name not in result.findings]
    decision = DECISIONS[result.decision]
    return (
        _both(case.name),
        "<br>".join(_both(text) for text in given) or _both(Text("什么都不知道", "nothing is known")),
        "<br>".join(
            [
                *(f"{name}：{outcome.zh} · {outcome.en}" for name, outcome in [*came, *missing]),
                f"**{decision.zh} · {decision.en}**",
            ]
        ),
    )


def _both(text: Text) -> str:
    return f"{markdown_cell(text.zh)}<br>{markdown_cell(text.en)}"
