"""What of a layer a map product shows: never more than its audience may see.

A field is hidden unless its layer names it as public; the zone's id and name are fields like all others. What is hidden
here reaches no scene, and so no page, no sheet of paper and no export.
"""

from zoning.layers.catalogue import Edition, Layer
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.texts import Text

NOT_PUBLISHED = Text("没有可公开的数据", "no data for publication")


def visible(layer: Layer, product: MapProduct) -> LayerChoice | None:
    """Return what a product shows of a layer, in full; None where it shows nothing of it.

    Returns
    -------
    LayerChoice
        `classes` and `attributes` name all that are shown, in the order of the layer; `label` is "none" where the
        style's label would write a hidden field, and None where the style decides.
    """
    choice = _choice(layer, product)
    if choice is None or not (layer.public or product.audience == "office"):
        return None
    wanted = layer.attributes if choice.attributes is None else choice.attributes
    return LayerChoice(
        layer=layer.id,
        title=choice.title,
        classes=tuple(name for name in layer.classes if not choice.classes or name in choice.classes),
        attributes=tuple(name for name in layer.attributes if name in wanted and may_see(layer, name, product)),
        label=_label(layer, choice, product),
        listed=choice.listed,
    )


def may_see(layer: Layer, field: str, product: MapProduct) -> bool:
    """Tell whether the audience of a product may see a field of a layer."""
    return product.audience == "office" or (layer.public and field in layer.public_attributes)


def as_seen(layer: Layer, choice: LayerChoice, product: MapProduct) -> Layer:
    """Return the definition of a layer with the fields that are shown; for the public without the places of data.

    Parameters
    ----------
    choice
        From `visible`.
    """
    shown = {"attributes": {name: layer.attributes[name] for name in choice.attributes or ()}}
    if product.audience == "office":
        return layer.model_copy(update=shown)
    editions = {name: _without_place(edition) for name, edition in layer.editions.items()}
    return layer.model_copy(update={**shown, "editions": editions, "responsible": None})


def _choice(layer: Layer, product: MapProduct) -> LayerChoice | None:
    if not product.layers:
        return LayerChoice(layer=layer.id)
    return next((choice for choice in product.layers if choice.layer == layer.id), None)


def _label(layer: Layer, choice: LayerChoice, product: MapProduct) -> str | None:
    named, coded = (may_see(layer, field, product) for field in (layer.name_field, layer.id_field))
    if named and coded:
        return choice.label
    if choice.label in {"name", "code"}:
        return choice.label if (named if choice.label == "name" else coded) else "none"
    # The style may ask for either of the two.
    return "none"


def _without_place(edition: Edition) -> Edition:
    hidden = ("file", "source", "table", "geometry_field", "sha256", "coverage")
    return edition.model_copy(update=dict.fromkeys(hidden))
