"""The facts of a calendar event by which a job interview is recognized."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import attrs

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.html_text import strip_prefixes, to_plain_text
from afterword.importers.invitation.ical_parser import Component
from afterword.importers.invitation.mail_domains import domain_of, is_free_mail, is_scheduler
from afterword.importers.invitation.participants import (
    Attendee,
    is_own_address,
    is_unattended,
    parse_attendee,
)

_MAX_TITLE = 300
_MAX_TEXT = 4_000
_MAX_HOSTS = 20
_HOST = re.compile(r"https?://([^\s/<>\"'?#:@\\]{3,253})", re.IGNORECASE)
_LINKED = ("LOCATION", "URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "DESCRIPTION", "X-ALT-DESC")
# In so many events, of so many organizers, everybody is the user or a close colleague.
_OFTEN = 4
_SHARE = 0.15


@attrs.frozen(kw_only=True)
class EventFacts:
    """The texts, people and links of an event.

    `organizer` is "" without an organizer, `others` are the addresses of everybody but the
    user. `internal`: everybody has a mailbox of one company, the user's own. `own`: the user
    invites; `private`: it is for a mailbox of theirs that no colleague has an address beside.
    `hosts` are those of the links in it.
    """

    title: str
    text: str
    location: str
    organizer: str
    others: tuple[str, ...]
    hosts: tuple[str, ...]
    internal: bool = False
    own: bool = False
    declined: bool = False
    private: bool = False
    recurring: bool = False

    @property
    def domain(self) -> str:
        """Return the mail domain of the organizer, "" without an organizer."""
        return domain_of(self.organizer)

    @property
    def is_from_outside(self) -> bool:
        """True for an invitation from a company that is not the user's."""
        if not self.organizer or self.internal or self.own:
            return False
        return not is_free_mail(self.domain)


def collect_facts(
    event: Component, *, me: Collection[str], private: Collection[str] = ()
) -> EventFacts:
    """Return the facts of an event; `me` are the user's addresses, `private` those not at work."""
    people = [parse_attendee(prop) for prop in event.properties("ATTENDEE")]
    organizer = next(map(parse_attendee, event.properties("ORGANIZER")), None)
    address = organizer.address if organizer else ""
    own = is_own_address(address, me)
    return EventFacts(
        title=strip_prefixes(clean_line(to_plain_text(event.text("SUMMARY"))))[:_MAX_TITLE],
        text=to_plain_text(event.text("DESCRIPTION", "X-ALT-DESC")[: 4 * _MAX_TEXT])[:_MAX_TEXT],
        location=clean_line(to_plain_text(event.text("LOCATION")))[:_MAX_TITLE],
        organizer=address,
        others=tuple(p.address for p in people if p.address and not is_own_address(p.address, me)),
        hosts=tuple(dict.fromkeys(_hosts(event)))[:_MAX_HOSTS],
        internal=_is_internal(address, people, me),
        own=own,
        declined=any(p.partstat == "DECLINED" and is_own_address(p.address, me) for p in people),
        private=any(is_own_address(p.address, private) for p in people),
        recurring=event.first("RRULE", "RDATE") is not None,
    )


def frequent_addresses(events: Iterable[Component]) -> tuple[str, ...]:
    """Return the addresses that so many organizers invite that they are the user's."""
    counts: dict[str, int] = {}
    inviting: dict[str, set[str]] = {}
    total = 0
    for event in events:
        organizer = next(map(parse_attendee, event.properties("ORGANIZER")), None)
        host = organizer.address.casefold() if organizer else ""
        people = event.properties("ATTENDEE")
        invited = {parse_attendee(prop).address.casefold() for prop in people} - {""}
        total += bool(invited)
        for address in invited:
            counts[address] = counts.get(address, 0) + 1
            inviting.setdefault(address, set()).add(host)
    least = max(_OFTEN, _SHARE * total)
    return tuple(
        address
        for address, count in sorted(counts.items())
        if count >= least and len(inviting[address]) >= _OFTEN and not is_unattended(address)
    )


def private_addresses(events: Iterable[Component], me: Collection[str]) -> tuple[str, ...]:
    """Return the user's addresses in domains where nobody else in the calendar has an address."""
    by_domain: dict[str, set[str]] = {}
    for event in events:
        for prop in (*event.properties("ATTENDEE"), *event.properties("ORGANIZER")):
            address = parse_attendee(prop).address.casefold()
            by_domain.setdefault(domain_of(address), set()).add(address)
    return tuple(
        address
        for address in me
        if is_free_mail(domain := domain_of(address))
        or all(is_own_address(other, me) for other in by_domain.get(domain, ()))
    )


def _is_internal(address: str, people: Collection[Attendee], me: Collection[str]) -> bool:
    """True for a meeting among colleagues, or with an invitation by a colleague of the user."""
    domain = domain_of(address)
    if not domain or is_free_mail(domain) or is_scheduler(domain):
        return False
    if domain in {domain_of(own) for own in me}:
        return True
    domains = {domain_of(person.address) for person in people if person.address}
    return domains == {domain}


def _hosts(event: Component) -> Iterator[str]:
    for name in _LINKED:
        value = event.text(name)[: 4 * _MAX_TEXT]
        yield from (match[1].casefold() for match in _HOST.finditer(value))
