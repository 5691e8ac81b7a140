"""What the API counts of itself, in the text format of Prometheus: answers, their time, what is under way."""

from __future__ import annotations

import time
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.api.models import PROBLEMS
from ingest.api.security import CurrentCaller
from rtv_core.identity import Role

router = APIRouter(tags=["health"])
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Meter:
    """The figures of one process since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "rtv_api_answers",
            "Answers by route and status",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "rtv_api_answer_seconds",
            "From the last header of a request to the first of its answer",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.under_way = Gauge("rtv_api_under_way", "Requests that are not answered", registry=self.registry)


class Metered:
    """Counts every answer, refusals too."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self.app, self.meter = app, meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = _route(scope)
                self.meter.answers.labels(_method(scope), route, str(message["status"])).inc()
                self.meter.seconds.labels(route).observe(time.perf_counter() - began)
            await send(message)

        self.meter.under_way.inc()
        try:
            await self.app(scope, receive, counted)
        finally:
            self.meter.under_way.dec()


def _route(scope: Scope) -> str:
    """The template of the route that answered: a path of the sender's own would be a series of its own."""
    route: Any = scope.get("route")
    return str(route.path) if hasattr(route, "path") and route.path else "other"


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return scope["method"] if scope["method"] in known else "other"


@router.get("/metrics", responses={**PROBLEMS, 200: {"content": {"text/plain": {}}}}, response_class=Response)
def get_metrics(request: Request, caller: CurrentCaller) -> Response:
    """The process's figures for Prometheus, which sends an API key as its bearer token."""
    caller.actor.require(Role.MACHINE, Role.AUDITOR)
    meter = cast(Meter, request.app.state.meter)
    return Response(generate_latest(meter.registry), media_type=CONTENT_TYPE_LATEST)
