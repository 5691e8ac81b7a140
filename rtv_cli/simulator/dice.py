"""Chance by name: the same words give the same numbers, in whatever order they are asked for."""

from __future__ import annotations

import random


def dice(*words: object) -> random.Random:
    """A generator of its own for these words, so that one return never shifts another's numbers."""
    return random.Random("/".join(str(word) for word in words))  # noqa: S311 - a made world, no secret


def between(roll: random.Random, low: int, high: int) -> int:
    """A whole number from low to high, both included; cheaper than `randint`."""
    return low + int(roll.random() * (high - low + 1))
