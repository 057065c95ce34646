"""Pictures of a drawn parcel before and after its restoration: no photographs, and they say so."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from demo_data.shapes import generator
from demo_mines.parcels import DemoParcel

_SIZE = (240, 160)  # width and height, pixels
_SKY, _ROCK, _GREEN = (206, 222, 232), (158, 138, 116), (86, 128, 72)
_HORIZON = 52


def write_picture(folder: Path, parcel: DemoParcel, *, after: bool) -> Path:
    """Write a JPEG and return its path: bare benches of a pit, or the same benches green."""
    path = folder / f"{parcel.id}-{'after' if after else 'before'}.jpg"
    made = io.BytesIO()
    Image.fromarray(_pixels(parcel, after=after)).save(made, "JPEG", quality=82)
    path.write_bytes(made.getvalue())
    return path


def _pixels(parcel: DemoParcel, *, after: bool) -> "np.typing.NDArray[np.uint8]":
    random = generator(f"picture {parcel.id}")
    width, height = _SIZE
    rows, columns = np.mgrid[0:height, 0:width]
    ridge = _HORIZON + 10 * np.sin(columns / 37 + random.uniform(0, 6)) + 6 * np.sin(columns / 13)
    benches = np.floor((rows - ridge + 8 * np.sin(columns / 29 + random.uniform(0, 6))) / 18)
    shade = 1 - 0.12 * (benches % 2) + random.normal(0, 0.05, (height, width))
    ground = np.array(_GREEN if after else _ROCK, dtype=float)
    found = ground[None, None, :] * shade[:, :, None]
    sky = np.array(_SKY, dtype=float) * (1.04 - rows[:, :, None] / height * 0.2)
    found = np.where((rows < ridge)[:, :, None], sky, found)
    pixels: np.typing.NDArray[np.uint8] = np.clip(found, 0, 255).astype(np.uint8)
    return pixels
