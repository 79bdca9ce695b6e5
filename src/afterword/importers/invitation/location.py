"""Extract the location of an interview and the link to join it. Nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.html_text import to_plain_text
from afterword.importers.invitation.ical_parser import Component
from afterword.importers.invitation.mail_domains import is_listed
from afterword.importers.word_lists import read_list

_FILE = "invitation/location.toml"
_MAX_LINK_LENGTH = 2_000
_MAX_LOCATION_LENGTH = 500
_URL = re.compile(r"https?://[^\s<>\"'`\\^{}|]{3,2000}", re.IGNORECASE)
_URL_IN_LOCATION = re.compile(r"https?://[^\s<>)\]]+", re.IGNORECASE)
_EMPTY_BRACKETS = re.compile(r"[(<\[]\s*[)>\]]")
_PHONE = re.compile(r"(?:tel:)?(\+?\d[\d ()./-]{5,24}\d)(?!\d)", re.ASCII)
_BY_PHONE = re.compile(
    r"\b(?:phone|telephone|telefon|telefonisch|téléphone|teléfono)\b", re.IGNORECASE
)
_LINK_PROPERTIES = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
)
_TEXT_PROPERTIES = ("URL", "DESCRIPTION", "X-ALT-DESC")
_URL_DEFENSE = re.compile(r"https://urldefense\.com/v3/__(?P<url>[^*]+?)__;", re.IGNORECASE)


def extract_link(event: Component) -> tuple[str, str] | None:
    """Return the link to join the interview (or "tel:"), and the property it was read from."""
    for name in _LINK_PROPERTIES:
        for prop in event.properties(name):
            if link := _safe_link(unwrap_link(prop.value.strip())):
                return link, name
    location = event.text("LOCATION")
    for url in _links_in(location):
        return url, "LOCATION"
    for name in _TEXT_PROPERTIES:
        for url in _links_in(event.text(name)):
            if _is_conference(url):
                return url, name
    if number := _phone_link(location):
        return number, "LOCATION"
    return None


def extract_location(event: Component) -> str | None:
    """Return the location, "phone" for a call, None where none is stated."""
    text = clean_line(to_plain_text(event.text("LOCATION")).replace("\n", ", "))
    if _BY_PHONE.search(text) or (text and _phone_link(text)):
        return "phone"
    without_links = _EMPTY_BRACKETS.sub(" ", _URL_IN_LOCATION.sub(" ", text))
    parts = [part.strip(" ,") for part in without_links.split(";")]
    placeholders = read_list(_FILE, "placeholders")
    stated = [part for part in parts if part.casefold().strip(".!()") not in placeholders]
    return "; ".join(" ".join(part.split()) for part in stated)[:_MAX_LOCATION_LENGTH] or None


def unwrap_link(url: str) -> str:
    """Return the link inside the redirects of mail filters (Safe Links, URL Defense, Google)."""
    for _ in range(3):
        inner = _inner_link(url)
        if not inner:
            break
        url = inner
    return url


def _inner_link(url: str) -> str | None:
    if match := _URL_DEFENSE.match(url):
        return match["url"]
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").casefold()
    key = {"www.google.com": "q"}.get(host, "url")
    if host.endswith("safelinks.protection.outlook.com") or (
        host == "www.google.com" and parts.path == "/url"
    ):
        return parse_qs(parts.query, max_num_fields=50).get(key, [None])[0]
    return None


def _links_in(text: str) -> Iterator[str]:
    for match in _URL.finditer(text.replace("&amp;", "&")):
        if url := _safe_link(unwrap_link(match[0].rstrip(".,;:!?)]*_"))):
            yield url


def _safe_link(url: str) -> str | None:
    """Return the link if it is safe to show: http, https or tel, and no user name in it."""
    url = clean_line(url)
    if not url or len(url) > _MAX_LINK_LENGTH or re.search(r"[\s<>\"]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme == "tel":
        return f"tel:{parts.path}" if re.fullmatch(r"\+?[\d().,;=-]{3,40}", parts.path) else None
    has_plain_host = bool(parts.hostname) and "@" not in parts.netloc
    return url if parts.scheme in {"http", "https"} and has_plain_host else None


def _is_conference(url: str) -> bool:
    return is_listed(
        (urlsplit(url).hostname or "").casefold(), read_list(_FILE, "conference_hosts")
    )


def _phone_link(location: str) -> str | None:
    match = _PHONE.fullmatch(location.strip()) or (
        _PHONE.search(location)
        if _BY_PHONE.search(location) or location.startswith("tel:")
        else None
    )
    return "tel:" + re.sub(r"[^\d+]", "", match[1]) if match else None
