"""Foreign prose to plain text: HTML, conference blocks, and the prefixes of titles."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from afterword.domain.sanitize import clean

LONGEST = 20_000
"""How many characters of a description are read."""

_MARKUP = re.compile(
    r"</?(?:a|b|br|body|div|em|font|h[1-6]|head|html|i|li|meta|ol|p|span|strong|table|td|tr|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"<[!?][^<>]*>?")
# What closes nowhere makes the parser go over the rest of the text again and again.
_LONE = re.compile(r"<(?![a-zA-Z/][^<>]{0,4000}>)")
_LINE_TAGS = {"br", "div", "p", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_SILENT = {"script", "style", "head", "title"}
_GOOGLE_FENCE = re.compile(r"-::~[:~]*::?-")
_TEAMS_FENCE = re.compile(r"^[_\u2500.]{20,}\s*$", re.MULTILINE)
_CANCELLED = re.compile(
    r"(?:cancell?ed(?: event)?|abgesagt(?:er termin)?|storniert|annulée?|cancelad[oa]|annullat[oa]"
    r"|geannuleerd|avlyst|inställt|aflyst|peruttu|odwołan[eoy]|已取消|キャンセル済み)\s*[:\uff1a]\s*",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?:(?:updated |aktualisierte )?(?:invitation|einladung)|updated|aktualisiert|invitación"
    r"|invitation mise à jour|mis à jour|accepted|tentative|re|fwd?|aw|wg|tr|rv)\s*[:\uff1a]\s*",
    re.IGNORECASE,
)


def says_cancelled(title: str) -> bool:
    """Tell whether the title begins with the word that calendars set before a cancelled one."""
    return bool(_CANCELLED.match(title))


def title_of(summary: str) -> str:
    """Return the title without what calendars and mail programs set before it."""
    for _ in range(3):
        if not (match := _CANCELLED.match(summary) or _PREFIX.match(summary)):
            break
        summary = summary[match.end() :]
    return summary


def plain(text: str) -> str:
    """Return the text without markup and control characters, with at most one blank line."""
    text = text[:LONGEST]
    if _MARKUP.search(text):
        text = _from_html(text)
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_conference(text: str) -> str:
    """Return the text without the blocks that conference services add to it."""
    fences = list(_GOOGLE_FENCE.finditer(text))
    if fences:
        text = text[: fences[0].start()] + text[fences[-1].end() :]
    if match := _TEAMS_FENCE.search(text):
        text = text[: match.start()]
    return text.strip()


def _from_html(text: str) -> str:
    reader = _Words()
    reader.feed(_LONE.sub("&lt;", _DECLARATION.sub("", _without_comments(text))))
    reader.close()
    return "".join(reader.parts)


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


class _Words(HTMLParser):
    """Collects the words of a page, a line for each block, links with their address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a list item or a link."""
        self._silent += tag in _SILENT
        if tag in _LINE_TAGS:
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        """End a line or a link."""
        if tag in _SILENT and self._silent:
            self._silent -= 1
        elif tag == "a" and self._link:
            shown = "".join(self.parts[-1:])
            if self._link not in shown and not self._link.startswith("mailto:"):
                self.parts.append(f" ({self._link})")
            self._link = ""
        elif tag in _LINE_TAGS - {"br"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words; line breaks of the source are blanks in HTML."""
        if not self._silent:
            self.parts.append(data)
