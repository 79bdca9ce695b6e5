"""Who is who: the reader, the people who interview, and who only arranged it.

Addresses come from strangers, so only those that hold are kept, and nothing is
ever written to a room, a list, a scheduler or a mailbox that nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import unquote

import attrs

from afterword.core.model import Person
from afterword.core.text import clean_line
from afterword.formats import values
from afterword.formats.invitation import names
from afterword.formats.invitation.blocks import Block, Property
from afterword.formats.invitation.domains import (
    domain_of,
    employer_domain,
    is_free_mail,
    is_scheduler,
)
from afterword.formats.invitation.senders import MAILBOXES

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
_MOST = 50


@attrs.frozen(kw_only=True)
class Guest:
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
    def person(self) -> Person:
        """Return the person, by name if the file has one and else by what the address suggests."""
        shown = self.name or names.from_address(self.address) or self.address
        return Person(name=shown, email=self.address or None)


@attrs.frozen(kw_only=True)
class Cast:
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


def cast(event: Block, text: str, *, me: Collection[str], hints: Collection[str]) -> Cast:
    """Return who is who in the event.

    `text` is its title and description. `me` are the reader's own addresses;
    `hints` may be one (the mail came to it).
    """
    organizer = next(map(guest, event.all("ORGANIZER")), None)
    invited = _distinct(map(guest, event.all("ATTENDEE")))
    own, told = _own(organizer, invited, me, hints)
    others = [g for g in invited if g.is_human and not is_own(g.address, own)]
    host = organizer if organizer and not is_own(organizer.address, own) else None
    panel = [g for g in others if not host or g.address != host.address]
    declined = [g for g in panel if g.answer in {"DECLINED", "DELEGATED"}]
    panel = [g for g in panel if g not in declined]
    if host and host.is_human and (not panel or _is_named(host, text)):
        panel = [host, *panel]
    panel += _listed(text, panel)
    return Cast(
        me=own[0] if len(own) > len(me) else None,
        interviewers=tuple(g.person for g in panel[:_MOST]),
        declined=tuple(g.person for g in declined[:_MOST]),
        organizer=host.person if host and _is_contact(host) else None,
        domain=employer_domain(
            domain_of(host.address) if host else "", [domain_of(g.address) for g in panel]
        ),
        names=tuple(_names([*invited, *panel, *([organizer] if organizer else [])])),
        guessed=_guessed(panel, told),
        sources=_sources(panel, host, told),
        warnings=(
            *_warnings(panel, declined, others, known=len(own) > len(me)),
            *_strangers(host, panel),
        ),
    )


def guest(found: Property) -> Guest:
    """Return one ATTENDEE or ORGANIZER; its address is "" where none holds."""
    params = found.params
    address = _address(found.value) or _address(params.get("EMAIL", ""))
    written = clean_line(params.get("CN", ""))
    name = "" if "@" in written else names.tidy(written)
    return Guest(
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
        return values.address(text)
    except values.MisreadError:
        return ""


def _distinct(guests: Iterable[Guest]) -> list[Guest]:
    found: dict[str, Guest] = {}
    for it in guests:
        key = it.address.casefold() or it.name.casefold()
        if key:
            found.setdefault(key, it)
    return list(found.values())


def _own(
    organizer: Guest | None, invited: Sequence[Guest], me: Collection[str], hints: Collection[str]
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


def _is_named(host: Guest, text: str) -> bool:
    """Tell whether the text says that they take part, and does not only end with their name."""
    if not host.name:
        return False
    name = re.escape(host.name)
    part = rf"(?:\b(?:with|mit|avec|con|meet|interviewers?:?|panel:?)\s+(?:[^\n.]{{0,80}})){name}\b"
    return bool(re.search(part, text, re.IGNORECASE))


def _listed(text: str, panel: Sequence[Guest]) -> list[Guest]:
    """Return the interviewers that only the text names; no address is known of them."""
    known = {g.name.casefold() for g in panel}
    found = (name for name in names.listed(text) if name.casefold() not in known)
    return [
        Guest(address="", name=name, kind="", role="", answer="", asked=False) for name in found
    ]


def _names(everybody: Iterable[Guest]) -> Iterator[str]:
    for it in everybody:
        if it.is_human:
            yield it.name or names.from_address(it.address)


def _is_contact(host: Guest) -> bool:
    """Tell whether the organizer can be written to: a person, or a mailbox with a name."""
    return bool(host.address) and not host.is_machine and (host.is_human or bool(host.name))


def _guessed(panel: Sequence[Guest], told: str) -> tuple[str, ...]:
    is_guess = any(not g.name or not g.address for g in panel)
    return (*(["interviewers"] * is_guess), *(["me"] * bool(told)))


def _sources(panel: Sequence[Guest], host: Guest | None, told: str) -> dict[str, str]:
    found = {"me": told} if told else {}
    if panel:
        read_from = {
            "ORGANIZER" if g == host else "ATTENDEE" if g.address else "DESCRIPTION" for g in panel
        }
        found["interviewers"] = ", ".join(sorted(read_from))
    if host and _is_contact(host):
        found["organizer"] = "ORGANIZER"
    return found


def _strangers(host: Guest | None, panel: Sequence[Guest]) -> Iterator[str]:
    """Warn of an organizer from elsewhere than the interviewers, such as an agency's."""
    theirs = employer_domain(domain_of(host.address) if host else "", ())
    others = employer_domain("", [domain_of(g.address) for g in panel])
    if host and theirs and others and theirs != others:
        yield f"{host.person.name} is at {theirs}, the others at {others}; check the company"


def _warnings(
    panel: Sequence[Guest], declined: Sequence[Guest], others: Sequence[Guest], *, known: bool
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
