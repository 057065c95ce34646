"""The ground of an advice made by hand: zones are given in the frame, and no layer is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import audit_layer
from overlay_world import box_m
from zoning.advice.ground import LocalLayer

A, B = "140522", "140825"
LAND, NEXT = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
WORLD = shapely.box(-500, -500, 2500, 1500)
CORE, RIM = shapely.box(100, 100, 200, 200), shapely.box(400, 100, 500, 200)
Zone = tuple[str, BaseGeometry]


def array(shapes: Sequence[BaseGeometry]) -> Any:
    """Return geometries as an array (n,)."""
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def local(
    name: str = "water",
    zones: Sequence[Zone] = (("core", CORE), ("rim", RIM)),
    *,
    names: Sequence[str] = (),
    assumed: Sequence[bool] = (),
    accuracy_m: float = 0.0,
    may_be: Mapping[str, tuple[str, ...]] | None = None,
) -> LocalLayer:
    """Return zones (class, shape) of a layer in the frame.

    Parameters
    ----------
    may_be
        Class -> classes that its zones may be of as well.
    """
    stand_in = box_m(0, 0, 1, 1)
    every = [(f"Z{n}", class_id, stand_in) for n, (class_id, _) in enumerate(zones)]
    changes: dict[str, Any] = {"names": tuple(names)} if names else {}
    changes |= {"assumed": tuple(assumed)} if assumed else {}
    made = audit_layer(name, every, **changes).plane
    classes = {
        key: one.model_copy(update={"may_be": (may_be or {}).get(key, ())}) for key, one in made.layer.classes.items()
    }
    definition = made.layer.model_copy(update={"accuracy_m": accuracy_m, "classes": classes})
    shapes = array([shape for _, shape in zones])
    return LocalLayer(replace(made, layer=definition), np.arange(len(zones)), shapes)


@dataclass(eq=False)
class GivenGround:
    """Layers in the frame that are given; None for one without data."""

    layers: Mapping[str, LocalLayer | None]
    territories: Mapping[str, BaseGeometry] = field(default_factory=lambda: {A: LAND})
    coverage: Mapping[str, BaseGeometry] = field(default_factory=dict)
    box: tuple[float, float, float, float] = (0.0, 0.0, 1000.0, 1000.0)
    margin_m: float = 0.0
    site_accuracy_m: float = 0.0

    @property
    def content(self) -> Any:
        """Return a workspace that knows the layers with data."""
        known = {name: one.layer.layer for name, one in self.layers.items() if one is not None}
        return SimpleNamespace(catalogue=SimpleNamespace(layers=known))

    def layer(self, name: str) -> LocalLayer | None:
        """Return a layer."""
        return self.layers[name]

    def covered(self, name: str) -> BaseGeometry:
        """Return where a layer has data: all around, unless it is told."""
        return self.coverage.get(name, WORLD)
