"""The location of an interview and the link to join it."""

from __future__ import annotations

import itertools

import pytest

from .invitation_files import read_single

LINKS = [
    ("CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://one.zoom.us/j/1", "https://one.zoom.us/j/1"),
    ("X-GOOGLE-CONFERENCE:https://meet.google.com/two", "https://meet.google.com/two"),
    (
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/three",
        "https://teams.microsoft.com/three",
    ),
    ("LOCATION:https://four.example/room", "https://four.example/room"),
    ("URL:https://five.webex.com/meet", "https://five.webex.com/meet"),
    ("DESCRIPTION:join https://six.zoom.us/j/6.", "https://six.zoom.us/j/6"),
    ('X-ALT-DESC:<a href="https://whereby.com/seven">', "https://whereby.com/seven"),
]
SAFE = "https://eur01.safelinks.protection.outlook.com/?url="


@pytest.mark.parametrize(
    "pair", list(itertools.pairwise(LINKS)), ids=lambda pair: pair[0][0].split(":")[0]
)
def test_the_more_certain_property_gives_the_link(pair: tuple[tuple[str, str], ...]) -> None:
    (first, link), (second, _) = pair
    assert read_single(second, first).link == link


@pytest.mark.parametrize(("line", "link"), LINKS, ids=[line.split(":")[0] for line, _ in LINKS])
def test_the_source_of_the_link_is_stated(line: str, link: str) -> None:
    invitation = read_single(line)
    assert invitation.link == link
    assert invitation.sources["link"] == line.replace(";", ":").split(":")[0]


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (f"LOCATION:{SAFE}https%3A%2F%2Fzoom.us%2Fj%2F1&data=05", "https://zoom.us/j/1"),
        (f"DESCRIPTION:<{SAFE}https%3A%2F%2Fteams.microsoft.com%2Fl%2F1&amp;data=x>", "https://teams.microsoft.com/l/1"),
        ("DESCRIPTION:https://www.google.com/url?q=https://meet.google.com/abc&sa=D", "https://meet.google.com/abc"),
        ("DESCRIPTION:https://urldefense.com/v3/__https://acme.zoom.us/j/1__;!!abc$", "https://acme.zoom.us/j/1"),
        (f"LOCATION:{SAFE}javascript%3Aalert(1)", None),
        ("DESCRIPTION:see https://alpenwerk.example/careers", None),
        ("DESCRIPTION:https://zoom.us.evil.example/j/1", None),
        ("DESCRIPTION:https://zoom.us@evil.example/j/1", None),
        ("DESCRIPTION:https://evil.example/zoom.us", None),
        ("CONFERENCE:tel:+49-89-123456", "tel:+49-89-123456"),
        ("CONFERENCE:conf:sip:x@y.example", None),
        ("X-GOOGLE-CONFERENCE:javascript:alert(1)", None),
        ("X-GOOGLE-CONFERENCE:file:///etc/passwd", None),
        ("X-GOOGLE-CONFERENCE:data:text/html,x", None),
        ("X-GOOGLE-CONFERENCE:https://[::1", None),
        ("X-GOOGLE-CONFERENCE:https://zoom.us/" + "a" * 3000, None),
        ("X-GOOGLE-CONFERENCE:https://zoom.us/j 1", None),
    ],
)  # fmt: skip
def test_a_link_is_unwrapped_and_has_no_disguise(line: str, link: str | None) -> None:
    assert read_single(line).link == link


@pytest.mark.parametrize(
    ("written", "location"),
    [
        ("Werkstraße 7\\, München", "Werkstraße 7, München"),
        ("Werkstraße 7\\nMünchen", "Werkstraße 7, München"),
        ("Microsoft Teams Meeting", None),
        ("Microsoft Teams-Besprechung", None),
        ("Réunion Microsoft Teams", None),
        ("Microsoft Teams Meeting\\; Raum 4", "Raum 4"),
        ("Google Meet", None),
        ("ONLINE", None),
        ("TBD", None),
        ("https://zoom.us/j/1", None),
        ("Haus 1 (https://zoom.us/j/1)", "Haus 1"),
        ("", None),
        ("Phone", "phone"),
        ("Telefonisch", "phone"),
        ("+49 89 1234567", "phone"),
        ("Room 12345678", "Room 12345678"),
    ],
)
def test_a_placeholder_is_no_location(written: str, location: str | None) -> None:
    assert read_single(f"LOCATION:{written}").location == location


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("Phone: +49 (89) 123-4567", "tel:+49891234567"),
        ("tel:+49891234567", "tel:+49891234567"),
        ("089 1234567", "tel:0891234567"),
        ("Room 12345678", None),
    ],
)
def test_a_number_to_call_is_a_link(written: str, link: str | None) -> None:
    assert read_single(f"LOCATION:{written}").link == link
