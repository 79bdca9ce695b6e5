"""Mail domains and addresses: free mail, scheduling services, rooms, note takers, employers.

A host in a list includes its subdomains.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from afterword.importers.word_lists import read_list

_BOT_MAILBOX = re.compile(
    r"(?:^|[._+-])(?:bot|notetaker|note-taker|notes?-?bot|joinbot|recorder)(?:$|[._+-])",
    re.IGNORECASE,
)


def mail_list(key: str) -> frozenset[str]:
    """Return a list of hosts, mailboxes or names; the data file describes each of them."""
    return read_list("invitation/mail_domains.toml", key)


def domain_of(address: str) -> str:
    """Return the domain of an address in lower case, "" where there is none."""
    return address.rpartition("@")[2].strip(" .").casefold() if "@" in address else ""


def is_listed(domain: str, hosts: frozenset[str]) -> bool:
    """True if the domain or a parent domain is among the hosts."""
    while domain:
        if domain in hosts:
            return True
        domain = domain.partition(".")[2]
    return False


def is_free_mail(domain: str) -> bool:
    """True if anybody can have a mailbox there."""
    return is_listed(domain, mail_list("free_mail"))


def is_scheduler(domain: str) -> bool:
    """True if it invites on somebody else's behalf."""
    return is_listed(domain, mail_list("schedulers"))


def is_shared(domain: str) -> bool:
    """True if the domain is that of a mail or scheduling service, not of an employer."""
    return is_free_mail(domain) or is_scheduler(domain) or is_listed(domain, mail_list("tenants"))


def is_service_name(name: str) -> bool:
    """True if a name is that of a free-mail host or a scheduling service ("Calendly")."""
    return "".join(name.split()).casefold() in _service_names()


@functools.cache
def _service_names() -> frozenset[str]:
    hosts = mail_list("free_mail") | mail_list("schedulers")
    names = hosts | {host.partition(".")[0] for host in hosts}
    return frozenset(n for n in names if len(n) >= len("zcal")) - mail_list("not_service_names")


def employer_domain(organizer: str, panel: Iterable[str]) -> str | None:
    """Return the employer's domain: the organizer's, else that of the whole panel."""
    for domains in ({organizer}, set(panel)):
        candidates = {_registrable(d) for d in domains if d and not is_shared(d)}
        if len(candidates) == 1:
            return candidates.pop()
    return None


def _registrable(domain: str) -> str:
    """Return the domain without subdomains: talent.karoo.co.za is karoo.co.za."""
    labels = domain.split(".")
    is_country = len(labels[-1]) == len("za")
    is_long = len(labels) > 2 and is_country and labels[-2] in mail_list("second_levels")  # noqa: PLR2004
    return ".".join(labels[-3:] if is_long else labels[-2:])


def is_bot(address: str, name: str, *, host_domain: str) -> bool:
    """True for a service that takes notes or records; `host_domain` is the organizer's."""
    local, _, domain = address.casefold().partition("@")
    if _has_listed_name(name):
        return True
    if not is_listed(domain, mail_list("note_takers")):
        return bool(_BOT_MAILBOX.search(local))
    is_colleague = bool(host_domain) and _is_within(domain, host_domain)
    may_be_colleague = is_scheduler(host_domain) and len(name.split()) > 1
    return local in mail_list("bot_mailboxes") or not (is_colleague or may_be_colleague)


def _has_listed_name(name: str) -> bool:
    words = " ".join(name.casefold().split())
    heads, tails = _parts_of_names()
    return words in mail_list("names") or words.endswith(tails) or words.startswith(heads)


def _is_within(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")


@functools.cache
def _parts_of_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how a name begins and how it ends that has a listed name of several words in it."""
    names = sorted(name for name in mail_list("names") if " " in name or "." in name)
    heads = tuple(f"{name}{end}" for name in names for end in (" ", "'"))
    return heads, tuple(f" {name}" for name in names)
