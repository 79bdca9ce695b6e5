"""A common name (CN) as calendars write it, to a name that a letter can begin with.

Those whom an event names (ATTENDEE, ORGANIZER): persons, rooms, lists and machines.

Addresses come from strangers, so only those that hold are kept.

Who is who: the reader, the people who interview, and who only arranged it.

Nothing is ever written to a room, a list, a scheduler or a mailbox that nobody
reads, and nobody thanks themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import unquote

import attrs

from afterword.domain.model import Person
from afterword.domain.sanitize import clean_line
from afterword.formats import validators
from afterword.importers.invitation.guess_company import (
    domain_of,
    employer_domain,
    is_free_mail,
    is_scheduler,
)
from afterword.importers.invitation.ical_parser import Component, Property
from afterword.importers.invitation.known_hosts import MAILBOXES

_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})\s*")
_PRONOUNS = re.compile(
    r"[\s,;-]*\b(?:she|he|they|ze|sie|er|elle|il|ella|él)(?:\s*/\s*\w+){1,3}\s*$", re.IGNORECASE
)
_TAIL = re.compile(r"\s+(?:via|through|über|[|/•–—-])\s+.*$", re.IGNORECASE)
_BEHIND = """
    phd ph.d ph.d. md m.d. mba msc m.sc. bsc cpa cfa jd j.d. esq esq. jr jr. sr sr. ii iii iv pmp
    dr dr. prof prof. inc inc. ltd ltd. llc gmbh ag plc
"""
_SUFFIXES = frozenset(_BEHIND.split())
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LISTED = re.compile(
    r"^\W*(?:your\s+)?(?:interviewers?|interviewer:innen|panel(?:ists)?|gesprächspartner(?:in)?"
    r"|you(?:'ll| will) (?:meet|speak)(?: with)?)\s*:\s*(?P<names>[^\n]{3,300})",
    re.IGNORECASE | re.MULTILINE,
)
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+(?:and|und|et|y|&)\s+")
_FULL_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:\s+[\w.'’-]+){1,3}")
_LONGEST = 100


def tidy_name(name: str) -> str:
    """Return the name without brackets, pronouns, titles behind it and "via ...".

    "Last, First" is turned round.
    """
    name = clean_line(name)[: 4 * _LONGEST].strip("'\" ")
    name = " ".join(_BRACKETS.sub(" ", name).split())
    name = _PRONOUNS.sub("", _TAIL.sub("", name))
    parts = [part.strip() for part in name.split(",") if part.strip()]
    while len(parts) > 1 and parts[-1].casefold() in _SUFFIXES:
        parts.pop()
    if len(parts) == 2:  # noqa: PLR2004 - the last name and the first
        parts.reverse()
    return " ".join(parts)[:_LONGEST].strip()


def name_from_address(address: str) -> str:
    """Return the name that an address suggests: j.costa@... is "J. Costa"."""
    local = address.partition("@")[0].partition("+")[0]
    words = [word[:1].upper() + word[1:] for word in _WORDS.findall(local)]
    initials = [f"{word}." if len(word) == 1 and len(words) > 1 else word for word in words]
    return " ".join(initials)[:_LONGEST]


def names_listed(text: str) -> tuple[str, ...]:
    """Return the names behind a label such as "Interviewers:", one for each comma or "and"."""
    found = [part for match in _LISTED.finditer(text) for part in _BETWEEN.split(match["names"])]
    tidied = (tidy_name(part) for part in found)
    return tuple(dict.fromkeys(name for name in tidied if _FULL_NAME.fullmatch(name)))


_NOBODY = re.compile(
    r"(?:no|do[._-]?not|dont|kein|ne)[._-]?(?:reply|repondre|antworten?|responder)"
    r"|(?:mailer-daemon|postmaster|bounces?|notifications?|calendar-notification|alerts?|system"
    r"|automated|invites?|invitations?|unknownorganizer|scheduler|bot)\b",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"(?:(?:meeting|conference|conf|board|interview)[ ._-]*room|room[ ._-]*\d|besprechungsraum"
    r"|konferenzraum|sitzungszimmer|meetingraum|salle[ ._-]|sala[ ._-]|\broom\b|\bbeamer\b)",
    re.IGNORECASE,
)
_ROOM_HOST = "resource.calendar.google.com"
_NOT_PEOPLE = {"RESOURCE", "ROOM", "GROUP"}
_LONGEST_ADDRESS = 320


@attrs.frozen(kw_only=True)
class Attendee:
    """One ATTENDEE or ORGANIZER as the file has it; `name` is "" where it gives none."""

    address: str
    name: str
    kind: str
    role: str
    answer: str
    asked: bool

    @property
    def is_human(self) -> bool:
        """Tell whether this may be a person, and not a room, a list or a machine."""
        local = self.address.partition("@")[0].casefold()
        return not (
            self.kind in _NOT_PEOPLE
            or self.role == "NON-PARTICIPANT"
            or local in MAILBOXES
            or self.is_machine
            or _ROOM.search(self.name)
            or _ROOM.search(local)
        )

    @property
    def is_machine(self) -> bool:
        """Tell whether nobody reads what is written to it."""
        local, _, host = self.address.partition("@")
        return (
            bool(_NOBODY.match(local)) or host.endswith(_ROOM_HOST) or is_scheduler(host.casefold())
        )

    @property
    def is_contact(self) -> bool:
        """Tell whether they can be written to: a person, or a mailbox with a name."""
        return bool(self.address) and not self.is_machine and (self.is_human or bool(self.name))

    @property
    def person(self) -> Person:
        """Return the person, by name if the file has one and else by what the address suggests."""
        shown = self.name or name_from_address(self.address) or self.address
        return Person(name=shown, email=self.address or None)


def parse_attendee(found: Property) -> Attendee:
    """Return one ATTENDEE or ORGANIZER; its address is "" where none holds."""
    params = found.params
    address = _address(found.value) or _address(params.get("EMAIL", ""))
    written = clean_line(params.get("CN", ""))
    name = "" if "@" in written else tidy_name(written)
    return Attendee(
        address=address,
        name=name,
        kind=params.get("CUTYPE", "").upper(),
        role=params.get("ROLE", "").upper(),
        answer=params.get("PARTSTAT", "").upper(),
        asked=params.get("RSVP", "").upper() == "TRUE",
    )


def is_own(address: str, own: Iterable[str]) -> bool:
    """Tell whether mail to the address comes to one of `own`: case and "+tags" do not count."""
    return bool(address) and _mailbox(address) in set(map(_mailbox, own))


def _mailbox(address: str) -> str:
    local, _, host = address.strip().casefold().partition("@")
    local = local.partition("+")[0]
    if host in {"gmail.com", "googlemail.com"}:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{host}"


def _address(value: str) -> str:
    text = clean_line(value)
    if text[:7].casefold() == "mailto:":
        # What follows a question mark would add recipients (RFC 6068).
        text = unquote(text[7:]).partition("?")[0].strip()
    if "@" not in text or len(text) > _LONGEST_ADDRESS:
        return ""
    try:
        return validators.validate_address(text)
    except validators.InvalidValueError:
        return ""


def distinct(guests: Iterable[Attendee]) -> list[Attendee]:
    """Return each of them once, and none that has neither address nor name."""
    found: dict[str, Attendee] = {}
    for it in guests:
        key = it.address.casefold() or it.name.casefold()
        if key:
            found.setdefault(key, it)
    return list(found.values())


_MOST = 50
_ABSENT = {"DECLINED", "DELEGATED"}


@attrs.frozen(kw_only=True)
class Participants:
    """Everybody's part in one interview, and what is not certain about it.

    `names` are all names of people that occur, the reader's among them.
    """

    me: str | None
    interviewers: tuple[Person, ...]
    declined: tuple[Person, ...]
    organizer: Person | None
    domain: str | None
    names: tuple[str, ...]
    guessed: tuple[str, ...]
    sources: dict[str, str]
    warnings: tuple[str, ...]


def identify_participants(
    event: Component, text: str, *, me: Collection[str], hints: Collection[str]
) -> Participants:
    """Return who is who in the event.

    `text` is its title and description. `me` are the reader's own addresses;
    `hints` may be one (the mail came to it).
    """
    organizer = next(map(parse_attendee, event.all("ORGANIZER")), None)
    invited = distinct(map(parse_attendee, event.all("ATTENDEE")))
    own, told = _own(organizer, invited, me, hints)
    host = organizer if organizer and not is_own(organizer.address, own) else None
    others = [g for g in invited if g.is_human and not is_own(g.address, own)]
    everybody = [*invited, *([organizer] if organizer else [])]
    panel = _panel(host, [*others, *_listed(text, everybody)], text)
    declined = [g for g in others if g.answer in _ABSENT and g != host]
    return Participants(
        me=own[0] if len(own) > len(me) else None,
        interviewers=tuple(g.person for g in panel[:_MOST]),
        declined=tuple(g.person for g in declined[:_MOST]),
        organizer=host.person if host and host.is_contact else None,
        domain=employer_domain(
            domain_of(host.address) if host else "", [domain_of(g.address) for g in panel]
        ),
        names=tuple(_names([*everybody, *panel])),
        guessed=_guessed(panel, told),
        sources=_sources(panel, host, told),
        warnings=(
            *_warnings(panel, declined, others, known=len(own) > len(me)),
            *_strangers(host, panel),
        ),
    )


def _panel(host: Attendee | None, others: Sequence[Attendee], text: str) -> list[Attendee]:
    """Return those who interview: who invites only where nobody else does, or the text says so."""
    address = host.address if host else ""
    found = [
        g for g in others if g.answer not in _ABSENT and not (address and g.address == address)
    ]
    if host and host.is_human and (not found or _is_named(host, text)):
        return [host, *found]
    return found


def _own(
    organizer: Attendee | None,
    invited: Sequence[Attendee],
    me: Collection[str],
    hints: Collection[str],
) -> tuple[tuple[str, ...], str]:
    """Return the reader's own addresses, and where they come from if that was not told."""
    everybody = [*invited, *([organizer] if organizer else [])]
    if present := tuple(g.address for g in everybody if is_own(g.address, me)):
        return (*present, *me), ""
    host = organizer.address if organizer else ""
    invited = [g for g in invited if g.is_human and g.address and g.address != host]
    outside = [g for g in invited if domain_of(g.address) != domain_of(host)]
    rules = [
        ([g for g in invited if is_own(g.address, hints)], "the mail came to it"),
        ([g for g in outside if is_free_mail(domain_of(g.address))], "the only private mailbox"),
    ]
    if not me:
        asked = [g for g in outside if g.asked]
        rules.insert(1, (asked, "the only one from outside who was asked to answer"))
        rules.append((outside, "the only one from outside"))
        rules.append((invited if is_free_mail(domain_of(host)) else [], "the only one invited"))
    for found, source in rules:
        if len(found) == 1:
            return (found[0].address, *me), f"ATTENDEE, {source}"
    return tuple(me), ""


def _is_named(host: Attendee, text: str) -> bool:
    """Tell whether the text says that they take part, and does not only end with their name."""
    if not host.name:
        return False
    name = re.escape(host.name)
    part = rf"(?:\b(?:with|mit|avec|con|meet|interviewers?:?|panel:?)\s+(?:[^\n.]{{0,80}})){name}\b"
    return bool(re.search(part, text, re.IGNORECASE))


def _listed(text: str, known: Iterable[Attendee]) -> list[Attendee]:
    """Return the interviewers that only the text names; no address is known of them."""
    names_known = {name.casefold() for name in _names(known)}
    found = (name for name in names_listed(text) if name.casefold() not in names_known)
    return [
        Attendee(address="", name=name, kind="", role="", answer="", asked=False) for name in found
    ]


def _names(everybody: Iterable[Attendee]) -> Iterator[str]:
    for it in everybody:
        if it.is_human:
            yield it.name or name_from_address(it.address)


def _guessed(panel: Sequence[Attendee], told: str) -> tuple[str, ...]:
    is_guess = any(not g.name or not g.address for g in panel)
    return (*(["interviewers"] * is_guess), *(["me"] * bool(told)))


def _sources(panel: Sequence[Attendee], host: Attendee | None, told: str) -> dict[str, str]:
    found = {"me": told} if told else {}
    if panel:
        read_from = {
            "ORGANIZER" if g == host else "ATTENDEE" if g.address else "DESCRIPTION" for g in panel
        }
        found["interviewers"] = ", ".join(sorted(read_from))
    if host and host.is_contact:
        found["organizer"] = "ORGANIZER"
    return found


def _strangers(host: Attendee | None, panel: Sequence[Attendee]) -> Iterator[str]:
    """Warn of an organizer from elsewhere than the interviewers, such as an agency's."""
    theirs = employer_domain(domain_of(host.address) if host else "", ())
    others = employer_domain("", [domain_of(g.address) for g in panel])
    if host and theirs and others and theirs != others:
        yield f"{host.person.name} is at {theirs}, the others at {others}; check the company"


def _warnings(
    panel: Sequence[Attendee],
    declined: Sequence[Attendee],
    others: Sequence[Attendee],
    *,
    known: bool,
) -> Iterator[str]:
    for it in panel[:_MOST]:
        if not it.name and it.address:
            yield f"{it.address} has no name; {it.person.name!r} is what the address suggests"
    for it in declined[:_MOST]:
        yield f"{it.person.name} declined; were they there all the same?"
    if not known and len(others) > 1:
        yield "none of those invited is known to be you; if one is, give the address with --me"
    if len(panel) > _MOST:
        yield f"only the first {_MOST} of {len(panel)} people were read"
