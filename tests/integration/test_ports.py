"""A busy port is named, with the process that wants it and the variable that moves it."""

from __future__ import annotations

import socket

import pytest

from rtv_cli.local.ports import refuse_busy_ports, wanted_ports
from rtv_core.errors import ConfigurationError
from rtv_core.settings import read_settings
from tests.conftest import free_port


def test_a_busy_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        # A hub that runs on the usual ports of this machine is not what is looked for.
        for variable, _ in wanted_ports(read_settings()).values():
            monkeypatch.setenv(variable, str(free_port()))
        monkeypatch.setenv("RTV_DASHBOARD__PORT", str(port))
        with pytest.raises(ConfigurationError) as caught:
            refuse_busy_ports(read_settings())
    assert caught.value.code == "PORT_BUSY"
    assert str(port) in caught.value.fact
    assert "dashboard" in caught.value.fact
    assert "RTV_DASHBOARD__PORT" in caught.value.remedy
