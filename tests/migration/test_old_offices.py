"""An office that began with an earlier version: its registers have all kinds, its settings are read as they were."""

from pathlib import Path

import pytest

from old_versions import VERSIONS, members
from zoning.cli.register_opening import types_of
from zoning.registers.types import read_register_types
from zoning.web.settings_file import read_server_file
from zoning.workspace import builtin_root

# Every key of the settings of 0.6.0.
SETTINGS = """\
host: 0.0.0.0
port: 8010
public_url: https://zoning.example
register: register.sqlite
processes: 2
tls: {certificate: cert.pem, key: key.pem}
trusted_proxies: [10.0.0.2]
session: {idle_hours: 8, longest_hours: 72}
quotas:
  upload_mb: 200
  body_mb: 20
  day_mb: 2000
  check_seconds: 60
  job_seconds: 3600
  memory_mb: 3072
oidc:
  issuer: https://id.example/realms/office
  client_id: zoning
  client_secret_file: oidc.secret
  name_claim: preferred_username
  roles_claim: realm_access.roles
  roles: {permits: [reviewer], planning: [planner], it: [admin]}
  button: Sign in with the county's account
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_workspace_of_before_has_every_kind_of_register(version: str, tmp_path: Path) -> None:
    held = {name: text for name, text in members(version, "workspace").items() if not name.startswith("maps/")}
    for name, text in held.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text)
    own = read_register_types(tmp_path)
    types = types_of(tmp_path)
    assert {"cases", "mine-parcels"} <= types.keys()
    assert types.keys() == read_register_types(builtin_root()).keys()
    assert {name: types[name] for name in own} == own
    assert ("cases" in own, bool(own)) == {"0.6.0": (True, True), "0.5.0": (False, True)}.get(version, (False, False))


def test_the_office_decides_which_kinds_it_keeps(tmp_path: Path) -> None:
    held = members("0.5.0", "workspace")
    for name in ("layers/registers/mine-parcels.yaml", "rules/documents.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(held[name])
    assert types_of(tmp_path).keys() == {"mine-parcels", "cases"}


def test_settings_of_a_server_of_before_are_read(tmp_path: Path) -> None:
    path = tmp_path / "server.yaml"
    path.write_text(SETTINGS, encoding="utf-8")
    found = read_server_file(path)
    assert (found.port, found.processes, found.public_url) == (8010, 2, "https://zoning.example")
    assert found.quotas.quotas().day_bytes == 2_000_000_000
