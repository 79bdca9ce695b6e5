"""Spreadsheets of interviews, as people and their programs write them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tracemalloc
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import Channel, Interview, InterviewStatus
from afterword.errors import InputError
from afterword.importers.spreadsheet.cell_dates import DateOrder
from afterword.importers.spreadsheet.column_names import example_table
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.spreadsheet_reader import (
    TableReading,
    read_table,
)

BERLIN = ZoneInfo("Europe/Berlin")
HEADER = "company,role,date,time"
THANDI = ("Thandi Nkosi", "t@karoo.example")


def read(text: str | bytes, **options: Any) -> TableReading:
    data = text.encode() if isinstance(text, str) else text
    progress = options.pop("progress", None)
    table_options = TableOptions(**{"zone": BERLIN, **options})
    return read_table(data, table_options, source="x.csv", progress=progress)


def interview_of(columns: str, cells: str, **options: Any) -> Interview:
    """Return the interview of a table that has these columns besides the required columns."""
    text = f"{HEADER},{columns}\nKaroo,Buyer,2026-11-24,14:00,{cells}\n"
    return read(text, **options).applications[0].interviews[0]


def starts(reading: TableReading) -> list[str]:
    return [f"{i.start:%Y-%m-%d %H:%M}" for a in reading.applications for i in a.interviews]


@pytest.mark.parametrize(
    "header",
    [
        *("company,role,date,time", "Employer,Job title,Interview date,Start time"),
        *("COMPANY*,Position,Day,Interview time", "Organisation,Vacancy,Date,Time (24h)"),
        *("Firma,Stelle,Datum,Uhrzeit", "Unternehmen,Position,Termin,Startzeit"),
        *("Entreprise,Poste,Date de l'entretien,Heure", "Société,Fonction,Jour,Heure de début"),
        *("Empresa,Puesto,Fecha,Hora", "Compañía,Cargo,Fecha de la entrevista,Hora de inicio"),
    ],
)
def test_columns_have_names_in_four_languages(header: str) -> None:
    assert starts(read(f"{header}\nKaroo,Buyer,2026-11-24,14:00\n")) == ["2026-11-24 14:00"]


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_delimiters_line_ends_and_encodings(delimiter: str, ends: str, encoding: str) -> None:
    rows = [
        ["Firma", "Stelle", "Datum", "Zeit"],
        ["Käserei; Bürgi, KG", "Köchin", "2026-11-24", "9:30"],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows(rows)
    reading = read(out.getvalue().encode(encoding))
    (application,) = reading.applications
    assert (application.company, application.role) == ("Käserei; Bürgi, KG", "Köchin")
    assert starts(reading) == ["2026-11-24 09:30"]
    assert len(reading.notices) == 2 + (encoding == "cp1252")


def test_lines_above_the_header_are_skipped() -> None:
    text = f"sep=;\nMy interviews;;;\n\n{HEADER.replace(',', ';')}\nKaroo;Buyer;2026-11-24;14:00\n"
    assert starts(read(text)) == ["2026-11-24 14:00"]
    with pytest.raises(InputError, match="line 5: "):
        read(text.replace("14:00", "25:00"))


@pytest.mark.parametrize(
    ("dates", "first", "order"),
    [
        (["03/04/2026", "24/11/2026"], "2026-04-03", None),
        (["03/04/2026", "11/24/2026"], "2026-03-04", None),
        (["3.4.2026", "24.11.2026"], "2026-04-03", None),
        (["03-04-2026", "24-11-2026"], "2026-04-03", None),
        (["3/4/26", "24/11/26"], "2026-04-03", None),
        (["04/04/2026", "05/05/2026"], "2026-04-04", None),
        (["2026-04-03", "2026/11/24"], "2026-04-03", None),
        (["3 Apr 2026", "Nov 24, 2026"], "2026-04-03", None),
        (["3. April 2026", "24. Dezember 2026"], "2026-04-03", None),
        (["3 avril 2026", "24 déc. 2026"], "2026-04-03", None),
        (["3 de abril de 2026", "24 de noviembre de 2026"], "2026-04-03", None),
        (["Fri 3 April 2026", "Tue 24 Nov 2026"], "2026-04-03", None),
        (["03/04/2026", "05/06/2026"], "2026-04-03", DateOrder.DMY),
        (["03/04/2026", "05/06/2026"], "2026-03-04", DateOrder.MDY),
        (["26-04-03", "26-11-24"], "2026-04-03", DateOrder.ISO),
    ],
)
def test_the_rows_decide_together_which_number_is_the_day(
    dates: list[str], first: str, order: DateOrder | None
) -> None:
    rows = "".join(f'Karoo {n},Buyer,"{date}",9:00\n' for n, date in enumerate(dates))
    assert starts(read(f"{HEADER}\n{rows}", dates=order))[0] == f"{first} 09:00"


@pytest.mark.parametrize(
    "dates",
    [
        ["03/04/2026"],
        ["03.04.2026", "05.06.2026"],
        ["03/04/2026", "2026-11-24"],
        ["24/11/2026", "11/25/2026"],
        ["26-11-24"],
    ],
    ids=["one", "dots", "beside-iso", "contradiction", "short-with-dashes"],
)
def test_an_undecided_order_is_asked_for(dates: list[str]) -> None:
    rows = "".join(f"Karoo {n},Buyer,{date},9:00\n" for n, date in enumerate(dates))
    with pytest.raises(InputError, match="--dates dmy") as caught:
        read(f"{HEADER}\n{rows}")
    assert caught.value.notes[0].startswith("date: ")


def test_an_undecided_column_uses_the_order_of_the_others() -> None:
    text = f"{HEADER},decision by\nKaroo,Buyer,24/11/2026,9:00,04/12/2026\n"
    reading = read(text)
    assert reading.applications[0].interviews[0].decision_by == dt.date(2026, 12, 4)
    assert "the dates of 'decision by' were read as dmy, as the others are" in reading.notices
    text = f"{HEADER},decision by\nKaroo,Buyer,24/11/2026,9:00,12/24/2026\n"
    assert read(text).applications[0].interviews[0].decision_by == dt.date(2026, 12, 24)


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("14:00", "14:00"), ("9:05", "09:05"), ("14:00:00", "14:00"), ("14.30", "14:30"),
        ("2 pm", "14:00"), ("2:30 PM", "14:30"), ("12 am", "00:00"), ("12:15 p.m.", "12:15"),
        ("14h00", "14:00"), ("9h", "09:00"), ("14 Uhr", "14:00"), ("9:30 Uhr", "09:30"),
        ("14 h 30", "14:30"), ("14 heures", "14:00"), ("14:00 hs", "14:00"), ("midi", "12:00"),
        ("a las 14", "14:00"), ("2 de la tarde", "14:00"), ("mediodía", "12:00"),
        ("de 14h à 15h30", "14:00"), ("14h-15h", "14:00"), ("von 14 Uhr bis 15 Uhr", "14:00"),
    ],
)  # fmt: skip
def test_forms_of_a_clock_time(written: str, clock: str) -> None:
    assert starts(read(f"{HEADER}\nKaroo,Buyer,2026-11-24,{written}\n")) == [f"2026-11-24 {clock}"]


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-24 14:00",
        "2026-11-24T14:00",
        "24/11/2026 14:00:00",
        "24 Nov 2026 2pm",
        "24. November 2026, 14 Uhr",
        "2026-11-24T13:00:00+00:00",
        "24-Nov-26 2pm",
        "24/nov/2026 14:00",
        "mardi 24 novembre 2026 14h",
        "Le mardi 24 nov. 2026 à 14 h 00",
        "mar. 24/11/2026 à 14h",
        "24/11/2026 de 14h à 15h",
        "Martes 24 de noviembre de 2026 a las 14:00",
        "martes, 24 de noviembre del 2026, 14 horas",
        "24/11/2026 a las 14:00 hs",
    ],
)
def test_date_and_time_in_the_same_cell(written: str) -> None:
    for title in ("Start", "Date and time", "Datum"):
        text = f'company,role,{title}\nKaroo,Buyer,"{written}"\n'
        assert starts(read(text)) == ["2026-11-24 14:00"]


@pytest.mark.parametrize(
    ("columns", "cells", "minutes"),
    [
        ("minutes", "45", 45), ("Dauer (Min.)", "45 min", 45), ("duration", "1h", 60),
        ("duration", "1.5 h", 90), ("Durée", "1h30", 90), ("duration", "1:15", 75),
        ("end", "15:10", 70), ("Ende", "2026-11-24 15:00", 60), ("minutes,end", "30,15:00", 30),
        ("round", "first", 60),
    ],
)  # fmt: skip
def test_length_and_end(columns: str, cells: str, minutes: int) -> None:
    interview = interview_of(columns, cells)
    assert interview.end - interview.start == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(("rows", "interviews"), [(1, "1 interview"), (3, "3 interviews")])
def test_assumptions_are_reported_together(rows: int, interviews: str) -> None:
    text = "".join(f"Karoo {n},Buyer,2026-11-24,9:00\n" for n in range(rows))
    assert read(f"{HEADER}\n{text}").notices == (
        f"{interviews} without a time zone, assumed to be in Europe/Berlin",
        f"{interviews} without an end, assumed to last 60 minutes",
    )


def test_a_row_may_name_its_zone() -> None:
    interview = interview_of("time zone", "Africa/Johannesburg")
    assert interview.start.isoformat() == "2026-11-24T14:00:00+02:00"
    assert interview.zone == ZoneInfo("Africa/Johannesburg")
    assert interview_of("time zone", "").zone == BERLIN


@pytest.mark.parametrize(
    ("columns", "cells", "people"),
    [
        ("interviewer,email", "Thandi Nkosi,t@karoo.example", [THANDI]),
        ("interviewer", "Thandi Nkosi <t@karoo.example>", [THANDI]),
        ("interviewer", '"Nkosi, Thandi"', [("Thandi Nkosi", None)]),
        ("panel", "A Bee; C Dee & E Eff", [("A Bee", None), ("C Dee", None), ("E Eff", None)]),
        ("panel", '"A Bee, C Dee"', [("A Bee", None), ("C Dee", None)]),
        ("interviewer 1,interviewer 2", "A Bee,C Dee", [("A Bee", None), ("C Dee", None)]),
        ("panel,email", "A; B,a@b.io; b@b.io", [("A", "a@b.io"), ("B", "b@b.io")]),
        ("interviewer email", "jorge.costa@b.io", [("Jorge Costa", "jorge.costa@b.io")]),
        ("interviewer", "", []),
    ],
)  # fmt: skip
def test_a_cell_may_hold_several_people(
    columns: str, cells: str, people: list[tuple[str, str | None]]
) -> None:
    assert [(p.name, p.email) for p in interview_of(columns, cells).interviewers] == people


def test_a_row_with_all_columns() -> None:
    columns = "round,location,link,status,discussed,interviewer,decision by,country,channel"
    cells = "final,Haus 1,https://zoom.us/j/1,Cancelled by them,the budget; the team,Mia Wolf"
    columns += ",contact,contact email"
    cells += ",2026-12-04,DE,Telefon,Lena Vogt,lena@karoo.example"
    (application,) = read(
        f"{HEADER},{columns}\nKaroo,Buyer,2026-11-24,14:00,{cells}\n"
    ).applications
    (interview,) = application.interviews
    assert (interview.round, interview.location, interview.link) == (
        "final",
        "Haus 1",
        "https://zoom.us/j/1",
    )
    assert interview.status is InterviewStatus.CANCELLED
    assert interview.interviewers[0].discussed == ("the budget", "the team")
    assert interview.decision_by == dt.date(2026, 12, 4)
    assert (application.country, application.channel) == ("DE", Channel.PHONE)
    assert application.contact is not None
    assert application.contact.email == "lena@karoo.example"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("za", "za"), ("Deutschland", "DE"), ("germany", "DE"), ("South Africa", "ZA"),
        ("UNITED KINGDOM", "GB"), ("Royaume-Uni", "GB"), ("USA", "USA"), ("México", "MX"),
        ("Österreich", "AT"), ("DE-BY", "DE-BY"),
    ],
)  # fmt: skip
def test_a_country_may_be_written_out(written: str, code: str) -> None:
    table = f"{HEADER},Land\nKaroo,Buyer,2026-11-24,9:00,{written}\n"
    assert read(table).applications[0].country == code


@pytest.mark.parametrize(
    ("titles", "who"),
    [
        ("Klient,E-Mail Klient", "applicant"),
        ("Client,Client e-mail", "applicant"),
        ("Ansprechpartnerin,Ansprechpartnerin Mail", "contact"),
        ("Recruteur,E-mail recruteur", "interviewer"),
        ("Entrevistadora,Email entrevistadora", "interviewer"),
    ],
)
def test_an_address_is_called_by_its_person(titles: str, who: str) -> None:
    table = f"{HEADER},{titles}\nKaroo,Buyer,2026-11-24,9:00,Lena Roth,lena@karoo.example\n"
    (application,) = read(table).applications
    people = {
        "applicant": application.applicant,
        "contact": application.contact,
        "interviewer": next(iter(application.interviews[0].interviewers), None),
    }
    assert {name: bool(person) for name, person in people.items()} == {
        name: name == who for name in people
    }
    assert people[who].email == "lena@karoo.example"  # type: ignore[union-attr]


def test_a_mistake_of_many_rows_is_reported_with_all_lines() -> None:
    rows = "".join(f"Karoo {n},Buyer,2026-11-31,9:00\n" for n in range(8))
    with pytest.raises(InputError) as caught:
        read(f"{HEADER}\n{rows},,2026-11-24,9:00\n")
    many, single = caught.value.notes
    assert many.startswith("lines 2, 3, 4, 5, 6 and 3 more: date: ")
    assert single.startswith("line 10: ")


def test_rows_of_a_role_are_rounds_in_order_of_time() -> None:
    reading = read(
        f"{HEADER},round\nKaroo,Buyer,2026-12-08,9:00,second\nOther,Buyer,2026-11-20,9:00,\n"
        "karoo,BUYER,2026-11-24,9:00,first\n"
    )
    karoo, other = reading.applications
    assert [interview.round for interview in karoo.interviews] == ["first", "second"]
    assert (karoo.id, other.id) == ("karoo-buyer", "other-buyer")


def test_each_client_of_a_coach_has_applications_of_their_own() -> None:
    reading = read(
        f"{HEADER},client,client email\n"
        "Karoo,Buyer,2026-11-24,9:00,Ada Obi,ada@mail.example\n"
        "Karoo,Buyer,2026-11-24,9:00,Bo Lee,bo@mail.example\n"
        "Karoo,Buyer,2026-11-30,9:00,Ada Obi,ada@mail.example\n"
    )
    ada, bo = reading.applications
    assert [a.applicant.name for a in (ada, bo) if a.applicant] == ["Ada Obi", "Bo Lee"]
    assert len(ada.interviews) == 2
    assert ada.id != bo.id
    assert ada.interviews[0].id != bo.interviews[0].id


def test_ids_do_not_depend_on_where_a_row_stands() -> None:
    rows = ["Karoo,Buyer,2026-11-24,9:00\n", "Karoo,Buyer,2026-11-30,9:00\n"]
    first, second = (read(f"{HEADER}\n{''.join(order)}") for order in (rows, rows[::-1]))
    assert first.applications == second.applications


def test_roles_that_look_alike_have_ids_of_their_own() -> None:
    rows = "".join(
        f"会社{n},役割,2026-11-24,9:00\nA-B{n % 1},C,2026-11-24,9:0{n}\n" for n in range(3)
    )
    rows += "A B0,C!,2026-11-24,9:00\n"
    ids = [application.id for application in read(f"{HEADER}\n{rows}").applications]
    assert len(set(ids)) == len(ids) == 5


def test_the_name_of_a_device_is_no_id() -> None:
    (application,) = read(f"{HEADER}\nCon,役割,2026-11-24,9:00\n").applications
    assert application.id == application.interviews[0].id


BAD = [
    ("Karoo,Buyer,2026-02-30,14:00", "date: '2026-02-30' is no date"),
    ("Karoo,Buyer,soon,14:00", "date: 'soon' is no date"),
    ("Karoo,Buyer,2026-11-24,", "has no time of day"),
    ("Karoo,Buyer,2026-11-24,9", "'9' is no time of day"),
    ("Karoo,Buyer,2026-11-24,25:00", "'25:00' is no time of day"),
    ("Karoo,Buyer,2026-11-24,13 pm", "is no time of day"),
    (",Buyer,2026-11-24,14:00", "company: is empty"),
    ("Karoo,,2026-11-24,14:00", "role: is empty"),
    ("Karoo,Buyer,2026-11-24,14:00,Mars/Base", "unknown time zone 'Mars/Base'"),
    ("Karoo,Buyer,2026-11-24,14:00,,ada@", "is no e-mail address"),
    ("Karoo,Buyer,2026-11-24,14:00,,,13:00", "is not after the start"),
    ("Karoo,Buyer,2026-11-24,14:00,,,,javascript:alert(1)", "is no link"),
    ("Karoo,Buyer,2026-11-24,14:00,,,,,XX", "XX"),
    ("Karoo,Buyer,2026-03-29,02:30", "does not exist in Europe/Berlin"),
    ("Karoo,Buyer,1026-11-24,14:00", "the year 1026"),
    ("Karoo, Ltd,Buyer,2026-11-24,14:00,,,,,,x", "11 cells, the header 10"),
    (f"Karoo,Buyer,2026-11-24,9:00,,a@b.example,,,,{'x' * 20_001}", "is longer than 20 kB"),
    ("Good,Buyer,2026-11-24,9:00", "the same interview as in line 2"),
    ("Good,Buyer,2026-11-25,9:00,,,,,ZA", "the country is ZA, and in line 2 it is DE"),
]


@pytest.mark.parametrize(("row", "words"), BAD, ids=[words for _, words in BAD])
def test_a_bad_row_is_reported_with_its_line_and_can_be_left_out(row: str, words: str) -> None:
    header = f"{HEADER},time zone,interviewer email,end,link,country,discussed"
    good = 'Good,Buyer,2026-11-24,9:00,,,,,DE\n\n"Two\nlines",Buyer,2026-11-26,9:00'
    text = f"{header}\n{good}\n{row}\n"
    with pytest.raises(InputError) as caught:
        read(text)
    assert [note.partition(": ")[0] for note in caught.value.notes] == ["line 6"]
    assert words in caught.value.notes[0]
    assert "--partial" in caught.value.message
    reading = read(text, partial=True)
    assert [a.company for a in reading.applications] == ["Good", "Two lines"]
    assert [bad.line for bad in reading.bad] == [6]


def test_all_mistakes_of_a_row_are_reported() -> None:
    with pytest.raises(InputError) as caught:
        read(f"{HEADER}\n,,soon,later\nKaroo,Buyer,2026-11-24,9:00\nKaroo,,x,y\n")
    assert len(caught.value.notes) == 2
    assert all(word in caught.value.notes[0] for word in ("company", "role", "date"))


def test_a_table_of_bad_rows_is_refused_even_with_partial() -> None:
    with pytest.raises(InputError, match="1 row cannot be read"):
        read(f"{HEADER}\nKaroo,Buyer,soon,14:00\n", partial=True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n,,,\r\n", "none of its first rows"),
        (b"PK\x03\x04", "save it as CSV"),
        (b"a,b\n1,2\n", "none of its first rows"),
        (b"company,date,time\nx,2026-11-24,9:00\n", "no column role"),
        (b"company,role,time\nx,y,9:00\n", "no column date"),
        (b"company,role,date\nx,y,2026-11-24\n", "no column time"),
        (b"company,employer,role,date,time\na,b,c,d,e\n", "two columns are read as company"),
        (b"company,role,date,time\n", "no rows below its header"),
        (b'company,role,date,time\n"x,y,2026-11-24,9:00\n', "in line 2 has a quotation mark"),
        (b"company,role,date,time,client,panel,email\na,b,c,d,e,f,g\n", "does not say whose"),
        (bytes(range(256)) * 40, "none of its first rows"),
    ],
)  # fmt: skip
def test_other_data_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data)
    assert words in str(caught.value)
    assert str(caught.value).startswith("x.csv")


def test_ignored_columns_are_reported() -> None:
    assert (
        "the column 'Mood' is not read"
        in read(f"{HEADER},Mood\nA,B,2026-11-24,9:00,good\n").notices
    )


def test_control_characters_do_not_come_through() -> None:
    (application,) = read(f"{HEADER}\nKa\x1b[31mroo\x00,Bu\x07yer,2026-11-24,9:00\n").applications
    assert (application.company, application.role) == ("Karoo", "Buyer")


def test_a_formula_stays_a_text() -> None:
    (application,) = read(
        f'{HEADER}\n"=HYPERLINK(""http://x"")",Buyer,2026-11-24,9:00\n'
    ).applications
    assert application.company == '=HYPERLINK("http://x")'


def test_the_example_table_can_be_read() -> None:
    reading = read(example_table())
    (application,) = reading.applications
    assert len(application.interviews) == 2
    assert reading.notices == ()


def test_progress_is_called_for_each_row() -> None:
    seen: list[int] = []
    read(f"{HEADER}\nA,B,2026-11-24,9:00\n\nC,D,2026-11-24,9:00\n", progress=seen.append)
    assert seen == [2, 4]


def _many(number: int) -> Iterable[str]:
    yield f"{HEADER},interviewer\n"
    for n in range(number):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=n % 300)
        yield f"Company {n},Buyer,{day:%d/%m/%Y},{9 + n % 8}:00,Person {n}\n"


def test_memory_grows_with_the_rows_and_no_faster() -> None:
    peaks = []
    for number in (500, 2_000):
        data = "".join(_many(number)).encode()
        tracemalloc.start()
        try:
            assert len(read(data).applications) == number
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < 6 * peaks[0]


@given(st.binary(max_size=500))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for given_data in (data, f"{HEADER}\n".encode() + data):
        try:
            read(given_data, partial=True)
        except InputError:
            continue


CELLS = st.one_of(
    st.text(max_size=20),
    st.dates(dt.date(1900, 1, 1)).map(str),
    st.dates().map(lambda day: f"{day:%d/%m/%y}"),
    st.times().map(str),
    st.sampled_from(
        ["9:00", "2026-11-24", "60", "a@b.example", "DE", "Europe/Berlin", "", "24:00", "1e9 h"]
    ),
)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=12), min_size=1, max_size=6))
def test_any_cells_are_read_or_refused(rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    titles = "company role date time end minutes zone country interviewer email link decision"
    writer.writerow(titles.split())
    writer.writerows(rows)
    try:
        reading = read(out.getvalue().encode("utf-8", "replace"), partial=True)
    except InputError:
        return
    for application in reading.applications:
        assert all(interview.end > interview.start for interview in application.interviews)
