"""What a made loss is worth under the made terms."""

from __future__ import annotations

from dataclasses import replace

from rtv_cli.simulator.catalogue import World, price_of
from rtv_cli.simulator.model import Platform, Sku
from rtv_cli.simulator.terms import claim_value
from rtv_cli.simulator.world import plan_world

WORLD = plan_world("small", 1)


def _platform(world: World, code: str) -> Platform:
    return next(platform for platform in world.platforms if platform.code == code)


def _sku(mrp_minor: int, gst_pct: int) -> Sku:
    return replace(WORLD.skus["LUM"][0], mrp_minor=mrp_minor, gst_pct=gst_pct)


def test_invoice_price_carries_tax_where_the_terms_say_so() -> None:
    sku = _sku(10_000, 18)
    platform = _platform(WORLD, "TEZMANDI")
    assert price_of(platform, sku) == 6_200
    assert claim_value(platform, "TEZMANDI", "unit_short", [(sku, 3)]) == 3 * 6_200 * 118 // 100


def test_a_party_without_terms_pays_the_invoice_price_without_tax() -> None:
    assert (
        claim_value(_platform(WORLD, "BIGORRA"), "BIGORRA", "unit_short", [(_sku(10_000, 18), 2)]) == 13_200
    )


def test_rounding_is_half_up_and_once_a_row() -> None:
    platform = _platform(WORLD, "VASTRELLO")
    assert claim_value(platform, "VASTRELLO", "damaged", [(_sku(101, 5), 1)]) == 51
    assert claim_value(platform, "VASTRELLO", "damaged", [(_sku(101, 5), 1), (_sku(101, 5), 1)]) == 101
