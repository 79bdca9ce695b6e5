"""Mail domains: whose they are, and what they say about a company's name."""

from __future__ import annotations

from collections.abc import Iterable

from afterword.formats.invitation.senders import FREE_MAIL, SCHEDULERS, SECOND_LEVELS


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
