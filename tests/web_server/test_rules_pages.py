"""The pages of rules: what is found, what is shown, what an administrator loads."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import select

from case_world import FAR, INSIDE, InlinePool, new_case, tiny_root
from edition_files import ADMIN
from web_world import World, workspace, world
from zoning.citations import binds_in
from zoning.cli.warm import WarmCommands
from zoning.registers.failures import RegisterFailedError
from zoning.registers.schema import Chain
from zoning.rules.cases import read_cases
from zoning.web.editions import rule_changes
from zoning.web.editions.rule_changes import load
from zoning.web.editions.rule_pages import Wanted, fitting, layers_of, resting_cases
from zoning.web.workers.pool import Pool

DAY = date(2026, 11, 22)


def test_the_list_finds_by_every_field(office: World) -> None:
    book = office.server.workspace.rulebook
    everything = fitting(book, Wanted(state="all"), DAY)
    assert everything == book.rules
    assert list(fitting(book, Wanted(), DAY)) == [rule for rule in book.rules if rule.in_force.covers(DAY)]
    some = fitting(book, Wanted(document="water-law-2016", state="all"), DAY)
    assert some
    assert all("water-law-2016" in {one.document for one in rule.citations} for rule in some)
    prohibiting = fitting(book, Wanted(effect="prohibit", layer="drinking-water", territory="140522"), DAY)
    assert prohibiting
    for rule in book.rules:
        fits = (
            rule.effect == "prohibit"
            and "drinking-water" in layers_of(rule)
            and binds_in(rule.territories, "140522")
            and rule.in_force.covers(DAY)
        )
        assert (rule in prohibiting) == fits
    assert [rule.id for rule in fitting(book, Wanted(words="eco-317", state="all"), DAY)] == ["ECO-317"]


@pytest.mark.parametrize(("language", "sentence"), [("zh", "0 条，规则库共 {} 条"), ("en", "0 rules of {}")])
def test_nothing_found_is_said(office: World, language: str, sentence: str) -> None:
    page = office.client("viewer", language=language).get("/rules?q=<script>alert(1)</script>").text
    assert sentence.format(len(office.server.workspace.rulebook.rules)) in page
    assert "<script>alert" not in page


def test_a_rule_is_shown_with_source_conditions_and_cases(office: World) -> None:
    rule = office.server.workspace.rulebook.get("ECO-317")
    assert rule is not None
    (cases,) = (file.cases for file in read_cases(office.root / "rules" / "cases") if file.rule == rule.id)
    for language in ("zh", "en"):
        page = office.client("viewer", language=language).get("/rules/ECO-317?on=2026-11-22").text
        says = rule.says.zh if language == "zh" else rule.says.en
        assert says in page.replace("&#39;", "'")
        assert 'href="/rules/documents/ecological-environment-code"' in page
        assert "rules/ecological-environment-code/ECO-317.yaml" in page
        assert page.count('class="ok"') == len(cases) > 0
        assert 'class="off"' not in page


def test_every_rule_and_every_document_has_a_page(office: World) -> None:
    browser = office.client("viewer", language="en")
    book = office.server.workspace.rulebook
    cases = {file.rule: len(file.cases) for file in read_cases(office.root / "rules" / "cases")}
    for rule in book.rules[::9]:
        answer = browser.get(f"/rules/{rule.id}")
        assert answer.status_code == 200, rule.id
        assert answer.text.count('class="ok"') == cases.get(rule.id, 0), rule.id
    for name in {rule.citation.document for rule in book.rules}:
        assert browser.get(f"/rules/documents/{name}").status_code == 200
    assert browser.get("/rules/none").status_code == 404
    assert browser.get("/rules/documents/none").status_code == 404


def test_only_administrators_load(office: World) -> None:
    for name in ("viewer", "reviewer", "planner"):
        browser = office.client(name)
        assert browser.get("/rules/changes").status_code == 403
        assert browser.post("/rules/load", {"seen": "x"}).status_code == 403


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[World]:
    """Run a server whose rules a test edits."""
    root = workspace(tmp_path / "w")
    pool = Pool(root, WarmCommands(), size=1, is_lazy=True)
    home = tmp_path / "home"
    home.mkdir()
    try:
        with world(root, home, pool) as found:
            yield found
    finally:
        pool.close()
        shutil.rmtree(root, ignore_errors=True)


def test_an_edited_rule_is_shown_before_it_is_used(edited: World) -> None:
    file = edited.root / "rules" / "ecological-environment-code" / "ECO-317.yaml"
    admin = edited.client("admin")
    before = file.read_text(encoding="utf-8")
    used = edited.server.workspace.rulebook.sha256
    file.write_text(before.replace("effect: require", "effect: restrict"), encoding="utf-8")
    page = admin.get("/rules/changes").text
    assert "ECO-317" in page
    assert "影响：全国；自 2026-08-15 起；" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    # Until it is loaded the rule is what it was.
    assert edited.server.workspace.rulebook.sha256 == used
    # What was shown is what is loaded: a file that changes in between is refused.
    file.write_text(before.replace("effect: require", "effect: prohibit"), encoding="utf-8")
    answer = admin.post("/rules/load", {"seen": seen})
    assert answer.status_code == 409
    assert "显示差别之后规则文件又有改动；请看过新的差别再载入" in answer.text
    file.write_text(before.replace("effect: require", "effect: restrict"), encoding="utf-8")
    assert admin.post("/rules/load", {"seen": seen}).status_code == 303
    assert edited.server.workspace.rulebook.sha256 == seen
    loaded = edited.server.workspace.rulebook.get("ECO-317")
    assert loaded is not None
    assert loaded.effect == "restrict"
    # A file with a mistake is told with its line, and nothing is loaded.
    file.write_text(before.replace("effect: require", "efect: require"), encoding="utf-8")
    page = admin.get("/rules/changes").text
    line = before.splitlines().index("effect: require") + 1
    assert f"rules/ecological-environment-code/ECO-317.yaml:{line}：" in page
    assert edited.server.workspace.rulebook.sha256 == seen


def logged(office: World) -> int:
    """Return how many lines the log has."""
    with office.server.store.database.reading() as connection:
        return int(connection.execute(select(Chain.events)).scalar_one())


def test_nothing_is_loaded_of_which_the_log_says_nothing(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_changes, "recheck", lambda *_, **__: None)
    server, before = small.server, small.server.workspace
    seen, lines = before.rulebook.sha256, logged(small)

    def away() -> NoReturn:
        raise RegisterFailedError("台账：数据库暂时连接不上，没有写入", "the register cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(server.store.database, "writing", away)
        with pytest.raises(RegisterFailedError):
            load(server, ADMIN, seen)
    assert server.workspace is before
    noted: list[int] = []
    monkeypatch.setattr(server.pool, "renew", lambda: noted.append(logged(small)))
    load(server, ADMIN, seen)
    assert server.workspace is not before
    assert noted == [lines + 1], "the line is there before the content is used"


def test_the_cases_that_rest_on_a_rule_are_named(tmp_path: Path) -> None:
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with world(root, tmp_path, pool) as office:
        office.server.clock = lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        browser = office.client("reviewer")
        case = new_case(browser, INSIDE, "里面")
        new_case(browser, FAR, "外面")
        outcomes = {
            rule.id: [(case.number, case.outcome) for case in resting_cases(office.server, rule.id)]
            for rule in office.server.workspace.rulebook.rules
        }
        applying = [rule for rule, cases in outcomes.items() if cases]
        assert applying
        page = browser.get(f"/rules/{applying[0]}").text
        assert f'href="/cases/{case}"' in page
