"""The S3 server's inner ports are ports, wherever its outer one lies."""

from __future__ import annotations

from dataclasses import astuple

from hypothesis import given
from hypothesis import strategies as st

from rtv_cli.local.seaweed import SeaweedPorts


@given(st.integers(min_value=1024, max_value=65_535))
def test_inner_ports_are_valid_distinct_and_the_same_each_time(s3_port: int) -> None:
    ports = astuple(SeaweedPorts.beside(s3_port))
    assert ports == astuple(SeaweedPorts.beside(s3_port))
    assert len(set(ports)) == len(ports)
    assert all(0 < port <= 65_535 for port in ports)
