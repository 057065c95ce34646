"""People of an office at the workbench, for locust: they sign in, read pages, hand in footprints, think in between.

Told by the environment: `BENCH_SITES` (folder of boundary files), `BENCH_BOUNDS` (west, south, east, north in degrees),
`BENCH_PASSWORD`; with `BENCH_MAPS` everybody also waits for map and questions of a new verdict. Accounts are called
user00, user01 ...
"""

import json
import math
import os
import random
import re
from http import HTTPStatus
from itertools import count
from pathlib import Path

import gevent  # type: ignore[import-untyped]  # ships no types
from locust import HttpUser, between, task

_MARK = re.compile(r'name="csrf" content="([^"]+)"')
_NUMBERS = count()
_SITES = sorted(Path(os.environ["BENCH_SITES"]).iterdir())
_BOUNDS = tuple(float(text) for text in os.environ["BENCH_BOUNDS"].split(","))
_MAPS = bool(os.environ.get("BENCH_MAPS"))
_RADIUS_DEGREES = (0.0003, 0.0030)


class Reviewer(HttpUser):
    """Somebody who checks sites: four pages for one check."""

    wait_time = between(2, 6)

    def on_start(self) -> None:
        """Sign in."""
        self.chance = random.Random(next(_NUMBERS))
        self.checks: list[str] = []
        told = {"name": f"user{next(_ACCOUNTS):02}", "password": os.environ["BENCH_PASSWORD"]}
        self.client.get("/sign-in", name="page sign-in")
        while not self._signed_in(told):
            pass
        page = self.client.get("/", name="page home")
        self.mark = found[1] if (found := _MARK.search(page.text)) else ""

    def _signed_in(self, told: dict[str, str]) -> bool:
        """Try to sign in; whoever is asked to wait does, and tries again."""
        with self.client.post(
            "/sign-in", data=told, name="sign in", allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code == HTTPStatus.SEE_OTHER:
                return True
            if "retry-after" not in answer.headers:
                answer.failure(f"not signed in: {answer.status_code}")
                return True
            answer.success()
        gevent.sleep(float(answer.headers["retry-after"]))
        return False

    @task(20)
    def check(self) -> None:
        """Hand in a footprint, then read its verdict."""
        name, data = self._site()
        with self.client.post(
            "/check",
            data={"csrf": self.mark},
            files={"file": (name, data)},
            name="check",
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            place = answer.headers.get("location", "")
            if answer.status_code != HTTPStatus.SEE_OTHER or not place.startswith("/checks/"):
                answer.failure(f"no verdict: {answer.status_code}")
                return
        self.checks.append(place)
        self._read(place, "page verdict")
        if _MAPS:
            self._read(f"{place}/questions?part=1", "questions of a verdict")
            self._read(f"{place}/map?site=0&frame=1", "map of a verdict")

    @task(25)
    def verdict(self) -> None:
        """Read a verdict again."""
        if self.checks:
            self._read(self.chance.choice(self.checks), "page verdict")
        else:
            self._read("/", "page home")

    @task(20)
    def form(self) -> None:
        """Look at the check page."""
        self._read("/check", "page check")

    @task(20)
    def home(self) -> None:
        """Look at the first page."""
        self._read("/", "page home")

    @task(15)
    def cases(self) -> None:
        """Look at the list of cases."""
        self._read("/cases", "page cases")

    def _read(self, path: str, name: str) -> None:
        self.client.get(path, name=name)

    def _site(self) -> tuple[str, bytes]:
        """Return an example now and then, else a footprint that nobody has handed in before."""
        if self.chance.random() < 0.3:
            file = self.chance.choice(_SITES)
            return file.name, file.read_bytes()
        west, south, east, north = _BOUNDS
        lon, lat = self.chance.uniform(west, east), self.chance.uniform(south, north)
        radius, corners = self.chance.uniform(*_RADIUS_DEGREES), self.chance.randint(4, 24)
        ring = [
            (
                round(lon + radius * math.cos(turn * 2 * math.pi / corners), 7),
                round(lat + radius * math.sin(turn * 2 * math.pi / corners), 7),
            )
            for turn in range(corners)
        ]
        shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        return "site.geojson", json.dumps(shape).encode()


_ACCOUNTS = count()
