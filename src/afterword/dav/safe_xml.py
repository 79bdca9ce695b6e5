"""Parse XML of a server without document types, within bounds of depth, attributes and text.

A document type may make a small text grow without limit, or name files to read; neither has
a place in WebDAV. The bounds are far above what calendars need.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from afterword.errors import RefusedError

MAX_DEPTH = 64
MAX_ATTRIBUTES = 50_000
MAX_ELEMENTS = 500_000
MAX_NAME = 1_000
_SEPARATOR = " "


def parse(body: bytes) -> Element:
    """Return the root of a document.

    Raises RefusedError for a document type or if a bound is exceeded, and
    xml.parsers.expat.ExpatError for a text that is no XML.
    """
    reader = _Reader()
    is_final = True
    reader.parser.Parse(body, is_final)
    return reader.builder.close()


class _Reader:
    """The handlers of a parser; `builder` gets the elements."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.parser = parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self._depth = self._attributes = self._elements = 0
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.EntityDeclHandler = self._refuse_document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.builder.data

    def _refuse_document_type(self, *_: object) -> None:
        raise _refused("has a document type")

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        self._elements += 1
        self._attributes += len(attributes) // 2
        if self._depth > MAX_DEPTH:
            raise _refused(f"is nested more than {MAX_DEPTH} levels deep")
        if self._elements > MAX_ELEMENTS:
            raise _refused(f"has more than {MAX_ELEMENTS:,} elements")
        if self._attributes > MAX_ATTRIBUTES:
            raise _refused(f"has more than {MAX_ATTRIBUTES:,} attributes")
        if len(name) > MAX_NAME:
            raise _refused(f"has a name of more than {MAX_NAME:,} characters")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        self.builder.start(_tag(name), {_tag(key): value for key, value in pairs})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(_tag(name))


def _tag(name: str) -> str:
    """Return a name in the form of ElementTree, `{namespace}name`."""
    space, _, local = name.rpartition(_SEPARATOR)
    return f"{{{space}}}{local}" if space else local


def _refused(reason: str) -> RefusedError:
    return RefusedError(f"The server's answer {reason}, as no calendar server's does; it was left.")


def is_xml(body: bytes) -> bool:
    """Return True if a body looks like XML, in whatever encoding."""
    start = body[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<")
