"""What other systems are told about a claim."""

from __future__ import annotations

from typing import Any

from rtv_core.model.claim import Claim


def claim_payload(claim: Claim) -> dict[str, Any]:
    """A claim with its lines, as a message carries it: text ids, integers in minor units, ISO 8601 times."""
    group = claim.group
    return {
        "claim_no": claim.claim_no,
        "claim_status": claim.status.value,
        "party_code": group.party_code,
        "platform_code": group.platform_code,
        "rtv_no": group.rtv_no,
        "transporter_code": group.transporter_code,
        "awb_no": group.awb_no,
        "claim_reason": group.claim_reason,
        "claimed_minor": claim.claimed_minor,
        "currency_code": group.currency_code,
        "is_terms_unverified": claim.is_terms_unverified,
        "due_at": claim.due_at.isoformat() if claim.due_at else None,
        "approved_at": claim.approved_at.isoformat() if claim.approved_at else None,
        "approved_by": claim.approved_by,
        "bundle_sha256": claim.bundle_sha256,
        "lines": [
            {
                "discrepancy_key": line.discrepancy_key,
                "rule_code": line.rule_code,
                "sku_code": line.sku_code,
                "batch_no": line.batch_no,
                "claimed_qty": line.claimed_qty,
                "claimed_minor": line.claimed_minor,
            }
            for line in claim.lines
        ],
    }
