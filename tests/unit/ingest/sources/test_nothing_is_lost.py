"""Whatever is done to a payload, it is read, refused row by row by name, or refused whole; never a crash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.judging import judged_batches
from ingest.opening import open_file
from ingest.recognition import default_settings, recognise
from rtv_core.errors import InvalidInput
from tests.unit.ingest.sources.tracking import payloads as sender

_CLICKPOST = sender.clickpost("8")
_FLIPKART = dict.fromkeys(("returnId", "orderItemId", "quantity", "trackingId", "reason", "approvedOn"), "1")
_ORACLE = {"item_id": 3, "unit_qty": 4}
_ERETAIL = {"skuCode": "A", "openQty": 1}
SAMPLES: dict[str, Callable[[], Any]] = {
    "clickpost": lambda: sender.clickpost("8"),
    "clickpost pull": lambda: {"meta": {}, "result": {"1": {"valid": True, "scans": [_CLICKPOST]}}},
    "shiprocket": lambda: sender.shiprocket(sender.shiprocket_scan("18"), sender.shiprocket_scan("7")),
    "delhivery": lambda: sender.delhivery("UD", "In Transit", "X-UCI"),
    "bluedart": lambda: sender.bluedart("000", "T"),
    "ecom express": lambda: sender.ecom_express("999"),
    "aftership": lambda: sender.aftership("Delivered", "Delivered_001"),
    "easypost": lambda: sender.easypost("delivered", "unknown"),
    "flipkart": lambda: {"returnItems": [_FLIPKART]},
    "eretail": lambda: {"response": [{"rtvNo": "1", "rtvDate": "05/11/2026", "items": [_ERETAIL]}]},
    "oracle": lambda: {"RTVDesc": {"rtv_id": 1, "dc_dest_id": 2, "RTVDtl": [_ORACLE]}},
}  # fmt: skip
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["{", "[1", "\x00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in inner for place in _places(entry, (*path, key)))]


def _put(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    value[path[0]] = _put(value[path[0]], path[1:], odd)
    return value


@pytest.mark.parametrize("name", sorted(SAMPLES))
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
)
@given(data=st.data())
def test_an_odd_value_anywhere_is_never_a_crash(name: str, data: st.DataObject) -> None:
    body = json.loads(json.dumps(SAMPLES[name]()))
    path = data.draw(st.sampled_from(_places(body)))
    changed = _put(body, path, data.draw(ODD))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body.json"
        file.write_text(json.dumps([changed, SAMPLES[name]()]), encoding="utf-8")
        try:
            found = recognise(file.name, open_file(file, file.name))
        except InvalidInput:
            return
        for part in found.parts:
            for batch, judged in judged_batches(
                part.table, part.recognition, default_settings(found.source_name)
            ):
                assert batch.row_count == len(judged.row_nos) + len(judged.rejected)
                assert all(row.code and row.fact and row.remedy for row in judged.rejected)


@pytest.mark.parametrize("name", sorted(SAMPLES))
@settings(max_examples=6, deadline=None, derandomize=True)
@given(cut=st.integers(1, 400))
def test_a_document_that_was_cut_off_is_never_half_believed(name: str, cut: int) -> None:
    text = json.dumps(SAMPLES[name](), indent=1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body.json"
        file.write_text(text[: max(1, len(text) - cut)], encoding="utf-8")
        with pytest.raises(InvalidInput):
            recognise(file.name, open_file(file, file.name))
