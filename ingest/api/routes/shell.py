"""The QC app's files, served by us alone, and its service worker with the list of what to keep offline."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

import orjson
from fastapi import FastAPI
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

QC_APP = Path(__file__).resolve().parents[3] / "qc_app"
_NOT_SERVED = {".md", ".txt"}


@lru_cache(maxsize=1)
def shell_manifest(folder: Path = QC_APP) -> dict[str, object]:
    """Every file of the app and one version over all their bytes."""
    digest = hashlib.sha256()
    files = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix not in _NOT_SERVED and name != "sw.js":
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
            files.append(f"/{name}")
    return {"version": digest.hexdigest()[:16], "files": files}


def add(app: FastAPI) -> None:
    """Serve the app at `/`."""
    # Debian's table of types lacks these two, and a worker or module with the wrong type is refused.
    mimetypes.add_type("application/wasm", ".wasm")
    mimetypes.add_type("application/manifest+json", ".webmanifest")

    @app.get("/sw.js", include_in_schema=False)
    def service_worker() -> Response:
        """The worker, changed whenever a file of the app is."""
        shell = orjson.dumps(shell_manifest()).decode()
        body = f"const SHELL = {shell};\n{(QC_APP / 'sw.js').read_text(encoding='utf-8')}"
        return Response(body, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @app.get("/docs", include_in_schema=False)
    def docs() -> RedirectResponse:
        """The description of the API; no page of ours loads a reader from another host."""
        return RedirectResponse("/openapi.json")

    app.mount("/", _NoCache(directory=QC_APP, html=True), name="qc_app")


class _NoCache(StaticFiles):
    """Files the browser asks about each time; the service worker is what keeps them."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """The file, to be revalidated."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response
