"""The XML of WebDAV and CalDAV: the questions as bytes, the answers as paths and properties.

RFC 4918 (multistatus), 4791 (calendars), 6578 (what changed), 5397 and 3744
(who one is, and what one may do). Parsing is the adapter's; elements come from
it and are only walked through here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

import attrs

from afterword.dav.interface import SyncTokensUnsupportedError
from afterword.errors import RefusedError

D = "{DAV:}"
C = "{urn:ietf:params:xml:ns:caldav}"
APPLE = "{http://apple.com/ns/ical/}"
CS = "{http://calendarserver.org/ns/}"
OC = "{http://owncloud.org/ns}"
_SPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://apple.com/ns/ical/" '
    'xmlns:CS="http://calendarserver.org/ns/" xmlns:OC="http://owncloud.org/ns"'
)
_XML = '<?xml version="1.0" encoding="utf-8"?>'
_OK, _MISSING, _CUT_SHORT = 200, 404, 507
_FAULTS, _UNKNOWN = 500, 501  # a server may say 501 of a property that it does not know

Element = Any
"""An element of lxml or of the standard library: each way to a server has its own parser."""


@attrs.frozen(kw_only=True)
class MultistatusResponse:
    """What a multistatus says of one path. `status` is 200 where it has properties."""

    href: str
    status: int
    properties: Mapping[str, Element]


COLOUR = "#3B82F6FF"
"""That of a calendar of ours; eight digits, as one server takes no six."""


def propfind(*names: str) -> bytes:
    """Return a question for properties, as `prefix:name` with DAV's own without prefix."""
    return _document("propfind", f"<prop>{_empty(names)}</prop>")


def sync_collection(token: str | None) -> bytes:
    """Return the question of RFC 6578 3.2: what changed since the token, or all."""
    known = f"<sync-token>{escape(token)}</sync-token>" if token else "<sync-token/>"
    rest = "<sync-level>1</sync-level><prop><getetag/></prop>"
    return _document("sync-collection", known + rest)


def multiget(hrefs: Collection[str]) -> bytes:
    """Return the question of RFC 4791 7.9: these objects, with their ETags."""
    paths = "".join(f"<href>{escape(href)}</href>" for href in hrefs)
    wanted = "<prop><getetag/><C:calendar-data/></prop>"
    return _document("C:calendar-multiget", wanted + paths)


def mkcalendar(name: str, colour: str) -> bytes:
    """Return the wish for a new calendar that takes events (RFC 4791 5.3.1)."""
    return _document(
        "C:mkcalendar",
        f"<set><prop><displayname>{escape(name)}</displayname>"
        f"<A:calendar-color>{escape(colour)}</A:calendar-color>"
        '<C:supported-calendar-component-set><C:comp name="VEVENT"/>'
        "</C:supported-calendar-component-set></prop></set>",
    )


def responses(tree: Element) -> Iterator[MultistatusResponse]:
    """Return what a multistatus says, path by path.

    Raises RefusedError for anything else, and where the server failed on a
    property: an answer with holes is none.
    """
    if tree is None or tree.tag != f"{D}multistatus":
        raise RefusedError(
            "The server answered, but not as a calendar does: is the address that of a calendar?"
        )
    for response in tree.iterfind(f"{D}response"):
        yield _response(response)


def sync_token(tree: Element) -> str:
    """Return the token that a sync-collection ends with; RefusedError where there is none."""
    found = (tree.findtext(f"{D}sync-token") or "").strip()
    if not found:
        raise SyncTokensUnsupportedError("The server answered without a token for the next time.")
    return found


def hrefs(element: Element) -> list[str]:
    """Return the paths in a property."""
    return [(one.text or "").strip() for one in element.iter(f"{D}href") if one.text]


def names(element: Element) -> set[str]:
    """Return the tags of everything in a property."""
    return {one.tag for one in element.iter() if isinstance(one.tag, str)}


def text(element: Element) -> str:
    """Return the text of a property, "" where it has none."""
    return "" if element is None else (element.text or "")


def is_cut_short(response: MultistatusResponse) -> bool:
    """Tell whether it is the mark that more is to be asked for (RFC 6578 3.6)."""
    return response.status == _CUT_SHORT


def is_missing(response: MultistatusResponse) -> bool:
    """Tell whether nothing is at that path."""
    return response.status == _MISSING


def _response(response: Element) -> MultistatusResponse:
    href = (response.findtext(f"{D}href") or "").strip()
    status = _code(response.findtext(f"{D}status"))
    properties: dict[str, Element] = {}
    for propstat in response.iterfind(f"{D}propstat"):
        code = _code(propstat.findtext(f"{D}status"))
        if code >= _FAULTS and code != _UNKNOWN:
            raise RefusedError(f"The server failed to answer for {href} ({code}); try later.")
        if code == _OK:
            properties.update({one.tag: one for prop in propstat for one in prop})
    return MultistatusResponse(href=href, status=status, properties=properties)


def _code(line: str | None) -> int:
    """Return the code of a status line; 200 where there is none."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else _OK


def _empty(names: Collection[str]) -> str:
    return "".join(f"<{name}/>" for name in names)


def _document(name: str, content: str) -> bytes:
    return f"{_XML}<{name} {_SPACES}>{content}</{name}>".encode()
