"""HTTP ranges of films: RFC 9110, one range at a time."""

from __future__ import annotations

import pytest

from streamlit_app.server.ranges import Span, media_type_of, read_range_header


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-99", Span(0, 99)),
        ("bytes=100-", Span(100, 999)),
        ("bytes=-100", Span(900, 999)),
        ("bytes=-5000", Span(0, 999)),
        ("bytes=990-5000", Span(990, 999)),
        (None, None),
        ("bytes=0-1,4-5", None),
        ("items=0-1", None),
        ("bytes=-", None),
    ],
)
def test_a_range_is_read_within_the_object(header: str | None, span: Span | None) -> None:
    assert read_range_header(header, 1000) == span


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5-4", "bytes=-0"])
def test_a_range_outside_the_object_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        read_range_header(header, 1000)


def test_the_media_type_follows_the_container() -> None:
    assert media_type_of("evidence/ab/abc.mp4") == "video/mp4"
    assert media_type_of("x.WEBM") == "video/webm"
    assert media_type_of("x.html") == "application/octet-stream"
