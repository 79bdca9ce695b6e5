"""`import`: an invitation becomes an interview, and a newer one changes it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import tomli

from tests.domain.plans import interview, toml
from tests.running import Result, Run

pytestmark = pytest.mark.usefixtures("is_set_up")

FIXTURES = Path(__file__).parents[1] / "fixtures" / "invitations"
SAMPLES = Path(__file__).parents[2] / "samples"
NOW = "2026-11-20T09:00:00+02:00"


def invitation(
    *,
    uid: str = "one@karoo.example",
    start: str = "20261124T140000",
    end: str = "20261124T150000",
    sequence: int = 0,
    method: str = "REQUEST",
    status: str = "CONFIRMED",
    summary: str = "Interview: Marketing Manager at Karoo Analytics",
    people: tuple[str, ...] = ("Thandi Nkosi",),
) -> bytes:
    attendees = "".join(
        f"ATTENDEE;CN={name};PARTSTAT=ACCEPTED:mailto:{name.split()[0].lower()}@karoo.example\r\n"
        for name in people
    )
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\n"
        f"METHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261118T080000Z\r\n"
        f"SEQUENCE:{sequence}\r\nDTSTART;TZID=Africa/Johannesburg:{start}\r\n"
        f"DTEND;TZID=Africa/Johannesburg:{end}\r\nSTATUS:{status}\r\nSUMMARY:{summary}\r\n"
        f"ORGANIZER;CN=Thandi Nkosi:mailto:thandi@karoo.example\r\n{attendees}"
        "ATTENDEE;CN=Sam Seeker;RSVP=TRUE:mailto:sam@mail.example\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


class Importer:
    """Imports into one data directory."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.data = folder / "data"
        self.folder = folder

    def raw(self, *arguments: object, input: bytes = b"", now: str = NOW) -> Result:  # noqa: A002 - as `run` calls it
        fixed = ("--now", now, "--zone", "Africa/Johannesburg", "--data", self.data)
        return self.run(*arguments, *fixed, input=input)

    def __call__(self, data: bytes, *options: str, now: str = NOW) -> list[dict[str, Any]]:
        result = self.raw("import", "-", "--json", *options, input=data, now=now)
        assert result.code == 0, result.stderr
        events: list[dict[str, Any]] = result.json["files"][0]["events"]
        return events

    def facts(self) -> list[dict[str, Any]]:
        return [tomli.loads(p.read_text("utf-8")) for p in sorted(self.data.glob("*.toml"))]

    def steps(self, now: str = NOW) -> list[dict[str, Any]]:
        (application,) = self.raw("plan", "--json", now=now).json["applications"]
        steps: list[dict[str, Any]] = application["steps"]
        return steps


@pytest.fixture
def take(run: Run, tmp_path: Path) -> Importer:
    return Importer(run, tmp_path)


def test_an_invitation_becomes_an_application(take: Importer) -> None:
    (event,) = take(invitation(), "--me", "sam@mail.example", "--role", "Marketing Manager")

    assert event["action"] == "added"
    assert event["application"] == "karoo-analytics-marketing-manager"
    assert event["start"] == "2026-11-24T14:00:00+02:00"
    assert event["end"] == "2026-11-24T15:00:00+02:00"
    assert event["zone"] == "Africa/Johannesburg"
    assert event["interviewers"] == [{"name": "Thandi Nkosi", "email": "thandi@karoo.example"}]
    assert event["interview"].startswith("i")
    assert len(event["interview"]) == 13
    assert len(take.steps()) == 4


def test_the_same_file_twice_changes_nothing(take: Importer) -> None:
    take(invitation())
    before = take.facts()

    (event,) = take(invitation(), now="2026-11-21T09:00:00+02:00")

    assert event["action"] == "unchanged"
    assert take.facts() == before


def test_a_newer_one_moves_the_interview_and_what_was_sent_stays_sent(take: Importer) -> None:
    (added,) = take(invitation())
    before = {step["step"]: step for step in take.steps()}
    take.raw("sent", "karoo", "thank-you", now="2026-11-24T16:00:00+02:00")

    moved = invitation(start="20261126T100000", end="20261126T110000", sequence=1)
    (event,) = take(moved, now="2026-11-25T09:00:00+02:00")

    assert (event["action"], event["interview"]) == ("moved", added["interview"])
    after = {step["step"]: step for step in take.steps()}
    assert after["first-follow-up"]["opens"] == "2026-12-01"
    assert after["first-follow-up"]["uids"] == before["first-follow-up"]["uids"]
    assert after["thank-you"]["state"] == "done"


@pytest.mark.parametrize(
    "cancel",
    [
        {"method": "CANCEL", "status": "CANCELLED"},
        {"method": "REQUEST", "status": "CANCELLED"},
    ],
    ids=["a cancellation", "cancelled under a request"],
)
def test_a_cancellation_cancels(take: Importer, cancel: dict[str, str]) -> None:
    take(invitation())

    (event,) = take(invitation(sequence=1, **cancel))  # type: ignore[arg-type]

    assert event["action"] == "cancelled"
    assert {step["state"] for step in take.steps()} == {"withdrawn"}


def test_a_cancellation_of_what_is_not_known_is_ignored_and_said(take: Importer) -> None:
    (event,) = take(invitation(method="CANCEL", status="CANCELLED"))

    assert (event["action"], event["application"]) == ("ignored", None)
    assert "the cancelled interview is not stored here" in event["warnings"]
    assert take.facts() == []


@pytest.mark.parametrize(
    ("sequence", "says"), [(0, "an older copy"), (1, "without a higher number")]
)
def test_an_older_copy_does_nothing(take: Importer, sequence: int, says: str) -> None:
    take(invitation(sequence=1))
    before = take.facts()

    (event,) = take(invitation(start="20261201T140000", end="20261201T150000", sequence=sequence))

    assert event["action"] == "ignored"
    assert any(says in warning for warning in event["warnings"])
    assert take.facts() == before


def test_a_cancelled_interview_that_comes_back_is_held(take: Importer) -> None:
    take(invitation())
    take(invitation(sequence=1, method="CANCEL", status="CANCELLED"))

    (event,) = take(invitation(sequence=2))

    assert event["action"] == "moved"
    assert "withdrawn" not in {step["state"] for step in take.steps()}


def test_another_interview_for_the_role_is_its_next_round(take: Importer) -> None:
    take(invitation())

    (event,) = take(
        invitation(uid="two@karoo.example", start="20261203T100000", end="20261203T110000")
    )

    assert event["action"] == "added"
    (facts,) = take.facts()
    assert len(facts["interview"]) == 2


def test_an_interview_told_by_hand_is_the_one_that_its_invitation_is_about(take: Importer) -> None:
    at = ("--at", "2026-11-24 14:00", "--with", "Thandi Nkosi", "--discussed", "podcasts")
    take.raw("add", "Karoo Analytics", "Marketing Manager", *at)

    (event,) = take(invitation())

    assert (event["action"], event["interview"]) == ("unchanged", "r1")
    (facts,) = take.facts()
    (held,) = facts["interview"]
    assert held["invitation"] == "one@karoo.example"
    (thandi,) = held["interviewer"]
    assert (thandi["email"], thandi["discussed"]) == ("thandi@karoo.example", ["podcasts"])

    (moved,) = take(invitation(start="20261126T100000", end="20261126T110000", sequence=1))
    assert moved["action"] == "moved"


def day_of_two() -> bytes:
    first = invitation()
    second = invitation(
        uid="two@karoo.example",
        start="20261124T153000",
        end="20261124T161500",
        people=("Pieter Louw",),
    )
    event = second[second.index(b"BEGIN:VEVENT") : second.index(b"END:VCALENDAR")]
    return first.replace(b"END:VCALENDAR", event + b"END:VCALENDAR")


def test_two_interviews_of_one_day_are_rounds_unless_said(take: Importer) -> None:
    events = take(day_of_two())

    assert [event["action"] for event in events] == ["added", "added"]
    assert len(take.facts()[0]["interview"]) == 2


def test_two_interviews_of_one_day_as_a_panel_day(take: Importer) -> None:
    (event,) = take(day_of_two(), "--panel-day")

    assert event["end"] == "2026-11-24T16:15:00+02:00"
    assert {person["name"] for person in event["interviewers"]} == {"Thandi Nkosi", "Pieter Louw"}
    assert len(take.steps()) == 4


def test_what_is_missing_is_asked_for_by_its_flag_and_nothing_is_kept(take: Importer) -> None:
    result = take.raw("import", "-", input=invitation(summary="A talk"))

    assert result.code == 65
    assert "--role" in result.stderr
    assert take.facts() == []


def test_an_all_day_interview_names_its_flag(take: Importer) -> None:
    result = take.raw("import", FIXTURES / "apple-all-day-is-asked.ics", "--json")

    assert result.code == 65
    assert "--at" in result.stderr
    assert result.json["files"][0]["events"] == []
    assert take.facts() == []


def test_one_good_and_one_bad_file_is_partly_done(take: Importer, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ics", tmp_path / "bad.ics"
    good.write_bytes(invitation())
    bad.write_bytes(b"BEGIN:VCALENDAR\r\n")

    result = take.raw("import", good, bad, "--json")

    assert result.code == 3
    assert [len(file["events"]) for file in result.json["files"]] == [1, 0]
    assert len(take.facts()) == 1


def test_a_file_of_facts_is_kept(take: Importer) -> None:
    events = take(toml(interview("2026-11-24T14:00:00"), head='id = "karoo"'))

    assert [(e["action"], e["application"]) for e in events] == [("added", "karoo")]
    assert (
        take(toml(interview("2026-11-24T14:00:00"), head='id = "karoo"'))[0]["action"]
        == "unchanged"
    )


def test_a_dry_run_keeps_nothing(take: Importer) -> None:
    (event,) = take(invitation(), "--dry-run")

    assert event["action"] == "added"
    assert take.facts() == []


def test_for_people_it_tells_what_was_understood_and_guessed(take: Importer) -> None:
    result = take.raw("import", "-", input=invitation())

    assert "added: Karoo Analytics, Marketing Manager on Tue 24 Nov 2026, 14:00" in result.text
    assert "Assuming the company" in result.stderr
    assert "Next: thank-you" in result.text


def on_a_terminal(take: Importer, data: bytes, answers: str) -> Result:
    """Import a file while a person answers."""
    path = take.folder / "invite.ics"
    path.write_bytes(data)
    fixed = ("--now", NOW, "--zone", "Africa/Johannesburg", "--data", take.data)
    return take.run("import", path, *fixed, input=answers.encode(), tty=True)


def test_on_a_terminal_guesses_are_confirmed_or_corrected(take: Importer) -> None:
    result = on_a_terminal(take, invitation(), "Karoo Holding\n\n")

    assert result.code == 0, result.stderr
    assert "from mail domain" in result.stderr
    (facts,) = take.facts()
    assert (facts["company"], facts["role"]) == ("Karoo Holding", "Marketing Manager")


def test_on_a_terminal_who_declined_is_asked_about(take: Importer) -> None:
    declined = invitation(people=("Thandi Nkosi", "Pieter Louw")).replace(
        b"CN=Pieter Louw;PARTSTAT=ACCEPTED", b"CN=Pieter Louw;PARTSTAT=DECLINED"
    )

    on_a_terminal(take, declined, "\n\ny\n")

    people = take.facts()[0]["interview"][0]["interviewer"]
    assert [person["name"] for person in people] == ["Thandi Nkosi", "Pieter Louw"]


def test_on_a_terminal_a_day_of_several_is_offered_as_one(take: Importer) -> None:
    result = on_a_terminal(take, day_of_two(), "y\n\n\n")

    assert "one panel day, with one set of follow-ups?" in " ".join(result.stderr.split())
    assert len(take.facts()[0]["interview"]) == 1


@pytest.mark.parametrize(("key", "value"), [("bytes", 1_000), ("events", 1)])
def test_how_much_is_read_can_be_set(take: Importer, key: str, value: int) -> None:
    take.data.mkdir()
    (take.data / "settings.toml").write_text(f"[import]\n{key} = {value}\n", "utf-8")

    result = take.raw("import", "-", input=day_of_two())

    assert result.code == 65
    assert [path.name for path in take.data.iterdir()] == ["settings.toml"]


def test_the_sample_of_a_mail(take: Importer) -> None:
    (event,) = take((SAMPLES / "invitation.eml").read_bytes(), "--me", "sam@mail.example")

    assert (event["company"], event["role"]) == ("Nordlicht Verlag", "Picture Editor")
    assert event["start"] == "2026-12-01T09:30:00+01:00"
    assert [p["name"] for p in event["interviewers"]] == ["Tomasz Wrona"]


def test_of_several_files_each_refusal_names_its_own(take: Importer, tmp_path: Path) -> None:
    for name in ("one.ics", "two.ics"):
        (tmp_path / name).write_bytes(invitation(uid=name, summary="Talk"))

    result = take.raw("import", tmp_path / "one.ics", tmp_path / "two.ics")

    assert result.code == 65
    for name in ("one.ics", "two.ics"):
        assert f"{name} does not name the role; add --role" in result.stderr


@pytest.mark.parametrize("command", ["import", "plan"])
def test_of_several_events_the_one_that_does_not_tell_is_named(
    take: Importer, tmp_path: Path, command: str
) -> None:
    private = invitation(uid="two", summary="Dentist").replace(b"@karoo.example", b"@gmail.com")
    path = tmp_path / "both.ics"
    path.write_bytes(
        invitation().replace(b"END:VCALENDAR\r\n", b"")
        + b"BEGIN:VEVENT"
        + private.partition(b"BEGIN:VEVENT")[2]
    )

    said = take.raw(command, path).stderr

    assert "both.ics, 'Dentist', does not name the company; add --company" in said


def test_what_was_said_is_no_guess(take: Importer) -> None:
    said = ("--company", "Karoo", "--role", "Head of Sales", "--me", "sam@mail.example")
    (event,) = take(invitation(), *said)

    assert (event["company"], event["role"]) == ("Karoo", "Head of Sales")
    assert not {"company", "role", "me"} & set(event["guessed"])


def test_what_is_kept_is_no_guess(take: Importer) -> None:
    (first,) = take(invitation())
    (second,) = take(
        invitation(uid="two@karoo.example", start="20261130T140000", end="20261130T150000")
    )

    assert "company" in first["guessed"]
    assert not {"company", "role"} & set(second["guessed"])


def test_who_the_reader_is_is_said_by_its_flag(take: Importer) -> None:
    mail = (FIXTURES / "google-mail-holds-the-invitation-twice.eml").read_bytes()

    said = take.raw("import", "-", input=mail).stderr

    assert "is you (the mail came to it); correct it with --me" in said


@pytest.mark.parametrize("name", ["empty.ics", "empty.csv", "empty.toml", "-"])
def test_an_empty_file_is_called_so(take: Importer, tmp_path: Path, name: str) -> None:
    path = name if name == "-" else tmp_path / name
    if name != "-":
        (tmp_path / name).write_text(" \n")

    result = take.raw("import", path)

    assert result.code == 65
    assert result.stderr.endswith("is empty; save it again\n")


def test_a_directory_is_no_file(take: Importer, tmp_path: Path) -> None:
    result = take.raw("import", tmp_path)

    assert result.code == 65
    assert "it is a directory; name the files in it" in result.stderr or os.name == "nt"
