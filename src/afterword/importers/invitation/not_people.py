"""Recognize note takers, rooms, shared calendars and relays among those whom an event names."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import tomli

from afterword.importers.invitation.mail_domains import is_listed, is_scheduler

_DATA = "not_people.toml"
_BOT_MAILBOX = re.compile(
    r"(?:^|[._+-])(?:bot|notetaker|note-taker|notes?-?bot|joinbot|recorder)(?:$|[._+-])",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?:^(?:all|dl|grp|group|list|team|verteiler|gruppe|equipe|equipo)[._-]"
    r"|[._-](?:all|calendar|dl|group|kalender|list|shared|team|verteiler|gruppe|equipe|equipo)$)",
    re.IGNORECASE,
)


def is_relay(domain: str) -> bool:
    """True if addresses there only forward answers to an invitation."""
    return is_listed(domain, _listed("relays"))


def is_bot(address: str, name: str, *, host_domain: str) -> bool:
    """True for a service that takes notes or records; `host_domain` is the organizer's."""
    local, _, domain = address.casefold().partition("@")
    if _has_listed_name(name):
        return True
    if not is_listed(domain, _listed("note_takers")):
        return bool(_BOT_MAILBOX.search(local))
    is_colleague = bool(host_domain) and _is_within(domain, host_domain)
    may_be_colleague = is_scheduler(host_domain) and len(name.split()) > 1
    return local in _listed("mailboxes") or not (is_colleague or may_be_colleague)


def is_room_or_calendar(address: str) -> bool:
    """True for the address of a room, a device, a calendar or a mailing list."""
    domain = address.casefold().rpartition("@")[2]
    return is_listed(domain, _listed("rooms")) or is_listed(domain, _listed("calendars"))


def is_group_address(address: str) -> bool:
    """True if the mailbox is named as that of a group is."""
    return bool(_GROUP.search(address.partition("@")[0]))


def _has_listed_name(name: str) -> bool:
    words = " ".join(name.casefold().split())
    heads, tails = _parts_of_names()
    return words in _listed("names") or words.endswith(tails) or words.startswith(heads)


def _is_within(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")


@functools.cache
def _listed(key: str) -> frozenset[str]:
    """Return a list of the data file."""
    return frozenset(_data()[key])


@functools.cache
def _parts_of_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how a name begins and how it ends that has a listed name of several words in it."""
    names = sorted(name for name in _listed("names") if " " in name or "." in name)
    heads = tuple(f"{name}{end}" for name in names for end in (" ", "'"))
    return heads, tuple(f" {name}" for name in names)


@functools.cache
def _data() -> dict[str, list[str]]:
    text = Path(__file__).with_name(_DATA).read_text("utf-8")
    return tomli.loads(text)
