"""Who answers for a zone: in the verdict where a layer says so, on every product of the office, never in public."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import shapely
from lxml import html as lxml_html
from openpyxl import load_workbook
from rich.console import Console

import report_world
import responsible_world
from responsible_world import CHIEF, OFFICE, PHONE, RESPONSIBLE, SECRETS
from zoning.check import Examination, check_site
from zoning.cli.tables import print_verdict
from zoning.errors import ContentError
from zoning.layers.reader import LayerStore
from zoning.maps.audience import as_seen, visible
from zoning.maps.gathering import content_from
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.payload import payload
from zoning.maps.product import read_site_map
from zoning.maps.scenes import territory_scene
from zoning.overlay.prepared.store import PreparedStore
from zoning.overlay.source import LayerSource
from zoning.replay import replay_verdict
from zoning.report.document import cell_text
from zoning.report.html import render_html
from zoning.report.sheets import render_xlsx
from zoning.report.word import render_docx
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Verdict, answering, verdict_schema
from zoning.sites.site import Site
from zoning.styles.stylebook import read_stylebook
from zoning.texts import Language, Text
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 6, 1)
IN_BOTH_LEVELS = (112.4010, 35.5010, 112.4030, 35.5025)


def examine(root: Path) -> tuple[Examination, Workspace]:
    w = Workspace.open(root)
    site = Site("1", "地块一", shapely.box(*IN_BOTH_LEVELS), "EPSG:4490", "site.geojson")
    facts = FactSheet({"construction": ("new",)})
    found = check_site(site, facts, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    return found, w


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return responsible_world.build(tmp_path_factory.mktemp("chiefs") / "w")


@pytest.fixture(scope="module")
def verdict(root: Path) -> Verdict:
    return examine(root)[0].verdict


def test_the_verdict_names_them_for_the_layer_that_does(verdict: Verdict) -> None:
    plain = json.loads(verdict.to_json())
    zones = {
        (entry["layer"], zone["id"]): zone
        for entry in plain["layers"]
        for found in entry["classes"]
        for zone in found["zones"]
    }
    title = {"zh": "河长", "en": "river chief"}
    assert zones["water", "W1"]["responsible"] == {"title": title, "name": CHIEF, "office": OFFICE, "contact": PHONE}
    # A zone without an entry says so; a layer that does not speak of persons has no such key.
    assert zones["water", "W2"]["responsible"] == {"title": title, "name": None, "office": None, "contact": None}
    assert set(zones["territory", "140522"]) == {"id", "name", "overlap_m2", "length_m"}


def test_the_verdict_reads_back_to_the_same_bytes_and_fits_its_schema(verdict: Verdict) -> None:
    text = verdict.to_json()
    assert Verdict.from_json(text).to_json() == text
    jsonschema.validate(json.loads(text), verdict_schema())
    broken = json.loads(text)
    water = next(entry for entry in broken["layers"] if entry["layer"] == "water")
    water["classes"][0]["zones"][0]["responsible"]["age"] = 50
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, verdict_schema())


def test_without_the_key_a_definition_is_what_it_was(tmp_path: Path) -> None:
    with_key = Workspace.open(responsible_world.build(tmp_path / "with"))
    without = Workspace.open(responsible_world.build(tmp_path / "without", more=""))
    assert "responsible" not in without.catalogue["water"].model_dump(mode="json")
    assert with_key.catalogue["water"].model_dump(mode="json")["responsible"]["field"] == "chief"
    digests = [LayerStore(one.catalogue).definition_sha256("water") for one in (with_key, without)]
    assert digests[0] != digests[1]
    told = examine(tmp_path / "without")[0].verdict.to_json()
    assert "responsible" not in told
    assert [secret for secret in SECRETS if secret in told] == []


def test_a_replay_names_the_same_persons(root: Path, verdict: Verdict) -> None:
    w = Workspace.open(root)
    assert replay_verdict(verdict, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings).same


REFUSALS = [
    (
        RESPONSIBLE.replace("field: chief", "field: chef", 1),
        (
            "layers/water.yaml:{line}: responsible.field: the layer's 'attributes' have no field 'chef'; "
            "allowed: chief, phone, office, source - did you mean 'chief'?"
        ),
        "field: chef",
    ),
    (
        RESPONSIBLE.replace("contact_field: phone", "contact_field: fax"),
        (
            "layers/water.yaml:{line}: responsible.contact_field: the layer's 'attributes' have no field 'fax'; "
            "allowed: chief, phone, office, source"
        ),
        "contact_field: fax",
    ),
    (
        RESPONSIBLE + "public: true\npublic_attributes: [source, phone]\n",
        (
            "layers/water.yaml:{line}: public_attributes.1: the field 'phone' is about a person and is never public: "
            "take it out of 'public_attributes'"
        ),
        "public_attributes:",
    ),
    (
        RESPONSIBLE + "  mail_field: source\n",
        "layers/water.yaml:{line}: unknown key 'mail_field' - did you mean 'field'?",
        "mail_field:",
    ),
]


@pytest.mark.parametrize(("more", "sentence", "at"), REFUSALS)
def test_what_cannot_be_meant_is_refused_with_its_line(tmp_path: Path, more: str, sentence: str, at: str) -> None:
    responsible_world.build(tmp_path / "w", more=more)
    lines = (tmp_path / "w/layers/water.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if text.strip().startswith(at))
    with pytest.raises(ContentError) as caught:
        Workspace.open(tmp_path / "w")
    assert sentence.format(line=line) in str(caught.value)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("zh", ["水源 下芹  河长：王河长，甲县水务局，0356-4229999", "水源 下芹  河长：未登记"]),
        ("en", ["water 下芹  river chief: 王河长, 甲县水务局, 0356-4229999", "water 下芹  river chief: not recorded"]),
    ],
)
def test_the_terminal_names_them(verdict: Verdict, language: Language, lines: list[str]) -> None:
    out = io.StringIO()
    print_verdict(Console(file=out, width=100), verdict, language)
    assert [line.strip() for line in out.getvalue().splitlines() if "河长" in line or "chief" in line] == lines


def test_each_zone_is_named_once(verdict: Verdict) -> None:
    assert [zone.id for _, zone in answering(verdict.layers)] == ["W1", "W2"]


def test_the_report_has_a_table_of_them_and_none_where_nobody_is_named(root: Path, tmp_path: Path) -> None:
    examination, workspace = examine(root)
    found = report_world.reporter(workspace).report(examination, applicant="某某公司")
    (table,) = [table for section in found.sections for table in section.tables if table.id == "responsible"]
    assert [tuple(map(cell_text, row)) for row in table.rows] == [
        ("水源", "下芹", "河长", CHIEF, OFFICE, PHONE),
        ("水源", "下芹", "河长", "未登记", "—", "—"),
    ]
    other = report_world.report(tmp_path)
    assert [table.id for section in other.sections for table in section.tables if table.id == "responsible"] == []


def test_every_format_of_the_report_writes_the_table(root: Path) -> None:
    examination, workspace = examine(root)
    made = report_world.reporter(workspace)
    found = made.report(examination, applicant="某某公司")
    page = lxml_html.fromstring(render_html(found, made.page))
    assert CHIEF in page.xpath("//table[@id='responsible']")[0].text_content()
    assert CHIEF in part(render_docx(found, builtin_root() / "maps" / "templates" / "report.docx"), "word/document.xml")
    sheets = [sheet for sheet in load_workbook(io.BytesIO(render_xlsx(found))) if sheet.sheet_state == "visible"]
    assert CHIEF in [cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name).decode()


def test_a_click_on_the_map_of_a_site_names_them(root: Path, workspace_root: Path) -> None:
    examination, w = examine(root)
    product = read_site_map(workspace_root / "maps" / "site-map.yaml")
    content = content_from(examination, w.catalogue, product)
    shown = payload(content, read_stylebook(workspace_root / "styles"), (), "zh")
    rows = {zone["id"]: [tuple(row) for row in zone["rows"]] for zone in shown["zones"]}
    assert ("河长", "王河长，甲县水务局，0356-4229999") in rows["W1"]
    assert ("河长", "未登记") in rows["W2"]
    # Once, under its title, and not again as a field; other fields stay.
    assert [row for row in rows["W1"] if row[0] in ("河长姓名", "电话", "责任单位")] == []
    assert ("水源", "下芹泉") in rows["W1"]


def product(audience: str, *layers: LayerChoice) -> MapProduct:
    title = Text("公示图", "public map")
    told = {"id": "p", "folder": Path(), "title": title, "of": "territory", "layers": layers, "audience": audience}
    return MapProduct.model_validate(told)


def test_no_map_for_the_public_names_them(tmp_path: Path) -> None:
    public = RESPONSIBLE + "public: true\npublic_attributes: [zone_id, name, source]\n"
    w = Workspace.open(responsible_world.build(tmp_path / "w", more=public))
    asked = LayerChoice(layer="water", attributes=("chief", "phone", "office", "source"))
    for made in (product("public"), product("public", asked)):
        scene = territory_scene(w.source(), w.catalogue, made, "140522", on=ON)
        told = repr(scene)
        assert "下芹泉" in told
        assert [secret for secret in (*SECRETS, "河长", "chief") if secret in told] == []
    office = territory_scene(w.source(), w.catalogue, product("office"), "140522", on=ON)
    assert [secret for secret in SECRETS if secret not in repr(office)] == []


def test_the_definition_itself_is_not_public(tmp_path: Path) -> None:
    public = RESPONSIBLE + "public: true\n"
    water = Workspace.open(responsible_world.build(tmp_path / "w", more=public)).catalogue["water"]
    made = product("public")
    choice = visible(water, made)
    assert choice is not None
    assert as_seen(water, choice, made).responsible is None
    office = product("office")
    assert as_seen(water, choice, office).responsible == water.responsible


def test_prepared_layers_name_the_same_persons(root: Path, verdict: Verdict, tmp_path: Path) -> None:
    w = Workspace.open(root)
    plane = w.source().plane
    store = PreparedStore(tmp_path / "prepared", w.catalogue, plane)
    assert {one.state for one in store.prepare()} == {"built"}
    source = LayerSource(w.catalogue, plane, store)
    site = Site("1", "地块一", shapely.box(*IN_BOTH_LEVELS), "EPSG:4490", "site.geojson")
    facts = FactSheet({"construction": ("new",)})
    found = check_site(
        site, facts, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings, source=source
    )
    assert found.verdict.to_json() == verdict.to_json()
