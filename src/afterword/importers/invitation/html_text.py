"""Convert descriptions, mails and titles to plain text: HTML, conference blocks, prefixes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from afterword.domain.sanitize import clean

_MAX_LENGTH = 20_000
_MARKUP = re.compile(
    r"</?(?:a|b|br|body|div|em|font|h[1-6]|head|html|i|li|meta|ol|p|span|strong|table|td|tr|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"<[!?][^<>]*>?")
# A "<" that begins no tag; each would make the parser scan the whole rest of the text.
_LONE_BRACKET = re.compile(r"<(?![a-zA-Z/][^<>]{0,4000}>)")
_LINE_TAGS = {"br", "div", "p", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN_TAGS = frozenset({"script", "style", "head", "title"})
# Where Outlook and others put the message answered, without quoting it.
_EARLIER_HTML = re.compile(
    r"<(?:div|hr)\s[^<>]{0,400}\b(?:divRplyFwdMsg|appendonsend|stopSpelling|OLK_SRC_BODY_SECTION)\b",
    re.IGNORECASE,
)
_MAX_MAIL_LENGTH = 400_000
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


def has_cancelled_prefix(title: str) -> bool:
    """True if the title begins with the prefix that calendars give cancelled events."""
    return bool(_CANCELLED.match(title))


def strip_prefixes(summary: str) -> str:
    """Return the title without the prefixes of calendars and mail programs ("Updated: ")."""
    for _ in range(3):
        if not (match := _CANCELLED.match(summary) or _PREFIX.match(summary)):
            break
        summary = summary[match.end() :]
    return summary


def to_plain_text(text: str) -> str:
    """Return the text without markup, control characters and runs of blank lines."""
    text = text[:_MAX_LENGTH]
    return _tidy_lines(_from_html(text) if _MARKUP.search(text) else text)


def mail_to_plain_text(text: str) -> str:
    """Return the text of a mail in HTML, without the message that it answers."""
    text = text[:_MAX_MAIL_LENGTH]
    if earlier := _EARLIER_HTML.search(text):
        text = text[: earlier.start()]
    return _tidy_lines(_from_html(text, hidden=_HIDDEN_TAGS | {"blockquote"}))


def _tidy_lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def strip_conference_blocks(text: str) -> str:
    """Return the text without the blocks that conference services append."""
    fences = list(_GOOGLE_FENCE.finditer(text))
    if fences:
        text = text[: fences[0].start()] + text[fences[-1].end() :]
    if match := _TEAMS_FENCE.search(text):
        text = text[: match.start()]
    return text.strip()


def _from_html(text: str, *, hidden: frozenset[str] = _HIDDEN_TAGS) -> str:
    first, *rest = text.split("<!--")
    without_comments = first + "".join(part.partition("-->")[2] for part in rest)
    reader = _TextExtractor(hidden)
    reader.feed(_LONE_BRACKET.sub("&lt;", _DECLARATION.sub("", without_comments)))
    reader.close()
    return "".join(reader.parts)


class _TextExtractor(HTMLParser):
    """Collects the text of a page, a line for each block element, links with their URL."""

    def __init__(self, hidden_tags: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._hidden_tags = hidden_tags
        self.parts: list[str] = []
        self._hidden = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a list item or a link."""
        self._hidden += tag in self._hidden_tags
        if tag in _LINE_TAGS:
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        """End a line or a link."""
        if tag in self._hidden_tags and self._hidden:
            self._hidden -= 1
        elif tag == "a" and self._link:
            text = "".join(self.parts[-1:])
            if self._link not in text and not self._link.startswith("mailto:"):
                self.parts.append(f" ({self._link})")
            self._link = ""
        elif tag in _LINE_TAGS - {"br"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Append the text; line breaks of the source are spaces in HTML."""
        if not self._hidden:
            self.parts.append(data)
