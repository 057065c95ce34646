"""What a keeper does before its first task and while it has none, so that its copies find it done.

Footprints made here are checked, in each territory: so everything that a check imports is imported, the prepared
layers of the day are open, and the rules of each territory are put in order. Nothing of a person is ever read in a
keeper. No answer depends on it.
"""

import contextlib
import importlib
import io
import json
import pkgutil
import tempfile
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.errors import ZoningError
from zoning.web.workers.work import Commands

if TYPE_CHECKING:
    from zoning.web.workers.tasks import Kept

_SMALL_M, _LARGE_M = 40.0, 2500.0
_MOST_TERRITORIES = 40
_MOST_DAYS = 6
_ASKED_OFTEN = 2
_READERS = "zoning.sites"
_LIBRARIES = ("fiona", "pyogrio", "ezdxf", "openpyxl", "defusedxml.ElementTree", "encodings.gb18030", "encodings.gbk")
_NOT_READERS = ("zoning.sites.worker", "zoning.sites.sandbox")


class Primer:
    """What is to be done in a keeper, step by step.

    Parameters
    ----------
    commands
        Whose `today` is the day that most checks will be asked for.
    """

    def __init__(self, kept: "Kept", commands: Commands) -> None:
        on = commands.today()
        self._kept = kept
        self._days = {on}
        self._asked: Counter[date] = Counter()
        self._later: deque[Callable[[], None]] = deque()
        _try(_import_readers)
        if kept.asks_databases:
            return
        _try(partial(_check, kept, on, _SMALL_M))
        # Large footprints need compiled functions: to load them takes half a second, to compile them once much longer.
        self._later.append(partial(_check, kept, on, _LARGE_M))
        self._later.append(partial(_draw, kept, commands, on))

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self._later

    def step(self) -> None:
        """Do what comes next."""
        _try(self._later.popleft())

    def asked(self, told: Any) -> None:
        """Note what a task was told: a day that is asked for again and again is opened in the keeper."""
        try:
            day = date.fromisoformat(told["on"])
        except (TypeError, KeyError, ValueError):
            return
        if self._kept.asks_databases or day in self._days or len(self._days) >= _MOST_DAYS:
            return
        self._asked[day] += 1
        if self._asked[day] >= _ASKED_OFTEN:
            self._days.add(day)
            self._later.append(partial(_check, self._kept, day, _SMALL_M))


def _try(step: Callable[[], None]) -> None:
    """Do a step. What goes wrong in it goes wrong again, and is told, in a task."""
    try:
        step()
    except ZoningError:
        return
    except Exception:  # noqa: BLE001 - a keeper that is not primed works all the same
        traceback.print_exc()


def _check(kept: "Kept", on: date, radius_m: float) -> None:
    from zoning.web.workers.tasks import TASKS

    with _work_folder() as folder:
        for number, ring in enumerate(_rings(kept, on, radius_m)):
            file = folder / f"{number}.geojson"
            file.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
            told = {"file": str(file), "name": file.name, "on": on.isoformat(), "facts": {}, "options": {}}
            TASKS["check"](kept, told)
            if number == 0:
                TASKS["questions"](kept, told)


def _draw(kept: "Kept", commands: Commands, on: date) -> None:
    """Draw the map that the page of every verdict shows; what the command says is for nobody."""
    with _work_folder() as folder:
        for ring in islice(_rings(kept, on, _SMALL_M), 1):
            file = folder / "site.geojson"
            file.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                commands.run(["map", str(file), "--on", on.isoformat(), "--out", f"{folder}/out"], "zh")


@contextlib.contextmanager
def _work_folder() -> Iterator[Path]:
    """Give a folder to work in, as a task has one: where the server was started nothing is written."""
    with tempfile.TemporaryDirectory(prefix="zoning-keeper-") as folder, contextlib.chdir(folder):
        yield Path(folder)


def _import_readers() -> None:
    home = importlib.import_module(_READERS)
    for one in pkgutil.walk_packages(home.__path__, f"{_READERS}."):
        if one.name not in _NOT_READERS:
            importlib.import_module(one.name)
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _rings(kept: "Kept", on: date, radius_m: float) -> Iterator[list[tuple[float, float]]]:
    """Yield a disc inside each territory as a ring of degrees; the largest territories first."""
    import shapely

    from zoning.layers.datum import WORLD
    from zoning.layers.reader import Unavailable

    layer = kept.source.layer(kept.workspace.catalogue.territory_layer, on=on, bounds=WORLD)
    if isinstance(layer, Unavailable):
        return
    for shape in sorted(layer.whole(), key=shapely.area, reverse=True)[:_MOST_TERRITORIES]:
        disc = shape.representative_point().buffer(radius_m, quad_segs=32)
        ring = kept.source.plane.to_lonlat([disc])[0].exterior
        yield [(round(x, 9), round(y, 9)) for x, y in ring.coords]
