"""Vinculum eRetail's returns to vendor."""
