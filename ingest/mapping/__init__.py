"""Column mappings: what people record about files of partners without a published format."""
