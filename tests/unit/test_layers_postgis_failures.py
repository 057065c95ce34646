"""What can go wrong with a database is told in sentences, without a password, and whether it may pass."""

from collections.abc import Callable

import pytest

from zoning.layers.formats import UnreadableError
from zoning.layers.postgis import failures
from zoning.layers.postgis.address import Address, parse_address

SECRET = "geheim@1"  # noqa: S105 - of a made-up office
HERE = parse_address("postgresql://reader:geheim%401@gis.county:5432/land")
NAME = "gis.county:5432/land"
WHAT = "gis.county/land public.zones"


class ServerError(Exception):
    """As the library raises it: with the code of the server."""

    def __init__(self, said: str, sqlstate: str | None) -> None:
        super().__init__(said)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ("connection refused", "拒绝连接", "it refused the connection"),
        ("Connection refused\n\tIs the server running?", "拒绝连接", "it refused the connection"),
        ("connection to socket failed: No such file or directory", "没有在运行", "it does not run here"),
        ("timeout expired", "没有在规定时间内回应", "no answer in time"),
        ("Connection timed out", "没有在规定时间内回应", "no answer in time"),
        ('failed to resolve host "x"', "找不到主机", "there is no such host"),
        ('could not translate host name "x" to address', "找不到主机", "there is no such host"),
        ("fe_sendauth: no password supplied", "需要密码", "it asks for a password"),
        ('password authentication failed for user "x"', "拒绝登录", "it refused the login"),
        ('role "x" does not exist', "没有这个用户", "there is no such user"),
        ('database "x" does not exist', "没有这个数据库", "there is no such database"),
        ("no pg_hba.conf entry for host", "不允许从这台计算机登录", "it lets nobody in from this computer"),
        ("sorry, too many clients already", "连接数已满", "it has no connection left"),
        ("the database system is starting up", "正在启动", "it is starting"),
        ("the database system is shutting down", "正在关闭", "it is shutting down"),
        ("the database system is in recovery mode", "正在恢复", "it is recovering"),
        ("SSL error: certificate verify failed", "加密连接没有建立", "the encrypted connection was not made"),
    ],
)
def test_what_keeps_from_a_connection_is_told_with_what_to_do(said: str, zh: str, en: str) -> None:
    told = failures.not_connected(HERE, OSError(said))
    assert told.reason.zh.startswith(f"数据库 {NAME} {zh}")
    assert told.reason.en.startswith(f"database {NAME}: {en}")
    assert told.passing


def test_another_reason_is_told_in_the_words_of_the_library() -> None:
    told = failures.not_connected(HERE, OSError("the moon is full\nand more"))
    assert told.reason.zh == f"数据库 {NAME} 连接不上（the moon is full）；请核对 layers/*.yaml 中的 source"
    assert told.reason.en == f"database {NAME} cannot be reached (the moon is full): check 'source' in layers/*.yaml"
    assert told.passing


@pytest.mark.parametrize("spelled", [SECRET, "geheim%401"])
def test_no_sentence_holds_the_password(spelled: str) -> None:
    error = ServerError(f"cannot use {spelled} here", "XX000")
    for told in (failures.not_connected(HERE, error), failures.refused(HERE, WHAT, error)):
        assert spelled not in told.reason.zh
        assert spelled not in told.reason.en
        assert "cannot use *** here" in told.reason.en


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ("one line", "one line"),
        ("  first  \nsecond", "first"),
        ("\n\n first", "first"),
        ("", "ValueError"),
        ("  \n ", "ValueError"),
        ("字" * 200, "字" * 200),
        ("字" * 201, "字" * 200 + "…"),
        (f"{SECRET} and {SECRET}", "*** and ***"),
    ],
)
def test_the_detail_is_one_line_of_bounded_length(said: str, detail: str) -> None:
    assert failures.detail_of(HERE, ValueError(said)) == detail


def test_a_password_is_taken_out_before_the_text_is_cut() -> None:
    said = "x" * 196 + SECRET
    assert failures.detail_of(HERE, ValueError(said)) == "x" * 196 + "***"


@pytest.mark.parametrize(
    ("state", "passing"),
    [
        ("08006", True),
        ("25006", True),
        ("40001", True),
        ("53300", True),
        ("55000", True),
        ("57014", True),
        ("42P01", False),
        ("22023", False),
        ("XX000", False),
        ("", False),
        (None, False),
    ],
)
def test_a_refusal_may_pass_by_its_class(state: str | None, *, passing: bool) -> None:
    told = failures.refused(HERE, WHAT, ServerError("bad luck", state))
    assert told.reason.zh == f"{WHAT} 无法读取（bad luck）"
    assert told.reason.en == f"{WHAT} cannot be read (bad luck)"
    assert told.passing is passing


def test_an_error_without_a_code_does_not_pass() -> None:
    assert not failures.refused(HERE, WHAT, ValueError("bad luck")).passing


@pytest.mark.parametrize(
    ("tell", "zh", "en", "passing"),
    [
        (
            lambda: failures.refused(HERE, WHAT, ServerError("permission denied", "42501")),
            "不允许当前用户读取全部记录；请授予 SELECT 权限",
            "must not be read by this user: grant SELECT",
            False,
        ),
        (
            lambda: failures.refused(HERE, WHAT, ServerError("lock timeout", "55P03")),
            "正被另一项操作锁定",
            "is locked by somebody else",
            True,
        ),
        (lambda: failures.not_allowed(WHAT), "行级安全策略不得对其隐藏记录", "no row-level security hide rows", False),
        (lambda: failures.too_new(WHAT), "是在开始读取之后才建立或授权的", "only after reading had begun", True),
        (lambda: failures.too_slow(WHAT, 30.0), "在 30 秒内没有读完", "was not read within 30 s", True),
        (lambda: failures.too_slow(WHAT, 0.5), "在 0.5 秒内没有读完", "was not read within 0.5 s", True),
        (lambda: failures.lost(HERE, WHAT), "连接中断，本图层未核查", "the connection to the database was lost", True),
    ],
)
def test_trouble_with_a_table_names_it(tell: Callable[[], UnreadableError], zh: str, en: str, *, passing: bool) -> None:
    told = tell()
    assert WHAT in told.reason.zh
    assert WHAT in told.reason.en
    assert zh in told.reason.zh
    assert en in told.reason.en
    assert told.passing is passing


def test_a_lost_connection_names_the_database_to_wait_for() -> None:
    assert failures.lost(HERE, WHAT).reason.en.endswith(f"check again when {NAME} is back")


def test_a_database_without_geometry_names_the_extension() -> None:
    told = failures.no_postgis(HERE)
    assert told.reason.zh == f"数据库 {NAME} 没有 PostGIS；请数据库管理员执行 CREATE EXTENSION postgis"
    assert told.reason.en == f"database {NAME} has no PostGIS: ask its administrator for CREATE EXTENSION postgis"
    assert not told.passing


def test_a_missing_library_says_how_to_install_it() -> None:
    told = failures.not_installed()
    assert "psycopg" in told.reason.zh
    assert "which is not installed: " in told.reason.en
    assert "postgis" in told.reason.en
    assert not told.passing


@pytest.mark.parametrize("passing", [True, False])
def test_an_error_raised_anew_says_the_same(*, passing: bool) -> None:
    first = failures.lost(HERE, WHAT) if passing else failures.not_allowed(WHAT)
    again = first.anew()
    assert again is not first
    assert (again.reason, again.passing, str(again)) == (first.reason, passing, first.reason.en)


@pytest.mark.parametrize(
    ("url", "hidden"),
    [
        ("postgresql://gis/land", ()),
        ("postgresql://reader@gis/land", ()),
        ("postgresql://reader:geheim@gis/land", ("geheim",)),
        # As it is written and as it is meant, the longer one first.
        ("postgresql://reader:a%40b@gis/land", ("a%40b", "a@b")),
        ("postgresql://gis/land?password=a%40b", ("a%40b", "a@b")),
        ("postgresql://gis/land?sslpassword=xyz", ("xyz",)),
    ],
)
def test_every_spelling_of_a_password_is_known(url: str, hidden: tuple[str, ...]) -> None:
    assert Address(url).hidden == hidden
