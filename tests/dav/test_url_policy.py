"""Which addresses are one, which of them a server may name, and what is never shown."""

from __future__ import annotations

import pytest

from afterword.dav import url_policy
from afterword.errors import UsageError


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://dav.example", "https://dav.example/"),
        ("HTTPS://DAV.Example:443/Sam", "https://dav.example/Sam"),
        ("https://dav.example:8443/a%20b/", "https://dav.example:8443/a%20b/"),
        ("https://dav.example/a@b/", "https://dav.example/a@b/"),
        ("https://dav.example/%C3%A9/", "https://dav.example/%C3%A9/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://localhost:5232/sam/", "http://localhost:5232/sam/"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
        ("http://[::1]:5232/", "http://[::1]:5232/"),
        ("https://169.254.1.2/", "https://169.254.1.2/"),
    ],
)
def test_an_address_has_one_form(given: str, meant: str) -> None:
    assert url_policy.normalize_url(given) == meant
    assert url_policy.normalize_url(meant) == meant


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "should begin with https://"),
        ("dav.example", "should begin with https://"),
        ("//dav.example/x", "should begin with https://"),
        ("ftp://dav.example/", "should begin with https://"),
        ("file:///etc/passwd", "should begin with https://"),
        ("javascript:alert(1)", "should begin with https://"),
        ("https:///x", "should begin with https://"),
        (" https://dav.example/", "blanks or backslashes"),
        ("https://dav.example/a b", "blanks or backslashes"),
        ("https://dav.example/\x1b[2J", "blanks or backslashes"),
        ("https://evil.example\\@dav.example/", "blanks or backslashes"),
        ("https://dav.example:99999/", "is not an address"),
        ("https://dav.example:0/", "should begin with https://"),
        ("https://[::1/", "is not an address"),
        ("https://a..example/", "no ASCII form"),
        (f"https://{'ä' * 70}.example/", "no ASCII form"),
        ("https://dav.example@evil.example/", "has a user or a password in it"),
        ("https://sam:hunter2@dav.example/", "has a user or a password in it"),
        ("http://dav.example/", "is not encrypted"),
        ("http://127.0.0.1.evil.example/", "is not encrypted"),
        ("http://localhost.evil.example/", "is not encrypted"),
    ],
)
def test_what_is_no_address_is_told_without_a_password(given: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        url_policy.normalize_url(given)

    assert why in caught.value.message
    assert caught.value.message.isprintable()
    assert "hunter2" not in caught.value.message


def test_what_is_not_encrypted_can_be_allowed() -> None:
    assert url_policy.normalize_url("http://dav.example/", allow_http=True) == "http://dav.example/"


@pytest.mark.parametrize(
    ("named", "by", "related"),
    [
        ("https://dav.example/x", "https://dav.example/", True),
        ("https://dav.example/x", "http://dav.example/", True),
        ("https://p07-caldav.icloud.com/x", "https://caldav.icloud.com/", True),
        ("https://p07-caldav.icloud.com:443/x", "https://icloud.com/", True),
        ("https://a.dav.example/", "https://dav.example/", True),
        ("http://dav.example/x", "https://dav.example/", False),
        ("http://dav.example:8443/x", "https://dav.example:8443/", False),
        ("http://dav.example:8443/x", "http://dav.example:8443/", True),
        ("https://dav.example:8443/x", "http://dav.example:8443/", True),
        ("http://p07-caldav.icloud.com/", "https://caldav.icloud.com/", False),
        ("https://caldav.icloud.com.evil.example/", "https://caldav.icloud.com/", False),
        ("https://evilicloud.com/", "https://caldav.icloud.com/", False),
        ("https://icloud.com/", "https://dav.example/", False),
        ("https://dav.example:8443/", "https://dav.example/", False),
        ("https://example/", "https://dav.example/", False),
        ("https://evil.example/", "https://dav.example/", False),
        ("https://1.127.0.0.1/", "http://127.0.0.1/", False),
    ],
)
def test_whom_a_server_may_name_without_a_question(named: str, by: str, *, related: bool) -> None:
    assert url_policy.is_same_site(named, by) is related


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("169.254.169.254", True),
        ("fe80::1", True),
        ("::ffff:169.254.169.254", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", True),  # noqa: S104 - nothing is bound to it
        ("::", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("10.0.0.7", False),
        ("dav.example", False),
    ],
)
def test_places_that_no_server_may_name(host: str, *, private: bool) -> None:
    assert url_policy.is_private(host) is private


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/sam/x.ics", "/sam/x.ics"),
        ("https://dav.example/sam/x.ics", "/sam/x.ics"),
        ("/sam/a%40b.ics", "/sam/a@b.ics"),
        ("/sam/%c3%a9.ics", "/sam/%C3%A9.ics"),
        ("https://evil.example/sam/x.ics", None),
        ("//evil.example/x.ics", None),
        ("javascript:x", None),
        ("https://[::1/x", None),
    ],
)
def test_a_reference_of_a_server_has_one_form(href: str, path: str | None) -> None:
    assert url_policy.normalize_path(href, "https://dav.example/sam/") == path
