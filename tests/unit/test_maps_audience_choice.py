"""What of a layer a map product shows, field by field: to the office all that is asked for, to others what may."""

from typing import Any

import pytest

from layer_definitions import made
from zoning.layers.catalogue import Layer
from zoning.maps.audience import as_seen, may_see, visible
from zoning.maps.map_product import LayerChoice, MapProduct, read_map_products
from zoning.texts import Text

NOTE, OWNER = {"zh": "备注", "en": "note"}, {"zh": "权属", "en": "owner"}


def layer(*public: str, open_: bool | None = None, **other: Any) -> Layer:
    """Return a layer with two attributes, of which the named fields are public."""
    return made(
        attributes={"note": NOTE, "owner": OWNER},
        public=bool(public) if open_ is None else open_,
        public_attributes=public,
        **other,
    )


def product(*choices: LayerChoice, audience: str = "public", **other: Any) -> MapProduct:
    return MapProduct.model_validate(
        {
            "id": "p",
            "folder": ".",
            "title": Text("图", "map"),
            "of": "territory",
            "layers": choices,
            "audience": audience,
        }
        | other
    )


def choice(**other: Any) -> LayerChoice:
    return LayerChoice(layer="water", **other)


# --- fields ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public", "field", "seen"),
    [
        (("note",), "note", True),
        (("note",), "owner", False),
        (("note",), "name", False),
        (("name",), "name", True),
        (("zone_id",), "zone_id", True),
        (("zone_id",), "name", False),
        ((), "note", False),
    ],
)
def test_the_public_sees_the_fields_that_the_layer_names(public: tuple[str, ...], field: str, *, seen: bool) -> None:
    assert may_see(layer(*public), field, product()) is seen


@pytest.mark.parametrize("field", ["note", "owner", "name", "zone_id"])
def test_the_office_sees_every_field(field: str) -> None:
    assert may_see(layer(), field, product(audience="office"))


# --- layers ---------------------------------------------------------------------------------------------------------


def test_a_layer_that_is_not_public_is_on_no_public_map() -> None:
    assert visible(layer(), product()) is None
    assert visible(layer(), product(choice())) is None
    assert visible(layer(open_=True), product()) is not None


def test_a_layer_that_a_product_does_not_name_is_not_on_it() -> None:
    other = LayerChoice(layer="roads")
    assert visible(layer("note"), product(other)) is None
    assert visible(layer("note"), product(other, audience="office")) is None
    assert visible(layer("note"), product(other, choice())) is not None


def test_a_product_that_names_no_layer_shows_all_of_each() -> None:
    found = visible(layer(), product(audience="office"))
    assert found == LayerChoice(
        layer="water", classes=("level-1", "level-2"), attributes=("note", "owner"), label=None, listed=True
    )


@pytest.mark.parametrize(
    ("asked", "shown"),
    [((), ("level-1", "level-2")), (("level-2",), ("level-2",)), (("level-2", "level-1"), ("level-1", "level-2"))],
)
def test_classes_are_those_that_are_asked_for_in_the_order_of_the_layer(
    asked: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    found = visible(layer(), product(choice(classes=asked), audience="office"))
    assert found is not None
    assert found.classes == shown


@pytest.mark.parametrize(
    ("asked", "audience", "shown"),
    [
        (None, "office", ("note", "owner")),
        ((), "office", ()),
        (("owner", "note"), "office", ("note", "owner")),
        (("owner",), "office", ("owner",)),
        (None, "public", ("note",)),
        (("owner",), "public", ()),
        (("owner", "note"), "public", ("note",)),
        ((), "public", ()),
    ],
)
def test_attributes_are_those_that_are_asked_for_and_may_be_seen(
    asked: tuple[str, ...] | None, audience: str, shown: tuple[str, ...]
) -> None:
    found = visible(layer("note"), product(choice(attributes=asked), audience=audience))
    assert found is not None
    assert found.attributes == shown


def test_title_and_list_are_those_of_the_product() -> None:
    found = visible(layer(), product(choice(title=Text("水", "water"), listed=False), audience="office"))
    assert found is not None
    assert (found.title, found.listed) == (Text("水", "water"), False)


@pytest.mark.parametrize(
    ("public", "asked", "label"),
    [
        (("name", "zone_id"), None, None),
        (("name", "zone_id"), "name", "name"),
        (("name", "zone_id"), "code", "code"),
        (("name", "zone_id"), "none", "none"),
        (("name",), "name", "name"),
        (("name",), "code", "none"),
        (("name",), None, "none"),
        (("zone_id",), "code", "code"),
        (("zone_id",), "name", "none"),
        (("zone_id",), None, "none"),
        (("note",), "name", "none"),
        (("note",), "none", "none"),
    ],
)
def test_a_label_never_writes_a_hidden_field(public: tuple[str, ...], asked: Any, label: str | None) -> None:
    found = visible(layer(*public), product(choice(label=asked)))
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize("asked", [None, "name", "code", "none"])
def test_in_the_office_a_label_is_what_was_asked_for(asked: Any) -> None:
    found = visible(layer(), product(choice(label=asked), audience="office"))
    assert found is not None
    assert found.label == asked


# --- definitions ----------------------------------------------------------------------------------------------------


def test_the_public_definition_has_no_place_of_data() -> None:
    source = layer(
        "note",
        editions={
            "2020": {"file": "a.gpkg", "valid_from": "2020-01-01", "sha256": "0" * 64},
            "2023": {
                "source": "postgresql://u@h/d",
                "table": "public.t",
                "geometry_field": "g",
                "valid_from": "2023-01-01",
            },
        },
    )
    seen = as_seen(source, choice(attributes=("note",)), product())
    assert list(seen.attributes) == ["note"]
    for edition in seen.editions.values():
        hidden = (edition.file, edition.source, edition.table, edition.geometry_field, edition.sha256, edition.coverage)
        assert hidden == (None,) * 6
    assert [edition.valid_from.year for edition in seen.editions.values()] == [2020, 2023]
    assert source.editions["2020"].file == "a.gpkg"


def test_the_definition_of_the_office_keeps_its_places_and_loses_hidden_attributes() -> None:
    seen = as_seen(layer(), choice(attributes=("owner",)), product(audience="office"))
    assert (list(seen.attributes), seen.editions["2020"].file) == (["owner"], "data/water.gpkg")


def test_who_answers_for_a_zone_is_never_in_a_public_definition() -> None:
    source = layer("note", responsible={"title": {"zh": "河长", "en": "river chief"}, "field": "owner"})
    assert source.responsible is not None
    assert as_seen(source, choice(attributes=()), product()).responsible is None
    assert as_seen(source, choice(attributes=()), product(audience="office")).responsible == source.responsible


# --- products -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "listed"),
    [
        ((), True),
        ((LayerChoice(layer="roads", listed=False),), True),
        ((choice(),), True),
        ((choice(listed=False),), False),
    ],
)
def test_zones_are_listed_unless_the_product_says_otherwise(choices: tuple[LayerChoice, ...], *, listed: bool) -> None:
    assert product(*choices).lists("water") is listed


def test_products_are_read_by_the_names_of_their_files(tmp_path: Any) -> None:
    text = "title: {zh: 图, en: map}\nof: territory\n"
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "c.txt").write_text("x")
    found = read_map_products(tmp_path)
    assert [(name, one.id, one.folder) for name, one in found.items()] == [("a", "a", tmp_path), ("b", "b", tmp_path)]
    assert read_map_products(tmp_path / "none") == {}
