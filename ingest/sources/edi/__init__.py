"""EDI messages of X12 and EDIFACT, mapped to the canonical contracts."""
