"""Places of rules in plain language: 与饮用水水源保护区（一级保护区）重叠, 距汾河不足 1 km（恰好等于不算）."""

from collections.abc import Mapping, Sequence

from zoning.layers.catalogue import Catalogue, Layer
from zoning.quantities import SQUARE_METRES_PER_HECTARE
from zoning.rules.places import Where
from zoning.texts import Text

LIMITS: dict[str, Text] = {
    "at_least": Text("不低于", "at least"),
    "above": Text("超过", "more than"),
    "at_most": Text("不超过", "at most"),
    "below": Text("不足", "less than"),
}
FLIPPED = {"at_least": "below", "above": "at_most", "at_most": "above", "below": "at_least"}
_EXACTLY = {
    "at_least": Text("恰好等于也算", "exactly {0} counts"),
    "above": Text("恰好等于不算", "exactly {0} does not count"),
    "at_most": Text("恰好等于也算", "exactly {0} counts"),
    "below": Text("恰好等于不算", "exactly {0} does not count"),
}
_IN_BAND = {"at_least": "{0} 以上（含）", "above": "{0} 以上（不含）", "at_most": "{0} 以内（含）", "below": "不足 {0}"}
_AMOUNTS: dict[str, Text] = {
    "area": Text("重叠面积", "{0}"),
    "share": Text("重叠占比", "{0} of the site"),
    "length": Text("重叠长度", "{0} of length"),
}
_KILOMETRE = 1000.0


def where_text(where: Where, catalogue: Catalogue, values: Mapping[str, str], *, holds: bool = True) -> Text:
    """Return what a place asks for, or its contrary where `holds` is false.

    Parameters
    ----------
    values
        The figures of the rule on the day that is meant: name -> quantity with its unit.
    """
    name = place_name(where, catalogue)
    if where.relation == "within":
        return _distance(where, name, values, holds=holds)
    if where.relation == "overlaps":
        return _overlaps(where, name, values, holds=holds)
    yes, no = {
        "inside": (
            Text(f"全部位于{name.zh}之内", f"the site lies wholly inside {name.en}"),
            Text(f"并非全部位于{name.zh}之内", f"the site does not lie wholly inside {name.en}"),
        ),
        "outside": (
            Text(f"有一部分位于{name.zh}之外", f"a part of the site lies outside {name.en}"),
            Text(f"没有任何部分位于{name.zh}之外", f"no part of the site lies outside {name.en}"),
        ),
        "touches": (
            Text(f"与{name.zh}重叠或相接", f"the site overlaps or borders on {name.en}"),
            Text(f"与{name.zh}既不重叠也不相接", f"the site neither overlaps nor borders on {name.en}"),
        ),
    }[where.relation]
    return yes if holds else no


def places_text(places: Sequence[Where], catalogue: Catalogue, values: Mapping[str, str]) -> tuple[Text, ...]:
    """Return the places of a list of which any suffices; plain overlaps are named together."""
    plain = [where for where in places if is_plain(where)]
    together = any_overlap(plain, catalogue) if len(plain) > 1 else None
    texts = [] if together is None else [together]
    texts.extend(where_text(where, catalogue, values) for where in places if together is None or where not in plain)
    return tuple(texts)


def is_plain(where: Where) -> bool:
    """Tell whether a place asks for an overlap and nothing else."""
    limited = where.zones or where.area or where.share or where.length or where.certainty == "possible"
    return where.relation == "overlaps" and not limited


def any_overlap(places: Sequence[Where], catalogue: Catalogue, *, holds: bool = True) -> Text:
    """Return one sentence for plain overlaps of which any suffices, or that none is there."""
    names = [place_name(where, catalogue) for where in places]
    zh, en = either_of([name.zh for name in names], [name.en for name in names])
    return Text(f"与{zh}重叠", f"the site overlaps {en}") if holds else _clear_of(zh, en)


def place_name(where: Where, catalogue: Catalogue) -> Text:
    """Return the name of the zones that are meant: the layer, its classes, and names of zones."""
    layer = catalogue.layers.get(where.layer)
    if layer is None:
        return _named_zones(Text(f"图层“{where.layer}”", f"the layer '{where.layer}'"), where)
    classes = [layer.classes[name].title for name in where.classes if name in layer.classes]
    return _named_zones(class_name(layer, classes), where)


def either_of(zh: Sequence[str], en: Sequence[str]) -> tuple[str, str]:
    """Join words of which one is enough.

    >>> either_of(["新建", "改建", "扩建"], ["new", "rebuild", "extension"])
    ('新建、改建或扩建', 'new, rebuild or extension')
    """
    if len(zh) == 1:
        return zh[0], en[0]
    return f"{'、'.join(zh[:-1])}或{zh[-1]}", f"{', '.join(en[:-1])} or {en[-1]}"


def length_text(length_m: float) -> str:
    """Return a length of a rule as people write it.

    >>> length_text(300.0), length_text(1500.0)
    ('300 m', '1.5 km')
    """
    return f"{length_m / _KILOMETRE:g} km" if length_m >= _KILOMETRE else f"{length_m:g} m"


def area_text(area_m2: float) -> Text:
    """Return an area of a rule as people write it.

    >>> area_text(500.0), area_text(25000.0)
    (Text(zh='500 m²', en='500 m²'), Text(zh='2.5 公顷', en='2.5 ha'))
    """
    if area_m2 >= SQUARE_METRES_PER_HECTARE:
        hectares = f"{area_m2 / SQUARE_METRES_PER_HECTARE:g}"
        return Text(f"{hectares} 公顷", f"{hectares} ha")
    return Text(f"{area_m2:g} m²", f"{area_m2:g} m²")


def class_name(layer: Layer, classes: Sequence[Text]) -> Text:
    """Return the name of classes of a layer; of the layer where all are meant, or where it has one only."""
    if not classes or len(classes) == len(layer.classes) == 1:
        return layer.title
    zh, en = "、".join(title.zh for title in classes), ", ".join(title.en for title in classes)
    if len(classes) > 1:
        zh, en = either_of([title.zh for title in classes], [title.en for title in classes])
    # Rivers and roads are known by their own names, a class that is called like its layer says enough.
    if layer.group == "base" or (len(classes) == 1 and classes[0] == layer.title):
        return Text(zh, en)
    return Text(f"{layer.title.zh.split('（')[0]}（{zh}）", f"{layer.title.en.split(' (')[0]} ({en})")


def _named_zones(name: Text, where: Where) -> Text:
    if not where.zones:
        return name
    zh, en = either_of([f"“{zone}”" for zone in where.zones], [f"“{zone}”" for zone in where.zones])
    return Text(f"{name.zh}中名为{zh}的区", f"zones of {name.en} named {en}")


def _clear_of(zh: str, en: str) -> Text:
    return Text(f"不与{zh}重叠", f"the site does not overlap {en}")


def _overlaps(where: Where, name: Text, values: Mapping[str, str], *, holds: bool) -> Text:
    amounts = [(what, limits) for what in _AMOUNTS if (limits := where.limits(what, values))]
    possible = (
        Text("（在图层精度之内可能重叠的也算）", " (a possible overlap within the accuracy of the layer counts)")
        if where.certainty == "possible"
        else Text("", "")
    )
    if not amounts:
        text = Text(f"与{name.zh}重叠", f"the site overlaps {name.en}") if holds else _clear_of(name.zh, name.en)
    else:
        zh: list[str] = []
        en: list[str] = []
        for what, limits in amounts:
            shown = [(LIMITS[relation], _amount(what, limit)) for relation, limit in limits]
            zh.append(_AMOUNTS[what].zh + "、".join(f"{word.zh} {amount.zh}" for word, amount in shown))
            en.append(_AMOUNTS[what].en.format(" and ".join(f"{word.en} {amount.en}" for word, amount in shown)))
        said = Text(f"与{name.zh}的{'，且'.join(zh)}", f"overlaps {name.en} by {' and by '.join(en)}")
        text = (
            Text(said.zh, f"the site {said.en}")
            if holds
            else Text(f"不符合“{said.zh}”", f"it is not so that the site {said.en}")
        )
    return Text(text.zh + possible.zh, text.en + possible.en)


def _amount(what: str, limit: float) -> Text:
    if what == "length":
        return Text(length_text(limit), length_text(limit))
    if what == "share":
        return Text(f"{limit * 100:g} %", f"{limit * 100:g} %")
    return area_text(limit)


def _distance(where: Where, name: Text, values: Mapping[str, str], *, holds: bool) -> Text:
    limits = where.limits("distance", values)
    if len(limits) > 1:
        zh = "、".join(_IN_BAND[relation].format(length_text(limit)) for relation, limit in limits)
        en = " and ".join(f"{LIMITS[relation].en} {length_text(limit)}" for relation, limit in limits)
        if holds:
            return Text(f"与{name.zh}的距离在 {zh}", f"the site lies {en} from {name.en}")
        return Text(f"与{name.zh}的距离不在 {zh}之间", f"the site does not lie {en} from {name.en}")
    relation, limit = limits[0]
    if not holds:
        relation = FLIPPED[relation]
    shown, word, exactly = length_text(limit), LIMITS[relation], _EXACTLY[relation]
    return Text(
        f"距{name.zh}{'至少' if relation == 'at_least' else word.zh} {shown}（{exactly.zh}）",
        f"the site lies {word.en} {shown} from {name.en} ({exactly.en.format(shown)})",
    )
