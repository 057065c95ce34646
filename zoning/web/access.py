"""Who may do what: roles, scopes of tokens, and what a route asks for."""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from zoning.texts import Language, Text

Role = Literal["viewer", "reviewer", "planner", "restoration", "admin"]
Scope = Literal["check", "cases:read", "cases:write", "layers:read", "parcels:read", "parcels:write", "metrics"]

ROLES: Final[dict[Role, Text]] = {
    "viewer": Text("查看", "viewer"),
    "reviewer": Text("审查", "reviewer"),
    "planner": Text("规划", "planner"),
    "restoration": Text("矿山修复", "restoration"),
    "admin": Text("管理", "administrator"),
}
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
SCOPE_WORDS: Final[dict[Scope, Text]] = {
    "check": Text("检查地块", "check sites"),
    "cases:read": Text("读取案件", "read cases"),
    "cases:write": Text("登记和修改案件", "enter and change cases"),
    "layers:read": Text("读取图层", "read layers"),
    "parcels:read": Text("读取图斑", "read mine parcels"),
    "parcels:write": Text("登记和修改图斑", "enter and change mine parcels"),
    "metrics": Text("读取运行指标", "read the figures of operation"),
}
EVERY_ROLE: Final[frozenset[Role]] = frozenset(ROLES)
CASE_READERS: Final[tuple[Role, ...]] = ("viewer", "reviewer", "planner", "admin")
"""Who reads cases, on pages and through interfaces: the office, not those who restore mines."""
CASE_EDITORS: Final[tuple[Role, ...]] = ("reviewer", "admin")
"""Who changes cases, and reads contacts, documents and boundary files, which may name persons."""
REGISTER_EDITORS: Final[tuple[Role, ...]] = ("restoration", "admin")
"""Who changes other registers, and reads what is personal in them; everybody who is signed in reads the rest."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks.

    Attributes
    ----------
    name
        Of the account; "" for nobody.
    csrf
        What every form of this session must bring.
    scopes
        What the token may be used for; None for a signed-in browser, which may do all that the roles allow.
    """

    name: str = ""
    title: str = ""
    roles: frozenset[Role] = frozenset()
    language: Language | None = None
    csrf: str = ""
    scopes: frozenset[str] | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is known."""
        return bool(self.name)

    def has(self, *roles: Role) -> bool:
        """Tell whether one of the roles is held."""
        return not self.roles.isdisjoint(roles)


NOBODY: Final = Who()


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks for.

    Attributes
    ----------
    roles
        One of these has to be held; empty: nobody needs to be signed in.
    scope
        What a token needs besides; None: tokens are not taken here.
    """

    roles: frozenset[Role] = field(default_factory=frozenset)
    scope: Scope | None = None

    @property
    def is_public(self) -> bool:
        """Whether nobody needs to be signed in."""
        return not self.roles

    def admits(self, who: Who) -> bool:
        """Tell whether somebody may use the route."""
        if self.is_public:
            return True
        if who.scopes is not None and (self.scope is None or self.scope not in who.scopes):
            return False
        return not who.roles.isdisjoint(self.roles)


def only(*roles: Role, scope: Scope | None = None) -> Access:
    """Return the access of these roles."""
    return Access(frozenset(roles), scope)


def signed_in(scope: Scope | None = None) -> Access:
    """Return the access of everybody who is signed in."""
    return Access(EVERY_ROLE, scope)


PUBLIC: Final = Access()
