"""Who acts: the same object at every door (page, API, command line, DAG)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rtv_core.errors import NotPermitted


class Role(StrEnum):
    """What an actor may do. `admin` may do everything; `partner` is a platform, CFA or transporter."""

    OPERATOR = "operator"
    BAY_LEAD = "bay_lead"
    OPS = "ops"
    CLAIMS = "claims"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMIN = "admin"
    MACHINE = "machine"
    BI_READER = "bi_reader"
    PARTNER = "partner"


# Who may send rows and files in quarantine in again, mended or as they are; who may map columns.
MENDERS = (Role.OPS, Role.BAY_LEAD)
MAPPERS = (Role.OPS,)
# Who gives out the work at the bays.
LEADS = (Role.BAY_LEAD, Role.OPS)


class ActorKind(StrEnum):
    """How an actor came in."""

    PERSON = "person"
    KEY = "key"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Actor:
    """One person, API key or job, with its roles, in one tenant; a partner is one party (`party_code`)."""

    kind: ActorKind
    name: str
    roles: frozenset[Role]
    tenant_code: str = "default"
    party_code: str | None = None

    def may(self, *roles: Role) -> bool:
        """Whether the actor has one of `roles` or is admin."""
        return Role.ADMIN in self.roles or bool(self.roles & set(roles))

    def require(self, *roles: Role) -> None:
        """Raise `NotPermitted` unless the actor has one of `roles` or is admin."""
        if self.may(*roles):
            return
        wanted = ", ".join(sorted(role.value for role in roles))
        raise NotPermitted(
            f"{self.name} has none of the roles {wanted}",
            remedy="Sign in as someone who has the role, or ask an administrator for it.",
        )


def job(name: str, tenant_code: str = "default") -> Actor:
    """The actor of an unattended job, for example a DAG task or a command."""
    return Actor(ActorKind.JOB, name, frozenset({Role.MACHINE}), tenant_code)
