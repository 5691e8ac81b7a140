"""`rtv api`: the bay's server, API and QC app."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rtv_cli.output import errors, guarded

if TYPE_CHECKING:
    from rtv_core.settings import Settings


@guarded
def api(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; default RTV_API__HOST.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", help="Port to listen on; default RTV_API__PORT.")
    ] = None,
) -> None:
    """Serve the API and the QC app until stopped."""
    import uvicorn

    from ingest.api.app import create_app
    from rtv_cli.context import open_context

    settings = with_session_secret(open_context().settings)
    address, number = host or settings.api.host, port or settings.api.port
    errors.print(f"QC app and API on http://{address}:{number}/", highlight=False)
    # The operator's address decides how often he may try his PIN: no forwarded header is believed unasked.
    uvicorn.run(
        create_app(settings),
        host=address,
        port=number,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )


def with_session_secret(settings: Settings) -> Settings:
    """The settings with a session secret: the one set, else the home's own, made once, for our eyes only."""
    if settings.api.session_secret is not None:
        return settings
    from pydantic import SecretStr

    secret = _kept_secret(settings.home_folder / "keys" / "api_session_secret")
    return settings.model_copy(
        update={"api": settings.api.model_copy(update={"session_secret": SecretStr(secret)})}
    )


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        secret = secrets.token_hex(32)
        stream.write(secret)
    return secret


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("api")(api)
