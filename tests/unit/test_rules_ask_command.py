"""`zoning rules ask`: the questions as text, JSON and form, and asked one after the other."""

import io
import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import tiny_workspace
from zoning.cli.ask import ask_rules
from zoning.cli.ask_form import FormQuestion, form_text
from zoning.cli.check import CheckRequest, run_check
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.rules.facts import Fact, FactSheet, Vocabulary, parse_facts, read_facts_file
from zoning.texts import Text

FREE = (112.33, 35.43, 112.331, 35.431)
LEVEL_1 = (112.404, 35.504, 112.405, 35.505)
LEVEL_2 = (112.392, 35.492, 112.393, 35.493)
ON = "2026-06-01"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Level 1 prohibits new building, unless it is for water supply: then it restricts it; level 2 restricts it."""
    folder = tiny_workspace.build(tmp_path / "w")
    path = folder / "rules" / "plan" / "R042.yaml"
    proviso = "provisos: [{when: {supply: yes}, effect: restrict}]\n"
    path.write_text(path.read_text(encoding="utf-8") + proviso, encoding="utf-8")
    return folder


@dataclass
class Asked:
    code: int
    out: str
    err: str


@pytest.fixture
def ask(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(*sites: tuple[float, float, float, float], said: str | None = None, **options: Any) -> Asked:
        path = tmp_path / "site.geojson"
        tiny_workspace.site_file(path, sites[0])
        if len(sites) > 1:
            document = json.loads(path.read_text(encoding="utf-8"))
            for number, box in enumerate(sites[1:], start=2):
                properties = {"id": str(number), "name": f"地块{number}"}
                feature = {"type": "Feature", "properties": properties, "geometry": tiny_workspace.polygon(box)}
                document["features"].append(feature)
            path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", io.StringIO(said or ""))
        request = CheckRequest(path, options.get("facts"), options.get("sets", ()), ON, root)
        session = Session(options.get("lang", "en"))
        code = ask_rules(
            session, request, options.get("form"), answer=said is not None, as_json=options.get("as_json", False)
        )
        done = capsys.readouterr()
        return Asked(code, done.out, done.err)

    return run


def test_nothing_to_ask(ask: Any) -> None:
    assert ask(FREE) == Asked(0, "✓ permitted   地块一: it depends on no other fact\n", "")
    told = ask(LEVEL_1, sets=("construction=none",), lang="zh")
    assert told.out == "✓ 判定通过   地块一：结论不再取决于其他事实\n"


def test_prints_the_questions_those_first_that_settle_most(ask: Any) -> None:
    assert ask(LEVEL_1).out == (
        "? undetermined   地块一: 2 questions open\n"
        "\n"
        "Up to 2 questions, usually about 2; begin with the first, most are needless after it:\n"
        "1. is it new?\n"
        "    --set construction=new|none\n"
        "    [R042, R048]\n"
        "2. for water supply?\n"
        "    --set supply=yes|no\n"
        "    [R042]\n"
    )
    assert ask(LEVEL_1, sets=("construction=new",), lang="zh").out == (
        "? 待补充信息   地块一：还有 1 个问题\n\n还有一个问题：\n1. 供水吗？\n    --set supply=yes|no\n    [R042]\n"
    )


def test_several_footprints_get_the_union_of_their_questions(ask: Any) -> None:
    told = ask(FREE, LEVEL_1, LEVEL_2)
    assert told.out.startswith(
        "✓ permitted   地块一: it depends on no other fact\n"
        "? undetermined   地块2: 2 questions open\n"
        "? undetermined   地块3: 1 question open\n"
    )
    assert "1. is it new?\n    --set construction=new|none\n    only footprints: 地块2, 地块3\n" in told.out
    assert "2. for water supply?\n    --set supply=yes|no\n    only footprints: 地块2\n" in told.out


def test_as_json(ask: Any) -> None:
    told = json.loads(ask(FREE, LEVEL_1, as_json=True).out)
    assert (told["on"], told["at_most"], told["usually"]) == (ON, 2, 2)
    assert told["questions"][0] == {
        "fact": "construction",
        "kind": "choice",
        "question": {"zh": "新建吗？", "en": "is it new?"},
        "values": {"new": {"zh": "新建", "en": "new"}, "none": {"zh": "无", "en": "none"}},
        "unit": None,
        "pattern": None,
        "hints": [],
        "rules": ["R042", "R048"],
        "sites": ["2"],
    }
    assert told["sites"][0]["questions"] == []
    assert told["sites"][1] == {
        "id": "2",
        "name": "地块2",
        "decision": "undetermined",
        "questions": ["construction", "supply"],
        "derived": [],
        "missing_layers": [],
        "blocked": [],
        "warnings": [],
    }


def test_a_layer_without_data_is_named_and_no_question_asked_for_it(ask: Any, root: Path) -> None:
    (root / "layers" / "data" / "water.geojson").unlink()
    assert ask(FREE).out == (
        "? undetermined   地块一: no fact can change this\n"
        "  layers without (exact) data, no answer replaces them: water\n"
    )


def test_a_procedure_that_blocks_is_named(ask: Any, root: Path) -> None:
    path = root / "rules" / "plan" / "R042.yaml"
    text = path.read_text(encoding="utf-8") + "curable: {zh: 先调查, en: survey first}\n"
    path.write_text(text, encoding="utf-8")
    assert ask(LEVEL_1, sets=("construction=new", "supply=no")).out == (
        "? undetermined   地块一: no fact can change this\n"
        "  a procedure comes first, no answer replaces it: no building in level 1 (R042)\n"
    )


@pytest.mark.parametrize(
    ("said", "code", "word", "asked"),
    [
        ("new\nno\n", 1, "× prohibited", 2),
        ("1\nyes\n", 1, "! restricted", 2),
        ("none\n", 0, "✓ permitted", 1),
        ("2\n", 0, "✓ permitted", 1),
        ("无\n", 0, "✓ permitted", 1),
        ("supply=yes\nnew\n", 1, "! restricted", 2),
        ("\n\n", 3, "? undetermined", 2),
        ("q\n", 3, "? undetermined", 1),
        ("new\n", 3, "? undetermined", 2),
        ("", 3, "? undetermined", 1),
    ],
)
def test_asks_one_after_the_other_and_stops_when_it_is_settled(
    ask: Any, said: str, code: int, word: str, asked: int
) -> None:
    told = ask(LEVEL_1, said=said)
    assert (told.code, told.out.splitlines()[0].partition("   ")[0]) == (code, word)
    assert told.err.count("(empty = unknown, q = stop)") == asked


def test_what_cannot_be_read_is_asked_again(ask: Any) -> None:
    told = ask(LEVEL_1, said="nwe\n3\nnone\n", lang="zh")
    assert told.code == 0
    assert told.err == (
        "还有最多 2 问，一般约 2 问（空行 = 不知道，q = 停止）\n"
        "新建吗？\n"
        "  1. 新建（new）\n"
        "  2. 无（none）\n"
        "  写序号或词，多个用逗号\n"
        "> 回答：construction 的值“nwe”不可用；可用：new, none；是否想写“new”？\n"
        "> 回答：construction 的值“3”不可用；可用：new, none\n"
        "> 下次可直接写：--set construction=none\n"
    )


@pytest.mark.parametrize(
    ("said", "code", "word"),
    [
        ("new\nY\n", 1, "! restricted"),
        ("new\nn\n", 1, "× prohibited"),
        ("new\n不知道\n", 3, "? undetermined"),
        ("?\nq\n", 3, "? undetermined"),
    ],
)
def test_short_answers_are_understood(ask: Any, said: str, code: int, word: str) -> None:
    told = ask(LEVEL_1, said=said)
    assert (told.code, told.out.splitlines()[0].partition("   ")[0]) == (code, word)
    assert "none of" not in told.err
    assert "no value" not in told.err


def built_in(workspace_root: Path, *sets: str) -> CheckRequest:
    examples = workspace_root / "examples"
    return CheckRequest(examples / "lodge.zip", examples / "lodge.facts.yaml", sets, "2026-08-15", workspace_root)


def test_a_clause_that_the_answers_violate_is_weighed_as_in_a_check(
    workspace_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = built_in(workspace_root, "new_groundwater_use=yes")
    run_check(Session("zh", {}), request, as_json=True)
    verdict = json.loads(capsys.readouterr().out)
    ask_rules(Session("zh", {}), request, None, answer=False, as_json=True)
    plain = json.loads(capsys.readouterr().out)
    assert [question["fact"] for question in plain["questions"]] == [item["fact"] for item in verdict["missing_facts"]]
    assert [question["fact"] for question in plain["questions"]] == ["unit_access_list"]
    ask_rules(Session("zh", {}), request, None, answer=False, as_json=False)
    assert capsys.readouterr().out.startswith("? 待补充信息   云岭民宿（二期）：还有 1 个问题\n")


def test_a_word_that_a_long_list_lacks_does_not_repeat_the_list(
    workspace_root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("hotle\n999\nq\n"))
    request = replace(built_in(workspace_root), facts=None)
    ask_rules(Session("zh", {}), request, None, answer=True, as_json=False)
    prompts = [line for line in capsys.readouterr().err.splitlines() if line.startswith("> “")]
    count = len(Vocabulary.read(workspace_root / "rules" / "facts.yaml").facts["activity"].values)
    assert prompts == [
        f"> “hotle”不在上面的词里；写序号 1 到 {count}，或照写那个词；是否想写“hotel”？",
        f"> “999”不在上面的词里；写序号 1 到 {count}，或照写那个词",
    ]


def test_the_commands_of_a_form_can_be_copied() -> None:
    question = {"supply": FormQuestion(1, ("R042",), (), ())}
    fact = Fact(title=Text("供水", "supply"), question=Text("供水吗？", "for supply?"), kind="yes_no")
    text = form_text(
        Vocabulary(facts={"supply": fact}),
        question,
        FactSheet({}),
        {},
        site="a b/地块.txt",
        on=date(2026, 6, 1),
        usually=1,
    )
    assert [line for line in text.splitlines() if line.startswith("#   zoning")] == [
        "#   zoning check 'a b/地块.txt' --facts FILE",
        "#   zoning rules ask 'a b/地块.txt' --facts FILE --form FILE",
    ]


def test_an_answer_never_replaces_what_was_told_of_a_single_footprint(ask: Any, tmp_path: Path) -> None:
    facts = tmp_path / "p.yaml"
    facts.write_text("sites:\n  地块2: {construction: none}\n", encoding="utf-8")
    told = ask(LEVEL_1, LEVEL_1, facts=facts, said="new\nno\n")
    assert [line.partition("   ")[0] for line in told.out.splitlines() if "地块" in line and line[0] in "×✓"] == [
        "× prohibited",
        "✓ permitted",
    ]
    assert told.code == 1


def test_writes_a_form_that_is_a_facts_file(ask: Any, tmp_path: Path, root: Path) -> None:
    form = tmp_path / "form.yaml"
    told = ask(FREE, LEVEL_1, form=form, sets=("construction=new",))
    assert told.err == f"written: {form}\n"
    site = tmp_path / "site.geojson"
    assert form.read_text(encoding="utf-8") == (
        f"# 项目事实表 · Facts of the project: {site}, 2026-06-01\n"
        "# 答案写在冒号后面；空着就是“不知道”，从不当作“否”。\n"
        "# Write the answer after the colon; left empty it is unknown, and unknown never counts as “no”.\n"
        "# 最多 1 个问题，一般约 1 个：按编号先答几个，运行下面第二条命令，不必再答的问题会消失。\n"
        "# Up to 1 question, usually about 1: answer a few in the order of their numbers, then run the\n"
        "# second command: questions that need no answer any more are gone.\n"
        f"#   zoning check {site} --facts FILE\n"
        f"#   zoning rules ask {site} --facts FILE --form FILE\n"
        "\n"
        "# ===== 已知 · known\n"
        "construction: new\n"
        "\n"
        "# ===== 其他 · other\n"
        "\n"
        "# 1. 供水吗？\n"
        "#    for water supply?\n"
        "#    yes 是 / no 否 · yes / no\n"
        "#    只涉及地块 · only footprints: 地块2\n"
        "#    R042\n"
        "supply:\n"
    )
    vocabulary = Vocabulary.read(root / "rules" / "facts.yaml")
    common, single = read_facts_file(vocabulary, form)
    assert (parse_facts(vocabulary, common, "form").as_plain(), single) == ({"construction": ["new"]}, {})
    form.write_text(form.read_text(encoding="utf-8").replace("supply:\n", "supply: no\n"), encoding="utf-8")
    assert ask(LEVEL_1, facts=form).out == "× prohibited   地块一: it depends on no other fact\n"


def test_a_filled_form_is_never_overwritten_by_another(ask: Any, tmp_path: Path) -> None:
    form = tmp_path / "form.yaml"
    form.write_text("construction: none\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        ask(LEVEL_1, form=form)
    assert caught.value.get("en") == f"{form} exists; choose another name, or go on with it: --facts {form}"
    told = ask(LEVEL_1, facts=form, form=form)
    assert told.out == "✓ permitted   地块一: it depends on no other fact\n"
    assert form.read_text(encoding="utf-8").endswith("# ===== 已知 · known\nconstruction: none\n")


def test_a_form_keeps_the_facts_of_single_footprints(ask: Any, tmp_path: Path, root: Path) -> None:
    facts, form = tmp_path / "p.yaml", tmp_path / "form.yaml"
    facts.write_text("supply: no\nsites:\n  地块2: {construction: none, supply: yes}\n", encoding="utf-8")
    ask(LEVEL_1, LEVEL_1, facts=facts, form=form, sets=("supply=no",))
    assert form.read_text(encoding="utf-8").endswith(
        '# ===== 单个地块的事实 · facts of single footprints\nsites:\n  "地块2":\n    construction: none\n'
    )
    common, single = read_facts_file(Vocabulary.read(root / "rules" / "facts.yaml"), form)
    assert common == {"construction": None, "supply": "no"}
    assert single == {"地块2": {"construction": "none"}}


def test_a_site_is_needed(root: Path) -> None:
    with pytest.raises(UsageError, match="name a boundary file: zoning rules ask SITE"):
        ask_rules(Session("en"), CheckRequest(None, None, (), ON, root), None, answer=False, as_json=False)


def test_an_unknown_fact_is_refused_before_anything_is_asked(ask: Any) -> None:
    with pytest.raises(ContentError, match="did you mean 'supply'"):
        ask(LEVEL_1, sets=("suply=yes",))


def test_facts_that_follow_are_told(ask: Any, root: Path) -> None:
    path = root / "rules" / "facts.yaml"
    line = "    derive: [{from: construction, words: none, value: no, basis: {zh: 不建设, en: nothing is built}}]\n"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + line, encoding="utf-8")
    told = json.loads(ask(LEVEL_1, sets=("construction=none",), as_json=True).out)
    assert told["sites"][0]["derived"] == [
        {
            "fact": "supply",
            "value": ["no"],
            "from": "construction",
            "because": ["none"],
            "basis": {"zh": "不建设", "en": "nothing is built"},
        }
    ]
    contradiction = ask(LEVEL_1, sets=("construction=none", "supply=yes"), lang="zh").out
    assert contradiction == (
        "✓ 判定通过   地块一：结论不再取决于其他事实\n"
        "  所填“供水”与推断不一致，按所填判断，请核对：不建设（推断为“否”）\n"
    )


def test_on_a_day_before_any_rule_no_answer_decides(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tiny_workspace.site_file(tmp_path / "old.geojson", LEVEL_1)
    request = CheckRequest(path, None, (), "2022-01-01", root)
    assert ask_rules(Session("en"), request, None, answer=False, as_json=False) == 0
    assert capsys.readouterr().out == (
        "? undetermined   地块一: no fact can change this\n"
        "  a part or all of it lies outside the territories, or the rules of that day are not all held: no\n"
        "    answer replaces that\n"
    )
