"""What the employer may be called: a guess, with where it comes from.

A label in the text ("Company: ...") says most, because agencies invite for their
clients; then the mail domain, spelled as in the title or the text where one of
them does; then the title, then phrases in the text. A free-mail host or a
scheduler says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from afterword.core.text import clean_line, slug
from afterword.formats.invitation.domains import company_of
from afterword.formats.invitation.roles import title_in
from afterword.formats.invitation.values import Guess

_LONGEST = 80
_WORD = r"[^\W_a-z](?:[\w&'’+-]|\.(?=\w))*"
_NAME = rf"(?P<name>{_WORD}(?:[ \t]+(?:{_WORD}|of|the|and|und|et|y|de|&)){{0,4}})"
_AT = re.compile(rf"(?:\bat|@|\bbei|\bchez)[ \t]+{_NAME}")
_WITH = re.compile(rf"(?:\bwith|\bmit|\bavec|\bcon)\s+(?:the\s+|der\s+)?{_NAME}")
_SEPARATOR = re.compile(r"\s+[-–—/]\s+|\s*[|:•·]\s*|\s*<>\s*|\s*//\s*|\s+x\s+|\s*↔\s*")
_LABEL = re.compile(
    r"^\W*(?:company|employer|client|organi[sz]ation|firma|unternehmen|arbeitgeber|entreprise"
    r"|société|empresa)\s*:\s*(?P<name>[^\n]{2,80})",
    re.IGNORECASE | re.MULTILINE,
)
_PHRASE = re.compile(
    r"\b(?:[Ii]nterview(?:ing)?|[Mm]eeting|[Cc]onversation|[Cc]hat|[Cc]all|[Aa]ppl(?:ying|ication)"
    r"|[Ii]nterest|Gespräch)"
    rf"\s+(?:with|at|to|in(?:\s+working\s+(?:at|for))?|mit|bei)\s+{_NAME}"
)
_NO_COMPANY = re.compile(
    r"\b(?:interview|meeting|call|chat|conversation|screen(?:ing)?|round|zoom|teams|google|video"
    r"|phone|on-?site|panel|final|technical|invitation|gespräch|vorstellungsgespräch|entretien"
    r"|entrevista|you|us|team|candidate|application|today|tomorrow|monday|tuesday|wednesday"
    r"|thursday|friday)\b|^\d{1,2}(?:[:.h]\d\d|\s*[ap]m\b)",
    re.IGNORECASE,
)


_AROUND = " .,;:!?-–|\"'"


def company(title: str, text: str, *, domain: str | None, people: Collection[str]) -> Guess | None:
    """Return what the employer may be called; `people` are names that are no company's."""
    known = {clean_line(name).casefold() for name in people}

    def is_company(name: str) -> bool:
        return (
            1 < len(name) <= _LONGEST
            and name.casefold() not in known
            and not _NO_COMPANY.search(name)
            and not title_in(name)
        )

    labelled = next(_found(_LABEL, text, is_company), None)
    if labelled:
        return Guess(labelled, "DESCRIPTION")
    titled = [name for name in map(_trimmed, _in_title(title)) if is_company(name)]
    if domain:
        return _spelled(domain, (*titled, *_found(_PHRASE, text, is_company)))
    if titled:
        return Guess(titled[0], "SUMMARY")
    return next((Guess(name, "DESCRIPTION") for name in _found(_PHRASE, text, is_company)), None)


def _spelled(domain: str, names: Iterable[str]) -> Guess:
    """Return the domain's name, as the title or the text spells it where one of them does."""
    label = domain.partition(".")[0].replace("-", "")
    for name in names:
        letters = slug(name).replace("-", "")
        if letters and (label.startswith(letters) or letters.startswith(label)):
            return Guess(name, f"mail domain {domain}, spelled as in the invitation")
    return Guess(company_of(domain), f"mail domain {domain}")


def _in_title(title: str) -> Iterator[str]:
    for pattern in (_AT, _WITH):
        for match in pattern.finditer(title):
            yield match["name"]
    pieces = [piece.strip() for piece in _SEPARATOR.split(title) if piece.strip()]
    if len(pieces) > 1:
        yield from (piece for piece in pieces if re.match(_WORD, piece))


def _found(pattern: re.Pattern[str], text: str, is_company: Callable[[str], bool]) -> Iterator[str]:
    names = (_trimmed(match["name"]) for match in pattern.finditer(text))
    return (name for name in names if is_company(name))


def _trimmed(name: str) -> str:
    name = re.sub(r"\s+(?:of|the|and|und|et|y|de|&)$", "", clean_line(name))
    name = name.strip(_AROUND)
    # A bracket of which the other half stands elsewhere in the title is no part of it.
    for opens, closes in ("()", "[]", "{}", "<>"):
        if name.count(opens) != name.count(closes):
            name = name.replace(opens, " ").replace(closes, " ")
    return clean_line(name).strip(_AROUND)
