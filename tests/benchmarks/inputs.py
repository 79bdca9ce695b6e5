"""Inputs of the benchmarks, the same each time: clients, invitations and table rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

FIRST_DAY = dt.date(2026, 1, 5)
TABLE_HEADER = "company,role,date,time,zone,country,contact,email,status\n"

# The rules of a zone as Exchange writes them: both begin in 1601.
_EXCHANGE_ZONE = """\
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
_GOOGLE_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
X-LIC-LOCATION:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:GMT+2
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:GMT+1
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def write_clients(folder: Path, count: int) -> None:
    """Write a folder with one client a folder, each with one application."""
    for number in range(count):
        place = folder / f"client-{number:05}.toml"
        day = FIRST_DAY + dt.timedelta(days=number % 300)
        place.write_text(
            f'company = "Company {number}"\nrole = "Engineer"\nzone = "Europe/Berlin"\n'
            f'[applicant]\nname = "Client {number:05}"\n'
            f"[[interview]]\nstart = {day}T10:00:00\nminutes = 45\n"
            f'[[interview.interviewer]]\nname = "Thandi Nkosi"\n'
            f'email = "thandi@company{number}.example"\n',
            encoding="utf-8",
        )


def write_invitations(folder: Path, count: int) -> list[str]:
    """Write invitations in turn as Exchange and Google send them, and return their names."""
    names = []
    for number in range(count):
        names.append(f"{number:05}.ics")
        lines = _invitation(number).replace("\n", "\r\n")
        (folder / names[-1]).write_bytes(lines.encode())
    return names


def _invitation(number: int) -> str:
    day = FIRST_DAY + dt.timedelta(days=number % 300)
    zone, rules = (
        ("W. Europe Standard Time", _EXCHANGE_ZONE),
        ("Europe/Berlin", _GOOGLE_ZONE),
    )[number % 2]
    attendees = "".join(
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;\n"
        f' CN="{name}":mailto:{name.split()[0].lower()}@company{number}.example\n'
        for name in ("Thandi Nkosi", "Aisha Patel", "Lena Braun")
    )
    notes = "\\n".join(f"Point {point} of the agenda\\, as discussed" for point in range(20))
    return (
        "BEGIN:VCALENDAR\nPRODID:-//Example//Mail//EN\nVERSION:2.0\nMETHOD:REQUEST\n"
        f"{rules}BEGIN:VEVENT\nUID:{number:05}@company{number}.example\nDTSTAMP:20260101T090000Z\n"
        f"DTSTART;TZID={zone}:{day:%Y%m%d}T100000\nDTEND;TZID={zone}:{day:%Y%m%d}T110000\n"
        f"SUMMARY:Interview: Engineer ({number % 7}) at Company {number}\n"
        f"ORGANIZER;CN=Recruiting:mailto:jobs@company{number}.example\n{attendees}"
        f"LOCATION:https://meet.example/{number}\nDESCRIPTION:{notes}\nSEQUENCE:0\n"
        "STATUS:CONFIRMED\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def write_table(path: Path, count: int) -> None:
    """Write a table of interviews, one application a row."""
    with path.open("w", encoding="utf-8") as file:
        file.write(TABLE_HEADER)
        for number in range(count):
            day = FIRST_DAY + dt.timedelta(days=number % 300)
            file.write(
                f"Company {number},Engineer,{day},{9 + number % 8:02}:30,Europe/Berlin,DE,"
                f"Thandi Nkosi,thandi@company{number}.example,\n"
            )
