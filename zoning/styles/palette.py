"""All colours of zones in one file, which an office replaces by the table of a drawing standard."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from zoning.mistakes import meant
from zoning.strict_models import Content
from zoning.styles.looks import ClassForm, ClassStyle, Colour, LayerForm, LayerStyle, Opacity
from zoning.texts import Text
from zoning.yaml_files import Key, Problem, content_error, load, validate


class ClassColours(Content):
    """The colours of one class; `fill_opacity` only where the table states how strong the tint is."""

    fill: Colour
    outline: Colour
    fill_opacity: Opacity | None = None


class Palette(Content):
    """A table of colours, by layer and class.

    `standard` names the drawing standard that the table follows; without one every map is marked 非规范配色.
    """

    standard: Text | None = None
    colours: dict[str, dict[str, ClassColours]] = Field(default_factory=dict)

    def of_class(self, layer_id: str, class_id: str) -> ClassColours | None:
        """Return the colours of a class; None where the table has none."""
        return self.colours.get(layer_id, {}).get(class_id)


@dataclass(frozen=True, slots=True)
class PaletteFile:
    """A palette with the lines of its entries."""

    path: Path
    palette: Palette
    lines: dict[Key, int]

    def unknown(self, layers: Mapping[str, LayerForm]) -> Iterator[Problem]:
        """Yield entries that name no layer or class: a misspelt one would leave the old colour on the map."""
        for layer_id, classes in self.palette.colours.items():
            if layer_id not in layers:
                near = meant(layer_id, layers)
                yield self._problem(
                    ("colours", layer_id),
                    Text(
                        f"colours：没有图层“{layer_id}”的样式{near.zh}",
                        f"colours: there is no style of a layer '{layer_id}'{near.en}",
                    ),
                )
                continue
            known = layers[layer_id].classes
            for class_id in classes:
                if class_id not in known:
                    near = meant(class_id, known)
                    yield self._problem(
                        ("colours", layer_id, class_id),
                        Text(
                            f"colours.{layer_id}：样式没有类“{class_id}”{near.zh}",
                            f"colours.{layer_id}: the style has no class '{class_id}'{near.en}",
                        ),
                    )

    def _problem(self, key: Key, text: Text) -> Problem:
        return Problem(self.path, self.lines.get(key, 1), text)


def read_palette(path: Path) -> PaletteFile:
    """Read a table of colours.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    file = load(path)
    if not isinstance(file.value, dict):
        raise content_error([Problem(path, 1, Text("应为键值表", "a table of keys and values is expected"))])
    return PaletteFile(path, validate(file, Palette, file.value), file.lines)


def coloured(form: LayerForm, palettes: tuple[Palette, ...]) -> tuple[LayerStyle | None, list[str]]:
    """Return the style of a layer, and the classes for which nobody states a colour (then there is no style).

    Parameters
    ----------
    palettes
        The first that has a class wins; a class that none has keeps the colours of its own file.
    """
    classes = {name: _coloured(form.id, name, look, palettes) for name, look in form.classes.items()}
    lacking = [name for name, style in classes.items() if style is None]
    if lacking:
        return None, lacking
    known = {name: style for name, style in classes.items() if style is not None}
    return LayerStyle(**{**{name: getattr(form, name) for name in type(form).model_fields}, "classes": known}), []


def _coloured(layer_id: str, name: str, form: ClassForm, palettes: tuple[Palette, ...]) -> ClassStyle | None:
    found = next((colours for palette in palettes if (colours := palette.of_class(layer_id, name))), None)
    fill = form.fill if found is None else found.fill
    outline = form.outline if found is None else found.outline
    if fill is None or outline is None:
        return None
    stated = {name: getattr(form, name) for name in type(form).model_fields} | {"fill": fill, "outline": outline}
    if found is not None and found.fill_opacity is not None:
        stated["fill_opacity"] = found.fill_opacity
    return ClassStyle(**stated)


def without_colour(path: Path, lines: Mapping[Key, int], names: list[str]) -> list[Problem]:
    """Return one problem for each class of a file that has no colour anywhere."""
    return [
        Problem(
            path,
            lines.get(("classes", name), 1),
            Text(
                f"classes.{name}：没有颜色；请在 palette.yaml 中，或在此处写 fill 和 outline",
                f"classes.{name}: has no colours: write 'fill' and 'outline' into palette.yaml, or here",
            ),
        )
        for name in names
    ]
