"""Signed tokens: the session cookie and the links of films and bundles. Each kind has its own salt."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from rtv_core.errors import ConfigurationError, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import Settings

SESSION_COOKIE = "rtv_session"
SESSION_SECONDS = 12 * 3600
LINK_SECONDS = 3600


def _serializer(settings: Settings, purpose: str) -> URLSafeTimedSerializer:
    secret = settings.dashboard.session_secret
    if secret is None:
        raise ConfigurationError(
            "The dashboard has no session secret",
            remedy="Set RTV_DASHBOARD__SESSION_SECRET; `rtv demo` generates it.",
            code="SIGN_IN_UNSET",
        )
    return URLSafeTimedSerializer(secret.get_secret_value(), salt=f"rtv.dashboard.{purpose}")


def seal_session(settings: Settings, actor: Actor) -> str:
    """The value of an actor's session cookie."""
    body = {"name": actor.name, "roles": sorted(actor.roles), "tenant": actor.tenant_code}
    return _serializer(settings, "session").dumps(body)


def open_session(settings: Settings, value: str | None) -> Actor | None:
    """The actor of a session cookie; None when there is none, it is forged or it has run out."""
    if not value:
        return None
    try:
        body = _serializer(settings, "session").loads(value, max_age=SESSION_SECONDS)
    except BadSignature:
        return None
    roles = frozenset(Role(name) for name in body["roles"])
    return Actor(ActorKind.PERSON, body["name"], roles, body["tenant"])


def seal_link(settings: Settings, kind: str, identifier: str, tenant_code: str) -> str:
    """A token that opens one film or bundle for a while."""
    return _serializer(settings, f"link.{kind}").dumps({"id": identifier, "tenant": tenant_code})


def open_link(settings: Settings, kind: str, token: str, identifier: str) -> str:
    """The tenant a link was made for; `NotPermitted` when it is forged, of another object, or has run out."""
    try:
        body: dict[str, Any] = _serializer(settings, f"link.{kind}").loads(token, max_age=LINK_SECONDS)
    except SignatureExpired as error:
        raise NotPermitted(
            "This link has run out", remedy="Open the page again; it makes a new one.", code="LINK_EXPIRED"
        ) from error
    except BadSignature as error:
        raise NotPermitted(
            "This link is not one of ours",
            remedy="Open the page again; it makes a new one.",
            code="LINK_FORGED",
        ) from error
    if body["id"] != identifier:
        raise NotPermitted(
            "This link opens something else",
            remedy="Open the page again; it makes a new one.",
            code="LINK_FORGED",
        )
    return str(body["tenant"])
