"""The invented names of a world. Any likeness to a company is chance; each one says that it is synthetic."""

from __future__ import annotations

from typing import NamedTuple


class Segment(NamedTuple):
    """One kind of brand: what it sells and how its goods behave."""

    brand_code: str
    brand_name: str
    city: str
    hsn_code: str
    gst_pct: int
    has_batches: bool
    shelf_life_days: int | None
    leaks: bool
    has_kits: bool
    mrp_range: tuple[int, int]
    categories: tuple[str, ...]
    words: tuple[str, ...]


SEGMENTS = (
    Segment(
        "LUM",
        "Lumivara Cosmetics",
        "Mumbai",
        "33049990",
        18,
        True,
        900,
        True,
        False,
        (149, 1299),
        ("serum", "shampoo", "lotion", "perfume"),
        ("Rose", "Saffron", "Neem", "Coconut", "Vetiver", "Amla"),
    ),
    Segment(
        "GIF",
        "Giftavia Hampers",
        "Jaipur",
        "18069010",
        18,
        False,
        None,
        False,
        True,
        (399, 2999),
        ("hamper", "combo", "candle", "keepsake"),
        ("Diwali", "Jasmine", "Royal", "Classic", "Festive", "Amber"),
    ),
    Segment(
        "ANP",
        "Annapurti Foods",
        "Bengaluru",
        "19053100",
        5,
        True,
        270,
        False,
        False,
        (20, 399),
        ("biscuit", "snack", "spice", "drink"),
        ("Masala", "Jeera", "Mango", "Oats", "Ragi", "Ginger"),
    ),
    Segment(
        "ORV",
        "Orvanta Retail",
        "Delhi",
        "61091000",
        12,
        False,
        None,
        False,
        False,
        (299, 3999),
        ("shirt", "towel", "bag", "bottle"),
        ("Indigo", "Ivory", "Cobalt", "Olive", "Maroon", "Slate"),
    ),
)

# The node codes and the platform code that the removal report's source maps to by default.
REMOVAL_PLATFORM = "AMAZON"
REMOVAL_ORIGIN = "AMAZON-FC"
REMOVAL_DESTINATION = "HUB"

# code, name, ownership model, price as percent of MRP, names cartons, names batches, naive times
PLATFORMS = (
    ("TEZMANDI", "Tezmandi Quick Commerce", "outright", 62, True, True, False),
    ("KIRNALOOP", "Kirnaloop Marketplace", "outright", 58, False, True, False),
    ("VASTRELLO", "Vastrello Fashion", "consignment", 55, True, False, True),
    ("BIGORRA", "Bigorra Hypermarkets", "outright", 66, False, False, False),
)

TRANSPORTERS = (
    ("GARUDRA", "Garudra Freight", "GR"),
    ("NIMBUSLINE", "Nimbusline Cargo", "NL"),
    ("PAVANIKA", "Pavanika Logistics", "PV"),
    ("TRIVAHAN", "Trivahan Express", "TV"),
    ("SATPURAX", "Satpurax Surface", "SX"),
    ("INDRAYAN", "Indrayan Couriers", "IC"),
)

CFAS = (
    ("CFA-DAK", "Dakshin CFA Services", "Chennai", ("ORV", "ANP")),
    ("CFA-UTT", "Uttara CFA Services", "Lucknow", ("ORV",)),
    ("CFA-PAS", "Paschim CFA Services", "Ahmedabad", ("ORV", "LUM")),
)

ORIGIN_CITIES = ("Gurugram", "Hyderabad", "Pune", "Kolkata", "Bhiwandi", "Kochi", "Indore", "Nagpur", "Surat",
                 "Coimbatore", "Patna")  # fmt: skip
STATES = {"Mumbai": "27", "Jaipur": "08", "Bengaluru": "29", "Delhi": "07", "Chennai": "33", "Lucknow": "09",
          "Ahmedabad": "24"}  # fmt: skip
OPERATORS = ("OP-ASHA", "OP-BIJU", "OP-CHITRA", "OP-DEV", "OP-ESHA", "OP-FARID")
