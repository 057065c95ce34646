"""The pages of layers: who may see what, and that nobody takes "no data" for "not affected"."""

from pathlib import Path

import pytest

from web_world import NOT_PREPARED, World

ZH_GAP = "没有在 1990-01-01 有效的版本：检查会答“数据缺失，未核查”。"
EN_GAP = "No edition is valid on 1990-01-01: checks answer &#39;no data, not checked&#39;."


def test_the_list_says_where_nothing_is_known(office: World) -> None:
    page = office.client("viewer").get("/layers").text
    row = page.split('data-words="soil-risk-zones')[1].split("</tbody>")[0]
    told = [part.split("</td>")[0].strip() for part in row.split('<td class="place')[1:]]
    names = ["阳城县", "晋城市城区", "新绛县", "阳泉市"]
    assert [name in part for name, part in zip(names, told, strict=True)] == [True] * 4
    assert ["数据缺失" in part for part in told] == [True, False, True, True]
    assert 'data-gap="yes"' in row
    english = office.client("viewer", language="en").get("/layers").text
    assert "never &#39;not affected&#39;" in english
    assert english.count(">no data") == page.count(">数据缺失")


@pytest.mark.parametrize(("language", "sentence"), [("zh", ZH_GAP), ("en", EN_GAP)])
def test_a_day_without_an_edition_is_said(office: World, language: str, sentence: str) -> None:
    browser = office.client("viewer", language=language)
    assert sentence in browser.get("/layers/nature-reserves?on=1990-01-01").text


def test_a_layer_tells_its_editions_of_a_day(office: World) -> None:
    browser = office.client("viewer")
    before = browser.get("/layers/nature-reserves?on=2020-01-01").text
    after = browser.get("/layers/nature-reserves?on=2026-06-01").text
    assert "<strong>1994</strong>\n" in before
    assert [page.index("现行") > page.index("<strong>1994</strong>") for page in (before, after)] == [True, False]
    assert "由 2026 取代" in after
    assert "将生效" in before
    assert "/editions/" not in before
    assert "/layers/nature-reserves/upload" not in before


def test_only_planners_and_administrators_hand_in_editions(office: World) -> None:
    told = {}
    for name in ("viewer", "reviewer", "restoration", "planner", "admin"):
        browser = office.client(name)
        told[name] = (
            browser.get("/layers").status_code,
            browser.get("/layers/rivers/upload").status_code,
            browser.post("/editions/none/activate", {"version": "1"}).status_code,
        )
    assert told == {
        "viewer": (200, 403, 403),
        "reviewer": (200, 403, 403),
        "restoration": (200, 403, 403),
        "planner": (200, 200, 403),
        "admin": (200, 200, 404),
    }
    assert office.client().get("/layers").status_code == 303


@pytest.mark.parametrize("address", ["/layers/nothing", "/layers/..%2Fx", "/editions/none", "/layers/rivers/map?on=x"])
def test_what_is_not_there_is_said(office: World, address: str) -> None:
    assert office.client("admin").get(address).status_code in (404, 422)


def test_the_drawing_of_a_layer_names_its_classes(office: World) -> None:
    page = office.client("viewer").get("/layers/ecological-red-line/map?on=2026-06-01").text
    assert "<svg" in page
    assert "生态保护红线 · 31 个区" in page
    assert "灰底：数据缺失" in page
    old = office.client("viewer", language="en").get("/layers/ecological-red-line/map?on=1990-01-01").text
    assert "The layer cannot be used on this day: no edition is valid on 1990-01-01" in old


def test_the_state_of_preparation_of_every_layer_is_told(office: World) -> None:
    found = office.client("viewer").get("/layers/prepared").json()
    assert found["rivers"] == {"2023": "current"}
    assert found[NOT_PREPARED] == {"2023": "missing"}
    assert set(found) == set(office.server.workspace.catalogue.layers)


def test_a_missing_data_file_is_said(office: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = office.root / "layers" / "data" / "rivers.gpkg"
    real = Path.exists
    monkeypatch.setattr(Path, "exists", lambda self, **named: self != gone and real(self, **named))
    page = office.client("viewer").get("/layers/rivers").text
    assert "数据文件不在 layers/data 中：检查会答“数据缺失，未核查”。" in page
