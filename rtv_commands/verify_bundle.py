"""Says whether a proof bundle is unchanged, and whether it is signed by the key one trusts."""

from __future__ import annotations

from pathlib import Path

from rtv_core.errors import InvalidInput
from rtv_core.evidence.verify import Verdict, judge_bundle


def verify_bundle(path: Path, trust_key: str | Path | None = None) -> Verdict:
    """Judge a bundle; `trust_key` is a verifier key's text, or the file that holds it."""
    return judge_bundle(path, read_trust_key(trust_key) if trust_key is not None else None)


def read_trust_key(given: str | Path) -> str:
    """The text of a verifier key that was given as such or as a file."""
    if isinstance(given, str) and "+" in given and not Path(given).is_file():
        return given
    try:
        return Path(given).read_text(encoding="ascii")[:4096]
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"There is no verifier key at {given}",
            remedy="Give the line `<name>+<hash>+<key>`, or a file that holds it.",
            code="TRUST_KEY_INVALID",
        ) from error
