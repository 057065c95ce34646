"""The vector paths of a PDF page, read with pypdf: what a plotter would draw, in millimetres from the lower left."""

import io
from dataclasses import dataclass

import numpy as np
import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class DrawnPath:
    """One painted path; `operator` is the one that painted it (S, s, f, B ...)."""

    points: np.ndarray
    operator: str
    stroke: tuple[float, ...]
    fill: tuple[float, ...]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        wide, high = np.ptp(self.points, axis=0)
        return float(wide), float(high)


def text_of(pdf: bytes) -> str:
    """Return the text of all pages."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def page_size(pdf: bytes, page: int = 0) -> tuple[float, float]:
    """Return the size of a page, millimetres."""
    found = PdfReader(io.BytesIO(pdf)).pages[page].mediabox
    return float(found.width) * MM_PER_POINT, float(found.height) * MM_PER_POINT


def drawn_paths(  # noqa: C901 - one branch per operator
    pdf: bytes, page: int = 0
) -> list[DrawnPath]:
    """Return everything that is stroked or filled, in the order of painting; clip paths are left out."""
    reader = PdfReader(io.BytesIO(pdf))
    content = reader.pages[page].get_contents()
    assert content is not None
    matrix, kept = np.eye(3), []
    stroke: tuple[float, ...] = ()
    fill: tuple[float, ...] = ()
    points: list[tuple[float, float]] = []
    found: list[DrawnPath] = []
    for operands, raw in ContentStream(content, reader).operations:
        name = raw.decode("ascii")
        numbers = [float(value) for value in operands if isinstance(value, int | float)]
        if name == "q":
            kept.append((matrix, stroke, fill))
        elif name == "Q":
            matrix, stroke, fill = kept.pop()
        elif name == "cm":
            a, b, c, d, e, f = numbers
            matrix = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ matrix
        elif name in {"m", "l"}:
            points.append((numbers[0], numbers[1]))
        elif name == "c":
            points.append((numbers[4], numbers[5]))
        elif name == "re":
            x, y, wide, high = numbers
            points += [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
        elif name in {"RG", "G"}:
            stroke = tuple(numbers)
        elif name in {"rg", "g"}:
            fill = tuple(numbers)
        elif name in {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"}:
            if points and name != "n":
                xy = (np.column_stack([np.array(points), np.ones(len(points))]) @ matrix)[:, :2]
                found.append(DrawnPath(xy * MM_PER_POINT, name, stroke, fill))
            points = []
    return found


GRID = (0x4A / 255, 0x46 / 255, 0x3E / 255)


def level_lines(paths: list[DrawnPath], *, upright: bool, least: float) -> list[float]:
    """Return where the straight lines of the grid stand (x of upright ones, else y); `least` is how long they are."""
    across, along = (0, 1) if upright else (1, 0)
    found = {
        round(float(path.points[0, across]), 3)
        for path in paths
        if len(path.points) == 2
        and path.stroke == pytest.approx(GRID, abs=1e-3)
        and path.size[across] < 1e-6
        and path.size[along] >= least
    }
    return sorted(found)
