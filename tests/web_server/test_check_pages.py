"""The check page without a browser: what is kept, what is asked, what is given, who sees it."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command_process import run_zoning
from web_world import Browser, World
from zoning.layers.catalogue import Catalogue
from zoning.maps.product import read_site_map
from zoning.rules.verdict import Verdict
from zoning.web.access import Who
from zoning.web.checks import get_check, list_checks, run_check, worst_of
from zoning.web.checks_made import arguments_of, command_of
from zoning.web.checks_view import _view
from zoning.web.pages.check_verdict import _FRAMED, _fields, _sentence
from zoning.web.rendering import stylebook_of

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def desk(office: World) -> World:
    office.server.clock = lambda: MORNING
    return office


def hand_in(browser: Browser, path: Path, **data: str) -> str:
    """Return the id of the check of a file."""
    answer = browser.post("/check", data, files={"file": (path.name, path.read_bytes())})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removeprefix("/checks/")


def command(office: World, *arguments: str) -> bytes:
    """Return what the command line prints."""
    told = {"ZONING_WORKSPACE": str(office.root)}
    done = run_zoning(*arguments, cwd=office.root / "examples", language="zh", **told)
    assert done.returncode in (0, 1, 3), done.stderr
    return done.stdout.encode()


def test_the_verdict_file_has_the_bytes_of_the_command_line(desk: World) -> None:
    browser = desk.client("reviewer")
    check = hand_in(browser, desk.root / "examples" / "school.geojson")
    found = browser.get(f"/checks/{check}/verdict.json")
    assert found.headers["content-disposition"] == "attachment; filename*=UTF-8''school.json"
    assert found.content == command(desk, "check", "school.geojson", "--on", "2026-11-23", "--format", "json")


def test_several_sites_are_written_as_the_command_line_writes_them(desk: World) -> None:
    browser = desk.client("reviewer")
    check = hand_in(browser, desk.root / "examples" / "coal-panels.gpkg")
    found = browser.get(f"/checks/{check}/verdict.json")
    assert len(found.json()) == 2
    assert found.content == command(desk, "check", "coal-panels.gpkg", "--on", "2026-11-23", "--format", "json")


def test_the_command_that_is_shown_comes_to_the_same_verdict(desk: World) -> None:
    browser = desk.client("reviewer")
    first = hand_in(browser, desk.root / "examples" / "school.geojson")
    answer = browser.post(
        f"/checks/{first}/facts",
        {"fact.activity": ["building-materials"], "fact.construction": "new", "fact.restaurant_seats": ""},
    )
    check = get_check(desk.server, answer.headers["location"].removeprefix("/checks/"))
    assert check is not None
    assert (check.previous, dict(check.facts)) == (first, {"activity": ["building-materials"], "construction": "new"})
    shown = command_of(check)
    assert shown == (
        "zoning check school.geojson --set activity=building-materials --set construction=new "
        "--on 2026-11-23 --format json"
    )
    assert browser.get(f"/checks/{check.id}/verdict.json").content == command(desk, *shown.split()[1:])
    assert shown in browser.get(f"/checks/{check.id}").text


def test_a_line_is_read_again_with_its_width_and_the_file_is_not_sent_again(desk: World) -> None:
    browser = desk.client("reviewer")
    refused = hand_in(browser, desk.root / "examples" / "haul-road.kml")
    page = browser.get(f"/checks/{refused}").text
    assert (
        "haul-road.kml 第 1 个图形：是线，没有面积；请用 “线的宽度（米）” 说明宽度（米），或提供面状范围；"
        "不属于项目的线请从文件中删去" in page
    )
    assert 'name="width"' in page
    assert 'name="crs"' not in page
    wrong = browser.post(f"/checks/{refused}/options", {"width": "宽"})
    assert (wrong.status_code, "线的宽度（米）须为正数" in wrong.text) == (400, True)
    answer = browser.post(f"/checks/{refused}/options", {"width": "12"})
    check = get_check(desk.server, answer.headers["location"].removeprefix("/checks/"))
    assert check is not None
    assert (check.state, check.request["options"]) == ("done", {"width_m": 12.0})
    assert arguments_of(check) == ["--width", "12", "--on", "2026-11-23"]
    expected = command(desk, "check", "haul-road.kml", "--width", "12", "--on", "2026-11-23", "--format", "json")
    assert browser.get(f"/checks/{check.id}/verdict.json").content == expected


@pytest.mark.parametrize(
    ("said", "field", "choices"),
    [
        ("坐标系未知；请向提供单位问明后用 --crs 说明，如 --crs EPSG:4525", "crs", ("EPSG:4525",)),
        ("压缩包内有 2 个边界文件；请用 --layer 指定一个：a.shp、b.shp", "layer", ("a.shp", "b.shp")),
        ("内容不是 utf-8 编码；请去掉 --encoding 或改为正确的编码", "encoding", ("GB18030", "UTF-8", "Big5")),
        ("它没有面", "", ()),
    ],
)  # fmt: skip
def test_the_field_that_the_reader_asks_for(desk: World, said: str, field: str, choices: tuple[str, ...]) -> None:
    browser = desk.client("reviewer")
    check = get_check(desk.server, hand_in(browser, desk.root / "examples" / "haul-road.kml"))
    assert check is not None
    object.__setattr__(check, "error", {"zh": said, "en": "x --crs y"})
    found = [(one.name, one.choices) for one in _fields(check)]
    assert found == ([(field, choices)] if field else [])
    sentence = _sentence(check)
    assert sentence is not None
    assert "--" not in sentence.zh
    assert sentence.en == "x 'coordinate system' y"


def test_coordinates_that_are_pasted(desk: World) -> None:
    browser = desk.client("reviewer")
    points = "112.40 35.48\n112.41 35.48\n112.41 35.49\n112.40 35.49\n"
    answer = browser.post("/check", {"text": points, "title": "食堂/../扩建"})
    check = get_check(desk.server, answer.headers["location"].removeprefix("/checks/"))
    assert check is not None
    assert (check.state, check.title) == ("done", "扩建.txt")
    assert check.answer is not None
    assert check.answer["verdicts"][0]["site"]["source"] == "扩建.txt"


def test_nothing_handed_in_is_said(desk: World) -> None:
    answer = desk.client("reviewer").post("/check", {"text": " \n"})
    assert answer.status_code == 400
    assert "请选择文件、粘贴坐标或在地图上画出范围" in answer.text


def test_the_parts_of_a_shapefile_go_together(desk: World) -> None:
    browser = desk.client("reviewer")
    with zipfile.ZipFile(desk.root / "examples" / "lodge.zip") as archive:
        files = [("file", (name, archive.read(name))) for name in archive.namelist() if not name.endswith("/")]
    assert len(files) > 2
    answer = browser.post("/check", files=files)
    check = get_check(desk.server, answer.headers["location"].removeprefix("/checks/"))
    assert check is not None
    assert (check.state, check.title) == ("done", "项目范围.zip")
    whole = get_check(desk.server, hand_in(browser, desk.root / "examples" / "lodge.zip"))
    assert whole is not None
    assert check.answer is not None
    assert whole.answer is not None
    areas = [answer["verdicts"][0]["site"]["area_m2"] for answer in (check.answer, whole.answer)]
    assert areas[0] == areas[1]
    kept = zipfile.ZipFile(io.BytesIO((desk.server.settings.files / check.request["path"]).read_bytes()))
    assert kept.namelist() == sorted(name for _, (name, _) in files)


def test_files_of_one_name_are_refused(desk: World) -> None:
    answer = desk.client("reviewer").post("/check", files=[("file", ("a/x.shp", b"1")), ("file", ("b/X.shp", b"2"))])
    assert (answer.status_code, "选择的文件中有重名的" in answer.text) == (400, True)


def test_who_sees_a_check(desk: World) -> None:
    mine, other = desk.client("planner"), desk.client("viewer")
    check = hand_in(mine, desk.root / "examples" / "school.geojson")
    assert mine.get(f"/checks/{check}").status_code == 200
    assert desk.client("reviewer").get(f"/checks/{check}").status_code == 200
    for path in ("", "/questions", "/map", "/verdict.json"):
        refused = other.get(f"/checks/{check}{path}")
        assert (refused.status_code, "没有这次检查，或没有共享给您" in refused.text) == (404, True)
    assert desk.client("reviewer").post(f"/checks/{check}/share", {"shared": "yes"}).status_code == 403
    assert mine.post(f"/checks/{check}/share", {"shared": "yes"}).status_code == 303
    assert other.get(f"/checks/{check}").status_code == 200
    assert "school.geojson" in other.get("/checks?all=1").text
    assert "school.geojson" not in other.get("/checks").text
    assert mine.post(f"/checks/{check}/share", {"shared": "no"}).status_code == 303
    assert other.get(f"/checks/{check}").status_code == 404
    assert other.get("/checks/nothing").status_code == 404


def test_the_questions_are_those_of_the_command_line(desk: World) -> None:
    browser = desk.client("reviewer")
    check = hand_in(browser, desk.root / "examples" / "school.geojson")
    page = browser.get(f"/checks/{check}/questions").text
    told = json.loads(command(desk, "rules", "ask", "school.geojson", "--on", "2026-11-23", "--format", "json"))
    assert f"还有最多 {told['at_most']} 问，一般约 {told['usually']} 问" in page
    places = [page.index(f'id="question-{question["fact"]}"') for question in told["questions"]]
    assert places == sorted(places)
    english = desk.client("reviewer", language="en").get(f"/checks/{check}/questions").text
    assert f"Up to {told['at_most']} questions, usually about {told['usually']}" in english


def test_an_answer_that_cannot_be_read_comes_back_with_all_others(desk: World) -> None:
    browser = desk.client("reviewer")
    check = hand_in(browser, desk.root / "examples" / "school.geojson")
    answer = browser.post(f"/checks/{check}/facts", {"fact.restaurant_seats": "很多", "fact.construction": "new"})
    assert answer.status_code == 422
    assert 'value="很多"' in answer.text
    assert 'value="new" checked' in answer.text
    assert list_checks(desk.server, Who("reviewer"), everybody=False, limit=9, offset=0)[1] == 1


def test_facts_that_a_program_handed_in_are_shown_and_written_as_people_write_them(desk: World) -> None:
    facts = {"restaurant_seats": 30.5, "new_groundwater_use": False, "activity": ["steel"]}
    path = desk.root / "examples" / "school.geojson"
    check = run_check(desk.server, Who("reviewer"), path, on=desk.server.today(), language="zh", facts=facts)
    found = get_check(desk.server, check)
    assert found is not None
    assert found.state == "done"
    assert arguments_of(found) == [
        "--set", "activity=steel", "--set", "new_groundwater_use=no", "--set", "restaurant_seats=30.5",
        "--on", "2026-11-23",
    ]  # fmt: skip
    page = desk.client("reviewer").get(f"/checks/{check}/questions").text
    assert 'name="fact.restaurant_seats" inputmode="decimal" value="30.5"' in page
    assert 'name="fact.new_groundwater_use" value="no" checked' in page


def test_texts_of_files_stay_texts(desk: World) -> None:
    browser = desk.client("reviewer")
    raw = json.loads((desk.root / "examples" / "school.geojson").read_text(encoding="utf-8"))
    evil = "<script>alert(1)</script>"
    for feature in raw["features"]:
        feature["properties"] = {"名称": evil, "name": evil, "项目名称": evil, "编号": evil}
    name = '"><img src=x onerror=alert(1)>.geojson'
    answer = browser.post("/check", files={"file": (name, json.dumps(raw).encode())})
    page = browser.get(answer.headers["location"]).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert evil not in page
    assert "<img src=x" not in page + browser.get("/checks").text + browser.get("/check").text


def test_every_site_of_a_file_has_its_map(desk: World) -> None:
    browser = desk.client("reviewer")
    check = hand_in(browser, desk.root / "examples" / "coal-panels.gpkg")
    first, second, third = (browser.get(f"/checks/{check}/map?site={number}") for number in (0, 1, 2))
    assert "2201 工作面" in first.text.split("</title>")[0]
    assert "2203 工作面" in second.text.split("</title>")[0]
    assert first.headers["content-security-policy"].startswith("sandbox allow-scripts")
    assert third.status_code == 404
    framed = browser.get(f"/checks/{check}/map?site=1&frame=1").text
    assert framed == second.text.replace("</head>", f"{_FRAMED}</head>", 1)
    page = browser.get(f"/checks/{check}?site=1").text
    assert "<b>2203 工作面</b>" in page


def test_codes_are_written_one_after_another(desk: World) -> None:
    browser = desk.client("reviewer")
    check = hand_in(browser, desk.root / "examples" / "school.geojson")
    answer = browser.post(f"/checks/{check}/facts", {"fact.industry_code": " 8321，B0610 "})
    found = get_check(desk.server, answer.headers["location"].removeprefix("/checks/"))
    assert found is not None
    assert (found.state, dict(found.facts)) == ("done", {"industry_code": ["8321", "B0610"]})


@pytest.mark.parametrize(
    ("decisions", "refused", "worst"),
    [
        (["permitted", "restricted"], 0, "restricted"),
        (["permitted"], 1, "undetermined"),
        (["prohibited", "permitted"], 2, "prohibited"),
        ([], 1, ""),
    ],
)
def test_a_file_with_an_unchecked_site_never_counts_as_clear(decisions: list[str], refused: int, worst: str) -> None:
    said = {"verdicts": [{"decision": one} for one in decisions], "refused": [{"zh": "", "en": ""}] * refused}
    assert worst_of(said) == worst


def test_outlines_of_layers(desk: World) -> None:
    browser = desk.client("viewer")
    told = browser.get("/map/layers").json()
    assert told["territory"] == "territory"
    names = [layer["id"] for layer in told["layers"]]
    assert "drinking-water" in names
    near = browser.get("/map/layers/urban-areas?bbox=112.39,35.48,112.41,35.50").json()
    assert near["exact"] is True
    assert near["features"][0]["properties"] == {"class": "built-up", "name": "县城建成区"}
    far = browser.get("/map/layers/urban-areas?bbox=112,35,113,36").json()
    assert far["exact"] is False
    for wrong in ("1,2,3", "5,5,1,9", "0,0,90,45", "nan,0,1,1", "112,35,113,inf"):
        assert browser.get(f"/map/layers/urban-areas?bbox={wrong}").status_code == 400
    assert browser.get("/map/layers/nothing?bbox=1,1,2,2").status_code == 404
    assert desk.client().get("/map/layers").status_code == 303


def test_assets_of_maps_are_those_few(desk: World) -> None:
    browser = desk.client()
    assert browser.get("/map/assets/leaflet.js").status_code == 200
    for name in ("..%2Fproduct.py", "README.md", "zones.js"):
        assert browser.get(f"/map/assets/{name}").status_code == 404


def test_a_verdict_of_a_layer_that_is_gone_still_names_it(desk: World) -> None:
    browser = desk.client("reviewer")
    check = hand_in(browser, desk.root / "examples" / "school.geojson")
    verdict = Verdict.from_json(browser.get(f"/checks/{check}/verdict.json").text)
    catalogue = desk.server.workspace.catalogue
    left = {name: layer for name, layer in catalogue.layers.items() if name != "spring-catchments"}
    product = read_site_map(desk.root / "maps" / "site-map.yaml")
    view = _view(verdict, Catalogue(catalogue.root, left, "territory"), stylebook_of(desk.server), product, "zh")
    cards = [card for section in view.sections for card in section.cards if section.id != "clear"]
    places = {card.place for card in cards if card.finding.layer == "spring-catchments"}
    assert places == {"泉域范围"}
