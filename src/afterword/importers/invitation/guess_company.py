"""Mail domains: whose they are, and what they say about a company's name.

What the employer may be called: a guess, with where it comes from.

A label in the text ("Company: ...") says most, because agencies invite for their
clients; then the mail domain, spelled as in the title or the text where one of
them does; then the title, then phrases in the text. A free-mail host or a
scheduler says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from afterword.domain.sanitize import clean_line, slug
from afterword.importers.invitation.guess_role import title_in
from afterword.importers.invitation.invitation_model import Guess
from afterword.importers.invitation.known_hosts import FREE_MAIL, SCHEDULERS, SECOND_LEVELS


def domain_of(address: str) -> str:
    """Return the domain of an address in lower case, "" where there is none."""
    return address.rpartition("@")[2].strip(" .").casefold() if "@" in address else ""


def is_listed(domain: str, hosts: frozenset[str]) -> bool:
    """Tell whether the domain is one of the hosts, or a part of one."""
    labels = domain.split(".")
    return any(".".join(labels[at:]) in hosts for at in range(len(labels)))


def is_free_mail(domain: str) -> bool:
    """Tell whether anybody may have a mailbox there."""
    return is_listed(domain, FREE_MAIL)


def is_scheduler(domain: str) -> bool:
    """Tell whether it invites on somebody else's behalf."""
    return is_listed(domain, SCHEDULERS)


def registrable(domain: str) -> str:
    """Return the part of a domain that somebody registered: talent.karoo.co.za, karoo.co.za."""
    labels = domain.split(".")
    is_long = len(labels) > 2 and labels[-2] in SECOND_LEVELS and len(labels[-1]) == 2  # noqa: PLR2004
    return ".".join(labels[-3:] if is_long else labels[-2:])


def employer_domain(organizer: str, panel: Iterable[str]) -> str | None:
    """Return the domain that says who the employer is: the organizer's, else all the panel's."""
    for domains in ({organizer}, set(panel)):
        telling = {
            registrable(d) for d in domains if d and not is_free_mail(d) and not is_scheduler(d)
        }
        if len(telling) == 1:
            return telling.pop()
    return None


def company_of(domain: str) -> str:
    """Return the name that a domain suggests: karoo-analytics.co.za is "Karoo Analytics"."""
    words = domain.partition(".")[0].split("-")
    return " ".join(word[:1].upper() + word[1:] for word in words if word)


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


def guess_company(
    title: str, text: str, *, domain: str | None, people: Collection[str]
) -> Guess | None:
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
