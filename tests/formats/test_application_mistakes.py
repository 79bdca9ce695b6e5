"""All mistakes of an application file are reported at once, each with its location."""

from __future__ import annotations

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from afterword.errors import ExitCode, InputError
from afterword.formats.application_file import application_reader
from afterword.formats.validators import LONGEST

HEAD = 'company = "Karoo"\nrole = "Clerk"\n'
INTERVIEW = "[[interview]]\nstart = 2026-11-24T14:00:00Z\n"
GOOD = HEAD + INTERVIEW
LOG = GOOD + "[[log]]\nat = 2026-11-25\n"
PERSON = GOOD + '[[interview.interviewer]]\nname = "Thandi"\n'
LOCAL = HEAD + '[[interview]]\nzone = "Europe/Berlin"\n'


def mistakes(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    try:
        application_reader.parse_applications(data, "karoo.toml")
    except InputError as error:
        return list(error.notes)
    return []


@pytest.mark.parametrize(
    "text", [GOOD, LOG + "note = 'x'\n", PERSON], ids=["good", "log", "person"]
)
def test_the_files_that_the_cases_start_from_are_good(text: str) -> None:
    assert mistakes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Keys
        pytest.param("", ["company: missing", "role: missing", "interview: missing"], id="empty"),
        pytest.param(
            "cmopany = 'x'\n" + GOOD,
            ["cmopany: unknown key; did you mean 'company'?"],
            id="unknown-key",
        ),
        pytest.param('"a\\u001b[2Jb c" = 1\n' + GOOD, ["'ab c': unknown key"], id="strange-key"),
        pytest.param(
            GOOD + "zoen = 'UTC'\n",
            ["interview 1, zoen: unknown key; did you mean 'zone'?"],
            id="unknown-key-of-an-interview",
        ),
        pytest.param(
            PERSON + "mail = 'x'\n",
            ["interview 1, interviewer 1, mail: unknown key; did you mean 'email'?"],
            id="unknown-key-of-a-person",
        ),
        pytest.param(
            LOG + "sended = 'thank-you'\n",
            [
                "log 1, sended: unknown key; did you mean 'sent'?",
                "log 1, at: it is empty; add what happened (sent, heard, note, ...)",
            ],
            id="unknown-key-of-an-entry",
        ),
        # Types
        pytest.param(
            "company = 'K'\nrole = 7\n" + INTERVIEW,
            ["role: must be text in quotes, not a number"],
            id="number-for-a-text",
        ),
        pytest.param(
            "company = 'K'\nrole = true\n" + INTERVIEW,
            ["role: must be text in quotes, not true or false"],
            id="flag-for-a-text",
        ),
        pytest.param(
            GOOD + "minutes = '60'\n",
            ["interview 1, minutes: must be a number, not text in quotes"],
            id="text-for-a-number",
        ),
        pytest.param(
            GOOD + "minutes = true\n",
            ["interview 1, minutes: must be a number, not true or false"],
            id="flag-for-a-number",
        ),
        pytest.param(
            GOOD + "minutes = 60.0\n",
            ["interview 1, minutes: must be a number, not a number with a point"],
            id="fraction-for-a-number",
        ),
        pytest.param(
            GOOD + "decision_by = 2026-12-04T00:00:00\n",
            ["interview 1, decision_by: must be a date such as 2026-12-04, not a date and time"],
            id="time-for-a-day",
        ),
        pytest.param(
            GOOD + "decision_by = '2026-12-04'\n",
            ["interview 1, decision_by: must be a date such as 2026-12-04, not text in quotes"],
            id="text-for-a-day",
        ),
        pytest.param(
            HEAD + "[[interview]]\nstart = 2026-11-24\n",
            ["interview 1, start: must be a date and time such as 2026-11-24T14:00:00, not a date"],
            id="day-for-a-start",
        ),
        pytest.param(
            HEAD + "[[interview]]\nstart = 14:00:00\n",
            [
                (
                    "interview 1, start: must be a date and time such as 2026-11-24T14:00:00, "
                    "not a time of day"
                )
            ],
            id="clock-time-for-a-start",
        ),
        pytest.param(
            GOOD + "added = 12:00:00\n",
            [
                (
                    "interview 1, added: must be a date and time such as 2026-11-24T14:00:00, "
                    "or a date, not a time of day"
                )
            ],
            id="clock-time-for-a-moment",
        ),
        pytest.param(
            LOG + "rescheduled = false\n",
            ["log 1, rescheduled: must be true; leave the key out where it is not so"],
            id="flag-that-is-false",
        ),
        pytest.param(
            LOG + "closed = 1\n",
            ["log 1, closed: must be true; leave the key out where it is not so"],
            id="number-for-a-flag",
        ),
        pytest.param(
            HEAD + "interview = []\n", ["interview: there is none"], id="no-interview-in-the-list"
        ),
        pytest.param(
            HEAD + "[interview]\nstart = 2026-11-24T14:00:00Z\n",
            ["interview: must be tables in [[double brackets]], not a table"],
            id="single-brackets",
        ),
        pytest.param(
            HEAD + "interview = [1]\n",
            ["interview: must be tables in [[double brackets]], not a list"],
            id="list-of-numbers-for-tables",
        ),
        pytest.param(
            "contact = 'Thandi'\n" + GOOD,
            ["contact: must be a table in [brackets], not text in quotes"],
            id="text-for-a-table",
        ),
        pytest.param(
            PERSON + "discussed = 'podcasts'\n",
            ["interview 1, interviewer 1, discussed: must be a list, not text in quotes"],
            id="text-for-a-list",
        ),
        pytest.param(
            PERSON + "discussed = ['a', 3, '']\n",
            [
                "interview 1, interviewer 1, discussed 2: must be text in quotes, not a number",
                (
                    "interview 1, interviewer 1, discussed 3: is empty; "
                    "leave the key out, or fill it in"
                ),
            ],
            id="items-of-a-list",
        ),
        # Words
        pytest.param(
            LOG + "sent = 'thankyou'\n",
            ["log 1, sent: unknown word 'thankyou'; did you mean 'thank-you'?"],
            id="step-with-a-slip",
        ),
        pytest.param(
            LOG + "heard = 'maybe'\n",
            ["log 1, heard: unknown word 'maybe'; it is one of 'positive', 'neutral', 'rejected'"],
            id="no-such-answer",
        ),
        pytest.param(
            "channel = 'fax'\n" + GOOD,
            ["channel: unknown word 'fax'; it is one of 'email', 'phone', 'linkedin'"],
            id="no-such-channel",
        ),
        pytest.param(
            GOOD + "status = 'canceled'\n",
            ["interview 1, status: unknown word 'canceled'; did you mean 'cancelled'?"],
            id="status-with-a-slip",
        ),
        # Texts
        pytest.param(
            "company = ''\nrole = ' \\u0000 '\n".replace("' \\u0000 '", '" \\u0000 "') + INTERVIEW,
            [
                "company: is empty; leave the key out, or fill it in",
                "role: is empty; leave the key out, or fill it in",
            ],
            id="empty-texts",
        ),
        pytest.param(
            LOG + f"note = '{'x' * (LONGEST + 1)}'\n",
            ["log 1, note: is longer than 20 kB"],
            id="long-text",
        ),
        pytest.param(
            LOG + f"note = '{'é' * (LONGEST // 2 + 1)}'\n",
            ["log 1, note: is longer than 20 kB"],
            id="text-that-is-long-in-bytes",
        ),
        pytest.param(
            GOOD + "[contact]\nname = 'T'\nemail = 'a@b@c.example'\n",
            [
                (
                    "contact, email: 'a@b@c.example' is no e-mail address: The part after the "
                    "@-sign contains invalid characters: '@'."
                )
            ],
            id="address",
        ),
        pytest.param(
            GOOD + "[contact]\nemail = 'thandi@karoo.example'\n",
            ["contact, name: missing"],
            id="person-without-a-name",
        ),
        pytest.param(
            GOOD + "[applicant]\nphone = 'none'\n",
            ["applicant, phone: 'none' is no phone number"],
            id="phone",
        ),
        pytest.param(
            GOOD + "[applicant]\nlinks = ['javascript:alert(1)', 'https://ok.example']\n",
            [
                (
                    "applicant, links 1: 'javascript:alert(1)' is no link: it begins with "
                    "https://, http://, tel: or mailto:, and has no blanks"
                )
            ],
            id="link-of-another-scheme",
        ),
        pytest.param(
            GOOD + "link = 'file:///etc/passwd'\nsequence = -1\n",
            [
                (
                    "interview 1, link: 'file:///etc/passwd' is no link: it begins with https://, "
                    "http://, tel: or mailto:, and has no blanks"
                ),
                "interview 1, sequence: must be a number from 0 to 2147483647",
            ],
            id="link-to-a-file-and-a-negative-counter",
        ),
        pytest.param(
            "language = 'English (UK)'\n" + GOOD,
            ["language: 'English (UK)' is no language; write a tag such as 'en' or 'de'"],
            id="language",
        ),
        # Zones and countries
        pytest.param(
            "country = 'Suoth Africa'\n" + GOOD,
            ["country: unknown country 'Suoth Africa'; did you mean 'ZA'?"],
            id="country",
        ),
        pytest.param(
            "country = 'GB-XYZ'\n" + GOOD,
            ["country: unknown part 'XYZ' of the country 'GB'; valid are ENG, NIR, SCT, WLS"],
            id="subdivision",
        ),
        # Ids
        pytest.param(
            GOOD + "id = 'a'\n[[interview]]\nstart = 2026-11-25T14:00:00Z\nid = 'A'\n",
            ["interview 2, id: 'A' is the id of interview 1 too"],
            id="interviews-of-one-id",
        ),
        pytest.param(
            LOG + "note = 'x'\ninterview = 'r7'\n",
            ["log 1, interview: unknown interview 'r7'; there are: r1"],
            id="entry-of-an-unknown-interview",
        ),
        # Times
        pytest.param(
            HEAD + "[[interview]]\nstart = 2026-11-24T14:00:00\n",
            ["interview 1, start: a local time, and neither interview nor application has a zone"],
            id="no-zone-at-all",
        ),
        pytest.param(
            GOOD + "end = 2026-11-24T15:00:00\n",
            ["interview 1, end: a local time, and neither interview nor application has a zone"],
            id="no-zone-for-the-end",
        ),
        pytest.param(HEAD + "[[interview]]\n", ["interview 1, start: missing"], id="no-start"),
        pytest.param(
            GOOD + "end = 2026-11-24T15:00:00Z\nminutes = 60\n",
            ["interview 1, minutes: beside an end; keep one of the two"],
            id="minutes-and-end",
        ),
        pytest.param(
            GOOD + "end = 2026-11-24T14:00:00Z\n",
            ["interview 1, end: must be later than the start, by a week at most"],
            id="end-at-the-start",
        ),
        pytest.param(
            GOOD + "end = 2026-11-24T14:30:00+01:00\n",
            ["interview 1, end: must be later than the start, by a week at most"],
            id="end-before-the-start-in-another-offset",
        ),
        pytest.param(
            GOOD + "end = 2027-11-24T15:00:00Z\n",
            ["interview 1, end: must be later than the start, by a week at most"],
            id="end-a-year-later",
        ),
        pytest.param(
            LOCAL + "start = 2026-03-29T02:30:00\n",
            [
                (
                    "interview 1, start: 2026-03-29 02:30 does not exist in Europe/Berlin, where "
                    "clocks go forward over it; did you mean 2026-03-29T01:30:00 or "
                    "2026-03-29T03:30:00?"
                )
            ],
            id="start-in-the-gap-of-a-clock-change",
        ),
        pytest.param(
            LOCAL + "start = 2026-03-29T01:30:00\nend = 2026-03-29T02:15:00\n",
            [
                (
                    "interview 1, end: 2026-03-29 02:15 does not exist in Europe/Berlin, where "
                    "clocks go forward over it; did you mean 2026-03-29T01:15:00 or "
                    "2026-03-29T03:15:00?"
                )
            ],
            id="end-in-the-gap-of-a-clock-change",
        ),
        pytest.param(
            HEAD + "zone = 'Pacific/Apia'\n[[interview]]\nstart = 2011-12-30T10:00:00\n",
            [
                (
                    "interview 1, start: 2011-12-30 10:00 does not exist in Pacific/Apia, where "
                    "clocks go forward over it; did you mean 2011-12-29T10:00:00 or "
                    "2011-12-31T10:00:00?"
                )
            ],
            id="day-that-was-left-out",
        ),
        *(
            pytest.param(
                HEAD + f"[[interview]]\nstart = {year}-11-24T14:00:00Z\n",
                [f"interview 1, start: the year {int(year)} is not between 1970 and 2199"],
                id=f"year-{year}",
            )
            for year in ("0001", "1969", "2200", "9999")
        ),
        pytest.param(
            GOOD + "minutes = 0\n",
            ["interview 1, minutes: must be a number from 1 to 10080"],
            id="no-minutes",
        ),
        # Entries
        pytest.param(
            LOG,
            ["log 1, at: it is empty; add what happened (sent, heard, note, ...)"],
            id="entry-that-says-nothing",
        ),
        pytest.param(GOOD + "[[log]]\nnote = 'x'\n", ["log 1, at: missing"], id="entry-of-no-time"),
        pytest.param(
            LOG + "moved = 'move-on'\n",
            ["log 1, to: missing; it says when the step was moved to"],
            id="moved-to-nowhere",
        ),
        pytest.param(
            LOG + "note = 'x'\nto = 2026-12-01\n",
            ["log 1, to: says nothing without moved"],
            id="to-without-moved",
        ),
        pytest.param(
            LOG + "note = 'x'\nby = 'phone'\nrecipient = 'Thandi'\nlesson = 'y'\n",
            [
                "log 1, by: says nothing without sent",
                "log 1, recipient: says nothing without sent",
                "log 1, lesson: says nothing without closed",
            ],
            id="companions-on-their-own",
        ),
        pytest.param(
            LOG + "sent = 'thank-you'\nheard = 'positive'\n",
            ["log 1, sent and heard: must be entries of their own"],
            id="sent-and-heard",
        ),
        pytest.param(
            LOG + "skipped = 'move-on'\ndeleted = 'move-on'\nmoved = 'reply'\nto = 2026-12-01\n",
            ["log 1, moved and skipped and deleted: must be entries of their own"],
            id="moved-skipped-and-deleted",
        ),
        pytest.param(
            LOG + "deleted = 'move-on'\nrestored = 'move-on'\n",
            ["log 1, deleted and restored: must be entries of their own"],
            id="deleted-and-restored",
        ),
        pytest.param(
            LOG + "closed = true\nreopened = true\n",
            ["log 1, closed and reopened: must be entries of their own"],
            id="closed-and-reopened",
        ),
    ],
)
def test_mistake(text: str, expected: list[str]) -> None:
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    "id",
    [
        "",
        ".hidden",
        "-rf",
        "a/b",
        "a\\\\b",
        "a b",
        "a.",
        "..",
        "é",
        "a:b",
        "con",
        "NUL",
        "com1.x",
        "x" * 65,
        "../../etc/passwd",
    ],
)
def test_names_that_are_no_ids(id: str) -> None:
    (mistake,) = mistakes(f'id = "{id}"\n' + GOOD)
    assert mistake.startswith("id: ")


@pytest.mark.parametrize("id", ["a", "karoo-marketing", "Karoo_2.1", "0", "con-1", "x" * 64])
def test_names_that_are_ids(id: str) -> None:
    assert (
        application_reader.parse_applications((f'id = "{id}"\n' + GOOD).encode(), "karoo.toml")[
            0
        ].id
        == id
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Berln", "; did you mean 'Europe/Berlin'?"),
        ("europe/berlin", "; did you mean 'Europe/Berlin'?"),
        ("Berlin", "; did you mean 'Europe/Berlin'?"),
        ("new york", "; did you mean 'America/New_York'?"),
        *(
            (name, "; write a name such as 'Europe/Berlin'")
            for name in (
                "../../etc/passwd",
                "/etc/localtime",
                "Europe",
                "localtime",
                "posixrules",
                "Factory",
                "GMT+2",
                "UTC+02:00",
                "No/Where",
            )
        ),
    ],
)
def test_unknown_zones(name: str, expected: str) -> None:
    assert mistakes(f"zone = '{name}'\n" + GOOD) == [f"zone: unknown time zone '{name}'{expected}"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"company = 1 = 2", "line 1, column 13: ", id="syntax"),
        pytest.param(b"a = 1\n\n= 2", "line 3, column 1: ", id="no-key"),
        pytest.param(b"a = 1\na = 2\n", "line 2, column 6: ", id="key-twice"),
        pytest.param(b"a = 2026-02-30\n", "line 1, column 5: ", id="no-such-day"),
        pytest.param(b"a = [1,", "at the end: ", id="unclosed-at-the-end"),
        pytest.param(b'a = "x\x1b[31m"', "line 1, column 7: ", id="control-character"),
        pytest.param(b"a = 1\nb = 'caf\xe9'", "line 2: not UTF-8", id="latin-1"),
        pytest.param("\ufeffa = 1".encode("utf-16-le"), "line 1: not UTF-8", id="utf-16"),
        pytest.param(b"\x1f\x8b\x08\x00\xff", "line 1: not UTF-8", id="gzip"),
        pytest.param(b"<html>", "line 1, column 1: ", id="html"),
        pytest.param(b"a = " + b"[" * 5000, "brackets in it are nested", id="deep"),
        pytest.param(b"a = " + b"9" * 5000, "a number in it is too long", id="long-number"),
    ],
)
def test_files_that_are_no_toml(data: bytes, expected: str) -> None:
    (line,) = mistakes(data)
    assert line.startswith(expected)
    assert line.isprintable()


def test_one_mistake_does_not_hide_another() -> None:
    text = """
role = 7
zoen = "UTC"
[[interview]]
start = 2026-11-24T14:00:00
end = 2026-11-24T13:00:00
minutes = 5
zone = "Europe/Berln"
[[interview.interviewer]]
email = "nobody"
[[interview]]
id = "r1"
start = 2026-03-29T02:30:00
zone = "Europe/Berlin"
[[log]]
at = "yesterday"
sent = "thankyou"
heard = "neutral"
to = 2026-12-01
interview = "r3"
"""
    assert mistakes(text) == [
        "role: must be text in quotes, not a number",
        "zoen: unknown key; did you mean 'zone'?",
        "company: missing",
        "interview 1, zone: unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?",
        (
            "interview 1, interviewer 1, email: 'nobody' is no e-mail address: "
            "An email address must have an @-sign."
        ),
        "interview 1, interviewer 1, name: missing",
        "interview 1, minutes: beside an end; keep one of the two",
        "interview 1, end: must be later than the start, by a week at most",
        (
            "interview 2, start: 2026-03-29 02:30 does not exist in Europe/Berlin, where clocks go "
            "forward over it; did you mean 2026-03-29T01:30:00 or 2026-03-29T03:30:00?"
        ),
        (
            "log 1, at: must be a date and time such as 2026-11-24T14:00:00, or a date, "
            "not text in quotes"
        ),
        "log 1, sent: unknown word 'thankyou'; did you mean 'thank-you'?",
        "log 1, sent and heard: must be entries of their own",
        "log 1, to: says nothing without moved",
        "log 1, interview: unknown interview 'r3'; there are: r2, r1",
    ]


SEVERAL = """
[[application]]
company = "Acme"
role = "Clerk"
[[application.interview]]
start = 2026-11-24T14:00:00Z

[[application]]
id = "karoo-marketing"
company = "Karoo"
role = "Manager"
[[application.interview]]
start = 2026-11-24T14:00:00Z
[[application.interview]]
start = 2026-11-24T14:00:00
zone = "Europe/Berln"

[[application]]
company = "Acme"
role = 1
[[application]]
id = "acme-CLERK"
company = "Acme"
role = "Clerk"
[[application.interview]]
start = 2026-11-24T14:00:00Z
"""


def test_applications_are_named_where_there_are_several() -> None:
    assert mistakes(SEVERAL) == [
        (
            "application 2 (karoo-marketing), interview 2, zone: unknown time zone 'Europe/Berln'; "
            "did you mean 'Europe/Berlin'?"
        ),
        "application 3 (Acme), role: must be text in quotes, not a number",
        "application 3 (Acme), interview: missing",
        "application 4 (acme-CLERK), id: 'acme-CLERK' is the id of application 1 too",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[[application]]\n" + HEAD, ["interview: missing"], id="not-named-where-it-is-alone"
        ),
        pytest.param("application = []", ["application: there is none"], id="empty-list"),
        pytest.param(
            "zone = 'UTC'\napplication = 3",
            [
                "zone: unknown key",
                "application: must be tables in [[double brackets]], not a number",
            ],
            id="other-keys-beside-applications",
        ),
    ],
)
def test_mistakes_of_a_file_of_applications(text: str, expected: list[str]) -> None:
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"company = 'K'\nrole = 'R'", "k b.toml was not used; 1 mistake to correct:"),
        (b"", "k b.toml was not used; 3 mistakes to correct:"),
        (b"company", "k b.toml is not valid TOML; correct it:"),
    ],
)
def test_file_and_number_of_mistakes_are_said(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        application_reader.parse_applications(data, "k\x1b\n b.toml")
    assert caught.value.message == message
    assert caught.value.exit_code is ExitCode.BAD_INPUT


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    mistakes(data)


KEYS = st.sampled_from(
    [
        "id",
        "company",
        "role",
        "zone",
        "country",
        "channel",
        "applicant",
        "contact",
        "interview",
        "log",
        "name",
        "email",
        "phone",
        "links",
        "discussed",
        "interviewer",
        "start",
        "end",
        "minutes",
        "decision_by",
        "added",
        "status",
        "at",
        "sent",
        "heard",
        "moved",
        "to",
        "closed",
        "they_will_call",
        "note",
        "sequence",
        "link",
    ]
)
WORDS = st.sampled_from(
    ["Europe/Berlin", "ZA", "thank-you", "neutral", "held", "a@b.example", "r1"]
)
SCALARS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    WORDS,
    st.integers(-5, 10_000),
    st.booleans(),
    st.floats(),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.dates(),
    st.times(),
)
TABLES = st.recursive(
    st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=3), max_size=8),
    lambda tables: st.dictionaries(
        KEYS | st.just("application"), SCALARS | tables | st.lists(tables, max_size=3), max_size=8
    ),
    max_leaves=12,
)


@given(TABLES)
def test_any_table(table: dict[str, object]) -> None:
    mistakes(tomlkit.dumps(table))
