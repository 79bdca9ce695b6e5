"""Mail domains and addresses: free mail, scheduling services, rooms, note takers, employers.

A host in a list includes its subdomains.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path

import tomli

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


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


FREE_MAIL = _words(
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr",
    "live.com live.co.uk msn.com yahoo.com yahoo.co.uk yahoo.co.in yahoo.de yahoo.fr ymail.com",
    "rocketmail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com gmx.at gmx.ch web.de",
    "t-online.de freenet.de posteo.de mailbox.org proton.me protonmail.com pm.me tutanota.com",
    "tuta.com fastmail.com fastmail.fm hey.com zoho.com mail.com mail.ru yandex.ru yandex.com",
    "qq.com 163.com 126.com naver.com daum.net rediffmail.com orange.fr wanadoo.fr free.fr",
    "laposte.net sfr.fr libero.it virgilio.it seznam.cz wp.pl onet.pl o2.pl interia.pl bluewin.ch",
    "btinternet.com sky.com talktalk.net comcast.net verizon.net att.net mweb.co.za telkomsa.net",
    "webmail.co.za vodamail.co.za bigpond.com optusnet.com.au uol.com.br bol.com.br terra.com.br",
)
"""Hosts where anybody can have a mailbox, so they are no employer's domain."""

SCHEDULERS = _words(
    "calendly.com cal.com acuityscheduling.com doodle.com youcanbook.me savvycal.com",
    "chilipiper.com hubspot.com x.ai zcal.co tidycal.com simplybook.me appointlet.com",
    "greenhouse.io greenhouse-mail.io us.greenhouse-mail.io lever.co ashbyhq.com goodtime.io",
    "prelude.co modernloop.io guide.co candidate.fyi gem.com workday.com myworkday.com",
    "myworkdayjobs.com myworkdaysite.com smartrecruiters.com icims.com taleo.net",
    "oraclecloud.com successfactors.com successfactors.eu sapsf.com jobvite.com workable.com",
    "workablemail.com recruitee.com teamtailor.com teamtailor-mail.com personio.com personio.de",
    "join.com bamboohr.com breezy.hr breezy-mail.com jazz.co applytojob.com zohorecruit.com",
    "rippling.com pinpointhq.com comeet.co comeet.com hirevue.com paradox.ai humanly.io",
    "phenompeople.com eightfold.ai avature.net bullhorn.com jobadder.com welcomekit.co",
    "welcometothejungle.com indeed.com indeedemail.com linkedin.com xing.com stepstone.de",
    "hackerrank.com codility.com karat.io karat.com zoom.us google.com calendar.google.com",
    "teams.microsoft.com microsoft.com outlook.office365.com apple.com webex.com whereby.com",
    "hire.lever.co ashbyhq.com ashbymail.com goodtime.io modernloop.io teamtailor.io personio.com",
    "smartrecruitersmail.com jobs.personio.de dover.com dover.io fountain.com homerun.co",
    "vidcruiter.com willo.video sparkhire.com brazenconnect.com recruiterbox.com trakstar.com",
    "talentlyft.com recruiterflow.com manatal.com loxo.co crelate.com flatchr.io softgarden.de",
    "softgarden.io rexx-systems.com d-vinci.de onlyfy.com concludis.de csod.com ultipro.com",
    "dayforce.com paylocity.com paycomonline.net kenexa.com brassring.com",
)
"""Hosts that invite on somebody else's behalf, so they are no employer's domain."""

EMPLOYERS_TOO = _words(
    "apple.com google.com hubspot.com indeed.com linkedin.com microsoft.com rippling.com webex.com",
    "workday.com xing.com zoom.us",
)
"""Hosts of SCHEDULERS where people interview too."""

TENANTS = _words(
    "onmicrosoft.com onmicrosoft.us onmicrosoft.de onmicrosoft.cn partner.onmschina.cn",
    "awsapps.com googlegroups.com group.calendar.google.com imip.me.com privaterelay.appleid.com",
    "reply.github.com amazonses.com sendgrid.net mailgun.org mandrillapp.com sparkpostmail.com",
)
"""Hosts of mail services, whose subdomains are no employer's domain either."""

SECOND_LEVELS = _words(
    "ac co com edu gob gov gouv govt ltd mil net nhs nom or org plc sch",
)
"""Labels between a name and a country code ("karoo.co.za")."""

MAILBOXES = _words(
    "admin all applications apply appointments bewerbung bewerbungen calendar candidates career",
    "careers contact emploi empleo events everyone group hello hi hiring hr human-resources",
    "humanresources info interview interviews jobs karriere kontakt mail office people",
    "people-ops peopleops personal personalabteilung recruit recruiter recruiting recruitment",
    "recrutement rh rrhh scheduling staff support talent talent-acquisition talentacquisition",
    "team vacancies",
)
"""Mailboxes of a group: they can be written to, but are no person."""


# Names that are also common words or companies to work for are left out.
_SERVICE_NAMES = frozenset(
    label
    for host in (*FREE_MAIL, *SCHEDULERS)
    for label in (host, host.partition(".")[0])
    if len(label) >= len("zcal")
) - _words("apple google guide indeed join linkedin live mail microsoft orange free terra workday")


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
    return is_listed(domain, FREE_MAIL)


def is_scheduler(domain: str) -> bool:
    """True if it invites on somebody else's behalf."""
    return is_listed(domain, SCHEDULERS)


def is_shared(domain: str) -> bool:
    """True if the domain is that of a mail or scheduling service, not of an employer."""
    return is_free_mail(domain) or is_scheduler(domain) or is_listed(domain, TENANTS)


def is_service_name(name: str) -> bool:
    """True if a name is that of a free-mail host or a scheduling service ("Calendly")."""
    return "".join(name.split()).casefold() in _SERVICE_NAMES


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
    is_long = len(labels) > 2 and labels[-2] in SECOND_LEVELS and len(labels[-1]) == 2  # noqa: PLR2004
    return ".".join(labels[-3:] if is_long else labels[-2:])


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
