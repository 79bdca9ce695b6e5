"""WebDAV and CalDAV XML: request bodies as bytes, responses parsed within bounds and as values.

RFC 4918 (multistatus), 4791 (calendars), 6578 (sync), 5397 (principal) and 3744 (privileges).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.sax.saxutils import escape

from afterword.dav.interface import UnsupportedReportError
from afterword.errors import RefusedError

D = "{DAV:}"
C = "{urn:ietf:params:xml:ns:caldav}"
APPLE = "{http://apple.com/ns/ical/}"
CS = "{http://calendarserver.org/ns/}"
OC = "{http://owncloud.org/ns}"
NC = "{http://nextcloud.com/ns}"
_SPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://apple.com/ns/ical/" '
    'xmlns:CS="http://calendarserver.org/ns/" xmlns:OC="http://owncloud.org/ns" '
    'xmlns:NC="http://nextcloud.com/ns"'
)
_XML = '<?xml version="1.0" encoding="utf-8"?>'
_OK, _MISSING, _CUT_SHORT = 200, 404, 507
_FAULTS, _UNKNOWN = 500, 501  # some servers answer 501 for a property that they do not support

# Bounds of a response.
MAX_DEPTH = 64
MAX_ATTRIBUTES = 50_000
MAX_ELEMENTS = 500_000
MAX_NAME = 1_000
# SOGo refuses a colour of six digits.
_COLOUR = "#3B82F6FF"


class MultistatusResponse(NamedTuple):
    """The part of a multistatus about a path. `status` is 200 if there are properties."""

    href: str
    status: int
    properties: Mapping[str, Element]

    def text(self, name: str) -> str:
        """Return the text of a property, "" if it has none."""
        element = self.properties.get(name)
        return "" if element is None else (element.text or "").strip()

    def elements(self, name: str) -> list[Element]:
        """Return a property and all elements in it, none without it."""
        element = self.properties.get(name)
        return [] if element is None else list(element.iter())

    def tags(self, name: str) -> set[str]:
        """Return the tags of a property and of all elements in it."""
        return {element.tag for element in self.elements(name)}

    def hrefs(self, name: str) -> list[str]:
        """Return the paths in a property."""
        elements = self.elements(name)
        return [href.text.strip() for href in elements if href.tag == f"{D}href" and href.text]

    @property
    def etag(self) -> str | None:
        """The ETag of an object; None if it has none."""
        return self.text(f"{D}getetag") or None

    @property
    def types(self) -> set[str]:
        """The tags of the types of a resource, none if it states none."""
        return self.tags(f"{D}resourcetype")

    @property
    def is_calendar(self) -> bool:
        """True for a calendar, rather than any other collection or an object."""
        return f"{C}calendar" in self.types

    @property
    def is_writable(self) -> bool | None:
        """True with the privilege to write, or those to add and to change (RFC 3744 5.5).

        None if the server does not say.
        """
        granted = self.tags(f"{D}current-user-privilege-set")
        if not granted:
            return None
        writes = bool(granted & {f"{D}all", f"{D}write"})
        return writes or {f"{D}bind", f"{D}write-content"} <= granted

    @property
    def is_trashed(self) -> bool:
        """True for a calendar in Nextcloud's trash bin."""
        deleted = self.text(f"{NC}deleted-at")
        return bool(deleted) or f"{NC}deleted-calendar" in self.types

    @property
    def is_cut_short(self) -> bool:
        """True for the marker of a truncated list (RFC 6578 3.6)."""
        return self.status == _CUT_SHORT

    @property
    def is_missing(self) -> bool:
        """True if nothing exists at the path."""
        return self.status == _MISSING


def propfind(*names: str) -> bytes:
    """Return a PROPFIND body for properties named `prefix:name`, those of DAV without prefix."""
    properties = "".join(f"<{name}/>" for name in names)
    return _document("propfind", f"<prop>{properties}</prop>")


def sync_collection(token: str | None) -> bytes:
    """Return a sync-collection body (RFC 6578 3.2): changes since the token, or all objects."""
    since = f"<sync-token>{escape(token)}</sync-token>" if token else "<sync-token/>"
    rest = "<sync-level>1</sync-level><prop><getetag/></prop>"
    return _document("sync-collection", since + rest)


def multiget(hrefs: Collection[str]) -> bytes:
    """Return a calendar-multiget body (RFC 4791 7.9) for objects with their ETags."""
    paths = "".join(f"<href>{escape(href)}</href>" for href in hrefs)
    properties = "<prop><getetag/><C:calendar-data/></prop>"
    return _document("C:calendar-multiget", properties + paths)


def calendar_query(start: dt.datetime, end: dt.datetime) -> bytes:
    """Return a calendar-query body (RFC 4791 7.8) for the events in a range of time."""
    span = f'start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"'
    return _document(
        "C:calendar-query",
        "<prop><getetag/><C:calendar-data/></prop>"
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        f"<C:time-range {span}/></C:comp-filter></C:comp-filter></C:filter>",
    )


def mkcalendar(name: str) -> bytes:
    """Return a MKCALENDAR body for a calendar of events (RFC 4791 5.3.1)."""
    return _document(
        "C:mkcalendar",
        f"<set><prop><displayname>{escape(name)}</displayname>"
        f"<A:calendar-color>{_COLOUR}</A:calendar-color>"
        '<C:supported-calendar-component-set><C:comp name="VEVENT"/>'
        "</C:supported-calendar-component-set></prop></set>",
    )


def responses(tree: Element | None) -> Iterator[MultistatusResponse]:
    """Yield the responses of a multistatus.

    Raises RefusedError for any other document, and if the server failed on a property:
    a partial answer would be taken for missing objects.
    """
    if tree is None or tree.tag != f"{D}multistatus":
        raise RefusedError(
            "The server answered, but not as a calendar does: is the address that of a calendar?"
        )
    for response in tree.iterfind(f"{D}response"):
        yield _response(response)


def sync_token(tree: Element) -> str:
    """Return the token of a sync-collection. Raises UnsupportedReportError if it has none."""
    token = (tree.findtext(f"{D}sync-token") or "").strip()
    if not token:
        raise UnsupportedReportError("The server answered without a token for the next time.")
    return token


def _response(response: Element) -> MultistatusResponse:
    href = (response.findtext(f"{D}href") or "").strip()
    status = _code(response.findtext(f"{D}status"))
    properties: dict[str, Element] = {}
    for propstat in response.iterfind(f"{D}propstat"):
        code = _code(propstat.findtext(f"{D}status"))
        if code >= _FAULTS and code != _UNKNOWN:
            raise RefusedError(f"The server failed to answer for {href} ({code}); try later.")
        if code == _OK:
            properties.update({child.tag: child for prop in propstat for child in prop})
    return MultistatusResponse(href=href, status=status, properties=properties)


def _code(line: str | None) -> int:
    """Return the code of a status line; 200 if there is no line."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else _OK


def _document(name: str, content: str) -> bytes:
    return f"{_XML}<{name} {_SPACES}>{content}</{name}>".encode()


def parse_xml(body: bytes) -> Element:
    """Return the root of a document, parsed without document types and within bounds.

    A document type may make a small text grow without limit, or name files to read. The bounds
    are far above what calendars need.

    Raises RefusedError for a document type or if a bound is exceeded, and
    xml.etree.ElementTree.ParseError for a text that is no XML.
    """
    parser = XMLParser(target=_BoundedBuilder())  # noqa: S314 - it refuses document types
    try:
        parser.feed(body)
    except LookupError as error:
        raise ParseError(str(error)) from None  # it declares an unknown encoding
    root: Element = parser.close()
    return root


class _BoundedBuilder(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = self._attributes = self._elements = 0

    def doctype(self, *_: object) -> None:
        raise _refused("has a document type")

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        self._attributes += len(attrs)
        if self._depth > MAX_DEPTH:
            raise _refused(f"is nested more than {MAX_DEPTH} levels deep")
        if self._elements > MAX_ELEMENTS:
            raise _refused(f"has more than {MAX_ELEMENTS:,} elements")
        if self._attributes > MAX_ATTRIBUTES:
            raise _refused(f"has more than {MAX_ATTRIBUTES:,} attributes")
        if len(tag) > MAX_NAME:
            raise _refused(f"has a name of more than {MAX_NAME:,} characters")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _refused(reason: str) -> RefusedError:
    return RefusedError(f"The server's answer {reason}, as no calendar server's does; it was left.")


def is_xml(body: bytes) -> bool:
    """Return True if a body looks like XML, in whatever encoding."""
    start = body[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<")
