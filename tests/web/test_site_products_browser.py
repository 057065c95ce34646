"""What is handed in of the six example sites, in a real browser without a network: site pages, reports, the index."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import batch_world
import report_world
import tiny_workspace
from kept_pages import KeptPages
from long_runs import times
from map_pages import grave
from zoning.check import Checker, Examination, Refusal
from zoning.cli.batch import BatchRequest, run_batch
from zoning.cli.batch_files import Files
from zoning.cli.demo import find_examples
from zoning.cli.intake import Intake
from zoning.cli.maps import map_of
from zoning.cli.session import Session
from zoning.rules.facts import parse_facts, read_facts_file
from zoning.sites import read_sites
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
WIDTHS = {"haul-road": 20.0}
NAMES = ("haul-road", "processing-plant", "coal-panels", "lodge", "school", "viewing-platform")
PHONE: Any = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def workspace(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


class Examples:
    """The verdicts and maps of the example sites, each made when it is first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._checker = Checker(
            on=ON, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings
        )
        self.examined = cache(self._examine)
        self.map_of = cache(self._map_of)

    def _examine(self, name: str) -> Examination:
        workspace = self._workspace
        examples = find_examples(workspace.root / "examples")
        assert {example.site.name.split(".")[0] for example in examples} == set(NAMES)
        example = next(example for example in examples if example.site.name.split(".")[0] == name)
        assert example.facts is not None
        common, _ = read_facts_file(workspace.rulebook.vocabulary, example.facts)
        facts = parse_facts(workspace.rulebook.vocabulary, common, name)
        site = read_sites(example.site, expected=workspace.extent(ON), width_m=WIDTHS.get(name))[0]
        one = next(self._checker.check([(site, facts)]))
        assert not isinstance(one, Refusal)
        return one

    def _map_of(self, name: str) -> str:
        return map_of(self.examined(name), self._workspace, Session("zh", environ={}))


@pytest.fixture(scope="module")
def examples(workspace: Workspace) -> Examples:
    return Examples(workspace)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    root = tiny_workspace.build(folder / "w")
    request = BatchRequest(
        sites=batch_world.write_features(folder / "sites.geojson", batch_world.boxes(4)),
        files=Files(folder / "r.csv", reports=folder / "reports", reports_to="html"),
        facts=None,
        sets=("construction=new",),
        on=ON.isoformat(),
        workspace=root,
        intake=Intake(),
        processes=1,
        prepare=False,
    )
    run_batch(Session("zh", environ={}), request, as_json=True)
    return folder / "reports" / "index.html"


@pytest.fixture
def phone(pages_of_screens: KeptPages) -> Iterator[Page]:
    """Return a page of a telephone that nothing may complain about, and that may ask for nothing."""
    opened = pages_of_screens.lend(**PHONE, has_touch=True, is_mobile=True)
    troubles: list[str] = []
    opened.on("console", lambda told: troubles.append(told.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on(
        "request", lambda request: None if request.url[:5] in {"file:", "data:"} else troubles.append(request.url)
    )
    yield opened
    assert troubles == []


def faults(pages: KeptPages, path: Path) -> list[str]:
    """Return the grave faults that axe-core finds; a page without scripts lets it in only past its own policy."""
    opened = pages.lend(bypass_csp=True)
    opened.goto(path.as_uri())
    return grave(opened)


def overhang(page: Page) -> int:
    """Return how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


NAMES_ON_SITE = """() => {
  const path = document.querySelector("path.site");
  const back = path.getScreenCTM().inverse();
  const parts = [0.1, 0.3, 0.5, 0.7, 0.9];
  const point = (box, x, y) => new DOMPoint(box.x + x * box.width, box.y + y * box.height).matrixTransform(back);
  const points = (box) => parts.flatMap((x) => parts.map((y) => point(box, x, y)));
  const covers = (name) => points(name.getBoundingClientRect()).some((at) => path.isPointInFill(at));
  return [...document.querySelectorAll(".zone-name")].filter(covers).map((name) => name.textContent);
}"""


@pytest.mark.parametrize("name", ["haul-road", "coal-panels"])
def test_no_name_of_a_zone_lies_on_the_site_as_if_it_were_its_name(
    phone: Page, examples: Examples, tmp_path: Path, name: str
) -> None:
    text = examples.map_of(name)
    found: dict[str, list[str]] = {}
    for kind, page in {"as it is": text, "without the rule": text.replace("blocked(box)", "false")}.items():
        path = tmp_path / f"{name}.html"
        path.write_text(page, encoding="utf-8")
        for width in (390, 1400):
            phone.set_viewport_size({"width": width, "height": 900})
            phone.goto(path.as_uri())
            expect(phone.locator("svg path.site")).to_have_count(1)
            found.setdefault(kind, []).extend(phone.evaluate(NAMES_ON_SITE))
    assert found["as it is"] == []
    if name == "haul-road":
        assert found["without the rule"] != []


@pytest.mark.parametrize("name", NAMES[: times(2, 6)])
def test_the_page_of_every_example_is_usable_on_a_telephone_in_both_languages(
    phone: Page, examples: Examples, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.html"
    path.write_text(examples.map_of(name), encoding="utf-8")
    phone.goto(path.as_uri())
    verdict = examples.examined(name).verdict
    expect(phone.locator("svg path.site")).to_have_count(1)
    # The whole answer stands there: what was not checked is told at its end.
    sentence = phone.locator(".sentence")
    assert sentence.inner_text().replace("\u00a0", " ") == verdict.summary.zh.replace("\u00a0", " ")
    assert sentence.evaluate("node => node.scrollHeight - node.clientHeight") <= 1
    assert overhang(phone) == 0
    for sheet in ("findings", "layers", "about"):
        phone.locator(f".tabs [data-opens={sheet}]").tap()
        expect(phone.locator(f".sheet > .{sheet}")).to_be_visible()
        phone.locator(f".tabs [data-opens={sheet}]").tap()
    phone.locator("[data-tool=language]").tap()
    assert sentence.inner_text().replace("\u00a0", " ") == verdict.summary.en.replace("\u00a0", " ")
    assert "Yangcheng County" in phone.locator(".meta").inner_text()
    assert overhang(phone) == 0


def test_a_report_is_read_on_a_telephone_and_by_a_screen_reader(
    phone: Page,
    pages_of_screens: KeptPages,
    examples: Examples,
    workspace: Workspace,
    tmp_path: Path,
) -> None:
    maker = report_world.reporter(workspace)
    path = tmp_path / "report.html"
    path.write_bytes(maker.write(maker.report(examples.examined("processing-plant")), "html"))
    phone.goto(path.as_uri())
    assert overhang(phone) == 0
    # Wide tables are moved within their section, not with the page.
    first = phone.locator("section table.data").first
    assert first.evaluate("node => node.scrollWidth > window.innerWidth && getComputedStyle(node.parentNode).overflowX")
    phone.set_viewport_size({"width": 1400, "height": 900})
    assert overhang(phone) == 0
    assert faults(pages_of_screens, path) == []


def test_the_index_of_reports_is_read_on_a_telephone(phone: Page, pages_of_screens: KeptPages, index: Path) -> None:
    phone.goto(index.as_uri())
    assert overhang(phone) == 0
    rows = phone.locator("tbody tr")
    assert rows.count() == 4
    # Every figure stands in the screen with its name and unit beside it.
    for cell in rows.first.locator("td").all():
        assert cell.get_attribute("data-head")
    link = rows.first.locator("a")
    box = link.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]
    link.tap()
    expect(phone.locator("h1")).to_contain_text("生态环境分区管控符合性分析报告")
    assert faults(pages_of_screens, index) == []
