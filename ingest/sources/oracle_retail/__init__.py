"""Oracle Retail's returns to vendor: requests and what was shipped."""
