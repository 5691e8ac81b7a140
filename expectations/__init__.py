"""Great Expectations at the border: guards sets of raw rows (volume, freshness, references, distribution)."""
