"""The company is never guessed from a date, a service, a tenant or a mailbox anybody can have."""

from __future__ import annotations

import pytest

from .invitation_files import read_single

ME = "ATTENDEE;RSVP=TRUE;CN=Sam Seeker:mailto:sam@mail.example"


def company(title: str, organizer: str, *lines: str) -> str | None:
    organizer_line = f"ORGANIZER;CN=Mia Orlova:mailto:{organizer}"
    invitation = read_single(
        f"SUMMARY:{title}", organizer_line, ME, *lines, me=["sam@mail.example"]
    )
    return invitation.company.value if invitation.company else None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Interview with Karoo Analytics @ Aug 17", "Karoo Analytics"),
        ("Interview with Karoo Analytics @ Tue Aug 17\\, 2027 2pm - 3pm (CEST)", "Karoo Analytics"),
        ("Interview with Karoo Analytics @ 17 August", "Karoo Analytics"),
        ("Interview mit Karoo Analytics @ Di 17. Aug", "Karoo Analytics"),
        ("Entretien avec Karoo @ mardi 17 août", "Karoo"),
        ("Entrevista con Karoo @ martes 17 agosto", "Karoo"),
        ("Designer Interview @ Karoo", "Karoo"),
        ("Interview @ Aug 17", None),
        ("Interview with Mia @ Aug 17", None),
        ("Interview with Mia Orlova @ Karoo", "Karoo"),
        ("Interview | Aug 17", None),
        ("Interview - 17.08.2027", None),
        ("Interview - Tuesday 17 August", None),
        ("Interview at Calendly", None),
        ("Interview - Greenhouse", None),
        ("Interview with Teamtailor", None),
        ("Karoo | Interview", "Karoo"),
        ("March Partners | Interview", "March Partners"),
    ],
)
def test_the_title_names_a_company_or_none(title: str, expected: str | None) -> None:
    assert company(title, "mia@gmail.com") == expected


@pytest.mark.parametrize(
    "host",
    [
        "karoo.onmicrosoft.com",
        "karoo.mail.onmicrosoft.com",
        "karoo.onmicrosoft.us",
        "karoo.awsapps.com",
        "calendly.com",
        "us.greenhouse-mail.io",
        "hire.lever.co",
        "ashbyhq.com",
        "smartrecruiters.com",
        "myworkday.com",
        "karoo.teamtailor-mail.com",
        "jobs.personio.de",
        "goodtime.io",
        "modernloop.io",
        "gmail.com",
        "icloud.com",
        "gmx.de",
        "privaterelay.appleid.com",
    ],
)
def test_a_host_of_many_names_no_company(host: str) -> None:
    assert company("Interview", f"mia@{host}") is None


@pytest.mark.parametrize("host", ["google.com", "microsoft.com", "linkedin.com", "workday.com"])
def test_people_at_a_company_that_runs_a_scheduler_are_thanked(host: str) -> None:
    organizer = f"ORGANIZER;CN=Mia Orlova:mailto:mia.orlova@{host}"
    invitation = read_single("SUMMARY:Interview", organizer, ME, me=["sam@mail.example"])
    assert [person.name for person in invitation.interviewers] == ["Mia Orlova"]


@pytest.mark.parametrize(
    "link",
    [
        "https://app.hirevue.com/interviews/abc",
        "https://vc.feishu.cn/j/123456789",
        "https://vc.larksuite.com/j/123456789",
        "https://meetings.larksuite.com/s/1a",
        "https://meeting.tencent.com/dm/AbCd",
        "https://voovmeeting.com/dm/AbCd",
        "https://telemost.yandex.ru/j/12345",
        "https://telemost.360.yandex.ru/j/12345",
        "https://app.slack.com/huddle/T0/C0",
        "https://gov.teams.microsoft.us/l/meetup-join/1",
        "https://dod.teams.microsoft.us/l/meetup-join/1",
        "https://teams.cloud.microsoft/meet/1",
        "https://meeting.dingtalk.com/j/1",
    ],
)
@pytest.mark.parametrize("name", ["DESCRIPTION", "X-ALT-DESC"])
def test_the_links_of_conference_services_are_recognized(link: str, name: str) -> None:
    text = f"{name}:See https://karoo.example/jobs and join: {link} ."
    assert read_single(text).link == link
