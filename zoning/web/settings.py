"""What a server is started with."""

from dataclasses import dataclass, field
from pathlib import Path

from zoning.texts import Language


@dataclass(frozen=True, slots=True)
class Quotas:
    """What uploads and computations may take.

    Attributes
    ----------
    upload_bytes
        Of one request.
    day_bytes
        Of one account in a day.
    check_s, job_s
        Time of one check and of one job, seconds.
    memory_mb
        Of one check or job.
    """

    upload_bytes: int = 200_000_000
    day_bytes: int = 2_000_000_000
    check_s: int = 60
    job_s: int = 3600
    memory_mb: int = 3072


@dataclass(frozen=True, slots=True)
class Oidc:
    """A provider of identities (OpenID Connect). `roles_claim` holds the names of roles; `roles` maps them to ours."""

    issuer: str
    client_id: str
    client_secret: str
    roles_claim: str = "roles"
    roles: dict[str, str] = field(default_factory=dict)


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
    trusted_proxies
        Addresses whose X-Forwarded-* headers are believed.
    processes
        How many checks run at the same time.
    session_hours
        After so many hours without a request a session ends.
    """

    workspace: Path
    register: str
    files: Path
    state: Path
    host: str = "127.0.0.1"
    port: int = 8010
    public_url: str = ""
    is_secure: bool = False
    trusted_proxies: tuple[str, ...] = ()
    processes: int = 2
    session_hours: float = 8.0
    language: Language = "zh"
    quotas: Quotas = field(default_factory=Quotas)
    oidc: Oidc | None = None
