"""The file `server.yaml`: what a server is started with, written down once; options of the command go before it."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from zoning.errors import ContentError, os_reason
from zoning.mistakes import Mistake
from zoning.texts import Language, Text
from zoning.web.access import Role
from zoning.web.settings import Oidc, Quotas, ServerSettings
from zoning.yaml_files import read_model

NAME = "server.yaml"
_MB = 1_000_000
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

Count = Annotated[int, Field(ge=1)]
Hours = Annotated[float, Field(gt=0, le=744)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class QuotasPart(_Part):
    """What uploads and computations may take; see `zoning.web.settings.Quotas`."""

    upload_mb: Count = 200
    body_mb: Count = 20
    day_mb: Count = 2000
    check_seconds: Count = 60
    job_seconds: Count = 3600
    memory_mb: Annotated[int, Field(ge=256)] = 3072

    def quotas(self) -> Quotas:
        """Return them as the server takes them."""
        return Quotas(
            self.upload_mb * _MB,
            self.body_mb * _MB,
            self.day_mb * _MB,
            self.check_seconds,
            self.job_seconds,
            self.memory_mb,
        )


class SessionPart(_Part):
    """How long somebody stays signed in: without a request, and in any case."""

    idle_hours: Hours = 8.0
    longest_hours: Hours = 72.0


class TlsPart(_Part):
    """Files of the certificate (with those above it) and of its key, PEM."""

    certificate: Path
    key: Path


class OidcPart(_Part):
    """A provider of identities; see `zoning.web.settings.Oidc`. The secret lies in a file of its own."""

    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    scopes: tuple[str, ...] = ("openid", "profile")
    name_claim: str = "preferred_username"
    title_claim: str = "name"
    roles_claim: str = "roles"
    roles: dict[str, tuple[Role, ...]] = Field(default_factory=dict)
    button: str = ""

    @field_validator("issuer")
    @classmethod
    def _is_safe(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise Mistake(Text("须为 https:// 地址", "it has to be an https:// address"))
        return issuer

    @model_validator(mode="after")
    def _asks_for_identity(self) -> "OidcPart":
        if "openid" not in self.scopes:
            raise Mistake(Text("须包含 openid", "openid has to be among them"), ("scopes",))
        return self

    def oidc(self, folder: Path) -> Oidc:
        """Return it as the server takes it, with its secret read.

        Raises
        ------
        ContentError
            When the file with the secret cannot be read.
        """
        secret = "" if self.client_secret_file is None else _read_secret(folder / self.client_secret_file)
        return Oidc(
            self.issuer,
            self.client_id,
            secret,
            self.scopes,
            self.name_claim,
            self.title_claim,
            self.roles_claim,
            self.roles,
            self.button,
        )


class ServerFile(_Part):
    """The whole file; paths are relative to it."""

    host: str | None = None
    port: Annotated[int, Field(ge=0, le=65535)] | None = None
    public_url: str | None = None
    language: Language | None = None
    register_: Annotated[str | None, Field(alias="register")] = None
    files: Path | None = None
    processes: Count | None = None
    tls: TlsPart | None = None
    trusted_proxies: tuple[str, ...] = ()
    quotas: QuotasPart = QuotasPart()
    session: SessionPart = SessionPart()
    oidc: OidcPart | None = None

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        return None if url is None else public_address(url)


def public_address(url: str) -> str:
    """Return what users type, without the slash at its end.

    Raises
    ------
    Mistake
        When it is no address of a server.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise Mistake(
            Text(
                "应写成 https://zoning.example 的形式，不含路径",
                "write it like https://zoning.example, without a path",
            )
        )
    return f"{parts.scheme}://{parts.netloc}"


def read_server_file(path: Path) -> ServerFile:
    """Read `server.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, ServerFile)


def with_file(settings: ServerSettings, file: ServerFile, folder: Path) -> ServerSettings:
    """Return settings with what only the file tells: quotas, times, TLS, proxies, provider of identities."""
    tls = settings.tls
    if tls is None and file.tls is not None:
        tls = folder / file.tls.certificate, folder / file.tls.key
    return replace(
        settings,
        tls=tls,
        trusted_proxies=settings.trusted_proxies or file.trusted_proxies,
        quotas=file.quotas.quotas(),
        session_hours=file.session.idle_hours,
        longest_hours=file.session.longest_hours,
        oidc=None if file.oidc is None else file.oidc.oidc(folder),
    )


def _read_secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else Text("不是文本", "no text")
        raise ContentError(f"{path}：无法读取（{reason.zh}）", f"{path}: cannot be read ({reason.en})") from error
