"""Edits of an application file leave the rest of it as people wrote it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import (
    Answer,
    Applicant,
    Application,
    Channel,
    Interview,
    InterviewStatus,
    LogEntry,
    Person,
    StepKind,
)
from afterword.errors import InputError
from afterword.formats.application_file import application_editor, application_reader

BERLIN = ZoneInfo("Europe/Berlin")

BY_HAND = '''\
# The Karoo story
company = "Karoo"   # they make maps
role    = 'Clerk'
"zone"  = "Africa/Johannesburg"

[contact] # she answers fast
name = "Thandi"

# First round
[[interview]]
start = 2026-11-24T14:00:00 # moved once
end = 2026-11-24T15:00:00   # they said

    [[interview.interviewer]]
    name = "Thandi"
    discussed = [
        "maps",   # for the thank-you
        "budget",
    ]
# end of the first round

# What happened
[[log]]
at   = 2026-11-25
note = """
[[log]]
# not a comment"""
# the end'''


def changed(text: str, change: Callable[[Application], Application]) -> str:
    (old,) = application_reader.parse_applications(text.encode(), "karoo.toml")
    return application_editor.edit_file(text.encode(), old, change(old), "karoo.toml").decode()


def lines_between(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def with_interview(
    change: Callable[[Interview], Interview],
) -> Callable[[Application], Application]:
    return lambda old: attrs.evolve(
        old, interviews=(change(old.interviews[0]), *old.interviews[1:])
    )


def with_person(change: Callable[[Person], Person]) -> Callable[[Application], Application]:
    return with_interview(
        lambda old: attrs.evolve(old, interviewers=(change(old.interviewers[0]),))
    )


SENT = LogEntry(at=dt.datetime(2026, 11, 26, 9, tzinfo=BERLIN), sent=StepKind.THANK_YOU)
IDS = ['id = "karoo-clerk"', 'id = "r1"']
PIETER = Person(name="Pieter", email="pieter@karoo.example")


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        pytest.param(lambda old: old, [], IDS, id="ids-are-stated-once"),
        pytest.param(
            lambda old: attrs.evolve(old, log=(*old.log, SENT)),
            [],
            [*IDS, "at = 2026-11-26T09:00:00+01:00", 'sent = "thank-you"'],
            id="entry",
        ),
        pytest.param(
            lambda old: attrs.evolve(old, role="Head clerk", channel=Channel.PHONE, country="ZA"),
            ["role    = 'Clerk'"],
            ['role    = "Head clerk"', IDS[0], 'country = "ZA"', 'channel = "phone"', IDS[1]],
            id="head",
        ),
        pytest.param(
            lambda old: attrs.evolve(old, zone=None, interviews=old.interviews),
            ['"zone"  = "Africa/Johannesburg"'],
            [*IDS, 'zone = "Africa/Johannesburg"'],
            id="zone-of-the-application-stays-that-of-its-interviews",
        ),
        pytest.param(
            with_interview(
                lambda old: attrs.evolve(
                    old,
                    start=old.start + dt.timedelta(days=2),
                    end=old.end + dt.timedelta(days=2),
                )
            ),
            [
                "start = 2026-11-24T14:00:00 # moved once",
                "end = 2026-11-24T15:00:00   # they said",
            ],
            [IDS[0], "start = 2026-11-26T14:00:00 # moved once", IDS[1], "minutes = 60"],
            id="interview-moved",
        ),
        pytest.param(
            with_interview(lambda old: attrs.evolve(old, end=old.start + dt.timedelta(seconds=90))),
            ["end = 2026-11-24T15:00:00   # they said"],
            [IDS[0], "end = 2026-11-24T14:01:30   # they said", IDS[1]],
            id="interview-of-no-whole-minutes",
        ),
        pytest.param(
            with_interview(
                lambda old: attrs.evolve(
                    old,
                    status=InterviewStatus.CANCELLED,
                    decision_by=dt.date(2026, 12, 4),
                    added=dt.datetime(2026, 11, 20, 8, 30, 15, 123456, dt.UTC),
                    link="https://meet.example/a",
                    sequence=0,
                )
            ),
            [],
            [
                *IDS,
                "decision_by = 2026-12-04",
                "added = 2026-11-20T08:30:15Z",
                'status = "cancelled"',
                'link = "https://meet.example/a"',
                "sequence = 0",
            ],
            id="keys-of-an-interview",
        ),
        pytest.param(
            with_interview(lambda old: attrs.evolve(old, zone=BERLIN)),
            ["start = 2026-11-24T14:00:00 # moved once", "end = 2026-11-24T15:00:00   # they said"],
            [
                IDS[0],
                "start = 2026-11-24T14:00:00+02:00 # moved once",
                IDS[1],
                "minutes = 60",
                'zone = "Europe/Berlin"',
            ],
            id="zone-of-an-interview-with-the-time-of-another",
        ),
        pytest.param(
            with_person(lambda old: attrs.evolve(old, fit=("routes",), phone="+27 11 555 0100")),
            [],
            [*IDS, '    phone = "+27 11 555 0100"', '    fit = ["routes"]'],
            id="keys-of-a-person",
        ),
        pytest.param(
            with_person(lambda old: attrs.evolve(old, discussed=("maps",))),
            [
                "    discussed = [",
                '        "maps",   # for the thank-you',
                '        "budget",',
                "    ]",
            ],
            [*IDS, '    discussed = ["maps"]'],
            id="list-over-several-lines",
        ),
        pytest.param(
            with_person(lambda old: attrs.evolve(old, discussed=())),
            [
                "    discussed = [",
                '        "maps",   # for the thank-you',
                '        "budget",',
                "    ]",
            ],
            IDS,
            id="key-taken-away",
        ),
        pytest.param(
            with_interview(lambda old: attrs.evolve(old, interviewers=(*old.interviewers, PIETER))),
            [],
            [
                *IDS,
                "[[interview.interviewer]]",
                'name = "Pieter"',
                'email = "pieter@karoo.example"',
            ],
            id="person-added",
        ),
        pytest.param(
            with_interview(lambda old: attrs.evolve(old, interviewers=())),
            [
                "    [[interview.interviewer]]",
                '    name = "Thandi"',
                "    discussed = [",
                '        "maps",   # for the thank-you',
                '        "budget",',
                "    ]",
            ],
            IDS,
            id="person-taken-away",
        ),
        pytest.param(
            lambda old: attrs.evolve(old, contact=None),
            ["[contact] # she answers fast", 'name = "Thandi"'],
            IDS,
            id="contact-taken-away",
        ),
        pytest.param(
            lambda old: attrs.evolve(old, contact=PIETER, applicant=Applicant(name="Sam")),
            ['name = "Thandi"'],
            [
                IDS[0],
                'name = "Pieter"',
                'email = "pieter@karoo.example"',
                IDS[1],
                "[applicant]",
                'name = "Sam"',
            ],
            id="contact-changed-and-applicant-added",
        ),
    ],
)
def test_only_what_changed_changes(
    change: Callable[[Application], Application], gone: list[str], come: list[str]
) -> None:
    assert lines_between(BY_HAND, changed(BY_HAND, change)) == (gone, come)


SECOND = Interview(
    id="second",
    start=dt.datetime(2026, 12, 8, 9, tzinfo=BERLIN),
    end=dt.datetime(2026, 12, 8, 10, tzinfo=BERLIN),
    zone=BERLIN,
    interviewers=(PIETER,),
)


def test_interview_is_added_above_the_comments_of_what_follows() -> None:
    after = changed(BY_HAND, lambda old: attrs.evolve(old, interviews=(*old.interviews, SECOND)))
    assert (
        """\
# end of the first round

[[interview]]
id = "second"
start = 2026-12-08T09:00:00
minutes = 60
zone = "Europe/Berlin"

[[interview.interviewer]]
name = "Pieter"
email = "pieter@karoo.example"

# What happened
[[log]]
"""
        in after
    )


def test_entry_is_added_at_the_end() -> None:
    after = changed(BY_HAND, lambda old: attrs.evolve(old, log=(*old.log, SENT, SENT)))
    assert after.endswith(
        "# the end\n\n"
        '[[log]]\nat = 2026-11-26T09:00:00+01:00\nsent = "thank-you"\n\n'
        '[[log]]\nat = 2026-11-26T09:00:00+01:00\nsent = "thank-you"\n'
    )


def test_second_change_touches_nothing_else() -> None:
    once = changed(BY_HAND, lambda old: old)
    assert changed(once, lambda old: old) == once
    twice = changed(once, lambda old: attrs.evolve(old, log=(*old.log, SENT)))
    assert twice.startswith(once)


def test_line_ends_and_mark_of_windows_stay() -> None:
    text = "\ufeff" + BY_HAND.replace("\n", "\r\n")
    after = changed(text, lambda old: attrs.evolve(old, log=(*old.log, SENT)))
    assert after.startswith("\ufeff# The Karoo story\r\n")
    assert after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(attrs.evolve(SENT, note="one\ntwo"), id="lines"),
        pytest.param(attrs.evolve(SENT, note='"""\n\\ \'\'\' "'), id="quotes-of-every-kind"),
        pytest.param(attrs.evolve(SENT, note="# [[log]]\n[contact]\nid = 3"), id="looks-like-toml"),
        pytest.param(attrs.evolve(SENT, note="“Grüße” 🎧 \u202e"), id="not-ascii"),
        pytest.param(
            LogEntry(at=dt.date(2026, 12, 1), moved=StepKind.REPLY, to=dt.date(2026, 12, 2)),
            id="days",
        ),
        pytest.param(
            LogEntry(
                at=dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
                heard=Answer.NEUTRAL,
                they_will_call=True,
            ),
            id="second-of-a-time-that-comes-twice",
        ),
    ],
)
def test_entries_are_read_as_they_are_meant(entry: LogEntry) -> None:
    text = changed(BY_HAND, lambda old: attrs.evolve(old, log=(*old.log, entry)))
    (application,) = application_reader.parse_applications(text.encode(), "karoo.toml")
    assert application.log[-1].note == entry.note
    assert attrs.evolve(application.log[-1], at=entry.at) == entry
    assert isinstance(entry.at, dt.datetime) == isinstance(application.log[-1].at, dt.datetime)


INLINE = """\
company = "Karoo"
role = "Clerk"
log = []
contact = {name = "Thandi"}
interview = [{start = 2026-11-24T14:00:00Z, interviewer = []}]
"""
HALF_INLINE = """\
company = "Karoo"
role = "Clerk"
log = [{at = 2026-11-25, note = "x"}]
contact.name = "Thandi"
[[interview]]
start = 2026-11-24T14:00:00Z
interviewer = [{name = "Thandi"}]
"""
APPLICATIONS = """\
[[application]]
company = "Karoo"
role = "Clerk"
[[application.interview]]
start = 2026-11-24T14:00:00Z
"""


@pytest.mark.parametrize(
    ("text", "change", "part"),
    [
        pytest.param(INLINE, lambda old: old, "interview", id="interviews"),
        pytest.param(
            HALF_INLINE,
            lambda old: attrs.evolve(old, log=(*old.log, SENT)),
            "log",
            id="log",
        ),
        pytest.param(
            HALF_INLINE,
            lambda old: attrs.evolve(old, contact=PIETER),
            "contact",
            id="contact-with-dotted-keys",
        ),
        pytest.param(
            HALF_INLINE,
            with_interview(lambda old: attrs.evolve(old, interviewers=(PIETER,))),
            "interviewer",
            id="people",
        ),
        pytest.param(APPLICATIONS, lambda old: old, "[[application]]", id="applications"),
        pytest.param(
            HALF_INLINE.replace('"Clerk"', '"""' + "\\\n" * 600 + 'Clerk"""'),
            lambda old: old,
            "a value of more than 500 lines",
            id="endless-value",
        ),
    ],
)
def test_what_only_a_person_can_change(
    text: str, change: Callable[[Application], Application], part: str
) -> None:
    with pytest.raises(InputError) as caught:
        changed(text, change)
    assert caught.value.message == (
        f"karoo.toml was not changed: {part} is written in a way that only you can change; "
        "edit it by hand"
    )


def test_empty_lists_make_room() -> None:
    text = "company = 'K'\nrole = 'R'\nlog = []\n[[interview]]\nstart = 2026-11-24T14:00:00Z\n"
    text += "interviewer = []"
    after = changed(text, lambda old: attrs.evolve(old, log=(SENT,)))
    assert "log = []" not in after
    after = changed(after, with_interview(lambda old: attrs.evolve(old, interviewers=(PIETER,))))
    assert "interviewer = []" not in after


def test_what_only_toml_1_1_has_stays_as_it_is() -> None:
    text = 'company = "K"\nrole = "R"\ncontact = {\n    name = "T", # by hand\n}\n'
    text += "[[interview]]\nstart = 2026-11-24T14:00Z # no seconds\n"
    after = changed(text, lambda old: attrs.evolve(old, log=(SENT,)))
    assert set(text.splitlines()) < set(after.splitlines())
    assert "sent = " in after


def test_change_that_cannot_be_read_back_is_refused() -> None:
    unread = LogEntry(at=dt.date(2026, 12, 1), interview="r7", note="x")
    with pytest.raises(InputError, match="1 mistake"):
        changed(BY_HAND, lambda old: attrs.evolve(old, log=(*old.log, unread)))
    with pytest.raises(InputError, match="would not be read as it is meant"):
        changed(BY_HAND, lambda old: attrs.evolve(old, log=()))


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(
    lambda text: " ".join(["x", *text.split()])
)
ZONES = st.sampled_from([None, BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")])
INSTANTS = st.datetimes(
    dt.datetime(1971, 1, 1),  # noqa: DTZ001 - bounds
    dt.datetime(2198, 1, 1),  # noqa: DTZ001 - bounds
    timezones=st.just(dt.UTC),
).map(lambda time: time.replace(microsecond=0))
DAYS = st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31))
PEOPLE = st.builds(
    Person,
    name=WORDS,
    email=st.none() | st.just("t@karoo.example"),
    phone=st.none() | st.just("+27 11 555 0100"),
    discussed=st.lists(WORDS, max_size=2).map(tuple),
)


@st.composite
def interviews(draw: st.DrawFn, home: ZoneInfo | None) -> Interview:
    zone = draw(ZONES) or home
    clock = draw(ZONES) or dt.UTC
    start = draw(INSTANTS)
    took = dt.timedelta(seconds=draw(st.integers(1, 200_000)))
    return Interview(
        id="",
        start=start.astimezone(clock),
        end=(start + took).astimezone(clock),
        zone=zone,
        decision_by=draw(st.none() | DAYS),
        added=draw(st.none() | DAYS | INSTANTS),
        status=draw(st.sampled_from(InterviewStatus)),
        interviewers=draw(st.lists(PEOPLE, max_size=2).map(tuple)),
        location=draw(st.none() | WORDS),
        sequence=draw(st.none() | st.integers(0, 9)),
    )


@st.composite
def applications(draw: st.DrawFn, least: int = 1) -> Application:
    home = draw(ZONES)
    rounds = draw(st.lists(interviews(home), min_size=least, max_size=least + 1))
    return Application(
        id="one",
        company=draw(WORDS),
        role=draw(WORDS),
        zone=home,
        country=draw(st.none() | st.just("ZA")),
        channel=draw(st.sampled_from(Channel)),
        applicant=draw(st.none() | st.builds(Applicant, name=WORDS, signature=WORDS)),
        contact=draw(st.none() | PEOPLE),
        interviews=tuple(attrs.evolve(each, id=f"i{n}") for n, each in enumerate(rounds)),
        log=tuple(draw(st.lists(st.builds(LogEntry, at=DAYS | INSTANTS, note=WORDS), max_size=2))),
    )


@given(applications(), st.data())
def test_any_change_says_what_is_meant_and_keeps_the_comments(
    first: Application, data: st.DataObject
) -> None:
    text = application_editor.new_file(first, "one.toml").decode()
    commented = "".join(
        f"# above {n}\n{line}" for n, line in enumerate(text.splitlines(keepends=True))
    )
    (old,) = application_reader.parse_applications(commented.encode(), "one.toml")
    other = data.draw(applications(least=len(old.interviews)))
    new = attrs.evolve(other, log=(*old.log, *other.log))
    after = application_editor.edit_file(commented.encode(), old, new, "one.toml").decode()
    comments = [line for line in after.splitlines() if line.startswith("# above ")]
    assert comments == [line for line in commented.splitlines() if line.startswith("# above ")]
