"""What can go wrong with a database, in sentences. None of them holds a password."""

from zoning.errors import how_to_install
from zoning.layers.formats import UnreadableError
from zoning.layers.postgis.address import Address
from zoning.texts import Text

_LONGEST = 200
_TEMPORARY = ("08", "25", "40", "53", "55", "57")  # classes of SQLSTATE: the same query may be answered later
_NO_RIGHT = "42501"  # also what a table with row-level security answers
_LOCKED = "55P03"
# What libpq says (it has no codes) -> what was found, and what to do.
_CONNECTING: tuple[tuple[str, Text], ...] = (
    (
        "connection refused",
        Text(
            "拒绝连接；请确认数据库已启动，主机和端口无误",
            "it refused the connection: check that it runs, and host and port",
        ),
    ),
    (
        "no such file",
        Text(
            "没有在运行；请启动数据库，或在 source 中写明主机",
            "it does not run here: start it, or name the host in 'source'",
        ),
    ),
    (
        "timeout expired",
        Text("没有在规定时间内回应；请检查网络、主机和端口", "no answer in time: check network, host and port"),
    ),
    (
        "timed out",
        Text("没有在规定时间内回应；请检查网络、主机和端口", "no answer in time: check network, host and port"),
    ),
    (
        "resolve host",
        Text(
            "找不到主机；请检查 source 中的主机名和网络",
            "there is no such host: check the host name in 'source' and the network",
        ),
    ),
    (
        "translate host",
        Text(
            "找不到主机；请检查 source 中的主机名和网络",
            "there is no such host: check the host name in 'source' and the network",
        ),
    ),
    (
        "no password supplied",
        Text(
            "需要密码；请用 PGPASSWORD、~/.pgpass 或 source 提供",
            "it asks for a password: give it in PGPASSWORD, ~/.pgpass or 'source'",
        ),
    ),
    ("authentication failed", Text("拒绝登录；请核对用户名和密码", "it refused the login: check user and password")),
    ('role "', Text("没有这个用户；请核对用户名", "there is no such user: check the user name")),
    (
        'database "',
        Text("没有这个数据库；请核对 source 中的数据库名", "there is no such database: check its name in 'source'"),
    ),
    (
        "pg_hba.conf",
        Text(
            "不允许从这台计算机登录；请数据库管理员在 pg_hba.conf 中放行",
            "it lets nobody in from this computer: ask its administrator for an entry in pg_hba.conf",
        ),
    ),
    ("too many", Text("连接数已满；请稍后重试", "it has no connection left: try again later")),
    ("starting up", Text("正在启动；请稍后重试", "it is starting: try again in a moment")),
    ("shutting down", Text("正在关闭；请稍后重试", "it is shutting down: try again later")),
    ("in recovery", Text("正在恢复；请稍后重试", "it is recovering: try again later")),
    (
        "ssl",
        Text(
            "加密连接没有建立；请核对 source 中的 sslmode 和证书",
            "the encrypted connection was not made: check 'sslmode' and certificates",
        ),
    ),
)


def not_installed() -> UnreadableError:
    """Return the reason where the library for PostgreSQL is missing."""
    how = how_to_install("postgis")
    return UnreadableError(
        Text(
            f"读取数据库需要 psycopg，未安装；{how.zh}",
            f"reading a database needs psycopg, which is not installed: {how.en}",
        )
    )


def no_postgis(address: Address) -> UnreadableError:
    """Return the reason where the database knows no geometry."""
    return UnreadableError(
        Text(
            f"数据库 {address.name} 没有 PostGIS；请数据库管理员执行 CREATE EXTENSION postgis",
            f"database {address.name} has no PostGIS: ask its administrator for CREATE EXTENSION postgis",
        )
    )


def not_connected(address: Address, error: Exception) -> UnreadableError:
    """Return the reason why there is no connection."""
    said = str(error).lower()
    for sign, text in _CONNECTING:
        if sign in said:
            return _passing(f"数据库 {address.name} {text.zh}", f"database {address.name}: {text.en}")
    detail = detail_of(address, error)
    return _passing(
        f"数据库 {address.name} 连接不上（{detail}）；请核对 layers/*.yaml 中的 source",
        f"database {address.name} cannot be reached ({detail}): check 'source' in layers/*.yaml",
    )


def lost(address: Address, what: str) -> UnreadableError:
    """Return the reason where the connection broke while something was read."""
    return _passing(
        f"读取 {what} 时与数据库的连接中断，本图层未核查；请在数据库恢复后重新核查",
        f"the connection to the database was lost while {what} was read: check again when {address.name} is back",
    )


def too_slow(what: str, seconds: float) -> UnreadableError:
    """Return the reason where the answer did not come in time."""
    return _passing(
        f"{what} 在 {seconds:g} 秒内没有读完；请检查空间索引、网络和数据库负载，或在 source 中放宽 statement_timeout",
        f"{what} was not read within {seconds:g} s: check its spatial index, the network and the load of the server, "
        "or raise statement_timeout in 'source'",
    )


def refused(address: Address, what: str, error: Exception) -> UnreadableError:
    """Return the reason where the server answered a query with an error."""
    state = getattr(error, "sqlstate", None) or ""
    detail = detail_of(address, error)
    if state == _NO_RIGHT:
        return not_allowed(what)
    if state == _LOCKED:
        return _passing(
            f"{what} 正被另一项操作锁定（如正在重新导入）；请稍后重新核查",
            f"{what} is locked by somebody else (perhaps it is being loaded anew): check again later",
        )
    return UnreadableError(
        Text(f"{what} 无法读取（{detail}）", f"{what} cannot be read ({detail})"), passing=state[:2] in _TEMPORARY
    )


def too_new(what: str) -> UnreadableError:
    """Return the reason where a table appeared after the state was taken in which everything is read."""
    return _passing(
        f"{what} 是在开始读取之后才建立或授权的；请重新核查",
        f"{what} was made, or opened to this user, only after reading had begun: check again",
    )


def not_allowed(what: str) -> UnreadableError:
    """Return the reason where the role must not read the whole table."""
    return UnreadableError(
        Text(
            f"{what} 不允许当前用户读取全部记录；请授予 SELECT 权限，且行级安全策略不得对其隐藏记录",
            f"{what} must not be read by this user: grant SELECT, and let no row-level security hide rows from it",
        )
    )


def _passing(zh: str, en: str) -> UnreadableError:
    return UnreadableError(Text(zh, en), passing=True)


def detail_of(address: Address, error: BaseException) -> str:
    """Return the first line of what the library says, on one line and without the password."""
    lines = str(error).strip().splitlines()
    text = lines[0].strip() if lines else type(error).__name__
    for secret in address.hidden:
        text = text.replace(secret, "***")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
