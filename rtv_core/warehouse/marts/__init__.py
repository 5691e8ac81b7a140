"""Typed reads of what dbt decided and of what the hub did: one module a page, one function a question."""
