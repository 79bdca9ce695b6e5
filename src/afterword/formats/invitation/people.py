"""Who is who: the reader, the people who interview, and who only arranged it.

Nothing is ever written to a room, a list, a scheduler or a mailbox that nobody
reads, and nobody thanks themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from afterword.core.model import Person
from afterword.formats.invitation import names
from afterword.formats.invitation.blocks import Block
from afterword.formats.invitation.domains import domain_of, employer_domain, is_free_mail
from afterword.formats.invitation.guests import Guest, distinct, guest, is_own

_MOST = 50
_ABSENT = {"DECLINED", "DELEGATED"}


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
    invited = distinct(map(guest, event.all("ATTENDEE")))
    own, told = _own(organizer, invited, me, hints)
    host = organizer if organizer and not is_own(organizer.address, own) else None
    others = [g for g in invited if g.is_human and not is_own(g.address, own)]
    everybody = [*invited, *([organizer] if organizer else [])]
    panel = _panel(host, [*others, *_listed(text, everybody)], text)
    declined = [g for g in others if g.answer in _ABSENT and g != host]
    return Cast(
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


def _panel(host: Guest | None, others: Sequence[Guest], text: str) -> list[Guest]:
    """Return those who interview: who invites only where nobody else does, or the text says so."""
    address = host.address if host else ""
    found = [
        g for g in others if g.answer not in _ABSENT and not (address and g.address == address)
    ]
    if host and host.is_human and (not found or _is_named(host, text)):
        return [host, *found]
    return found


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


def _listed(text: str, known: Iterable[Guest]) -> list[Guest]:
    """Return the interviewers that only the text names; no address is known of them."""
    names_known = {name.casefold() for name in _names(known)}
    found = (name for name in names.listed(text) if name.casefold() not in names_known)
    return [
        Guest(address="", name=name, kind="", role="", answer="", asked=False) for name in found
    ]


def _names(everybody: Iterable[Guest]) -> Iterator[str]:
    for it in everybody:
        if it.is_human:
            yield it.name or names.from_address(it.address)


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
    if host and host.is_contact:
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
