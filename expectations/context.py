"""An ephemeral Great Expectations context: nothing on disk, nothing sent to anyone."""

from __future__ import annotations

import great_expectations as gx
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
from great_expectations.datasource.fluent import PostgresDatasource


def open_context() -> EphemeralDataContext:
    """A context in memory, with telemetry and progress bars off."""
    settings = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars={"globally": False},
    )
    context: EphemeralDataContext = gx.get_context(mode="ephemeral", project_config=settings)
    return context


def add_warehouse(context: EphemeralDataContext, dsn: str) -> PostgresDatasource:
    """The warehouse as a data source, over psycopg 3."""
    _, _, address = dsn.partition("://")
    return context.data_sources.add_postgres("warehouse", connection_string=f"postgresql+psycopg://{address}")
