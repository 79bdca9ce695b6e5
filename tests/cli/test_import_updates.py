"""`import`: which of several invitations to one interview counts, and what is asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli

from tests.running import Result, Run

pytestmark = pytest.mark.usefixtures("is_set_up")

NOW = "2027-02-01T09:00:00+00:00"
ME = "ATTENDEE;RSVP=TRUE;CN=Sam Seeker:mailto:sam@mail.example"
GIVEN = ("--company", "Orla", "--role", "Tester", "--me", "sam@mail.example")


def event(
    uid: str = "one",
    *,
    start: str = "20270310T100000Z",
    length: str = "PT1H",
    stamp: str = "20270201T080000Z",
    organizer: str = "ORGANIZER;CN=Mia Orlova:mailto:mia@orla.example",
    lines: tuple[str, ...] = (),
) -> str:
    """Return an event; an empty value leaves the property out."""
    named = {"UID": uid, "DTSTAMP": stamp, "DTSTART": start, "DURATION": length}
    stated = [f"{name}:{value}" for name, value in named.items() if value]
    return "\r\n".join(
        ["BEGIN:VEVENT", "SUMMARY:Interview", *stated, organizer, ME, *lines, "END:VEVENT"]
    )


def calendar(*events: str, method: str = "REQUEST") -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", f"METHOD:{method}", *events, "END:VCALENDAR", ""]
    ).encode()


class Store:
    """Imports files into one data directory, one after the other."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.folder = run, folder

    def call(self, *arguments: object, now: str = NOW, **options: Any) -> Result:
        fixed = ("--now", now, "--zone", "Europe/Paris", "--data", self.folder / "data")
        return self.run(*arguments, *fixed, **options)

    def take(self, data: bytes, *options: str) -> list[dict[str, Any]]:
        result = self.call("import", "-", "--json", *GIVEN, *options, input=data)
        assert result.code == 0, result.stderr
        events: list[dict[str, Any]] = result.json["files"][0]["events"]
        return events

    def answer(self, data: bytes, answers: str) -> Result:
        path = self.folder / "invite.ics"
        path.write_bytes(data)
        return self.call("import", path, *GIVEN, input=answers.encode(), tty=True)

    def interviews(self) -> list[dict[str, Any]]:
        files = sorted((self.folder / "data").glob("*.toml"))
        documents = [tomli.loads(path.read_text("utf-8")) for path in files]
        return [interview for document in documents for interview in document["interview"]]

    def live(self, kind: str = "thank-you") -> int:
        plans = self.call("plan", "--json").json["applications"]
        steps = [step for plan in plans for step in plan["steps"]]
        return sum(s["step"] == kind and s["state"] not in {"withdrawn", "done"} for s in steps)


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Store:
    return Store(run, tmp_path)


OLD, LATER, LATEST = "20270201T080000Z", "20270203T080000Z", "20270205T080000Z"
MOVED = "20270311T140000Z"


@pytest.mark.parametrize(
    ("first", "second", "action"),
    [
        pytest.param({}, {"stamp": LATER}, "moved", id="newer-stamp"),
        pytest.param({"stamp": LATER}, {"stamp": OLD}, "ignored", id="older-stamp"),
        pytest.param({}, {}, "ignored", id="same-stamp"),
        pytest.param({}, {"lines": ("SEQUENCE:1",)}, "moved", id="higher-number"),
        pytest.param(
            {"stamp": LATER}, {"stamp": OLD, "lines": ("SEQUENCE:1",)}, "moved", id="number-wins"
        ),
        pytest.param({"lines": ("SEQUENCE:0",)}, {"stamp": LATER}, "moved", id="no-number-is-0"),
        pytest.param(
            {"lines": ("LAST-MODIFIED:20270201T080000Z",)},
            {"lines": ("LAST-MODIFIED:20270202T080000Z",)},
            "moved",
            id="last-modified-after-stamp",
        ),
        pytest.param(
            {"lines": ("LAST-MODIFIED:20270202T080000Z",)},
            {"lines": ("LAST-MODIFIED:20270201T080000Z",)},
            "ignored",
            id="older-last-modified",
        ),
        pytest.param(
            {"stamp": "", "lines": ("LAST-MODIFIED:20270201T080000Z",)},
            {"stamp": "", "lines": ("LAST-MODIFIED:20270202T080000Z",)},
            "moved",
            id="last-modified-alone",
        ),
        pytest.param({"stamp": ""}, {"stamp": ""}, "ignored", id="no-dates"),
        pytest.param(
            {"lines": ("SEQUENCE:2",)},
            {"stamp": LATER, "lines": ("SEQUENCE:1",)},
            "moved",
            id="lower-number-newer-stamp",
        ),
        pytest.param(
            {"lines": ("SEQUENCE:2",)}, {"lines": ("SEQUENCE:1",)}, "ignored", id="lower-number"
        ),
        pytest.param(
            {"lines": ("SEQUENCE:2",)},
            {
                "stamp": LATER,
                "lines": ("SEQUENCE:1",),
                "organizer": "ORGANIZER:mailto:eve@evil.example",
            },
            "ignored",
            id="lower-number-of-a-stranger",
        ),
    ],
)
def test_a_newer_time_moves_the_interview(
    store: Store, first: dict[str, Any], second: dict[str, Any], action: str
) -> None:
    store.take(calendar(event(**first)))

    (result,) = store.take(calendar(event(start=MOVED, **second)))

    assert result["action"] == action
    (interview,) = store.interviews()
    assert (
        interview["start"].isoformat()
        == {
            "moved": "2027-03-11T14:00:00+00:00",
            "ignored": "2027-03-10T10:00:00+00:00",
        }[action]
    )
    if action == "ignored":
        assert any(
            "afterword move orla-tester " in warning and '--to "2027-03-11 14:00"' in warning
            for warning in result["warnings"]
        )


CANCELLED = ("STATUS:CANCELLED",)


@pytest.mark.parametrize(
    ("first", "second", "action"),
    [
        pytest.param({}, {}, "cancelled", id="same-number-and-stamp"),
        pytest.param({}, {"stamp": ""}, "cancelled", id="without-a-stamp"),
        pytest.param({}, {"stamp": LATER}, "cancelled", id="newer-stamp"),
        pytest.param({"stamp": LATER}, {"stamp": OLD}, "ignored", id="older-stamp"),
        pytest.param(
            {"lines": ("SEQUENCE:3",)}, {"stamp": LATER}, "cancelled", id="lower-number-newer-stamp"
        ),
        pytest.param({"lines": ("SEQUENCE:3",)}, {}, "ignored", id="lower-number"),
    ],
)
def test_a_newer_cancellation_cancels(
    store: Store, first: dict[str, Any], second: dict[str, Any], action: str
) -> None:
    store.take(calendar(event(**first)))

    (result,) = store.take(calendar(event(lines=CANCELLED, **second), method="CANCEL"))

    assert result["action"] == action
    assert store.live() == (0 if action == "cancelled" else 1)
    if action == "ignored":
        assert any("afterword cancel orla-tester" in warning for warning in result["warnings"])


def test_an_invitation_after_a_cancellation_of_its_number_is_held(store: Store) -> None:
    store.take(calendar(event()))
    store.take(calendar(event(stamp=LATER, lines=CANCELLED)))

    (old,) = store.take(calendar(event()))
    (new,) = store.take(calendar(event(stamp=LATEST)))

    assert (old["action"], new["action"]) == ("ignored", "moved")
    assert store.live() == 1


def test_three_versions_with_a_repeated_number_count_by_date(store: Store) -> None:
    store.take(calendar(event(lines=("SEQUENCE:0",))))
    store.take(calendar(event(start=MOVED, stamp=LATER, lines=("SEQUENCE:1",))))

    last = event(start="20270312T090000Z", stamp=LATEST, lines=("SEQUENCE:1",))
    (result,) = store.take(calendar(last))

    assert (result["action"], result["start"]) == ("moved", "2027-03-12T09:00:00+00:00")
    assert store.take(calendar(last))[0]["action"] == "unchanged"


LOWER = {"start": MOVED, "stamp": LATER, "lines": ("SEQUENCE:1",)}


def test_a_doubtful_update_is_applied_and_said_where_nobody_can_answer(store: Store) -> None:
    store.take(calendar(event(lines=("SEQUENCE:2",))))

    (result,) = store.take(calendar(event(**LOWER)))  # type: ignore[arg-type]

    assert any("afterword undo orla-tester" in warning for warning in result["warnings"])


@pytest.mark.parametrize(("answer", "hour"), [("y\n", 14), ("n\n", 10)], ids=["yes", "no"])
def test_a_doubtful_update_is_asked_about(store: Store, answer: str, hour: int) -> None:
    store.take(calendar(event(lines=("SEQUENCE:2",))))

    result = store.answer(calendar(event(**LOWER)), answer)  # type: ignore[arg-type]

    assert "its number (1) is lower than the stored one (2)" in result.stderr
    assert store.interviews()[0]["start"].hour == hour


def test_what_was_stored_without_a_date_is_updated_by_what_was_written_later(store: Store) -> None:
    store.take(calendar(event(stamp="")))

    (older,) = store.take(calendar(event(start=MOVED, stamp="20270131T080000Z")))
    (newer,) = store.take(calendar(event(start=MOVED, stamp="20270202T080000Z")))

    assert (older["action"], newer["action"]) == ("ignored", "moved")


MEET = "https://meet.google.com/abc-defg-hij"
SCHEDULER = "ORGANIZER;CN=Calendly:mailto:no-reply@calendly.com"


@pytest.mark.parametrize(
    "twin",
    [
        pytest.param({}, id="organizer"),
        pytest.param({"start": "20270310T101500Z", "length": "PT45M"}, id="a-quarter-later"),
        pytest.param({"start": "20270310T095500Z", "length": "PT30M"}, id="five-minutes-earlier"),
        pytest.param(
            {
                "organizer": SCHEDULER,
                "lines": ("ATTENDEE;CN=Mia Orlova:mailto:mia@orla.example",),
            },
            id="attendee",
        ),
        pytest.param(
            {"organizer": SCHEDULER, "lines": (f"LOCATION:{MEET}?authuser=0",)}, id="company-role"
        ),
        pytest.param({"organizer": SCHEDULER, "lines": (f"LOCATION:{MEET}",)}, id="link"),
        pytest.param({"start": "20270310T110000", "lines": ("X-A:b",)}, id="in-another-zone"),
    ],
)
def test_two_invitations_to_one_conversation_are_one_interview(
    store: Store, twin: dict[str, Any]
) -> None:
    (first,) = store.take(calendar(event(lines=(f"LOCATION:{MEET}",))))

    second = calendar(event("two", **twin))
    (result,) = store.take(second, "--employer-zone", "Europe/Paris")

    assert (result["action"], result["interview"]) == ("unchanged", first["interview"])
    (interview,) = store.interviews()
    assert (interview["invitation"], interview["invitations"]) == ("one", ["two"])
    assert store.live() == 1
    again = store.take(second, "--employer-zone", "Europe/Paris")
    assert [e["action"] for e in again] == ["unchanged"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"start": "20270310T110000Z"}, id="an-hour-later"),
        pytest.param({"start": "20270317T100000Z"}, id="a-week-later"),
    ],
)
def test_an_invitation_for_another_time_is_another_round(
    store: Store, other: dict[str, Any]
) -> None:
    store.take(calendar(event()))

    (result,) = store.take(calendar(event("two", **other)))

    assert result["action"] == "added"
    assert len(store.interviews()) == 2


def test_both_invitations_in_one_file_are_one_interview(store: Store) -> None:
    store.take(calendar(event("one"), event("two", start="20270310T100500Z")))

    assert len(store.interviews()) == 1


@pytest.mark.parametrize("uid", ["one", "two"])
@pytest.mark.parametrize("newer", [{"stamp": LATER}, {"lines": ("SEQUENCE:1",)}], ids=str)
def test_an_update_of_either_invitation_moves_the_interview(
    store: Store, uid: str, newer: dict[str, Any]
) -> None:
    store.take(calendar(event("one")))
    store.take(calendar(event("two")))

    (result,) = store.take(calendar(event(uid, start=MOVED, **newer)))

    assert result["action"] == "moved"
    (interview,) = store.interviews()
    assert interview["start"].isoformat() == "2027-03-11T14:00:00+00:00"


@pytest.mark.parametrize("uid", ["one", "two"])
@pytest.mark.parametrize("newer", [{}, {"stamp": LATER}, {"lines": ("SEQUENCE:1",)}], ids=str)
def test_a_cancellation_of_either_invitation_cancels_the_interview(
    store: Store, uid: str, newer: dict[str, Any]
) -> None:
    store.take(calendar(event("one")))
    store.take(calendar(event("two")))
    lines = (*newer.get("lines", ()), *CANCELLED)

    (result,) = store.take(calendar(event(uid, **{**newer, "lines": lines})))

    assert result["action"] == "cancelled"
    assert store.live() == 0


def test_the_cancellation_of_the_time_before_an_update_cancels_nothing(store: Store) -> None:
    store.take(calendar(event("one")))
    store.take(calendar(event("two")))
    store.take(calendar(event("two", start=MOVED, stamp=LATER)))

    (result,) = store.take(calendar(event("one", stamp=LATEST, lines=CANCELLED)))

    assert result["action"] == "ignored"
    assert store.live() == 1


@pytest.mark.parametrize("together", [True, False], ids=["one-file", "two-files"])
def test_a_cancellation_and_a_new_invitation_reschedule_and_keep_the_log(
    store: Store, together: bool
) -> None:
    (first,) = store.take(calendar(event("one")))
    store.call("note", "orla", "They like pictures.")
    cancel = calendar(event("one", stamp=LATER, lines=CANCELLED), method="CANCEL")
    new = calendar(event("two", start=MOVED, stamp=LATER))

    *_, result = [
        e for data in ([new + cancel] if together else [cancel, new]) for e in store.take(data)
    ]

    assert (result["action"], result["interview"]) == ("moved", first["interview"])
    (interview,) = store.interviews()
    assert (interview["invitation"], interview["invitations"]) == ("two", ["one"])
    assert store.live() == 1
    log = store.call("show", "orla").text
    assert "They like pictures." in log
    (late,) = store.take(calendar(event("one", stamp=LATEST, lines=CANCELLED)))
    assert (late["action"], store.live()) == ("ignored", 1)


def test_a_new_round_long_after_a_cancellation_is_a_round(store: Store) -> None:
    store.take(calendar(event("one")))
    store.take(calendar(event("one", stamp=LATER, lines=CANCELLED)))

    (result,) = store.take(calendar(event("two", start="20270610T100000Z")))

    assert result["action"] == "added"


def test_a_reschedule_is_asked_about(store: Store) -> None:
    store.take(calendar(event("one")))
    store.take(calendar(event("one", stamp=LATER, lines=CANCELLED)))

    result = store.answer(calendar(event("two", start=MOVED, stamp=LATER)), "n\n")

    assert "which was cancelled?" in result.stderr
    assert len(store.interviews()) == 2


def test_an_unknown_cancellation_at_a_known_time_names_the_command(store: Store) -> None:
    (first,) = store.take(calendar(event("one")))

    (result,) = store.take(calendar(event("two", lines=CANCELLED)))

    command = f"afterword cancel orla-tester {first['interview']}"
    assert result["action"] == "ignored"
    assert any(command in warning for warning in result["warnings"])


HOLD = ("STATUS:TENTATIVE",)
HOLDS = [
    event(f"hold{day}", start=f"202703{day}T100000Z", lines=HOLD) for day in ("10", "11", "12")
]


@pytest.mark.parametrize("apart", [False, True], ids=["one-file", "three-files"])
def test_tentative_times_are_alternatives(store: Store, apart: bool) -> None:
    files = [calendar(hold) for hold in HOLDS] if apart else [calendar(*HOLDS)]

    results = [result for data in files for result in store.take(data)]

    assert [result["action"] for result in results] == ["added", "ignored", "ignored"]
    assert all(any("tentative" in w for w in result["warnings"]) for result in results)
    assert len(store.interviews()) == 1
    assert store.live() == 1


@pytest.mark.parametrize("day", ["10", "11", "12"])
def test_the_confirmation_of_a_tentative_time_moves_the_interview_there(
    store: Store, day: str
) -> None:
    store.take(calendar(*HOLDS))

    confirmed = event(f"hold{day}", start=f"202703{day}T100000Z", lines=("STATUS:CONFIRMED",))
    store.take(calendar(confirmed))
    for other in {"10", "11", "12"} - {day}:
        released = event(
            f"hold{other}", start=f"202703{other}T100000Z", stamp=LATEST, lines=CANCELLED
        )
        assert store.take(calendar(released))[0]["action"] == "ignored"

    (interview,) = store.interviews()
    assert interview["start"].day == int(day)
    assert "tentative" not in interview
    assert store.live() == 1


def test_a_tentative_time_can_be_preferred(store: Store) -> None:
    store.answer(calendar(*HOLDS), "n\ny\n")

    (interview,) = store.interviews()
    assert interview["start"].day == 12


@pytest.mark.parametrize("title", ["HOLD: Interview", "[Hold] - Interview", "Tentative: Interview"])
def test_a_title_can_say_tentative(store: Store, title: str) -> None:
    (result,) = store.take(calendar(event().replace("SUMMARY:Interview", f"SUMMARY:{title}")))

    assert any("tentative" in warning for warning in result["warnings"])


def test_a_panel_day_imported_again_is_unchanged(store: Store) -> None:
    parts = [
        event(
            uid, start=f"20270310T{hour}0000Z", lines=(f"ATTENDEE;CN=P:mailto:p{uid}@orla.example",)
        )
        for uid, hour in (("a", "10"), ("b", "13"))
    ]
    store.take(calendar(*parts), "--panel-day")

    results = store.take(calendar(*parts), "--panel-day")

    assert [result["action"] for result in results] == ["unchanged", "unchanged"]
    assert len(store.interviews()) == 1
