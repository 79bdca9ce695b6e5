"""Guesses of company, role and round, with their sources."""

from __future__ import annotations

import pytest

from .invitation_files import read_single

SAM = "ATTENDEE;CN=Sam Seeker;RSVP=TRUE:mailto:sam@gmail.com"


def organizer(host: str) -> str:
    return f"ORGANIZER;CN=Lena Vogt:mailto:lena@{host}"


@pytest.mark.parametrize(
    ("host", "company"),
    [
        ("alpenwerk.example", "Alpenwerk"),
        ("talent.alpenwerk.example", "Alpenwerk"),
        ("karoo-analytics.co.za", "Karoo Analytics"),
        ("mail.banksia.com.au", "Banksia"),
        ("gmail.com", None),
        ("GMX.de", None),
        ("calendly.com", None),
        ("us.greenhouse-mail.io", None),
        ("hire.lever.co", None),
        ("alpenwerk.wd3.myworkdayjobs.com", None),
        ("resource.calendar.google.com", None),
    ],
)
def test_a_mail_domain_gives_the_company_unless_it_is_free_mail(
    host: str, company: str | None
) -> None:
    invitation = read_single("SUMMARY:Interview", organizer(host), SAM)
    assert (invitation.company.value if invitation.company else None) == company
    assert ("company" in invitation.guessed) is (company is not None)


@pytest.mark.parametrize(
    ("title", "company"),
    [
        ("Interview with Copper Kettle", "Copper Kettle"),
        ("Interview at Copper Kettle for the Baker role", "Copper Kettle"),
        ("Interview @ Copper Kettle", "Copper Kettle"),
        ("Gespräch bei Kupferkessel", "Kupferkessel"),
        ("Entretien chez Chaudron", "Chaudron"),
        ("Copper Kettle | Phone Screen", "Copper Kettle"),
        ("Copper Kettle - Interview", "Copper Kettle"),
        ("Sam Seeker <> Copper Kettle", "Copper Kettle"),
        ("Interview with Lena Vogt", None),
        ("Interview with Lena Vogt at Copper Kettle", "Copper Kettle"),
        ("Zoom Meeting", None),
        ("Interview with the hiring team", None),
        ("Interview at 2pm", None),
        ("Interview", None),
    ],
)
def test_a_title_gives_the_company_where_no_domain_does(title: str, company: str | None) -> None:
    invitation = read_single(f"SUMMARY:{title}", organizer("gmail.com"), SAM)
    assert (invitation.company.value if invitation.company else None) == company
    assert invitation.sources.get("company") == ("SUMMARY" if company else None)


def test_a_domain_is_spelled_as_in_the_title() -> None:
    invitation = read_single(
        "SUMMARY:Interview with Karoo Analytics", organizer("karoo.example"), SAM
    )
    assert invitation.company is not None
    assert invitation.company.value == "Karoo Analytics"
    assert invitation.company.source == "mail domain karoo.example, spelled as in the invitation"
    assert invitation.domain == "karoo.example"


def test_the_interviewers_domain_counts_where_the_organizers_does_not() -> None:
    mia = "ATTENDEE;CN=Mia Wolf:mailto:mia@studio-wolf.example"
    invitation = read_single(organizer("calendly.com"), mia, SAM)
    assert invitation.company is not None
    assert invitation.company.value == "Studio Wolf"


def test_two_domains_among_the_interviewers_give_no_company() -> None:
    invitation = read_single(
        organizer("calendly.com"),
        "ATTENDEE;CN=Mia Wolf:mailto:mia@studio-wolf.example",
        "ATTENDEE;CN=Ida Maier:mailto:ida@alpenwerk.example",
        SAM,
    )
    assert invitation.company is None


def test_an_agency_gives_a_warning_and_its_client_is_the_company() -> None:
    invitation = read_single(
        organizer("agency.example"),
        "ATTENDEE;CN=Omar Aziz:mailto:omar@quarrystone.example",
        SAM,
        "DESCRIPTION:Client: Quarrystone Ltd",
    )
    assert invitation.company is not None
    assert invitation.company.value == "Quarrystone Ltd"
    assert any("check the company" in warning for warning in invitation.warnings)


@pytest.mark.parametrize(
    ("title", "text", "role", "source"),
    [
        ("Interview for the Marketing Manager role", "", "Marketing Manager", "SUMMARY"),
        ("Interview for the position of Night Baker", "", "Night Baker", "SUMMARY"),
        ("Senior Firmware Engineer - phone screen", "", "Senior Firmware Engineer", "SUMMARY"),
        ("Interview: Data Analyst (m/w/d)", "", "Data Analyst", "SUMMARY"),
        ("Vorstellungsgespräch Projektleiterin", "", "Projektleiterin", "SUMMARY"),
        ("Entretien pour le poste de chargée d'études", "", "chargée d'études", "SUMMARY"),
        ("Interview", "about the Head of Design position", "Head of Design", "DESCRIPTION"),
        ("Interview", "Position: Köchin (m/w/d)", "Köchin", "DESCRIPTION"),
        ("Interview", "Puesto: Analista de datos", "Analista de datos", "DESCRIPTION"),
        ("Recruiter call", "", None, None),
        ("Chat with the hiring manager", "", None, None),
        ("Interview", "We are engineers at heart.", None, None),
        ("Interview", "", None, None),
    ],
)
def test_a_role_is_taken_from_the_title_then_from_the_text(
    title: str, text: str, role: str | None, source: str | None
) -> None:
    invitation = read_single(f"SUMMARY:{title}", f"DESCRIPTION:{text}")
    assert (invitation.role.value if invitation.role else None) == role
    assert (invitation.role.source if invitation.role else None) == source


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Phone screen", "", "phone screen"),
        ("Telefoninterview", "", "phone screen"),
        ("Recruiter call", "", "screening"),
        ("Technical interview", "", "technical"),
        ("Onsite", "", "on-site"),
        ("Final panel", "", "panel"),
        ("Final interview", "", "final round"),
        ("HR interview", "", "HR"),
        ("2nd interview", "", "round 2"),
        ("Interview, round 3", "", "round 3"),
        ("Zweites Gespräch", "", "round 2"),
        ("1er entretien", "", "round 1"),
        ("Interview", "This is the third round.", "round 3"),
        ("Interview", "Press 2 for the phone. It is final.", None),
        ("Interview", "", None),
    ],
)
def test_a_round_is_taken_from_the_title_then_from_a_stage_in_the_text(
    title: str, text: str, name: str | None
) -> None:
    invitation = read_single(f"SUMMARY:{title}", f"DESCRIPTION:{text}")
    assert (invitation.round.value if invitation.round else None) == name
