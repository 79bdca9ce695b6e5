"""Application files are read into the domain model."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from afterword.domain.model import (
    Answer,
    Application,
    Channel,
    Interview,
    InterviewStatus,
    StepKind,
)
from afterword.formats.application_file import application_reader, application_schema

JOHANNESBURG = ZoneInfo("Africa/Johannesburg")

WHOLE = """
id = "karoo-marketing"
company = "Karoo Analytics"
role = "Marketing Manager"
zone = "Africa/Johannesburg"
country = "ZA"
channel = "linkedin"
language = "en-ZA"

[applicant]
name = "Sam Seeker"
email = "sam@mail.example"
phone = "+27 11 555 0100"
links = ["https://sam.example/work"]
signature = '''
Sam Seeker
Cape Town'''

[contact]
name = "Thandi Nkosi"
email = "thandi@karoo.example"
phone = "+27 11 555 0199"
profile = "https://people.example/in/thandi"

[[interview]]
id = "first"
start = 2026-11-24T14:00:00
minutes = 45
zone = "Europe/London"
decision_by = 2026-12-04
added = 2026-11-20T18:30:00+02:00
status = "cancelled"
link = "https://meet.example/abc"
location = "Room 3"
round = "phone screen"
invitation = "040000008200E00074C5B7101A82E008"
sequence = 2

[[interview.interviewer]]
name = "Thandi Nkosi"
discussed = ["the move from print to podcasts", "the budget"]
fit = ["a launch of this size"]

[[interview.interviewer]]
name = "Pieter Botha"

[[interview]]
start = 2026-12-01T09:00:00-05:00
end = 2026-12-01T10:30:00-05:00

[[log]]
at = 2026-11-25T09:10:00+02:00
interview = "first"
sent = "thank-you"
by = "phone"
recipient = "Thandi Nkosi"

[[log]]
at = 2026-12-02
heard = "neutral"
decision_by = 2026-12-11
away_until = 2026-12-08
they_will_call = true

[[log]]
at = 2026-12-03T11:00:00
moved = "second-follow-up"
to = 2026-12-17

[[log]]
at = 2026-12-03T11:30:00Z
restored = "reply"

[[log]]
at = 2026-12-03T12:00:00Z
closed = true
keep_in_touch = 2027-03-01
lesson = "Ask for the date."
note = "They liked the portfolio."
"""

LEAST = """
company = "Karoo Analytics"
role = "Marketing Manager"
[[interview]]
start = 2026-11-24T14:00:00+02:00
"""


def parse(text: str) -> Application:
    (application,) = application_reader.parse_applications(text.encode(), "facts.toml")
    return application


def interview(lines: str, head: str = "") -> Interview:
    text = f'company = "K"\nrole = "R"\n{head}\n[[interview]]\n{lines}\n'
    return parse(text).interviews[0]


def test_whole_file() -> None:
    application = parse(WHOLE)
    assert application.id == "karoo-marketing"
    assert application.company == "Karoo Analytics"
    assert application.role == "Marketing Manager"
    assert application.zone == JOHANNESBURG
    assert application.country == "ZA"
    assert application.channel is Channel.LINKEDIN
    assert application.language == "en-ZA"
    assert application.applicant is not None
    assert application.applicant.links == ("https://sam.example/work",)
    assert application.applicant.signature == "Sam Seeker\nCape Town"
    assert application.contact is not None
    assert application.contact.email == "thandi@karoo.example"
    assert application.contact.profile == "https://people.example/in/thandi"

    first, second = application.interviews
    assert first.id == "first"
    assert first.start == dt.datetime(2026, 11, 24, 14, tzinfo=ZoneInfo("Europe/London"))
    assert first.start.tzinfo == first.zone == ZoneInfo("Europe/London")
    assert first.end - first.start == dt.timedelta(minutes=45)
    assert first.decision_by == dt.date(2026, 12, 4)
    assert first.status is InterviewStatus.CANCELLED
    assert (first.link, first.location) == ("https://meet.example/abc", "Room 3")
    assert (first.round, first.sequence) == ("phone screen", 2)
    assert first.invitation == "040000008200E00074C5B7101A82E008"
    assert [person.name for person in first.interviewers] == ["Thandi Nkosi", "Pieter Botha"]
    assert first.interviewers[0].discussed == ("the move from print to podcasts", "the budget")
    assert first.interviewers[0].fit == ("a launch of this size",)
    assert second.id == "r2"
    assert second.zone == JOHANNESBURG
    assert second.start.utcoffset() == dt.timedelta(hours=-5)
    assert second.end.isoformat() == "2026-12-01T10:30:00-05:00"

    sent, heard, moved, restored, closed = application.log
    assert (sent.sent, sent.interview) == (StepKind.THANK_YOU, "first")
    assert (sent.by, sent.recipient) == (Channel.PHONE, "Thandi Nkosi")
    assert (heard.at, heard.heard) == (dt.date(2026, 12, 2), Answer.NEUTRAL)
    assert heard.decision_by == dt.date(2026, 12, 11)
    assert heard.away_until == dt.date(2026, 12, 8)
    assert heard.they_will_call
    assert not heard.closed
    assert moved.at == dt.datetime(2026, 12, 3, 11)  # noqa: DTZ001 - the user's local time
    assert (moved.moved, moved.to) == (StepKind.SECOND, dt.date(2026, 12, 17))
    assert restored.restored is StepKind.REPLY
    assert closed.closed
    assert closed.lesson == "Ask for the date."
    assert closed.keep_in_touch == dt.date(2027, 3, 1)
    assert closed.note == "They liked the portfolio."


KEYS = {
    "FILE": "application",
    "APPLICATION": (
        "id company role short informal zone country channel language applicant contact interview "
        "log"
    ),
    "APPLICANT": "name email phone links signature",
    "PERSON": "name call email phone profile discussed fit",
    "INTERVIEW": (
        "id start end zone decision_by added status interviewer link location round invitation "
        "sequence stamp modified invitations tentative went_well do_differently "
        "minutes"
    ),
    "LOG_ENTRY": (
        "at interview sent by recipient heard moved to skipped deleted restored decision_by "
        "away_until keep_in_touch they_will_call rescheduled closed reopened lesson event gone "
        "field text ours note"
    ),
}


@pytest.mark.parametrize("table", KEYS)
def test_keys_of_a_table_do_not_change_with_the_model(table: str) -> None:
    assert list(getattr(application_schema, table)) == KEYS[table].split()


def test_least_file() -> None:
    application = parse(LEAST)
    assert application.id == "karoo-analytics-marketing-manager"
    assert (application.zone, application.country) == (None, None)
    assert application.channel is Channel.EMAIL
    assert (application.applicant, application.contact, application.log) == (None, None, ())
    (interview,) = application.interviews
    assert interview.id == "r1"
    assert interview.start.isoformat() == "2026-11-24T14:00:00+02:00"
    assert interview.end.isoformat() == "2026-11-24T15:00:00+02:00"
    assert interview.status is InterviewStatus.HELD
    assert (interview.zone, interview.added, interview.interviewers) == (None, None, ())


def test_several_applications_keep_the_order_of_the_file() -> None:
    text = "".join(
        f'[[application]]\ncompany = "{company}"\nrole = "Clerk"\n'
        "[[application.interview]]\nstart = 2026-11-24T14:00:00Z\n"
        for company in ("Zebra", "Acme", "Möwe")
    )
    applications = application_reader.parse_applications(text.encode(), "facts.toml")
    assert [application.id for application in applications] == [
        "zebra-clerk",
        "acme-clerk",
        "mowe-clerk",
    ]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf" + LEAST.encode(), id="byte-order-mark"),
        pytest.param(LEAST.replace("\n", "\r\n").encode(), id="line-ends-of-windows"),
        pytest.param(f"# by hand\n{LEAST}# the end".encode(), id="comments"),
    ],
)
def test_shapes_of_a_text_file(data: bytes) -> None:
    assert application_reader.parse_applications(data, "facts.toml") == (parse(LEAST),)


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        pytest.param(
            'zone = "America/New_York"\nstart = 2026-11-24T14:00:00',
            "2026-11-24T14:00:00-05:00",
            "2026-11-24T15:00:00-05:00",
            id="an-hour-where-nothing-is-said",
        ),
        pytest.param(
            'zone = "America/New_York"\nstart = 2026-11-24T14:00:00+02:00\nminutes = 30',
            "2026-11-24T14:00:00+02:00",
            "2026-11-24T14:30:00+02:00",
            id="offset-is-taken-as-it-is",
        ),
        pytest.param(
            'zone = "Europe/Berlin"\nstart = 2026-10-25T02:30:00',
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",
            id="first-of-a-time-that-comes-twice",
        ),
        pytest.param(
            'zone = "Europe/Berlin"\nstart = 2026-11-24T14:00\nend = 2026-11-24 14:45',
            "2026-11-24T14:00:00+01:00",
            "2026-11-24T14:45:00+01:00",
            id="without-seconds",
        ),
        pytest.param(
            'zone = "Europe/Berlin"\nstart = 2026-03-29T01:30:00\nminutes = 60',
            "2026-03-29T01:30:00+01:00",
            "2026-03-29T03:30:00+02:00",
            id="minutes-are-elapsed-over-a-clock-change",
        ),
        pytest.param(
            'zone = "Europe/Berlin"\nstart = 2026-11-24T14:00:00\nend = 2026-11-24T14:00:00Z',
            "2026-11-24T14:00:00+01:00",
            "2026-11-24T14:00:00+00:00",
            id="end-with-an-offset-of-its-own",
        ),
        pytest.param(
            'zone = "Asia/Kathmandu"\nstart = 1970-01-01T00:00:00',
            "1970-01-01T00:00:00+05:30",
            "1970-01-01T01:00:00+05:30",
            id="first-year",
        ),
        pytest.param(
            'zone = "Pacific/Kiritimati"\nstart = 2199-12-31T23:30:00',
            "2199-12-31T23:30:00+14:00",
            "2200-01-01T00:30:00+14:00",
            id="last-year",
        ),
    ],
)
def test_start_and_end(lines: str, start: str, end: str) -> None:
    read = interview(lines)
    assert (read.start.isoformat(), read.end.isoformat()) == (start, end)


def test_zone_of_the_application_holds_for_its_interviews() -> None:
    read = interview("start = 2026-11-24T14:00:00", head='zone = "Africa/Johannesburg"')
    assert read.zone == read.start.tzinfo == JOHANNESBURG


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        pytest.param([None, None, None], ["r1", "r2", "r3"], id="none-given"),
        pytest.param(["first", None], ["first", "r2"], id="the-first-given"),
        pytest.param(["r2", None, None], ["r2", "r3", "r4"], id="a-default-is-taken"),
        pytest.param([None, "R1"], ["r2", "R1"], id="taken-in-upper-case"),
        pytest.param([None, "r1"], ["r2", "r1"], id="a-default-is-taken-later"),
    ],
)
def test_interview_ids(given: list[str | None], ids: list[str]) -> None:
    tables = (
        "[[interview]]\nstart = 2026-11-24T14:00:00Z\n" + (f'id = "{id}"\n' if id else "")
        for id in given
    )
    application = parse('company = "K"\nrole = "R"\n' + "".join(tables))
    assert [interview.id for interview in application.interviews] == ids


def test_entry_may_name_an_interview_by_its_default_id() -> None:
    application = parse(LEAST + '[[log]]\nat = 2026-11-25\ninterview = "r1"\nsent = "thank-you"\n')
    assert application.log[0].interview == "r1"


@pytest.mark.parametrize(
    ("company", "role", "id"),
    [
        pytest.param("Müller & Söhne", "C++ (m/w/d)", "muller-sohne-c-m-w-d", id="umlauts"),
        pytest.param("株式会社", "Engineer", "e6843c6e-engineer", id="no-latin-letter"),
        pytest.param("🎧", "🎤", "e015fa69-37ed7c96", id="no-letter-at-all"),
    ],
)
def test_default_ids(company: str, role: str, id: str) -> None:
    text = LEAST.replace("Karoo Analytics", company).replace("Marketing Manager", role)
    assert parse(text).id == id


def test_default_ids_of_names_without_latin_letters_differ() -> None:
    ids = {
        parse(LEAST.replace("Karoo Analytics", name)).id
        for name in ("株式会社", "有限会社", "会社")
    }
    assert len(ids) == 3


def test_texts_pass_the_gate() -> None:
    text = LEAST.replace("Karoo Analytics", r"\u001b[31mKaroo\r\n \u202eAnalytics\u0000\ufffe")
    text += '[[log]]\nat = 2026-11-25\nnote = "one\\r\\ntwo\\u0007"\n'
    application = parse(text)
    assert application.company == "Karoo \u202eAnalytics"
    assert application.log[0].note == "one\ntwo"


def test_addresses_are_normalised() -> None:
    text = LEAST + '[contact]\nname = "T"\nemail = "T.Nkosi@KAROO.Example"\n'
    contact = parse(text).contact
    assert contact is not None
    assert contact.email == "T.Nkosi@karoo.example"
