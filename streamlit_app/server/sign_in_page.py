"""The sign-in and sign-out pages: one plain HTML form each, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

import streamlit

_DOOR = Template(Path(__file__).with_name("door.html").read_text(encoding="utf-8"))
_FIELDS = Template("""<input type="hidden" name="next" value="$next_path">
<label for="user">Name</label>
<input id="user" name="user" autocomplete="username" required value="$user" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>""")


_FONT_FILES = {
    "Source Sans 3": "SourceSansVF-Upright.*.woff2",
    "Source Serif 4": "SourceSerifVariable-Roman.*.woff2",
}


def _font_faces() -> str:
    """The fonts that Streamlit brings along, under the names that the door's style sheet uses."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "media"
    return "\n".join(
        f'@font-face {{ font-family: "{name}"; src: url("/static/media/{path.name}") format("woff2"); '
        "font-weight: 200 900; font-display: swap; }"
        for name, pattern in _FONT_FILES.items()
        for path in folder.glob(pattern)
    )


_FONTS = _font_faces()


def sign_in_html(*, next_path: str, user: str = "", problem: tuple[str, str, str] | None = None) -> str:
    """The sign-in form; `problem` is the code, fact and remedy of what went wrong."""
    message = ""
    if problem is not None:
        code, fact, remedy = (escape(part) for part in problem)
        message = f'<div class="problem" role="alert"><b>{fact}</b>{remedy} <code>{code}</code></div>'
    fields = _FIELDS.substitute(next_path=escape(next_path, quote=True), user=escape(user, quote=True))
    lead = "To the central dashboard."
    return _DOOR.substitute(
        title="Sign in", action="/sign-in", lead=lead, fonts=_FONTS, problem=message, fields=fields
    )


def sign_out_html() -> str:
    """The question before signing out."""
    lead = "You can sign in again at any time."
    return _DOOR.substitute(
        title="Sign out", action="/sign-out", lead=lead, fonts=_FONTS, problem="", fields=""
    )
