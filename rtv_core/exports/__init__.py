"""Tables as files that people and machines can open: XLSX, CSV and Parquet."""
