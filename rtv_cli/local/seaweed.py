"""The local S3 server: seaweedfs in one process, every port on 127.0.0.1, with Object Lock.

Its filer's HTTP door is shut: through it a locked object could be removed without a key.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path

import httpx

# One volume a bucket instead of seven: a local store holds few large objects.
SEAWEED_ENVIRONMENT = {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}

MAX_PORT = 65_535

# All data is on disk 0.3 s after SIGTERM; the process itself lingers for 15 s and may then be killed.
STOP_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class SeaweedPorts:
    """The ports of one server; only `s3` is for clients."""

    s3: int
    s3_grpc: int
    master: int
    master_grpc: int
    volume: int
    volume_grpc: int
    filer: int
    filer_grpc: int

    @classmethod
    def beside(cls, s3_port: int) -> SeaweedPorts:
        """The same inner ports at each start, 10,000 from the S3 port: the store remembers them."""
        inner_count = len(fields(cls)) - 1
        first = s3_port + 10_000 if s3_port + 10_000 + inner_count <= MAX_PORT else s3_port - 10_000
        return cls(s3_port, *range(first, first + inner_count))


def seaweed_command(folder: Path, ports: SeaweedPorts, config_path: Path) -> list[str]:
    """The command of a server that keeps its data in `folder`; run it with `SEAWEED_ENVIRONMENT`."""
    return [
        str(Path(sys.executable).parent / "weed"),
        "-logtostderr=true",
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-master.port={ports.master}",
        f"-master.port.grpc={ports.master_grpc}",
        "-master.telemetry=false",
        "-master.electionTimeout=1s",
        "-master.volumeSizeLimitMB=1024",
        f"-volume.port={ports.volume}",
        f"-volume.port.grpc={ports.volume_grpc}",
        "-volume.max=100",
        "-volume.preStopSeconds=0",
        "-filer",
        f"-filer.port={ports.filer}",
        f"-filer.port.grpc={ports.filer_grpc}",
        "-filer.disableHttp",
        f"-filer.localSocket={folder / 'filer.sock'}",
        "-s3",
        f"-s3.port={ports.s3}",
        f"-s3.port.grpc={ports.s3_grpc}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.localSocket={folder / 's3.sock'}",
        f"-s3.config={config_path}",
        "-s3.iam=false",
    ]


def seaweed_is_ready(ports: SeaweedPorts) -> bool:
    """Whether the S3 door is open and a volume server has joined: before that, reads and writes fail."""
    try:
        if httpx.get(f"http://127.0.0.1:{ports.s3}/healthz", timeout=2).status_code != 200:
            return False
        answer = httpx.get(f"http://127.0.0.1:{ports.master}/dir/status", timeout=2)
        return answer.status_code == 200 and answer.json()["Topology"]["Max"] > 0
    except httpx.TransportError:
        return False


def write_s3_config(path: Path, *, access_key: str, secret_key: str) -> Path:
    """Write the one identity that may use the store, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    identity = {
        "name": "rtv",
        "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".s3-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as sink:
        json.dump({"identities": [identity]}, sink)
    Path(name).rename(path)
    return path
