"""The routes beside the pages: sign-in, health, films, bundles and downloads."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from rtv_commands.export_mart import FORMATS, export_mart
from rtv_commands.hand_out_bundle import hand_out_bundle
from rtv_commands.sign_in import SignInGuard, sign_in
from rtv_core.errors import InvalidInput, NotFound, NotPermitted, RtvError
from rtv_core.identity import Actor
from rtv_core.objects.base import ObjectStore
from rtv_core.objects.factory import open_store
from rtv_core.settings import Settings
from rtv_core.warehouse.marts.claims import bundle_of
from rtv_core.warehouse.marts.evidence import clip_object
from rtv_core.warehouse.marts.health import answers
from rtv_core.warehouse.marts.reading import reading
from streamlit_app.server.problems import status_of
from streamlit_app.server.ranges import serve_object
from streamlit_app.server.sign_in_page import sign_in_html, sign_out_html
from streamlit_app.tokens import SESSION_COOKIE, SESSION_SECONDS, open_link, open_session, seal_session

MAX_FORM_BYTES = 16 * 1024


def _inside(path: str) -> str:
    """A path of this site; anything else becomes the start page."""
    is_ours = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path and "\r" not in path
    )
    return path if is_ours else "/"


class DeletedAfterwards(FileResponse):
    """A file in a folder of its own; both are removed once it was sent, or the client went away."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, then remove."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


class DashboardRoutes:
    """The handlers, with the settings they work under."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.guard = SignInGuard()
        self._store: ObjectStore | None = None

    def all(self) -> list[Route]:
        """Every route."""
        return [
            Route("/healthz", self.health),
            Route("/today", self.show_today),
            Route("/sign-in", self.show_sign_in, methods=["GET"]),
            Route("/sign-in", self.take_sign_in, methods=["POST"]),
            Route("/sign-out", self.show_sign_out, methods=["GET"]),
            Route("/sign-out", self.take_sign_out, methods=["POST"]),
            Route("/evidence-film/{clip_id:int}", self.film, methods=["GET", "HEAD"]),
            Route("/claim-bundle/{claim_no:path}", self.bundle, methods=["GET", "HEAD"]),
            Route("/export/{mart}.{file_format}", self.export, methods=["GET"]),
        ]

    async def health(self, _request: Request) -> Response:
        """Alive, and whether the warehouse answers."""
        try:
            await run_in_threadpool(answers, self.settings.warehouse_dsn())
        except RtvError as error:
            body = {"status": "unavailable", "code": error.code, "detail": error.fact}
            return JSONResponse(body, status_code=503)
        return JSONResponse({"status": "ok"})

    async def show_today(self, _request: Request) -> Response:
        """Today is the start page."""
        return RedirectResponse("/", status_code=303)

    async def show_sign_in(self, request: Request) -> Response:
        """The form."""
        return HTMLResponse(sign_in_html(next_path=_inside(request.query_params.get("next", "/"))))

    async def take_sign_in(self, request: Request) -> Response:
        """Compare, set the cookie, go on; or say what is wrong."""
        form = await self._form(request)
        user, next_path = form.get("user", ""), _inside(form.get("next", "/"))
        try:
            actor = sign_in(
                self.settings.dashboard,
                user,
                form.get("password", ""),
                guard=self.guard,
                now=datetime.now(UTC),
            )
        except RtvError as error:
            page = sign_in_html(
                next_path=next_path, user=user, problem=(error.code, error.fact, error.remedy)
            )
            return HTMLResponse(
                page, status_code=401 if isinstance(error, NotPermitted) else status_of(error)
            )
        answer = RedirectResponse(next_path, status_code=303)
        answer.set_cookie(
            SESSION_COOKIE,
            seal_session(self.settings, actor),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    async def show_sign_out(self, _request: Request) -> Response:
        """The question."""
        return HTMLResponse(sign_out_html())

    async def take_sign_out(self, _request: Request) -> Response:
        """Forget the cookie."""
        answer = RedirectResponse("/sign-in", status_code=303)
        answer.delete_cookie(SESSION_COOKIE)
        return answer

    async def film(self, request: Request) -> Response:
        """One clip, by a signed link that runs out."""
        clip_id = int(request.path_params["clip_id"])
        tenant_code = self._tenant(request, "film", str(clip_id))

        def serve() -> Response:
            with reading(self.settings.warehouse_dsn()) as connection:
                clip = clip_object(
                    connection, tenant_code, clip_id, playable="playable" in request.query_params
                )
            return serve_object(
                request, self.store, clip.object_key, file_name=clip.file_name, etag=clip.sha256
            )

        return await run_in_threadpool(serve)

    async def bundle(self, request: Request) -> Response:
        """One claim's bundle, by a signed link that runs out; each link that is used is a disclosure."""
        claim_no = request.path_params["claim_no"]
        tenant_code = self._tenant(request, "bundle", claim_no)

        def serve() -> Response:
            with reading(self.settings.warehouse_dsn()) as connection:
                found = bundle_of(connection, tenant_code, claim_no)
            name = f"{''.join(c if c.isalnum() or c in '-_' else '_' for c in claim_no)}.zip"
            answer = serve_object(
                request, self.store, found.object_key, file_name=name, etag=found.sha256, as_attachment=True
            )
            if request.method == "GET" and answer.status_code in {200, 206}:
                hand_out_bundle(
                    self.settings.warehouse_dsn(), claim_no, found.sha256, actor=self._actor(request),
                    now=datetime.now(UTC), link=request.query_params["token"],
                )  # fmt: skip
            return answer

        return await run_in_threadpool(serve)

    async def export(self, request: Request) -> Response:
        """A mart as a file: `/export/fct_discrepancies.xlsx?rule_code=unit_short`."""
        mart, file_format = request.path_params["mart"], request.path_params["file_format"]
        actor = self._actor(request)
        filters = {name: request.query_params.getlist(name) for name in request.query_params}
        if file_format not in FORMATS:
            raise InvalidInput(
                f"{file_format} is no export format",
                remedy=f"Use one of {', '.join(FORMATS)}.",
                code="FORMAT_UNKNOWN",
            )

        def write() -> Path:
            folder = Path(tempfile.mkdtemp(prefix="rtv-export-"))
            try:
                return export_mart(
                    self.settings.warehouse_dsn(),
                    mart,
                    folder / f"{mart}.{file_format}",
                    tenant_code=actor.tenant_code,
                    reporting_timezone=self.settings.dashboard.reporting_timezone,
                    filters=filters,
                ).path
            except RtvError:
                shutil.rmtree(folder)
                raise

        path = await run_in_threadpool(write)
        return DeletedAfterwards(
            path, filename=f"{mart}.{file_format}", headers={"cache-control": "no-store"}
        )

    @property
    def store(self) -> ObjectStore:
        """The object store, opened on first use."""
        if self._store is None:
            self._store = open_store(self.settings)
        return self._store

    def _actor(self, request: Request) -> Actor:
        actor = open_session(self.settings, request.cookies.get(SESSION_COOKIE))
        if actor is None:
            raise NotPermitted(
                "Nobody is signed in", remedy="Sign in at /sign-in first.", code="NOT_SIGNED_IN"
            )
        return actor

    def _tenant(self, request: Request, kind: str, identifier: str) -> str:
        tenant_code = open_link(self.settings, kind, request.query_params.get("token", ""), identifier)
        if tenant_code != self._actor(request).tenant_code:
            raise NotFound("There is no such object", remedy="Open the page again.", code="OBJECT_NOT_FOUND")
        return tenant_code

    @staticmethod
    async def _form(request: Request) -> dict[str, str]:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FORM_BYTES:
                raise InvalidInput(
                    "The form is too large", remedy="Use the sign-in page.", code="FORM_TOO_LARGE"
                )
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}
