"""The three-way status alone, as peers would compute it: manifest, gate and captures of every RTV line.

Each peer reads what Postgres holds: the naive `create table as` the raw tables, the others Parquet files of
the same columns, and writes its result. `python -m bench.truth_status PEER FOLDER` runs one peer in its own
process.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

# One text for Postgres and DuckDB; an AWB with several RTVs counts for the first.
STATUS_SQL = """
with manifest as (
    select rtv_manifests.platform_code, rtv_no, awb_no, listings.sku_code, batch_no, sum(qty) as declared_qty
    from {rtv_manifests} as rtv_manifests
    inner join {listings} as listings
        on rtv_manifests.platform_code = listings.platform_code
        and rtv_manifests.platform_sku = listings.platform_sku
    group by rtv_manifests.platform_code, rtv_no, awb_no, listings.sku_code, batch_no
), rtvs as (
    select awb_no, min(rtv_no) as rtv_no from manifest group by awb_no
), captured as (
    select
        coalesce(captures.rtv_no, rtvs.rtv_no) as rtv_no, skus.sku_code, items.batch_no,
        sum(items.qty) as captured_qty
    from {qc_captures} as captures
    inner join {qc_capture_items} as items on captures.capture_id = items.capture_id
    left join rtvs on captures.awb_no = rtvs.awb_no
    left join {skus} as skus
        on skus.gtin = case
            when items.scanned_code like '(01)%' then substr(items.scanned_code, 6, 13)
            else items.scanned_code
        end
    group by coalesce(captures.rtv_no, rtvs.rtv_no), skus.sku_code, items.batch_no
), gate as (
    select awb_no, sum(cartons_received) as gate_cartons from {gate_receipts} group by awb_no
)
select
    manifest.platform_code,
    coalesce(manifest.rtv_no, captured.rtv_no) as rtv_no,
    coalesce(manifest.sku_code, captured.sku_code) as sku_code,
    coalesce(manifest.batch_no, captured.batch_no) as batch_no,
    coalesce(manifest.declared_qty, 0) as declared_qty,
    coalesce(captured.captured_qty, 0) as captured_qty,
    gate.gate_cartons,
    case
        when gate.gate_cartons is null and captured.captured_qty is null then 'pending'
        when coalesce(manifest.declared_qty, 0) > coalesce(captured.captured_qty, 0) then 'short'
        when coalesce(manifest.declared_qty, 0) < coalesce(captured.captured_qty, 0) then 'excess'
        else 'ok'
    end as status
from manifest
full join captured
    on manifest.rtv_no = captured.rtv_no
    and manifest.sku_code = captured.sku_code
    and coalesce(manifest.batch_no, '') = coalesce(captured.batch_no, '')
left join gate on manifest.awb_no = gate.awb_no
"""

COLUMNS = {
    "rtv_manifests": ("platform_code", "rtv_no", "awb_no", "platform_sku", "batch_no", "qty"),
    "listings": ("platform_code", "platform_sku", "sku_code"),
    "skus": ("gtin", "sku_code"),
    "qc_captures": ("capture_id", "rtv_no", "awb_no"),
    "qc_capture_items": ("capture_id", "scanned_code", "batch_no", "qty"),
    "gate_receipts": ("awb_no", "cartons_received"),
}
_LINE = ["rtv_no", "sku_code", "batch_no"]


def by_duckdb(folder: Path) -> int:
    """DuckDB on Parquet; returns the rows of its result."""
    import duckdb

    tables = {name: f"read_parquet('{folder / name}.parquet')" for name in COLUMNS}
    with duckdb.connect() as connection:
        connection.execute(
            f"copy ({STATUS_SQL.format(**tables)}) to '{folder / 'duckdb_result'}.parquet' (format parquet)"
        )
    return _written(folder, "duckdb")


def by_polars(folder: Path) -> int:
    """Polars, lazily, on Parquet."""
    import polars as pl

    read = {name: pl.scan_parquet(folder / f"{name}.parquet") for name in COLUMNS}
    manifest = (
        read["rtv_manifests"]
        .join(read["listings"], on=["platform_code", "platform_sku"])
        .group_by("platform_code", "awb_no", *_LINE)
        .agg(pl.col("qty").sum().alias("declared_qty"))
    )
    rtvs = manifest.group_by("awb_no").agg(pl.col("rtv_no").min().alias("first_rtv_no"))
    code = pl.col("scanned_code")
    captured = (
        read["qc_captures"]
        .join(read["qc_capture_items"], on="capture_id")
        .join(rtvs, on="awb_no", how="left")
        .with_columns(
            pl.coalesce("rtv_no", "first_rtv_no").alias("rtv_no"),
            pl.when(code.str.starts_with("(01)")).then(code.str.slice(5, 13)).otherwise(code).alias("gtin"),
        )
        .join(read["skus"], on="gtin", how="left")
        .group_by(_LINE)
        .agg(pl.col("qty").sum().alias("captured_qty"))
    )
    gate = (
        read["gate_receipts"].group_by("awb_no").agg(pl.col("cartons_received").sum().alias("gate_cartons"))
    )
    declared, seen = pl.col("declared_qty").fill_null(0), pl.col("captured_qty").fill_null(0)
    (
        manifest.with_columns(pl.col("batch_no").fill_null(""))
        .join(captured.with_columns(pl.col("batch_no").fill_null("")), on=_LINE, how="full", coalesce=True)
        .join(gate, on="awb_no", how="left")
        .with_columns(
            pl.when(pl.col("gate_cartons").is_null() & pl.col("captured_qty").is_null())
            .then(pl.lit("pending"))
            .when(declared > seen)
            .then(pl.lit("short"))
            .when(declared < seen)
            .then(pl.lit("excess"))
            .otherwise(pl.lit("ok"))
            .alias("status")
        )
        .sink_parquet(folder / "polars_result.parquet")
    )
    return _written(folder, "polars")


def by_pandas(folder: Path) -> int:
    """Pandas on Parquet."""
    import numpy as np
    import pandas as pd

    read = {name: pd.read_parquet(folder / f"{name}.parquet") for name in COLUMNS}
    read["rtv_manifests"]["batch_no"] = read["rtv_manifests"]["batch_no"].fillna("")
    read["qc_capture_items"]["batch_no"] = read["qc_capture_items"]["batch_no"].fillna("")
    manifest = read["rtv_manifests"].merge(read["listings"], on=["platform_code", "platform_sku"])
    manifest = manifest.groupby(["platform_code", "awb_no", *_LINE])["qty"].sum().reset_index()
    rtvs = manifest.groupby("awb_no")["rtv_no"].min()
    captured = read["qc_captures"].merge(read["qc_capture_items"], on="capture_id")
    captured["rtv_no"] = captured["rtv_no"].fillna(captured["awb_no"].map(rtvs))
    code = captured["scanned_code"]
    captured["gtin"] = code.where(~code.str.startswith("(01)"), code.str.slice(5, 18))
    captured = captured.merge(read["skus"], on="gtin", how="left")
    captured = captured.groupby(_LINE, dropna=False)["qty"].sum().reset_index()
    gate = read["gate_receipts"].groupby("awb_no")["cartons_received"].sum().reset_index()
    lines = manifest.merge(captured, on=_LINE, how="outer", suffixes=("_declared", "_captured"))
    lines = lines.merge(gate, on="awb_no", how="left")
    declared, seen = lines["qty_declared"].fillna(0), lines["qty_captured"].fillna(0)
    lines["status"] = np.select(
        [lines["cartons_received"].isna() & lines["qty_captured"].isna(), declared > seen, declared < seen],
        ["pending", "short", "excess"],
        "ok",
    )
    lines.to_parquet(folder / "pandas_result.parquet")
    return _written(folder, "pandas")


def _written(folder: Path, peer: str) -> int:
    import pyarrow.parquet

    return int(pyarrow.parquet.ParquetFile(folder / f"{peer}_result.parquet").metadata.num_rows)


PEERS = {"duckdb": by_duckdb, "polars": by_polars, "pandas": by_pandas}


def main() -> None:
    """Run one peer; print rows, seconds without imports of the interpreter, and peak megabytes."""
    peer, folder = sys.argv[1], Path(sys.argv[2])
    started = time.perf_counter()
    rows = PEERS[peer](folder)
    seconds = time.perf_counter() - started
    print(rows, round(seconds, 3), round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    main()
