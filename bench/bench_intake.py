"""Validated CSV intake against raw COPY of the same bytes, in one run; prints the ratio."""

from __future__ import annotations

import csv
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from rtv_cli.local.postgres import EmbeddedPostgres
from rtv_commands.ingest import ingest_paths
from rtv_commands.prepare import prepare_warehouse
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
_HEADER = (
    "invoice_no",
    "invoice_line_no",
    "invoice_on",
    "po_no",
    "platform_code",
    "ship_from_node",
    "ship_to_node",
    "dispatched_at",
    "sku_code",
    "batch_no",
    "expiry_on",
    "qty",
    "unit_price",
    "gst_rate",
    "mrp",
)


def write_dispatches(path: Path, rows: int, series: str = "INV") -> int:
    """A CSV of dispatches, numbered in a series; its size in bytes."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADER)
        for number in range(rows):
            day = number % 28 + 1
            writer.writerow(
                (
                    f"{series}{number // 10:08}",
                    number % 10 + 1,
                    f"2026-10-{day:02}",
                    f"PO{number // 50}",
                    "AMAZON",
                    "FC-1",
                    "FC-2",
                    f"2026-10-{day:02}T10:00:00+05:30",
                    f"SKU-{number % 5000:05}",
                    f"B{number % 300}",
                    "2027-12-31",
                    number % 40 + 1,
                    f"{number % 900 + 10}.50",
                    18,
                    f"{number % 900 + 100}.00",
                )
            )
    return path.stat().st_size


def raw_copy(dsn: str, path: Path) -> None:
    """COPY of the same bytes into a table of text."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        columns = ", ".join(f"{name} text" for name in _HEADER)
        cursor.execute(f"create table if not exists public.bench ({columns})".encode())
        cursor.execute("truncate public.bench")
        with (
            path.open("rb") as stream,
            cursor.copy("copy public.bench from stdin (format csv, header)") as copy,
        ):
            while block := stream.read(1 << 18):
                copy.write(block)


def timed(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(server: EmbeddedPostgres, folder: Path, rows: int) -> dict[str, float]:
    """Best of three raw COPYs beside the best of three validated intakes, each of other keys."""
    dsn = server.dsn()
    prepare_warehouse(dsn)
    paths = [folder / f"dispatches_{series}.csv" for series in ("INA", "INB", "INC")]
    size = max(write_dispatches(path, rows, path.stem[-3:]) for path in paths)
    store = FolderStore(folder / "store")
    copies, intakes, cpu = [], [], []
    for path in paths:
        copies.append(timed(partial(raw_copy, dsn, path)))
        cpu_before = time.process_time()
        intakes.append(timed(partial(ingest_paths, dsn, store, [path], actor=job("bench"), now=NOW)))
        cpu.append(time.process_time() - cpu_before)
    copy_seconds, intake_seconds, cpu_seconds = min(copies), min(intakes), min(cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": rows,
        "megabytes": round(size / 1e6, 1),
        "copy_seconds": round(copy_seconds, 2),
        "intake_seconds": round(intake_seconds, 2),
        "intake_cpu_seconds": round(cpu_seconds, 2),
        "intake_rows_per_second": round(rows / intake_seconds),
        "ratio": round(copy_seconds / intake_seconds, 3),
        "peak_megabytes": round(peak),
    }


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(rows: int = 200_000) -> None:
    """Run the benchmark on a Postgres of its own and print one line a figure."""
    with tempfile.TemporaryDirectory(prefix="rtv-bench-") as name:
        folder = Path(name)
        # The server runs as a user of its own when this process is root.
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder / "pg", free_port())
        server.start()
        try:
            for key, value in measure(server, folder, rows).items():
                print(f"{key:24} {value:>12}")
        finally:
            server.stop("immediate")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
