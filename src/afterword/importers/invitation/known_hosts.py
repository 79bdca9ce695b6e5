"""Lists that are kept up: mail hosts, schedulers, mailboxes and conference services.

One entry is one word or one host; a host stands for its subdomains too.
"""

from __future__ import annotations


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase for line in lines for phrase in line.split(", "))


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
"""Hosts where anybody has a mailbox: they say nothing about an employer."""

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
)
"""Hosts that invite on somebody else's behalf: they say nothing about an employer."""

SECOND_LEVELS = _words(
    "ac co com edu gob gov gouv govt ltd mil net nhs nom or org plc sch",
)
"""Labels that stand between a name and a country ("karoo.co.za")."""

MAILBOXES = _words(
    "admin all applications apply appointments bewerbung bewerbungen calendar candidates career",
    "careers contact emploi empleo events everyone group hello hi hiring hr human-resources",
    "humanresources info interview interviews jobs karriere kontakt mail office people",
    "people-ops peopleops personal personalabteilung recruit recruiter recruiting recruitment",
    "recrutement rh rrhh scheduling staff support talent talent-acquisition talentacquisition",
    "team vacancies",
)
"""Mailboxes of a group: they can be written to, and are nobody."""

CONFERENCE_HOSTS = _words(
    "zoom.us zoom.com zoomgov.com meet.google.com hangouts.google.com teams.microsoft.com",
    "teams.live.com webex.com whereby.com meet.jit.si 8x8.vc gotomeeting.com gotomeet.me",
    "meet.goto.com bluejeans.com chime.aws join.skype.com meet.lync.com app.cal.com",
    "video.goodtime.io v.ringcentral.com app.livestorm.co around.co discord.gg pexip.me",
)
"""Hosts where people meet."""

PLACEHOLDERS = _phrases(
    "microsoft teams meeting, microsoft teams-besprechung, microsoft teams, teams, teams meeting",
    "réunion microsoft teams, reunión de microsoft teams, riunione di microsoft teams, zoom",
    "zoom meeting, google meet, meet, skype, skype meeting, skype-besprechung, webex, online",
    "on-line, virtual, virtuell, remote, video, video call, video conference, videoconference",
    "videokonferenz, videocall, web conference, visio, visioconférence, see description",
    "see below, siehe unten, tbd, tba, to be confirmed, to be announced, n/a, none, -, unknown",
    "no location, ohne ort",
)
"""Locations that are no places, in lower case."""
