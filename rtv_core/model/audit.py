"""What a check of the audit trail found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditBreak:
    """The first place of a chain that is not as it was written."""

    code: str
    fact: str
    chain_no: int | None = None
    audit_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """One tenant's chain: how far it was read, its last row, how far the seal log covers it."""

    tenant_code: str
    rows_checked: int
    head_no: int
    head_hash: str
    sealed_no: int
    first_break: AuditBreak | None


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """Every chain that was asked for, and what guards them all."""

    chains: tuple[ChainVerdict, ...]
    is_seal_signature_checked: bool
    guard_break: AuditBreak | None = None

    @property
    def rows_checked(self) -> int:
        """Rows of all chains."""
        return sum(chain.rows_checked for chain in self.chains)

    @property
    def first_break(self) -> AuditBreak | None:
        """The first break of the first broken chain; else what is wrong with the guards."""
        return next((chain.first_break for chain in self.chains if chain.first_break), self.guard_break)

    @property
    def is_whole(self) -> bool:
        """Nothing was changed, removed or slipped in."""
        return self.first_break is None

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "is_whole": self.is_whole,
            "rows_checked": self.rows_checked,
            "first_break": asdict(self.first_break) if self.first_break else None,
            **asdict(self),
        }
