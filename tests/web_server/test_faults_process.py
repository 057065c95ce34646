"""Faults of a real server, each in short: killed, on a full disk, ended in the middle, backed up under load.

The long campaigns are scripts/kill_server.py, fill_disk.py, restart_database.py and backup_under_load.py.
"""

import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psutil

import fill_disk
import kill_server
from backup_under_load import Campaign as Backups
from case_world import BESIDE, FAR, INSIDE, boundary, tiny_root
from long_runs import times
from office_clients import checks_of
from office_process import PEOPLE, UNPREPARED, Office, prepared
from zoning.workspace import builtin_root

SITES = {f"{name}.geojson": boundary(box) for name, box in (("in", INSIDE), ("beside", BESIDE), ("far", FAR))}


@contextmanager
def office_of(folder: Path, **options: Any) -> Iterator[Office]:
    """Give a server of a tiny workspace, and end it whatever happens."""
    root = tiny_root(folder / "tiny")
    shutil.copytree(builtin_root() / "maps", root / "maps", dirs_exist_ok=True)
    before = "\n".join(filter(None, (UNPREPARED, options.pop("before", ""))))
    office = prepared(folder, source=root, before=before, **options)
    office.processes = 1
    try:
        yield office
    finally:
        office.end()


def test_a_killed_server_loses_nothing_that_it_confirmed(tmp_path: Path) -> None:
    with office_of(tmp_path) as office:
        campaign = kill_server.Campaign(office, 1, wanted=times(8, 12), longest_s=1.0)
        clients = campaign.run(SITES)
    assert campaign.kills >= 1
    assert clients.confirmed > 0
    assert not campaign.troubles, "\n".join(campaign.troubles)


def test_on_a_full_disk_reading_goes_on_and_writing_is_refused(tmp_path: Path) -> None:
    with office_of(tmp_path, disk_mb=48) as office:
        campaign = fill_disk.Campaign(office, 1)
        campaign.run(1, SITES)
    assert not campaign.troubles, "\n".join(campaign.troubles)


SLOW = """
import zoning.cli.serve_listening as listening
listening._GRACE_S = 1
"""


def test_a_server_that_is_ended_in_the_middle_of_a_check_leaves_nothing_half(tmp_path: Path) -> None:
    with office_of(tmp_path, before=SLOW) as office:
        office.start()
        person = office.sign_in(PEOPLE[0])
        name, site = next(iter(SITES.items()))
        first = office.upload(person, "/check", "file", name, site).place.rsplit("/", 1)[1]
        expected = checks_of(office)[first]
        answers: list[Any] = []

        def ask() -> None:
            try:
                answers.append(office.upload(person, "/check", "file", name, site).status)
            except (OSError, HTTPException) as error:
                answers.append(type(error).__name__)

        (keeper,) = [
            one for one in psutil.Process(office.running().pid).children() if "spawn_main" in " ".join(one.cmdline())
        ]
        keeper.send_signal(signal.SIGSTOP)  # the check waits in its hands
        client = threading.Thread(target=ask)
        client.start()
        until = time.monotonic() + 60
        while len(checks_of(office)) == 1:
            assert time.monotonic() < until, answers
            time.sleep(0.02)
        assert office.stop() == 0
        client.join()
        found = checks_of(office)
        del found[first]
        assert [state for state, _, _ in found.values()] in (["failed"], ["waiting"])
        office.start()
        after = checks_of(office)
        assert after.pop(first) == expected
        assert list(after.values()) == [("failed", "", "")]
        assert "检查没有完成" in office.get(person, f"/checks/{next(iter(after))}").text
        # The client had its answer, or the end of the connection; it did not wait for ever.
        assert answers


def test_a_backup_under_load_is_the_register_of_one_moment(tmp_path: Path) -> None:
    with office_of(tmp_path) as office:
        campaign = Backups(office, 1, tmp_path)
        clients = campaign.run(1, SITES)
    assert clients.confirmed > 0
    assert not campaign.troubles, "\n".join(campaign.troubles)
