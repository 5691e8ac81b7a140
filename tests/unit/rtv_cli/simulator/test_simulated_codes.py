"""Numbers on made goods are valid, and belong to nobody."""

from __future__ import annotations

from datetime import date

import biip

from rtv_cli.simulator.codes import GOODS_PREFIX, awb_number, ean13, element_string


def test_gtins_have_a_right_check_digit() -> None:
    for number in (0, 7, 12_345, 99_999_999):
        parsed = biip.parse(ean13(GOODS_PREFIX, number))
        assert parsed.gtin is not None
        assert parsed.gtin.value == ean13(GOODS_PREFIX, number)


def test_element_strings_give_their_parts_back() -> None:
    gtin = ean13(GOODS_PREFIX, 4_711)
    parsed = biip.parse(element_string(gtin, "L2608011", date(2027, 5, 31)))
    assert parsed.gs1_message is not None
    parts = {entry.ai.ai: entry.value for entry in parsed.gs1_message.element_strings}
    assert parts == {"01": gtin.zfill(14), "17": "270531", "10": "L2608011"}


def test_no_awb_is_given_twice() -> None:
    assert len({awb_number("GR", number) for number in range(50_000)}) == 50_000
