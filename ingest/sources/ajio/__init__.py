"""AJIO's report of B2B returns."""
