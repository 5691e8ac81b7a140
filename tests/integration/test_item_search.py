"""Items are found by part of what is on them, with the picture somebody gave them."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image

from rtv_commands.add_pictures import PicturesAdded, add_pictures
from rtv_commands.issue_api_key import issue_api_key
from rtv_core.identity import Actor, ActorKind, Role
from tests.fixtures.bay import ADMIN, AWB, CREAM, Bay, send_rows
from tests.fixtures.pictures import draw_product

MACHINE = Actor(ActorKind.JOB, "fixture", frozenset({Role.MACHINE}))


def give(bay: Bay, *files: Path) -> PicturesAdded:
    return add_pictures(bay.dsn, bay.store, list(files), actor=ADMIN, now=datetime.now(UTC))


def found(client: httpx.Client, text: str) -> list[str]:
    answer = client.get("/v1/items", params={"q": text}).raise_for_status().json()
    return [item["sku_code"] for item in answer["items"]]


def test_items_are_found_by_part_of_name_sku_ean_or_platform_sku(bay: Bay) -> None:
    listing = {
        "platform_code": "NYRA",
        "platform_sku": "NYX-77_1",
        "sku_code": "SKU-CREAM-50",
        "effective_from": "2026-01-01",
    }
    send_rows(bay.dsn, bay.store, {"listings": [listing]}, MACHINE, "search")
    with bay.client() as client:
        assert found(client, "ml") == ["SKU-ROSE-100", "SKU-SERUM-30"]
        assert found(client, "CREAM night") == ["SKU-CREAM-50"]
        assert found(client, "00026") == ["SKU-CREAM-50"]
        assert found(client, "nyx-77_1") == ["SKU-CREAM-50"]
        assert found(client, "nyx%77") == found(client, "nyx-77__") == found(client, "nothing") == []
        assert found(client, "  ") == []
        assert client.get("/v1/items", params={"q": "s"}).status_code == 422
    other = Actor(ActorKind.PERSON, "lead", frozenset({Role.ADMIN}), "brand-b")
    key = issue_api_key(bay.dsn, key_name="b", actor=other, now=datetime.now(UTC))
    stranger = httpx.Client(base_url=bay.url, headers={"Authorization": f"Bearer {key}"})
    assert found(stranger, "rose") == []
    assert httpx.get(f"{bay.url}/v1/items?q=rose").status_code == 401


def test_a_picture_is_served_to_its_tenant_alone(bay: Bay, tmp_path: Path) -> None:
    by_sku, by_gtin, nobody, broken = (
        tmp_path / name for name in ("sku-rose-100.png", f"{CREAM}.jpg", "SKU-NONE.png", "SKU-SERUM-30.png")
    )
    draw_product(by_sku, "crimson")
    draw_product(by_gtin, "seagreen")
    draw_product(nobody, "black")
    broken.write_bytes(b"no picture")
    done = give(bay, by_sku, by_gtin, nobody, broken)
    assert done.added == ["sku-rose-100.png", f"{CREAM}.jpg"]
    assert set(done.refused) == {"SKU-NONE.png", "SKU-SERUM-30.png"}
    assert give(bay, by_sku).unchanged == ["sku-rose-100.png"]
    with bay.client() as client:
        lines = client.get("/v1/expected", params={"awb": AWB}).json()["lines"]
        assert [line["picture_sha256"] is None for line in lines] == [False, False, True]
        sha256 = client.get("/v1/items", params={"q": "rose"}).json()["items"][0]["picture_sha256"]
        assert sha256 == lines[0]["picture_sha256"]
        answer = client.get(f"/v1/pictures/{sha256}")
        assert client.get(f"/v1/pictures/{'0' * 64}").json()["code"] == "PICTURE_NOT_FOUND"
        draw_product(by_sku, "navy")
        give(bay, by_sku)
        newer = client.get("/v1/items", params={"q": "rose"}).json()["items"][0]["picture_sha256"]
        assert newer != sha256
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert Image.open(BytesIO(answer.content)).size == (320, 320)
    other = Actor(ActorKind.PERSON, "lead", frozenset({Role.ADMIN}), "brand-b")
    key = issue_api_key(bay.dsn, key_name="b", actor=other, now=datetime.now(UTC))
    address = f"{bay.url}/v1/pictures/{newer}"
    assert httpx.get(address).status_code == 401
    assert httpx.get(address, headers={"Authorization": f"Bearer {key}"}).status_code == 404
