"""Where an interview takes place, and the link to it. Nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.guess_company import is_listed
from afterword.importers.invitation.html_text import plain
from afterword.importers.invitation.ical_parser import Component
from afterword.importers.invitation.known_hosts import CONFERENCE_HOSTS, PLACEHOLDERS

_LONGEST = 2_000
_LONGEST_PLACE = 500
_URL = re.compile(r"https?://[^\s<>\"'`\\^{}|]{3,2000}", re.IGNORECASE)
_WRITTEN_URL = re.compile(r"https?://[^\s<>)\]]+", re.IGNORECASE)
_EMPTY = re.compile(r"[(<\[]\s*[)>\]]")
_PHONE = re.compile(r"(?:tel:)?(\+?\d[\d ()./-]{5,24}\d)(?!\d)", re.ASCII)
_BY_PHONE = re.compile(
    r"\b(?:phone|telephone|telefon|telefonisch|téléphone|teléfono)\b", re.IGNORECASE
)
_LINKS = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
)
_TEXTS = ("URL", "DESCRIPTION", "X-ALT-DESC")
_DEFENCE = re.compile(r"https://urldefense\.com/v3/__(?P<url>[^*]+?)__;", re.IGNORECASE)


def link_of(event: Component) -> tuple[str, str] | None:
    """Return the link to the conversation, and the property that it stands in."""
    for name in _LINKS:
        for found in event.all(name):
            if link := _allowed(unwrapped(found.value.strip())):
                return link, name
    place = event.text("LOCATION")
    for url in _urls(place):
        return url, "LOCATION"
    for name in _TEXTS:
        for url in _urls(event.text(name)):
            if _is_conference(url):
                return url, name
    if number := _phone(place):
        return number, "LOCATION"
    return None


def place_of(event: Component) -> str | None:
    """Return where it takes place, "phone" for a call; None for what is no place."""
    written = clean_line(plain(event.text("LOCATION")).replace("\n", ", "))
    if _BY_PHONE.search(written) or (written and _phone(written)):
        return "phone"
    without = _EMPTY.sub(" ", _WRITTEN_URL.sub(" ", written))
    parts = [part.strip(" ,") for part in without.split(";")]
    told = [part for part in parts if part.casefold().strip(".!()") not in PLACEHOLDERS]
    return "; ".join(" ".join(part.split()) for part in told)[:_LONGEST_PLACE] or None


def unwrapped(url: str) -> str:
    """Return the address that a mail filter has wrapped into one of its own."""
    for _ in range(3):
        inner = _inner(url)
        if not inner:
            break
        url = inner
    return url


def _inner(url: str) -> str | None:
    if match := _DEFENCE.match(url):
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


def _urls(text: str) -> Iterator[str]:
    for match in _URL.finditer(text.replace("&amp;", "&")):
        if url := _allowed(unwrapped(match[0].rstrip(".,;:!?)]*_"))):
            yield url


def _allowed(url: str) -> str | None:
    """Return the link if a person may be offered it: http, https, tel, and no disguise."""
    url = clean_line(url)
    if not url or len(url) > _LONGEST or re.search(r"[\s<>\"]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme == "tel":
        return f"tel:{parts.path}" if re.fullmatch(r"\+?[\d().,;=-]{3,40}", parts.path) else None
    has_disguise = "@" in parts.netloc or not parts.hostname
    return url if parts.scheme in {"http", "https"} and not has_disguise else None


def _is_conference(url: str) -> bool:
    return is_listed((urlsplit(url).hostname or "").casefold(), CONFERENCE_HOSTS)


def _phone(place: str) -> str | None:
    match = _PHONE.fullmatch(place.strip()) or (
        _PHONE.search(place) if _BY_PHONE.search(place) or place.startswith("tel:") else None
    )
    return "tel:" + re.sub(r"[^\d+]", "", match[1]) if match else None
