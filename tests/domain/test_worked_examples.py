"""The worked examples of the planning rules, each as a whole plan."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.domain.plans import interview, lines, log, plan, toml

ZA = 'country = "ZA"'
TUESDAY = interview("2026-11-24T14:00:00")
THANKS = "thank-you: by 25 Nov 15:00, at 24 Nov 16:00"

EXAMPLES = {
    "an ordinary Tuesday": (
        toml(TUESDAY, head=ZA),
        "Africa/Johannesburg",
        [
            THANKS,
            "first-follow-up: Sun 29 Nov..Tue 01 Dec, rec. Mon 30 Nov, at 30 Nov 09:00",
            "second-follow-up: Mon 07 Dec..Tue 08 Dec, rec. Tue 08 Dec, at 08 Dec 09:00",
            "move-on: Tue 15 Dec..Tue 15 Dec, rec. Tue 15 Dec, at 15 Dec 09:00",
        ],
    ),
    "they named a date": (
        toml(interview("2026-11-24T14:00:00", more="decision_by = 2026-12-04"), head=ZA),
        "Africa/Johannesburg",
        [
            THANKS,
            "first-follow-up: Mon 07 Dec..Wed 09 Dec, rec. Tue 08 Dec, at 08 Dec 09:00",
            "second-follow-up: Tue 15 Dec..Fri 18 Dec, rec. Thu 17 Dec, at 17 Dec 09:00",
            "move-on: Thu 24 Dec..Thu 24 Dec, rec. Thu 24 Dec, at 24 Dec 09:00",
        ],
    ),
    "the first was sent late": (
        toml(TUESDAY + log('2026-12-03: sent = "first-follow-up"'), head=ZA),
        "Africa/Johannesburg",
        [
            THANKS,
            "first-follow-up (done): Sun 29 Nov..Tue 01 Dec, rec. Mon 30 Nov, at 30 Nov 09:00",
            "second-follow-up: Thu 10 Dec..Sun 13 Dec, rec. Thu 10 Dec, at 10 Dec 09:00",
            "move-on: Thu 17 Dec..Thu 17 Dec, rec. Thu 17 Dec, at 17 Dec 09:00",
        ],
    ),
    "a window without a working day": (
        toml(interview("2026-01-12T10:00:00", zone="America/New_York"), head='country = "US"'),
        "America/New_York",
        [
            "thank-you: by 13 Jan 11:00, at 12 Jan 12:00",
            "first-follow-up: Sat 17 Jan..Tue 20 Jan, rec. Tue 20 Jan, at 20 Jan 09:00",
            "second-follow-up: Tue 27 Jan..Fri 30 Jan, rec. Tue 27 Jan, at 27 Jan 09:00",
            "move-on: Tue 03 Feb..Tue 03 Feb, rec. Tue 03 Feb, at 03 Feb 09:00",
        ],
    ),
    "the clocks go back that night": (
        toml(interview("2026-10-31T15:00:00", zone="America/New_York")),
        "America/New_York",
        [
            "thank-you: by 01 Nov 15:00, at 31 Oct 17:00",
            "first-follow-up: Thu 05 Nov..Sat 07 Nov, rec. Thu 05 Nov, at 05 Nov 09:00",
            "second-follow-up: Thu 12 Nov..Sat 14 Nov, rec. Fri 13 Nov, at 13 Nov 09:00",
            "move-on: Fri 20 Nov..Fri 20 Nov, rec. Fri 20 Nov, at 20 Nov 09:00",
        ],
    ),
    "told on day 11": (
        toml(
            interview("2026-12-16T09:00:00", zone="Europe/London", more="added = 2026-12-27"),
            head='country = "GB"',
        ),
        "Europe/London",
        [
            "first-follow-up: Sun 27 Dec..Tue 29 Dec, rec. Tue 29 Dec, at 29 Dec 09:00",
            "second-follow-up: Tue 05 Jan..Fri 08 Jan, rec. Tue 05 Jan, at 05 Jan 09:00",
            "move-on: Tue 12 Jan..Tue 12 Jan, rec. Tue 12 Jan, at 12 Jan 09:00",
        ],
    ),
    "a neutral answer that names a date": (
        toml(
            TUESDAY + log('2026-12-02T10:00:00: heard = "neutral"; decision_by = 2026-12-11'),
            head=ZA,
        ),
        "Africa/Johannesburg",
        [
            "thank-you (withdrawn): by 25 Nov 15:00, at 24 Nov 16:00",
            "first-follow-up (withdrawn): Sun 29 Nov..Tue 01 Dec, rec. Mon 30 Nov, at 30 Nov 09:00",
            "reply: by 03 Dec 10:00, at 02 Dec 10:00",
            (
                "second-follow-up (withdrawn): Mon 07 Dec..Tue 08 Dec, "
                "rec. Tue 08 Dec, at 08 Dec 09:00"
            ),
            "move-on (withdrawn): Tue 15 Dec..Tue 15 Dec, rec. Tue 15 Dec, at 15 Dec 09:00",
            "first-follow-up 1: Mon 14 Dec..Thu 17 Dec, rec. Tue 15 Dec, at 15 Dec 09:00",
            "second-follow-up 1: Tue 22 Dec..Fri 25 Dec, rec. Thu 24 Dec, at 24 Dec 09:00",
            "move-on 1: Thu 31 Dec..Thu 31 Dec, rec. Thu 31 Dec, at 31 Dec 09:00",
        ],
    ),
    "employer in Auckland, user in Los Angeles": (
        toml(interview("2026-11-10T09:00:00", zone="Pacific/Auckland")),
        "America/Los_Angeles",
        [
            "thank-you: by 10 Nov 13:00, at 09 Nov 14:00",
            "first-follow-up: Sun 15 Nov..Tue 17 Nov, rec. Mon 16 Nov, at 15 Nov 12:00",
            "second-follow-up: Mon 23 Nov..Tue 24 Nov, rec. Tue 24 Nov, at 23 Nov 12:00",
            "move-on: Tue 01 Dec..Tue 01 Dec, rec. Tue 01 Dec, at 01 Dec 09:00",
        ],
    ),
    "they are away": (
        toml(TUESDAY + log("2026-11-30T10:00:00: away_until = 2026-12-07"), head=ZA),
        "Africa/Johannesburg",
        [
            THANKS,
            "first-follow-up: Tue 08 Dec..Thu 10 Dec, rec. Tue 08 Dec, at 08 Dec 09:00",
            "second-follow-up: Tue 15 Dec..Fri 18 Dec, rec. Thu 17 Dec, at 17 Dec 09:00",
            "move-on: Thu 24 Dec..Thu 24 Dec, rec. Thu 24 Dec, at 24 Dec 09:00",
        ],
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(
    "now", [datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)]
)
def test_worked_example(name: str, now: datetime) -> None:
    data, zone, expected = EXAMPLES[name]

    assert lines(plan(data, zone=zone, now=now)) == expected
