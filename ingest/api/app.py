"""The bay's server: the API under /v1 and the QC app at /. `create_app(settings)` makes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.responses import JSONResponse

from ingest.api import metrics, problems
from ingest.api.guards import BodyLimit, SecurityHeaders
from ingest.api.limits import CallLimit, Crowd, TryLimit
from ingest.api.routes import (
    assignments,
    beacon,
    codes,
    expected,
    hooks,
    items,
    records,
    seal,
    sessions,
    shell,
    sops,
    status,
    uploads,
)
from ingest.api.security import Sessions
from ingest.api.tus import TusEnvelope
from rtv_commands.receive_upload import UploadDesk
from rtv_core.errors import ConfigurationError
from rtv_core.objects import open_store
from rtv_core.settings import Settings
from rtv_core.warehouse.bay_reads import require_ready
from rtv_core.warehouse.connection import connect, drop_connections, keep_connections

_DESCRIPTION = """
Receives what the bay sees: gate receipts, captures, films. **Accepted means kept**: `202` is answered after
the record is committed and its film is in the store. Send an `Idempotency-Key` with each record; the same key
and body again answers the same and changes nothing. Errors are `application/problem+json` with code, fact and
remedy.
"""


def create_app(settings: Settings) -> FastAPI:
    """The app of these settings; `ConfigurationError` when no session secret is set."""
    if settings.api.session_secret is None:
        raise ConfigurationError(
            "No session secret is set",
            remedy="Set RTV_API__SESSION_SECRET, or start the API with `rtv api`, which keeps its own.",
            code="SESSION_SECRET_UNSET",
        )
    app = FastAPI(
        title="RTV Hub bay API",
        version="1.0.0",
        description=_DESCRIPTION,
        redoc_url=None,
        docs_url=None,
        lifespan=_working,
    )
    store = open_store(settings)
    app.state.settings = settings
    app.state.store = store
    app.state.sessions = Sessions(settings.api.session_secret.get_secret_value(), settings.api.session_hours)
    app.state.sign_in_limit = TryLimit(settings.api.sign_in_tries_per_minute)
    app.state.calls = CallLimit()
    app.state.uploads = UploadDesk(
        settings.warehouse_dsn(),
        store,
        settings.upload_folder,
        settings.api.max_upload_bytes,
        settings.api.upload_days,
    )
    problems.register(app)
    # The last one added is the first one asked: a body is whole before its request takes up room.
    app.add_middleware(Crowd, records=settings.api.requests_at_once, uploads=settings.api.uploads_at_once)
    app.add_middleware(
        BodyLimit, max_bytes=settings.api.max_body_bytes, idle_seconds=settings.api.idle_seconds
    )
    app.add_middleware(TusEnvelope)
    app.add_middleware(SecurityHeaders)
    app.state.meter = metrics.Meter()
    app.add_middleware(metrics.Metered, meter=app.state.meter)
    for module in (
        sessions,
        expected,
        assignments,
        items,
        records,
        uploads,
        status,
        hooks,
        sops,
        codes,
        beacon,
        seal,
    ):
        app.include_router(module.router)
    app.include_router(metrics.router)
    _add_health(app, settings)
    shell.add(app)
    return app


@asynccontextmanager
async def _working(app: FastAPI) -> AsyncIterator[None]:
    """As many threads as connections: no thread of a request ever waits for one."""
    settings: Settings = app.state.settings
    dsn, most = settings.warehouse_dsn(), settings.api.connections
    current_default_thread_limiter().total_tokens = most
    keep_connections(dsn, most=most)
    try:
        yield
    finally:
        drop_connections(dsn)


def _add_health(app: FastAPI, settings: Settings) -> None:
    @app.get("/healthz", tags=["health"])
    def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"])
    def readyz() -> JSONResponse:
        """The warehouse answers and the upload folder can be written."""
        with connect(settings.warehouse_dsn(), application_name="rtv-ready") as connection:
            require_ready(connection)
        settings.upload_folder.mkdir(parents=True, exist_ok=True)
        return JSONResponse({"status": "ready"})
