"""Serves S3 in a container: `python -m rtv_cli.local.serve_s3 FOLDER PORT HOST`, keys from RTV_STORE__*."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rtv_cli.local.seaweed import SEAWEED_ENVIRONMENT, SeaweedPorts, seaweed_command, write_s3_config
from rtv_core.settings import read_settings


def main() -> None:
    """Replace this process by the S3 server, open on `HOST` for S3 alone."""
    folder, port, host = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    store = read_settings().store
    if store.access_key is None or store.secret_key is None:
        sys.exit("RTV_STORE__ACCESS_KEY and RTV_STORE__SECRET_KEY must be set")
    config = write_s3_config(
        folder / "s3.json",
        access_key=store.access_key.get_secret_value(),
        secret_key=store.secret_key.get_secret_value(),
    )
    command = [*seaweed_command(folder, SeaweedPorts.beside(port), config), f"-s3.ip.bind={host}"]
    os.environ.update(SEAWEED_ENVIRONMENT)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
