"""Files of partners without a published format, read by a mapping that the tenant's people saved."""
