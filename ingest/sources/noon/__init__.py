"""noon's returns to vendor."""
