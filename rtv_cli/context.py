"""What every command starts from: settings, the warehouse's address, the store, who acts."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from pydantic import SecretStr

from rtv_cli.local.postgres import EmbeddedPostgres
from rtv_commands.prepare import prepare_warehouse
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import Settings, get_settings


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Settings whose warehouse address is set, and the person at the keyboard."""

    settings: Settings
    actor: Actor

    @property
    def dsn(self) -> str:
        """The warehouse's address."""
        return self.settings.warehouse_dsn()


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """The embedded Postgres of these settings' home."""
    return EmbeddedPostgres(settings.home_folder / "pg", settings.warehouse.port)


def with_warehouse(settings: Settings) -> Settings:
    """The settings with a warehouse address: the one set, else the home's own Postgres, started."""
    if settings.warehouse.dsn is not None:
        return settings
    server = embedded_postgres(settings)
    server.start()
    warehouse = settings.warehouse.model_copy(update={"dsn": SecretStr(server.dsn())})
    return settings.model_copy(update={"warehouse": warehouse})


def open_context(tenant_code: str = "default") -> CommandContext:
    """Read settings, find or start the warehouse and bring it up to this version."""
    settings = with_warehouse(get_settings())
    prepare_warehouse(settings.warehouse_dsn())
    actor = Actor(ActorKind.PERSON, getpass.getuser(), frozenset({Role.ADMIN}), tenant_code)
    return CommandContext(settings, actor)
