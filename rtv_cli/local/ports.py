"""Which ports the local processes want, and who is in the way."""

from __future__ import annotations

import socket
from dataclasses import astuple

import psutil

from rtv_cli.local.seaweed import SeaweedPorts
from rtv_core.errors import ConfigurationError
from rtv_core.settings import Settings


def wanted_ports(settings: Settings) -> dict[str, tuple[str, int]]:
    """Each local process that listens: the setting that names its port, and the port."""
    return {
        "postgres": ("RTV_WAREHOUSE__PORT", settings.warehouse.port),
        "s3": ("RTV_STORE__PORT", settings.store.port),
        "api": ("RTV_API__PORT", settings.api.port),
        "dashboard": ("RTV_DASHBOARD__PORT", settings.dashboard.port),
        "airflow": ("RTV_AIRFLOW__PORT", settings.airflow.port),
        "receiver": ("RTV_OUTBOUND__RECEIVER_PORT", settings.outbound.receiver_port),
    }


def _inner_ports(settings: Settings) -> dict[str, tuple[str, int]]:
    inner = astuple(SeaweedPorts.beside(settings.store.port))[1:]
    return {f"s3 inside ({port})": ("RTV_STORE__PORT", port) for port in inner}


def listens(port: int) -> bool:
    """Whether something answers on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def refuse_busy_ports(settings: Settings) -> None:
    """Raise `ConfigurationError` naming the first port that another program holds."""
    for process, (variable, port) in (wanted_ports(settings) | _inner_ports(settings)).items():
        if listens(port):
            raise ConfigurationError(
                f"Port {port}, wanted by {process}, is in use by {_holder(port)}",
                remedy=f"Stop that program, or set {variable} to a free port.",
                code="PORT_BUSY",
                process=process,
                port=port,
            )


def _holder(port: int) -> str:
    try:
        found = [
            item
            for item in psutil.net_connections("tcp")
            if item.laddr and item.laddr.port == port and item.pid
        ]
        return (
            f"{psutil.Process(found[0].pid).name()} (process {found[0].pid})" if found else "another program"
        )
    except psutil.Error:
        return "another program"
