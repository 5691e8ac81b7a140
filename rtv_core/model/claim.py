"""A claim, its lines and the discrepancies it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    DRAFT = "draft"
    READY = "ready"
    APPROVED = "approved"
    FILED = "filed"
    INFO_REQUESTED = "info_requested"
    ACCEPTED = "accepted"
    PART_ACCEPTED = "part_accepted"
    REJECTED = "rejected"
    APPEALED = "appealed"
    REIMBURSED = "reimbursed"
    CLOSED = "closed"
    CLAWED_BACK = "clawed_back"
    DROPPED = "dropped"
    TIME_BARRED = "time_barred"


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """What one claim is about: one liable party, one RTV (or consignment), one reason, one currency."""

    tenant_code: str
    party_code: str
    platform_code: str | None
    rtv_no: str | None
    transporter_code: str | None
    awb_no: str | None
    claim_reason: str
    currency_code: str

    @property
    def stem(self) -> str:
        """`<party>-<platform>-<rtv_no>-<reason>`; a consignment of several RTVs is named by its AWB."""
        subject = self.rtv_no or self.awb_no or "none"
        return f"{self.party_code}-{self.platform_code or 'none'}-{subject}-{self.claim_reason}"

    def claim_no(self, sequence: int) -> str:
        """The stem and the claim's number under it."""
        return f"{self.stem}-{sequence}"


@dataclass(frozen=True, slots=True)
class ClaimableDiscrepancy:
    """One final discrepancy with a value and a liable party, as the warehouse decided it."""

    group: ClaimGroup
    discrepancy_key: str
    sku_code: str | None
    batch_no: str | None
    discrepancy_qty: int
    value_minor: int
    is_terms_unverified: bool
    facts: dict[str, Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One discrepancy on a claim, as it stood when the claim was approved."""

    discrepancy_key: str
    rule_code: str
    sku_code: str | None
    batch_no: str | None
    claimed_qty: int
    claimed_minor: int
    facts: dict[str, Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its lines."""

    claim_id: int
    claim_no: str
    group: ClaimGroup
    status: ClaimStatus
    claimed_minor: int
    is_terms_unverified: bool
    due_at: datetime | None
    row_version: int
    missing_proof: tuple[str, ...]
    bundle_key: str | None
    bundle_sha256: str | None
    approved_at: datetime | None
    approved_by: str | None
    lines: tuple[ClaimLine, ...] = ()
