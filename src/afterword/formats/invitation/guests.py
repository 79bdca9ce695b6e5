"""Those whom an event names (ATTENDEE, ORGANIZER): persons, rooms, lists and machines.

Addresses come from strangers, so only those that hold are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

import attrs

from afterword.core.model import Person
from afterword.core.text import clean_line
from afterword.formats import values
from afterword.formats.invitation import names
from afterword.formats.invitation.blocks import Property
from afterword.formats.invitation.domains import is_scheduler
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
    def is_contact(self) -> bool:
        """Tell whether they can be written to: a person, or a mailbox with a name."""
        return bool(self.address) and not self.is_machine and (self.is_human or bool(self.name))

    @property
    def person(self) -> Person:
        """Return the person, by name if the file has one and else by what the address suggests."""
        shown = self.name or names.from_address(self.address) or self.address
        return Person(name=shown, email=self.address or None)


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


def distinct(guests: Iterable[Guest]) -> list[Guest]:
    """Return each of them once, and none that has neither address nor name."""
    found: dict[str, Guest] = {}
    for it in guests:
        key = it.address.casefold() or it.name.casefold()
        if key:
            found.setdefault(key, it)
    return list(found.values())
