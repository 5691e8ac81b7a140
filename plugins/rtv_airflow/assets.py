"""Every asset of the hub, in this one module: one URI must never have two names."""

from __future__ import annotations

from airflow.sdk import Asset, AssetWatcher

from rtv_airflow.triggers import WorkWaitingTrigger

ARRIVALS = Asset(
    name="arrivals",
    uri="rtv://inbox/arrivals",
    group="rtv",
    watchers=[AssetWatcher(name="files_waiting", trigger=WorkWaitingTrigger(question="arrivals"))],
)
RAW = Asset(name="raw", uri="rtv://warehouse/raw", group="rtv")
STAGING = Asset(name="staging", uri="rtv://warehouse/staging", group="rtv")
MATCHING = Asset(name="matching", uri="rtv://warehouse/matching", group="rtv")
DISCREPANCIES = Asset(name="discrepancies", uri="rtv://warehouse/discrepancies", group="rtv")
CANDIDATES = Asset(name="candidates", uri="rtv://warehouse/candidates", group="rtv")
MARTS = Asset(name="marts", uri="rtv://warehouse/marts", group="rtv")
EVIDENCE = Asset(name="evidence", uri="rtv://store/evidence", group="rtv")
CLAIMS = Asset(name="claims", uri="rtv://ops/claims", group="rtv")
OUTBOX = Asset(
    name="outbox",
    uri="rtv://ops/outbox",
    group="rtv",
    watchers=[AssetWatcher(name="messages_due", trigger=WorkWaitingTrigger(question="outbox"))],
)

STAGE_ASSETS = {
    "staging": STAGING,
    "matching": MATCHING,
    "discrepancies": DISCREPANCIES,
    "marts": CANDIDATES,
    "publish": MARTS,
}
