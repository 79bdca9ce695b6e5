"""Identify the user, the interviewers and the organizer among those whom an event names.

Rooms, lists, schedulers and mailboxes that nobody reads are never written to, and neither is the
user. Addresses come from strangers, so only valid ones are used.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import unquote

import attrs

from afterword.domain.model import Person
from afterword.domain.sanitize import clean_line
from afterword.formats import validators
from afterword.importers.invitation.ical_parser import Component, Property
from afterword.importers.invitation.mail_domains import (
    domain_of,
    employer_domain,
    is_bot,
    is_free_mail,
    is_listed,
    is_scheduler,
    mail_list,
)
from afterword.importers.invitation.person_names import listed_names, name_from_address, tidy_name

_MACHINE = re.compile(
    r"(?:no|do[._-]?not|dont|kein|ne)[._-]?(?:reply|repondre|antworten?|responder)"
    r"|(?:mailer-daemon|postmaster|bounces?|notifications?|calendar-notification|alerts?|system"
    r"|automated|invites?|invitations?|unknownorganizer|scheduler|bot)\b",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"(?:(?:meeting|conference|conf|board|interview)[ ._-]*room|room[ ._-]*\d|besprechungsraum"
    r"|konferenzraum|sitzungszimmer|meetingraum|salle[ ._-]|sala[ ._-]|\brooms?\b|\bbeamer\b"
    r"|\braum[ ._-]*\d|^mtr[ ._-])",
    re.IGNORECASE,
)
# How the mailboxes of groups are named.
_GROUP = re.compile(
    r"(?:^(?:all|dl|grp|group|list|team|verteiler|gruppe|equipe|equipo)[._-]"
    r"|[._-](?:all|calendar|dl|group|kalender|list|shared|team|verteiler|gruppe|equipe|equipo)$)",
    re.IGNORECASE,
)
_NOT_PEOPLE = {"RESOURCE", "ROOM", "GROUP"}
_ABSENT = {"DECLINED", "DELEGATED"}
# Identifiers that calendars put where a name belongs.
_OPAQUE_NAME = re.compile(
    r"(?:urn:|mailto:|invalid:|/principals?/).*|[0-9a-f-]{30,}"
    r"|icloud|unknown(?: organi[sz]er)?|organi[sz]er|none|null|undefined",
    re.IGNORECASE,
)
_MAX_ADDRESS_LENGTH = 320
_MAX_PEOPLE = 50


@attrs.frozen(kw_only=True)
class Attendee:
    """An ATTENDEE or ORGANIZER of the file; a value that it does not state is "".

    `host_domain` is that of the organizer's address.
    """

    address: str = ""
    name: str = ""
    cutype: str = ""
    role: str = ""
    partstat: str = ""
    rsvp: bool = False
    host_domain: str = ""

    @property
    def domain(self) -> str:
        """Return the domain of the address."""
        return domain_of(self.address)

    @functools.cached_property
    def is_person(self) -> bool:
        """True unless this is a room, a list or a machine."""
        local = self.address.partition("@")[0].casefold()
        return not (
            self.cutype in _NOT_PEOPLE
            or self.role == "NON-PARTICIPANT"
            or not (self.address or self.name)
            or local in mail_list("group_mailboxes")
            or _GROUP.search(local)
            or self.is_machine
            or _ROOM.search(self.name)
            or _ROOM.search(local)
        )

    @functools.cached_property
    def is_machine(self) -> bool:
        """True if nobody reads mail to this address."""
        is_room = is_listed(self.domain, mail_list("rooms_and_calendars"))
        is_nobody = is_room or is_unattended(self.address)
        return (is_nobody and not self._is_employee) or is_bot(
            self.address, self.name, host_domain=self.host_domain
        )

    @property
    def _is_employee(self) -> bool:
        """True for a person at a company that also runs a scheduling service."""
        local, _, host = self.address.casefold().partition("@")
        is_named = len(self.name.split()) > 1 and self.name.casefold() not in mail_list(
            "group_mailboxes"
        )
        return host in mail_list("employers_too") and is_named and not _MACHINE.match(local)

    @property
    def is_contact(self) -> bool:
        """True if mail can be sent: to a person, or to a mailbox with a name."""
        return bool(self.address) and not self.is_machine and (self.is_person or bool(self.name))

    @property
    def is_absent(self) -> bool:
        """True if they will not attend."""
        return self.partstat in _ABSENT

    @property
    def display_name(self) -> str:
        """Return the stated name, else the name that the address suggests, else the address."""
        return self.name or name_from_address(self.address) or self.address

    def to_person(self) -> Person:
        """Return the person, by their display name."""
        return Person(name=self.display_name, email=self.address or None)


_NOBODY = Attendee()


@attrs.frozen(kw_only=True)
class Participants:
    """Everybody's role in an interview, and the warnings about it.

    `names` are all names of people in the event, the user's included.
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
    event: Component, text: str, *, me: Collection[str], recipients: Collection[str]
) -> Participants:
    """Return everybody's role in the event.

    `text` is its title and description. `me` are the user's own addresses; `recipients`, those
    that the mail was sent to, may include another.
    """
    organizer = _organizer(event)
    host_domain = organizer.domain
    invited = _distinct(parse_attendee(prop, host_domain) for prop in event.properties("ATTENDEE"))
    everybody = [*invited, organizer]
    own, me_source = _own_addresses(organizer, invited, me, recipients)
    host = _NOBODY if is_own_address(organizer.address, own) else organizer
    others = [a for a in invited if a.is_person and not is_own_address(a.address, own)]
    panel = _panel(host, [*others, *_named_in_text(text, everybody)], text)
    declined = [a for a in others if a.is_absent and a != host]
    identified = len(own) > len(me)
    is_incomplete = any(not a.name or not a.address for a in panel)
    return Participants(
        me=own[0] if identified else None,
        interviewers=tuple(a.to_person() for a in panel[:_MAX_PEOPLE]),
        declined=tuple(a.to_person() for a in declined[:_MAX_PEOPLE]),
        organizer=host.to_person() if host.is_contact else None,
        domain=employer_domain(host.domain, [a.domain for a in panel]),
        names=tuple(_names([*everybody, *panel])),
        guessed=(*(["interviewers"] * is_incomplete), *(["me"] * bool(me_source))),
        sources=_sources(panel, host, me_source),
        warnings=(
            *_warnings(panel, declined, others, identified=identified),
            *_domain_warnings(host, panel),
        ),
    )


def parse_attendee(prop: Property, host_domain: str = "") -> Attendee:
    """Return an ATTENDEE or ORGANIZER; its address is "" unless valid."""
    params = prop.params
    cn = clean_line(params.get("CN", ""))
    return Attendee(
        address=_address(prop.value, params.get("EMAIL", "")),
        name="" if "@" in cn or _OPAQUE_NAME.fullmatch(cn) else tidy_name(cn),
        cutype=params.get("CUTYPE", "").upper(),
        role=params.get("ROLE", "").upper(),
        partstat=params.get("PARTSTAT", "").upper(),
        rsvp=params.get("RSVP", "").upper() == "TRUE",
        host_domain=host_domain,
    )


def _organizer(event: Component) -> Attendee:
    """Return the organizer, nobody where neither a name nor an address is stated."""
    organizers = map(parse_attendee, event.properties("ORGANIZER"))
    organizer = next((o for o in organizers if o.address or o.name), _NOBODY)
    return attrs.evolve(organizer, host_domain=organizer.domain)


def _address(value: str, email: str) -> str:
    """Return the address to write to: the value, unless EMAIL names a more useful address."""
    addresses = [
        a
        for a in map(_parse_address, (value, email))
        if a and not is_listed(domain_of(a), mail_list("relays"))
    ]
    return next((a for a in addresses if not is_unattended(a)), next(iter(addresses), ""))


def is_unattended(address: str) -> bool:
    """True if nobody reads mail to the address."""
    local, _, host = address.partition("@")
    return bool(_MACHINE.match(local)) or is_scheduler(host.casefold())


def _parse_address(value: str) -> str:
    text = clean_line(value)
    if text[:7].casefold() == "mailto:":
        # A question mark begins header fields, which could add recipients (RFC 6068).
        text = unquote(text[7:]).partition("?")[0].strip(" <>")
    if "@" not in text or len(text) > _MAX_ADDRESS_LENGTH:
        return ""
    try:
        return validators.validate_address(text)
    except validators.InvalidValueError:
        return ""


def is_own_address(address: str, own: Iterable[str]) -> bool:
    """True if mail to the address reaches a mailbox of `own`; case and "+tag" are ignored."""
    return bool(address) and _mailbox(address) in set(map(_mailbox, own))


def _mailbox(address: str) -> str:
    local, _, host = address.strip().casefold().partition("@")
    local = local.partition("+")[0]
    if host in {"gmail.com", "googlemail.com"}:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{host}"


def _distinct(attendees: Iterable[Attendee]) -> list[Attendee]:
    """Return each attendee once, without those that have neither address nor name."""
    distinct: dict[str, Attendee] = {}
    for attendee in attendees:
        if key := attendee.address.casefold() or attendee.name.casefold():
            distinct.setdefault(key, attendee)
    return list(distinct.values())


def _own_addresses(
    organizer: Attendee,
    invited: Sequence[Attendee],
    me: Collection[str],
    recipients: Collection[str],
) -> tuple[tuple[str, ...], str]:
    """Return the user's own addresses, the invited first, and its source if it is a guess."""
    present = [a.address for a in (*invited, organizer) if is_own_address(a.address, me)]
    if present:
        return (*present, *me), ""
    invited = [a for a in invited if a.is_person and a.address not in {"", organizer.address}]
    outside = [a for a in invited if a.domain != organizer.domain]
    rules = [
        ([a for a in invited if is_own_address(a.address, recipients)], "the mail came to it"),
        ([a for a in outside if is_free_mail(a.domain)], "the only private mailbox"),
    ]
    if not me:
        asked = [a for a in outside if a.rsvp]
        rules.insert(1, (asked, "the only one from outside who was asked to answer"))
        rules.append((outside, "the only one from outside"))
        rules.append((invited if is_free_mail(organizer.domain) else [], "the only one invited"))
    for candidates, source in rules:
        if len(candidates) == 1:
            return (candidates[0].address, *me), f"ATTENDEE, {source}"
    return tuple(me), ""


def _panel(host: Attendee, others: Sequence[Attendee], text: str) -> list[Attendee]:
    """Return the interviewers; the organizer only if alone or if the text names them."""
    panel = [a for a in others if not a.is_absent and (not a.address or a.address != host.address)]
    if host.is_person and (not panel or _takes_part(host, text)):
        return [host, *panel]
    return panel


def _takes_part(host: Attendee, text: str) -> bool:
    """True if the text states that they take part; a signature does not."""
    if not host.name:
        return False
    name = re.escape(host.name)
    phrase = (
        rf"(?:\b(?:with|mit|avec|con|meet|interviewers?:?|panel:?)\s+(?:[^\n.]{{0,80}})){name}\b"
    )
    return bool(re.search(phrase, text, re.IGNORECASE))


def _named_in_text(text: str, invited: Iterable[Attendee]) -> list[Attendee]:
    """Return the interviewers that only the text names, without an address."""
    invited_names = {name.casefold() for name in _names(invited)}
    names = (name for name in listed_names(text) if name.casefold() not in invited_names)
    return [Attendee(name=name) for name in names]


def _names(attendees: Iterable[Attendee]) -> Iterator[str]:
    for attendee in attendees:
        if attendee.is_person:
            yield attendee.name or name_from_address(attendee.address)


def _sources(panel: Sequence[Attendee], host: Attendee, me_source: str) -> dict[str, str]:
    sources = {"me": me_source} if me_source else {}
    if panel:
        properties = {
            "ORGANIZER" if a == host else "ATTENDEE" if a.address else "DESCRIPTION" for a in panel
        }
        sources["interviewers"] = ", ".join(sorted(properties))
    if host.is_contact:
        sources["organizer"] = "ORGANIZER"
    return sources


def _warnings(
    panel: Sequence[Attendee],
    declined: Sequence[Attendee],
    others: Sequence[Attendee],
    *,
    identified: bool,
) -> Iterator[str]:
    for attendee in panel[:_MAX_PEOPLE]:
        if not attendee.name and attendee.address:
            name = attendee.display_name
            yield f"{attendee.address} has no name; {name!r} is what the address suggests"
    for attendee in declined[:_MAX_PEOPLE]:
        yield f"{attendee.display_name} declined; were they there anyway?"
    if not identified and len(others) > 1:
        yield "none of the invited addresses is known to be yours; if one is, give it with --me"
    if len(panel) > _MAX_PEOPLE:
        yield f"only the first {_MAX_PEOPLE} of {len(panel)} people were read"


def _domain_warnings(host: Attendee, panel: Sequence[Attendee]) -> Iterator[str]:
    """Warn of an organizer from another company than the interviewers, such as an agency's."""
    host_domain = employer_domain(host.domain, ())
    panel_domain = employer_domain("", [a.domain for a in panel])
    if host_domain and panel_domain and host_domain != panel_domain:
        name = host.display_name
        yield f"{name} is at {host_domain}, the others at {panel_domain}; check the company"
