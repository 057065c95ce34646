"""What a server is started with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zoning.texts import Language
from zoning.web.access import Role


@dataclass(frozen=True, slots=True)
class Quotas:
    """What uploads and computations may take.

    Attributes
    ----------
    upload_bytes
        Of one form with files.
    body_bytes
        Of every other request (JSON, text): it is held in memory.
    day_bytes
        Of one account in a day.
    check_s, job_s
        Time of one check and of one job, seconds.
    memory_mb
        Of one check or job.
    """

    upload_bytes: int = 200_000_000
    body_bytes: int = 20_000_000
    day_bytes: int = 2_000_000_000
    check_s: int = 60
    job_s: int = 3600
    memory_mb: int = 3072


@dataclass(frozen=True, slots=True)
class Oidc:
    """A provider of identities (OpenID Connect).

    Attributes
    ----------
    client_secret
        "" for a public client (PKCE alone).
    name_claim, title_claim
        Claims that name the account and the person.
    roles_claim, roles
        Claim that holds the names of roles, and the roles here that each of them gives.
    button
        What the button on the sign-in page says.
    """

    issuer: str
    client_id: str
    client_secret: str = ""
    scopes: tuple[str, ...] = ("openid", "profile")
    name_claim: str = "preferred_username"
    title_claim: str = "name"
    roles_claim: str = "roles"
    roles: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    button: str = ""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a server is started with.

    Attributes
    ----------
    workspace
        Folder of the workspace.
    register
        SQLite file or postgresql:// URL.
    files
        Folder of uploads, verdicts, photos: content-addressed, never overwritten.
    state
        Folder of what may be lost: running jobs, made maps.
    public_url
        What users type, without a slash at the end; "" where only this computer is meant.
    is_secure
        Whether browsers reach the server over HTTPS: cookies are then sent over nothing else.
    tls
        Files of the certificate and its key, where the server speaks HTTPS itself.
    trusted_proxies
        Addresses whose X-Forwarded-* headers are believed.
    processes
        How many checks run at the same time.
    session_hours
        After so many hours without a request a session ends.
    longest_hours
        After so many hours it ends in any case.
    """

    workspace: Path
    register: str
    files: Path
    state: Path
    host: str = "127.0.0.1"
    port: int = 8010
    public_url: str = ""
    is_secure: bool = False
    tls: tuple[Path, Path] | None = None
    trusted_proxies: tuple[str, ...] = ()
    processes: int = 2
    session_hours: float = 8.0
    longest_hours: float = 72.0
    language: Language = "zh"
    quotas: Quotas = field(default_factory=Quotas)
    oidc: Oidc | None = None
